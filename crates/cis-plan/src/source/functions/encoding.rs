//! JSON as `jsonencode` writes it and `jsondecode` reads it.

use std::rc::Rc;

use serde_json::Value as Json;

use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::value::{Members, Number, Val, why};

impl Evaluator<'_> {
    /// Writes a value as `jsonencode` does: members in order, `<`, `>` and `&` escaped.
    ///
    /// Source: <https://developer.hashicorp.com/terraform/language/functions/jsonencode>
    pub(super) fn json(&self, value: &Val, all: &mut String) -> Answer<()> {
        let _level = self.budget.deeper()?;
        match value {
            Val::Null => all.push_str("null"),
            Val::Bool(value) => all.push_str(&value.to_string()),
            Val::Number(number) => all.push_str(&number.text()),
            Val::Text(text) => quoted(text, all),
            Val::List(list) => {
                for (position, item) in list.items.iter().enumerate() {
                    all.push(if position == 0 { '[' } else { ',' });
                    self.json(item, all)?;
                }
                all.push_str(if list.items.is_empty() { "[]" } else { "]" });
            }
            Val::Map(map) => {
                for (position, (name, item)) in map.members.iter().enumerate() {
                    all.push(if position == 0 { '{' } else { ',' });
                    quoted(name, all);
                    all.push(':');
                    self.json(item, all)?;
                }
                all.push_str(if map.members.is_empty() { "{}" } else { "}" });
            }
            Val::Open(why) => return Err(Fault::Open(Rc::clone(why))),
            Val::Handle(_) => {
                return Err(Fault::Open(why(
                    "all attributes of a resource are not known",
                    "name the attributes one by one",
                )));
            }
        }
        self.budget.text(all.len())
    }

    /// Reads what `jsondecode` is given.
    pub(super) fn decoded(&self, text: &str) -> Answer<Val> {
        let json: Json =
            serde_json::from_str(text).map_err(|error| Fault::Wrong(error.to_string()))?;
        self.of_json(&json)
    }

    pub(in crate::source) fn of_json(&self, json: &Json) -> Answer<Val> {
        let _level = self.budget.deeper()?;
        match json {
            Json::Null => Ok(Val::Null),
            Json::Bool(value) => Ok(Val::Bool(*value)),
            Json::Number(number) => Ok(number.as_i64().map_or_else(
                || Val::open("a number is not exact here", "write a whole number"),
                |whole| Val::Number(Number::Whole(whole)),
            )),
            Json::String(text) => Ok(Val::text(text)),
            Json::Array(all) => {
                let all = all.iter().map(|item| self.of_json(item));
                Val::tuple(all.collect::<Answer<_>>()?)
            }
            Json::Object(all) => {
                let all = all.iter();
                let all =
                    all.map(|(name, item)| Ok((Rc::from(name.as_str()), self.of_json(item)?)));
                Val::object(all.collect::<Answer<Members>>()?)
            }
        }
    }
}

/// A text in quotes.
pub(super) fn quoted(text: &str, all: &mut String) {
    for character in Json::from(text).to_string().chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                all.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => all.push(other),
        }
    }
}
