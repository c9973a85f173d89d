//! Every recorded account that is not COMPLIANT is fixed, in every mode and for every kind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod laws;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cis_rules::{Kind, Mode, Question};
use laws::{by_the_model, kind, lawful};
use serde_json::Value;

fn cases() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    paths.into_iter().map(read).collect()
}

fn question(case: &Value, kind: Kind, mode: Mode) -> Question {
    let allowed = case["allowUnlogged"].as_array().unwrap();
    Question {
        allow_unlogged: allowed.iter().map(|it| it.as_str().unwrap().parse().unwrap()).collect(),
        deliveries: case["deliveries"].as_str().unwrap_or("ignore").parse().unwrap(),
        ..Question::new(kind, mode)
    }
}

#[test]
fn every_case_is_fixed_and_proved_twice_and_loses_nothing() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut fixed = 0;
    for case in cases() {
        for mode in Mode::ALL {
            for kinds in [&Kind::ALL[..1], &Kind::ALL[1..], &Kind::ALL[..]] {
                let questions: Vec<Question> =
                    kinds.iter().map(|kind| question(&case, *kind, mode)).collect();
                let is_open = |kind: &Kind| case["expect"][kind.name()][mode.name()] != "COMPLIANT";
                let label = format!("{} {mode} {kinds:?}", case["id"]);
                let found = match lawful(&case["snapshot"].to_string(), &questions) {
                    Ok(found) => found,
                    Err(why) => {
                        wrong.push(format!("{label}: {why}"));
                        continue;
                    }
                };
                if std::env::var_os("TRAILPROOF_SHOW").is_some() {
                    println!("{label}: {}", kind(&found));
                }
                *counts.entry(kind(&found)).or_default() += 1;
                // Every trail is asked to log everything, and of one the selectors were denied.
                let is_denied =
                    mode == Mode::Every && case["id"] == "trail-25-selectors-denied-second-good";
                if is_denied {
                    assert!(found.warnings[0].text.contains("cloudtrail:GetEventSelectors"));
                    continue;
                }
                if kinds.iter().any(is_open) {
                    fixed += usize::from(found.is_fixed());
                    if !found.is_fixed() {
                        wrong.push(format!("{label}: no fix: {:?}", found.warnings));
                    }
                }
                for question in &questions {
                    let verdict = by_the_model(&found, question);
                    if verdict != "COMPLIANT" {
                        wrong.push(format!("{label}: the model says {verdict}"));
                    }
                }
            }
        }
    }
    println!("{counts:#?}");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(fixed > 400, "only {fixed} were fixed");
}
