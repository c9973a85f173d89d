//! CloudFormation stacks whose template stands in a plan.

use serde_json::Value as Json;

use super::accounts::{Account, setting_in};
use super::resources::Resource;
use crate::error::PlanError;
use crate::node::Node;
use crate::template;
use crate::value::Value;

use super::values::value;

/// The trails of a stack whose template is known; none where it is not.
pub(super) fn trails(
    resource: &Resource<'_>,
    account: &Account,
    partition: &str,
    region: Option<&str>,
) -> Result<Option<Vec<Json>>, PlanError> {
    let Some(body) = body(resource) else { return Ok(None) };
    let mut setting = setting_in(account, partition, region);
    let values = value(resource.values, resource.unknowns, &resource.address);
    let declared = template::parameters(&body).map_err(|error| within(resource, &error))?;
    if let Value::Map(given) = values.get("parameters") {
        for (name, value) in given {
            if let Some(text) = value.known_text().filter(|_| declared.contains(name)) {
                setting.parameters.insert(name.clone(), text.to_string());
            }
        }
    }
    // A parameter whose value is not known has no default either.
    let open: Vec<String> = match values.get("parameters") {
        Value::Absent => Vec::new(),
        Value::Map(given) => {
            let is_open =
                |value: &Value| !matches!(value, Value::Absent) && value.known_text().is_none();
            given.iter().filter(|(_, value)| is_open(value)).map(|(name, _)| name.clone()).collect()
        }
        _ => declared,
    };
    let trails =
        template::trails(&body, &setting, &open).map_err(|error| within(resource, &error))?;
    Ok(Some(trails))
}

/// Whether a stack set's template is known, and brings no trails.
pub(super) fn has_no_trails(resource: &Resource<'_>) -> bool {
    body(resource).is_some_and(|body| template::has_no_trails(&body))
}

fn body(resource: &Resource<'_>) -> Option<String> {
    let values = value(resource.values, resource.unknowns, &resource.address);
    match (values.get("template_body"), resource.values?.get("template_body")) {
        (Value::Text(body), Some(Node::Text(_))) => Some(body.clone()),
        _ => None,
    }
}

fn within(resource: &Resource<'_>, error: &PlanError) -> PlanError {
    PlanError::shape(format!("{}.template_body", resource.address), error.to_string())
}
