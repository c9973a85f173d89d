//! Whether regions cover a scope: a proof, or a region that is left.
//!
//! A part of the scope inside one region is covered. Any other is split along one axis by what the
//! regions have there, and each part keeps only the regions that it still meets; a part that meets
//! none is left. Every part is a non-empty union of classes and smaller than its whole, so the search
//! ends, and it answers exactly.
//!
//! What is found about the parts is joined again by the one rule of the [`proof`](super::proof). The
//! region that results is covered whatever led to it, and is usually larger than the part at hand, so
//! it is kept as a lemma: a later part inside of it needs no search. That keeps families of selectors
//! that differ in many fields at once from taking exponential time in the number of selectors.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::proof::{Proof, RegionId, Step, StepId, joined};
use crate::sets::StringSet;
use crate::sets::region::{Axes, Axis, Region};

/// A region that may still cover a part of the scope.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    region: RegionId,
    /// The axes on which the region goes beyond the part at hand.
    axes_exceeding: Axes,
}

impl Candidate {
    /// The candidate for the part that has this set on an axis; none where it does not meet that.
    fn narrowed(self, regions: &[Region], axis: Axis, set: &StringSet) -> Option<Self> {
        if !self.axes_exceeding.contains(axis) {
            return Some(self);
        }
        let taken = self.region.of(regions)?.on(axis);
        if set.is_subset(taken) {
            let mut axes_exceeding = self.axes_exceeding;
            axes_exceeding.remove(axis);
            return Some(Self { axes_exceeding, ..self });
        }
        set.intersects(taken).then_some(self)
    }
}

/// A region that is being covered part by part.
struct Frame {
    region: Region,
    candidates: Vec<Candidate>,
    axis: Axis,
    /// The parts that are not covered yet.
    pending: Vec<StringSet>,
    /// The steps that cover the others.
    done: Vec<StepId>,
}

/// A search under way.
struct Search {
    /// What may cover the scope.
    regions: Vec<Region>,
    steps: Vec<Step>,
    /// What each step covers.
    covered: Vec<Region>,
    /// The steps that join others.
    lemmas: Vec<StepId>,
    /// The latest step that covers a region as it was asked for.
    root: Option<StepId>,
    frames: Vec<Frame>,
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unproved {
    /// No region meets this part of the scope.
    Left(Box<Region>),
    /// The search was given up: this is more than AWS allows selectors to be.
    TooMuch,
}

/// The most comparisons of a part with a region or a lemma that a search makes.
///
/// More than ten times what the slowest account needs that is known within AWS's quotas.
/// Beyond it nothing is decided, so no input keeps the search busy for long.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
pub const MOST_COMPARISONS: usize = 10_000_000;

/// Proves that regions cover the scope.
///
/// # Errors
/// A part of the scope that none of them meets, or that the search was given up.
pub fn prove(scope: &Region, regions: &[Region]) -> Result<Proof, Unproved> {
    search(scope, regions, |_| None)
}

/// A gap to treat as covered, and the most comparisons that are made from now on.
pub(super) struct KnownGap {
    pub(super) region: Region,
    pub(super) comparisons: usize,
}

/// Searches for a proof, and asks about every part that no region meets: with a gap that holds it
/// the search goes on.
///
/// # Errors
/// The first region that is left and for which none was given, or that the search was given
/// up.
pub(super) fn search(
    scope: &Region,
    regions: &[Region],
    mut assume_covered: impl FnMut(&Region) -> Option<KnownGap>,
) -> Result<Proof, Unproved> {
    let mut comparisons = MOST_COMPARISONS;
    let mut search = Search {
        regions: regions.to_vec(),
        steps: Vec::new(),
        covered: Vec::new(),
        lemmas: Vec::new(),
        root: None,
        frames: Vec::new(),
    };
    let candidate = |region| search.candidate(scope, region);
    let candidates: Vec<Candidate> = RegionId::all(regions).filter_map(candidate).collect();
    let mut open = Some((scope.clone(), candidates));
    while let Some((region, candidates)) = open {
        let needed = 1 + candidates.len() + search.lemmas.len();
        comparisons = comparisons.checked_sub(needed).ok_or(Unproved::TooMuch)?;
        match search.covering(&region, &candidates) {
            Some(step) => search.settle(step),
            None if candidates.is_empty() => match assume_covered(&region) {
                Some(gap) => {
                    comparisons = comparisons.min(gap.comparisons);
                    search.assume_covered(gap.region);
                }
                None => return Err(Unproved::Left(Box::new(region))),
            },
            None => search.divide(region, candidates),
        }
        open = search.proceed();
    }
    Ok(search.proof())
}

impl Search {
    /// A region as a candidate for a part; none where they share no record.
    fn candidate(&self, region: &Region, covering: RegionId) -> Option<Candidate> {
        let axes_exceeding = region.axes_exceeding(covering.of(&self.regions)?)?;
        Some(Candidate { region: covering, axes_exceeding })
    }

