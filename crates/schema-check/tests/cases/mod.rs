//! The worked cases, with what is answered about them.
#![allow(dead_code, reason = "each test uses some of them")]
#![expect(clippy::unwrap_used, reason = "a case that cannot be read fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use cis_rules::diff::diff;
use cis_rules::evaluate;
use cis_rules::explain::{Explanation, Explanations, explain_record};
use cis_rules::question::{Deliveries, Kind, Mode, Question};
use cis_rules::report::Report;
use cis_rules::snapshot::Snapshot;
use serde_json::Value;

/// A file of this repository.
pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The cases' accounts by the cases' names, and which buckets may stay unlogged.
pub(crate) fn accounts() -> Vec<(String, Value, Value)> {
    let mut accounts: Vec<(String, Value, Value)> = fs::read_dir(file("tests/cases"))
        .unwrap()
        .map(|entry| {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let mut case: Value = serde_json::from_str(&text).unwrap();
            let id = case["id"].as_str().unwrap().to_string();
            (id, case["snapshot"].take(), case["allowUnlogged"].take())
        })
        .collect();
    accounts.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(accounts.len() > 80, "{} cases", accounts.len());
    accounts
}

/// The answers about an account, to every question.
pub(crate) fn report(account: &Value, allowed: &Value) -> Report {
    let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
    let mut results = Vec::new();
    for (kind, mode) in Kind::ALL.into_iter().flat_map(|kind| Mode::ALL.map(|mode| (kind, mode))) {
        for deliveries in Deliveries::ALL {
            let allow_unlogged = serde_json::from_value(allowed.clone()).unwrap();
            let question = Question { allow_unlogged, deliveries, ..Question::new(kind, mode) };
            results.push(evaluate(&snapshot, &question));
        }
    }
    Report::new(results)
}

/// How the lost events of a report fare.
pub(crate) fn explanations(account: &Value, report: &Report) -> Explanations {
    let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
    let of_trails = |result: &cis_rules::report::AccountResult| {
        let trails = result.trails.iter().flat_map(|trail| trail.gaps.clone());
        trails.chain(result.gaps.clone()).collect::<Vec<_>>()
    };
    let gaps = report.results.iter().flat_map(of_trails);
    let events: Vec<Explanation> =
        gaps.map(|gap| explain_record(&snapshot, &gap.witness.record)).collect();
    Explanations {
        schema_version: Explanations::SCHEMA_VERSION,
        name: snapshot.name,
        account_id: snapshot.account_id,
        events,
    }
}

/// What two accounts log differently, as if they were one.
pub(crate) fn difference(before: &Value, after: &Value) -> cis_rules::diff::Difference {
    let mut after = after.clone();
    for member in ["accountId", "partition"] {
        after[member] = before[member].clone();
    }
    let [before, after] =
        [before, &after].map(|account| Snapshot::from_json(&account.to_string()).unwrap());
    diff(&before, &after, Deliveries::Require).unwrap()
}
