//! The resources of a template that are trails, or that may bring trails with them.

use cis_rules::report::Unknown;
use serde_json::{Value as Json, json};

use super::brings::{brings_trails, is_custom};
use super::buckets::refuse_impossible_buckets;
use super::conditions::{self, Truth};
use super::nested::{self, Nested};
use super::resolver::Resolver;
use super::trail::{note_marks, trail};
use crate::calls::mentions_changes;
use crate::error::PlanError;
use crate::node::{Node, PLACE, Repeat};
use crate::trail::doubtful;
use crate::value::unknown;

const TRAIL: &str = "AWS::CloudTrail::Trail";

/// The trails of a template.
pub(super) fn trails<'a>(
    template: &'a Node,
    resources: &'a Node,
    resolver: &Resolver<'a>,
) -> Result<Vec<Json>, PlanError> {
    let rewriting = rewriting(template);
    if !resolver.fill.is_empty() {
        refuse_impossible_buckets(resolver)?;
    }
    let mut trails = Vec::new();
    let mut calls = Vec::new();
    for (logical_id, resource) in resources.members() {
        if logical_id.starts_with("Fn::") {
            if logical_id == "Fn::Transform" || may_bring(resource) {
                let why = unknown(
                    format!("`{logical_id}` makes resources, and may make trails"),
                    "audit the template with the macro applied",
                );
                trails.push(doubtful(&format!("the trails of `{logical_id}`"), &[why]));
            }
            continue;
        }
        let path = format!("Resources.{logical_id}");
        let (kind, brings) = match resource.get("Type") {
            Some(Node::Text(kind)) => (kind.as_str(), brings_trails(kind)),
            Some(Node::Map(_)) => ("", Some("the module")),
            // What a macro or a module stands for has a type once it is put in.
            None if has_function(resource) || rewriting.is_some() => ("", Some("the module")),
            _ => return Err(PlanError::shape(path, "expected a resource with a `Type`")),
        };
        let exists = exists(resolver, resource);
        let is_never = exists == Truth::Known(false) && rewriting.is_none();
        if is_custom(kind) && !is_never && calls_cloudtrail(resources, resource) {
            calls.push(logical_id);
        }
        if kind != TRAIL && brings.is_none() || is_never {
            continue;
        }
        let open = match (exists, &rewriting) {
            (_, Some(name)) => vec![unknown(
                format!("the macro `{name}` may change it"),
                "audit the template with the macro applied",
            )],
            (Truth::Open(why), None) => why.into_iter().map(whether_planned).collect(),
            (Truth::Known(_), None) => Vec::new(),
        };
        match brings {
            Some(_) if kind == "AWS::CloudFormation::StackSet" && has_no_trails(resource) => {}
            Some(what) => {
                let (reason, settled_by) = match nested::stack(resolver, logical_id, resource) {
                    Nested::Read(path, nested) => {
                        trails.extend(nested::trails(Ok((path, &nested)), logical_id, &open)?);
                        continue;
                    }
                    Nested::Wrong(error) => {
                        trails.extend(nested::trails(Err(error), logical_id, &open)?);
                        continue;
                    }
                    Nested::Missing(path) => (
                        format!("the template of {what} `{logical_id}`, `{path}`, is missing"),
                        "put it there",
                    ),
                    Nested::Elsewhere => (
                        format!("the template does not say what trails {what} `{logical_id}` has"),
                        "audit its template too",
                    ),
                };
                let why = unknown(reason, settled_by);
                let brought = doubtful(&format!("the trails of {what} `{logical_id}`"), &[why]);
                trails.push(placed(resolver, resource, brought));
            }
            None => {
                refuse_unquoted(resource, &path)?;
                if let Some(marks) = resolver.fill.marks() {
                    note_marks(resolver, resource, marks);
                    continue;
                }
                let planned = match open.as_slice() {
                    [] => trail(resolver, logical_id, resource, &path)?,
                    why => doubtful(&named(logical_id), why),
                };
                trails.push(placed(resolver, resource, planned));
            }
        }
    }
    if let Some(name) = rewriting {
        let why = unknown(
            format!("the macro `{name}` may make trails"),
            "audit the template with the macro applied",
        );
        trails.push(doubtful(&format!("the trails of the macro `{name}`"), &[why]));
    }
    for section in ["Modules", "Rain"] {
        if template.get(section).is_some() {
            let why = unknown(
                format!("the template does not say what trails the modules in `{section}` have"),
                "audit the template with the modules put in",
            );
            trails.push(doubtful(&format!("the trails of the modules in `{section}`"), &[why]));
        }
    }
    for logical_id in calls {
        crate::trail::doubt_all(&mut trails, &format!("`{logical_id}`"));
    }
    Ok(trails)
}

/// A trail with the place of its resource, where the template's file is known.
fn placed(resolver: &Resolver<'_>, resource: &Node, mut trail: Json) -> Json {
    let line = || resource.get(PLACE)?.text()?.split(':').next()?.parse::<u64>().ok();
    if let (Some(beside), Some(line)) = (resolver.beside, line()) {
        trail["place"] = json!({"file": beside.path, "line": line});
    }
    trail
}

