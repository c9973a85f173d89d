//! What the files of one folder declare.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/files>

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::body::{Attribute, Block, Body};
use super::load::literal;
use crate::error::PlanError;

/// What one folder declares.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The folder.
    pub(super) folder: String,
    /// Variables by name.
    pub(super) variables: BTreeMap<String, Block>,
    /// Local values by name.
    pub(super) locals: BTreeMap<String, Attribute>,
    /// Outputs by name.
    pub(super) outputs: BTreeMap<String, Block>,
    /// Calls of modules by name.
    pub(super) calls: BTreeMap<String, Block>,
    /// Resources, data sources and actions.
    pub(super) resources: Vec<Block>,
    /// Provider configurations.
    pub(super) providers: Vec<Block>,
    /// What Terraform lets go.
    pub(super) removed: Vec<Block>,
    /// Where each stands in `resources`, by mode, type and name.
    pub(super) named: HashMap<(String, String, String), usize>,
}

impl Module {
    /// A resource or a data source, by `resource` or `data`, type and name.
    pub(super) fn resource(&self, mode: &str, kind: &str, name: &str) -> Option<usize> {
        self.named.get(&(mode.to_string(), kind.to_string(), name.to_string())).copied()
    }

    /// Adds what a file declares.
    pub(super) fn add(&mut self, body: Body, is_override: bool) -> Result<(), PlanError> {
        for mut block in body.blocks {
            let label = |position: usize| block.labels.get(position).cloned().unwrap_or_default();
            match block.kind.as_str() {
                "locals" => {
                    for (name, attribute) in std::mem::take(&mut block.body.attributes) {
                        let place = Rc::clone(&attribute.place);
                        let known = self.locals.insert(name.clone(), attribute);
                        if let (Some(known), false) = (known, is_override) {
                            return Err(twice(&format!("local.{name}"), &known.place, &place));
                        }
                    }
                }
                "variable" => add(&mut self.variables, block, "var", is_override)?,
                "output" => add(&mut self.outputs, block, "output", is_override)?,
                "module" => add(&mut self.calls, block, "module", is_override)?,
                "resource" | "data" | "action" => {
                    let key = (block.kind.clone(), label(0), label(1));
                    let address = format!("{}.{}", key.1, key.2);
                    let known = self.named.get(&key).and_then(|at| self.resources.get_mut(*at));
                    match known {
                        Some(known) if is_override => known.body.take_over(block.body),
                        Some(known) => return Err(twice(&address, &known.place, &block.place)),
                        None => {
                            self.named.insert(key, self.resources.len());
                            self.resources.push(block);
                        }
                    }
                }
                "provider" => {
                    let alias = |block: &Block| {
                        block.body.attributes.get("alias").and_then(|a| literal(&a.expression))
                    };
                    let known = self.providers.iter_mut().find(|known| {
                        known.labels == block.labels && alias(known) == alias(&block)
                    });
                    match known {
                        Some(known) if is_override => known.body.take_over(block.body),
                        Some(known) => {
                            let address = format!("provider.{}", label(0));
                            return Err(twice(&address, &known.place, &block.place));
                        }
                        None => self.providers.push(block),
                    }
                }
                "removed" => self.removed.push(block),
                _ => {}
            }
        }
        Ok(())
    }
}

fn add(
    all: &mut BTreeMap<String, Block>,
    block: Block,
    what: &str,
    is_override: bool,
) -> Result<(), PlanError> {
    let name = block.labels.first().cloned().unwrap_or_default();
    match all.get_mut(&name) {
        Some(known) if is_override => known.body.take_over(block.body),
        Some(known) => return Err(twice(&format!("{what}.{name}"), &known.place, &block.place)),
        None => drop(all.insert(name, block)),
    }
    Ok(())
}

fn twice(address: &str, one: &str, other: &str) -> PlanError {
    PlanError::shape(other, format!("`{address}` is declared twice, also at {one}"))
}
