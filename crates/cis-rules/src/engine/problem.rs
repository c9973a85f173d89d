//! A question about some trails, as regions.

use alloc::vec::Vec;

use super::compile::{self, OutOfScope, Purpose, Selected, SelectedRegion};
use super::proof::RegionId;
use super::witness;
use crate::aws::record::Record;
use crate::sets::region::{Region, Space};
use crate::spec::question::Question;
use crate::spec::scope::object_arn_header;
use crate::spec::trail::{Reach, Trail};

/// The account that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its partition.
    pub partition: &'a str,
}

/// A question about some trails, as regions of one space.
#[derive(Debug)]
pub struct Problem<'a> {
    /// The question.
    pub question: &'a Question,
    /// The account.
    pub account: Account<'a>,
    /// The trails.
    pub trails: &'a [Trail<'a>],
    /// The space of all records.
    pub space: Space<'a>,
    /// The records that must be logged, but for those out of scope.
    pub scope: Region,
    /// Records within the scope that need not be logged, and why.
    pub out_of_scope: Vec<(OutOfScope, Region)>,
    /// What selectors surely take.
    pub surely: Vec<SelectedRegion>,
    /// What selectors do not surely drop.
    pub possibly: Vec<SelectedRegion>,
}

/// Regions that cover what they hold, each with its reason.
#[derive(Debug)]
pub struct Covering<'p> {
    /// The regions.
    pub regions: Vec<Region>,
    reasons: Vec<Reason<'p>>,
}

/// Why the records of a region need no further look.
#[derive(Clone, Copy, Debug)]
pub enum Reason<'p> {
    /// A selector takes them.
    Selected(&'p SelectedRegion),
    /// They are out of scope.
    OutOfScope(OutOfScope),
}

impl<'p> Covering<'p> {
    /// Why a region is covered.
    #[must_use]
    pub fn reason(&self, region: RegionId) -> Option<Reason<'p>> {
        region.of(&self.reasons).copied()
    }
}

impl Problem<'_> {
    /// Puts a question about trails as regions, and asks it.
    pub fn solve<T>(
        question: &Question,
        account: Account<'_>,
        trails: &[Trail<'_>],
        purpose: Purpose,
        ask: impl FnOnce(&Problem<'_>) -> T,
    ) -> T {
        let header = object_arn_header(account.partition);
        let allowed = compile::allowed_starts(question, account.partition);
        let comparisons = compile::comparisons(&allowed, question, trails);
        let space = Space::new(&header, comparisons);
        let Selected { surely, possibly } = Selected::by(&space, question, trails, purpose);
        ask(&Problem {
            question,
            account,
            trails,
            scope: compile::scope(&space, &allowed, question),
            out_of_scope: compile::out_of_scope(&space, question),
            space,
            surely,
            possibly,
        })
    }

    /// The selected regions of some trails, with what is out of scope.
    #[must_use]
    pub fn covering<'p>(
        &'p self,
        selected: &'p [SelectedRegion],
        is_meant: impl Fn(usize) -> bool,
    ) -> Covering<'p> {
        let meant = selected.iter().filter(|selected| is_meant(selected.trail));
        let of_selectors = meant.map(|meant| (meant.region.clone(), Reason::Selected(meant)));
        let others = self.out_of_scope.iter();
        let others = others.map(|(why, region)| (region.clone(), Reason::OutOfScope(*why)));
        let (regions, reasons) = of_selectors.chain(others).unzip();
        Covering { regions, reasons }
    }

    /// A readable record of a region, in a Region of which no single-Region trail has events where
    /// that can be; none where the region is empty.
    #[must_use]
    pub fn record(&self, region: &Region) -> Option<Record> {
        let homes = self.trails.iter().filter_map(|trail| match trail.reach {
            Reach::HomeRegion(home) => home,
            Reach::EveryRegion | Reach::Unknown(_) => None,
        });
        let setting = witness::Setting {
            kind: self.question.kind,
            account_id: self.account.id,
            partition: self.account.partition,
            home_regions: &homes.collect::<Vec<_>>(),
        };
        witness::record(&self.space, region, setting)
    }
}
