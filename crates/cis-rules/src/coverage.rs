//! Whether the regions that selectors take cover a scope: a proof, or the regions that are left.
//!
//! The search keeps a list of open regions. A region inside one piece is closed. Otherwise it is
//! split along one axis by what pieces take there, so that every part is inside or outside of those
//! pieces on that axis, and each part keeps only the pieces that it still meets. Every part is a
//! non-empty union of classes and smaller than its whole, so the search ends; it answers exactly.

pub mod gaps;
pub mod proof;
pub mod witness;

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::footprint::Piece;
use crate::region::{Axes, Axis, Region};
use proof::{Node, Part, Proof};

/// A piece that may still close a part of an open region.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    piece: usize,
    /// The axes on which the open region goes beyond the piece.
    beyond: Axes,
}

/// A region that is not closed yet, and the node that will say how it is.
struct Open {
    node: usize,
    region: Region,
    candidates: Vec<Candidate>,
}

/// A search under way.
struct Search<'p> {
    pieces: Vec<&'p Region>,
    nodes: Vec<Node>,
    open: Vec<Open>,
}

/// Proves that the pieces that are meant cover the scope.
///
/// # Errors
/// A region of the scope that no such piece meets.
pub fn prove(
    scope: &Region,
    pieces: &[Piece],
    is_meant: impl Fn(&Piece) -> bool,
) -> Result<Proof, Box<Region>> {
    let mut search = Search {
        pieces: pieces.iter().map(|piece| &piece.region).collect(),
        nodes: Vec::new(),
        open: Vec::new(),
    };
    let candidate = |(piece, other): (usize, &Piece)| {
        let beyond = is_meant(other).then(|| scope.beyond(&other.region))??;
        Some(Candidate { piece, beyond })
    };
    let candidates = pieces.iter().enumerate().filter_map(candidate).collect();
    search.open(scope.clone(), candidates);
    while let Some(open) = search.open.pop() {
        if open.candidates.is_empty() {
            return Err(Box::new(open.region));
        }
        search.step(open);
    }
    Ok(Proof { nodes: search.nodes })
}

impl Search<'_> {
    /// Opens a region that these pieces meet.
    fn open(&mut self, region: Region, candidates: Vec<Candidate>) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Node::Empty);
        if !region.is_empty() {
            self.open.push(Open { node, region, candidates });
        }
        node
    }

    fn close(&mut self, node: usize, reason: Node) {
        if let Some(open) = self.nodes.get_mut(node) {
            *open = reason;
        }
    }

    /// Closes a region, or splits it along one axis.
    fn step(&mut self, open: Open) {
        if let Some(whole) = open.candidates.iter().find(|candidate| candidate.beyond.is_empty()) {
            self.close(open.node, Node::Inside { piece: whole.piece });
        } else if let Some(axis) = self.best_single_axis(&open.candidates) {
            self.take_single(open, axis);
        } else {
            self.split(open);
        }
    }

    /// The axis on which the most candidates are the only thing between them and the region.
    fn best_single_axis(&self, candidates: &[Candidate]) -> Option<Axis> {
        let mut counts = [0_usize; Axis::ALL.len()];
        for axis in candidates.iter().filter_map(|candidate| candidate.beyond.only()) {
            counts[axis as usize] += 1;
        }
        Axis::ALL
            .into_iter()
            .filter(|axis| counts[*axis as usize] > 0)
            .max_by_key(|axis| counts[*axis as usize])
    }

    /// Takes out of a region what the candidates that lack only this axis take.
    fn take_single(&mut self, open: Open, axis: Axis) {
        let mut parts = Vec::new();
        let mut rest = open.region.on(axis).clone();
        for candidate in
            open.candidates.iter().filter(|candidate| candidate.beyond.only() == Some(axis))
        {
            let Some(piece) = self.pieces.get(candidate.piece) else {
                continue;
            };
            let taken = rest.and(piece.on(axis));
            if !taken.is_empty() {
                rest = rest.minus(&taken);
                let node = self.nodes.len();
                self.nodes.push(Node::Inside { piece: candidate.piece });
                parts.push(Part { set: taken, node });
            }
        }
        if !rest.is_empty() {
            parts.push(self.part(&open, axis, rest));
        }
        self.close(open.node, Node::Split { axis, parts });
    }

    /// Splits a region along an axis by what one candidate takes there.
    fn split(&mut self, open: Open) {
        let Some((piece, axis)) = self.pivot(&open) else {
            return;
        };
        let inside = open.region.on(axis).and(piece.on(axis));
        let outside = open.region.on(axis).minus(piece.on(axis));
        let parts = [outside, inside].map(|set| self.part(&open, axis, set)).into();
        self.close(open.node, Node::Split { axis, parts });
    }

    /// The candidate that lacks the fewest axes, and of these the axis that the fewest candidates lack.
    fn pivot(&self, open: &Open) -> Option<(&Region, Axis)> {
        let pivot = open.candidates.iter().min_by_key(|candidate| candidate.beyond.len())?;
        let lacking =
            |axis: Axis| open.candidates.iter().filter(|other| other.beyond.contains(axis)).count();
        let axis = pivot.beyond.iter().min_by_key(|axis| lacking(*axis))?;
        Some((self.pieces.get(pivot.piece)?, axis))
    }

    /// Opens the part of a region that has this set on this axis.
    fn part(&mut self, open: &Open, axis: Axis, set: crate::strings::StringSet) -> Part {
        let still_meets = |&candidate: &Candidate| {
            if !candidate.beyond.contains(axis) {
                return Some(candidate);
            }
            let taken = self.pieces.get(candidate.piece)?.on(axis);
            if set.is_subset(taken) {
                let mut beyond = candidate.beyond;
                beyond.remove(axis);
                return Some(Candidate { beyond, ..candidate });
            }
            set.intersects(taken).then_some(candidate)
        };
        let candidates = open.candidates.iter().filter_map(still_meets).collect();
        let node = self.open(open.region.with(axis, set.clone()), candidates);
        Part { set, node }
    }
}
