//! The first line: the verdict, the account, what was asked, and the controls.

use std::io::{self, Write};

use cis_rules::question::{Mode, Question};
use cis_rules::report::AccountResult;

use crate::text::page::Page;
use crate::text::tone;

/// What stands for an account that a plan does not name.
const NO_ACCOUNT: &str = "000000000000";

/// Writes it, and a second one where more was asked than is usual.
pub(super) fn write<W: Write>(
    page: &mut Page<W>,
    question: &Question,
    result: &AccountResult,
) -> io::Result<()> {
    let account = account(result);
    let left = format!("  {account}  S3 {} events", question.kind);
    page.verdict(tone(result.verdict), result.verdict.name(), &left, &controls(result))?;
    let asked = asked(question);
    if asked.is_empty() { Ok(()) } else { page.text(0, &format!("Asked: {}.", asked.join("; "))) }
}

/// The account, and its label.
pub(super) fn account(result: &AccountResult) -> String {
    let account = match result.account_id.as_str() {
        NO_ACCOUNT => "account not known",
        account => account,
    };
    let name = result.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
    format!("{account}{name}")
}

/// The newest version of each standard: "CIS 4.8 · Security Hub S3.22".
fn controls(result: &AccountResult) -> String {
    let id = |standard: &str| {
        result.controls.iter().find(|one| one.standard.contains(standard)).map(|one| &one.id)
    };
    let cis = id("CIS").map(|id| format!("CIS {id}"));
    let hub = id("Security Hub").map(|id| format!("Security Hub {id}"));
    cis.into_iter().chain(hub).collect::<Vec<_>>().join(" · ")
}

/// What was asked beside the defaults.
fn asked(question: &Question) -> Vec<String> {
    let mut asked = Vec::new();
    match question.mode {
        Mode::Any => {}
        Mode::Union => asked.push("all trails together record everything".to_string()),
        Mode::Every => asked.push("every trail records everything".to_string()),
    }
    if !question.trusted_log_buckets.is_empty() {
        let names: Vec<_> =
            question.trusted_log_buckets.iter().map(|bucket| bucket.as_str()).collect();
        asked.push(format!("trusted log buckets: {}", names.join(", ")));
    }
    if question.deliveries == cis_rules::question::Deliveries::Require {
        asked.push("CloudTrail's own log deliveries too".to_string());
    }
    if question.require_delivery {
        asked.push("log files are delivered".to_string());
    }
    asked
}
