//! What is decided, each answer with its evidence: a checked proof or replayed witnesses.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::answer::describe;
use crate::answer::report::{Gap, Verdict, Witness};
use crate::engine::compile::{self, Bound, SelectedRegion, Texts};
use crate::engine::proof::Checked;
use crate::engine::search::{Unproved, prove};
use crate::engine::{gaps, witness};
use crate::sets::region::{Region, Space};
use crate::spec::matching::Match;
use crate::spec::question::{Mode, Question};
use crate::spec::scope::{in_scope, object_arn_header};
use crate::spec::trail::Trail;

/// The texts that a problem borrows.
pub(super) struct Source {
    header: String,
    partition: String,
    texts: Texts,
}

impl Source {
    pub(super) fn new(question: &Question, partition: &str) -> Self {
        Self {
            header: object_arn_header(partition),
            partition: partition.into(),
            texts: Texts::new(question, partition),
        }
    }
}

/// A question about some trails, as regions.
pub(super) struct Problem<'a> {
    pub(super) question: &'a Question,
    pub(super) trails: &'a [Trail<'a>],
    pub(super) space: Space<'a>,
    pub(super) scope: Region,
    pub(super) must: Vec<SelectedRegion>,
    may: Vec<SelectedRegion>,
    source: &'a Source,
    account_id: &'a str,
}

impl<'a> Problem<'a> {
    pub(super) fn new(
        source: &'a Source,
        account_id: &'a str,
        question: &'a Question,
        trails: &'a [Trail<'a>],
    ) -> Self {
        let vocabulary = compile::vocabulary(&source.texts, question, trails);
        let space = Space::new(&source.header, vocabulary);
        let scope = compile::scope(&space, &source.texts, question);
        let pieces = |bound| {
            let of_trail =
                |(position, trail)| compile::pieces(&space, question, trail, position, bound);
            trails.iter().enumerate().flat_map(of_trail).collect()
        };
        let (must, may) = (pieces(Bound::Surely), pieces(Bound::Possibly));
        Self { question, trails, space, scope, must, may, source, account_id }
    }

    /// What the pieces of some trails do together.
    fn coverage(&self, is_meant: impl Fn(usize) -> bool + Copy) -> Coverage {
        let of_meant = |piece: &SelectedRegion| is_meant(piece.trail);
        let proved = prove(&self.scope, &self.must, of_meant);
        let mut is_given_up = proved == Err(Unproved::TooMuch);
        if let Ok(proof) = proved {
            let checked = proof.check(&self.scope, &self.must);
            return checked.map_or(Coverage::Unknown { is_given_up }, Coverage::Covered);
        }
        let gaps = gaps::find(&self.space, &self.scope, &self.may, of_meant);
        let regions: Vec<Shown> =
            gaps.regions.into_iter().filter_map(|region| self.show(&region, is_meant)).collect();
        if regions.is_empty() {
            is_given_up |= gaps.more;
            Coverage::Unknown { is_given_up }
        } else {
            Coverage::Lost(Lost { regions, more: gaps.more })
        }
    }

    /// A lost region with a record of it that the matcher itself finds lost.
    fn show(&self, region: &Region, is_meant: impl Fn(usize) -> bool) -> Option<Shown> {
        let (kind, partition) = (self.question.kind, &self.source.partition);
        let setting = witness::Setting { kind, account_id: self.account_id, partition };
        let record = witness::record(&self.space, region, setting)?;
        let mut meant = self.trails.iter().enumerate().filter(|(position, _)| is_meant(*position));
        let is_lost = meant.all(|(_, trail)| trail.logs(&record) == Match::No);
        (is_lost && in_scope(&record, self.question, partition)).then(|| {
            let description = describe::region(&self.space, &self.scope, region, kind);
            Shown { gap: Gap { description, witness: Witness::new(&record, kind) } }
        })
    }
}

/// Whether trails log every record in scope, with the evidence.
#[derive(Clone)]
pub(super) enum Coverage {
    Covered(Checked),
    Lost(Lost),
    Unknown {
        /// Whether that is because a search was given up.
        is_given_up: bool,
    },
}

impl Coverage {
    const fn proof(&self) -> Option<&Checked> {
        match self {
            Self::Covered(checked) => Some(checked),
            Self::Lost(_) | Self::Unknown { .. } => None,
        }
    }

    /// Whether a search that could have decided was given up.
    pub(super) const fn is_given_up(&self) -> bool {
        matches!(self, Self::Unknown { is_given_up: true })
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

/// A lost region, in words, with a replayed record of it: only [`Problem::show`] makes one.
#[derive(Clone)]
pub(super) struct Shown {
    gap: Gap,
}

impl Lost {
    /// The gaps as the report lists them.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        self.regions.iter().map(|shown| shown.gap.clone()).collect()
    }
}

/// The account's answer.
pub(super) enum Account {
    /// One proof, by one trail or by several together; or one for each trail.
    Proved(Vec<Checked>),
    /// The trails' own losses show it, or the account's.
    Refuted,
    /// Neither.
    Unknown,
}

/// What is decided of an account.
pub(super) struct Decision {
    /// Each trail alone.
    pub(super) trails: Vec<Coverage>,
    /// The account.
    pub(super) account: Account,
    /// What no trail logs, where the account is refuted.
    pub(super) gaps: Option<Lost>,
    /// Whether a search that could have decided was given up.
    pub(super) is_given_up: bool,
}

impl Decision {
    /// Decides a problem; where the trails could not be listed, nothing is decided of the account.
    pub(super) fn new(problem: &Problem<'_>, listed: bool) -> Self {
        let trails: Vec<Coverage> = (0..problem.trails.len())
            .map(|position| problem.coverage(|trail| trail == position))
            .collect();
        let found = OnceCell::new();
        let together = || {
            found.get_or_init(|| match trails.as_slice() {
                [only] => only.clone(),
                _ => problem.coverage(|_| true),
            })
        };
        let account = if listed {
            Account::of(problem.question.mode, &trails, together)
        } else {
            Account::Unknown
        };
        let gaps = match (&account, matches!(account, Account::Refuted).then(together)) {
            (Account::Refuted, Some(Coverage::Lost(lost))) => Some(lost.clone()),
            _ => None,
        };
        let given_up_together = found.get().is_some_and(Coverage::is_given_up);
        let is_given_up = given_up_together || trails.iter().any(Coverage::is_given_up);
        Self { trails, account, gaps, is_given_up }
    }
}

impl Account {
    fn of<'t>(mode: Mode, trails: &[Coverage], together: impl Fn() -> &'t Coverage) -> Self {
        let proofs = || trails.iter().filter_map(Coverage::proof);
        let is_lost = |trail: &Coverage| matches!(trail, Coverage::Lost(_));
        match mode {
            Mode::Any => match proofs().next() {
                Some(proof) => Self::Proved(alloc::vec![proof.clone()]),
                None if trails.iter().all(is_lost) => Self::Refuted,
                None => Self::Unknown,
            },
            Mode::Union => match together() {
                Coverage::Covered(proof) => Self::Proved(alloc::vec![proof.clone()]),
                Coverage::Lost(_) => Self::Refuted,
                Coverage::Unknown { .. } => Self::Unknown,
            },
            Mode::Every if trails.is_empty() || trails.iter().any(is_lost) => Self::Refuted,
            Mode::Every if proofs().count() == trails.len() => {
                Self::Proved(proofs().cloned().collect())
            }
            Mode::Every => Self::Unknown,
        }
    }
}
