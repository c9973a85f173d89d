//! Conditions, with a third answer where an input is not known.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html>

use cis_rules::report::Unknown;

use super::resolver::Resolver;
use crate::completions::{Fill, is_marked};
use crate::node::Node;
use crate::value::{Value, unknown};

/// Whether a condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Known(bool),
    Open(Vec<Unknown>),
}

/// Whether the condition of this name holds.
pub(super) fn named<'a>(resolver: &Resolver<'a>, name: &'a str) -> Truth {
    match resolver.decided.borrow().get(name) {
        Some(Some(truth)) => return truth.clone(),
        Some(None) => return open(format!("condition `{name}` depends on itself")),
        None => {}
    }
    let Some(condition) = resolver.condition(name) else {
        return open(format!("the template has no condition `{name}`"));
    };
    resolver.decided.borrow_mut().insert(name, None);
    let truth = match truth(resolver, condition) {
        Truth::Open(why) => Truth::Open(
            why.into_iter()
                .map(|why| Unknown {
                    reason: match why.reason.starts_with("condition `") {
                        true => why.reason,
                        false => format!("condition `{name}` is not decided: {}", why.reason),
                    },
                    ..why
                })
                .collect(),
        ),
        known @ Truth::Known(_) => known,
    };
    let truth = match truth {
        Truth::Open(why) => resolver.fill.truth(name).map_or(Truth::Open(why), Truth::Known),
        known @ Truth::Known(_) => known,
    };
    resolver.decided.borrow_mut().insert(name, Some(truth.clone()));
    truth
}

fn truth<'a>(resolver: &Resolver<'a>, node: &'a Node) -> Truth {
    resolver
        .deeper(|| function(resolver, node))
        .unwrap_or_else(|| open("conditions refer to each other too deeply or too often"))
}

fn function<'a>(resolver: &Resolver<'a>, node: &'a Node) -> Truth {
    let [(function, argument)] = node.members() else {
        return open("a condition is not one function");
    };
    let of = |node| truth(resolver, node);
    match (function.as_str(), argument) {
        ("Condition", Node::Text(name)) => named(resolver, name),
        ("Fn::Equals", Node::List(sides)) => match sides.as_slice() {
            [one, other] => equal(&resolver.fill, &resolver.value(one), &resolver.value(other)),
            _ => open("`Fn::Equals` takes two values"),
        },
        ("Fn::Not", Node::List(one)) => match one.as_slice() {
            [one] => match of(one) {
                Truth::Known(yes) => Truth::Known(!yes),
                open @ Truth::Open(_) => open,
            },
            _ => open("`Fn::Not` takes one condition"),
        },
        ("Fn::And", Node::List(all)) => all_are(true, all.iter().map(of)),
        ("Fn::Or", Node::List(any)) => all_are(false, any.iter().map(of)),
        _ => open(format!("`{function}` is not a condition function that is known here")),
    }
}

/// Whether all conditions have this truth: what decides it otherwise comes before what is open.
fn all_are(wanted: bool, truths: impl Iterator<Item = Truth>) -> Truth {
    let mut reasons = Vec::new();
    for truth in truths {
        match truth {
            Truth::Known(yes) if yes != wanted => return Truth::Known(!wanted),
            Truth::Known(_) => {}
            Truth::Open(why) => merge(&mut reasons, why),
        }
    }
    if reasons.is_empty() { Truth::Known(wanted) } else { Truth::Open(reasons) }
}

/// The most reasons that are kept for one condition.
const MOST_REASONS: usize = 16;

fn merge(reasons: &mut Vec<Unknown>, more: Vec<Unknown>) {
    for why in more {
        if reasons.len() < MOST_REASONS && !reasons.contains(&why) {
            reasons.push(why);
        }
    }
}

fn equal(fill: &Fill, one: &Value, other: &Value) -> Truth {
    match (one, other) {
        (Value::Open(open), value) | (value, Value::Open(open)) => match value.known_text() {
            Some(text) if !is_marked(text) && !open.may_be(text) => Truth::Known(false),
            _ => {
                fill.note_unclear(value);
                Truth::Open(open.why.clone())
            }
        },
        (Value::Either(_, why), _) | (_, Value::Either(_, why)) => {
            fill.note_unclear(one);
            fill.note_unclear(other);
            Truth::Open(why.clone())
        }
        _ => match (one.known_text(), other.known_text()) {
            (Some(one), Some(other)) if one == other => Truth::Known(true),
            (Some(known), Some(text)) if is_marked(known) || is_marked(text) => {
                if let Some(marks) = fill.marks() {
                    marks.note_comparison(known, text);
                }
                open("a value is not known")
            }
            (Some(_), Some(_)) => Truth::Known(false),
            _ => {
                fill.note_unclear(one);
                fill.note_unclear(other);
                open("`Fn::Equals` compares something other than texts")
            }
        },
    }
}

fn open(reason: impl Into<String>) -> Truth {
    Truth::Open(vec![unknown(reason, "correct the template")])
}