    /// Takes a gap as a further region, which covers the part that is open.
    fn assume_covered(&mut self, gap: Region) {
        let covering = RegionId::new(self.regions.len());
        self.regions.push(gap);
        let outermost = self.frames.first();
        let mut candidate = outermost.and_then(|frame| self.candidate(&frame.region, covering));
        let mut outer_axis = None;
        for frame in &mut self.frames {
            if let Some(axis) = outer_axis {
                let narrowed =
                    |found: Candidate| found.narrowed(&self.regions, axis, frame.region.on(axis));
                candidate = candidate.and_then(narrowed);
            }
            frame.candidates.extend(candidate);
            outer_axis = Some(frame.axis);
        }
        if let Some(step) = self.leaf(covering) {
            self.settle(step);
        }
    }

    /// The steps up to the one that covers the scope.
    fn proof(mut self) -> Proof {
        self.steps.truncate(self.root.map_or(0, |root| root.index() + 1));
        Proof { steps: self.steps }
    }

    /// A step that covers a region as it is.
    fn covering(&mut self, region: &Region, candidates: &[Candidate]) -> Option<StepId> {
        if let Some(whole) = candidates.iter().find(|candidate| candidate.axes_exceeding.is_empty())
        {
            return self.leaf(whole.region);
        }
        // Most lemmas do not hold any one record of the region, which is soon seen.
        let sample = region.sample()?;
        let covers = |step: &&StepId| {
            let known = step.of(&self.covered);
            known.is_some_and(|known| known.holds(&sample) && region.is_subset(known))
        };
        self.lemmas.iter().rev().find(covers).copied()
    }

    fn leaf(&mut self, region: RegionId) -> Option<StepId> {
        let covered = region.of(&self.regions)?.clone();
        Some(self.add(Step::Covered { region }, covered))
    }

    fn add(&mut self, step: Step, covered: Region) -> StepId {
        self.steps.push(step);
        self.covered.push(covered);
        StepId::new(self.steps.len() - 1)
    }

    /// Hands a step to the innermost frame that it does not cover as a whole; none is left where it
    /// covers the scope.
    fn settle(&mut self, step: StepId) {
        self.root = Some(step);
        while let Some(frame) = self.frames.last_mut() {
            let covered = step.of(&self.covered);
            if !covered.is_some_and(|covered| frame.region.is_subset(covered)) {
                frame.done.push(step);
                return;
            }
            self.frames.pop();
        }
    }

    /// The next part that is to be covered; the steps of frames that have none left are joined.
    fn proceed(&mut self) -> Option<(Region, Vec<Candidate>)> {
        loop {
            if let Some(part) = self.next_part() {
                return Some(part);
            }
            let frame = self.frames.pop()?;
            let step = self.join(&frame);
            self.settle(step);
        }
    }

