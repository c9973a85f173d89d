//! Answers as findings: what a finding must know besides the answer.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use cis_findings::{FindingInput, Time, asff, ocsf};
use cis_rules::question::Question;
use cis_rules::report::AccountResult;
use cis_rules::snapshot::Snapshot;
use serde::Serialize;
use serde_json::Value;

use crate::outcome::Failure;

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// AWS Security Finding Format.
    Asff,
    /// OCSF Compliance Finding.
    Ocsf,
}

/// One finding in one of the forms.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Finding {
    Asff(Box<asff::Finding>),
    Ocsf(Value),
}

/// An account of which findings can be made.
#[derive(Debug)]
pub(crate) struct Account<'a> {
    snapshot: &'a Snapshot,
    region: &'a str,
    read_at: Time,
}

/// The accounts, with the Region and the time that their findings need.
///
/// An account is read when its snapshot says so, and now where it does not: a snapshot of long ago
/// must not take the place of a later finding.
///
/// # Errors
/// Where a snapshot does not say its Region, or says as its time what is none.
pub(crate) fn accounts(snapshots: &[Snapshot]) -> Result<Vec<Account<'_>>, Failure> {
    snapshots.iter().map(account).collect()
}

fn account(snapshot: &Snapshot) -> Result<Account<'_>, Failure> {
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

impl<'a> Account<'a> {
    /// The account.
    pub(crate) const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// An answer about the account as a finding.
    pub(crate) fn finding(
        &self,
        form: Form,
        question: &Question,
        result: &AccountResult,
    ) -> Finding {
        // The command has no rule whose name tells one question from another.
        let asked_by = format!("trailproof/{}", result.mode);
        let input = FindingInput {
            snapshot: self.snapshot,
            question,
            result,
            asked_by: &asked_by,
            region: self.region,
            read_at: &self.read_at,
        };
        match form {
            Form::Asff => Finding::Asff(Box::new(asff::Finding::new(&input))),
            Form::Ocsf => Finding::Ocsf(ocsf::finding(&input)),
        }
    }
}
