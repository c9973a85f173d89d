//! Texts of which only the partition is not known: what they are put together from.
//!
//! A value that is not known stays so wherever it is used. But where a list in a selector says
//! `"${data.aws_s3_bucket.logs.arn}/"`, and the data source says the bucket's name, a plan has the
//! text. The ARN of a bucket that is planned is known after apply, so it stays open as it does in
//! a plan.

use hcl_edit::expr::{Expression, FuncCall, Traversal, TraversalOperator};
use hcl_edit::template::Element;
use serde_json::Value as Json;

use super::body::{Attribute, Block};
use super::evaluator::{Evaluator, Scope, scope_of};
use super::providers::provider_name;
use super::types::text;
use super::value::{Handle, Key, Val};
use crate::value::Piece;

impl Evaluator<'_> {
    /// Adds to what is not known of an attribute how its texts are made, where that shows.
    pub(super) fn add_pieces(&self, unknown: &mut Json, of: &Expression, scope: &Scope<'_>) {
        let Ok(_level) = self.budget.deeper() else { return };
        if !says_why(unknown) {
            return;
        }
        match (unknown, of) {
            (Json::String(why), of) => {
                let pieces = self.pieces(of, scope).map(|pieces| Piece::written(&pieces));
                if let Some(pieces) = pieces.filter(|_| why.lines().count() == 2) {
                    why.push('\n');
                    why.push_str(&pieces);
                }
            }
            (Json::Array(all), Expression::Array(array)) if all.len() == array.len() => {
                all.iter_mut()
                    .zip(array)
                    .for_each(|(unknown, of)| self.add_pieces(unknown, of, scope));
            }
            (unknown @ Json::Array(_), Expression::Parenthesis(inner)) => {
                self.add_pieces(unknown, inner.inner(), scope);
            }
            (unknown @ Json::Array(_), Expression::Traversal(of)) => {
                self.named_elsewhere(of, scope, |of, scope| {
                    self.add_pieces(unknown, of, scope);
                    Some(())
                });
            }
            _ => {}
        }
    }

    /// What a text is put together from; none where that does not show.
    fn pieces(&self, of: &Expression, scope: &Scope<'_>) -> Option<Vec<Piece>> {
        let _level = self.budget.deeper().ok()?;
        match self.value(of, scope).ok()? {
            Val::Open(_) => {}
            known => return Some(vec![Piece::Text(text(&known).ok()?.to_string())]),
        }
        match of {
            Expression::Parenthesis(inner) => self.pieces(inner.inner(), scope),
            Expression::StringTemplate(template) => {
                let mut all = Vec::new();
                for element in template.iter() {
                    match element {
                        Element::Literal(text) => all.push(Piece::Text(text.to_string())),
                        Element::Interpolation(of)
                            if !of.strip.strip_start() && !of.strip.strip_end() =>
                        {
                            all.extend(self.pieces(&of.expr, scope)?);
                        }
                        _ => return None,
                    }
                }
                Some(all)
            }
            Expression::FuncCall(call) => self.pieces_of_format(call, scope),
            Expression::Traversal(of) => self
                .named_elsewhere(of, scope, |of, scope| self.pieces(of, scope))
                .or_else(|| self.of_bucket(of, scope)),
            _ => None,
        }
    }

    /// `format` with `%s` only.
    ///
    /// Source: <https://developer.hashicorp.com/terraform/language/functions/format>
    fn pieces_of_format(&self, call: &FuncCall, scope: &Scope<'_>) -> Option<Vec<Piece>> {
        let is_format = call.name.name.as_str() == "format" && call.name.namespace.is_empty();
        if !is_format || call.args.expand_final() {
            return None;
        }
        let mut given = call.args.iter();
        let Val::Text(format) = self.value(given.next()?, scope).ok()? else { return None };
        let mut parts = format.split("%s");
        let mut all = vec![Piece::Text(parts.next()?.to_string())];
        for part in parts {
            all.extend(self.pieces(given.next()?, scope)?);
            all.push(Piece::Text(part.to_string()));
        }
        (given.next().is_none() && format.replace("%s", "").find('%').is_none()).then_some(all)
    }

    /// Looks at what a local value, an argument of a module or an output is given.
    fn named_elsewhere<T>(
        &self,
        of: &Traversal,
        scope: &Scope<'_>,
        look: impl FnOnce(&Expression, &Scope<'_>) -> Option<T>,
    ) -> Option<T> {
        let Expression::Variable(root) = &of.expr else { return None };
        let (last, before) = of.operators.split_last()?;
        let TraversalOperator::GetAttr(name) = last.value() else { return None };
        let mut names = scope.names;
        while let Some(found) = names {
            if found.name == root.as_str() {
                return None;
            }
            names = found.next;
        }
        let instance = scope.instance?;
        match (root.as_str(), before) {
            ("local", []) => {
                let local = self.node(instance).ok()?.module.locals.get(name.as_str())?;
                look(&local.expression, &scope_of(instance))
            }
            ("var", []) => {
                let of_module = self.instance(instance).ok()?;
                let (parent, call) = of_module.parent?;
                let block = self.node(parent).ok()?.module.calls.get(&call)?;
                let given = block.body.attributes.get(name.as_str())?;
                let keys = self.repeated(block, parent).ok()?.keys();
                let key = keys.iter().find(|(known, _)| *known == of_module.key);
                let key = key.map(|(key, value)| (key, value));
                look(&given.expression, &Scope { key, ..scope_of(parent) })
            }
            ("module", _) => match self.reference("module", before, scope).ok()? {
                Val::Handle(Handle::Module(child)) => {
                    let output = self.node(child).ok()?.module.outputs.get(name.as_str())?;
                    let value = output.body.attributes.get("value")?;
                    look(&value.expression, &scope_of(child))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The name of a bucket, or its ARN.
    fn of_bucket(&self, of: &Traversal, scope: &Scope<'_>) -> Option<Vec<Piece>> {
        let Expression::Variable(root) = &of.expr else { return None };
        let (last, before) = of.operators.split_last()?;
        let TraversalOperator::GetAttr(attribute) = last.value() else { return None };
        let handle = self.reference(root.as_str(), before, scope).ok()?;
        let Val::Handle(Handle::Resource { instance, resource, key }) = handle else { return None };
        let block = self.node(instance).ok()?.module.resources.get(resource)?;
        if block.labels.first().is_none_or(|kind| kind != "aws_s3_bucket") || key == Key::Open {
            return None;
        }
        // What depends on something else may be read after apply.
        if block.kind != "data" || block.body.attributes.contains_key("depends_on") {
            return None;
        }
        let name = block.body.attributes.get("bucket")?;
        let bucket = Piece::Text(self.text_of(name, instance, block, &key)?);
        match attribute.as_str() {
            "id" | "bucket" => Some(vec![bucket]),
            "arn" => {
                let partition = self.partition_of(instance, block)?;
                let text = |text: &str| Piece::Text(text.to_string());
                Some(vec![text("arn:"), partition, text(":s3:::"), bucket])
            }
            _ => None,
        }
    }

    fn text_of(
        &self,
        attribute: &Attribute,
        instance: usize,
        block: &Block,
        key: &Key,
    ) -> Option<String> {
        let keys = self.repeated(block, instance).ok()?.keys();
        let key = keys.iter().find(|(known, _)| known == key).map(|(key, value)| (key, value));
        match self.attribute(attribute, &Scope { key, ..scope_of(instance) }).ok()? {
            Val::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// The partition of a bucket: its provider's, where that says it; else the trail's, where all is
    /// of one provider.
    fn partition_of(&self, instance: usize, block: &Block) -> Option<Piece> {
        if let Val::Text(region) = self.region(instance, block).ok()? {
            let partition = cis_rules::partition::Partition::of_region(&region);
            return Some(Piece::Text(partition.id.to_string()));
        }
        let providers = |node: &super::load::Node| {
            let of_aws = |block: &&Block| block.labels.first().is_some_and(|name| name == "aws");
            node.module.providers.iter().filter(of_aws).count()
        };
        let count: usize = self.program.nodes.iter().map(providers).sum();
        (count <= 1 && provider_name(block) == "aws").then_some(Piece::Partition)
    }
}

/// Whether there is anything that is not known, and why.
fn says_why(unknown: &Json) -> bool {
    match unknown {
        Json::String(_) => true,
        Json::Array(all) => all.iter().any(says_why),
        _ => false,
    }
}
