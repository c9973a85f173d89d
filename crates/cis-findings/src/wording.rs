//! What both formats say of an answer.

use cis_rules::controls::CIS;
use cis_rules::question::Question;
use cis_rules::report::{AccountResult, Gap, TrailResult, Verdict};

use crate::evidence::{example, without_verdict};
use crate::exception;
use crate::finding_input::FindingInput;
use crate::fix::fix;

/// The tool's name.
pub(crate) const TOOL: &str = "trailproof";

/// The tool's version.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where AWS describes what is to be done.
pub(crate) const ABOUT: &str = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html";

/// What kind of finding it is, in the Security Finding Format's own taxonomy.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Types>
pub(crate) const TYPE: &str = "Software and Configuration Checks/Industry and Regulatory Standards/CIS AWS Foundations Benchmark";

/// What is demanded: the same for every verdict.
pub(crate) fn title(input: &FindingInput<'_>) -> String {
    let planned = if input.snapshot.planned { "Planned " } else { "" };
    let kind = input.result.kind;
    format!("{planned}CloudTrail trails should record every S3 object-level {kind} event")
}

/// Why the verdict is what it is, the most important first: the sentence, then the lost record, the
/// proof, or what is not known.
pub(crate) fn description(input: &FindingInput<'_>) -> String {
    let result = input.result;
    let mut text = without_verdict(result).to_owned();
    match result.verdict {
        Verdict::NonCompliant => {
            if let Some((trail, gap)) = example(result) {
                let by = trail.map_or_else(String::new, |trail| format!(" by {}", trail.arn));
                text += &format!(". A record that is lost{by}: {}", witness(gap));
            }
        }
        Verdict::Compliant => {
            let steps = result.proof.as_ref().map_or(0, |proof| proof.steps.len());
            text += &format!(". The proof has {steps} checked step(s)");
            if !result.assumptions.is_empty() {
                text += &format!("; it assumes {}", result.assumptions.join(", "));
            }
        }
        Verdict::Indeterminate => {
            let reasons: Vec<&str> =
                result.unknowns.iter().map(|unknown| unknown.reason.as_str()).collect();
            if !reasons.is_empty() {
                text += &format!(". Not known: {}", reasons.join("; "));
            }
        }
    }
    for exception in exception::sentences(result) {
        text = format!("{}. {}", text.trim_end_matches('.'), exception.trim_end_matches('.'));
    }
    text
}

/// The lost record as JSON.
pub(crate) fn witness(gap: &Gap) -> String {
    serde_json::to_string(&gap.witness).unwrap_or_default()
}

/// What to do; nothing where nothing is to be done.
pub(crate) fn remediation(input: &FindingInput<'_>) -> Option<String> {
    fix(input)
}

/// The benchmark's own numbers of what is demanded. Security Hub's numbers are not among them: its
/// controls are its own, with findings of their own.
pub(crate) fn requirements(result: &AccountResult) -> Vec<String> {
    let cis = result.controls.iter().filter(|control| control.standard == CIS);
    cis.map(|control| match &control.version {
        Some(version) => format!("{CIS} v{version}/{}", control.id),
        None => format!("{CIS}/{}", control.id),
    })
    .collect()
}

/// The question's settings, those that have a value, by the names of the rule's parameters.
pub(crate) fn settings(question: &Question) -> Vec<(&'static str, String)> {
    let mut settings = vec![
        ("EventKind", question.kind.to_string()),
        ("TrailMode", question.mode.to_string()),
        ("CloudTrailDeliveries", question.deliveries.to_string()),
        ("RequireDelivery", question.require_delivery.to_string()),
    ];
    for (name, buckets) in [
        ("AllowedUnloggedBuckets", &question.allow_unlogged),
        ("TrustedLogBuckets", &question.trusted_log_buckets),
    ] {
        if !buckets.is_empty() {
            let names: Vec<&str> = buckets.iter().map(|name| name.as_str()).collect();
            settings.push((name, names.join(",")));
        }
    }
    settings
}

/// What one trail does by itself.
pub(crate) fn trail(trail: &TrailResult) -> String {
    let mut text = format!(
        "{}: {}, {}",
        trail.arn,
        trail.verdict,
        if trail.counts { "counts" } else { "does not count" }
    );
    if let Some(template) = trail.template {
        text += &format!(", log selector template {template}");
    }
    for reason in &trail.reasons {
        text += &format!("; {reason}");
    }
    for gap in &trail.gaps {
        text += &format!("; misses {}", gap.description);
    }
    if trail.more_gaps {
        text += "; and more";
    }
    text
}

/// Every region that no trail logs.
pub(crate) fn lost(result: &AccountResult) -> String {
    let mut regions: Vec<&str> = result.gaps.iter().map(|gap| gap.description.as_str()).collect();
    if result.more_gaps {
        regions.push("and more");
    }
    regions.join("; ")
}
