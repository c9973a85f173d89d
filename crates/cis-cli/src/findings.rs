//! Answers as findings: what a finding must know besides the answer.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use cis_findings::{FindingInput, Time, asff, ocsf};
use cis_rules::question::Question;
use cis_rules::report::AccountResult;
use cis_rules::snapshot::Snapshot;
use serde_json::Value;

use crate::outcome::Failure;

/// An account of which findings can be made.
#[derive(Debug)]
pub(crate) struct Account<'a> {
    snapshot: &'a Snapshot,
    region: &'a str,
    read_at: Time,
}

/// The account, with the Region and the time that its findings need.
///
/// An account is read when its snapshot says so, and now where it does not: a snapshot of long ago
/// must not take the place of a later finding.
///
/// # Errors
/// Where the snapshot has no Region, or its `collectedAt` is not an RFC 3339 time.
pub(crate) fn account(snapshot: &Snapshot) -> Result<Account<'_>, Failure> {
    let refused = |problem: &str| {
        let label = snapshot.name.as_deref().map_or_else(String::new, |name| format!(" ({name})"));
        Failure::Refused(format!("account {}{label}: {problem}", snapshot.account_id))
    };
    let region =
        snapshot.region.as_deref().filter(|region| !region.trim().is_empty()).ok_or_else(|| {
            refused(
                "a finding belongs to a Region, and the snapshot says none: give it `region`, or \
                 `--region` beside a template or plan",
            )
        })?;
    let read_at = match &snapshot.collected_at {
        Some(text) => Time::parse(text).ok_or_else(|| {
            refused(&format!("`collectedAt` is `{text}`, which is not an RFC 3339 time"))
        }),
        None => Time::new(DateTime::from(SystemTime::now()))
            .ok_or_else(|| refused("the clock's time cannot be written")),
    }?;
    Ok(Account { snapshot, region, read_at })
}

impl Account<'_> {
    /// An answer about the account in the AWS Security Finding Format.
    pub(crate) fn asff(&self, question: &Question, result: &AccountResult) -> asff::Finding {
        asff::Finding::new(&self.input(question, result, &asked_by(result)))
    }

    /// An answer about the account as an OCSF Compliance Finding.
    pub(crate) fn ocsf(&self, question: &Question, result: &AccountResult) -> Value {
        ocsf::finding(&self.input(question, result, &asked_by(result)))
    }

    fn input<'a>(
        &'a self,
        question: &'a Question,
        result: &'a AccountResult,
        asked_by: &'a str,
    ) -> FindingInput<'a> {
        FindingInput {
            snapshot: self.snapshot,
            question,
            result,
            asked_by,
            region: self.region,
            read_at: &self.read_at,
        }
    }
}

/// The command has no rule whose name tells one question from another.
fn asked_by(result: &AccountResult) -> String {
    format!("trailproof/{}", result.mode)
}
