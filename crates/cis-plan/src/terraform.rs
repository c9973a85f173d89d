//! Terraform plans.
//!
//! Source: <https://developer.hashicorp.com/terraform/internals/json-format>

mod resources;
mod values;

use cis_rules::snapshot::Snapshot;
use serde_json::json;

use self::resources::Account;
use crate::error::PlanError;
use crate::node::Node;
use crate::{Setting, json};

/// Reads a plan.
pub(crate) fn read(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return Err(PlanError::Kind(
            "not a Terraform plan in JSON: `terraform show -json PLANFILE` writes one".to_string(),
        ));
    }
    let plan = json::read(text)?;
    let values = values_of(&plan)?;
    let account = Account::new(&plan, setting);
    let trails = resources::trails(&plan, values, &account)?;
    let snapshot = json!({
        "schemaVersion": 1,
        "accountId": account.id,
        "partition": account.partition,
        "region": setting.region,
        "planned": true,
        "trails": trails,
    });
    Snapshot::from_json(&snapshot.to_string())
        .map_err(|error| PlanError::shape("planned_values", error.to_string()))
}

/// The plan's `planned_values`, or what the document is instead.
fn values_of(plan: &Node) -> Result<&Node, PlanError> {
    let has = |name| plan.get(name).is_some();
    let other = |what: &str| Err(PlanError::Kind(format!("not a Terraform plan, but {what}")));
    if has("Resources") {
        return other("a CloudFormation template: use `--template`");
    }
    if has("schemaVersion") {
        return other("a snapshot: use `--snapshot`");
    }
    let version = plan.get("format_version").and_then(Node::text);
    if let Some(version) = version
        && !matches!(version.split('.').next(), Some("0" | "1"))
    {
        return Err(PlanError::Kind(format!(
            "format_version `{version}` of Terraform's plans is not supported, only 0 and 1"
        )));
    }
    match plan.get("planned_values") {
        Some(values @ Node::Map(_)) => Ok(values),
        Some(_) => Err(PlanError::shape("planned_values", "expected an object")),
        None if has("values") || has("terraform_version") && has("lineage") => {
            other("a Terraform state: `terraform show -json PLANFILE` writes a plan")
        }
        None => Err(PlanError::Kind(
            "not a Terraform plan: it has no member `planned_values`".to_string(),
        )),
    }
}
