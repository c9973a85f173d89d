//! Attributes of resources, data sources and modules, as far as the source says them.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/references>

use cis_rules::partition::Partition;

use super::addresses::ignored;
use super::body::Block;
use super::evaluator::{Evaluator, Named, Scope, scope_of};
use super::fault::{Answer, Fault};
use super::value::{Handle, Val};

impl Evaluator<'_> {
    /// An attribute of a resource, a data source or a module.
    pub(super) fn attribute_of(&self, handle: &Handle, name: &str) -> Answer<Val> {
        let _level = self.budget.deeper()?;
        match handle {
            Handle::Module(instance) => {
                let node = self.node(*instance)?;
                let output = node.module.outputs.get(name);
                let value = output.and_then(|block| block.body.attributes.get("value"));
                let Some(value) = value else {
                    return Fault::wrong(format!("the module has no output `{name}`"));
                };
                let named = Named::Output(*instance, name.to_string());
                self.once(named, &format!("output.{name}"), &value.place, || {
                    self.attribute(value, &scope_of(*instance))
                })
            }
            Handle::Resource { instance, resource, key } => {
                let node = self.node(*instance)?;
                let Some(block) = node.module.resources.get(*resource) else {
                    return Fault::wrong("a resource is not there");
                };
                if block.kind == "data" {
                    return self.data(*instance, block, name);
                }
                let address = format!("{}.{name}", block.labels.join("."));
                let open = || {
                    Val::open(
                        format!("`{address}` is known after apply ({})", block.place),
                        "write the value out, or apply and audit the account",
                    )
                };
                // What is only written is null where it is read.
                let attribute = block.body.attributes.get(name).filter(|_| !name.ends_with("_wo"));
                let Some(attribute) = attribute else { return Ok(open()) };
                if ignored(block).is_none_or(|all| all.iter().any(|ignored| ignored == name)) {
                    return Ok(open());
                }
                let named = Named::Attribute(handle.clone(), name.to_string());
                let value = self.once(named, &address, &attribute.place, || {
                    let repeated = self.repeated(block, *instance)?;
                    let keys = repeated.keys();
                    let found = keys.iter().find(|(known, _)| known == key);
                    let key = found.map(|(key, value)| (key, value));
                    self.attribute(attribute, &Scope { key, ..scope_of(*instance) })
                })?;
                // The provider gives the attribute its type, which is not known here.
                Ok(match value {
                    Val::Text(text)
                        if !matches!(&*text, "true" | "false") && text.parse::<f64>().is_err() =>
                    {
                        Val::Text(text)
                    }
                    Val::Open(why) => Val::Open(why),
                    _ => open(),
                })
            }
        }
    }

    /// What is known of a data source: what its provider's Region says.
    fn data(&self, instance: usize, block: &Block, name: &str) -> Answer<Val> {
        let kind = block.labels.first().map(String::as_str).unwrap_or_default();
        let own = block.body.attributes.get("region");
        let region = match own {
            Some(region) => self.attribute(region, &scope_of(instance))?,
            None => self.region(instance, block)?,
        };
        let known = match (kind, name, &region) {
            ("aws_region", "name" | "id" | "region", Val::Text(_)) if own.is_none() => Some(region),
            ("aws_partition", "partition" | "id", Val::Text(region)) => {
                Some(Val::text(Partition::of_region(region).id))
            }
            ("aws_partition", "partition" | "id", _) => {
                self.setting.partition.as_ref().map(Val::text)
            }
            _ => None,
        };
        Ok(known.unwrap_or_else(|| {
            Val::open(
                format!(
                    "`data.{}.{name}` is read when Terraform plans ({})",
                    block.labels.join("."),
                    block.place
                ),
                "audit a plan",
            )
        }))
    }
}
