//! For which times a trail did not record what it recorded before, or what it records after.

use cis_rules::diff::{Change, Difference, Moved, diff};
use cis_rules::explain::Answer;
use cis_rules::question::{Deliveries, Kind};
use cis_rules::snapshot::Snapshot;
use serde_json::Value;

use crate::answer::What;
use crate::call::TrailChange;
use crate::management::{Extent, Management};
use crate::state::{self, Said, State};
use crate::steps::Line;

/// How many steps after a loss are compared with the state before it. Comparing all pairs of a trail
/// that was changed without end would take the square of their number.
const WINDOW: usize = 100;

/// What is recorded on one side only.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Missing {
    pub(crate) what: What,
    pub(crate) kind: Option<Kind>,
    pub(crate) description: String,
    pub(crate) answer: Answer,
}

impl Missing {
    fn is_same(&self, other: &Self) -> bool {
        (self.what, self.kind, &self.description, self.answer)
            == (other.what, other.kind, &other.description, other.answer)
    }
}

/// Something that was not recorded from one step to another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) missing: Missing,
    /// A position at which it is recorded: the state before the first step is 0.
    pub(crate) recorded: usize,
    /// The step that began it.
    pub(crate) from: usize,
    /// The step that ended it.
    pub(crate) to: Option<usize>,
}

/// A trail's states as the engine compares them: what is not known of its status is taken as if it
/// logged, for the comparison is about its selectors.
pub(crate) struct Compared<'a> {
    line: &'a Line,
    /// The state before the first step, then that after each.
    states: Vec<(&'a State, Option<Snapshot>)>,
}

impl<'a> Compared<'a> {
    pub(crate) fn new(line: &'a Line) -> Self {
        let before = core::iter::once(&line.before);
        let states = before.chain(line.steps.iter().map(|step| &step.state));
        let snapshot = |state: &State| {
            let trails = state.trail(&line.id, true).into_iter().collect();
            state::account(&line.id.account_id, &line.id.partition, trails, true).ok()
        };
        let states = states.map(|state| (state, snapshot(state))).collect();
        Self { line, states }
    }

    fn state(&self, position: usize) -> Option<&State> {
        self.states.get(position).map(|(state, _)| *state)
    }

    /// What the engine finds different between two positions; `None` where a state is none that can be
    /// read.
    pub(crate) fn difference(&self, before: usize, after: usize) -> Option<Difference> {
        let one = self.states.get(before)?.1.as_ref()?;
        let other = self.states.get(after)?.1.as_ref()?;
        diff(one, other, Deliveries::Ignore).ok()
    }

    /// What is recorded at one position and not at another.
    fn missing(&self, recorded: usize, at: usize) -> Vec<Missing> {
        let (Some(before), Some(after)) = (self.state(recorded), self.state(at)) else {
            return Vec::new();
        };
        if before.is_off() || before == after {
            return Vec::new();
        }
        if after.is_off() {
            return vec![Missing {
                what: What::Everything,
                kind: None,
                description: "every event".to_string(),
                answer: Answer::NotLogged,
            }];
        }
        let changes = self.difference(recorded, at).map(|found| found.account).unwrap_or_default();
        let data = changes.iter().flat_map(|change| of_data(change, |change| &change.lost));
        let management = of_management(before.management(), after.management());
        data.chain(management).collect()
    }

    /// Whether other trails record what is missing in an interval: all of it, surely nothing of it, or
    /// that is not known. `others` are those trails at its beginning.
    pub(crate) fn by_others(
        &self,
        interval: &Interval,
        others: &[Value],
        is_listed: bool,
    ) -> Option<Answer> {
        let Interval { missing, recorded, from, .. } = interval;
        let kind = missing.kind.filter(|_| missing.what == What::Data)?;
        let account = |position: usize| {
            let trail = self.state(position)?.trail(&self.line.id, true);
            let trails = trail.into_iter().chain(others.iter().cloned()).collect();
            state::account(&self.line.id.account_id, &self.line.id.partition, trails, is_listed)
                .ok()
        };
        let found = diff(&account(*recorded)?, &account(from + 1)?, Deliveries::Ignore).ok()?;
        let change = found.account.into_iter().find(|change| change.kind == kind)?;
        if !change.is_loss() {
            return Some(Answer::Logged);
        }
        let is_it = |moved: &Moved| {
            moved.description == missing.description && moved.otherwise == Answer::NotLogged
        };
        Some(if change.lost.iter().any(is_it) { Answer::NotLogged } else { Answer::NotKnown })
    }

