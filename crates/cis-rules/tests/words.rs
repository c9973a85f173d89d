//! Lost regions in words.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use serde_json::{Value, json};

/// What is lost by a trail with these selectors.
fn lost(selectors: &[Value]) -> Vec<String> {
    let question = Question::new(Kind::Write, Mode::Any);
    let result = evaluate(&account::with(selectors), &question);
    result.into_members().gaps.into_iter().map(|gap| gap.description).collect()
}

/// A selector with one condition: these operators on a field.
fn on(field: &str, operators: &Value) -> Value {
    let mut condition = operators.clone();
    condition["Field"] = json!(field);
    account::objects(&[condition])
}

/// Checks what is lost by a trail whose one selector has this of a field.
fn check(field: &str, cases: &[(Value, &str)]) {
    for (operators, expected) in cases {
        assert_eq!(lost(&[on(field, operators)]), [*expected], "{field} {operators}");
    }
}

/// Checks what is lost by a trail whose two selectors have this of a field each.
fn check_two(field: &str, cases: &[(Value, Value, &str)]) {
    for (one, other, expected) in cases {
        assert_eq!(lost(&[on(field, one), on(field, other)]), [*expected], "{one} {other}");
    }
}

fn in_s3(object: &str) -> String {
    format!("arn:aws:s3:::{object}")
}

#[test]
fn everything() {
    assert_eq!(lost(&[]), ["every write event in any bucket"]);
}

#[test]
fn buckets_and_keys() {
    let (pay, human, log) = (in_s3("pay/"), in_s3("human"), in_s3("log/2026/"));
    let many: Vec<String> = (1..10).map(|team| in_s3(&format!("team-{team}/"))).collect();
    check(
        "resources.ARN",
        &[
            (json!({"NotStartsWith": [pay]}), "every write event on objects in bucket `pay`"),
            (
                json!({"NotStartsWith": [human]}),
                "every write event on objects in any bucket whose name starts with `human`",
            ),
            (
                json!({"NotStartsWith": [pay, in_s3("human/")]}),
                "every write event on objects in buckets `human` or `pay`",
            ),
            (
                json!({"NotStartsWith": [pay, human, log]}),
                "every write event on objects in bucket `pay`, any bucket whose name starts with \
                 `human` or keys starting with `2026/` in bucket `log`",
            ),
            (
                json!({"NotStartsWith": many[..6]}),
                "every write event on objects in buckets `team-1`, `team-2`, `team-3`, `team-4`, \
                 `team-5` or `team-6`",
            ),
            (
                json!({"NotStartsWith": many}),
                "every write event on objects in buckets `team-1`, `team-2`, `team-3`, `team-4`, \
                 `team-5`, `team-6` or 3 more",
            ),
            (json!({"StartsWith": [pay]}), "every write event in any bucket except bucket `pay`"),
            (
                json!({"StartsWith": [pay, human]}),
                "every write event in any bucket except bucket `pay` and those whose name starts \
                 with `human`",
            ),
            (
                json!({"StartsWith": [in_s3("pay")], "NotStartsWith": [in_s3("pay/2026")]}),
                "every write event in keys starting with `2026` in bucket `pay` or in any bucket \
                 except those whose name starts with `pay`",
            ),
            (
                json!({"StartsWith": [in_s3("")], "NotStartsWith": [in_s3("pay/2026")]}),
                "every write event in keys starting with `2026` in bucket `pay`",
            ),
        ],
    );
}

#[test]
fn single_objects() {
    let (one, other) = (in_s3("pay/x"), in_s3("pay/y"));
    check(
        "resources.ARN",
        &[
            (json!({"NotEquals": [one]}), "every write event on object `arn:aws:s3:::pay/x`"),
            (
                json!({"NotEquals": [one, other]}),
                "every write event on object `arn:aws:s3:::pay/x` or `arn:aws:s3:::pay/y`",
            ),
            (
                json!({"NotEquals": [one], "NotStartsWith": [in_s3("human/")]}),
                "every write event on objects in bucket `human` or on object `arn:aws:s3:::pay/x`",
            ),
            (
                json!({"Equals": [one, other]}),
                "every write event in any bucket, but not on object `arn:aws:s3:::pay/x` or \
                 `arn:aws:s3:::pay/y`",
            ),
        ],
    );
}

