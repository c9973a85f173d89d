//! What calls CloudTrail in plain sight, and may change the trails of a plan.

use std::collections::BTreeSet;

use super::document::Document;
use super::providers::Providers;
use super::resources::{Resource, Resources};
use crate::calls::mentions_changes;

/// The resources, data sources and actions of a plan that call CloudTrail, each once.
pub(super) fn of(
    document: &Document,
    resources: &Resources<'_>,
    providers: &Providers<'_>,
) -> Vec<String> {
    // What runs when the plan is made or applied, a data source too.
    let data = resources.known.iter().filter(|resource| is_caller_of_data(resource));
    let mut seen = BTreeSet::new();
    let mut callers = Vec::new();
    for resource in resources.managed.iter().chain(data) {
        if calls_cloudtrail(resource, providers) && seen.insert(resource.address.as_str()) {
            callers.push(format!("`{}`", resource.address));
        }
    }
    if document.root().get("action_invocations").is_some_and(mentions_changes) {
        callers.push("an action of the plan".to_string());
    }
    callers
}

/// Whether a resource calls CloudTrail in plain sight: in a provisioner's command, or in what it
/// gives to a function.
fn calls_cloudtrail(resource: &Resource<'_>, providers: &Providers<'_>) -> bool {
    let configured = providers.configured(resource);
    let commands = configured.and_then(|node| node.get("provisioners"));
    let is_caller = matches!(
        resource.kind,
        "aws_lambda_invocation" | "external" | "null_resource" | "terraform_data" | "local_command"
    );
    commands.is_some_and(mentions_changes)
        || is_caller && resource.values.into_iter().chain(configured).any(mentions_changes)
}

/// Whether a resource is a data source that runs a program or calls a function.
fn is_caller_of_data(resource: &Resource<'_>) -> bool {
    let is_data = || resource.address.split('.').any(|part| part == "data");
    resource.kind == "external" || resource.kind == "aws_lambda_invocation" && is_data()
}
