//! Names that Pulumi makes up. Those of a preview are not those of the update after it, for each
//! has random digits of its own.
//!
//! Source: <https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming>

use std::cell::Cell;
use std::collections::HashSet;

use super::stack;
use crate::node::Node;

/// How many bytes are looked through for made-up names.
const MOST_WORK: usize = 1 << 27;

/// The names that a preview made up.
#[derive(Default)]
pub(super) struct Generated<'a> {
    names: Vec<&'a str>,
    work: Cell<usize>,
}

impl<'a> Generated<'a> {
    /// Takes the names of a resource that is to be made.
    pub(super) fn add(&mut self, urn: &'a str, inputs: Option<&'a Node>) {
        let Some(inputs) = inputs else { return };
        let defaults = inputs.get("__defaults").map(Node::elements).unwrap_or_default();
        let defaults: HashSet<&str> = defaults.iter().filter_map(Node::text).collect();
        let name = stack::name(urn).to_lowercase();
        for (property, value) in inputs.members() {
            let Node::Text(text) = value else { continue };
            let is_name = matches!(property.as_str(), "name" | "bucket" | "bucketName");
            let is_made_up = if defaults.contains(property.as_str()) {
                let text = text.to_lowercase();
                is_name || text.len() > name.len() && !name.is_empty() && text.contains(&name)
            } else {
                has_random_end(text, &name)
            };
            if is_made_up && !text.is_empty() {
                self.names.push(text);
            }
        }
    }

    /// Whether a text has a made-up name in it, or may have.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let work = self.work.get().saturating_add(self.names.len().saturating_mul(text.len()));
        self.work.set(work);
        work > MOST_WORK || self.names.iter().any(|name| text.contains(name))
    }
}

/// Whether a text is the name of a resource with seven random digits behind it.
fn has_random_end(text: &str, name: &str) -> bool {
    let Some((start, digits)) = text.rsplit_once('-') else { return false };
    digits.len() == 7
        && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        && start.to_lowercase() == name
}
