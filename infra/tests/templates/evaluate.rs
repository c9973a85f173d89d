//! What CloudFormation makes of a template: the functions that the templates have, with values for all
//! that they refer to.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A template with values: of parameters, pseudo parameters, and of other resources by `Ref` (`Log`) and
/// `Fn::GetAtt` (`Log.Arn`).
pub(crate) struct Evaluated<'a> {
    pub(crate) template: &'a Value,
    pub(crate) values: BTreeMap<String, Value>,
}

impl Evaluated<'_> {
    /// The resources that are made, by logical name, with their properties.
    pub(crate) fn resources(&self) -> BTreeMap<String, Value> {
        let resources = self.template["Resources"].as_object().unwrap().iter();
        let made = resources.filter(|(name, resource)| {
            !name.starts_with("Fn::ForEach")
                && resource["Condition"].as_str().is_none_or(|condition| self.holds(condition))
        });
        made.map(|(name, resource)| {
            (name.clone(), self.value(&resource["Properties"]).unwrap_or_default())
        })
        .collect()
    }

    fn holds(&self, condition: &str) -> bool {
        let condition = &self.template["Conditions"][condition];
        self.value(condition).and_then(|it| it.as_bool()).unwrap()
    }

    fn named(&self, name: &str) -> Value {
        self.values.get(name).unwrap_or_else(|| panic!("no value for `{name}`")).clone()
    }

    /// A value, or none where the template says that there is none.
    fn value(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Object(members) if members.len() == 1 => {
                let (function, of) = members.iter().next()?;
                self.function(function, of)
            }
            Value::Object(members) => Some(self.members(members)),
            Value::Array(items) => Some(items.iter().filter_map(|it| self.value(it)).collect()),
            other => Some(other.clone()),
        }
    }

    fn members(&self, members: &Map<String, Value>) -> Value {
        let made = members.iter().filter_map(|(name, it)| Some((name.clone(), self.value(it)?)));
        made.collect::<Map<_, _>>().into()
    }

    fn function(&self, function: &str, of: &Value) -> Option<Value> {
        match (function, of) {
            ("Ref", Value::String(name)) if name == "AWS::NoValue" => None,
            ("Ref" | "Fn::GetAtt", Value::String(name)) => Some(self.named(name)),
            ("Fn::Sub", Value::String(text)) => Some(self.substituted(text).into()),
            ("Fn::If", Value::Array(branches)) => {
                let branch = if self.holds(branches[0].as_str()?) { 1 } else { 2 };
                self.value(&branches[branch])
            }
            ("Fn::Equals", Value::Array(sides)) => {
                Some((self.value(&sides[0]) == self.value(&sides[1])).into())
            }
            ("Fn::Not", Value::Array(of)) => Some((!self.value(&of[0])?.as_bool()?).into()),
            ("Fn::And", Value::Array(of)) => {
                Some(of.iter().all(|it| self.value(it) == Some(json!(true))).into())
            }
            ("Fn::Split", Value::Array(of)) => {
                let text = self.value(&of[1])?;
                Some(text.as_str()?.split(of[0].as_str()?).collect())
            }
            ("Fn::Join", Value::Array(of)) => {
                let parts = self.value(&of[1])?;
                let parts: Vec<&str> = parts.as_array()?.iter().filter_map(Value::as_str).collect();
                Some(parts.join(of[0].as_str()?).into())
            }
            (function, _) if function.starts_with("Fn::") => panic!("`{function}` is not known"),
            _ => Some(json!({function: self.value(of)?})),
        }
    }

    fn substituted(&self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut made = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap();
            made.push_str(self.named(name).as_str().unwrap());
            made.push_str(rest);
        }
        made
    }
}
