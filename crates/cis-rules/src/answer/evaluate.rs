//! The account's verdict: the trails' coverages, combined as the mode says, and written down.

mod decision;
mod writing;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::console_template::template;
use crate::answer::report::{
    AccountMembers, AccountResult, Assumption, Conclusion, LeftOut, TrailMembers, TrailResult,
    Verdict,
};
use crate::answer::{planned, summary};
use crate::aws::controls::controls;
use crate::aws::snapshot::{ObservedTrail, Snapshot, Unreadable};
use crate::aws::unknown::Unknown;
use crate::engine::compile::Purpose;
use crate::engine::problem::{Account, Problem};
use crate::engine::search::MOST_COMPARISONS;
use crate::spec::matching::Match;
use crate::spec::question::{Deliveries, Question};
use crate::spec::trail::{Demands, Trail};
use decision::{Coverage, Decision, Lost};

/// Answers one question about one account; about a plan, that of all its completions.
#[must_use]
pub fn evaluate(snapshot: &Snapshot, question: &Question) -> AccountResult {
    evaluate_with_account(snapshot, question).0
}

/// Answers one question about one account, and gives the account that the trails of the answer are
/// of, where that is not the snapshot: a completion of a plan.
#[must_use]
pub fn evaluate_with_account(
    snapshot: &Snapshot,
    question: &Question,
) -> (AccountResult, Option<Snapshot>) {
    match snapshot.open_values.completions() {
        None => (decide(snapshot, question), None),
        Some(_) => planned::evaluate(snapshot, question),
    }
}

/// Answers one question about one account as its snapshot stands.
pub(crate) fn decide(snapshot: &Snapshot, question: &Question) -> AccountResult {
    let observed = distinct(snapshot.trails.as_deref().unwrap_or_default());
    let trails: Vec<Trail<'_>> =
        observed.iter().map(|trail| Trail::new(trail, snapshot, Demands::of(question))).collect();
    let unlisted = unlisted(snapshot);
    let account = Account { id: &snapshot.account_id, partition: &snapshot.partition };
    let decision = Problem::solve(question, account, &trails, Purpose::Verdict, |problem| {
        Decision::new(problem, unlisted.is_empty())
    });
    let mut assumptions = Vec::new();
    let undecided = || undecided(decision.undecided.as_deref());
    let conclusion = match decision.account {
        decision::Account::Proved(proofs) => {
            assumptions.extend(proofs.iter().flat_map(|proved| &proved.assumptions).copied());
            assumptions.sort_unstable();
            assumptions.dedup();
            let proofs = proofs.iter().map(|proved| proved.proof.clone()).collect();
            Conclusion::Proved(writing::together(proofs))
        }
        decision::Account::Refuted => {
            let (gaps, more_gaps) = decision.gaps.map(Lost::into_gaps).unwrap_or_default();
            Conclusion::Refuted { gaps, more_gaps }
        }
        decision::Account::Unknown => {
            let mut unknowns = unlisted;
            unknowns.extend(trail_unknowns(&trails, &decision.trails, decision.is_given_up));
            Conclusion::open(unknowns, undecided)
        }
    };
    let trail_results: Vec<TrailResult> = trails
        .iter()
        .zip(&observed)
        .zip(decision.trails)
        .map(|((trail, observed), coverage)| trail_result(trail, observed, coverage))
        .collect();
    if snapshot.assumed_partition {
        assumptions.push(Assumption::AssumedPartition);
    }
    let left_out = match question.deliveries {
        Deliveries::Ignore => alloc::vec![LeftOut::CloudtrailDeliveries],
        Deliveries::Require => Vec::new(),
    };
    let of_trails: Vec<(&str, bool)> = trail_results
        .iter()
        .map(|trail| (trail.arn.as_str(), trail.verdict == Verdict::Compliant))
        .collect();
    let exceptions = question.exceptions_for(&snapshot.account_id, &of_trails).cloned().collect();
    let members = AccountMembers {
        name: snapshot.name.clone(),
        account_id: snapshot.account_id.clone(),
        read_by: snapshot.read_by.clone(),
        kind: question.kind,
        mode: question.mode,
        allow_unlogged: question.allow_unlogged.clone(),
        verdict: Verdict::Indeterminate,
        summary: String::new(),
        controls: controls(question.kind),
        assumptions,
        trails: trail_results,
        left_out,
        exceptions,
        gaps: Vec::new(),
        more_gaps: false,
        unknowns: Vec::new(),
        proof: None,
        completions: Vec::new(),
    };
    AccountResult::concluded(members, conclusion).rewritten(|members| {
        members.summary = summary::of(members);
    })
}

