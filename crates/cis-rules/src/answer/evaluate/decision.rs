//! What is decided, each answer with its evidence: a checked proof or replayed witnesses.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::answer::describe;
use crate::answer::report::{self, Assumption, Gap, Verdict, Witness};
use crate::aws::catalogue;
use crate::aws::field::RecordField;
use crate::engine::gaps::{self, Gaps};
use crate::engine::problem::Problem;
use crate::engine::proof::Proof;
use crate::engine::search::{Unproved, prove};
use crate::sets::region::{Axis, Region};
use crate::spec::matching::Match;
use crate::spec::question::{Excepted, Mode};
use crate::spec::scope::{DOCUMENTED_TYPES, in_scope};

use super::writing;

/// What some trails do together.
pub(super) fn coverage(problem: &Problem<'_>, is_meant: impl Fn(usize) -> bool + Copy) -> Coverage {
    let surely = problem.covering(&problem.surely, is_meant);
    let possibly = problem.covering(&problem.possibly, is_meant).regions;
    let (left, gaps) = match prove_or_find(problem, &surely.regions, &possibly) {
        Ok(proof) => {
            // Without a checked proof that can be written down nothing is COMPLIANT.
            let checked = proof.check(&problem.scope, &surely.regions).ok();
            return match checked.and_then(|checked| writing::proved(problem, &surely, &checked)) {
                Some(proved) => Coverage::Covered(Rc::new(proved)),
                None => Coverage::Unknown { is_given_up: false, undecided: String::new() },
            };
        }
        Err(left) => left,
    };
    let shown = |region: Region| show(problem, &region, is_meant);
    let mut regions: Vec<Shown> = gaps.regions.into_iter().filter_map(shown).collect();
    if gaps.more && !regions.iter().any(|shown| shown.gap.witness.documented) {
        regions.extend(documented_gap(problem, &possibly, is_meant));
    }
    // Stable: the largest region first among those of one sort.
    regions.sort_by_key(|shown| !shown.gap.witness.documented);
    if regions.is_empty() {
        let undecided = left.as_ref().map(|region| {
            describe::region(&problem.space, &problem.scope, region, problem.question.kind)
        });
        let is_given_up = left.is_none() || gaps.more;
        return Coverage::Unknown { is_given_up, undecided: undecided.unwrap_or_default() };
    }
    Coverage::Lost(Rc::new(Lost { regions, more: gaps.more }))
}

/// Proves that what is surely logged covers the scope, or finds a part that it leaves, and what is
/// surely lost. Where nothing about the selectors is in doubt, that is one search.
fn prove_or_find(
    problem: &Problem<'_>,
    surely: &[Region],
    possibly: &[Region],
) -> Result<Proof, (Option<Box<Region>>, Gaps)> {
    let (space, scope) = (&problem.space, &problem.scope);
    if surely == possibly {
        let found = gaps::prove_or_find(space, scope, surely);
        return found.map_err(|mut gaps| (gaps.first.take(), gaps));
    }
    match prove(scope, surely) {
        Ok(proof) => Ok(proof),
        Err(Unproved::Left(left)) => Err((Some(left), gaps::find(space, scope, possibly))),
        Err(Unproved::TooMuch) => Err((None, gaps::find(space, scope, possibly))),
    }
}

/// A lost region with a record of it that the matcher itself finds lost.
fn show(problem: &Problem<'_>, region: &Region, is_meant: impl Fn(usize) -> bool) -> Option<Shown> {
    let mut record = problem.record(region)?;
    let meant = problem.trails.iter().enumerate().filter(|(position, _)| is_meant(*position));
    let mut is_elsewhere = false;
    for (_, trail) in meant {
        match trail.logs(&record) {
            Match::No => {}
            // It records its home Region only, which is not known: so the record is of another one.
            Match::Maybe if trail.is_of_unknown_region() => is_elsewhere = true,
            Match::Maybe | Match::Surely => return None,
        }
    }
    if !in_scope(&record, problem.question, problem.account.partition) {
        return None;
    }
    if is_elsewhere {
        record.set(RecordField::AwsRegion, None::<String>);
    }
    let description =
        describe::region(&problem.space, &problem.scope, region, problem.question.kind);
    Some(Shown { gap: Gap { description, witness: Witness::new(record) } })
}

