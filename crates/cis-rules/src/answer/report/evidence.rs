//! What a verdict must not be without.

use alloc::vec::Vec;

use super::result::{AccountMembers, TrailMembers, TrailResult};
use super::{Completion, Gap, Proof, Verdict};
use crate::aws::unknown::Unknown;

/// An answer with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Conclusion {
    /// COMPLIANT, with the proof.
    Proved(Proof),
    /// NON_COMPLIANT, with what no trail logs. Where there is nothing such, the trails' own gaps show
    /// it, or that there is no trail.
    Refuted {
        /// What no trail logs.
        gaps: Vec<Gap>,
        /// Whether there are more.
        more_gaps: bool,
    },
    /// INDETERMINATE, with what is not known.
    Open(AtLeastOne<Unknown>),
}

impl Conclusion {
    /// INDETERMINATE, for these unknowns, or for this one where there are none.
    pub(crate) fn open(unknowns: Vec<Unknown>, else_this: impl FnOnce() -> Unknown) -> Self {
        Self::Open(AtLeastOne::or(unknowns, else_this))
    }
}

/// A list with at least one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AtLeastOne<T>(Vec<T>);

impl<T> AtLeastOne<T> {
    /// The elements of a list, or this one where it has none.
    fn or(list: Vec<T>, else_this: impl FnOnce() -> T) -> Self {
        Self(if list.is_empty() { alloc::vec![else_this()] } else { list })
    }

    /// All elements.
    pub(crate) fn into_all(self) -> Vec<T> {
        self.0
    }
}

/// A verdict without what it must rest on, or with what belongs to another one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MissingEvidence {
    /// COMPLIANT without a proof.
    #[error("the verdict is COMPLIANT, but there is no `proof`")]
    Proof,
    /// A proof beside another verdict.
    #[error("the verdict is {0}, but there is a `proof`")]
    OtherThanProved(Verdict),
    /// A proof without steps.
    #[error("the `proof` has no steps")]
    Steps,
    /// A proof that refers back, or to what is not there.
    #[error("step {step} of the `proof` refers to step {to}: a step refers to later ones only")]
    Step {
        /// The step that refers.
        step: usize,
        /// What it refers to.
        to: usize,
    },
    /// NON_COMPLIANT with nothing that is lost.
    #[error("the verdict is NON_COMPLIANT, but no `gaps` show what is lost")]
    Gap,
    /// Gaps beside another verdict.
    #[error("the verdict is {0}, but there are `gaps`")]
    OtherThanRefuted(Verdict),
    /// A completion of a plan without what the verdict rests on in it, or with something else.
    #[error("the verdict is {verdict}, and completion {position} does not show it")]
    Completion {
        /// The verdict.
        verdict: Verdict,
        /// The completion's position, from 0.
        position: usize,
    },
    /// INDETERMINATE of an account with nothing that is not known.
    #[error("the verdict is INDETERMINATE, but `unknowns` is empty")]
    Unknown,
    /// INDETERMINATE of a trail with nothing that is not known.
    #[error("the verdict is INDETERMINATE, but `reasons` is empty")]
    Reason,
}

impl AccountMembers {
    /// What is missing, if anything is.
    pub(super) fn missing_evidence(&self) -> Option<MissingEvidence> {
        let verdict = self.verdict;
        let has_gaps = !self.gaps.is_empty() || self.more_gaps;
        let missing = match (verdict, &self.proof) {
            (Verdict::Compliant, None) => Some(MissingEvidence::Proof),
            (Verdict::NonCompliant | Verdict::Indeterminate, Some(_)) => {
                Some(MissingEvidence::OtherThanProved(verdict))
            }
            (Verdict::Compliant | Verdict::Indeterminate, _) if has_gaps => {
                Some(MissingEvidence::OtherThanRefuted(verdict))
            }
            (Verdict::Compliant, Some(proof)) => proof.flaw(),
            (Verdict::NonCompliant, None) => {
                let is_lost = |trail: &TrailResult| trail.verdict == Verdict::NonCompliant;
                let is_shown = !self.gaps.is_empty()
                    || self.trails.is_empty()
                    || self.trails.iter().any(is_lost);
                (!is_shown).then_some(MissingEvidence::Gap)
            }
            (Verdict::Indeterminate, None) => {
                self.unknowns.is_empty().then_some(MissingEvidence::Unknown)
            }
        };
        missing.or_else(|| {
            let position = self.completions.iter().position(|one| !one.shows(verdict))?;
            Some(MissingEvidence::Completion { verdict, position })
        })
    }
}

impl Completion {
    /// Whether it has what a verdict rests on in it.
    fn shows(&self, verdict: Verdict) -> bool {
        match (verdict, &self.proof) {
            (Verdict::Compliant, Some(proof)) => proof.flaw().is_none() && self.gaps.is_empty(),
            (Verdict::NonCompliant, None) => !self.gaps.is_empty(),
            _ => false,
        }
    }
}

impl TrailMembers {
    /// What is missing, if anything is.
    pub(super) fn missing_evidence(&self) -> Option<MissingEvidence> {
        let has_gaps = !self.gaps.is_empty() || self.more_gaps;
        match self.verdict {
            Verdict::NonCompliant => self.gaps.is_empty().then_some(MissingEvidence::Gap),
            verdict if has_gaps => Some(MissingEvidence::OtherThanRefuted(verdict)),
            Verdict::Indeterminate => self.reasons.is_empty().then_some(MissingEvidence::Reason),
            Verdict::Compliant => None,
        }
    }
}

impl Proof {
    /// What is wrong with the steps, if anything is.
    fn flaw(&self) -> Option<MissingEvidence> {
        if self.steps.is_empty() {
            return Some(MissingEvidence::Steps);
        }
        let steps = self.steps.iter().enumerate();
        let mut references =
            steps.flat_map(|(index, step)| step.refers_to().into_iter().map(move |to| (index, to)));
        let is_wrong = |&(step, to): &(usize, usize)| to <= step || to >= self.steps.len();
        references.find(is_wrong).map(|(step, to)| MissingEvidence::Step { step, to })
    }
}
