//! The search against the plain matcher, on random accounts that nearly cover the scope.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod brute;
mod diff;
mod edits;
mod explain;
mod gaps;
mod question;
mod records;
mod rng;

use cis_rules::evaluate;
use cis_rules::internals::matching::Match;
use cis_rules::internals::trail::{Demands, Trail};
use cis_rules::question::Mode;
use cis_rules::report::{ProofStep, Verdict};
use cis_rules::snapshot::Snapshot;
use question::question;
use rng::Rng;
use serde_json::Value;

/// How many accounts a test asks about, unless `TRAILPROOF_RANDOM_ACCOUNTS` says otherwise.
const ACCOUNTS: u64 = 100_000;

fn accounts() -> u64 {
    std::env::var("TRAILPROOF_RANDOM_ACCOUNTS").map_or(ACCOUNTS, |text| text.parse().unwrap())
}

fn snapshot(account: &Value) -> Snapshot {
    Snapshot::from_json(&account.to_string()).unwrap()
}

#[test]
fn search_agrees_with_brute_force() {
    let mut counts = [0_u64; 3];
    let mut records = 0;
    for seed in 0..accounts() {
        let mut rng = Rng::new(seed);
        let account = accounts::account(&mut rng);
        let question = question(&mut rng);
        let snapshot = snapshot(&account);
        let result = evaluate(&snapshot, &question);
        let tried = brute::verdict(&account, &snapshot, &question);
        assert_eq!(
            result.verdict, tried.verdict,
            "seed {seed} {} {} {:?}: {}\n{account:#}",
            question.kind, question.mode, question.allow_unlogged, result.summary
        );
        counts[result.verdict as usize] += 1;
        records += tried.records;
    }
    println!("{counts:?} compliant, non-compliant, indeterminate; {records} records tried");
    assert!(counts.iter().all(|count| *count > accounts() / 50), "one-sided accounts: {counts:?}");
}

/// The trails and selectors that a proof names.
fn cited(steps: &[ProofStep]) -> Vec<(String, usize)> {
    steps
        .iter()
        .filter_map(|step| match step {
            ProofStep::Logged(by) => Some((by.trail.clone(), by.selector)),
            _ => None,
        })
        .collect()
}

#[test]
fn what_a_proof_does_not_cite_may_go() {
    let mut shortened = 0;
    for seed in 0..accounts() / 4 {
        let mut rng = Rng::new(seed);
        let mut account = accounts::account(&mut rng);
        let question = question(&mut rng);
        let Some(proof) = evaluate(&snapshot(&account), &question).into_members().proof else {
            continue;
        };
        let cited = cited(&proof.steps);
        for trail in account["trails"].as_array_mut().unwrap() {
            let arn = trail["trail"]["TrailARN"].as_str().unwrap().to_string();
            for list in ["/eventSelectors/EventSelectors", "/eventSelectors/AdvancedEventSelectors"]
            {
                if let Some(selectors) = trail.pointer_mut(list).and_then(Value::as_array_mut) {
                    let mut position = 0;
                    let before = selectors.len();
                    selectors.retain(|_| {
                        position += 1;
                        cited.contains(&(arn.clone(), position - 1))
                    });
                    shortened += before - selectors.len();
                }
            }
        }
        let result = evaluate(&snapshot(&account), &question);
        assert_eq!(result.verdict, Verdict::Compliant, "seed {seed}: {account:#}");
    }
    assert!(shortened > 0, "no proof left anything out");
}

