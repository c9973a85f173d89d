//! Accounts beyond what AWS allows: they are not decided by a search without end.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

const CLASSES: u64 = 40;

/// Half of the classes, another half for each number: a linear congruential generator's bits.
fn half(state: &mut u64, start: &str) -> Vec<String> {
    let mut is_in = || {
        *state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.count_ones().is_multiple_of(2)
    };
    (0..CLASSES).filter(|_| is_in()).map(|class| format!("{start}{class:02}")).collect()
}

/// Selectors that each take about half of the starts on each of four fields, and what starts
/// otherwise on any of them.
fn halves(selectors: usize) -> Snapshot {
    let fields = ["resources.ARN", "eventName", "eventSource", "eventType"];
    let start = |field: &str| if field == "resources.ARN" { "arn:aws:s3:::" } else { "" };
    let mut state = 1;
    let mut all: Vec<Value> = (0..selectors)
        .map(|_| {
            let half = |field: &&str| json!({"Field": field, "StartsWith": half(&mut state, start(field))});
            account::objects(&fields.iter().map(half).collect::<Vec<_>>())
        })
        .collect();
    let others = |field: &&str| {
        let known: Vec<String> =
            (0..CLASSES).map(|class| format!("{}{class:02}", start(field))).collect();
        account::objects(&[json!({"Field": field, "NotStartsWith": known})])
    };
    all.extend(fields.iter().map(others));
    account::with(&all)
}

#[test]
fn a_search_that_would_not_end_is_given_up_and_says_so() {
    let question = Question::new(Kind::Write, Mode::Any);
    let result = evaluate(&halves(1_000), &question);
    assert_eq!(result.verdict, Verdict::Indeterminate);
    let reason = "the search was given up";
    assert!(result.unknowns.iter().any(|unknown| unknown.reason.contains(reason)), "{result:?}");
    assert!(result.trails[0].reasons.iter().any(|found| found.contains(reason)), "{result:?}");
    assert!(result.summary.contains(reason), "{}", result.summary);
}

/// With this many texts near the longest key, whether each pair of them leaves a key took longer
/// than everything else.
#[test]
fn more_texts_near_the_longest_key_than_are_looked_into_are_answered_about() {
    let key = "k".repeat(700);
    let starts: Vec<String> =
        (0..200).map(|number| format!("arn:aws:s3:::payroll/{number:03}{key}")).collect();
    let ends: Vec<String> = (0..200).map(|number| format!("{key}{number:03}")).collect();
    let starts_and_ends =
        json!({"Field": "resources.ARN", "NotStartsWith": starts, "NotEndsWith": ends});
    let question = Question::new(Kind::Write, Mode::Any);
    let result = evaluate(
        &account::with(&[account::objects(std::slice::from_ref(&starts_and_ends))]),
        &question,
    );
    assert_eq!(result.verdict, Verdict::NonCompliant, "{}", result.summary);
    let others = [
        json!({"Field": "resources.ARN", "StartsWith": starts}),
        json!({"Field": "resources.ARN", "EndsWith": ends}),
    ];
    let others = others.map(|selector| account::objects(&[selector]));
    let all = [&[account::objects(&[starts_and_ends])][..], &others].concat();
    let result = evaluate(&account::with(&all), &question);
    assert_eq!(result.verdict, Verdict::Compliant, "{}", result.summary);
}