/// Whether a function stands in the place of a resource, or of a part of it.
fn has_function(resource: &Node) -> bool {
    resource.members().iter().any(|(name, _)| name.starts_with("Fn::"))
}

/// Whether a resource that a macro makes can be a trail or bring some.
fn may_bring(resource: &Node) -> bool {
    let mut found = false;
    resource.texts(&mut |text| {
        found |= text == TRAIL
            || text.contains("::") && brings_trails(text).is_some() && {
                text.starts_with("AWS::") || text.ends_with("::MODULE")
            };
    });
    found
}

/// Whether a custom resource calls CloudTrail in plain sight: in its properties, or in the code of
/// the function of the same template that makes it.
fn calls_cloudtrail(resources: &Node, resource: &Node) -> bool {
    let Some(properties) = resource.get("Properties") else { return false };
    if mentions_changes(properties) {
        return true;
    }
    let mut is_called = false;
    let token = properties.get("ServiceToken");
    token.unwrap_or(&Node::Null).texts(&mut |text| {
        let logical_id = text.split('.').next().unwrap_or_default();
        let logical_id = logical_id.trim_start_matches("${").trim_end_matches('}');
        is_called |= resources.get(logical_id).is_some_and(mentions_changes);
    });
    is_called
}

/// Whether the template of a stack set stands in it, and brings no trails.
fn has_no_trails(stack_set: &Node) -> bool {
    let body = stack_set.get("Properties").and_then(|properties| properties.get("TemplateBody"));
    matches!(body, Some(Node::Text(body)) if super::has_no_trails(body))
}

/// Whether a template has stack sets, whose templates may nest.
pub(super) fn nests(template: &Node) -> bool {
    let mut found = false;
    template.texts(&mut |text| found |= text == "AWS::CloudFormation::StackSet");
    found
}

/// Without quotes YAML reads `arn:aws:s3:::` as a map, for a colon at the end makes a key.
fn refuse_unquoted(node: &Node, path: &str) -> Result<(), PlanError> {
    match node {
        Node::Map(members) => members.iter().try_for_each(|(name, member)| {
            if name.starts_with("arn:") && *member == Node::Null {
                return Err(PlanError::shape(
                    path,
                    format!("YAML reads `{name}:` without quotes as a map: put it in quotes"),
                ));
            }
            refuse_unquoted(member, &format!("{path}.{name}"))
        }),
        Node::List(elements) => elements.iter().enumerate().try_for_each(|(position, element)| {
            refuse_unquoted(element, &format!("{path}[{position}]"))
        }),
        Node::Null | Node::Bool(_) | Node::Text(_) | Node::Unclear(_) => Ok(()),
    }
}

/// Of a name that stands twice the last counts, but not in a trail: there it is a mistake.
pub(super) fn refuse_repeats(resources: &Node, repeats: &[Repeat]) -> Result<(), PlanError> {
    let in_trail = |repeat: &&Repeat| match repeat.path.as_slice() {
        [section, rest @ ..] if section == "Resources" => {
            let logical_id = rest.first().unwrap_or(&repeat.name);
            let resource = resources.get(logical_id);
            resource.and_then(|resource| resource.get("Type")).and_then(Node::text) == Some(TRAIL)
        }
        [] => repeat.name == "Resources",
        _ => false,
    };
    match repeats.iter().find(in_trail) {
        None => Ok(()),
        Some(Repeat { path, name, first, second }) => Err(PlanError::shape(
            path.join("."),
            format!("`{name}` stands twice, at {first} and at {second}: remove one of the two"),
        )),
    }
}

/// What stands for the name of a resource that has none yet.
pub(super) fn named(logical_id: &str) -> String {
    format!("${{{logical_id}}}")
}

/// Whether a resource is made at all.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>
pub(super) fn exists<'a>(resolver: &Resolver<'a>, resource: &'a Node) -> Truth {
    match resource.get("Condition") {
        None => Truth::Known(true),
        Some(Node::Text(name)) => conditions::named(resolver, name),
        Some(_) => Truth::Open(vec![unknown(
            "its `Condition` is not a name",
            "write the name of a condition",
        )]),
    }
}

fn whether_planned(why: Unknown) -> Unknown {
    Unknown { reason: format!("whether it is planned is not known: {}", why.reason), ..why }
}

/// The first macro that may make or change trails. AWS's own macros do not, but for
/// `AWS::Include`, which puts in whatever its file says.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html>
pub(super) fn rewriting(template: &Node) -> Option<String> {
    let harmless = |name: &str| {
        name.starts_with("AWS::Serverless-")
            || name.starts_with("AWS::SecretsManager-")
            || matches!(
                name,
                "AWS::LanguageExtensions" | "AWS::CodeDeployBlueGreen" | "AWS::ServiceCatalog"
            )
    };
    let named = |node: &Node| match node {
        Node::Text(name) => Some(name.clone()),
        other => Some(other.get("Name").and_then(Node::text).unwrap_or("of no name").to_string()),
    };
    let of_section = |node: &Node| match node {
        Node::List(all) => all.iter().filter_map(named).find(|name| !harmless(name)),
        one => named(one).filter(|name| !harmless(name)),
    };
    template
        .get("Transform")
        .and_then(of_section)
        .or_else(|| template.get("Fn::Transform").and_then(named))
}
