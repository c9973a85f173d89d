//! What Pulumi prints of a stack: `pulumi preview --json`, which is planned, and `pulumi stack
//! export`, which exists.
//!
//! The resources of the providers AWS and AWS Native are put in the form of a Terraform plan, since
//! their properties are those of Terraform and of CloudFormation, so that accounts, partitions and
//! trails are read by the same code.
//!
//! Sources: <https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/>,
//! <https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/>,
//! <https://github.com/pulumi/pulumi/tree/master/sdk/go/common/apitype>

mod document;
mod export;
mod generated;
mod kinds;
mod preview;
mod properties;
mod providers;
mod stack;
mod values;

use cis_rules::report::Unknown;
use cis_rules::snapshot::{ObservedTrail, Snapshot};
use serde::Deserialize;

use self::stack::Stack;
use crate::error::PlanError;
use crate::node::Node;
use crate::together::beside;
use crate::trail::doubtful;
use crate::{Setting, json};

/// Reads what Pulumi printed: an answer for each account that it has trails of.
pub(crate) fn read(text: &str, setting: &Setting) -> Result<Vec<Snapshot>, PlanError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    refuse_events(text)?;
    let root = json::read(text)?;
    let (document, doubts, is_planned) = {
        let stack = stack(&root)?;
        let (document, doubts) = document::of(&stack);
        (document, doubts, stack.is_planned)
    };
    let accounts = crate::terraform::of_other(document, &root, is_planned, setting)?;
    let doubts = doubts.iter().map(|(label, why)| {
        ObservedTrail::deserialize(doubtful(label, &[Unknown::clone(why)]))
            .map_err(|error| PlanError::shape(label, error.to_string()))
    });
    let doubts = doubts.collect::<Result<Vec<_>, _>>()?;
    let with_doubts = |account| beside(account, doubts.clone());
    accounts.into_iter().map(with_doubts).collect()
}

/// The stack of a document.
fn stack(root: &Node) -> Result<Stack<'_>, PlanError> {
    let has = |name| root.get(name).is_some();
    // A stack in a backend of one's own is stored as a checkpoint.
    if has("deployment") || has("checkpoint") {
        export::read(root)
    } else if ["steps", "changeSummary", "diagnostics"].into_iter().any(has) {
        preview::read(root)
    } else {
        Err(PlanError::Kind(
            "not what Pulumi prints of a stack: give the output of `pulumi preview --json` or \
             `pulumi stack export`"
                .to_string(),
        ))
    }
}

/// Pulumi's log of events says what happens, and not what is there afterwards.
fn refuse_events(text: &str) -> Result<(), PlanError> {
    let first = text.lines().next().unwrap_or_default();
    if json::read(first).is_ok_and(|event| event.get("sequence").is_some()) {
        return Err(PlanError::Kind(
            "this is Pulumi's log of events: give the output of `pulumi preview --json \
             --show-sames`, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
                .to_string(),
        ));
    }
    Ok(())
}
