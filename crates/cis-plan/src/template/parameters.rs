//! The values of a template's parameters: as given, else their defaults.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

mod allowed;

use std::collections::BTreeMap;

use crate::completions::{Domain, Fill, OpenText, is_marked};
use crate::error::PlanError;
use crate::node::Node;
use crate::value::{Value, unknown};

/// The values of all parameters.
pub(super) fn values<'a>(
    template: &'a Node,
    given: &BTreeMap<String, String>,
    fill: &Fill,
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
        (name.as_str(), value(name, declaration, given, fill))
    };
    Ok(declared.iter().map(value).collect())
}

fn value(name: &str, declaration: &Node, given: Option<&str>, fill: &Fill) -> Value {
    let kind = declaration.get("Type").and_then(Node::text).unwrap_or_default();
    let is_list = is_list(kind);
    let filled = |open: Value, settled_by: &str, domain: Domain| {
        let what = format!("parameter `{name}`");
        let text = || OpenText {
            what: what.clone(),
            shown: format!("${{{name}}}"),
            settled_by: settled_by.to_string(),
            domain,
        };
        match (is_list, fill.text(text, &what, open.clone())) {
            (false, value) => value,
            // One mark stands for all elements.
            (true, Value::Text(mark)) if is_marked(&mark) => Value::List(vec![Value::Text(mark)]),
            (true, Value::Text(text)) => of_text(&text, kind),
            (true, _) => open,
        }
    };
    if kind.starts_with("AWS::SSM::Parameter::Value<") {
        let settled_by = "deploy, and audit the account";
        let open = Value::open(unknown(
            format!("parameter `{name}` is read from Systems Manager when the stack is deployed"),
            settled_by,
        ));
        return if is_list { open } else { filled(open, settled_by, Domain::any()) };
    }
    let default = match declaration.get("Default") {
        Some(Node::Text(text)) => Some(text.as_str()),
        Some(Node::Bool(true)) => Some("true"),
        Some(Node::Bool(false)) => Some("false"),
        _ => None,
    };
    let settled_by = format!("give it with `--parameter {name}=VALUE`");
    match given.or(default) {
        None => {
            let reason = match declaration.get("Default") {
                Some(Node::Unclear(text)) => {
                    format!("the default `{text}` of parameter `{name}` can be read in two ways")
                }
                _ => format!("parameter `{name}` has no value"),
            };
            let open = Value::open(unknown(reason, settled_by.clone()));
            match allowed::domain(declaration, kind) {
                Domain::Listed(texts) if is_list => {
                    filled(open, &settled_by, Domain::ListOf(texts))
                }
                _ if is_list => open,
                domain => filled(open, &settled_by, domain),
            }
        }
        Some(text) => of_text(text, kind),
    }
}

/// Whether parameters of a type are lists.
pub(super) fn is_list(kind: &str) -> bool {
    kind.contains("List<") || kind == "CommaDelimitedList"
}

/// What a parameter of a type is that has this text.
pub(super) fn of_text(text: &str, kind: &str) -> Value {
    if !is_list(kind) {
        return Value::Text(text.to_string());
    }
    // An empty text is a list without elements.
    let items = text.split(',').map(|item| Value::Text(item.trim().to_string()));
    Value::List(if text.trim().is_empty() { Vec::new() } else { items.collect() })
}
