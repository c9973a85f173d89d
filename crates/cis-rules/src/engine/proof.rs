//! The proof that pieces cover a scope, and the checker that accepts it.
//!
//! The checker uses set operations and nothing of the search. It has one rule: if every one of some
//! boxes is covered, then so is the box that has on one axis all of their values together, and on
//! every other axis the values that all of them have. For a record in that box has its value on the
//! one axis from some box, and all its other values from every box, so it lies in that one.

use alloc::vec::Vec;

use crate::engine::compile::SelectedRegion;
use crate::sets::region::{Axis, Region};

/// A proof: every step shows that a box is covered and uses only earlier steps; the last step's box
/// holds the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The steps.
    pub steps: Vec<Step>,
}

/// Why a box is covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is a piece.
    Logged {
        /// The piece's position.
        piece: usize,
    },
    /// It is joined from covered boxes along one axis.
    Split {
        /// The axis.
        axis: Axis,
        /// The boxes' steps.
        parts: Vec<usize>,
    },
}

/// The box that has all the boxes' values together on one axis, and on every other axis the values
/// that all of them have; none without a box.
pub(super) fn joined<'r>(
    axis: Axis,
    mut boxes: impl Iterator<Item = &'r Region>,
) -> Option<Region> {
    let mut whole = boxes.next()?.clone();
    for part in boxes {
        whole.join(axis, part);
    }
    Some(whole)
}

/// A proof that the checker accepted: there is no other way to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    steps: Vec<Step>,
    boxes: Vec<Region>,
}

/// A proof that does not show what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("step {step} of the proof does not hold: {what}")]
pub struct Rejected {
    step: usize,
    what: &'static str,
}

impl Proof {
    /// Checks that the proof shows that the pieces cover the scope.
    ///
    /// # Errors
    /// The step that does not hold.
    pub fn check(self, scope: &Region, pieces: &[SelectedRegion]) -> Result<Checked, Rejected> {
        let mut boxes: Vec<Region> = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let reject = |what| Rejected { step: index, what };
            let covered = match step {
                Step::Logged { piece } => pieces
                    .get(*piece)
                    .ok_or_else(|| reject("there is no such selector"))?
                    .region
                    .clone(),
                Step::Split { axis, parts } => {
                    let parts: Option<Vec<&Region>> =
                        parts.iter().map(|part| boxes.get(*part)).collect();
                    let parts =
                        parts.ok_or_else(|| reject("it uses a step that is not before it"))?;
                    joined(*axis, parts.into_iter()).ok_or_else(|| reject("it has no parts"))?
                }
            };
            boxes.push(covered);
        }
        if boxes.last().is_some_and(|last| scope.is_subset(last)) {
            Ok(Checked { steps: self.steps, boxes })
        } else {
            Err(Rejected { step: self.steps.len(), what: "the last box does not hold the scope" })
        }
    }
}

impl Checked {
    /// The steps, each with the box that it covers; the last one's box holds the scope.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = (&Step, &Region)> + ExactSizeIterator {
        self.steps.iter().zip(&self.boxes)
    }
}