/// The unknown that stands in an INDETERMINATE answer for which nothing else gives a reason.
fn undecided(records: Option<&str>) -> Unknown {
    Unknown {
        reason: alloc::format!(
            "it is not known whether the trails log {}",
            records.unwrap_or("every event that is asked about")
        ),
        settled_by: "add a selector without conditions beyond eventCategory, resources.type and \
                     readOnly"
            .to_string(),
    }
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
    let unknown = |reason: String, settled_by: String| Unknown {
        reason: alloc::format!("the trails could not be listed: {reason}"),
        settled_by,
    };
    // Where nothing was listed, whatever failed is why: the account's role could not be assumed, say.
    let is_why = |failed: &&Unreadable| snapshot.trails.is_none() || lists(&failed.call);
    let failed = snapshot.unreadable.iter().filter(is_why);
    let mut reasons: Vec<Unknown> =
        failed.map(|failed| unknown(failed.to_string(), failed.settled_by())).collect();
    if snapshot.trails.is_none() && reasons.is_empty() {
        let settled_by = "allow cloudtrail:DescribeTrails and read the account again";
        reasons.push(unknown("they were not observed".to_string(), settled_by.to_string()));
    }
    reasons
}

fn trail_result(trail: &Trail<'_>, observed: &ObservedTrail, coverage: Coverage) -> TrailResult {
    let verdict = coverage.verdict();
    let mut reasons = trail.disqualified.clone();
    reasons.extend(trail.doubts.iter().map(|doubt| doubt.reason.clone()));
    if verdict == Verdict::Indeterminate {
        reasons.extend(trail.selector_doubts().into_iter().map(|doubt| doubt.reason));
        if coverage.is_given_up() {
            reasons.push(given_up().reason);
        }
        if reasons.is_empty() {
            reasons.push(undecided(None).reason);
        }
    }
    let error = observed.status.as_ref().and_then(|status| status.latest_delivery_error.as_deref());
    if let Some(error) = error.filter(|error| !error.is_empty()) {
        reasons.push(alloc::format!("it logs, but its latest log file was not delivered: {error}"));
    }
    let (gaps, more_gaps) = match coverage {
        Coverage::Lost(lost) => lost.into_gaps(),
        Coverage::Covered(_) | Coverage::Unknown { .. } => (Vec::new(), false),
    };
    let members = TrailMembers {
        arn: trail.arn.to_string(),
        place: observed.place.clone(),
        counts: trail.counts() != Match::No,
        verdict,
        template: trail.selectors.and_then(|selectors| template(selectors, trail.partition)),
        reasons,
        gaps,
        more_gaps,
    };
    TrailResult::decided(members)
}

fn trail_unknowns(trails: &[Trail<'_>], coverages: &[Coverage], is_given_up: bool) -> Vec<Unknown> {
    let undecided = trails.iter().zip(coverages).filter(|(trail, coverage)| {
        trail.counts() != Match::No && coverage.verdict() != Verdict::Compliant
    });
    let mut unknowns: Vec<Unknown> = is_given_up.then(given_up).into_iter().collect();
    for (trail, _) in undecided {
        let about = trail.doubts.iter().cloned().chain(trail.selector_doubts());
        // A plan's trails that are not known one by one have words in place of an ARN: `the trails of …`.
        let what = if trail.arn.starts_with("the trails") { "" } else { "trail " };
        unknowns.extend(about.map(|doubt| Unknown {
            reason: [what, trail.arn, ": ", &doubt.reason].concat(),
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
