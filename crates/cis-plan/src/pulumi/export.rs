//! What exists: `pulumi stack export`, and the checkpoint that a backend stores.
//!
//! Source: <https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go>

use std::collections::{HashMap, HashSet};

use super::properties::Properties;
use super::stack::{Resource, Stack, address};
use crate::error::PlanError;
use crate::node::Node;
use crate::value::unknown;

/// Reads the deployment of a stack.
pub(super) fn read(root: &Node) -> Result<Stack<'_>, PlanError> {
    let version = root.get("version").and_then(Node::text);
    if !matches!(version, Some("1" | "2" | "3" | "4")) {
        return Err(PlanError::Kind(format!(
            "version `{}` of Pulumi's deployments is not supported, only 1 to 4",
            version.unwrap_or("none")
        )));
    }
    let (path, deployment) = match root.get("deployment") {
        Some(deployment) => ("deployment", deployment),
        None => {
            let latest = root.get("checkpoint").and_then(|checkpoint| checkpoint.get("latest"));
            ("checkpoint.latest", latest.unwrap_or(&Node::Null))
        }
    };
    let list = |name: &str| match deployment.get(name) {
        None | Some(Node::Null) => Ok(&[][..]),
        Some(Node::List(all)) => Ok(all.as_slice()),
        Some(_) => Err(PlanError::shape(format!("{path}.{name}"), "expected a list")),
    };
    if !matches!(deployment, Node::Map(_) | Node::Null) {
        return Err(PlanError::shape(path, "expected an object"));
    }
    let pending = list("pending_operations")?;
    let states = list("resources")?;
    if Stack::is_too_large(states.len().saturating_add(pending.len())) {
        return Err(PlanError::shape(path, Stack::too_large()));
    }
    let mut stack = Stack::default();
    let interrupted = interrupted(pending, path)?;
    let mut live = HashSet::new();
    for (position, state) in states.iter().enumerate() {
        let is = |name| state.get(name) == Some(&Node::Bool(true));
        let has_errors =
            state.get("initErrors").is_some_and(|errors| !errors.elements().is_empty());
        let urn = state.get("urn").and_then(Node::text).unwrap_or_default();
        let properties = if interrupted.contains_key(urn) {
            Properties::unknown("an operation on it was interrupted")
        } else if has_errors {
            Properties::unknown("it was not made or changed as a whole")
        } else {
            Properties::existing(state.get("inputs"), state.get("outputs"))
        };
        let Some(resource) = Resource::of(state, properties) else {
            let place = format!("{path}.resources[{position}]");
            return Err(PlanError::shape(place, "expected a resource with a `urn`"));
        };
        if is("pendingReplacement") {
            // It is deleted, and not made again yet.
            continue;
        }
        if is("delete") {
            stack.doubt(&resource, "it is still to be deleted");
            continue;
        }
        if !live.insert(resource.urn) {
            let place = format!("{path}.resources[{position}]");
            return Err(PlanError::shape(place, format!("`{}` stands twice", resource.urn)));
        }
        stack.resources.push(resource);
    }
    // What was being made has no state yet.
    let known: HashSet<&str> = states.iter().filter_map(|state| state.get("urn")?.text()).collect();
    for (urn, state) in interrupted {
        if !known.contains(urn)
            && let Some(resource) = Resource::of(state, Properties::unknown(""))
        {
            stack.doubt(&resource, "making it was interrupted");
        }
    }
    Ok(stack)
}

/// The resources on which an operation was interrupted.
fn interrupted<'a>(
    pending: &'a [Node],
    path: &str,
) -> Result<HashMap<&'a str, &'a Node>, PlanError> {
    let mut all = HashMap::new();
    for (position, operation) in pending.iter().enumerate() {
        let place = || format!("{path}.pending_operations[{position}]");
        let state = operation
            .get("resource")
            .ok_or_else(|| PlanError::shape(place(), "expected an operation with a `resource`"))?;
        let urn = state
            .get("urn")
            .and_then(Node::text)
            .ok_or_else(|| PlanError::shape(place(), "expected a `resource` with a `urn`"))?;
        // Reading changes nothing.
        if operation.get("type").and_then(Node::text) == Some("reading") {
            continue;
        }
        all.insert(urn, state);
    }
    Ok(all)
}

impl<'a> Stack<'a> {
    /// Notes that what a resource brings may be there, if it can bring trails.
    pub(super) fn doubt(&mut self, resource: &Resource<'a>, why: &str) {
        if !resource.is_custom || !super::kinds::of(resource.kind).may_have_trails() {
            return;
        }
        let at = address(resource.urn);
        let why = unknown(
            format!("whether `{at}` is there is not known: {why}"),
            "run `pulumi refresh` and `pulumi up`, or audit the account",
        );
        self.doubts.push((at.to_string(), why));
    }
}
