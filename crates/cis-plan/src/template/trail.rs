//! The trails of a template.

use serde_json::Value as Json;

use super::resolver::{Resolver, is_function};
use super::resources::named;
use crate::NO_ACCOUNT;
use crate::completions::Marks;
use crate::error::PlanError;
use crate::node::Node;
use crate::trail::{Fact, PlannedTrail, doubtful};
use crate::value::Value;

/// The properties of a trail on which a verdict can rest.
const MATTERS: [&str; 7] = [
    "EventSelectors",
    "AdvancedEventSelectors",
    "S3BucketName",
    "IsLogging",
    "IsMultiRegionTrail",
    "IsOrganizationTrail",
    "RecursiveLogging",
];

/// Notes where marks stand in what matters of a trail.
pub(super) fn note_marks<'a>(resolver: &Resolver<'a>, resource: &'a Node, marks: &Marks) {
    let Some(properties) = resource.get("Properties") else { return };
    let is_plain = !properties.members().iter().any(|(name, _)| is_function(name));
    let note = |name: &str, value: &Value| match name {
        "EventSelectors" | "AdvancedEventSelectors" => marks.note_selectors(value),
        "S3BucketName" => marks.note_log_bucket(value),
        "IsLogging" | "IsMultiRegionTrail" | "IsOrganizationTrail" | "RecursiveLogging" => {
            marks.note_fact(value);
        }
        _ => {}
    };
    if is_plain {
        for (name, member) in
            properties.members().iter().filter(|(name, _)| MATTERS.contains(&name.as_str()))
        {
            note(name, &resolver.value(member));
        }
        return;
    }
    let mut all = vec![resolver.value(properties)];
    while let Some(value) = all.pop() {
        match value {
            Value::Either(values, _) => all.extend(values),
            Value::Map(members) => members.iter().for_each(|(name, value)| note(name, value)),
            _ => {}
        }
    }
}

/// A trail that is surely made.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html>
pub(super) fn trail<'a>(
    resolver: &Resolver<'a>,
    logical_id: &str,
    resource: &'a Node,
    path: &str,
) -> Result<Json, PlanError> {
    let setting = &resolver.setting;
    let properties = match resource.get("Properties") {
        None | Some(Node::Null) => Value::Map(Vec::new()),
        Some(properties) => resolver.value(properties),
    };
    match &properties {
        Value::Map(_) => {}
        Value::Open(open) => return Ok(doubtful(&named(logical_id), &open.why)),
        Value::Either(_, why) => return Ok(doubtful(&named(logical_id), why)),
        _ => return Err(PlanError::shape(format!("{path}.Properties"), "expected a map")),
    }
    let path = format!("{path}.Properties");
    let name = properties.get("TrailName").known_text();
    let partition = setting.partition();
    let fact = |name: &'static str, default| Fact { name, value: properties.get(name), default };
    PlannedTrail {
        path: &path,
        file: resolver.beside.map(|beside| beside.path),
        arn: format!(
            "arn:{partition}:cloudtrail:{}:{}:trail/{}",
            setting.region.as_deref().unwrap_or("REGION"),
            setting.account_id.as_deref().unwrap_or(NO_ACCOUNT),
            name.map_or_else(|| named(logical_id), str::to_string),
        ),
        partition,
        name,
        home_region: setting.region.as_deref(),
        is_logging: fact("IsLogging", None),
        is_multi_region: fact("IsMultiRegionTrail", Some(false)),
        is_organization: fact("IsOrganizationTrail", Some(false)),
        recursive_logging: fact("RecursiveLogging", Some(true)),
        bucket: properties.get("S3BucketName"),
        basic: properties.get("EventSelectors"),
        advanced: properties.get("AdvancedEventSelectors"),
    }
    .document()
}