    /// Joins the steps that cover a frame's parts, the latest first, for those cover most.
    fn join(&mut self, frame: &Frame) -> StepId {
        let mut parts = Vec::new();
        let mut left = frame.region.on(frame.axis).clone();
        for step in frame.done.iter().rev() {
            let Some(known) = step.of(&self.covered) else { continue };
            if left.intersects(known.on(frame.axis)) {
                left = left.minus(known.on(frame.axis));
                parts.push(*step);
            }
        }
        let covered = joined(frame.axis, parts.iter().filter_map(|part| part.of(&self.covered)));
        let step = self.add(
            Step::Split { axis: frame.axis, parts },
            covered.unwrap_or_else(|| frame.region.clone()),
        );
        self.lemmas.push(step);
        step
    }

    /// The next part of the innermost frame, with the candidates that it meets.
    fn next_part(&mut self) -> Option<(Region, Vec<Candidate>)> {
        let frame = self.frames.last_mut()?;
        let set = frame.pending.pop()?;
        let narrowed = |candidate: &Candidate| candidate.narrowed(&self.regions, frame.axis, &set);
        let candidates = frame.candidates.iter().filter_map(narrowed).collect();
        Some((frame.region.with(frame.axis, set), candidates))
    }

    /// Divides a region along one axis into parts that remain to be covered.
    fn divide(&mut self, region: Region, candidates: Vec<Candidate>) {
        let mut done = Vec::new();
        let (axis, pending) = match best_single_axis(&candidates) {
            Some(axis) => {
                let rest = self.take_single(&region, &candidates, axis, &mut done);
                (axis, alloc::vec![rest])
            }
            None => self.split(&region, &candidates),
        };
        let pending = pending.into_iter().filter(|set| !set.is_empty()).collect();
        self.frames.push(Frame { region, candidates, axis, pending, done });
    }

    /// What the candidates that lack only this axis leave of it.
    fn take_single(
        &mut self,
        region: &Region,
        candidates: &[Candidate],
        axis: Axis,
        done: &mut Vec<StepId>,
    ) -> StringSet {
        let mut rest = region.on(axis).clone();
        for candidate in
            candidates.iter().filter(|candidate| candidate.axes_exceeding.only() == Some(axis))
        {
            let Some(covering) = candidate.region.of(&self.regions) else { continue };
            let taken = covering.on(axis);
            if rest.intersects(taken) {
                rest = rest.minus(taken);
                done.extend(self.leaf(candidate.region));
            }
        }
        rest
    }

    /// The two sides of the candidate that lacks the fewest axes, on the one of them that the
    /// fewest candidates lack.
    fn split(&self, region: &Region, candidates: &[Candidate]) -> (Axis, Vec<StringSet>) {
        let lacking = |axis: Axis| {
            candidates.iter().filter(|other| other.axes_exceeding.contains(axis)).count()
        };
        let pivot = candidates.iter().min_by_key(|candidate| candidate.axes_exceeding.len());
        let best = pivot.and_then(|pivot| {
            let axis = pivot.axes_exceeding.iter().min_by_key(|axis| lacking(*axis))?;
            Some((pivot.region.of(&self.regions)?, axis))
        });
        let Some((covering, axis)) = best else { return (Axis::ARN, Vec::new()) };
        let (whole, taken) = (region.on(axis), covering.on(axis));
        (axis, alloc::vec![whole.and(taken), whole.minus(taken)])
    }
}

/// The axis on which the most candidates are the only thing between them and the region.
fn best_single_axis(candidates: &[Candidate]) -> Option<Axis> {
    let mut counts = [0_usize; Axis::COUNT];
    for axis in candidates.iter().filter_map(|candidate| candidate.axes_exceeding.only()) {
        counts[axis.index()] += 1;
    }
    let some = Axis::ALL.into_iter().filter(|axis| counts[axis.index()] > 0);
    some.max_by_key(|axis| counts[axis.index()])
}
