//! What would make an account log every event of a kind, as facts that are put into words elsewhere.
//!
//! Whether a trail's selectors must change is not guessed: the trail is decided again as it would
//! be after the other changes.

use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{AccountResult, TrailResult, Verdict};
use cis_rules::selector::Selector;
use cis_rules::snapshot::{ObservedTrail, Snapshot, TrailStatus};

use crate::evidence::pairs;

/// The most basic selectors that a trail can have.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
pub const MOST_BASIC_SELECTORS: usize = 5;

/// What to do about an account that is NON_COMPLIANT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair<'a> {
    /// Change what is planned, where it is written.
    Plan,
    /// Change these trails, at least one.
    Trails(Vec<TrailRepair<'a>>),
    /// Create a trail: there is none to change.
    Create,
}

/// What to change about one trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailRepair<'a> {
    /// The trail.
    pub observed: &'a ObservedTrail,
    /// Whether it is this account's own; another account's takes that account's hands.
    pub is_own: bool,
    /// Make it multi-Region.
    pub extend: bool,
    /// Start it.
    pub start: bool,
    /// Set its `RecursiveLogging` to true, or accept what it keeps unlogged.
    pub log_deliveries: bool,
    /// Change its selectors.
    pub selectors: Option<SelectorRepair>,
}

/// How to change a trail's selectors: one more is enough, for a record is logged if any selects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectorRepair {
    /// Its selectors are advanced ones.
    Advanced,
    /// They are basic ones, or there are none.
    Basic {
        /// Whether there is no room for one more, so that one must be widened.
        is_full: bool,
    },
}

impl<'a> Repair<'a> {
    /// What to do about an account; nothing where it is not NON_COMPLIANT.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot, result: &'a AccountResult) -> Option<Self> {
        if result.verdict != Verdict::NonCompliant {
            return None;
        }
        if snapshot.planned {
            return Some(Self::Plan);
        }
        let trails: Vec<_> = to_change(snapshot, result)
            .into_iter()
            .map(|observed| TrailRepair::of(snapshot, result, observed))
            .collect();
        Some(if trails.is_empty() { Self::Create } else { Self::Trails(trails) })
    }
}

/// The trails to change: each that fails where every trail must log everything, else the one that
/// needs the least.
fn to_change<'a>(snapshot: &'a Snapshot, result: &'a AccountResult) -> Vec<&'a ObservedTrail> {
    let failing =
        pairs(snapshot, result).filter(|(_, trail)| trail.verdict == Verdict::NonCompliant);
    match result.mode {
        Mode::Every => failing.map(|(observed, _)| observed).collect(),
        Mode::Any | Mode::Union => failing
            .min_by_key(|(observed, trail)| effort(snapshot, observed, trail))
            .map(|(observed, _)| observed)
            .into_iter()
            .collect(),
    }
}

/// Another account's trail takes another account's hands; a trail that does not count takes more
/// than selectors.
fn effort(
    snapshot: &Snapshot,
    observed: &ObservedTrail,
    trail: &TrailResult,
) -> (bool, bool, bool, usize) {
    (!is_own(snapshot, observed), !trail.counts, trail.more_gaps, trail.gaps.len())
}

impl<'a> TrailRepair<'a> {
    /// What to change about one trail so that it logs every event of the answer's kind.
    #[must_use]
    pub fn of(snapshot: &Snapshot, result: &AccountResult, observed: &'a ObservedTrail) -> Self {
        let is_logging = observed.status.as_ref().and_then(|status| status.is_logging);
        Self {
            observed,
            is_own: is_own(snapshot, observed),
            extend: observed.trail.is_multi_region_trail == Some(false),
            start: is_logging == Some(false),
            log_deliveries: observed.trail.recursive_logging == Some(false)
                && result.kind == Kind::Write,
            selectors: (!selectors_suffice(snapshot, result, observed))
                .then(|| SelectorRepair::of(observed)),
        }
    }
}

impl SelectorRepair {
    fn of(observed: &ObservedTrail) -> Self {
        let selectors = observed.event_selectors.as_deref().unwrap_or_default();
        if selectors.iter().any(|selector| matches!(selector, Selector::Advanced(_))) {
            Self::Advanced
        } else {
            Self::Basic { is_full: selectors.len() >= MOST_BASIC_SELECTORS }
        }
    }
}