/// A lost region with a record that AWS documents, looked for among the classes of what is
/// documented: the list of lost regions may have been cut before it.
fn documented_gap(
    problem: &Problem<'_>,
    possibly: &[Region],
    is_meant: impl Fn(usize) -> bool + Copy,
) -> Option<Shown> {
    let kind = problem.question.kind;
    let names = [Some(kind), None, Some(kind.other())].into_iter();
    let names = names.flat_map(catalogue::object_events).chain([catalogue::AUTHENTICATION]);
    let sources = RecordField::EventSource.facts().samples.iter().copied();
    let region = problem.scope.clone();
    let region = with_classes_of(problem, region, RecordField::EventName, names)?;
    let region = with_classes_of(problem, region, RecordField::EventSource, sources)?;
    let region = with_classes_of(problem, region, RecordField::EventType, DOCUMENTED_TYPES)?;
    match prove(&region, possibly) {
        Err(Unproved::Left(left)) => show(problem, &left, is_meant),
        Ok(_) | Err(Unproved::TooMuch) => None,
    }
    .filter(|shown| shown.gap.witness.documented)
}

/// The part of a region of the scope with the classes of some values of a field.
fn with_classes_of(
    problem: &Problem<'_>,
    region: Region,
    field: RecordField,
    values: impl IntoIterator<Item = &'static str>,
) -> Option<Region> {
    let axis = Axis::of(field)?;
    let set = problem.space.on(axis).classes_of(values).and(region.on(axis));
    Some(region.with(axis, set))
}

/// Whether trails log every record in scope, with the evidence.
///
/// It is shared, for what one trail does may be what the account does.
#[derive(Clone)]
pub(super) enum Coverage {
    Covered(Rc<Proved>),
    Lost(Rc<Lost>),
    Unknown {
        /// Whether that is because a search was given up.
        is_given_up: bool,
        /// The records whose fate is not known, in words; empty if the search was given up.
        undecided: String,
    },
}

/// A proof that the checker accepted, written down.
#[derive(Clone)]
pub(super) struct Proved {
    pub(super) proof: report::Proof,
    pub(super) assumptions: Vec<Assumption>,
}

impl Coverage {
    const fn proof(&self) -> Option<&Rc<Proved>> {
        match self {
            Self::Covered(proved) => Some(proved),
            Self::Lost(_) | Self::Unknown { .. } => None,
        }
    }

    /// Whether a search that could have decided was given up.
    pub(super) const fn is_given_up(&self) -> bool {
        matches!(self, Self::Unknown { is_given_up: true, .. })
    }

    pub(super) const fn verdict(&self) -> Verdict {
        match self {
            Self::Covered(_) => Verdict::Compliant,
            Self::Lost(_) => Verdict::NonCompliant,
            Self::Unknown { .. } => Verdict::Indeterminate,
        }
    }
}

/// Regions that are lost, at least one.
#[derive(Clone)]
pub(super) struct Lost {
    pub(super) regions: Vec<Shown>,
    pub(super) more: bool,
}

/// A lost region, in words, with a replayed record of it: only [`show`] makes one.
#[derive(Clone)]
pub(super) struct Shown {
    gap: Gap,
}

impl Lost {
    /// The gaps as the report lists them, and whether there are more.
    pub(super) fn into_gaps(self: Rc<Self>) -> (Vec<Gap>, bool) {
        let Self { regions, more } = Rc::unwrap_or_clone(self);
        (regions.into_iter().map(|shown| shown.gap).collect(), more)
    }
}

