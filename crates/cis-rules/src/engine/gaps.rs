//! The regions of a scope that others leave, each as large as it can be.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::proof::Proof;
use super::search::{KnownGap, MOST_COMPARISONS, prove, search};
use crate::sets::StringSet;
use crate::sets::region::{Axes, Axis, Region, Space};

/// What regions leave of a scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// The part that was found first: one that none of them meets. `None` if none was found.
    pub first: Option<Box<Region>>,
    /// Regions that share no record with any of them, largest first.
    pub regions: Vec<Region>,
    /// Whether more is left than these regions, or may be: the list is cut where there are too many,
    /// and where looking for the next one takes too long.
    pub more: bool,
}

/// The most regions that are listed.
pub const MOST: usize = 16;

/// The most comparisons that are made for regions after the first: one decides, and the others only
/// complete the picture.
const COMPARISONS: usize = MOST_COMPARISONS / 400;

/// Finds what regions leave of a scope.
#[must_use]
pub fn find(space: &Space<'_>, scope: &Region, regions: &[Region]) -> Gaps {
    prove_or_find(space, scope, regions).err().unwrap_or_default()
}

/// Proves that regions cover a scope, or finds what they leave of it.
///
/// # Errors
/// What they leave, or that the search was given up.
pub fn prove_or_find(space: &Space<'_>, scope: &Region, regions: &[Region]) -> Result<Proof, Gaps> {
    let mut first = None;
    let mut found: Vec<Region> = Vec::new();
    let all_found = search(scope, regions, |left| {
        if found.len() == MOST {
            return None;
        }
        first.get_or_insert_with(|| Box::new(left.clone()));
        let region = widest(space, scope, regions, left);
        found.push(region.clone());
        Some(KnownGap { region, comparisons: COMPARISONS })
    });
    match all_found {
        // A proof that uses no gap.
        Ok(proof) if found.is_empty() => Ok(proof),
        _ => Err(Gaps { first, regions: tidied(space, scope, found), more: all_found.is_err() }),
    }
}

/// The regions without those that the others hold together, largest first.
pub(crate) fn tidied(space: &Space<'_>, scope: &Region, regions: Vec<Region>) -> Vec<Region> {
    if regions.len() < 2 {
        return regions;
    }
    let mut regions = without_redundant(regions);
    regions.sort_by_cached_key(|region| core::cmp::Reverse(breadth(space, scope, region)));
    regions
}

/// The largest of the regions that hold the seed and meet none of the others, as far as widening one axis
/// after the other finds them.
fn widest(space: &Space<'_>, scope: &Region, regions: &[Region], seed: &Region) -> Region {
    let axes: Vec<Axis> = Axis::ALL.into_iter().filter(|axis| !seed.agrees(scope, *axis)).collect();
    let seed = Clear::new(seed, regions);
    let mut rotations = axes.iter().enumerate().filter_map(|(at, first)| {
        let mut clear = seed.clone();
        clear.widen(scope, *first);
        // Where the first axis yields nothing, starting with the next one finds as much.
        (clear.region != seed.region).then(|| {
            let others = axes.iter().cycle().skip(at + 1).take(axes.len() - 1);
            others.for_each(|axis| clear.widen(scope, *axis));
            clear.region
        })
    });
    let first = rotations.next().unwrap_or_else(|| seed.region.clone());
    match rotations.next() {
        None => first,
        Some(second) => {
            let all = [first, second].into_iter().chain(rotations);
            all.max_by_key(|region| breadth(space, scope, region)).unwrap_or(seed.region)
        }
    }
}

/// A region that meets none of others.
#[derive(Clone)]
struct Clear<'r> {
    region: Region,
    /// The others, each with the axes that keep the region clear of it: at least one.
    others: Vec<(&'r Region, Axes)>,
}

impl<'r> Clear<'r> {
    fn new(region: &Region, others: &'r [Region]) -> Self {
        let others = others.iter().map(|other| (other, region.axes_disjoint(other))).collect();
        Self { region: region.clone(), others }
    }

    /// Gives the region everything on an axis that keeps it clear.
    fn widen(&mut self, scope: &Region, axis: Axis) {
        let blocking = self.others.iter().filter(|(_, disjoint)| disjoint.only() == Some(axis));
        let blocking: Vec<&StringSet> = blocking.map(|(other, _)| other.on(axis)).collect();
        match blocking.as_slice() {
            [] => self.region.share(scope, axis),
            [only] => self.region.replace(axis, scope.on(axis).minus(only)),
            several => {
                let mut free = scope.on(axis).clone();
                free.remove(several.iter().copied());
                self.region.replace(axis, free);
            }
        }
        let free = self.region.on(axis);
        for (other, disjoint) in &mut self.others {
            if disjoint.len() > 1 && disjoint.contains(axis) && free.intersects(other.on(axis)) {
                disjoint.remove(axis);
            }
        }
    }
}

/// The region with everything on one axis that keeps it clear of others.
pub(crate) fn widened(scope: &Region, others: &[Region], region: &Region, axis: Axis) -> Region {
    let mut clear = Clear::new(region, others);
    clear.widen(scope, axis);
    clear.region
}

/// The regions without those that the others hold together.
fn without_redundant(mut regions: Vec<Region>) -> Vec<Region> {
    let mut at = 0;
    while let Some(region) = regions.get(at) {
        let others = regions.iter().enumerate().filter(|(other, _)| *other != at);
        let met = others.map(|(_, other)| other).filter(|other| other.intersects(region));
        let met: Vec<Region> = met.cloned().collect();
        let is_held = match met.as_slice() {
            [] => false,
            [only] => region.is_subset(only),
            several => prove(region, several).is_ok(),
        };
        if is_held {
            regions.remove(at);
        } else {
            at += 1;
        }
    }
    regions
}

/// How large a region is, roughly: axes that are not restricted count most, then how short the
/// texts are that its strings must start with.
fn breadth(space: &Space<'_>, scope: &Region, region: &Region) -> (usize, usize, usize) {
    let (mut full, mut open, mut length) = (0, 0, 0);
    for axis in Axis::ALL {
        full += usize::from(region.agrees(scope, axis));
        let texts = space.on(axis).rows().texts();
        let rows = region.on(axis).cells.blocks().flat_map(|(rows, _)| rows.iter());
        let starts = rows.filter_map(|row| texts.get(row)).map(|start| start.len());
        if let Some(shortest) = starts.min() {
            open += 1;
            length += shortest;
        }
    }
    (full, open, usize::MAX - length)
}
