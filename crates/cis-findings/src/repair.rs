//! What would make an account log every event of a kind, as facts that are put into words elsewhere.
//!
//! Whether a trail's selectors must change is not guessed: the trail is decided again as it would
//! be after the other changes. Where the selectors were not read, the permission that is missing
//! comes first, and nothing is said of a change.

use cis_rules::open_values::OpenValues;
use cis_rules::question::{BucketName, Deliveries, Excepted, Kind, Mode, Question};
use cis_rules::report::{AccountResult, TrailResult, Verdict};
use cis_rules::selector::Selector;
use cis_rules::snapshot::{ObservedTrail, RecursiveLogging, Snapshot, TrailStatus};

use crate::evidence::trails_with_results;

/// The most basic selectors that a trail can have.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
pub const MOST_BASIC_SELECTORS: usize = 5;

/// What to do about an account that is NON_COMPLIANT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair<'a> {
    /// Change what is planned, where it is written.
    Plan {
        /// Whether a planned trail leaves out nothing but its own log bucket, so that it needs no
        /// other selector: see [`SelectorRepair::OwnLogBucket`].
        own_log_bucket: bool,
    },
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
    /// Whether it is this account's own; only that account can change another account's.
    pub is_own: bool,
    /// The permissions that are missing to read the trail.
    pub missing: Vec<&'static str>,
    /// Make it multi-Region.
    pub extend: bool,
    /// Start it.
    pub start: bool,
    /// Have it deliver to a bucket that is trusted, or trust its bucket.
    pub untrusted_bucket: bool,
    /// Make its deliveries succeed: the error of the latest one.
    pub delivery_error: Option<&'a str>,
    /// Set its `RecursiveLogging` to true, for CloudTrail's own deliveries are asked for.
    pub log_deliveries: bool,
    /// Change its selectors.
    pub selectors: Option<SelectorRepair>,
}

/// How to change a trail's selectors: one more is enough, for a record is logged if any selects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectorRepair {
    /// They leave out nothing but the trail's own log bucket: remove that condition. What it was
    /// for, that CloudTrail's deliveries are not logged, `RecursiveLogging` false does.
    OwnLogBucket {
        /// Whether `RecursiveLogging` is to be set to false first.
        stop_recursion: bool,
    },
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
    pub fn of(
        snapshot: &'a Snapshot,
        question: &Question,
        result: &'a AccountResult,
    ) -> Option<Self> {
        if result.verdict != Verdict::NonCompliant {
            return None;
        }
        if snapshot.planned {
            let own_log_bucket = to_change(snapshot, result).into_iter().any(|(observed, _)| {
                let repair = TrailRepair::of(snapshot, question, observed);
                matches!(repair.selectors, Some(SelectorRepair::OwnLogBucket { .. }))
            });
            return Some(Self::Plan { own_log_bucket });
        }
        let trails: Vec<_> = to_change(snapshot, result)
            .into_iter()
            .map(|(observed, _)| TrailRepair::of(snapshot, question, observed))
            .collect();
        Some(if trails.is_empty() { Self::Create } else { Self::Trails(trails) })
    }
}

/// The trails to change: each that fails where every trail must log everything, else the one that
/// needs the least.
pub(crate) fn to_change<'a>(
    snapshot: &'a Snapshot,
    result: &'a AccountResult,
) -> Vec<(&'a ObservedTrail, &'a TrailResult)> {
    let failing = trails_with_results(snapshot, result)
        .filter(|(_, trail)| trail.verdict == Verdict::NonCompliant);
    match result.mode {
        Mode::Every => {
            let failing: Vec<_> = failing.collect();
            let is_demanded = |(_, trail): &&(&ObservedTrail, &TrailResult)| {
                let mut exceptions = result.exceptions.iter();
                !exceptions.any(|exception| exception.excepts(Excepted::Trail, &trail.arn))
            };
            let demanded: Vec<_> = failing.iter().filter(is_demanded).copied().collect();
            if demanded.is_empty() { failing } else { demanded }
        }
        Mode::Any | Mode::Union => failing
            .min_by_key(|(observed, trail)| effort(snapshot, observed, trail))
            .into_iter()
            .collect(),
    }
}

