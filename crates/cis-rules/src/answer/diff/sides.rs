//! The two sides of a comparison in one space, and what it finds put into words.

use alloc::vec::Vec;

use super::regions::{Left, left_out};
use super::{Change, Moved};
use crate::answer::describe;
use crate::answer::explain::Answer;
use crate::answer::report::Witness;
use crate::aws::record::Record;
use crate::aws::selector::Selector;
use crate::engine::compile::SelectedRegion;
use crate::engine::problem::Problem;
use crate::sets::region::{Axis, Region};
use crate::spec::matching::Match;
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

    /// Whether a trail is of this side.
    fn has(&self, position: usize) -> bool {
        self.positions.contains(&position)
    }
}

/// The trails of both snapshots and one kind of event.
pub(super) struct Comparison<'p> {
    problem: &'p Problem<'p>,
}

impl<'p> Comparison<'p> {
    pub(super) const fn new(problem: &'p Problem<'p>) -> Self {
        Self { problem }
    }

    /// What is logged differently by the trails of two sides.
    pub(super) fn change(&self, [before, after]: &[Side; 2]) -> Change {
        let (lost, more_lost) = self.moved(before, after);
        let (gained, more_gained) = self.moved(after, before);
        Change { kind: self.problem.question.kind, lost, more_lost, gained, more_gained }
    }

    /// Whether something would be logged differently, or alike, if selectors did not compare the
    /// `ARNPrefix` of a record with their conditions on `resources.ARN`.
    pub(super) fn rests_on_prefix(&self, [before, after]: &[Side; 2]) -> bool {
        let problem = self.problem;
        let compares_arn = |selected: &SelectedRegion| {
            selected.selector(problem.trails).is_some_and(Selector::compares_arn)
        };
        if !problem.surely.iter().any(compares_arn) {
            return false;
        }
        let keyless = problem.space.on(Axis::ARN).keyless();
        let without_keyless = |selected: &SelectedRegion| {
            if !compares_arn(selected) {
                return selected.clone();
            }
            let arns = selected.region.on(Axis::ARN).minus(&keyless);
            SelectedRegion { region: selected.region.with(Axis::ARN, arns), ..*selected }
        };
        let surely: Vec<_> = problem.surely.iter().map(without_keyless).collect();
        [[before, after], [after, before]].into_iter().any(|[from, to]| {
            self.left_out(&problem.surely, from, to) != self.left_out(&surely, from, to)
        })
    }

    /// What one side surely logs and the other does not, where they surely log these regions.
    fn left_out(&self, surely: &[SelectedRegion], from: &Side, to: &Side) -> Left {
        let problem = self.problem;
        let mut possibly = problem.covering(&problem.possibly, |trail| to.has(trail)).regions;
        if !to.is_listed {
            possibly.push(problem.space.all());
        }
        let kept = problem.covering(surely, |trail| to.has(trail)).regions;
        let of_side = surely.iter().filter(|selected| from.has(selected.trail));
        let surely: Vec<Region> = of_side.map(|selected| selected.region.clone()).collect();
        left_out(&problem.space, &problem.scope, &surely, &kept, &possibly)
    }

    /// What one side surely logs and the other does not, and whether there is more.
    fn moved(&self, from: &Side, to: &Side) -> (Vec<Moved>, bool) {
        let problem = self.problem;
        let Left { regions, mut more } = self.left_out(&problem.surely, from, to);
        let mut moved = Vec::new();
        for (region, otherwise) in regions {
            match self.witness(&region, from, to, otherwise) {
                Some(record) => moved.push(Moved {
                    description: describe::region(
                        &problem.space,
                        &problem.scope,
                        &region,
                        problem.question.kind,
                    ),
                    otherwise,
                    witness: Witness::new(record),
                }),
                None => more = true,
            }
        }
        (moved, more)
    }

    /// A record of a region that the matcher itself finds surely logged on one side only.
    fn witness(
        &self,
        region: &Region,
        from: &Side,
        to: &Side,
        otherwise: Answer,
    ) -> Option<Record> {
        let problem = self.problem;
        let record = problem.record(region)?;
        let answer = |side: &Side| {
            let trails = side.positions.iter().filter_map(|position| problem.trails.get(*position));
            let best = trails.map(|trail| trail.logs(&record)).max().unwrap_or(Match::No);
            Answer::from(if side.is_listed { best } else { best.max(Match::Maybe) })
        };
        let is_moved = answer(from) == Answer::Logged && answer(to) == otherwise;
        let is_in_scope = in_scope(&record, problem.question, problem.account.partition);
        (is_moved && is_in_scope).then_some(record)
    }
}
