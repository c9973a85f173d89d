//! The account's verdict: the trails' coverages, combined as the mode says, and written down.

mod decision;
mod summary;
mod writing;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::controls::controls;
use crate::coverage::MOST_COMPARISONS;
use crate::matching::Match;
use crate::question::Question;
use crate::report::{ASSUMED_PARTITION, AccountResult, TrailResult, Unknown, Verdict};
use crate::snapshot::{ObservedTrail, Snapshot};
use crate::template::template;
use crate::trail::Trail;
use decision::{Account, Coverage, Decision, Lost, Problem};

/// Answers one question about one account.
#[must_use]
pub fn evaluate(snapshot: &Snapshot, question: &Question) -> AccountResult {
    let observed = distinct(snapshot.trails.as_deref().unwrap_or_default());
    let trails: Vec<Trail<'_>> = observed
        .iter()
        .map(|trail| Trail::new(trail, &snapshot.account_id, &snapshot.partition))
        .collect();
    let unlisted = unlisted(snapshot);
    let source = decision::Source::new(question, &snapshot.partition);
    let problem = Problem::new(&source, &snapshot.account_id, question, &trails);
    let decision = Decision::new(&problem, unlisted.is_empty());
    let trail_results: Vec<TrailResult> = trails
        .iter()
        .zip(&observed)
        .zip(&decision.trails)
        .map(|((trail, observed), coverage)| trail_result(trail, observed, coverage))
        .collect();
    let (verdict, proof, mut assumptions) = match &decision.account {
        Account::Proved(proofs) => (
            Verdict::Compliant,
            Some(writing::proof(&problem, proofs)),
            writing::assumptions(&problem, proofs),
        ),
        Account::Refuted => (Verdict::NonCompliant, None, Vec::new()),
        Account::Unknown => (Verdict::Indeterminate, None, Vec::new()),
    };
    if snapshot.assumed_partition {
        assumptions.push(ASSUMED_PARTITION);
    }
    let mut unknowns = unlisted;
    if verdict == Verdict::Indeterminate {
        unknowns.extend(trail_unknowns(&trails, &decision));
    }
    let mut result = AccountResult {
        name: snapshot.name.clone(),
        account_id: snapshot.account_id.clone(),
        kind: question.kind,
        mode: question.mode,
        allow_unlogged: question.allow_unlogged.clone(),
        verdict,
        summary: String::new(),
        controls: controls(question.kind),
        assumptions,
        trails: trail_results,
        gaps: decision.gaps.as_ref().map(Lost::gaps).unwrap_or_default(),
        more_gaps: decision.gaps.as_ref().is_some_and(|lost| lost.more),
        unknowns,
        proof,
    };
    result.summary = summary::of(&result);
    result
}

/// The trails, each listed once: a shadow trail repeats its home trail.
pub(crate) fn distinct(trails: &[ObservedTrail]) -> Vec<&ObservedTrail> {
    let mut distinct: Vec<&ObservedTrail> = Vec::new();
    for trail in trails {
        if !distinct.contains(&trail) {
            distinct.push(trail);
        }
    }
    distinct
}

/// Why the list of trails is not complete; empty where it is.
pub(crate) fn unlisted(snapshot: &Snapshot) -> Vec<Unknown> {
    let lists = |call: &str| matches!(call, "DescribeTrails" | "ListTrails");
    let unknown = |reason: String| Unknown {
        reason: alloc::format!("the trails could not be listed: {reason}"),
        settled_by: "allow cloudtrail:DescribeTrails and read the account again".to_string(),
    };
    let failed = snapshot.unreadable.iter().filter(|failed| lists(&failed.call));
    let mut reasons: Vec<Unknown> = failed.map(|failed| unknown(failed.to_string())).collect();
    if snapshot.trails.is_none() && reasons.is_empty() {
        reasons.push(unknown("they were not observed".to_string()));
    }
    reasons
}

fn trail_result(trail: &Trail<'_>, observed: &ObservedTrail, coverage: &Coverage) -> TrailResult {
    let mut reasons = trail.disqualified.clone();
    reasons.extend(trail.doubts.iter().map(|doubt| doubt.reason.clone()));
    if coverage.verdict() == Verdict::Indeterminate {
        reasons.extend(trail.selector_doubts().into_iter().map(|doubt| doubt.reason));
    }
    if coverage.is_given_up() {
        reasons.push(given_up().reason);
    }
    let error = observed.status.as_ref().and_then(|status| status.latest_delivery_error.as_deref());
    if let Some(error) = error.filter(|error| !error.is_empty()) {
        reasons.push(alloc::format!("it logs, but its latest log file was not delivered: {error}"));
    }
    let (gaps, more_gaps) = match coverage {
        Coverage::Lost(lost) => (lost.gaps(), lost.more),
        Coverage::Covered(_) | Coverage::Unknown { .. } => (Vec::new(), false),
    };
    TrailResult {
        arn: trail.arn.to_string(),
        counts: trail.counts != Match::No,
        verdict: coverage.verdict(),
        template: trail.selectors.and_then(|selectors| template(selectors, trail.partition)),
        reasons,
        gaps,
        more_gaps,
    }
}

fn trail_unknowns(trails: &[Trail<'_>], decision: &Decision) -> Vec<Unknown> {
    let undecided = trails.iter().zip(&decision.trails).filter(|(trail, coverage)| {
        trail.counts != Match::No && coverage.verdict() != Verdict::Compliant
    });
    let mut unknowns: Vec<Unknown> = decision.is_given_up.then(given_up).into_iter().collect();
    for (trail, _) in undecided {
        let about = trail.doubts.iter().cloned().chain(trail.selector_doubts());
        unknowns.extend(about.map(|doubt| Unknown {
            reason: alloc::format!("trail {}: {}", trail.arn, doubt.reason),
            settled_by: doubt.settled_by,
        }));
    }
    unknowns
}

/// That a search was given up, which no account within AWS's quotas is known to need.
fn given_up() -> Unknown {
    Unknown {
        reason: alloc::format!(
            "the selectors are too many to go through: the search was given up after {MOST_COMPARISONS} comparisons"
        ),
        settled_by: "use fewer selectors or fewer values; AWS allows a trail 500".to_string(),
    }
}
