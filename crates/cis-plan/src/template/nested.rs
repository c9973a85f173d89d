//! Nested templates that lie beside the template that nests them, as `aws cloudformation package`,
//! `sam package` and the AWS CDK upload them.
//!
//! Sources: <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html>,
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html>,
//! <https://github.com/aws/aws-cdk/blob/main/design/code-asset-metadata.md>

mod library;

use std::collections::BTreeMap;
use std::rc::Rc;

use cis_rules::report::Unknown;
use serde::Deserialize as _;
use serde_json::Value as Json;

pub(crate) use self::library::{Beside, Library};
use super::conditions::Truth;
use super::resolver::Resolver;
use super::resources::exists;
use super::{parameters, resources, section};
use crate::Setting;
use crate::completions::{Fill, is_marked};
use crate::error::PlanError;
use crate::node::Node;
use crate::trail::{calls_cloudtrail, doubtful, doubtful_as};
use crate::value::{Open, Value, unknown};

/// What is known of a nested stack.
#[derive(Clone)]
pub(super) enum Nested<'a> {
    /// It is at this path.
    Read(&'a str, Rc<Resolver<'a>>),
    /// Its template cannot be read with what it is given.
    Wrong(PlanError),
    /// Its template should be at this path, and is not.
    Missing(String),
    /// Its template is not beside the other.
    Elsewhere,
}

/// A nested stack, read once.
pub(super) fn stack<'a>(
    resolver: &Resolver<'a>,
    logical_id: &'a str,
    resource: &'a Node,
) -> Nested<'a> {
    match resolver.stacks.borrow().get(logical_id) {
        Some(Some(known)) => return known.clone(),
        // What it is given rests on what it gives: no such stack can be made.
        Some(None) => return Nested::Elsewhere,
        None => {}
    }
    let Some(beside) = resolver.beside else { return Nested::Elsewhere };
    let Some(path) = beside.path_of(resource) else { return Nested::Elsewhere };
    resolver.stacks.borrow_mut().insert(logical_id, None);
    let nested = match beside.template(&path) {
        None => Nested::Missing(path),
        Some((path, root, inner)) => {
            match read_within(resolver, logical_id, resource, root, inner) {
                Ok(nested) => Nested::Read(path, Rc::new(nested)),
                Err(error) => Nested::Wrong(PlanError::shape(path, error.to_string())),
            }
        }
    };
    resolver.stacks.borrow_mut().insert(logical_id, Some(nested.clone()));
    nested
}

/// The trails of a nested stack that was read; in doubt, where it is `open` whether there is one.
pub(super) fn trails(
    nested: Result<(&str, &Resolver<'_>), PlanError>,
    logical_id: &str,
    open: &[Unknown],
) -> Result<Vec<Json>, PlanError> {
    let read = nested.and_then(|(path, nested)| {
        section(nested.template)
            .and_then(|section| resources::trails(nested.template, section, nested))
            .map_err(|error| PlanError::shape(path, error.to_string()))
    });
    let mut trails = match (read, open) {
        (Ok(trails), _) => trails,
        (Err(error), []) => return Err(error),
        // It may be a stack that is never made.
        (Err(error), why) => {
            let mut why = why.to_vec();
            why.push(unknown(format!("its template is wrong: {error}"), "correct the template"));
            vec![doubtful(&format!("the trails of the nested stack `{logical_id}`"), &why)]
        }
    };
    for trail in &mut trails {
        name_within(trail, logical_id);
        if !open.is_empty() {
            doubt(trail, open);
        }
    }
    Ok(trails)
}

/// An output of a nested stack, which is a text; none where its template does not tell it.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html>
pub(super) fn output(resolver: &Resolver<'_>, logical_id: &str, name: &str) -> Option<Value> {
    let (logical_id, resource) = resolver.resource_entry(logical_id)?;
    let Nested::Read(_, nested) = stack(resolver, logical_id, resource) else { return None };
    let output = nested.template.get("Outputs")?.get(name)?;
    // A macro may write others.
    let is_made = exists(&nested, output) != Truth::Known(false);
    if !is_made || resources::rewriting(nested.template).is_some() {
        return None;
    }
    match nested.value(output.get("Value")?) {
        Value::Absent | Value::List(_) | Value::Map(_) => None,
        value => Some(value),
    }
}

fn read_within<'a>(
    resolver: &Resolver<'a>,
    logical_id: &str,
    resource: &'a Node,
    root: &'a Node,
    beside: Beside<'a>,
) -> Result<Resolver<'a>, PlanError> {
    let declared = root.get("Parameters").map(Node::members).unwrap_or_default();
    let given = resource.get("Properties").and_then(|properties| properties.get("Parameters"));
    let given = given.map_or(Value::Absent, |given| resolver.value(given));
    let fill = resolver.fill.within(logical_id);
    // A text that stands for others is not held against what the nested template allows: another
    // of them may be allowed.
    let is_literal = fill.is_empty() && fill.marks().is_none();
    let mut inner = Setting { parameters: BTreeMap::new(), ..resolver.setting.clone() };
    let mut values: Vec<(&str, Value)> = Vec::new();
    for (name, declaration) in declared {
        match parameter(&fill, name, declaration, &given, logical_id) {
            Parameter::Text(text) if is_literal => {
                inner.parameters.insert(name.clone(), text);
            }
            Parameter::Text(text) => {
                values.push((name, parameters::of_text(&text, kind_of(declaration))));
            }
            Parameter::Open(value) => values.push((name, value)),
            Parameter::Default => {}
        }
    }
    let mut nested = Resolver::new(root, &inner, &fill, Some(beside))?;
    nested.parameters.extend(values);
    nested.share_work(resolver);
    Ok(nested)
}

