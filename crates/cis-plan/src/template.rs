//! CloudFormation templates.

mod conditions;
mod functions;
mod parameters;
mod resolver;
mod resources;
mod text;

use cis_rules::snapshot::Snapshot;
use serde_json::json;

use self::resolver::Resolver;
use crate::error::PlanError;
use crate::node::Node;
use crate::{NO_ACCOUNT, Setting, json, yaml};

/// Reads a template.
pub(crate) fn read(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    let text = text.trim_start_matches('\u{feff}');
    let template =
        if text.trim_start().starts_with('{') { json::read(text)? } else { yaml::read(text)? };
    let resources = section(&template)?;
    let resolver = Resolver::new(&template, setting)?;
    let trails = resources::trails(&template, resources, &resolver, setting)?;
    let snapshot = json!({
        "schemaVersion": 1,
        "accountId": setting.account_id.as_deref().unwrap_or(NO_ACCOUNT),
        "partition": setting.partition(),
        "region": setting.region,
        "planned": true,
        "trails": trails,
    });
    Snapshot::from_json(&snapshot.to_string())
        .map_err(|error| PlanError::shape("Resources", error.to_string()))
}

/// The section `Resources`, or what the document is instead.
fn section(template: &Node) -> Result<&Node, PlanError> {
    let has = |name| template.get(name).is_some();
    match template.get("Resources") {
        Some(resources @ Node::Map(_)) => Ok(resources),
        Some(_) => Err(PlanError::shape("Resources", "expected a map")),
        None if has("planned_values") || has("format_version") => Err(PlanError::Kind(
            "not a CloudFormation template, but a Terraform plan: use `--plan`".to_string(),
        )),
        None if has("schemaVersion") => Err(PlanError::Kind(
            "not a CloudFormation template, but a snapshot: use `--snapshot`".to_string(),
        )),
        None => Err(PlanError::Kind(
            "not a CloudFormation template: it has no section `Resources`".to_string(),
        )),
    }
}
