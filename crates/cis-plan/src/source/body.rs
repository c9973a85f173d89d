//! What stands in a file or in a block: attributes and blocks, with their lines.

use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::expr::Expression;

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Its value.
    pub(super) expression: Expression,
    /// Where it stands: `main.tf:3`.
    pub(super) place: Rc<str>,
}

/// A block.
#[derive(Debug)]
pub(super) struct Block {
    /// Its type: `resource`.
    pub(super) kind: String,
    /// Its labels.
    pub(super) labels: Vec<String>,
    /// What stands in it.
    pub(super) body: Body,
    /// Where it stands: `main.tf:3`.
    pub(super) place: Rc<str>,
    /// The column there, from 1.
    pub(super) column: usize,
    /// Whether it is new, while an override file is taken over.
    pub(super) is_override: bool,
}

/// What stands in a file or a block.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The attributes.
    pub(super) attributes: BTreeMap<String, Attribute>,
    /// The blocks, in order.
    pub(super) blocks: Vec<Block>,
}

impl Block {
    /// Its line, its column and its file, where a map has its place.
    pub(super) fn mark(&self) -> Option<String> {
        let (file, line) = self.place.rsplit_once(':')?;
        Some(format!("{line}:{}:{file}", self.column))
    }
}

impl Body {
    /// The blocks of a type.
    pub(super) fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }

    /// Takes what an override file says: each attribute, and all blocks of a type in place of
    /// those.
    ///
    /// Source: <https://developer.hashicorp.com/terraform/language/files/override>
    pub(super) fn take_over(&mut self, other: Self) {
        self.attributes.extend(other.attributes);
        let kind = |block: &Block| match block.kind.as_str() {
            "dynamic" => block.labels.first().cloned().unwrap_or_default(),
            kind => kind.to_string(),
        };
        for block in other.blocks {
            if block.kind == "lifecycle"
                && let Some(known) = self.blocks.iter_mut().find(|known| known.kind == "lifecycle")
            {
                known.body.take_over(block.body);
            } else {
                let name = kind(&block);
                self.blocks.retain(|known| known.is_override || kind(known) != name);
                self.blocks.push(Block { is_override: true, ..block });
            }
        }
        self.blocks.iter_mut().for_each(|block| block.is_override = false);
    }
}
