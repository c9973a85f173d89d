//! The resources of a template that are trails, or that may bring trails with them.

use cis_rules::report::Unknown;
use serde_json::Value as Json;

use super::conditions::{self, Truth};
use super::resolver::Resolver;
use crate::error::PlanError;
use crate::node::Node;
use crate::trail::{Fact, PlannedTrail, doubtful};
use crate::value::{Value, unknown};
use crate::{NO_ACCOUNT, Setting};

const TRAIL: &str = "AWS::CloudTrail::Trail";

/// The trails of a template.
pub(super) fn trails<'a>(
    template: &'a Node,
    resources: &'a Node,
    resolver: &Resolver<'a>,
    setting: &Setting,
) -> Result<Vec<Json>, PlanError> {
    let rewriting = rewriting(template);
    let mut trails = Vec::new();
    for (logical_id, resource) in resources.members() {
        if logical_id.starts_with("Fn::") {
            if logical_id == "Fn::Transform" || resource.mentions(TRAIL) {
                let why = unknown(
                    format!("`{logical_id}` makes resources, and may make trails"),
                    "audit the template with the macro applied",
                );
                trails.push(doubtful(&format!("the trails of `{logical_id}`"), &[why]));
            }
            continue;
        }
        let path = format!("Resources.{logical_id}");
        let kind = match resource.get("Type") {
            Some(Node::Text(kind)) => kind,
            _ => return Err(PlanError::shape(path, "expected a resource with a `Type`")),
        };
        let brings = brings_trails(kind);
        if kind != TRAIL && brings.is_none() {
            continue;
        }
        let open = match (exists(resolver, resource), &rewriting) {
            (Truth::Known(false), None) => continue,
            (_, Some(name)) => vec![unknown(
                format!("the macro `{name}` may change it"),
                "audit the template with the macro applied",
            )],
            (Truth::Open(why), None) => why.into_iter().map(whether_planned).collect(),
            (Truth::Known(true), None) => Vec::new(),
        };
        trails.push(match brings {
            Some(what) => {
                let why = unknown(
                    format!("the template does not say what trails {what} `{logical_id}` has"),
                    "audit its template too",
                );
                doubtful(&format!("the trails of {what} `{logical_id}`"), &[why])
            }
            None if !open.is_empty() => doubtful(&named(logical_id), &open),
            None => trail(resolver, logical_id, resource, &path, setting)?,
        });
    }
    if let Some(name) = rewriting {
        let why = unknown(
            format!("the macro `{name}` may make trails"),
            "audit the template with the macro applied",
        );
        trails.push(doubtful(&format!("the trails of the macro `{name}`"), &[why]));
    }
    Ok(trails)
}

fn named(logical_id: &str) -> String {
    format!("${{{logical_id}}}")
}

/// Whether a resource is made at all.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>
fn exists<'a>(resolver: &Resolver<'a>, resource: &'a Node) -> Truth {
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

/// Resources that bring resources of another template.
fn brings_trails(kind: &str) -> Option<&'static str> {
    match kind {
        "AWS::CloudFormation::Stack" => Some("the nested stack"),
        "AWS::CloudFormation::StackSet" => Some("the stack set"),
        _ if kind.ends_with("::MODULE") => Some("the module"),
        _ => None,
    }
}

/// The first macro that may make or change trails. AWS's own macros do not, but for
/// `AWS::Include`, which puts in whatever its file says.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html>
fn rewriting(template: &Node) -> Option<String> {
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

/// A trail that is surely made.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html>
fn trail<'a>(
    resolver: &Resolver<'a>,
    logical_id: &str,
    resource: &'a Node,
    path: &str,
    setting: &Setting,
) -> Result<Json, PlanError> {
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
