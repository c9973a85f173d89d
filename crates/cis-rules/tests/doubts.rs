//! Which doubts about a trail's selectors are told, and which selectors give none.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use account::objects;
use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

const DOCUMENTED: &str = "write the selector as AWS documents it";
const NEWER: &str = "upgrade trailproof, or remove it from the selector";

/// The doubts about a selector, each with what settles it. A second selector, with a doubt of its
/// own, leaves the verdict open.
fn doubts(account: &Snapshot) -> Vec<(String, String)> {
    let question = Question::new(Kind::Write, Mode::Any);
    let result = evaluate(account, &question);
    assert_eq!(result.verdict, Verdict::Indeterminate, "{result:#?}");
    let mut told: Vec<(String, String)> = result
        .into_members()
        .unknowns
        .into_iter()
        .map(|unknown| (unknown.reason, unknown.settled_by))
        .collect();
    let (open, _) = told.pop().unwrap();
    assert!(open.contains(": selector 1: "), "{open}");
    let name = |reason: String| reason.rsplit_once(": selector 0: ").unwrap().1.to_string();
    told.into_iter().map(|(reason, settled_by)| (name(reason), settled_by)).collect()
}

fn of_basic(selector: Value) -> Vec<(String, String)> {
    let open = json!({"ReadWriteType": "Sometimes",
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]});
    doubts(&account::with_basic(&[selector, open]))
}

fn of_advanced(selector: Value) -> Vec<(String, String)> {
    let open = objects(&[json!({"Field": "readOnly", "Sounds": ["false"]})]);
    doubts(&account::with(&[selector, open]))
}