#[test]
fn ends_of_arns() {
    let pay = in_s3("pay/");
    check(
        "resources.ARN",
        &[
            (
                json!({"NotEndsWith": [".csv", "/tmp"]}),
                "every write event on objects with an ARN ending with `/tmp` or ending with \
                 `.csv`, in any bucket",
            ),
            (
                json!({"EndsWith": [".csv"]}),
                "every write event on objects with an ARN not ending with `.csv`, in any bucket",
            ),
            (
                json!({"EndsWith": [".csv"], "NotEndsWith": ["x.csv"]}),
                "every write event on objects with an ARN not ending with `.csv` or ending with \
                 `x.csv`, in any bucket",
            ),
            (
                json!({"StartsWith": [pay], "EndsWith": [".csv"]}),
                "every write event on objects with an ARN not ending with `.csv`, in any bucket \
                 except bucket `pay`",
            ),
        ],
    );
}

#[test]
fn what_a_second_selector_gives_back() {
    let pay = json!({"NotStartsWith": [in_s3("pay/")]});
    check_two(
        "resources.ARN",
        &[
            (
                pay.clone(),
                json!({"EndsWith": [".csv"]}),
                "every write event on objects with an ARN not ending with `.csv`, in bucket `pay`",
            ),
            (
                pay.clone(),
                json!({"StartsWith": [in_s3("pay/in/")]}),
                "every write event on objects in bucket `pay` except keys starting with `in/` in \
                 bucket `pay`",
            ),
            (
                pay,
                json!({"Equals": [in_s3("pay/in/x")]}),
                "every write event on objects in bucket `pay`, but not on object \
                 `arn:aws:s3:::pay/in/x`",
            ),
            (
                json!({"NotEndsWith": [".csv"]}),
                json!({"EndsWith": ["x.csv", "y.csv"]}),
                "every write event on objects with an ARN ending with `.csv` but not with `x.csv` \
                 or `y.csv`, in any bucket",
            ),
        ],
    );
    let put = json!({"NotStartsWith": ["Put"]});
    check_two(
        "eventName",
        &[
            (
                put.clone(),
                json!({"Equals": ["PutObject"]}),
                "every write event with a name starting with `Put`, but not `PutObject` in any \
                 bucket",
            ),
            (
                put,
                json!({"EndsWith": ["Acl"]}),
                "every write event with a name starting with `Put` and not ending with `Acl` in \
                 any bucket",
            ),
        ],
    );
}

#[test]
fn names_of_events() {
    check(
        "eventName",
        &[
            (json!({"NotEquals": ["DeleteObject"]}), "DeleteObject in any bucket"),
            (
                json!({"NotEquals": ["DeleteObject", "PutObject", "Novel"]}),
                "DeleteObject, Novel and PutObject in any bucket",
            ),
            (
                json!({"NotStartsWith": ["Delete", "Put"]}),
                "every write event with a name starting with `Delete` or starting with `Put` in \
                 any bucket",
            ),
            (
                json!({"NotEndsWith": ["Acl"]}),
                "every write event with a name ending with `Acl` in any bucket",
            ),
            (
                json!({"NotEquals": ["DeleteObject"], "NotStartsWith": ["Put"]}),
                "every write event with a name starting with `Put` or `DeleteObject` in any bucket",
            ),
            (
                json!({"Equals": ["DeleteObject", "PutObject"]}),
                "every write event with a name other than `DeleteObject` and `PutObject` in any \
                 bucket",
            ),
            (
                json!({"StartsWith": ["Delete"]}),
                "every write event with a name not starting with `Delete` in any bucket",
            ),
            (
                json!({"StartsWith": ["Delete"], "NotEndsWith": ["Acl"]}),
                "every write event with a name not starting with `Delete` or starting with \
                 `Delete` and ending with `Acl` in any bucket",
            ),
        ],
    );
}

#[test]
fn other_fields() {
    for (field, operators, values) in [
        ("userIdentity.arn", json!({"NotEquals": ["a"]}), "`a`"),
        ("userIdentity.arn", json!({"StartsWith": ["a"]}), "not starting with `a`, or absent"),
        ("userIdentity.arn", json!({"StartsWith": [""]}), "absent"),
        ("sessionCredentialFromConsole", json!({"Equals": ["true"]}), "absent"),
        ("sessionCredentialFromConsole", json!({"NotEquals": ["true"]}), "`true`"),
        ("userIdentity.arn", json!({"NotStartsWith": [""]}), "present"),
        ("eventSource", json!({"Equals": ["a"]}), "other than `a`"),
        ("eventSource", json!({"NotStartsWith": ["a"]}), "starting with `a`"),
        ("eventType", json!({"NotEquals": ["AwsServiceEvent"]}), "`AwsServiceEvent`"),
    ] {
        let expected = format!("every write event in any bucket, with {field} {values}");
        check(field, &[(operators, &expected)]);
    }
}
