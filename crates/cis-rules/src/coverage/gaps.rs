//! The regions of a scope that pieces leave, each as large as it can be.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::prove;
use crate::footprint::Piece;
use crate::region::{Axis, Region, Space};

/// What pieces leave of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gaps {
    /// Regions that share no record with any piece, largest first.
    pub regions: Vec<Region>,
    /// Whether more is left than these regions.
    pub more: bool,
}

/// The most regions that are listed.
pub const MOST: usize = 16;

/// Finds what pieces leave of a scope, given one region of it that they leave.
#[must_use]
pub fn find(space: &Space<'_>, scope: &Region, pieces: &[Piece], left: Box<Region>) -> Gaps {
    let mut regions = Vec::new();
    let mut covers = pieces.to_vec();
    let mut left = Some(left);
    while let Some(seed) = left {
        if regions.len() == MOST {
            return Gaps { regions: sorted(space, scope, regions), more: true };
        }
        let region = widest(space, scope, pieces, &seed);
        covers.push(Piece { trail: usize::MAX, selector: None, region: region.clone() });
        regions.push(region);
        left = prove(scope, &covers, |_| true).err();
    }
    Gaps { regions: sorted(space, scope, without_redundant(pieces.len(), &covers)), more: false }
}

/// The largest of the regions that hold the seed and meet no piece, as far as widening one axis
/// after the other finds them.
fn widest(space: &Space<'_>, scope: &Region, pieces: &[Piece], seed: &Region) -> Region {
    let axes: Vec<Axis> =
        Axis::ALL.into_iter().filter(|axis| seed.on(*axis) != scope.on(*axis)).collect();
    let rotations = (0..axes.len().max(1)).map(|first| {
        let (before, after) = axes.split_at(first.min(axes.len()));
        let order = after.iter().chain(before);
        order.fold(seed.clone(), |region, axis| widened(scope, pieces, &region, *axis))
    });
    rotations.max_by_key(|region| breadth(space, scope, region)).unwrap_or_else(|| seed.clone())
}

/// The region with everything on one axis that keeps it clear of the pieces.
fn widened(scope: &Region, pieces: &[Piece], region: &Region, axis: Axis) -> Region {
    let line = region.with(axis, scope.on(axis).clone());
    let blocking = pieces.iter().filter(|piece| line.beyond(&piece.region).is_some());
    let free =
        blocking.fold(scope.on(axis).clone(), |free, piece| free.minus(piece.region.on(axis)));
    region.with(axis, free)
}

fn without_redundant(pieces: usize, covers: &[Piece]) -> Vec<Region> {
    let mut gaps: Vec<Piece> = covers.get(pieces..).unwrap_or_default().to_vec();
    // A later region was found outside of the earlier ones, so only earlier ones can be redundant.
    let mut at = 0;
    while at < gaps.len() {
        let mut others = gaps.clone();
        let region = others.remove(at).region;
        if prove(&region, &others, |_| true).is_ok() {
            gaps = others;
        } else {
            at += 1;
        }
    }
    gaps.into_iter().map(|gap| gap.region).collect()
}

fn sorted(space: &Space<'_>, scope: &Region, mut regions: Vec<Region>) -> Vec<Region> {
    regions.sort_by_key(|region| core::cmp::Reverse(breadth(space, scope, region)));
    regions
}

/// How large a region is, roughly: axes that are not restricted count most, then how short the
/// texts are that its strings must start with.
fn breadth(space: &Space<'_>, scope: &Region, region: &Region) -> (usize, usize, usize) {
    let full = Axis::ALL.into_iter().filter(|axis| region.on(*axis) == scope.on(*axis)).count();
    let start = |axis: &Axis| {
        let rows = region.on(*axis).cells().flat_map(|(rows, _)| rows.iter());
        rows.filter_map(|row| space.on(*axis).rows().get(row)).map(|start| start.len()).min()
    };
    let lengths: Vec<Option<usize>> = Axis::ALL.iter().map(start).collect();
    let open = lengths.iter().flatten().count();
    let length: usize = lengths.iter().flatten().sum();
    (full, open, usize::MAX - length)
}
