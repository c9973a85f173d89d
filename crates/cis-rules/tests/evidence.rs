//! No verdict is without what it rests on, whoever builds it or reads it from JSON.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{AccountResult, Completion, MissingEvidence, Report, TrailResult, Verdict};
use serde_json::{Value, json};

/// The answer about a trail that takes all S3 data events, with these conditions besides.
fn result(conditions: &[Value], mode: Mode) -> AccountResult {
    let account = account::with(&[account::objects(conditions)]);
    evaluate(&account, &Question::new(Kind::Write, mode))
}

fn proved() -> AccountResult {
    result(&[], Mode::Every)
}

fn lost() -> AccountResult {
    result(&[json!({"Field": "eventName", "Equals": ["PutObject"]})], Mode::Any)
}

fn open() -> AccountResult {
    result(&[json!({"Field": "newField", "Equals": ["x"]})], Mode::Any)
}

/// Why a changed result is refused.
fn refusal<T: serde::de::DeserializeOwned>(document: &Value) -> String {
    serde_json::from_value::<T>(document.clone()).err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn a_result_is_what_its_json_says() {
    for (result, verdict) in [
        (proved(), Verdict::Compliant),
        (lost(), Verdict::NonCompliant),
        (open(), Verdict::Indeterminate),
    ] {
        assert_eq!(result.verdict, verdict);
        let text = serde_json::to_string(&result).unwrap();
        let read: AccountResult = serde_json::from_str(&text).unwrap();
        assert_eq!(read, result);
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
}

#[test]
fn a_result_without_its_evidence_is_not_read() {
    type Change = fn(&mut Value);
    let cases: [(AccountResult, Change, &str); 11] = [
        (proved(), |it| it["proof"] = Value::Null, "COMPLIANT, but there is no `proof`"),
        (proved(), |it| it["proof"]["steps"] = json!([]), "the `proof` has no steps"),
        (
            proved(),
            |it| it["proof"]["steps"] = json!([{"each": [0]}]),
            "step 0 of the `proof` refers to step 0",
        ),
        (
            proved(),
            |it| it["proof"]["steps"].as_array_mut().unwrap().insert(0, json!({"each": [1, 7]})),
            "step 0 of the `proof` refers to step 7",
        ),
        (proved(), |it| it["gaps"] = lost_gaps(), "COMPLIANT, but there are `gaps`"),
        (proved(), |it| it["verdict"] = json!("INDETERMINATE"), "but there is a `proof`"),
        (
            lost(),
            |it| {
                it["gaps"] = json!([]);
                it["trails"] = json!([serde_json::to_value(&open().trails[0]).unwrap()]);
            },
            "NON_COMPLIANT, but no `gaps` show what is lost",
        ),
        (lost(), |it| it["verdict"] = json!("COMPLIANT"), "COMPLIANT, but there is no `proof`"),
        (lost(), |it| it["verdict"] = json!("INDETERMINATE"), "but there are `gaps`"),
        (open(), |it| it["unknowns"] = json!([]), "INDETERMINATE, but `unknowns` is empty"),
        (open(), |it| it["verdict"] = json!("NON_COMPLIANT"), "no `gaps` show what is lost"),
    ];
    for (result, change, says) in cases {
        let mut document = serde_json::to_value(&result).unwrap();
        change(&mut document);
        let refusal = refusal::<AccountResult>(&document);
        assert!(refusal.contains(says), "{says}: {refusal:?}");
    }
}

fn lost_gaps() -> Value {
    serde_json::to_value(&lost().gaps).unwrap()
}

#[test]
fn a_trails_result_without_its_evidence_is_not_read() {
    type Change = fn(&mut Value);
    let cases: [(AccountResult, Change, &str); 5] = [
        (proved(), |it| it["gaps"] = lost_gaps(), "COMPLIANT, but there are `gaps`"),
        (proved(), |it| it["moreGaps"] = json!(true), "COMPLIANT, but there are `gaps`"),
        (lost(), |it| it["gaps"] = json!([]), "no `gaps` show what is lost"),
        (open(), |it| it["reasons"] = json!([]), "INDETERMINATE, but `reasons` is empty"),
        (open(), |it| it["gaps"] = lost_gaps(), "INDETERMINATE, but there are `gaps`"),
    ];
    for (result, change, says) in cases {
        let mut document = serde_json::to_value(&result.trails[0]).unwrap();
        assert_eq!(refusal::<TrailResult>(&document), "");
        change(&mut document);
        let refusal = refusal::<TrailResult>(&document);
        assert!(refusal.contains(says), "{says}: {refusal:?}");
    }
}

#[test]
fn a_result_cannot_be_built_without_its_evidence() {
    assert!(open().with(|members| members.unknowns.clear()).is_err());
    assert!(open().with(|members| members.verdict = Verdict::Compliant).is_err());
    assert!(proved().with(|members| members.proof = None).is_err());
    let without_trails = lost().with(|members| {
        members.gaps.clear();
        members.trails.clear();
    });
    assert!(without_trails.is_ok(), "that there is no trail is evidence");
    let trail = lost().trails[0].clone();
    assert!(trail.with(|members| members.gaps.clear()).is_err());
}

#[test]
fn a_report_of_another_version_is_not_read() {
    let mut report = serde_json::to_value(Report::new(vec![open()])).unwrap();
    assert_eq!(refusal::<Report>(&report), "");
    report["schemaVersion"] = json!(2);
    assert_eq!(refusal::<Report>(&report), "schemaVersion 2 is not supported, only 1");
}

#[test]
fn each_completion_of_a_plan_shows_the_verdict() {
    let completion = |proof, gaps| Completion { values: Vec::new(), proof, gaps };
    let (proof, gaps) = (proved().proof.clone(), lost().gaps.clone());
    let (shows, loses) = (completion(proof, Vec::new()), completion(None, gaps));
    let nothing = completion(None, Vec::new());
    let with = |result: AccountResult, completions: &[&Completion]| {
        let completions = completions.iter().map(|one| (*one).clone()).collect();
        result.with(|members| members.completions = completions).map(drop)
    };
    assert_eq!(with(proved(), &[&shows, &shows]), Ok(()));
    assert_eq!(with(lost(), &[&loses]), Ok(()));
    for (result, completions, position) in [
        (proved(), [&shows, &loses], 1),
        (proved(), [&nothing, &shows], 0),
        (lost(), [&loses, &nothing], 1),
        (lost(), [&shows, &loses], 0),
        (open(), [&shows, &shows], 0),
    ] {
        let verdict = result.verdict;
        let missing = MissingEvidence::Completion { verdict, position };
        assert_eq!(with(result, &completions), Err(missing));
    }
}