    /// The intervals, in the order of their beginnings.
    pub(crate) fn intervals(&self) -> Vec<Interval> {
        let count = self.states.len();
        let mut intervals = Vec::new();
        let mut baselines: Vec<(usize, usize)> = Vec::new();
        for at in 1..count {
            let missing = self.missing(at - 1, at);
            let is_known = baselines
                .iter()
                .any(|&(baseline, end)| at < end && self.covers(baseline, at, &missing));
            if missing.is_empty() || is_known {
                continue;
            }
            let end = self.lost_since(at - 1, &mut intervals);
            baselines.push((at - 1, end));
        }
        self.add_recorded_later(&mut intervals);
        intervals.sort_by(|one, other| {
            let key = |interval: &Interval| {
                let missing = &interval.missing;
                (
                    interval.from,
                    missing.answer,
                    missing.what,
                    missing.kind,
                    missing.description.clone(),
                )
            };
            key(one).cmp(&key(other))
        });
        intervals
    }

    /// Whether all that is missing since one position is missing since an earlier one.
    fn covers(&self, baseline: usize, at: usize, missing: &[Missing]) -> bool {
        let since = self.missing(baseline, at);
        let all = since.iter().any(|other| other.what == What::Everything);
        missing.iter().all(|one| all || since.iter().any(|other| other.is_same(one)))
    }

    /// Adds the intervals in which something is missing that was recorded at a position; the position
    /// at which all of it is recorded once more, or the number of positions.
    fn lost_since(&self, recorded: usize, intervals: &mut Vec<Interval>) -> usize {
        let count = self.states.len();
        let last = count.min(recorded + 1 + WINDOW);
        let mut open: Vec<Interval> = Vec::new();
        for at in recorded + 1..last {
            let missing = self.missing(recorded, at);
            open.retain_mut(|interval| {
                let is_missing = missing.iter().any(|one| one.is_same(&interval.missing));
                if !is_missing {
                    interval.to = Some(at - 1);
                    intervals.push(interval.clone());
                }
                is_missing
            });
            if missing.is_empty() {
                return at;
            }
            for one in missing {
                if !open.iter().any(|interval| interval.missing.is_same(&one)) {
                    open.push(Interval { missing: one, recorded, from: at - 1, to: None });
                }
            }
        }
        for mut interval in open {
            if last < count {
                // What comes after the window is not looked into.
                let missing = Missing { answer: Answer::NotKnown, ..interval.missing.clone() };
                let to = last.checked_sub(2);
                let from = to.unwrap_or(interval.from);
                intervals.push(Interval { missing, recorded, from, to: None });
                interval.to = to;
            }
            intervals.push(interval);
        }
        last
    }

    /// Adds what was surely not recorded and is later, where the call that left it out is known but not
    /// what was recorded before that.
    fn add_recorded_later(&self, intervals: &mut Vec<Interval>) {
        let count = self.states.len();
        for at in 1..count.min(WINDOW) {
            let gained: Vec<Missing> = self
                .missing(at, at - 1)
                .into_iter()
                .filter(|one| one.answer == Answer::NotLogged)
                .collect();
            for one in gained {
                let is_told = intervals.iter().any(|interval| {
                    interval.from < at - 1
                        && interval.to.is_none_or(|to| to + 1 >= at)
                        && interval.missing.what == one.what
                        && interval.missing.kind == one.kind
                });
                let mut first = at - 1;
                while first > 0 && self.missing(at, first - 1).iter().any(|had| had.is_same(&one)) {
                    first -= 1;
                }
                // A trail that was made so was not blinded.
                let Some(step) = first.checked_sub(1).and_then(|step| self.line.steps.get(step))
                else {
                    continue;
                };
                let is_narrowed = matches!(
                    step.said,
                    Said::Changed(
                        TrailChange::Selectors(_)
                            | TrailChange::Logging(false)
                            | TrailChange::Update(_)
                    )
                );
                let was_there = self.state(first - 1).is_some_and(|state| !state.is_off());
                if is_narrowed && was_there && !is_told {
                    intervals.push(Interval {
                        missing: one,
                        recorded: at,
                        from: first - 1,
                        to: Some(at - 1),
                    });
                }
            }
        }
    }
}

/// The data events in a change, either those lost or those gained.
fn of_data(change: &Change, side: impl Fn(&Change) -> &Vec<Moved>) -> Vec<Missing> {
    let moved = side(change).iter().map(|moved| Missing {
        what: What::Data,
        kind: Some(change.kind),
        description: moved.description.clone(),
        answer: moved.otherwise,
    });
    moved.collect()
}

/// The management events that are recorded on one side only.
fn of_management(before: Option<Management>, after: Option<Management>) -> Vec<Missing> {
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    let missing = |kind: Kind, before: Extent, after: Extent| {
        (after < before).then(|| Missing {
            what: What::Management,
            kind: Some(kind),
            description: match (before, after) {
                (_, Extent::Some) => format!("some {kind} management events"),
                (Extent::Some, _) => format!("the {kind} management events that it took before"),
                _ => format!("every {kind} management event"),
            },
            answer: Answer::NotLogged,
        })
    };
    let write = missing(Kind::Write, before.write, after.write);
    write.into_iter().chain(missing(Kind::Read, before.read, after.read)).collect()
}
