//! The proof that pieces cover a scope, and the checker that accepts it.
//!
//! The checker uses set operations and nothing of the search.

use alloc::vec::Vec;

use crate::footprint::Piece;
use crate::region::{Axis, Region};
use crate::strings::StringSet;

/// A proof: the node at position 0 is about the whole scope, and every node refers only to later ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The nodes.
    pub nodes: Vec<Node>,
}

/// Why a region is covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// It has no record.
    Empty,
    /// It lies inside one piece.
    Inside {
        /// The piece's position.
        piece: usize,
    },
    /// It is split along one axis, and each part is covered.
    Split {
        /// The axis.
        axis: Axis,
        /// The parts, which together are the region.
        parts: Vec<Part>,
    },
}

/// One part of a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The axis's values in this part.
    pub set: StringSet,
    /// Why the part is covered.
    pub node: usize,
}

/// A proof that the checker accepted: there is no other way to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked(Proof);

impl Checked {
    /// The proof.
    #[must_use]
    pub const fn proof(&self) -> &Proof {
        &self.0
    }

    /// The regions of the scope that lie each inside one piece, with the piece's position.
    #[must_use]
    pub fn leaves(&self, scope: &Region) -> Vec<(Region, usize)> {
        let mut leaves = Vec::new();
        let mut claims = alloc::vec![(0, scope.clone())];
        while let Some((index, region)) = claims.pop() {
            match self.0.nodes.get(index) {
                Some(Node::Inside { piece }) => leaves.push((region, *piece)),
                Some(Node::Split { axis, parts }) => {
                    claims.extend(parts.iter().map(|part| {
                        (part.node, region.with(*axis, region.on(*axis).and(&part.set)))
                    }))
                }
                Some(Node::Empty) | None => {}
            }
        }
        leaves
    }
}

/// A proof that does not show what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("step {node} of the proof does not hold: {what}")]
pub struct Rejected {
    node: usize,
    what: &'static str,
}

impl Proof {
    /// Checks that the proof shows that the pieces cover the scope.
    ///
    /// # Errors
    /// The step that does not hold.
    pub fn check(self, scope: &Region, pieces: &[Piece]) -> Result<Checked, Rejected> {
        let mut claims = alloc::vec![(0, scope.clone())];
        while let Some((index, region)) = claims.pop() {
            let reject = |what| Err(Rejected { node: index, what });
            match self.nodes.get(index) {
                None => return reject("it is missing"),
                Some(Node::Empty) if region.is_empty() => {}
                Some(Node::Empty) => return reject("the region has records"),
                Some(Node::Inside { piece }) => match pieces.get(*piece) {
                    Some(piece) if region.is_subset(&piece.region) => {}
                    _ => return reject("the region goes beyond the selector"),
                },
                Some(Node::Split { axis, parts }) => {
                    let mut left = region.on(*axis).clone();
                    for part in parts {
                        if part.node <= index {
                            return reject("it refers back");
                        }
                        left = left.minus(&part.set);
                        claims
                            .push((part.node, region.with(*axis, region.on(*axis).and(&part.set))));
                    }
                    if !left.is_empty() {
                        return reject("the parts leave something out");
                    }
                }
            }
        }
        Ok(Checked(self))
    }
}
