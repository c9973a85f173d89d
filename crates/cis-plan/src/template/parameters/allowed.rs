//! Which values a template allows for a parameter.

use std::sync::Arc;

use crate::completions::{Allowed, Domain, Pattern};
use crate::error::PlanError;
use crate::node::Node;

/// That a value is one of `AllowedValues` and matches `AllowedPattern`, as far as both are clear.
pub(super) fn check(name: &str, declaration: &Node, value: &str) -> Result<(), PlanError> {
    let kind = declaration.get("Type").and_then(Node::text).unwrap_or_default();
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    let items: Vec<&str> =
        if is_list { value.split(',').map(str::trim).collect() } else { vec![value] };
    let refused = |allowed: String| {
        Err(PlanError::NotAllowed { name: name.to_string(), value: value.to_string(), allowed })
    };
    if let Some(Node::List(allowed)) = declaration.get("AllowedValues")
        && !items.iter().all(|item| allowed.iter().any(|allowed| may_be(allowed, item)))
    {
        let all: Vec<String> = allowed.iter().filter_map(shown).collect();
        return refused(format!("its AllowedValues are {}", all.join(", ")));
    }
    if let Some(Node::Text(pattern)) = declaration.get("AllowedPattern")
        // What of Java's patterns is not read here says nothing.
        && let Some(whole) = Pattern::new(pattern)
        && !items.iter().all(|item| whole.matches(item))
    {
        return refused(format!("its AllowedPattern is `{pattern}`"));
    }
    Ok(())
}

/// The values that a parameter without a value can get.
pub(super) fn domain(declaration: &Node, kind: &str) -> Domain {
    let text = |name| declaration.get(name).and_then(Node::text);
    let number = |name| text(name).and_then(|text| text.parse::<usize>().ok());
    let pattern = text("AllowedPattern").map(Pattern::new);
    let allowed = Allowed {
        shortest: number("MinLength").unwrap_or_default(),
        longest: number("MaxLength"),
        is_number: kind == "Number",
        is_more: matches!(pattern, Some(None))
            || ["MinValue", "MaxValue"].iter().any(|name| declaration.get(name).is_some())
            || !matches!(kind, "String" | "Number" | ""),
        pattern: pattern.flatten(),
    };
    let listed = match declaration.get("AllowedValues") {
        Some(Node::List(values)) => {
            let known = |value: &Node| match value {
                Node::Text(text) => Some(text.clone()),
                Node::Bool(value) => Some(value.to_string()),
                Node::Null | Node::Unclear(_) | Node::List(_) | Node::Map(_) => None,
            };
            match values.iter().map(known).collect::<Option<Vec<String>>>() {
                Some(all) => Some(all),
                None => return Domain::Text(Arc::new(Allowed { is_more: true, ..allowed })),
            }
        }
        _ => allowed.pattern.as_ref().and_then(Pattern::all),
    };
    let domain = Domain::Text(Arc::new(allowed));
    match listed {
        Some(mut all) => {
            all.retain(|text| domain.accepts(text));
            all.dedup();
            Domain::Listed(all)
        }
        None => domain,
    }
}

fn may_be(allowed: &Node, item: &str) -> bool {
    match allowed {
        Node::Text(text) => text == item,
        Node::Bool(value) => item.eq_ignore_ascii_case(if *value { "true" } else { "false" }),
        // Without quotes `yes` is a text to some readers and a boolean to others.
        Node::Unclear(text) => {
            text.eq_ignore_ascii_case(item)
                || matches!(item, "true" | "false")
                || item.parse::<f64>().is_ok()
        }
        Node::Null | Node::List(_) | Node::Map(_) => true,
    }
}

fn shown(allowed: &Node) -> Option<String> {
    match allowed {
        Node::Text(text) | Node::Unclear(text) => Some(format!("`{text}`")),
        Node::Bool(value) => Some(format!("`{value}`")),
        Node::Null | Node::List(_) | Node::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_in(declaration: &str, value: &str) -> String {
        let declaration = crate::yaml::read(declaration).unwrap().root;
        match check("P", &declaration, value) {
            Ok(()) => "allowed".to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_value_outside_of_what_is_allowed_is_refused_with_what_is() {
        let values = "{Type: String, AllowedValues: ['No', 'Yes', true, 5]}";
        let pattern = "{Type: CommaDelimitedList, AllowedPattern: '[a-z]+'}";
        for (declaration, value, answer) in [
            (values, "Yes", "allowed"),
            (values, "true", "allowed"),
            (values, "5", "allowed"),
            (
                values,
                "yes",
                "parameter `P` cannot be `yes`: its AllowedValues are `No`, `Yes`, `true`, `5`",
            ),
            (pattern, "a, bc", "allowed"),
            (pattern, "a,B", "parameter `P` cannot be `a,B`: its AllowedPattern is `[a-z]+`"),
            ("{AllowedPattern: '(?!x)y'}", "z", "allowed"),
            ("{AllowedValues: [yes, no]}", "Yes", "allowed"),
        ] {
            assert_eq!(check_in(declaration, value), answer, "{declaration}");
        }
    }
}
