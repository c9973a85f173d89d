//! What is configured, as a plan writes it: providers' expressions and provisioners' commands.

use std::collections::BTreeSet;

use hcl_edit::expr::Expression;
use serde_json::{Map as Object, Value as Json, json};

use super::addresses::dotted;
use super::body::{Attribute, Block};
use super::evaluator::{Evaluator, scope_of};
use super::fault::Answer;
use super::types::text;
use super::value::Val;

impl Evaluator<'_> {
    /// An expression of a provider's configuration, as a plan writes it.
    /// Where it is not known, it stands for itself: it may differ in each instance of a module.
    pub(super) fn configured(&self, value: &Val, attribute: &Attribute, of: &str) -> Answer<Json> {
        let place = &attribute.place;
        // A variable of the root module has one value, wherever it stands as it is; a part of it
        // or a text with it may differ.
        let name = dotted(&attribute.expression).unwrap_or_default();
        if let Val::Open(_) = value
            && of.is_empty()
            && name.starts_with("var.")
            && name.matches('.').count() == 1
        {
            return Ok(json!({"references": [name]}));
        }
        let planned = self.written(value, place)?;
        if says_unknown(&planned.unknown) {
            return Ok(json!({"references": [format!("{of}{place}")]}));
        }
        Ok(json!({"constant_value": planned.values}))
    }

    /// A provisioner's command: its value, or all that is written in it and in the local values that
    /// it names.
    pub(super) fn command(&self, block: &Block, instance: usize) -> Answer<Json> {
        let mut all = Object::new();
        for (name, attribute) in &block.body.attributes {
            let value =
                self.attribute(attribute, &scope_of(instance)).and_then(|value| text(&value));
            let written = match value {
                Ok(text) => text.to_string(),
                Err(_) => self.spelled_out(&attribute.expression, instance)?,
            };
            all.insert(name.clone(), json!({"constant_value": written}));
        }
        let kind = block.labels.first().map(String::as_str).unwrap_or_default();
        Ok(json!({"type": kind, "expressions": all}))
    }

    /// An expression as it is written, and the local values that it names behind it.
    fn spelled_out(&self, expression: &Expression, instance: usize) -> Answer<String> {
        let locals = &self.node(instance)?.module.locals;
        let mut all = expression.to_string();
        let (mut read, mut named) = (0, BTreeSet::new());
        while let Some(at) = all.get(read..).and_then(|rest| rest.find("local.")) {
            read += at + "local.".len();
            let rest = all.get(read..).unwrap_or_default();
            let is_name = |character: char| character.is_alphanumeric() || "_-".contains(character);
            let name = rest.split(|character| !is_name(character)).next().unwrap_or_default();
            let Some((name, local)) = locals.get_key_value(name) else { continue };
            if named.insert(name) {
                all.push(' ');
                all.push_str(&local.expression.to_string());
                self.budget.text(all.len())?;
            }
        }
        Ok(all)
    }
}

fn says_unknown(unknown: &Json) -> bool {
    match unknown {
        Json::Bool(yes) => *yes,
        Json::String(_) => true,
        Json::Array(all) => all.iter().any(says_unknown),
        Json::Object(all) => all.values().any(says_unknown),
        _ => false,
    }
}