#[test]
fn every_witness_is_lost() {
    let mut replayed = 0;
    for seed in 0..accounts() / 4 {
        let mut rng = Rng::new(seed);
        let account = accounts::account(&mut rng);
        let question = question(&mut rng);
        let snapshot = snapshot(&account);
        let result = evaluate(&snapshot, &question);
        let observed = snapshot.trails.clone().unwrap();
        let lost_by = |arn: Option<&str>, record: &cis_rules::record::Record| {
            observed.iter().all(|trail| {
                let trail = Trail::new(trail, &snapshot, Demands::of(&question));
                arn.is_some_and(|arn| arn != trail.arn) || trail.logs(record) == Match::No
            })
        };
        let account_gaps = result.gaps.iter().map(|gap| (None, gap));
        let trail_gaps = result
            .trails
            .iter()
            .flat_map(|trail| trail.gaps.iter().map(move |gap| (Some(trail.arn.as_str()), gap)));
        for (arn, gap) in account_gaps.chain(trail_gaps) {
            let record = &gap.witness.record;
            assert!(
                cis_rules::internals::scope::in_scope(record, &question, "aws"),
                "seed {seed}: {record:?}"
            );
            assert!(lost_by(arn, record), "seed {seed}: {record:?}\n{account:#}");
            assert!(!gap.description.is_empty());
            replayed += 1;
        }
        for trail in &result.trails {
            assert_eq!(
                trail.verdict == Verdict::NonCompliant,
                !trail.gaps.is_empty(),
                "seed {seed}"
            );
        }
        if question.mode == Mode::Union {
            assert_eq!(
                result.verdict == Verdict::NonCompliant,
                !result.gaps.is_empty(),
                "seed {seed}"
            );
        }
    }
    assert!(replayed > 0);
}

/// Makes one known fact unknown.
fn forget(rng: &mut Rng, account: &mut Value) {
    let trails = account["trails"].as_array_mut().unwrap();
    if trails.is_empty() || rng.once_in(20) {
        account["unreadable"] =
            serde_json::json!([{"call": "DescribeTrails", "code": "AccessDeniedException"}]);
        return;
    }
    let at = rng.below(trails.len());
    let trail = &mut trails[at];
    match rng.below(6) {
        0 => trail["status"] = Value::Null,
        1 if trail["trail"]["HasCustomEventSelectors"] != Value::Bool(false) => {
            trail["eventSelectors"] = Value::Null
        }
        2 => {
            trail["trail"].as_object_mut().unwrap().remove("IsMultiRegionTrail");
        }
        _ => {
            let selectors = trail
                .pointer_mut("/eventSelectors/AdvancedEventSelectors")
                .and_then(Value::as_array_mut);
            let Some(selectors) = selectors.filter(|list| !list.is_empty()) else {
                return;
            };
            let at = rng.below(selectors.len());
            let fields = selectors[at]["FieldSelectors"].as_array_mut().unwrap();
            if fields.is_empty() {
                return;
            }
            let at = rng.below(fields.len());
            // Of two field selectors on one field either may be meant: another name for one of them
            // says that it is not meant.
            let name = &fields[at]["Field"];
            let is_repeated = fields.iter().filter(|field| field["Field"] == *name).count() > 1;
            let field = fields[at].as_object_mut().unwrap();
            let operators: Vec<String> =
                field.keys().filter(|key| *key != "Field").cloned().collect();
            if !is_repeated && (rng.once_in(2) || operators.is_empty()) {
                field.insert("Field".into(), "someField".into());
            } else if !operators.is_empty() {
                let values = field.remove(rng.pick(&operators)).unwrap();
                field.insert("SomeOperator".into(), values);
            }
        }
    }
}

#[test]
fn knowing_less_never_decides_more() {
    let mut changed = 0;
    for seed in 0..accounts() / 2 {
        let mut rng = Rng::new(seed);
        let mut account = accounts::account(&mut rng);
        let question = question(&mut rng);
        let before = evaluate(&snapshot(&account), &question).verdict;
        let known = account.clone();
        forget(&mut rng, &mut account);
        let after = evaluate(&snapshot(&account), &question).verdict;
        assert!(
            after == before || after == Verdict::Indeterminate,
            "seed {seed} {question:?}: {before} became {after}\n{known:#}\n{account:#}"
        );
        changed += u64::from(after != before);
    }
    assert!(changed > 0, "forgetting changed nothing");
}
