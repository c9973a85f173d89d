//! Results about accounts and their trails.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Assumption, Gap, LeftOut, Proof, Verdict};
use crate::answer::console_template::ConsoleTemplate;
use crate::aws::controls::Control;
use crate::aws::unknown::Unknown;
use crate::spec::question::{BucketName, Kind, Mode};

/// The answer to one question about one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Readings of undocumented behaviour that the proof rests on.
    pub assumptions: Vec<Assumption>,
    /// Each trail, in the snapshot's order.
    pub trails: Vec<TrailResult>,
    /// What need not be logged and stands beside what must.
    pub left_out: Vec<LeftOut>,
    /// Records that no trail logs, largest region first.
    pub gaps: Vec<Gap>,
    /// Whether there are more gaps than are listed, or may be.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub more_gaps: bool,
    /// What is not known and would settle the answer.
    pub unknowns: Vec<Unknown>,
    /// Why every record is logged, where the verdict is COMPLIANT.
    pub proof: Option<Proof>,
}

/// What one trail does alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    pub template: Option<ConsoleTemplate>,
    /// Why the trail does not count, or what about it is not known.
    pub reasons: Vec<String>,
    /// What this trail alone misses, largest region first.
    pub gaps: Vec<Gap>,
    /// Whether there are more gaps than are listed, or may be.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub more_gaps: bool,
}

/// A list with at least one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtLeastOne<T>(Vec<T>);

impl<T> AtLeastOne<T> {
    /// The elements of a list, or this one where it has none.
    #[must_use]
    pub fn or(list: Vec<T>, else_this: impl FnOnce() -> T) -> Self {
        Self(if list.is_empty() { alloc::vec![else_this()] } else { list })
    }

    /// All elements.
    #[must_use]
    pub fn into_all(self) -> Vec<T> {
        self.0
    }
}

/// An answer with what it must not be without.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Conclusion {
    /// COMPLIANT, with the proof and what it rests on.
    Proved(Proof, Vec<Assumption>),
    /// NON_COMPLIANT: the losses stand with the trails and the account.
    Refuted,
    /// INDETERMINATE, with what is not known.
    Open(AtLeastOne<Unknown>),
}
