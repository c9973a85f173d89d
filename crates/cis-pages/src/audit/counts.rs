//! What is counted of the answers, in memory that does not grow with them.

use std::collections::{BTreeMap, BTreeSet};

use cis_findings::regions::Recorded;
use cis_findings::sheet::Sheet;
use cis_findings::told::RULES;
use cis_rules::report::{Assumption, Verdict};

/// The most Regions that are columns. AWS has fewer.
const COLUMNS: usize = 48;

/// The most Regions that are counted.
const REGIONS: usize = 1024;

/// Accounts in which all events of a Region are recorded, some are lost, or neither is known.
pub(super) type OfRegion = BTreeMap<Recorded, usize>;

/// How an account stands, the worst first: by its verdict, and whether it is excepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    NonCompliant,
    Indeterminate,
    /// One of the two, but excepted.
    Excepted,
    Compliant,
}

impl Standing {
    pub(super) const ALL: [Self; 4] =
        [Self::NonCompliant, Self::Indeterminate, Self::Excepted, Self::Compliant];

    pub(super) const fn of(sheet: &Sheet) -> Self {
        match (sheet.verdict, sheet.is_excepted) {
            (Verdict::Compliant, _) => Self::Compliant,
            (Verdict::NonCompliant | Verdict::Indeterminate, true) => Self::Excepted,
            (Verdict::NonCompliant, false) => Self::NonCompliant,
            (Verdict::Indeterminate, false) => Self::Indeterminate,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NonCompliant => Verdict::NonCompliant.name(),
            Self::Indeterminate => Verdict::Indeterminate.name(),
            Self::Excepted => "excepted",
            Self::Compliant => Verdict::Compliant.name(),
        }
    }

    /// The class in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::NonCompliant => "bad",
            Self::Indeterminate => "doubtful",
            Self::Excepted => "calm",
            Self::Compliant => "good",
        }
    }
}

/// What is counted.
#[derive(Debug, Default)]
pub(super) struct Counts {
    standings: [usize; 4],
    rules: BTreeMap<&'static str, usize>,
    kinds: BTreeSet<&'static str>,
    assumptions: BTreeSet<Assumption>,
    elsewhere: OfRegion,
    regions: BTreeMap<String, Homes>,
}

/// A Region in which trails have their homes.
#[derive(Debug, Default)]
struct Homes {
    /// In how many answers.
    answers: usize,
    /// What is recorded there, where it is not as elsewhere: elsewhere, and there.
    changes: BTreeMap<(Recorded, Recorded), usize>,
}

impl Counts {
    pub(super) fn add(&mut self, sheet: &Sheet) {
        if let Some(number) = self.standings.get_mut(Standing::of(sheet) as usize) {
            *number += 1;
        }
        *self.rules.entry(sheet.rule).or_default() += 1;
        self.kinds.insert(sheet.kind.name());
        self.assumptions.extend(&sheet.assumptions);
        *self.elsewhere.entry(sheet.elsewhere.recorded).or_default() += 1;
        for home in &sheet.regions {
            if self.regions.len() == REGIONS && !self.regions.contains_key(&home.region) {
                continue;
            }
            let homes = self.regions.entry(home.region.clone()).or_default();
            homes.answers += 1;
            if let Some(record) = &home.record {
                let change = (sheet.elsewhere.recorded, record.recorded);
                *homes.changes.entry(change).or_default() += 1;
            }
        }
    }

    /// How many answers stand so.
    pub(super) fn of(&self, standing: Standing) -> usize {
        self.standings.get(standing as usize).copied().unwrap_or(0)
    }

    /// How many answers there are.
    pub(super) fn answers(&self) -> usize {
        self.standings.iter().sum()
    }

    /// Whether several kinds of events were asked about.
    pub(super) fn has_several_kinds(&self) -> bool {
        self.kinds.len() > 1
    }

    /// What answers assume.
    pub(super) fn assumptions(&self) -> impl Iterator<Item = Assumption> {
        self.assumptions.iter().copied()
    }

    /// The kinds of mistakes that there are, the most frequent first: name, title, number.
    pub(super) fn rules(&self) -> Vec<(&'static str, &'static str, usize)> {
        let all = RULES.iter().filter_map(|(name, title, _)| {
            self.rules.get(name).map(|number| (*name, *title, *number))
        });
        let mut rules: Vec<_> = all.collect();
        rules.sort_by_key(|(.., number)| std::cmp::Reverse(*number));
        rules
    }

    /// The Regions that are columns, by name: those in which most accounts have trails.
    pub(super) fn columns(&self) -> Vec<&str> {
        let mut all: Vec<_> = self.regions.iter().collect();
        all.sort_by_key(|(_, homes)| std::cmp::Reverse(homes.answers));
        let mut names: Vec<_> = all.into_iter().take(COLUMNS).map(|(name, _)| &**name).collect();
        names.sort_unstable();
        names
    }

    /// In how many answers a trail has its home in a Region.
    pub(super) fn homes(&self, region: &str) -> usize {
        self.regions.get(region).map_or(0, |homes| homes.answers)
    }

    /// What is recorded in a Region; `None` of every Region that is no column.
    pub(super) fn recorded(&self, region: Option<&str>) -> OfRegion {
        let mut recorded = self.elsewhere.clone();
        let homes = region.and_then(|region| self.regions.get(region));
        for ((elsewhere, there), number) in homes.into_iter().flat_map(|homes| &homes.changes) {
            *recorded.entry(*there).or_default() += number;
            if let Some(others) = recorded.get_mut(elsewhere) {
                *others = others.saturating_sub(*number);
            }
        }
        recorded
    }
}
