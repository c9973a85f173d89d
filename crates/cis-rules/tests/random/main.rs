//! The search against a naive model of the rule, on random accounts that nearly cover the scope.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod diff;
mod edits;
mod explain;
mod gaps;
mod scope;

use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{AccountResult, Assumption, ProofStep, Verdict};
use cis_rules::snapshot::Snapshot;
use serde_json::Value;
use testkit::accounts::account;
use testkit::brute::{Tried, tried};
use testkit::chance::{Chance, Rng};
use testkit::model::{self, Coverage, is_documented};
use testkit::question::{question, to_json};

/// How many accounts a test asks about, unless `TRAILPROOF_RANDOM_ACCOUNTS` says otherwise.
const ACCOUNTS: u64 = 20_000;

fn accounts() -> u64 {
    std::env::var("TRAILPROOF_RANDOM_ACCOUNTS").map_or(ACCOUNTS, |text| text.parse().unwrap())
}

/// From which seed on.
fn seeds(count: u64) -> std::ops::Range<u64> {
    let first = std::env::var("TRAILPROOF_RANDOM_SEED").map_or(0, |text| text.parse().unwrap());
    first..first + count
}

fn snapshot(account: &Value) -> Snapshot {
    Snapshot::from_json(&account.to_string()).unwrap()
}

#[test]
fn the_model_knows_the_fields_of_the_table() {
    let known = ["awsRegion", "userIdentity.invokedBy"];
    let known = known.into_iter().chain(model::SELECTABLE);
    let mut known: Vec<&str> = known.collect();
    let mut fields: Vec<&str> = cis_rules::RecordField::all().map(|field| field.name()).collect();
    known.sort_unstable();
    fields.sort_unstable();
    assert_eq!(known, fields);
}

/// Both kinds in all modes, each trail and the account, against every record that can be told apart.
#[test]
fn search_agrees_with_brute_force() {
    let mut counts = [0_u64; 3];
    let (mut records, mut assumed) = (0, 0);
    for seed in seeds(accounts()) {
        let mut rng = Rng::new(seed);
        let account = account(&mut rng);
        let one = question(&mut rng);
        let snapshot = snapshot(&account);
        for kind in Kind::ALL {
            let asked = to_json(&Question { kind, ..one.clone() });
            // Of some it is tried, too, whether a witness could have been a documented record.
            let tried = tried(&account, &asked, seed % 16 == 0);
            let model = model::Account::new(&account, &asked);
            records += tried.records;
            for mode in Mode::ALL {
                let question = Question { kind, mode, ..one.clone() };
                let result = evaluate(&snapshot, &question);
                let place = || format!("seed {seed}: {question:?}\n{tried:?}\n{account}");
                let expected = model.verdict(mode.name(), &tried.alone, tried.together);
                assert_eq!(result.verdict.name(), expected, "{}", place());
                agree(&result, &tried, &place);
                // A proof that would not hold without the assumption names it.
                let (alone, together) = &tried.without_prefix;
                if model.verdict(mode.name(), alone, *together) != expected
                    && result.verdict == Verdict::Compliant
                {
                    assert!(result.assumptions.contains(&Assumption::ArnPrefix), "{}", place());
                    assumed += 1;
                }
                counts[result.verdict as usize] += 1;
            }
        }
    }
    println!(
        "{counts:?} compliant, non-compliant, indeterminate, {assumed} only with arn-prefix; \
         {records} records tried"
    );
    let least = counts.iter().sum::<u64>() / 50;
    assert!(counts.iter().all(|count| *count > least), "one-sided accounts: {counts:?}");
    assert!(assumed > 0, "no proof rests on arn-prefix");
}

/// Each trail's own verdict, and documented witnesses before others.
fn agree(result: &AccountResult, tried: &Tried, place: &impl Fn() -> String) {
    assert_eq!(result.trails.len(), tried.alone.len(), "{}", place());
    for (trail, coverage) in result.trails.iter().zip(&tried.alone) {
        assert_eq!(trail.verdict.name(), coverage.verdict(), "{}: {}", trail.arn, place());
        leads_with_documented(&trail.gaps, *coverage, place);
    }
    leads_with_documented(&result.gaps, tried.together, place);
}

fn leads_with_documented(
    gaps: &[cis_rules::report::Gap],
    coverage: Coverage,
    place: &impl Fn() -> String,
) {
    if let Some(first) = gaps.first().filter(|_| coverage.is_documented_lost) {
        assert!(first.witness.documented, "{first:?}: {}", place());
    }
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
    for seed in seeds(accounts() / 2) {
        let mut rng = Rng::new(seed);
        let mut account = account(&mut rng);
        let question = question(&mut rng);
        let Some(proof) = evaluate(&snapshot(&account), &question).into_members().proof else {
            continue;
        };
        let cited = cited(&proof.steps);
        for trail in account["trails"].as_array_mut().unwrap() {
            let told = &trail["trail"];
            let arn = told["TrailARN"].as_str().or(told["Name"].as_str()).unwrap().to_string();
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
    for seed in seeds(accounts() / 2) {
        let mut rng = Rng::new(seed);
        let account = account(&mut rng);
        let question = question(&mut rng);
        let result = evaluate(&snapshot(&account), &question);
        let model = model::Account::new(&account, &to_json(&question));
        let trails = 0..model.trails();
        for gap in &result.gaps {
            replay(gap, &model, trails.clone(), seed);
        }
        for (number, trail) in result.trails.iter().enumerate() {
            assert_eq!(trail.arn, model.arn(number));
            for gap in &trail.gaps {
                replay(gap, &model, number..number + 1, seed);
                replayed += 1;
            }
            let is_lost = trail.verdict == Verdict::NonCompliant;
            assert_eq!(is_lost, !trail.gaps.is_empty(), "seed {seed}: {account}");
        }
        if question.mode == Mode::Union {
            let is_lost = result.verdict == Verdict::NonCompliant;
            assert_eq!(is_lost, !result.gaps.is_empty(), "seed {seed}: {account}");
        }
        replayed += result.gaps.len();
    }
    assert!(replayed > 0);
}

/// A witness as the report writes it, put to the model: in scope, and lost by all of some trails.
fn replay(
    gap: &cis_rules::report::Gap,
    model: &model::Account,
    trails: std::ops::Range<usize>,
    seed: u64,
) {
    let witness = serde_json::to_value(&gap.witness).unwrap();
    let record = model::Record::from_witness(&witness);
    assert!(model.in_scope(&record), "seed {seed}: {record:?}");
    assert!(model.is_lost(&record, trails), "seed {seed}: {record:?}");
    assert_eq!(witness["documented"], is_documented(&record), "seed {seed}: {record:?}");
    assert!(!gap.description.is_empty());
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
            let fields = selectors[at]["FieldSelectors"].as_array_mut();
            let Some(fields) = fields.filter(|fields| !fields.is_empty()) else {
                return;
            };
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
    for seed in seeds(accounts()) {
        let mut rng = Rng::new(seed);
        let mut account = account(&mut rng);
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
