//! Generated schemas, made readable: documentation without its links into code, titles, and nothing
//! that only Rust knows.

use alloc::string::{String, ToString};

use serde_json::{Map, Value};

/// A generated schema with this title.
pub(super) fn tidied(schema: Value, title: String) -> Value {
    let mut schema = schema;
    let definitions = schema.get_mut("$defs").and_then(Value::as_object_mut);
    for (name, definition) in definitions.into_iter().flatten() {
        if let Value::Object(members) = definition {
            members.insert(TITLE.to_string(), words(name).into());
        }
        tidy(definition);
    }
    if let Value::Object(members) = &mut schema {
        members.insert(TITLE.to_string(), title.into());
    }
    tidy(&mut schema);
    schema
}

const TITLE: &str = "title";

/// What stands before the other members of a schema, in this order.
const FIRST: [&str; 3] = ["$schema", TITLE, "description"];

/// `TrailResult` as `Trail result`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(character.to_lowercase());
        } else {
            words.push(character);
        }
    }
    words
}

fn tidy(schema: &mut Value) {
    let Value::Object(members) = schema else { return };
    // Rust's sizes of integers, and what a reader takes an absent member for, are no part of JSON.
    members.retain(|member, value| member != "format" && !(member == "default" && value.is_null()));
    for (member, value) in members.iter_mut() {
        tidy_member(member, value);
    }
    let is_first = |(member, _): &(String, Value)| FIRST.contains(&member.as_str());
    let (mut first, rest): (Map<_, _>, Map<_, _>) =
        core::mem::take(members).into_iter().partition(is_first);
    let first = FIRST.into_iter().filter_map(|member| first.remove_entry(member));
    *members = first.chain(rest).collect();
}

fn tidy_member(member: &str, value: &mut Value) {
    match (member, value) {
        ("description", Value::String(text)) => *text = plain(text),
        ("properties", Value::Object(properties)) => properties.values_mut().for_each(tidy),
        ("items" | "additionalProperties", schema) => tidy(schema),
        ("oneOf" | "anyOf" | "allOf", Value::Array(schemas)) => schemas.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// Documentation as plain text: paragraphs on one line, and no links that lead into code.
fn plain(documentation: &str) -> String {
    let mut text = String::new();
    let mut rest = documentation;
    while let Some((before, link)) = rest.split_once('[') {
        text.push_str(before);
        let Some((shown, after)) = link.split_once(']') else {
            text.push('[');
            rest = link;
            continue;
        };
        // `resources[].ARN` is no link.
        let Some(target) = after.strip_prefix('(').filter(|_| !shown.is_empty()) else {
            let is_code = after.starts_with('.') || shown.is_empty();
            text.push_str(&if is_code { alloc::format!("[{shown}]") } else { shown.to_string() });
            rest = after;
            continue;
        };
        text.push_str(shown);
        rest = target.split_once(')').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let mut addresses = text.split("<https://");
    let mut text = addresses.next().unwrap_or_default().to_string();
    for address in addresses {
        text.push_str("https://");
        text.push_str(&address.replacen('>', "", 1));
    }
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let lines = paragraph.lines().map(str::trim);
        lines.collect::<alloc::vec::Vec<_>>().join(" ")
    });
    paragraphs.collect::<alloc::vec::Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_becomes_plain_text() {
        for (documentation, text) in [
            ("One\nline.\n\nAnother\none.", "One line.\n\nAnother one."),
            (
                "An object of [fields](RecordField::SHOWN), [`Verdict`] too.",
                "An object of fields, `Verdict` too.",
            ),
            ("`resources[].ARN`, or `a[b].c`", "`resources[].ARN`, or `a[b].c`"),
            (
                "Source: <https://docs.aws.amazon.com/x.html>",
                "Source: https://docs.aws.amazon.com/x.html",
            ),
            ("[open", "[open"),
        ] {
            assert_eq!(plain(documentation), text);
        }
    }

    #[test]
    fn names_become_titles() {
        assert_eq!(words("TrailResult"), "Trail result");
    }
}
