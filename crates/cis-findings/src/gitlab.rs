//! GitLab's code quality report.
//!
//! Source: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use cis_rules::question::Question;
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::told::Told;

/// The issues of an answer that is not COMPLIANT: one for each region that a trail loses, one of an
/// INDETERMINATE. What is written in no file stands at the account's name.
#[must_use]
pub fn issues(snapshot: &Snapshot, question: &Question, result: &AccountResult) -> Vec<Value> {
    let severity = match result.verdict {
        Verdict::Compliant => return Vec::new(),
        _ if result.excepted().is_some() => "info",
        Verdict::NonCompliant => "critical",
        Verdict::Indeterminate => "major",
    };
    let each = Told::each(snapshot, question, result).into_iter();
    each.map(|told| issue(severity, told, result)).collect()
}

fn issue(severity: &str, told: Told, result: &AccountResult) -> Value {
    let account = result.name.as_deref().unwrap_or(&result.account_id);
    let (file, line) = match &told.place {
        Some(place) => (place.file.as_str(), place.line.unwrap_or(1)),
        None => (account, 1),
    };
    let mut hash = Sha256::new();
    for part in [told.rule, &told.identity, file] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let fingerprint: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut description = told.cause;
    if !told.fix.is_empty() {
        description += &format!(" Fix: {}.", told.fix.join("; "));
    }
    for exception in &told.exceptions {
        description += &format!(" {exception}");
    }
    json!({
        "description": description,
        "check_name": format!("trailproof/{}", told.rule),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": file, "lines": {"begin": line}},
    })
}
