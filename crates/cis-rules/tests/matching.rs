//! The plain matcher, line by line of what selectors mean: what each spelling surely takes, maybe
//! takes, and does not take.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_rules::RecordField;
use cis_rules::internals::matching::Match::{self, Maybe, No, Surely};
use cis_rules::record::Record;
use cis_rules::selector::Selector;
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

fn record(arn: &str) -> Record {
    Record::of_object(arn)
        .with(RecordField::ReadOnly, "false")
        .with(RecordField::EventName, "PutObject")
        .with(RecordField::EventSource, "s3.amazonaws.com")
        .with(RecordField::EventType, "AwsApiCall")
}

fn selector(list: &str, selector: &Value) -> Selector {
    let account = json!({"schemaVersion": 1, "accountId": "111122223333", "trails": [
        {"trail": {}, "eventSelectors": {list: [selector]}},
    ]});
    let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
    snapshot.trails.unwrap().remove(0).event_selectors.unwrap().remove(0)
}

fn basic(value: &str) -> Selector {
    let resource = json!({"Type": "AWS::S3::Object", "Values": [value]});
    selector("EventSelectors", &json!({"DataResources": [resource]}))
}

/// An advanced selector on data events of objects with one more field selector.
fn advanced(field_selector: &Value) -> Selector {
    let fields = json!([
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        field_selector,
    ]);
    selector("AdvancedEventSelectors", &json!({"FieldSelectors": fields}))
}

#[test]
fn values_of_basic_selectors() {
    let cases: [(&str, &str, Match); 17] = [
        ("arn:aws:s3", "arn:aws:s3:::acme/a", Surely),
        ("arn:aws:s3:::", "arn:aws:s3:::acme/a", Surely),
        ("arn:aws:s3:", "arn:aws:s3:::acme/a", Maybe),
        ("arn:aws:s3::", "arn:aws:s3:::acme/a", Maybe),
        ("arn:aws:s", "arn:aws:s3:::acme/a", No),
        ("arn:aws-cn:s3", "arn:aws:s3:::acme/a", No),
        ("arn:aws:s3:::acme/", "arn:aws:s3:::acme/a", Surely),
        ("arn:aws:s3:::acme/", "arn:aws:s3:::acme/", Surely),
        ("arn:aws:s3:::acme/", "arn:aws:s3:::acme2/a", No),
        ("arn:aws:s3:::acme/in", "arn:aws:s3:::acme/index", Surely),
        ("arn:aws:s3:::acme", "arn:aws:s3:::acme2/a", Maybe),
        ("arn:aws:s3:::acme", "arn:aws:s3:::zeta/a", No),
        ("arn:aws:s3:::acme/*", "arn:aws:s3:::acme/*", Maybe),
        ("arn:aws:s3:::acme/in/*.csv", "arn:aws:s3:::acme/in/a", Maybe),
        ("arn:aws:s3:::acme/in/*.csv", "arn:aws:s3:::acme/out", No),
        ("arn:aws-cn:s3:", "arn:aws:s3:::acme/a", No),
        ("arn:aws:s3:::*", "arn:aws:s3:::*", No),
    ];
    for (value, arn, expected) in cases {
        assert_eq!(basic(value).matches(&record(arn), "aws"), expected, "{value} {arn}");
    }
}

#[test]
fn an_arn_prefix_is_compared_or_else_absent() {
    let cases = [
        (json!({"StartsWith": ["arn:aws:s3:::acme/"]}), Surely),
        (json!({"Equals": ["arn:aws:s3:::acme/"]}), Surely),
        (json!({"StartsWith": ["arn:aws:s3:::zeta/"]}), No),
        (json!({"NotStartsWith": ["arn:aws:s3:::zeta/"]}), Surely),
        (json!({"NotStartsWith": ["arn:aws:s3:::acme/"]}), Maybe),
        (json!({"StartsWith": ["arn:aws:s3:::acme/"], "NotEndsWith": ["/"]}), No),
    ];
    for (operators, expected) in cases {
        let mut field_selector = operators.clone();
        field_selector["Field"] = json!("resources.ARN");
        let found = advanced(&field_selector).matches(&record("arn:aws:s3:::acme/"), "aws");
        assert_eq!(found, expected, "{operators}");
    }
}

#[test]
fn what_is_absent_meets_no_positive_operator() {
    let fields = [("userIdentity.arn", Maybe), ("sessionCredentialFromConsole", Surely)];
    for (field, negative) in fields {
        for (operator, expected) in [
            ("Equals", No),
            ("StartsWith", No),
            ("EndsWith", No),
            ("NotEquals", negative),
            ("NotStartsWith", negative),
            ("NotEndsWith", negative),
            ("Contains", Maybe),
        ] {
            let selector = advanced(&json!({"Field": field, operator: [""]}));
            let found = selector.matches(&record("arn:aws:s3:::acme/a"), "aws");
            assert_eq!(found, expected, "{field} {operator}");
        }
    }
}
