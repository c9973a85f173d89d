//! What `audit` advises and what `fix` proves are worked out apart: here they are held equal, over all
//! cases, modes and kinds.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cis_findings::repair::{Repair, SelectorRepair, TrailRepair};
use cis_fix::{Account, Call, Change, Fix, Options, fix};
use cis_rules::{Kind, Mode, Question};
use serde_json::Value;

fn cases() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    paths.into_iter().map(read).collect()
}

/// The calls that an advice about a trail amounts to.
fn advised(repair: &TrailRepair<'_>) -> BTreeSet<Call> {
    let stops_recursion =
        matches!(repair.selectors, Some(SelectorRepair::OwnLogBucket { stop_recursion: true }));
    let updates =
        repair.extend || repair.untrusted_bucket || repair.log_deliveries || stops_recursion;
    let calls = [
        (repair.start, Call::StartLogging),
        (updates, Call::UpdateTrail),
        (repair.selectors.is_some(), Call::PutEventSelectors),
    ];
    calls.into_iter().filter(|(is_advised, _)| *is_advised).map(|(_, call)| call).collect()
}

/// The ways of a fix: the one that is chosen, and its alternatives.
fn ways(fix: &Fix) -> Vec<&[Change]> {
    let others = fix.alternatives.iter().map(|other| other.changes.as_slice());
    std::iter::once(fix.changes.as_slice()).chain(others).collect()
}

/// What a way calls on a trail.
fn called(way: &[Change], arn: &str) -> BTreeSet<Call> {
    way.iter().filter(|change| change.trail() == arn).map(|change| change.call).collect()
}

/// Why an advice and a fix differ; none where some way of the fix is what is advised.
fn difference(repair: &Repair<'_>, fix: &Fix) -> Option<String> {
    let ways = ways(fix);
    let trails = match repair {
        Repair::Plan { .. } => return Some("nothing here is planned".to_owned()),
        Repair::Create => {
            let creates =
                |way: &&[Change]| way.iter().any(|change| change.call == Call::CreateTrail);
            return (!ways.iter().any(creates)).then(|| "no way makes a trail".to_owned());
        }
        Repair::Trails(trails) => trails,
    };
    // What was not read must be read first: no request is known to be right.
    if trails.iter().any(|trail| !trail.missing.is_empty()) {
        return None;
    }
    let is_advised = |way: &&[Change]| {
        trails.iter().all(|trail| {
            let arn = trail.observed.trail.arn.as_deref().unwrap_or_default();
            called(way, arn) == advised(trail)
        })
    };
    if ways.iter().any(is_advised) {
        return None;
    }
    let advised: Vec<_> = trails.iter().map(advised).collect();
    let ways: Vec<Vec<Call>> =
        ways.iter().map(|way| way.iter().map(|change| change.call).collect()).collect();
    Some(format!("advised {advised:?}, and the ways are {ways:?}"))
}

#[test]
fn the_advice_of_audit_is_a_way_that_fix_has_proved() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for case in cases() {
        let allowed = case["allowUnlogged"].as_array().unwrap();
        let account = Account::from_json(&case["snapshot"].to_string()).unwrap();
        for (mode, kind) in Mode::ALL.into_iter().flat_map(|mode| Kind::ALL.map(|it| (mode, it))) {
            let question = Question {
                allow_unlogged: allowed
                    .iter()
                    .map(|it| it.as_str().unwrap().parse().unwrap())
                    .collect(),
                deliveries: case["deliveries"].as_str().unwrap_or("ignore").parse().unwrap(),
                ..Question::new(kind, mode)
            };
            let result = cis_rules::evaluate(account.snapshot(), &question);
            let Some(repair) = Repair::of(account.snapshot(), &question, &result) else { continue };
            compared += 1;
            let fix = fix(&account, std::slice::from_ref(&question), &Options::default());
            if let Some(why) = difference(&repair, &fix) {
                wrong.push(format!("{} {mode} {kind}: {why}", case["id"]));
            }
        }
    }
    assert!(compared > 200, "only {compared} were compared");
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
}
