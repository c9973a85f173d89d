//! Every recorded account gets the right verdict in every mode.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};
use testkit::brute::tried;
use testkit::model::Account;

fn cases() -> impl Iterator<Item = Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    fs::read_dir(&folder).unwrap().map(|entry| {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        serde_json::from_str(&text).unwrap()
    })
}

/// The model that random accounts are held to is itself held to these verdicts, which people gave.
#[test]
fn the_model_gives_every_case_its_verdict() {
    let mut asked = 0;
    for case in cases() {
        for kind in Kind::ALL {
            let question = json!({
                "kind": kind.name(), "allowUnlogged": case["allowUnlogged"],
                "deliveries": case["deliveries"],
            });
            let model = Account::new(&case["snapshot"], &question);
            let tried = tried(&case["snapshot"], &question, false);
            for mode in Mode::ALL {
                let verdict = model.verdict(mode.name(), &tried.alone, tried.together);
                assert_eq!(case["expect"][kind.name()][mode.name()], verdict, "{}", case["id"]);
                asked += 1;
            }
        }
    }
    assert!(asked >= 540, "only {asked} questions were asked");
}

#[test]
fn every_case_in_every_mode() {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for case in cases() {
        let snapshot = Snapshot::from_json(&case["snapshot"].to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", case["id"]));
        let deliveries = case["deliveries"].as_str().unwrap_or("ignore").parse().unwrap();
        let allowed = case["allowUnlogged"].as_array().unwrap();
        for kind in Kind::ALL {
            for mode in Mode::ALL {
                let question = Question {
                    allow_unlogged: allowed
                        .iter()
                        .map(|name| name.as_str().unwrap().parse().unwrap())
                        .collect(),
                    deliveries,
                    ..Question::new(kind, mode)
                };
                let result = evaluate(&snapshot, &question);
                let expected = case["expect"][kind.name()][mode.name()].as_str().unwrap();
                asked += 1;
                if result.verdict.name() != expected {
                    wrong.push(format!(
                        "{} {kind} {mode}: {}, expected {expected}: {}",
                        case["id"], result.verdict, result.summary
                    ));
                }
                assert!(
                    result.summary.len() <= 256 && !result.summary.is_empty(),
                    "{}",
                    result.summary
                );
                assert_eq!(result.proof.is_some(), result.verdict == Verdict::Compliant);
                assert_eq!(
                    result.verdict == Verdict::Indeterminate,
                    !result.unknowns.is_empty(),
                    "{}",
                    case["id"]
                );
            }
        }
    }
    assert!(asked >= 540, "only {asked} questions were asked");
    assert!(wrong.is_empty(), "{} of {asked} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
