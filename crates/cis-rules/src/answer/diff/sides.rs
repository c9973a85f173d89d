//! The two sides of a comparison in one space, and what it finds put into words.

use alloc::vec::Vec;

use super::regions::{Left, left_out};
use super::{Change, Moved};
use crate::answer::describe;
use crate::answer::explain::Answer;
use crate::answer::report::Witness;
use crate::aws::record::Record;
use crate::aws::selector::Selector;
use crate::aws::snapshot::Snapshot;
use crate::engine::compile::{self, Bound, SelectedRegion, Texts};
use crate::engine::witness;
use crate::sets::region::{Axis, Region, Space};
use crate::spec::matching::Match;
use crate::spec::question::Question;
use crate::spec::scope::in_scope;
use crate::spec::trail::Trail;

/// Some trails of one snapshot.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// Their positions among all trails of both snapshots.
    pub(super) positions: Vec<usize>,
    /// Whether there are surely no others.
    pub(super) is_listed: bool,
}

impl Side {
    /// The trails of this side that have an ARN; a trail that is there is all there is of it.
    pub(super) fn of_trail(&self, trails: &[Trail<'_>], arn: &str) -> Self {
        let has_arn =
            |position: &usize| trails.get(*position).is_some_and(|trail| trail.arn == arn);
        let positions: Vec<usize> = self.positions.iter().copied().filter(has_arn).collect();
        Self { is_listed: self.is_listed || !positions.is_empty(), positions }
    }

    fn pieces(&self, pieces: &[SelectedRegion]) -> Vec<SelectedRegion> {
        let is_here = |piece: &&SelectedRegion| self.positions.contains(&piece.trail);
        pieces.iter().filter(is_here).cloned().collect()
    }
}

/// The trails of both snapshots and one kind of event.
pub(super) struct Comparison<'a> {
    question: &'a Question,
    snapshot: &'a Snapshot,
    trails: &'a [Trail<'a>],
    space: Space<'a>,
    scope: Region,
    must: Vec<SelectedRegion>,
    may: Vec<SelectedRegion>,
}

impl<'a> Comparison<'a> {
    /// The trails of both snapshots, of which either one says what the account is.
    pub(super) fn new(
        header: &'a str,
        texts: &'a Texts,
        question: &'a Question,
        snapshot: &'a Snapshot,
        trails: &'a [Trail<'a>],
    ) -> Self {
        let space = Space::new(header, compile::vocabulary(texts, question, trails));
        let scope = compile::scope(&space, texts, question);
        let pieces = |bound| {
            let of_trail =
                |(position, trail)| compile::pieces(&space, question, trail, position, bound);
            trails.iter().enumerate().flat_map(of_trail).collect()
        };
        let (must, may) = (pieces(Bound::Surely), pieces(Bound::Possibly));
        Self { question, snapshot, trails, space, scope, must, may }
    }

    /// What is logged differently by the trails of two sides.
    pub(super) fn change(&self, [before, after]: &[Side; 2]) -> Change {
        let (lost, more_lost) = self.moved(before, after);
        let (gained, more_gained) = self.moved(after, before);
        Change { kind: self.question.kind, lost, more_lost, gained, more_gained }
    }

    /// Whether something would be logged differently, or alike, if selectors did not compare the
    /// `ARNPrefix` of a record with their conditions on `resources.ARN`.
    pub(super) fn rests_on_prefix(&self, [before, after]: &[Side; 2]) -> bool {
        let compares_arn = |piece: &SelectedRegion| {
            piece.selector(self.trails).is_some_and(Selector::compares_arn)
        };
        if !self.must.iter().any(compares_arn) {
            return false;
        }
        let keyless = self.space.on(Axis::Arn).keyless();
        let without_prefixes = |piece: &SelectedRegion| {
            if !compares_arn(piece) {
                return piece.clone();
            }
            let arns = piece.region.on(Axis::Arn).minus(&keyless);
            SelectedRegion { region: piece.region.with(Axis::Arn, arns), ..*piece }
        };
        let must: Vec<SelectedRegion> = self.must.iter().map(without_prefixes).collect();
        [[before, after], [after, before]]
            .into_iter()
            .any(|[from, to]| self.left_out(&self.must, from, to) != self.left_out(&must, from, to))
    }

    /// What one side surely logs and the other does not, where they surely log these pieces.
    fn left_out(&self, must: &[SelectedRegion], from: &Side, to: &Side) -> Left {
        let mut may = to.pieces(&self.may);
        if !to.is_listed {
            may.push(SelectedRegion {
                trail: usize::MAX,
                selector: None,
                region: self.space.all(),
            });
        }
        left_out(&self.space, &self.scope, &from.pieces(must), &to.pieces(must), &may)
    }

    /// What one side surely logs and the other does not, and whether there is more.
    fn moved(&self, from: &Side, to: &Side) -> (Vec<Moved>, bool) {
        let Left { regions, mut more } = self.left_out(&self.must, from, to);
        let mut moved = Vec::new();
        for (region, otherwise) in regions {
            match self.witness(&region, from, to, otherwise) {
                Some(record) => moved.push(Moved {
                    description: describe::region(
                        &self.space,
                        &self.scope,
                        &region,
                        self.question.kind,
                    ),
                    otherwise,
                    witness: Witness::new(&record, self.question.kind),
                }),
                None => more = true,
            }
        }
        (moved, more)
    }

    /// A record of a region that the matcher itself finds surely logged on one side alone.
    fn witness(
        &self,
        region: &Region,
        from: &Side,
        to: &Side,
        otherwise: Answer,
    ) -> Option<Record> {
        let partition = &self.snapshot.partition;
        let setting = witness::Setting {
            kind: self.question.kind,
            account_id: &self.snapshot.account_id,
            partition,
        };
        let record = witness::record(&self.space, region, setting)?;
        let answer = |side: &Side| {
            let trails = side.positions.iter().filter_map(|position| self.trails.get(*position));
            let best = trails.map(|trail| trail.logs(&record)).max().unwrap_or(Match::No);
            Answer::from(if side.is_listed { best } else { best.max(Match::Maybe) })
        };
        let is_moved = answer(from) == Answer::Logged && answer(to) == otherwise;
        (is_moved && in_scope(&record, self.question, partition)).then_some(record)
    }
}
