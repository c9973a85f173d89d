//! The values of a template's parameters: as given, else their defaults.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

mod allowed;

use std::collections::BTreeMap;

use crate::error::PlanError;
use crate::node::Node;
use crate::value::{Value, unknown};

/// The values of all parameters.
pub(super) fn values<'a>(
    template: &'a Node,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<&'a str, Value>, PlanError> {
    let declared = template.get("Parameters").map(Node::members).unwrap_or_default();
    if let Some(name) = given.keys().find(|name| !declared.iter().any(|(known, _)| known == *name))
    {
        return Err(PlanError::NoParameter(name.clone()));
    }
    for (name, declaration) in declared {
        if let Some(value) = given.get(name) {
            allowed::check(name, declaration, value)?;
        }
    }
    let value = |(name, declaration): &'a (String, Node)| {
        let given = given.get(name).map(String::as_str);
        (name.as_str(), value(name, declaration, given))
    };
    Ok(declared.iter().map(value).collect())
}

fn value(name: &str, declaration: &Node, given: Option<&str>) -> Value {
    let kind = declaration.get("Type").and_then(Node::text).unwrap_or_default();
    if kind.starts_with("AWS::SSM::Parameter::Value<") {
        return Value::open(unknown(
            format!("parameter `{name}` is read from Systems Manager when the stack is deployed"),
            "deploy, and audit the account",
        ));
    }
    let default = match declaration.get("Default") {
        Some(Node::Text(text)) => Some(text.as_str()),
        Some(Node::Bool(true)) => Some("true"),
        Some(Node::Bool(false)) => Some("false"),
        _ => None,
    };
    let settled_by = format!("give it with `--parameter {name}=VALUE`");
    match given.or(default) {
        None => Value::open(unknown(
            match declaration.get("Default") {
                Some(Node::Unclear(text)) => {
                    format!("the default `{text}` of parameter `{name}` can be read in two ways")
                }
                _ => format!("parameter `{name}` has no value"),
            },
            settled_by,
        )),
        Some(text) if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
            // An empty text is a list without elements.
            let items = text.split(',').map(|item| Value::Text(item.trim().to_string()));
            Value::List(if text.trim().is_empty() { Vec::new() } else { items.collect() })
        }
        Some(text) => Value::Text(text.to_string()),
    }
}
