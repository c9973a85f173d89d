//! Bucket names are finite strings over 65 characters, so conditions can use them up.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_rules::evaluate;
use cis_rules::question::{BucketName, Kind, Mode, Question};
use cis_rules::report::{AccountResult, Assumption, Verdict};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

const HEADER: &str = "arn:aws:s3:::";

fn selector(operators: &[(&str, Vec<String>)]) -> Value {
    let mut arn = json!({"Field": "resources.ARN"});
    for (operator, values) in operators {
        arn[*operator] = json!(values);
    }
    json!({"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        arn,
    ]})
}

fn decide(selectors: &[Value]) -> AccountResult {
    let snapshot = json!({"schemaVersion": 1, "accountId": "111122223333", "partition": "aws", "trails": [{
        "trail": {"TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main", "IsMultiRegionTrail": true},
        "status": {"IsLogging": true},
        "eventSelectors": {"AdvancedEventSelectors": selectors},
    }]});
    let snapshot = Snapshot::from_json(&snapshot.to_string()).unwrap();
    evaluate(&snapshot, &Question::new(Kind::Write, Mode::Any))
}

fn first_characters() -> Vec<String> {
    BucketName::ALPHABET
        .iter()
        .map(|&character| format!("{HEADER}{}", char::from(character)))
        .collect()
}

#[test]
fn one_prefix_for_each_first_character_takes_every_bucket() {
    assert_eq!(
        decide(&[selector(&[("StartsWith", first_characters())])]).verdict,
        Verdict::Compliant
    );
}

#[test]
fn one_first_character_less_loses_its_buckets() {
    for left_out in [0, 30, 64] {
        let mut keyless = first_characters();
        let lost = keyless.remove(left_out);
        let result = decide(&[selector(&[("StartsWith", keyless)])]);
        assert_eq!(result.verdict, Verdict::NonCompliant);
        assert_eq!(result.gaps.len(), 1);
        assert!(result.gaps[0].witness.arn().starts_with(&lost), "{:?}", result.gaps[0]);
    }
}

#[test]
fn excluding_every_first_character_takes_nothing() {
    let result = decide(&[selector(&[("NotStartsWith", first_characters())])]);
    assert_eq!(result.verdict, Verdict::NonCompliant);
    // A negative operator may take requests that name no key, so they are not surely lost.
    assert_eq!(result.gaps[0].description, "every write event on objects in any bucket");
}

#[test]
fn a_prefix_used_up_by_longer_ones_excludes_nothing_more() {
    let under_a: Vec<String> = BucketName::ALPHABET
        .iter()
        .map(|&character| format!("{HEADER}a{}", char::from(character)))
        .collect();
    let others = first_characters().into_iter().skip(1);
    // No bucket is called `a`, so `a` and a second character is all that starts with `a`.
    let all = under_a.iter().cloned().chain(others).collect();
    assert_eq!(decide(&[selector(&[("StartsWith", all)])]).verdict, Verdict::Compliant);
    let [split, rest] = [("StartsWith", under_a), ("NotStartsWith", vec![format!("{HEADER}a")])];
    assert_eq!(decide(&[selector(&[split]), selector(&[rest])]).verdict, Verdict::Compliant);
}

#[test]
fn three_characters_and_a_name_that_ends_there() {
    let longer = BucketName::ALPHABET
        .iter()
        .map(|&character| format!("{HEADER}abc{}", char::from(character)));
    let without_name = [("StartsWith", longer.clone().collect())];
    let not_abc = selector(&[("NotStartsWith", vec![format!("{HEADER}abc")])]);
    let result = decide(&[selector(&without_name), not_abc.clone()]);
    assert_eq!(result.verdict, Verdict::NonCompliant);
    assert!(result.gaps[0].witness.arn().starts_with("arn:aws:s3:::abc/"), "{:?}", result.gaps[0]);
    let with_name = longer.chain([format!("{HEADER}abc/")]).collect();
    assert_eq!(
        decide(&[selector(&[("StartsWith", with_name)]), not_abc]).verdict,
        Verdict::Compliant
    );
}

#[test]
fn names_of_255_characters_are_the_longest() {
    for (length, verdict) in
        [(254, Verdict::NonCompliant), (255, Verdict::NonCompliant), (256, Verdict::Compliant)]
    {
        let name = "a".repeat(length);
        let result = decide(&[selector(&[("NotStartsWith", vec![format!("{HEADER}{name}")])])]);
        assert_eq!(result.verdict, verdict, "{length}");
    }
}

#[test]
fn a_name_of_255_characters_has_only_one_continuation() {
    let name = "b".repeat(255);
    let apart = selector(&[("NotStartsWith", vec![format!("{HEADER}{name}")])]);
    let whole = selector(&[("StartsWith", vec![format!("{HEADER}{name}/")])]);
    assert_eq!(decide(&[apart.clone(), whole]).verdict, Verdict::Compliant);
    let keys = selector(&[("StartsWith", vec![format!("{HEADER}{name}/k")])]);
    let result = decide(&[apart, keys]);
    assert_eq!(result.verdict, Verdict::NonCompliant);
    assert!(!result.gaps[0].witness.arn().contains("/k"), "{:?}", result.gaps[0]);
}

#[test]
fn names_of_fewer_than_three_characters_are_none() {
    for short in ["", "a", "ab"] {
        let result = decide(&[selector(&[("NotStartsWith", vec![format!("{HEADER}{short}/")])])]);
        assert_eq!(result.verdict, Verdict::Compliant, "{short}");
    }
}

#[test]
fn characters_that_no_name_has_exclude_nothing() {
    for value in ["*", "bücket/", "a b", "a:b", "%61"] {
        let result = decide(&[selector(&[("NotStartsWith", vec![format!("{HEADER}{value}")])])]);
        assert_eq!(result.verdict, Verdict::Compliant, "{value}");
    }
}

#[test]
fn the_end_of_a_bucket_is_the_end_of_its_arn_prefix() {
    // Keys may end with `logs/` as well, so objects are lost, not only lists of buckets that end so.
    let result = decide(&[selector(&[("NotEndsWith", vec!["logs/".into()])])]);
    assert_eq!(result.verdict, Verdict::NonCompliant);
    // With the object side closed, only keyless ARNs are left, whose treatment is not documented.
    let keys_that_end_so = selector(&[("EndsWith", vec!["logs/".into()])]);
    let not_so = selector(&[("NotEndsWith", vec!["logs/".into()])]);
    let result = decide(&[keys_that_end_so, not_so]);
    assert_eq!(result.verdict, Verdict::Compliant);
    assert_eq!(result.assumptions, [Assumption::ArnPrefix, Assumption::EachObject]);
}
