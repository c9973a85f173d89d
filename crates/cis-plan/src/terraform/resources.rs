//! The resources of a plan that are trails, or that may bring trails with them.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::values::{Unknowns, value, with_aws_names};
use crate::error::PlanError;
use crate::node::Node;
use crate::trail::{Fact, PlannedTrail, doubtful};
use crate::value::{Value, unknown};
use crate::{NO_ACCOUNT, Setting};

const TRAIL: &str = "aws_cloudtrail";

/// Whose trails a plan makes: as given, else as the trails that exist already and
/// `aws_caller_identity` say.
pub(super) struct Account {
    pub(super) id: String,
    pub(super) partition: String,
    region: Option<String>,
}

impl Account {
    pub(super) fn new(plan: &Node, setting: &Setting) -> Self {
        let planned = plan.get("planned_values");
        let prior = plan.get("prior_state").and_then(|prior| prior.get("values"));
        let modules = planned.into_iter().chain(prior).filter_map(|state| state.get("root_module"));
        let known: Vec<&Node> = modules.flat_map(resources).collect();
        let states = known.iter().filter_map(|resource| Some((*resource, resource.get("values")?)));
        let changes = plan.get("resource_changes").map(Node::elements).unwrap_or_default();
        let before = changes
            .iter()
            .filter_map(|change| Some((change, change.get("change")?.get("before")?)));
        let arn = states
            .chain(before)
            .filter(|(resource, _)| is(resource, TRAIL))
            .find_map(|(_, values)| values.get("arn")?.text());
        let arn = arn.map(|arn| arn.split(':').collect::<Vec<_>>()).unwrap_or_default();
        let caller = known
            .iter()
            .filter(|resource| is(resource, "aws_caller_identity"))
            .find_map(|caller| caller.get("values")?.get("account_id")?.text());
        let id = setting.account_id.as_deref().or(arn.get(4).copied()).or(caller);
        let partition = match (&setting.partition, &setting.region, arn.get(1)) {
            (None, None, Some(partition)) => partition,
            _ => setting.partition(),
        };
        Self {
            id: id.unwrap_or(NO_ACCOUNT).to_string(),
            partition: partition.to_string(),
            region: setting.region.clone(),
        }
    }
}

fn is(resource: &Node, kind: &str) -> bool {
    resource.get("type").and_then(Node::text) == Some(kind)
}

/// All resources of a module and its children.
fn resources(root: &Node) -> Vec<&Node> {
    let mut modules = vec![root];
    let mut all = Vec::new();
    while let Some(module) = modules.pop() {
        all.extend(module.get("resources").map(Node::elements).unwrap_or_default());
        let children = module.get("child_modules").map(Node::elements).unwrap_or_default();
        modules.extend(children.iter().rev());
    }
    all
}

/// The trails of a plan.
pub(super) fn trails(
    plan: &Node,
    planned: &Node,
    account: &Account,
) -> Result<Vec<Json>, PlanError> {
    let changes = plan.get("resource_changes").map(Node::elements).unwrap_or_default();
    let of_address: HashMap<&str, &Node> = changes
        .iter()
        .filter(|change| change.get("deposed").is_none())
        .filter_map(|change| Some((change.get("address")?.text()?, change.get("change")?)))
        .collect();
    let mut trails = Vec::new();
    let is_managed = |resource: &Node| {
        resource.get("mode").and_then(Node::text).is_none_or(|mode| mode == "managed")
    };
    let root = planned.get("root_module");
    for resource in root.map(resources).unwrap_or_default() {
        let Some(kind) = resource.get("type").and_then(Node::text) else { continue };
        let address = resource.get("address").and_then(Node::text).unwrap_or(kind);
        if !is_managed(resource) {
            continue;
        }
        if let Some(what) = brings_trails(kind) {
            let why = unknown(
                format!("the plan does not say what trails {what} `{address}` makes"),
                "audit the account after apply",
            );
            trails.push(doubtful(&format!("the trails of {what} `{address}`"), &[why]));
        } else if kind == TRAIL {
            let unknowns = match of_address.get(address).map(|change| change.get("after_unknown")) {
                Some(Some(said)) => Unknowns::Said(said),
                Some(None) | None => Unknowns::Unsaid,
            };
            trails.push(trail(address, resource.get("values"), unknowns, account)?);
        }
    }
    // A trail that Terraform forgets goes on as it was.
    let forgotten = changes.iter().filter(|change| is(change, TRAIL) && is_managed(change));
    for change in forgotten {
        let address = change.get("address").and_then(Node::text).unwrap_or(TRAIL);
        let change = change.get("change");
        let actions = change.and_then(|change| change.get("actions")).map(Node::elements);
        if actions == Some(&[Node::Text("forget".to_string())]) {
            let before = change.and_then(|change| change.get("before"));
            trails.push(trail(address, before, Unknowns::Nothing, account)?);
        }
    }
    if let Some(what) = incomplete(plan) {
        let why = unknown(format!("the plan is not complete: {what}"), "plan and apply all of it");
        trails.push(doubtful("the trails that the plan leaves out", &[why]));
    }
    Ok(trails)
}

