//! The fix in a few lines.

use cis_rules::question::{Mode, Question};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use super::{Mistake, Slip};
use crate::commands::Names;
use crate::repair::TrailRepair;

/// A line of a fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Words.
    Text(String),
    /// Something to copy.
    Copy(String),
}

/// What to do about a mistake, which may be that of one of several trails.
#[must_use]
pub fn remedy(
    mistake: &Mistake<'_>,
    snapshot: &Snapshot,
    question: &Question,
    is_one_of_several: bool,
) -> Vec<Line> {
    let mut lines = match mistake.trail {
        None => vec![Line::Text(format!(
            "create a multi-Region trail that selects every S3 {} event, and start it",
            question.kind
        ))],
        Some(_) if snapshot.planned => planned(mistake, question),
        Some((observed, _)) => observed_trail(mistake, snapshot, question, observed),
    };
    if question.mode == Mode::Every && is_one_of_several {
        lines.push(text("the same for each trail that fails"));
    }
    lines
}

fn text(line: impl Into<String>) -> Line {
    Line::Text(line.into())
}

/// What to change where it is written.
fn planned(mistake: &Mistake<'_>, question: &Question) -> Vec<Line> {
    match &mistake.slip {
        Slip::Stopped => vec![text("set IsLogging (in Terraform enable_logging) to true")],
        Slip::SingleRegion => {
            vec![text("set IsMultiRegionTrail (in Terraform is_multi_region_trail) to true")]
        }
        slip => of_selectors(slip, question),
    }
}

fn observed_trail(
    mistake: &Mistake<'_>,
    snapshot: &Snapshot,
    question: &Question,
    observed: &ObservedTrail,
) -> Vec<Line> {
    let names = Names::of(observed);
    let repair = TrailRepair::of(snapshot, question, observed);
    let mut lines = Vec::new();
    if !repair.is_own && mistake.slip != Slip::AnotherAccounts {
        lines.push(text("in the organization's management account, which owns the trail:"));
    }
    lines.extend(match &mistake.slip {
        Slip::AnotherAccounts => vec![text(format!(
            "create a multi-Region trail of this account that selects every S3 {} event",
            question.kind
        ))],
        Slip::Stopped => vec![
            Line::Copy(names.start_logging()),
            text("Then find out who stopped it: look up StopLogging in the Event history."),
        ],
        Slip::SingleRegion => vec![Line::Copy(names.update_trail("--is-multi-region-trail"))],
        Slip::UntrustedBucket(_) => vec![
            text("its bucket is right: name it with --trusted-log-bucket"),
            text("it is wrong:"),
            Line::Copy(names.update_trail("--s3-bucket-name BUCKET")),
        ],
        Slip::NotDelivered(_) => {
            vec![text("correct the policy of its bucket, or of its KMS key")]
        }
        Slip::DeliveriesLeftOut => vec![Line::Copy(names.update_trail("--recursive-logging"))],
        slip => of_selectors(slip, question),
    });
    let is_both = mistake.slip == Slip::Stopped && repair.extend;
    if is_both {
        lines.push(text("Make it multi-Region, too:"));
        lines.push(Line::Copy(names.update_trail("--is-multi-region-trail")));
    }
    if mistake.has_selectors_too {
        lines.push(text("Then audit again: its selectors lose events as well (`--details`)."));
    }
    lines
}

/// What to change in the selectors.
fn of_selectors(slip: &Slip<'_>, question: &Question) -> Vec<Line> {
    let kind = question.kind;
    match slip {
        Slip::NoSlash { bucket } => vec![
            text(format!("only {bucket} is meant to stay unlogged: end the value with a slash,")),
            text(format!("and audit with --allow-unlogged {bucket}")),
            text("nothing is meant to stay unlogged: remove the condition"),
        ],
        Slip::LeavesOutBuckets { is_own_log_bucket: true, .. } => vec![
            text(
                "remove the condition, and set RecursiveLogging to false, which keeps CloudTrail's",
            ),
            text("own deliveries out and nothing else"),
        ],
        Slip::LeavesOutBuckets { buckets, .. } => {
            let options: Vec<_> =
                buckets.iter().take(3).map(|bucket| format!("--allow-unlogged {bucket}")).collect();
            vec![
                text(format!("it is meant to stay unlogged: audit with {}", options.join(" "))),
                text("it is not: remove the condition"),
            ]
        }
        Slip::NotEqualsBucket { .. } => vec![text("remove the condition")],
        Slip::OtherPartition { partition, .. } => {
            vec![text(format!("write arn:{partition}:s3 in place of the value"))]
        }
        Slip::Star { .. } => vec![text("end the value with :::, which takes all objects")],
        Slip::OtherKind(_) => vec![text(format!(
            "add a selector of S3 {kind} events, or remove the condition on readOnly"
        ))],
        Slip::TodaysNames | Slip::SomeNames | Slip::NamesOfOtherKind { .. } => vec![text(format!(
            "remove the condition on eventName, or put readOnly Equals {} in its place",
            if kind == cis_rules::question::Kind::Write { "false" } else { "true" }
        ))],
        Slip::OnlySome { .. } | Slip::NoDataEvents => vec![text(format!(
            "add a selector that takes every S3 {kind} event: `trailproof fix` writes the request"
        ))],
        _ => vec![text(format!(
            "remove the condition, or add a selector that takes every S3 {kind} event"
        ))],
    }
}