/// The account's answer.
pub(super) enum Account {
    /// One proof, by one trail or by several together; or one for each trail.
    Proved(Vec<Rc<Proved>>),
    /// The trails' own losses show it, or the account's.
    Refuted,
    /// Neither.
    Unknown,
}

/// What is decided of an account.
pub(super) struct Decision {
    /// Each trail by itself.
    pub(super) trails: Vec<Coverage>,
    /// The account.
    pub(super) account: Account,
    /// What no trail logs, where the account is refuted.
    pub(super) gaps: Option<Rc<Lost>>,
    /// Whether a search that could have decided was given up.
    pub(super) is_given_up: bool,
    /// The records whose fate is not known, in words; `None` if none were found.
    pub(super) undecided: Option<String>,
}

impl Decision {
    /// Decides a problem; where the trails could not be listed, nothing is decided of the account.
    pub(super) fn new(problem: &Problem<'_>, listed: bool) -> Self {
        let trails: Vec<Coverage> = (0..problem.trails.len())
            .map(|position| coverage(problem, |trail| trail == position))
            .collect();
        let found = OnceCell::new();
        let together = || {
            found.get_or_init(|| match trails.as_slice() {
                [only] => only.clone(),
                _ => coverage(problem, |_| true),
            })
        };
        let account = if listed {
            let excepted = |position: usize| {
                let arn = problem.trails.get(position).map(|trail| trail.arn);
                let exceptions = &problem.question.exceptions;
                arn.is_some_and(|arn| {
                    exceptions.iter().any(|one| one.excepts(Excepted::Trail, arn))
                })
            };
            Account::of(problem.question.mode, &trails, excepted, together)
        } else {
            Account::Unknown
        };
        let gaps = match (&account, matches!(account, Account::Refuted).then(together)) {
            (Account::Refuted, Some(Coverage::Lost(lost))) => Some(Rc::clone(lost)),
            _ => None,
        };
        let given_up_together = found.get().is_some_and(Coverage::is_given_up);
        let is_given_up = given_up_together || trails.iter().any(Coverage::is_given_up);
        let unknown = found.get().into_iter().chain(&trails).find_map(|coverage| match coverage {
            Coverage::Unknown { undecided, .. } if !undecided.is_empty() => Some(undecided.clone()),
            _ => None,
        });
        Self { trails, account, gaps, is_given_up, undecided: unknown }
    }
}

impl Account {
    /// The account's answer. Where every trail must log everything, one that is excepted need not, but
    /// some trail must.
    fn of<'t>(
        mode: Mode,
        trails: &[Coverage],
        is_excepted: impl Fn(usize) -> bool,
        together: impl Fn() -> &'t Coverage,
    ) -> Self {
        let proofs = || trails.iter().filter_map(Coverage::proof);
        let is_lost = |trail: &Coverage| matches!(trail, Coverage::Lost(_));
        match mode {
            Mode::Any => match proofs().next() {
                Some(proof) => Self::Proved(alloc::vec![Rc::clone(proof)]),
                None if trails.iter().all(is_lost) => Self::Refuted,
                None => Self::Unknown,
            },
            Mode::Union => match together() {
                Coverage::Covered(proof) => Self::Proved(alloc::vec![Rc::clone(proof)]),
                Coverage::Lost(_) => Self::Refuted,
                Coverage::Unknown { .. } => Self::Unknown,
            },
            Mode::Every => {
                let positions = trails.iter().enumerate();
                let demanded = || positions.clone().filter(|(at, _)| !is_excepted(*at));
                let is_proved = |(_, trail): (usize, &Coverage)| trail.proof().is_some();
                if trails.iter().all(is_lost) || demanded().any(|(_, trail)| is_lost(trail)) {
                    Self::Refuted
                } else if proofs().next().is_some() && demanded().all(is_proved) {
                    Self::Proved(proofs().cloned().collect())
                } else {
                    Self::Unknown
                }
            }
        }
    }
}
