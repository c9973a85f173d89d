//! CloudFormation templates.

mod brings;
mod conditions;
mod functions;
mod parameters;
mod resolver;
mod resources;
mod text;

use cis_rules::snapshot::Snapshot;
use serde_json::json;

use self::resolver::Resolver;
use crate::assumed::{self, Trails};
use crate::error::PlanError;
use crate::node::{Document, Node};
use crate::{NO_ACCOUNT, Setting, json, yaml};

/// Reads a template.
pub(crate) fn read(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    let Document { root: template, repeats } = document(text)?;
    let resources = section(&template)?;
    resources::refuse_repeats(resources, &repeats)?;
    let read = |setting: &Setting| {
        let resolver = Resolver::new(&template, setting)?;
        resources::trails(&template, resources, &resolver, setting)
    };
    let Trails { trails, is_assumed } = if setting.says_partition() {
        Trails { trails: read(setting)?, is_assumed: false }
    } else {
        assumed::trails(&template, |partition| {
            read(&Setting { partition: Some(partition.to_string()), ..setting.clone() })
        })?
    };
    let snapshot = json!({
        "schemaVersion": 1,
        "accountId": setting.account_id.as_deref().unwrap_or(NO_ACCOUNT),
        "partition": setting.partition(),
        "assumedPartition": is_assumed,
        "region": setting.region,
        "planned": true,
        "trails": trails,
    });
    Snapshot::from_json(&snapshot.to_string())
        .map_err(|error| PlanError::shape("Resources", error.to_string()))
}

/// A template's document: what `aws cloudformation get-template` printed holds it as a member.
fn document(text: &str) -> Result<Document, PlanError> {
    let whole = json_or_yaml(text)?;
    if whole.root.get("Resources").is_some() {
        return Ok(whole);
    }
    match whole.root.get("TemplateBody") {
        Some(Node::Text(body)) => json_or_yaml(body),
        Some(body @ Node::Map(_)) => {
            let mut repeats = whole.repeats;
            repeats.retain(|repeat| repeat.path.first().is_some_and(|name| name == "TemplateBody"));
            repeats.iter_mut().for_each(|repeat| drop(repeat.path.remove(0)));
            Ok(Document { root: body.clone(), repeats })
        }
        _ => Ok(whole),
    }
}

/// CloudFormation reads JSON as the YAML that it is: a comma may stand behind the last element.
fn json_or_yaml(text: &str) -> Result<Document, PlanError> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return yaml::read(text);
    }
    match json::read(text) {
        Ok(root) => Ok(Document { root, repeats: Vec::new() }),
        Err(error) => yaml::read(text).map_err(|_| error),
    }
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
