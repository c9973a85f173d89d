//! The regions that some pieces hold and others do not, each as large as it can be.

use alloc::vec::Vec;

use crate::answer::explain::Answer;
use crate::engine::gaps::{self, MOST};
use crate::engine::search::prove;
use crate::sets::region::{Axis, Region, Space};

/// What is surely logged on one side only.
#[derive(PartialEq)]
pub(super) struct Left {
    /// The regions, each with what the other side does with all of it, largest first.
    pub(super) regions: Vec<(Region, Answer)>,
    /// Whether there is more.
    pub(super) more: bool,
}

/// What of the scope the pieces `surely` hold that the pieces `kept` do not; what of that the pieces
/// `may` hold is not known to be lost.
pub(super) fn left_out(
    space: &Space<'_>,
    scope: &Region,
    surely: &[Region],
    kept: &[Region],
    may: &[Region],
) -> Left {
    let mut found: Vec<Region> = Vec::new();
    let mut more = false;
    for source in sources(scope, surely) {
        let gaps = gaps::find(space, &source, kept);
        for region in gaps.regions {
            if prove(&region, &found).is_ok() {
                continue;
            }
            if found.len() == MOST {
                more = true;
                break;
            }
            found.push(widened(scope, surely, kept, region));
        }
        more = more || (gaps.more && !is_covered(&source, kept, &found));
        if more {
            break;
        }
    }
    let mut regions = Vec::new();
    for region in gaps::tidied(space, scope, found) {
        more |= judge(space, &region, may, &mut regions);
    }
    Left { regions, more }
}

/// The regions that pieces hold within the scope; if they hold all of it, the scope itself.
fn sources(scope: &Region, pieces: &[Region]) -> Vec<Region> {
    if prove(scope, pieces).is_ok() {
        return alloc::vec![scope.clone()];
    }
    let mut sources: Vec<Region> = Vec::new();
    for piece in pieces {
        let region = piece.and(scope);
        if !region.is_empty() && !sources.iter().any(|other| region.is_subset(other)) {
            sources.retain(|other| !other.is_subset(&region));
            sources.push(region);
        }
    }
    sources
}

fn is_covered(region: &Region, regions: &[Region], others: &[Region]) -> bool {
    prove(region, &[regions, others].concat()).is_ok()
}

/// A region that `surely` holds and `kept` does not meet, with all that can be added to it, one axis
/// after the other.
fn widened(scope: &Region, surely: &[Region], kept: &[Region], region: Region) -> Region {
    Axis::ALL.into_iter().fold(region, |region, axis| {
        let widest = gaps::widened(scope, kept, &region, axis);
        if widest.on(axis).is_subset(region.on(axis)) {
            return region;
        }
        if prove(&widest, surely).is_ok() {
            return widest;
        }
        // What a piece holds beyond the region on this axis only may be added.
        let reach = surely.iter().filter(|piece| {
            let axes_exceeding = widest.axes_exceeding(piece);
            axes_exceeding.is_some_and(|axes| axes.is_empty() || axes.only() == Some(axis))
        });
        let added = reach.fold(region.on(axis).clone(), |set, piece| {
            set.or(&piece.on(axis).and(widest.on(axis)))
        });
        region.with(axis, added)
    })
}

/// Adds a region with what the other side does with it, in parts where that differs; whether there
/// are more parts than that.
fn judge(
    space: &Space<'_>,
    region: &Region,
    may: &[Region],
    regions: &mut Vec<(Region, Answer)>,
) -> bool {
    let met: Vec<Region> = may.iter().filter(|piece| region.intersects(piece)).cloned().collect();
    if met.is_empty() {
        regions.push((region.clone(), Answer::NotLogged));
        return false;
    }
    let gaps = gaps::find(space, region, &met);
    if gaps.regions.is_empty() {
        regions.push((region.clone(), Answer::NotKnown));
        return false;
    }
    regions.extend(gaps.regions.into_iter().map(|part| (part, Answer::NotLogged)));
    let mut doubtful: Vec<Region> = Vec::new();
    let mut more = gaps.more;
    for piece in &met {
        let part = region.and(piece);
        if doubtful.len() == MOST {
            more |= prove(&part, &doubtful).is_err();
        } else {
            doubtful.push(part);
        }
    }
    let doubtful = gaps::tidied(space, region, doubtful);
    regions.extend(doubtful.into_iter().map(|part| (part, Answer::NotKnown)));
    more
}
