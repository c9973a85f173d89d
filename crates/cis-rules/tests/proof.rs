//! The proof as the report writes it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use account::advanced;
use cis_rules::evaluate;
use cis_rules::question::{BucketName, Kind, Mode, Question};
use cis_rules::report::{Assumption, Verdict};
use serde_json::{Value, json};

/// A selector of objects with a name and these conditions.
fn objects(name: &str, conditions: &[Value]) -> Value {
    let mut selector = account::objects(conditions);
    selector["Name"] = json!(name);
    selector
}

fn basic() -> Value {
    json!({"EventSelectors": [
        {"ReadWriteType": "ReadOnly"},
        {"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]},
    ]})
}

/// The proof and the assumptions about trails with these selectors, `t0`, `t1` and so on.
fn proof(mode: Mode, selectors: &[Value]) -> (Value, Vec<&'static str>) {
    let numbered = selectors.iter().enumerate();
    let trails: Vec<Value> =
        numbered.map(|(at, selectors)| account::trail(&format!("t{at}"), selectors)).collect();
    let question = Question::new(Kind::Write, mode);
    let result = evaluate(&account::of(&trails), &question);
    assert_eq!(result.verdict, Verdict::Compliant, "{}", result.summary);
    let assumptions = result.assumptions.iter().copied().map(Assumption::name).collect();
    (serde_json::to_value(result.proof.as_ref().unwrap()).unwrap(), assumptions)
}

fn logged(trail: usize, selector: usize, name: &str) -> Value {
    let mut by = json!({
        "trail": format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/t{trail}"),
        "selector": selector,
    });
    if !name.is_empty() {
        by["selectorName"] = json!(name);
    }
    json!({ "logged": by })
}

#[test]
fn one_selector_of_one_trail() {
    let all = advanced(&[objects("", &[]), objects("all", &[])]);
    let narrow =
        advanced(&[objects("narrow", &[json!({"Field": "readOnly", "Equals": ["true"]})])]);
    let (written, assumptions) = proof(Mode::Any, &[narrow.clone(), all]);
    assert_eq!(written, json!({"steps": [logged(1, 0, "")]}));
    assert_eq!(assumptions, [""; 0]);
    assert_eq!(proof(Mode::Any, &[narrow, basic()]).0, json!({"steps": [logged(1, 1, "")]}));
}

#[test]
fn each_trail_in_its_turn() {
    let all = advanced(&[objects("all", &[])]);
    let deletes = |operator: &str| json!({"Field": "eventName", operator: ["Delete"]});
    let split = advanced(&[
        objects("deletes", &[deletes("StartsWith")]),
        objects("others", &[deletes("NotStartsWith")]),
    ]);
    assert_eq!(
        proof(Mode::Every, &[all, split, basic()]).0,
        json!({"steps": [
            {"each": [1, 2, 5]},
            logged(0, 0, "all"),
            {"split": {"field": "eventName", "parts": [
                {"values": "not starting with `Delete`", "step": 3},
                {"values": "starting with `Delete`", "step": 4},
            ]}},
            logged(1, 1, "others"),
            logged(1, 0, "deletes"),
            logged(2, 1, ""),
        ]})
    );
}

#[test]
fn parts_of_different_trails() {
    let arn = |operator: &str, value: &str| json!({"Field": "resources.ARN", operator: [value]});
    let name = |operator: &str| json!({"Field": "eventName", operator: ["PutObject"]});
    let (written, assumptions) = proof(
        Mode::Union,
        &[
            advanced(&[objects("not put", &[name("NotEquals")])]),
            advanced(&[
                objects("put in S3", &[name("Equals"), arn("StartsWith", "arn:aws:s3:::")]),
                objects("never needed", &[name("Equals"), arn("StartsWith", "arn:aws:s3:::p")]),
            ]),
        ],
    );
    assert_eq!(
        written,
        json!({"steps": [
            {"split": {"field": "eventName", "parts": [
                {"values": "`PutObject`", "step": 1},
                {"values": "other than `PutObject`", "step": 2},
            ]}},
            logged(1, 0, "put in S3"),
            logged(0, 0, "not put"),
        ]})
    );
    assert_eq!(assumptions, ["arn-prefix"]);
}

#[test]
fn every_part_of_a_proof_may_rest_on_an_assumption() {
    let name = |operator: &str| json!({"Field": "eventName", operator: ["PutObject"]});
    let arn = json!({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::"]});
    for (first, second) in [("Equals", "NotEquals"), ("NotEquals", "Equals")] {
        let selectors = [
            objects("by name", &[name(first)]),
            objects("by name and ARN", &[name(second), arn.clone()]),
        ];
        assert_eq!(proof(Mode::Any, &[advanced(&selectors)]).1, ["arn-prefix"], "{first}");
    }
}

#[test]
fn parts_of_buckets_are_told_as_buckets() {
    let (one, other) = BucketName::ALPHABET.split_at(30);
    let starting = |characters: &[u8]| {
        let start = |character: &u8| format!("arn:aws:s3:::{}", char::from(*character));
        let values: Vec<String> = characters.iter().map(start).collect();
        objects("", &[json!({"Field": "resources.ARN", "StartsWith": values})])
    };
    let (written, _) = proof(Mode::Any, &[advanced(&[starting(one), starting(other)])]);
    let split = &written["steps"][0]["split"];
    assert_eq!(split["field"], "resources.ARN");
    for part in split["parts"].as_array().unwrap() {
        let values = part["values"].as_str().unwrap();
        assert!(values.starts_with("in any bucket whose name starts with `"), "{values}");
    }
}

/// An event may name several objects, as CopyObject does, and how conditions on ARNs treat it is not
/// documented. A selector that takes every ARN does not care.
#[test]
fn a_proof_from_conditions_on_arns_rests_on_each_object() {
    let condition = |operator: &str| {
        account::objects(&[json!({"Field": "resources.ARN", operator: ["arn:aws:s3:::logs/"]})])
    };
    let both = [Assumption::ArnPrefix, Assumption::EachObject];
    let assumptions = |selectors: &[Value], allowed: &[&str]| {
        let question = Question {
            allow_unlogged: allowed.iter().map(|name| name.parse().unwrap()).collect(),
            ..Question::new(Kind::Write, Mode::Any)
        };
        let result = evaluate(&account::with(selectors), &question);
        assert_eq!(result.verdict, Verdict::Compliant, "{}", result.summary);
        result.assumptions.clone()
    };
    let joined = [condition("StartsWith"), condition("NotStartsWith")];
    assert_eq!(assumptions(&joined, &[]), both);
    assert!(
        assumptions(&[condition("NotStartsWith")], &["logs"]).contains(&Assumption::EachObject)
    );
    assert_eq!(assumptions(&[account::objects(&[]), condition("StartsWith")], &[]), []);
}
