//! The report: what was decided and why, in the shape that every program reads (schemaVersion 1).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::controls::Control;
use crate::matching::{DATA, S3_OBJECT};
use crate::question::{BucketName, Kind, Mode};
use crate::record::{Record, Resource};

/// The answer to a question about an account or a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Every record in scope is surely logged: there is a checked proof.
    Compliant,
    /// Some record in scope is surely lost: there is a witness.
    NonCompliant,
    /// Neither can be shown from what is known.
    Indeterminate,
}

impl Verdict {
    /// The verdict as AWS Config and the report spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compliant => "COMPLIANT",
            Self::NonCompliant => "NON_COMPLIANT",
            Self::Indeterminate => "INDETERMINATE",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Answers about one or more accounts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this shape: 1.
    pub schema_version: u32,
    /// One result per account and kind, in the order they were asked.
    pub results: Vec<AccountResult>,
}

impl Report {
    /// The version that this library writes.
    pub const SCHEMA_VERSION: u32 = 1;

    /// A report of these results.
    #[must_use]
    pub const fn new(results: Vec<AccountResult>) -> Self {
        Self { schema_version: Self::SCHEMA_VERSION, results }
    }
}

/// The answer to one question about one account.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountResult {
    /// The snapshot's label.
    pub name: Option<String>,
    /// The 12-digit account id.
    pub account_id: String,
    /// Which events were asked about.
    pub kind: Kind,
    /// How trails were combined.
    pub mode: Mode,
    /// Buckets that were allowed to stay unlogged.
    pub allow_unlogged: Vec<BucketName>,
    /// The answer.
    pub verdict: Verdict,
    /// The answer in one sentence of at most 256 characters: the AWS Config annotation.
    pub summary: String,
    /// The controls that the answer speaks to.
    pub controls: Vec<Control>,
    /// What the answer rests on: readings of undocumented behaviour (`arn-prefix`, of a proof only),
    /// and the partition where a plan does not say it (`assumed-partition`).
    pub assumptions: Vec<&'static str>,
    /// Each trail, in the snapshot's order.
    pub trails: Vec<TrailResult>,
    /// Records that no trail logs, largest region first.
    pub gaps: Vec<Gap>,
    /// Whether there are more gaps than are listed, or may be.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub more_gaps: bool,
    /// What is not known and would settle the answer.
    pub unknowns: Vec<Unknown>,
    /// Why every record is logged, where the verdict is COMPLIANT.
    pub proof: Option<Proof>,
}

/// What one trail does alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrailResult {
    /// The trail's ARN.
    pub arn: String,
    /// Whether the trail can count: multi-Region, logging, this account's own or the organization's.
    pub counts: bool,
    /// Whether this trail alone logs every record in scope.
    pub verdict: Verdict,
    /// The log selector template that the CloudTrail console would show for its S3 data events;
    /// none where the trail selects no S3 data events or its selectors were not observed.
    pub template: Option<&'static str>,
    /// Why the trail does not count, or what about it is not known.
    pub reasons: Vec<String>,
    /// What this trail alone misses, largest region first.
    pub gaps: Vec<Gap>,
    /// Whether there are more gaps than are listed, or may be.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub more_gaps: bool,
}

/// A region of records that are surely lost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gap {
    /// The whole region in words.
    pub description: String,
    /// One record of the region.
    pub witness: Witness,
}

/// One concrete record that would be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Witness {
    /// The record's `eventName`.
    pub event_name: String,
    /// The record's `eventSource`.
    pub event_source: String,
    /// The record's `eventType`.
    pub event_type: String,
    /// The record's `readOnly`: `true` or `false`.
    pub read_only: &'static str,
    /// The object's ARN; with an empty key, the record's `ARNPrefix`.
    #[serde(rename = "resources.ARN")]
    pub resources_arn: String,
    /// The record's `userIdentity.arn`, absent for anonymous callers and services.
    #[serde(rename = "userIdentity.arn")]
    pub user_identity_arn: Option<String>,
    /// The record's `sessionCredentialFromConsole`, present only for console sessions.
    pub session_credential_from_console: Option<String>,
}

impl Witness {
    /// The witness of a record of the scope; `readOnly` is the kind's.
    #[must_use]
    pub fn new(record: &Record, kind: Kind) -> Self {
        Self {
            event_name: record.event_name.clone(),
            event_source: record.event_source.clone(),
            event_type: record.event_type.clone(),
            read_only: kind.read_only(),
            resources_arn: record.resource.text().to_string(),
            user_identity_arn: record.user_identity_arn.clone(),
            session_credential_from_console: record.session_credential_from_console.clone(),
        }
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> Record {
        Record {
            event_category: DATA.to_string(),
            resource_type: S3_OBJECT.to_string(),
            read_only: self.read_only.to_string(),
            event_name: self.event_name.clone(),
            event_source: self.event_source.clone(),
            event_type: self.event_type.clone(),
            resource: Resource::of_object(self.resources_arn.clone()),
            user_identity_arn: self.user_identity_arn.clone(),
            session_credential_from_console: self.session_credential_from_console.clone(),
        }
    }
}

/// A fact that is not known, and what would settle it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unknown {
    /// What is not known.
    pub reason: String,
    /// What to do to learn it.
    pub settled_by: String,
}

/// A proof that every record in scope is logged.
///
/// Step 0 is about the whole scope, and every step refers only to later ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proof {
    /// The steps.
    pub steps: Vec<ProofStep>,
}

/// Why every record of a part of the scope is logged.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProofStep {
    /// One selector of one trail matches them all.
    Logged(LoggedBy),
    /// The part is split by the values of one field, and every part of that is logged.
    Split(Split),
    /// There are no such records.
    Empty,
    /// Each of these steps shows it of one trail (mode `every`).
    Each(Vec<usize>),
}

/// One selector of one trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedBy {
    /// The trail's ARN.
    pub trail: String,
    /// The selector's position in the trail's list, from 0.
    pub selector: usize,
    /// The selector's name, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector_name: Option<String>,
}

/// A part of the scope, split by the values of one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Split {
    /// The field.
    pub field: &'static str,
    /// The parts, which together are the whole.
    pub parts: Vec<ProofPart>,
}

/// One part of a split.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProofPart {
    /// The field's values in this part, in words.
    pub values: String,
    /// The position of the step that shows this part.
    pub step: usize,
}

/// The assumption that a plan which does not say its partition is for `aws`.
pub const ASSUMED_PARTITION: &str = "assumed-partition";

/// The readings of undocumented behaviour that are to be named: `arn-prefix`, where something rests
/// on it.
pub(crate) fn assumptions(rests_on_prefix: bool) -> Vec<&'static str> {
    if rests_on_prefix { alloc::vec!["arn-prefix"] } else { Vec::new() }
}
