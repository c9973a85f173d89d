//! Functions on lists: `Fn::Join`, `Fn::Split` and `Fn::Select`.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use super::functions::open;
use super::resolver::Resolver;
use super::text::Parts;
use crate::value::{Open, Value};

/// `Fn::Join`.
pub(super) fn join(resolver: &Resolver<'_>, between: &str, list: &Value) -> Value {
    let elements = match list {
        Value::List(elements) => elements,
        Value::Open(Open { why, .. }) | Value::Either(_, why) => {
            resolver.fill.note_unclear(list);
            return Value::open_for(why.clone());
        }
        _ => return open("Fn::Join"),
    };
    // A mark stands for a list as it is written, with commas.
    if between != "," && resolver.fill.are_of_open_list(elements) {
        resolver.fill.note_unclear(list);
        return open("Fn::Join");
    }
    let mut whole = Parts::default();
    let mut is_first = true;
    for element in elements.iter().filter(|element| **element != Value::Absent) {
        if !std::mem::take(&mut is_first) {
            whole.text(between);
        }
        match element {
            Value::Either(values, why) if values.contains(&Value::Absent) => {
                // Without the element there is no delimiter either.
                resolver.fill.note_unclear(list);
                return Value::open_for(why.clone());
            }
            element => whole.value(element),
        }
    }
    whole.finish()
}

/// `Fn::Split`.
pub(super) fn split(resolver: &Resolver<'_>, at: &str, text: Value) -> Value {
    match &text {
        Value::Open(Open { why, .. }) | Value::Either(_, why) => {
            resolver.fill.note_unclear(&text);
            Value::open_for(why.clone())
        }
        value => match value.known_text() {
            Some(known) if !resolver.fill.may_split(known, at) => {
                resolver.fill.note_unclear(&text);
                open("Fn::Split")
            }
            Some(text) if !at.is_empty() => {
                Value::List(text.split(at).map(|part| Value::Text(part.to_string())).collect())
            }
            _ => open("Fn::Split"),
        },
    }
}

/// `Fn::Select`.
pub(super) fn select(resolver: &Resolver<'_>, index: &Value, list: Value) -> Value {
    let position = index.known_text().and_then(|index| index.parse::<usize>().ok());
    match (list, position) {
        (Value::List(elements), _) if resolver.fill.are_of_open_list(&elements) => {
            resolver.fill.note_unclear(index);
            resolver.fill.note_unclear(&Value::List(elements));
            open("Fn::Select")
        }
        (list @ (Value::Open(_) | Value::Either(..)), _) => {
            resolver.fill.note_unclear(&list);
            match list {
                Value::Open(Open { why, .. }) | Value::Either(_, why) => Value::open_for(why),
                _ => open("Fn::Select"),
            }
        }
        (Value::List(mut elements), Some(position))
            if position < elements.len() && !elements.contains(&Value::Absent) =>
        {
            // An element that may not be there moves the others.
            let first_open = elements.iter().take(position + 1).find_map(|element| match element {
                Value::Either(values, why) if values.contains(&Value::Absent) => Some(why.clone()),
                _ => None,
            });
            match first_open {
                Some(why) => {
                    resolver.fill.note_unclear(&Value::List(elements));
                    Value::open_for(why)
                }
                None => elements.swap_remove(position),
            }
        }
        (list, _) => {
            resolver.fill.note_unclear(index);
            resolver.fill.note_unclear(&list);
            match index {
                Value::Open(Open { why, .. }) | Value::Either(_, why) => {
                    Value::open_for(why.clone())
                }
                _ => open("Fn::Select"),
            }
        }
    }
}
