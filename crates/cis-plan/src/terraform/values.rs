//! The values of a planned resource: what is planned, beside what is known after apply.
//!
//! `planned_values` leaves out what is not known, as if it were absent; `after_unknown` of the
//! resource's change says `true` in its place.

use std::collections::HashMap;

use crate::node::Node;
use crate::path::Path;
use crate::value::{Open, Piece, Value, unknown};

/// What is not known of a resource.
#[derive(Clone, Copy)]
pub(super) enum Unknowns<'a> {
    /// The change says it.
    Said(&'a Node),
    /// There is no change that would say it: what is absent may be there.
    Unsaid,
    /// Nothing is unknown: the resource is as it was.
    Nothing,
}

/// A value at a path of the resource.
pub(super) fn value(node: Option<&Node>, unknowns: Unknowns<'_>, path: &str) -> Value {
    value_at(node, unknowns, Path::Root(path))
}

fn value_at(node: Option<&Node>, unknowns: Unknowns<'_>, path: Path<'_>) -> Value {
    match (node, unknowns) {
        (_, Unknowns::Said(Node::Text(why))) => of_source(why),
        (_, Unknowns::Said(Node::Bool(true))) | (None | Some(Node::Null), Unknowns::Unsaid) => {
            after_apply(path)
        }
        (None | Some(Node::Null), Unknowns::Said(unknown)) if says_true(unknown) => {
            after_apply(path)
        }
        (None | Some(Node::Null), _) => Value::Absent,
        (Some(Node::Bool(value)), _) => Value::Bool(*value),
        (Some(Node::Text(text)), _) => Value::Text(text.clone()),
        (Some(Node::Unclear(text)), _) => Value::open(unknown(
            format!("`{text}` at `{path}` is not a whole number"),
            "write a text",
        )),
        (Some(Node::List(elements)), unknowns) => {
            let said = match unknowns {
                Unknowns::Said(said) => said.elements(),
                Unknowns::Unsaid | Unknowns::Nothing => &[],
            };
            // Elements stand side by side; where they do not, it is not known which is unknown.
            if said.len() != elements.len() && said.iter().any(says_true) {
                return after_apply(path);
            }
            let element = |(position, element): (usize, &Node)| {
                let of_element = match unknowns {
                    Unknowns::Said(_) => {
                        said.get(position).map_or(Unknowns::Nothing, Unknowns::Said)
                    }
                    same => same,
                };
                value_at(Some(element), of_element, Path::Element(&path, position))
            };
            Value::List(elements.iter().enumerate().map(element).collect())
        }
        (Some(Node::Map(members)), unknowns) => {
            let said = match unknowns {
                Unknowns::Said(said) => said.members(),
                Unknowns::Unsaid | Unknowns::Nothing => &[],
            };
            let mut of_name: HashMap<&str, &Node> =
                said.iter().map(|(name, said)| (name.as_str(), said)).collect();
            let mut all: Vec<(String, Value)> = Vec::new();
            for (name, member) in members {
                let of_member = match unknowns {
                    Unknowns::Said(_) => {
                        of_name.remove(name.as_str()).map_or(Unknowns::Nothing, Unknowns::Said)
                    }
                    same => same,
                };
                let path = Path::Member(&path, name);
                all.push((name.clone(), value_at(Some(member), of_member, path)));
            }
            for (name, said) in said.iter().filter(|(name, _)| of_name.contains_key(name.as_str()))
            {
                let path = Path::Member(&path, name);
                all.push((name.clone(), value_at(None, Unknowns::Said(said), path)));
            }
            Value::Map(all)
        }
    }
}

/// How the reason ends for which a value of a plan is not known.
pub(super) const AFTER_APPLY: &str = "is known after apply";

fn after_apply(path: Path<'_>) -> Value {
    Value::open(unknown(
        format!("`{path}` {AFTER_APPLY}"),
        "write the value out, or apply and audit the account",
    ))
}

/// A value of a source: it says why it is not known, on a second line what settles it, and perhaps
/// on a third what it is put together from.
fn of_source(why: &str) -> Value {
    let mut lines = why.splitn(3, '\n');
    let reason = lines.next().unwrap_or_default();
    let settled_by = lines.next().unwrap_or("audit the account after apply");
    let pieces = lines.next().map(Piece::read).unwrap_or_default();
    let (prefix, suffix) = (String::new(), String::new());
    let why = vec![unknown(reason, settled_by)];
    Value::Open(Open { prefix, suffix, not: Vec::new(), pieces, why })
}

/// Whether something in it is unknown.
fn says_true(node: &Node) -> bool {
    match node {
        Node::Bool(yes) => *yes,
        Node::List(elements) => elements.iter().any(says_true),
        Node::Map(members) => members.iter().any(|(_, member)| says_true(member)),
        Node::Text(_) => true,
        Node::Null | Node::Unclear(_) => false,
    }
}

/// A block of selectors, or a trail of Cloud Control's, with AWS's names. Terraform writes every operator, as a list that is
/// empty or `null` where the configuration has none: those are absent. A block that is repeated is
/// a list; where it does not stand the list is empty, and absent too.
///
/// Source: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail>
pub(super) fn with_aws_names(value: Value) -> Value {
    match value {
        Value::List(elements) => Value::List(elements.into_iter().map(with_aws_names).collect()),
        Value::Map(members) => Value::Map(
            members
                .into_iter()
                .map(|(name, value)| match value {
                    Value::List(elements) if elements.is_empty() => (name, Value::Absent),
                    value => (name, value),
                })
                .map(|(name, value)| (aws_name(&name).to_string(), with_aws_names(value)))
                .collect(),
        ),
        value => value,
    }
}

fn aws_name(name: &str) -> &str {
    match name {
        "trail_name" => "TrailName",
        "arn" => "Arn",
        "s3_bucket_name" => "S3BucketName",
        "is_logging" => "IsLogging",
        "is_multi_region_trail" => "IsMultiRegionTrail",
        "is_organization_trail" => "IsOrganizationTrail",
        "recursive_logging" => "RecursiveLogging",
        "event_selectors" => "EventSelectors",
        "advanced_event_selectors" => "AdvancedEventSelectors",
        "data_resources" => "DataResources",
        "field_selectors" => "FieldSelectors",
        "read_write_type" => "ReadWriteType",
        "include_management_events" => "IncludeManagementEvents",
        "exclude_management_event_sources" => "ExcludeManagementEventSources",
        "data_resource" => "DataResources",
        "type" => "Type",
        "values" => "Values",
        "name" => "Name",
        "field_selector" => "FieldSelectors",
        "field" => "Field",
        "equals" => "Equals",
        "starts_with" => "StartsWith",
        "ends_with" => "EndsWith",
        "not_equals" => "NotEquals",
        "not_starts_with" => "NotStartsWith",
        "not_ends_with" => "NotEndsWith",
        other => other,
    }
}