/// Only another account can change its trail; a trail that does not count takes more than
/// selectors; what a trail takes whose selectors were not read is not known.
fn effort(
    snapshot: &Snapshot,
    observed: &ObservedTrail,
    trail: &TrailResult,
) -> (bool, bool, bool, bool, usize) {
    (
        !is_own(snapshot, observed),
        !trail.counts,
        !has_known_selectors(observed),
        trail.more_gaps,
        trail.gaps.len(),
    )
}

impl<'a> TrailRepair<'a> {
    /// What to change about one trail so that it logs every event of the question's kind.
    #[must_use]
    pub fn of(snapshot: &Snapshot, question: &Question, observed: &'a ObservedTrail) -> Self {
        let trail = &observed.trail;
        let is_logging = observed.status.as_ref().and_then(|status| status.is_logging);
        let has_known_selectors = has_known_selectors(observed);
        let mut missing = Vec::new();
        if !has_known_selectors {
            missing.push("cloudtrail:GetEventSelectors");
        }
        if is_logging.is_none() {
            missing.push("cloudtrail:GetTrailStatus");
        }
        let needs_selectors =
            has_known_selectors && !selectors_suffice(snapshot, question, observed);
        Self {
            observed,
            is_own: is_own(snapshot, observed),
            missing,
            extend: trail.is_multi_region_trail == Some(false),
            start: is_logging == Some(false),
            untrusted_bucket: is_untrusted(question, observed),
            delivery_error: delivery_error(question, observed),
            log_deliveries: question.deliveries == Deliveries::Require
                && question.kind == Kind::Write
                && trail.recursive_logging == RecursiveLogging::Off,
            selectors: needs_selectors.then(|| SelectorRepair::of(snapshot, question, observed)),
        }
    }
}

impl SelectorRepair {
    fn of(snapshot: &Snapshot, question: &Question, observed: &ObservedTrail) -> Self {
        let selectors = observed.event_selectors.as_deref().unwrap_or_default();
        let is_advanced = |selector: &Selector| matches!(selector, Selector::Advanced(_));
        if !selectors.iter().any(is_advanced) {
            Self::Basic { is_full: selectors.len() >= MOST_BASIC_SELECTORS }
        } else if leaves_out_only_its_log_bucket(snapshot, question, observed) {
            Self::OwnLogBucket {
                stop_recursion: observed.trail.recursive_logging != RecursiveLogging::Off,
            }
        } else {
            Self::Advanced
        }
    }
}

/// Whether it is known what a trail selects: its selectors, or that they are the default ones,
/// which are of management events.
#[must_use]
pub fn has_known_selectors(observed: &ObservedTrail) -> bool {
    observed.event_selectors.is_some() || observed.trail.has_custom_event_selectors == Some(false)
}

/// Whether a trail delivers to a bucket that is none of those that must be delivered to.
fn is_untrusted(question: &Question, observed: &ObservedTrail) -> bool {
    let trusted = &question.trusted_log_buckets;
    let bucket = observed.trail.s3_bucket_name.as_deref();
    !trusted.is_empty()
        && bucket.is_some_and(|bucket| trusted.iter().all(|trusted| trusted.as_str() != bucket))
}

/// The error of a trail's latest delivery, where deliveries must succeed.
fn delivery_error<'a>(question: &Question, observed: &'a ObservedTrail) -> Option<&'a str> {
    let error = observed.status.as_ref()?.latest_delivery_error.as_deref()?;
    (question.require_delivery && !error.is_empty()).then_some(error)
}