/// What a nested stack has for a parameter.
enum Parameter {
    /// This text.
    Text(String),
    /// A value that is not known.
    Open(Value),
    /// What its template says.
    Default,
}

fn kind_of(declaration: &Node) -> &str {
    declaration.get("Type").and_then(Node::text).unwrap_or_default()
}

fn parameter(
    fill: &Fill,
    name: &str,
    declaration: &Node,
    given: &Value,
    logical_id: &str,
) -> Parameter {
    let kind = kind_of(declaration);
    let value = match given {
        Value::Map(_) | Value::Absent => given.get(name),
        all => all,
    };
    let is_text = |value: &Value| value.known_text().is_some();
    match value {
        // What it is given is the name of what it is read from.
        _ if kind.starts_with("AWS::SSM::Parameter::Value<") => Parameter::Default,
        Value::Absent if declaration.get("Default").is_some() => Parameter::Default,
        Value::Absent => Parameter::Open(Value::open(unknown(
            format!("parameter `{name}` of the nested stack `{logical_id}` is not given"),
            format!("give it in `Parameters` of `{logical_id}`"),
        ))),
        Value::Open(_) if !parameters::is_list(kind) => Parameter::Open(value.clone()),
        Value::Either(values, _) if !parameters::is_list(kind) && values.iter().all(is_text) => {
            Parameter::Open(value.clone())
        }
        Value::Open(Open { why, .. }) | Value::Either(_, why) => {
            fill.note_unclear(value);
            Parameter::Open(Value::open_for(why.clone()))
        }
        value => match value.known_text() {
            // Where it is split is not known.
            Some(text) if parameters::is_list(kind) && is_marked(text) => {
                fill.note_unclear(value);
                Parameter::Open(Value::open(unknown(
                    format!("parameter `{name}` of the nested stack `{logical_id}` is not known"),
                    format!("write it out in `Parameters` of `{logical_id}`"),
                )))
            }
            Some(text) => Parameter::Text(text.to_string()),
            None => {
                fill.note_unclear(value);
                Parameter::Open(Value::open(unknown(
                    format!("what `{logical_id}` gives for its parameter `{name}` is no text"),
                    "write a text",
                )))
            }
        },
    }
}

/// Names a trail by the stack that it is in, where its own name is made up.
fn name_within(trail: &mut Json, logical_id: &str) {
    for (member, start) in [("/trail/TrailARN", ":trail/${"), ("/trail/Name", "${")] {
        let Some(Json::String(text)) = trail.pointer_mut(member) else { continue };
        let place = match text.find(start) {
            Some(at) if member == "/trail/TrailARN" || at == 0 => Some(at + start.len()),
            _ => None,
        };
        match place {
            Some(place) => text.insert_str(place, &format!("{logical_id}.")),
            None if text.starts_with("the trails of ") => {
                text.push_str(&format!(" in `{logical_id}`"));
            }
            None => {}
        }
    }
}

/// Takes out of a trail what is known of it.
fn doubt(trail: &mut Json, open: &[Unknown]) {
    let mut why = open.to_vec();
    // What calls CloudTrail may change other trails, if it is made.
    let known = trail.get("open").map(Vec::<Unknown>::deserialize);
    why.extend(known.and_then(Result::ok).unwrap_or_default().into_iter().filter(calls_cloudtrail));
    *trail = doubtful_as(trail, &why);
}
