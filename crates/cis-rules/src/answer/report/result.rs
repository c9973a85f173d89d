//! Results about accounts and their trails. None is without what its verdict rests on.
//!
//! [`AccountMembers`] and [`TrailMembers`] are what stands in JSON. [`AccountResult`] and
//! [`TrailResult`] hold the same, checked: their members can be read, and a change is checked again.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Deref;

use serde::{Deserialize, Serialize};

use super::evidence::{Conclusion, MissingEvidence};
use super::{Assumption, Completion, Gap, LeftOut, Proof, Verdict};
use crate::answer::console_template::ConsoleTemplate;
use crate::aws::controls::Control;
use crate::aws::snapshot::{Place, ReadBy};
use crate::aws::unknown::Unknown;
use crate::spec::question::{BucketName, Excepted, Exception, Kind, Mode};

/// The answer to one question about one account, with what its verdict rests on.
///
/// COMPLIANT has a proof, and no other verdict has one. NON_COMPLIANT has a gap, of the account or
/// of a trail, or there is no trail. INDETERMINATE has an unknown. Neither who builds a result nor
/// who reads one from JSON can get around that: both go through [`AccountMembers`], which are
/// checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "AccountMembers")]
pub struct AccountResult(AccountMembers);

/// What one trail does by itself, with what its verdict rests on.
///
/// NON_COMPLIANT has a gap, and no other verdict has one. INDETERMINATE has a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "TrailMembers")]
pub struct TrailResult(TrailMembers);

/// The answer to one question about one account, as its members stand in JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", schemars(rename = "AccountResult", transform = crate::schema::of_account))]
pub struct AccountMembers {
    /// The snapshot's label.
    pub name: Option<String>,
    /// The 12-digit account id.
    pub account_id: String,
    /// Who read the account. Left out unless it was read live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_by: Option<ReadBy>,
    /// Which events were asked about.
    pub kind: Kind,
    /// How trails were combined.
    pub mode: Mode,
    /// Buckets that were allowed to stay unlogged.
    pub allow_unlogged: Vec<BucketName>,
    /// The answer.
    pub verdict: Verdict,
    /// The answer in one sentence of at most 256 characters: the AWS Config annotation.
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 256)))]
    pub summary: String,
    /// The controls that the answer speaks to.
    pub controls: Vec<Control>,
    /// Readings of undocumented behaviour that the proof rests on, and what a plan does not say.
    pub assumptions: Vec<Assumption>,
    /// Each trail, in the snapshot's order.
    pub trails: Vec<TrailResult>,
    /// What need not be logged and stands beside what must.
    pub left_out: Vec<LeftOut>,
    /// The exceptions that concern the answer, with their reasons: those that it rests on, and those
    /// that do not count any more. Left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// Records that no trail logs, largest region first.
    pub gaps: Vec<Gap>,
    /// Whether there are more gaps than are listed, or may be. Left out where there are not.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub more_gaps: bool,
    /// What is not known and would settle the answer.
    pub unknowns: Vec<Unknown>,
    /// Why every record is logged, where the verdict is COMPLIANT.
    pub proof: Option<Proof>,
    /// The ways to fill in what a plan leaves open, each with its own evidence. Left out where nothing
    /// that is open makes a difference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completions: Vec<Completion>,
}

/// What one trail does by itself, as its members stand in JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", schemars(rename = "TrailResult", transform = crate::schema::of_trail))]
pub struct TrailMembers {
    /// The trail's ARN.
    pub arn: String,
    /// Where the trail is written. Left out unless it is planned in a file whose lines are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whether the trail can count: multi-Region, logging, this account's own or the organization's.
    pub counts: bool,
    /// Whether this trail by itself logs every record in scope.
    pub verdict: Verdict,
    /// The log selector template that the CloudTrail console would show for its S3 data events;
    /// `null` where the trail selects no S3 data events or its selectors were not observed.
    pub template: Option<ConsoleTemplate>,
    /// Why the trail does not count, or what about it is not known.
    pub reasons: Vec<String>,
    /// What this trail by itself misses, largest region first.
    pub gaps: Vec<Gap>,
    /// Whether there are more gaps than are listed, or may be. Left out where there are not.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub more_gaps: bool,
}

impl AccountResult {
    /// The result with a conclusion in place of its verdict and all that the verdict rests on.
    pub(crate) fn concluded(members: AccountMembers, conclusion: Conclusion) -> Self {
        Self::decided(members.concluded(conclusion))
    }