/// Whether a trail is this account's own.
fn is_own(snapshot: &Snapshot, observed: &ObservedTrail) -> bool {
    observed
        .trail
        .arn
        .as_deref()
        .and_then(|arn| arn.split(':').nth(4))
        .is_none_or(|account| account == snapshot.account_id)
}

/// Whether the trail would log everything if nothing but its selectors stood in the way.
fn selectors_suffice(
    snapshot: &Snapshot,
    result: &AccountResult,
    observed: &ObservedTrail,
) -> bool {
    let mut trail = observed.clone();
    trail.trail.is_multi_region_trail = Some(true);
    trail.trail.recursive_logging = Some(true);
    trail.status = Some(TrailStatus { is_logging: Some(true), latest_delivery_error: None });
    let repaired = Snapshot { trails: Some(vec![trail]), ..snapshot.clone() };
    let question = Question {
        allow_unlogged: result.allow_unlogged.clone(),
        ..Question::new(result.kind, Mode::Any)
    };
    cis_rules::evaluate(&repaired, &question).verdict == Verdict::Compliant
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Sample, TRAIL};

    fn trail() -> ObservedTrail {
        Sample::non_compliant().snapshot.trails.unwrap().remove(0)
    }

    #[test]
    fn a_trail_that_counts_is_changed_before_one_that_does_not() {
        let Sample { mut snapshot, mut result, .. } = Sample::non_compliant();
        let mut stopped = snapshot.trails.clone().unwrap().remove(0);
        stopped.trail.arn = Some(TRAIL.replace("main", "stopped"));
        snapshot.trails.as_mut().unwrap().insert(0, stopped);
        let mut of_stopped = result.trails.clone().remove(0);
        of_stopped.counts = false;
        result.trails.insert(0, of_stopped);
        let arns = |result: &AccountResult| -> Vec<_> {
            to_change(&snapshot, result)
                .iter()
                .filter_map(|trail| trail.trail.arn.as_deref()?.rsplit('/').next())
                .map(str::to_string)
                .collect()
        };
        assert_eq!(arns(&result), ["main"]);
        result.mode = Mode::Every;
        assert_eq!(arns(&result), ["stopped", "main"]);
    }

    #[test]
    fn only_a_refuted_account_is_repaired() {
        for (sample, is_repaired) in [
            (Sample::compliant(), false),
            (Sample::indeterminate(), false),
            (Sample::non_compliant(), true),
        ] {
            assert_eq!(Repair::of(&sample.snapshot, &sample.result).is_some(), is_repaired);
        }
    }

    #[test]
    fn without_a_trail_one_is_created_and_a_plan_is_changed() {
        let Sample { mut snapshot, mut result, .. } = Sample::non_compliant();
        snapshot.trails = Some(Vec::new());
        result.trails.clear();
        assert_eq!(Repair::of(&snapshot, &result), Some(Repair::Create));
        snapshot.planned = true;
        assert_eq!(Repair::of(&snapshot, &result), Some(Repair::Plan));
    }

    #[test]
    fn selectors_that_suffice_are_left() {
        let Sample { snapshot, result, .. } = Sample::non_compliant();
        let mut observed = trail();
        observed.status.as_mut().unwrap().is_logging = Some(false);
        let repair = TrailRepair::of(&snapshot, &result, &observed);
        assert_eq!((repair.start, repair.selectors), (true, Some(SelectorRepair::Advanced)));
        let Some(Selector::Advanced(selector)) =
            observed.event_selectors.as_mut().and_then(|all| all.first_mut())
        else {
            panic!("the sample has an advanced selector");
        };
        selector.field_selectors.truncate(2);
        let repair = TrailRepair::of(&snapshot, &result, &observed);
        assert_eq!((repair.start, repair.extend, repair.selectors), (true, false, None));
    }

    #[test]
    fn a_trail_without_advanced_selectors_keeps_basic_ones() {
        let Sample { snapshot, result, .. } = Sample::non_compliant();
        let mut observed = trail();
        observed.event_selectors = None;
        let repair = TrailRepair::of(&snapshot, &result, &observed);
        assert_eq!(repair.selectors, Some(SelectorRepair::Basic { is_full: false }));
    }

    #[test]
    fn another_accounts_trail_is_not_own() {
        let Sample { snapshot, result, .. } = Sample::non_compliant();
        let mut observed = trail();
        assert!(TrailRepair::of(&snapshot, &result, &observed).is_own);
        observed.trail.arn = Some(TRAIL.replace("111122223333", "999988887777"));
        assert!(!TrailRepair::of(&snapshot, &result, &observed).is_own);
    }
}