/// Resources that bring trails in a form that is not read here.
fn brings_trails(kind: &str) -> Option<&'static str> {
    match kind {
        "aws_cloudformation_stack" => Some("the stack"),
        "aws_cloudformation_stack_set_instance" | "aws_cloudformation_stack_instances" => {
            Some("the stack set instance")
        }
        "awscc_cloudtrail_trail" | "awscc_cloudformation_stack" => Some("the resource"),
        _ => None,
    }
}

/// Why a plan may leave out resources.
fn incomplete(plan: &Node) -> Option<&'static str> {
    if plan.get("errored") == Some(&Node::Bool(true)) {
        return Some("planning ended with an error");
    }
    if plan.get("deferred_changes").is_some_and(|deferred| !deferred.elements().is_empty()) {
        return Some("it defers changes");
    }
    (plan.get("complete") == Some(&Node::Bool(false))).then_some("it is not applied in one run")
}

/// A trail that is surely planned.
fn trail(
    address: &str,
    values: Option<&Node>,
    unknowns: Unknowns<'_>,
    account: &Account,
) -> Result<Json, PlanError> {
    let values = match values {
        Some(values @ Node::Map(_)) => value(Some(values), unknowns, address),
        _ => return Err(PlanError::shape(address, "expected an object `values`")),
    };
    if let Value::Open(open) = &values {
        return Ok(doubtful(address, &open.why));
    }
    let name = values.get("name").known_text();
    let known_arn = values.get("arn").known_text();
    let region = ["home_region", "region"].map(|member| values.get(member).known_text());
    let region = region[0].or(region[1]).or(account.region.as_deref());
    let arn = known_arn.map_or_else(
        || {
            let Account { id, partition, .. } = account;
            let region = region.unwrap_or("REGION");
            let name = name.map_or_else(|| format!("${{{address}}}"), str::to_string);
            format!("arn:{partition}:cloudtrail:{region}:{id}:trail/{name}")
        },
        str::to_string,
    );
    let partition = arn.split(':').nth(1).unwrap_or(&account.partition).to_string();
    let block = |name: &str| match values.get(name) {
        Value::List(blocks) if blocks.is_empty() => Value::Absent,
        blocks => with_aws_names(blocks.clone()),
    };
    let (basic, advanced) = (block("event_selector"), block("advanced_event_selector"));
    let fact = |name: &'static str, default| Fact {
        name,
        value: values.get(name),
        default: Some(default),
    };
    PlannedTrail {
        path: address,
        arn,
        partition: &partition,
        name,
        home_region: region,
        is_logging: fact("enable_logging", true),
        is_multi_region: fact("is_multi_region_trail", false),
        is_organization: fact("is_organization_trail", false),
        recursive_logging: fact("recursive_logging", true),
        bucket: values.get("s3_bucket_name"),
        basic: &basic,
        advanced: &advanced,
    }
    .document()
}