    /// The result with other members.
    pub(crate) fn rewritten(self, change: impl FnOnce(&mut AccountMembers)) -> Self {
        let mut members = self.0;
        change(&mut members);
        Self::decided(members)
    }

    /// The result. A verdict that has nothing to show is none: it is INDETERMINATE then.
    fn decided(members: AccountMembers) -> Self {
        match members.missing_evidence() {
            None => Self(members),
            Some(missing) => {
                let reason = missing.to_string();
                let settled_by = "report it as a fault of trailproof".to_string();
                let unknown = || Unknown { reason, settled_by };
                Self(members.concluded(Conclusion::open(Vec::new(), unknown)))
            }
        }
    }

    /// The result with other members.
    ///
    /// # Errors
    /// Where the verdict is then without what it must rest on.
    pub fn with(self, change: impl FnOnce(&mut AccountMembers)) -> Result<Self, MissingEvidence> {
        let mut members = self.0;
        change(&mut members);
        members.try_into()
    }

    /// The members.
    #[must_use]
    pub fn into_members(self) -> AccountMembers {
        self.0
    }
}

impl AccountMembers {
    /// The exception of the whole account, if there is one that counts: the verdict stays what it is.
    #[must_use]
    pub fn excepted(&self) -> Option<&Exception> {
        let is_of_account = |one: &&Exception| one.excepts(Excepted::Account, &self.account_id);
        self.exceptions.iter().find(is_of_account)
    }

    fn concluded(self, conclusion: Conclusion) -> Self {
        let members = Self {
            gaps: Vec::new(),
            more_gaps: false,
            unknowns: Vec::new(),
            proof: None,
            completions: Vec::new(),
            ..self
        };
        match conclusion {
            Conclusion::Proved(proof) => {
                Self { verdict: Verdict::Compliant, proof: Some(proof), ..members }
            }
            Conclusion::Refuted { gaps, more_gaps } => {
                Self { verdict: Verdict::NonCompliant, gaps, more_gaps, ..members }
            }
            Conclusion::Open(unknowns) => {
                Self { verdict: Verdict::Indeterminate, unknowns: unknowns.into_all(), ..members }
            }
        }
    }
}

impl TrailResult {
    /// The result. A verdict that has nothing to show is none: it is INDETERMINATE then.
    pub(crate) fn decided(members: TrailMembers) -> Self {
        match members.missing_evidence() {
            None => Self(members),
            Some(missing) => {
                let mut reasons = members.reasons;
                reasons.push(missing.to_string());
                let (gaps, more_gaps) = (Vec::new(), false);
                let verdict = Verdict::Indeterminate;
                Self(TrailMembers { verdict, reasons, gaps, more_gaps, ..members })
            }
        }
    }

    /// Changes the words of the reasons.
    pub(crate) fn reword_reasons(&mut self, change: impl FnMut(&mut String)) {
        self.0.reasons.iter_mut().for_each(change);
    }

    /// Changes the words about the gaps.
    pub(crate) fn reword_gaps(&mut self, change: impl FnMut(&mut String)) {
        self.0.gaps.iter_mut().map(|gap| &mut gap.description).for_each(change);
    }

    /// The result with other members.
    ///
    /// # Errors
    /// Where the verdict is then without what it must rest on.
    pub fn with(self, change: impl FnOnce(&mut TrailMembers)) -> Result<Self, MissingEvidence> {
        let mut members = self.0;
        change(&mut members);
        members.try_into()
    }

    /// The members.
    #[must_use]
    pub fn into_members(self) -> TrailMembers {
        self.0
    }
}

impl Deref for AccountResult {
    type Target = AccountMembers;

    fn deref(&self) -> &AccountMembers {
        &self.0
    }
}

impl Deref for TrailResult {
    type Target = TrailMembers;

    fn deref(&self) -> &TrailMembers {
        &self.0
    }
}

impl TryFrom<AccountMembers> for AccountResult {
    type Error = MissingEvidence;

    fn try_from(members: AccountMembers) -> Result<Self, MissingEvidence> {
        members.missing_evidence().map_or(Ok(Self(members)), Err)
    }
}

impl TryFrom<TrailMembers> for TrailResult {
    type Error = MissingEvidence;

    fn try_from(members: TrailMembers) -> Result<Self, MissingEvidence> {
        members.missing_evidence().map_or(Ok(Self(members)), Err)
    }
}