/// A selector of one bucket's objects, with these field selectors besides.
fn one_bucket(besides: &[Value]) -> Value {
    let bucket = json!({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::payroll/"]});
    objects(&[&[bucket], besides].concat())
}

fn told(reason: &str, settled_by: &str) -> Vec<(String, String)> {
    vec![(reason.to_string(), settled_by.to_string())]
}

#[test]
fn a_data_resources_value_is_doubtful_where_it_ends_within_a_buckets_name() {
    let of_value = |value: &str| {
        let resources = json!([{"Type": "AWS::S3::Object", "Values": [value]}]);
        of_basic(json!({"ReadWriteType": "All", "DataResources": resources}))
    };
    for sure in [
        "arn:aws:s3:::payroll/",
        "arn:aws:s3:::payroll/2026",
        "arn:aws-cn:s3",
        "arn:aws-cn:s3:::",
        "arn:aws-cn:s3:::*",
        "payroll",
    ] {
        assert_eq!(of_value(sure), [], "{sure}");
    }
    let reason = "value `arn:aws:s3:::payroll` has no slash after the bucket, and AWS refuses such \
                  values";
    assert_eq!(of_value("arn:aws:s3:::payroll"), told(reason, "end the value with a slash"));
}

#[test]
fn data_resources_of_other_types_give_no_doubt() {
    let resources = json!([{"Type": "AWS::Lambda::Function", "Values": ["arn:aws:s3:::payroll"]}]);
    assert_eq!(of_basic(json!({"ReadWriteType": "All", "DataResources": resources})), []);
}

#[test]
fn what_is_not_known_of_a_basic_selector() {
    let resources = json!([{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::payroll/"]}]);
    assert_eq!(
        of_basic(json!({"ReadWriteType": "Never", "DataResources": resources})),
        told("ReadWriteType `Never` is not known", DOCUMENTED)
    );
    assert_eq!(
        of_basic(json!({"DataResources": resources, "Narrower": true})),
        told("member `Narrower` is not known and may narrow it", NEWER)
    );
    let mut narrowed = resources;
    narrowed[0]["Narrower"] = json!(true);
    assert_eq!(
        of_basic(json!({"DataResources": narrowed})),
        told("member `Narrower` of a data resource is not known and may narrow it", NEWER)
    );
}

#[test]
fn selectors_of_other_events_give_no_doubt() {
    let of = |category: &str, kind: &str| {
        of_advanced(json!({"Narrower": true, "FieldSelectors": [
            {"Field": "eventCategory", "Equals": [category]},
            {"Field": "resources.type", "Equals": [kind]},
        ]}))
    };
    assert_eq!(of("Management", "AWS::S3::Object"), []);
    assert_eq!(of("Data", "AWS::Lambda::Function"), []);
    let reason = "member `Narrower` is not known and may narrow it";
    assert_eq!(of("Data", "AWS::S3::Object")[..1], told(reason, NEWER));
}

#[test]
fn what_is_not_known_of_a_field_selector() {
    assert_eq!(of_advanced(one_bucket(&[])), []);
    for (field, reason, settled_by) in [
        (
            json!({"Field": "userAgent", "Equals": ["x"]}),
            "field `userAgent` is not known for data events and may narrow it",
            NEWER,
        ),
        (
            json!({"Field": "eventName", "Equals": ["PutObject"], "Sounds": ["x"]}),
            "operator `Sounds` on eventName is not known",
            NEWER,
        ),
        (
            json!({"Field": "eventName", "Equals": []}),
            "operator Equals on eventName has no values",
            DOCUMENTED,
        ),
        (
            json!({"Field": "eventName"}),
            "the field selector on eventName has no operator",
            DOCUMENTED,
        ),
        // With an operator that is not known there is one.
        (
            json!({"Field": "eventName", "Sounds": ["x"]}),
            "operator `Sounds` on eventName is not known",
            NEWER,
        ),
    ] {
        assert_eq!(of_advanced(one_bucket(&[field])), told(reason, settled_by));
    }
}

#[test]
fn a_field_that_stands_in_two_field_selectors() {
    let name = json!({"Field": "eventName", "Equals": ["PutObject"]});
    let reason = "eventName stands in two field selectors, which AWS does not document";
    let pair = one_bucket(&[name.clone(), name.clone()]);
    assert_eq!(of_advanced(pair), told(reason, DOCUMENTED));
    // Where the field itself is not known, that is said, and no more.
    let unknown = json!({"Field": "userAgent", "Equals": ["x"]});
    let reason = "field `userAgent` is not known for data events and may narrow it";
    let twice = [told(reason, NEWER), told(reason, NEWER)].concat();
    assert_eq!(of_advanced(one_bucket(&[unknown.clone(), unknown])), twice);
    for field in ["eventCategory", "resources.type"] {
        let value = if field == "eventCategory" { "Data" } else { "AWS::S3::Object" };
        let again = json!({"Field": field, "Equals": [value]});
        let reason =
            format!("AWS demands {field} once, with one Equals value and no other operator");
        assert_eq!(of_advanced(one_bucket(&[again])), told(&reason, DOCUMENTED));
    }
}

#[test]
fn required_fields_are_given_as_aws_demands() {
    let demanded =
        "AWS demands eventCategory once, with one Equals value and no other operator".to_string();
    for (category, besides) in [
        (json!({"Equals": ["Data", "Data"]}), None),
        (json!({"StartsWith": ["Data"]}), None),
        (json!({"Equals": ["Data"], "EndsWith": ["Data"]}), None),
        (json!({"Equals": ["Data"], "Sounds": ["x"]}), Some("Sounds")),
    ] {
        let mut selector = one_bucket(&[]);
        selector["FieldSelectors"][0] = category;
        selector["FieldSelectors"][0]["Field"] = json!("eventCategory");
        let mut expected = vec![(demanded.clone(), DOCUMENTED.to_string())];
        expected.extend(besides.map(|operator| {
            let reason = format!("operator `{operator}` on eventCategory is not known");
            (reason, NEWER.to_string())
        }));
        assert_eq!(of_advanced(selector.clone()), expected, "{selector}");
    }
}

#[test]
fn negative_operators_on_fields_that_a_record_may_lack() {
    let settled_by = "remove the field from the selector, or add a selector without it";
    for (field, records) in [
        (
            "userIdentity.arn",
            Some("records without userIdentity.arn (anonymous callers, AWS services)"),
        ),
        ("sessionCredentialFromConsole", None),
        ("eventName", None),
        ("eventSource", None),
    ] {
        let negative = |values: Value| one_bucket(&[json!({"Field": field, "NotEquals": values})]);
        let expected = records.map_or_else(Vec::new, |records| {
            let reason = format!(
                "AWS does not document whether a negative operator on {field} takes {records}"
            );
            told(&reason, settled_by)
        });
        assert_eq!(of_advanced(negative(json!(["x"]))), expected);
        // What is malformed is doubtful for that alone.
        let reason = format!("operator NotEquals on {field} has no values");
        assert_eq!(of_advanced(negative(json!([]))), told(&reason, DOCUMENTED));
        // A positive operator beside it takes no record that lacks the field.
        let both = json!({"Field": field, "NotEquals": ["x"], "Equals": ["y"]});
        assert_eq!(of_advanced(one_bucket(&[both])), []);
    }
    let payroll = json!({"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::payroll/"]});
    let reason = "AWS does not document whether a negative operator on resources.ARN takes records \
                  that carry an ARNPrefix instead (ListObjects, DeleteObjects)";
    assert_eq!(of_advanced(objects(&[payroll])), told(reason, settled_by));
}

#[test]
fn doubts_about_a_trail_that_surely_records_nothing_leave_nothing_open() {
    let open = objects(&[json!({"Field": "readOnly", "Sounds": ["false"]})]);
    let selectors = account::advanced(&[open]);
    let mut stopped = account::trail("stopped", &selectors);
    stopped["status"]["IsLogging"] = json!(false);
    let account = account::of(&[account::trail("main", &selectors), stopped]);

    let result = evaluate(&account, &Question::new(Kind::Write, Mode::Any));
    assert_eq!(result.verdict, Verdict::Indeterminate, "{result:#?}");
    let unknowns: Vec<_> = result.unknowns.iter().map(|unknown| unknown.reason.as_str()).collect();
    let [reason] = unknowns[..] else { panic!("{unknowns:#?}") };
    assert!(reason.contains("trail/main: "), "{reason}");
}