/// Whether the selectors would suffice if the trail's own log bucket might stay unlogged.
fn leaves_out_only_its_log_bucket(
    snapshot: &Snapshot,
    question: &Question,
    observed: &ObservedTrail,
) -> bool {
    let bucket = observed.trail.s3_bucket_name.as_deref();
    let Some(bucket) = bucket.and_then(|name| name.parse::<BucketName>().ok()) else {
        return false;
    };
    if question.deliveries == Deliveries::Require {
        return false;
    }
    let mut question = question.clone();
    question.allow_unlogged.push(bucket);
    selectors_suffice(snapshot, &question, observed)
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
fn selectors_suffice(snapshot: &Snapshot, question: &Question, observed: &ObservedTrail) -> bool {
    let mut trail = observed.clone();
    trail.trail.is_multi_region_trail = Some(true);
    trail.trail.recursive_logging = RecursiveLogging::On;
    trail.status = Some(TrailStatus { is_logging: Some(true), latest_delivery_error: None });
    let repaired = Snapshot {
        trails: Some(vec![trail]),
        open_values: OpenValues::default(),
        ..snapshot.clone()
    };
    let question = Question {
        allow_unlogged: question.allow_unlogged.clone(),
        deliveries: question.deliveries,
        ..Question::new(question.kind, Mode::Any)
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
        let Sample { mut snapshot, result, .. } = Sample::non_compliant();
        let mut stopped = snapshot.trails.clone().unwrap().remove(0);
        stopped.trail.arn = Some(TRAIL.replace("main", "stopped"));
        snapshot.trails.as_mut().unwrap().insert(0, stopped);
        let of_main = result.trails[0].clone();
        let of_stopped = of_main.clone().with(|trail| trail.counts = false).unwrap();
        let result = result.with(|members| members.trails = vec![of_stopped, of_main]).unwrap();
        let arns = |result: &AccountResult| -> Vec<_> {
            to_change(&snapshot, result)
                .iter()
                .filter_map(|(trail, _)| trail.trail.arn.as_deref()?.rsplit('/').next())
                .map(str::to_string)
                .collect()
        };
        assert_eq!(arns(&result), ["main"]);
        let result = result.with(|members| members.mode = Mode::Every).unwrap();
        assert_eq!(arns(&result), ["stopped", "main"]);
    }

    #[test]
    fn only_a_refuted_account_is_repaired() {
        for (sample, is_repaired) in [
            (Sample::compliant(), false),
            (Sample::indeterminate(), false),
            (Sample::non_compliant(), true),
        ] {
            assert_eq!(
                Repair::of(&sample.snapshot, &sample.question, &sample.result).is_some(),
                is_repaired
            );
        }
    }

    #[test]
    fn without_a_trail_one_is_created_and_a_plan_is_changed() {
        let Sample { mut snapshot, question, result, .. } = Sample::non_compliant();
        snapshot.trails = Some(Vec::new());
        let result = result.with(|members| members.trails.clear()).unwrap();
        assert_eq!(Repair::of(&snapshot, &question, &result), Some(Repair::Create));
        snapshot.planned = true;
        assert_eq!(
            Repair::of(&snapshot, &question, &result),
            Some(Repair::Plan { own_log_bucket: false })
        );
    }

    #[test]
    fn selectors_that_suffice_are_left() {
        let Sample { snapshot, question, .. } = Sample::non_compliant();
        let mut observed = trail();
        observed.status.as_mut().unwrap().is_logging = Some(false);
        let repair = TrailRepair::of(&snapshot, &question, &observed);
        assert_eq!((repair.start, repair.selectors), (true, Some(SelectorRepair::Advanced)));
        let Some(Selector::Advanced(selector)) =
            observed.event_selectors.as_mut().and_then(|all| all.first_mut())
        else {
            panic!("the sample has an advanced selector");
        };
        selector.field_selectors.truncate(2);
        let repair = TrailRepair::of(&snapshot, &question, &observed);
        assert_eq!((repair.start, repair.extend, repair.selectors), (true, false, None));
    }

    #[test]
    fn a_trail_without_advanced_selectors_keeps_basic_ones() {
        let Sample { snapshot, question, .. } = Sample::non_compliant();
        let mut observed = trail();
        observed.event_selectors = Some(Vec::new());
        let repair = TrailRepair::of(&snapshot, &question, &observed);
        assert_eq!(repair.selectors, Some(SelectorRepair::Basic { is_full: false }));
        // The default selectors are known without having been read.
        observed.event_selectors = None;
        observed.trail.has_custom_event_selectors = Some(false);
        let repair = TrailRepair::of(&snapshot, &question, &observed);
        assert_eq!(repair.selectors, Some(SelectorRepair::Basic { is_full: false }));
        assert_eq!(repair.missing, Vec::<&str>::new());
    }

    #[test]
    fn of_selectors_that_were_not_read_nothing_is_guessed() {
        let Sample { snapshot, question, .. } = Sample::non_compliant();
        let mut observed = trail();
        observed.event_selectors = None;
        observed.trail.is_multi_region_trail = Some(false);
        let repair = TrailRepair::of(&snapshot, &question, &observed);
        assert_eq!(repair.missing, ["cloudtrail:GetEventSelectors"]);
        assert_eq!((repair.extend, repair.selectors), (true, None));
        observed.status = None;
        let repair = TrailRepair::of(&snapshot, &question, &observed);
        assert_eq!(repair.missing, ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"]);
    }

    /// The sample's trail with a filter that leaves out one bucket.
    fn leaving_out(bucket: &str) -> ObservedTrail {
        let mut observed = trail();
        for selector in observed.event_selectors.iter_mut().flatten() {
            if let Selector::Advanced(advanced) = selector {
                for condition in
                    advanced.field_selectors.iter_mut().flat_map(|field| &mut field.conditions)
                {
                    for value in &mut condition.values {
                        *value = value.replace(":::payroll", &format!(":::{bucket}/"));
                    }
                }
            }
        }
        observed
    }

    #[test]
    fn a_filter_of_the_own_log_bucket_gives_way_to_recursive_logging() {
        let Sample { snapshot, mut question, .. } = Sample::non_compliant();
        let mut own = leaving_out("audit-logs");
        let repaired = |question: &Question, observed: &ObservedTrail| {
            TrailRepair::of(&snapshot, question, observed).selectors
        };
        let own_bucket = |stop_recursion| Some(SelectorRepair::OwnLogBucket { stop_recursion });
        assert_eq!(repaired(&question, &own), own_bucket(true));
        own.trail.recursive_logging = RecursiveLogging::Off;
        assert_eq!(repaired(&question, &own), own_bucket(false));
        assert_eq!(repaired(&question, &leaving_out("payroll")), Some(SelectorRepair::Advanced));
        let mut planned = Sample::non_compliant();
        planned.snapshot.planned = true;
        planned.snapshot.trails = Some(vec![own.clone()]);
        assert_eq!(
            Repair::of(&planned.snapshot, &question, &planned.result),
            Some(Repair::Plan { own_log_bucket: true })
        );
        own.trail.s3_bucket_name = None;
        assert_eq!(repaired(&question, &own), Some(SelectorRepair::Advanced));
        question.deliveries = Deliveries::Require;
        let own = leaving_out("audit-logs");
        assert_eq!(repaired(&question, &own), Some(SelectorRepair::Advanced));
    }

    #[test]
    fn recursive_logging_is_switched_on_only_where_deliveries_are_asked_for() {
        let Sample { snapshot, question, .. } = Sample::non_compliant();
        let mut observed = trail();
        observed.trail.recursive_logging = RecursiveLogging::Off;
        for (kind, deliveries, expected) in [
            (Kind::Write, Deliveries::Ignore, false),
            (Kind::Write, Deliveries::Require, true),
            (Kind::Read, Deliveries::Require, false),
        ] {
            let question = Question { kind, deliveries, ..question.clone() };
            let repair = TrailRepair::of(&snapshot, &question, &observed);
            assert_eq!(repair.log_deliveries, expected, "{kind} {deliveries}");
        }
    }

    #[test]
    fn what_else_is_demanded_of_deliveries_is_repaired_where_it_is_demanded() {
        let Sample { snapshot, mut question, .. } = Sample::non_compliant();
        let mut observed = trail();
        observed.status.as_mut().unwrap().latest_delivery_error = Some("AccessDenied".into());
        let found = |question: &Question| {
            let repair = TrailRepair::of(&snapshot, question, &observed);
            (repair.untrusted_bucket, repair.delivery_error)
        };
        assert_eq!(found(&question), (false, None));
        question.require_delivery = true;
        question.trusted_log_buckets = vec!["central-logs".parse().unwrap()];
        assert_eq!(found(&question), (true, Some("AccessDenied")));
        question.trusted_log_buckets.push("audit-logs".parse().unwrap());
        assert_eq!(found(&question), (false, Some("AccessDenied")));
    }

    #[test]
    fn another_accounts_trail_is_not_own() {
        let Sample { snapshot, question, .. } = Sample::non_compliant();
        let mut observed = trail();
        assert!(TrailRepair::of(&snapshot, &question, &observed).is_own);
        observed.trail.arn = Some(TRAIL.replace("111122223333", "999988887777"));
        assert!(!TrailRepair::of(&snapshot, &question, &observed).is_own);
    }
}
