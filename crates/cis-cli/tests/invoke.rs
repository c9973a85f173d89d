//! `trailproof invoke`: the embedded sample, and events and accounts of one's own.
#![expect(
    clippy::unwrap_used,
    reason = "where a file of the repository cannot be read the test has failed"
)]

mod command;

use command::{account, file, run};
use serde_json::{Value, json};

/// Compares with a golden file; `TRAILPROOF_BLESS=1` writes it.
fn assert_golden(name: &str, found: &str) {
    let path = file("tests/golden").join(name);
    if std::env::var_os("TRAILPROOF_BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        found,
        expected,
        "{} differs; read the difference, then run with TRAILPROOF_BLESS=1",
        path.display()
    );
}

fn sample_event() -> Value {
    let text = std::fs::read_to_string(file("sample/event.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn with_parameters(parameters: &Value) -> Vec<u8> {
    let mut event = sample_event();
    event["ruleParameters"] = json!(parameters.to_string());
    event.to_string().into_bytes()
}

#[test]
fn the_sample_looks_green_and_is_blind() {
    let ran = run(&["invoke"], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    assert_golden("invoke.txt", &ran.stdout);
}

#[test]
fn the_readme_shows_what_is_really_printed() {
    let readme = std::fs::read_to_string(file("../../README.md")).unwrap();
    let shown = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the README has a text block");
    let ran = run(&["invoke"], b"");
    assert!(ran.stdout.contains(shown), "{shown}\n---\n{}", ran.stdout);
}

#[test]
fn the_rule_is_asked_by_the_options_of_audit_too() {
    let ran = run(&["invoke", "--kind", "read", "--trusted-log-bucket", "central-logs"], b"");
    let words: Vec<_> = ran.stdout.split_whitespace().collect();
    let text = words.join(" ");
    assert!(
        text.contains(
            "S3 read events CIS 4.9 · Security Hub S3.23 Asked: trusted log buckets: central-logs."
        ),
        "{text}"
    );
    let event = sample_event().to_string().into_bytes();
    let both = run(&["invoke", "--event", "-", "--kind", "read"], &event);
    assert_eq!(both.code, Some(2), "{both:?}");
    assert!(both.stderr.contains("cannot be used with"), "{both:?}");
}

#[test]
fn json_holds_the_request_and_the_report() {
    let ran = run(&["invoke", "--format", "json"], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let both: Value = serde_json::from_str(&ran.stdout).unwrap();
    let put = &both["putEvaluations"];
    let evaluation = &put["Evaluations"][0];
    assert_eq!(evaluation["ComplianceResourceType"], "AWS::::Account");
    assert_eq!(evaluation["ComplianceResourceId"], "111122223333");
    assert_eq!(evaluation["ComplianceType"], "NON_COMPLIANT");
    assert_eq!(evaluation["OrderingTimestamp"], "2026-11-21T08:00:00Z");
    assert_eq!(put["ResultToken"], "TESTMODE");
    assert_eq!(put["TestMode"], true);
    let result = &both["report"]["results"][0];
    assert_eq!(result["verdict"], "NON_COMPLIANT");
    assert_eq!(evaluation["Annotation"], result["summary"]);
    let arn = result["gaps"][0]["witness"]["resources.ARN"].as_str();
    assert!(arn.is_some_and(|arn| arn.starts_with("arn:aws:s3:::payroll/")), "{result}");
}

#[test]
fn the_report_is_the_one_that_audit_gives() {
    let sample = account().to_string().into_bytes();
    let invoked = run(&["invoke", "--format", "json"], b"");
    let audited = run(&["audit", "--snapshot", "-", "--format", "json"], &sample);
    let invoked: Value = serde_json::from_str(&invoked.stdout).unwrap();
    let audited: Value = serde_json::from_str(&audited.stdout).unwrap();
    assert_eq!(invoked["report"], audited);
}

#[test]
fn a_bucket_that_may_stay_unlogged_is_allowed_by_parameter() {
    let event = with_parameters(&json!({"AllowedUnloggedBuckets": "payroll"}));
    let ran = run(&["invoke", "--event", "-", "--format", "json"], &event);
    let both: Value = serde_json::from_str(&ran.stdout).unwrap();
    let result = &both["report"]["results"][0];
    assert_eq!(result["allowUnlogged"], json!(["payroll"]));
    assert_ne!(result["verdict"], "NON_COMPLIANT", "{result}");
}

#[test]
fn the_event_is_made_for_the_account_that_is_read() {
    let mut other = account();
    other["accountId"] = json!("999988887777");
    other["trails"] = json!([]);
    let ran = run(&["invoke", "--snapshot", "-", "--format", "json"], other.to_string().as_bytes());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let both: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(both["putEvaluations"]["Evaluations"][0]["ComplianceResourceId"], "999988887777");
}

#[test]
fn an_undecided_account_is_an_error_of_the_rule_with_its_report() {
    let mut undecided = account();
    undecided["trails"][0]["eventSelectors"] = Value::Null;
    let input = undecided.to_string().into_bytes();
    for format in ["text", "json"] {
        let ran = run(&["invoke", "--snapshot", "-", "--format", format], &input);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(ran.stdout.contains("INDETERMINATE"), "{ran:?}");
        assert!(ran.stderr.starts_with("error: nothing was put: "), "{ran:?}");
    }
}

#[test]
fn what_is_no_event_is_refused() {
    let mut no_token = sample_event();
    no_token.as_object_mut().unwrap().remove("resultToken");
    let mut of_another = sample_event();
    of_another["accountId"] = json!("999988887777");
    of_another["configRuleArn"] =
        json!("arn:aws:config:us-east-1:999988887777:config-rule/config-rule-x");
    let bad_parameter = with_parameters(&json!({"EventKind": "write"}));
    for (event, says) in [
        (b"{".to_vec(), ["standard input", "line 1 column 1"]),
        (b"[]".to_vec(), ["event", "object"]),
        (no_token.to_string().into_bytes(), ["resultToken", "missing"]),
        (of_another.to_string().into_bytes(), ["999988887777", "111122223333"]),
        (bad_parameter, ["EventKind", "EventKinds"]),
    ] {
        run(&["invoke", "--event", "-"], &event).is_refused(&says);
    }
}

#[test]
fn contradicting_arguments_are_refused() {
    run(&["invoke", "--event", "-", "--snapshot", "-"], b"").is_refused(&["given twice"]);
    run(&["invoke", "--region", "us-east-1"], b"").is_refused(&["`--live`"]);
    let ran = run(&["invoke", "--live", "--snapshot", "-"], b"");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    let two = format!("{0}\n{0}", account());
    run(&["invoke", "--snapshot", "-"], two.as_bytes()).is_refused(&["2 snapshots"]);
}
