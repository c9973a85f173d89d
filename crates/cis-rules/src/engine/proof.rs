//! The proof that regions cover a scope, and the checker that accepts it.
//!
//! The checker uses set operations and nothing of the search. It has one rule: if every one of some
//! regions is covered, then so is the region that has on one axis all of their values together, and
//! on every other axis the values that all of them have. For a record in that region has its value on
//! the one axis from one of them, and all its other values from every one, so it lies in that one.

use alloc::vec::Vec;

use crate::sets::region::{Axis, Region};

/// The position of one of the regions that a proof is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionId(usize);

impl RegionId {
    /// The region at this position.
    #[must_use]
    pub const fn new(position: usize) -> Self {
        Self(position)
    }

    /// The positions of all of a list.
    pub fn all<T>(list: &[T]) -> impl Iterator<Item = Self> {
        (0..list.len()).map(Self)
    }

    /// What stands at this position of a list.
    pub fn of<T>(self, list: &[T]) -> Option<&T> {
        list.get(self.0)
    }
}

/// The position of a step in its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepId(usize);

impl StepId {
    /// The step at this position.
    #[must_use]
    pub const fn new(position: usize) -> Self {
        Self(position)
    }

    /// The position.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }

    /// What stands at this position of a list.
    pub fn of<T>(self, list: &[T]) -> Option<&T> {
        list.get(self.0)
    }
}

/// A proof: every step shows that a region is covered and uses only earlier steps; the last step's
/// region holds the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The steps.
    pub steps: Vec<Step>,
}

/// Why a region is covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is one of the regions that cover the scope.
    Covered {
        /// Which.
        region: RegionId,
    },
    /// It is joined from covered regions along one axis.
    Split {
        /// The axis.
        axis: Axis,
        /// The steps that cover those.
        parts: Vec<StepId>,
    },
}

/// The region that has all the regions' values together on one axis, and on every other axis the
/// values that all of them have; none without a region.
pub(super) fn joined<'r>(
    axis: Axis,
    mut regions: impl Iterator<Item = &'r Region>,
) -> Option<Region> {
    let mut whole = regions.next()?.clone();
    for part in regions {
        whole.join(axis, part);
    }
    Some(whole)
}

/// A proof that the checker accepted: there is no other way to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    steps: Vec<Step>,
    covered: Vec<Region>,
}

/// A proof that does not show what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("step {step} of the proof does not hold: {what}")]
pub struct Rejected {
    step: usize,
    what: &'static str,
}

impl Proof {
    /// Checks that the proof shows that the regions cover the scope.
    ///
    /// # Errors
    /// The step that does not hold.
    pub fn check(self, scope: &Region, regions: &[Region]) -> Result<Checked, Rejected> {
        let mut known: Vec<Region> = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let reject = |what| Rejected { step: index, what };
            let covered = match step {
                Step::Covered { region } => {
                    region.of(regions).ok_or_else(|| reject("there is no such region"))?.clone()
                }
                Step::Split { axis, parts } => {
                    let parts: Option<Vec<&Region>> =
                        parts.iter().map(|part| part.of(&known)).collect();
                    let parts =
                        parts.ok_or_else(|| reject("it uses a step that is not before it"))?;
                    joined(*axis, parts.into_iter()).ok_or_else(|| reject("it has no parts"))?
                }
            };
            known.push(covered);
        }
        if known.last().is_some_and(|last| scope.is_subset(last)) {
            Ok(Checked { steps: self.steps, covered: known })
        } else {
            Err(Rejected {
                step: self.steps.len(),
                what: "the last region does not hold the scope",
            })
        }
    }
}

impl Checked {
    /// The steps, each with the region that it covers; the last one's holds the scope.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = (&Step, &Region)> + ExactSizeIterator {
        self.steps.iter().zip(&self.covered)
    }
}
