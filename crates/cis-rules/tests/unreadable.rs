//! Calls that failed: each is said once, beside the fact that it leaves unknown or by itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_rules::evaluate;
use cis_rules::internals::trail::{Demands, Trail};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

/// The reasons for doubt about a trail of which nothing but the description is known.
fn doubts(unreadable: &Value) -> Vec<String> {
    let account = json!({"schemaVersion": 1, "accountId": "111122223333", "trails": [{
        "trail": {"TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/t", "IsMultiRegionTrail": true},
        "unreadable": unreadable,
    }]});
    let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
    let observed = &snapshot.trails.as_ref().unwrap()[0];
    let trail = Trail::new(observed, &snapshot, Demands::default());
    trail.doubts.iter().map(|doubt| doubt.reason.clone()).collect()
}

#[test]
fn a_failed_call_is_why_its_fact_is_not_known() {
    let denied = json!([
        {"call": "GetTrailStatus", "code": "AccessDeniedException"},
        {"call": "GetEventSelectors", "code": "ThrottlingException"},
    ]);
    let [status, selectors] = doubts(&denied).try_into().unwrap();
    assert!(status.ends_with(": GetTrailStatus failed with AccessDeniedException"), "{status}");
    let end = ": GetEventSelectors failed with ThrottlingException";
    assert!(selectors.ends_with(end), "{selectors}");
}

#[test]
fn a_failed_call_of_another_kind_is_said_by_itself_and_first() {
    let [role, status, selectors] = doubts(&json!([{"call": "AssumeRole"}])).try_into().unwrap();
    assert_eq!(role, "AssumeRole failed");
    assert!(!status.contains("failed") && !selectors.contains("failed"), "{status} {selectors}");
}

#[test]
fn the_annotation_names_the_failed_call_however_long_the_trail_s_name_is() {
    let question = Question::new(Kind::Write, Mode::Any);
    let all =
        json!({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws-us-gov:s3"]}]});
    for length in [3, 35, 36, 128] {
        let name = "n".repeat(length);
        let arn = format!("arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/{name}");
        for (read, value, call) in [
            ("status", json!({"IsLogging": true}), "GetEventSelectors"),
            ("eventSelectors", json!({"EventSelectors": [all]}), "GetTrailStatus"),
        ] {
            let account = json!({"schemaVersion": 1, "accountId": "111122223333", "trails": [{
                "trail": {"Name": name, "TrailARN": arn, "IsMultiRegionTrail": true, "HasCustomEventSelectors": true},
                read: value,
                "unreadable": [{"call": call, "code": "AccessDeniedException"}],
            }]});
            let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
            let summary = evaluate(&snapshot, &question).summary.clone();
            assert!(summary.len() <= 256, "{summary}");
            assert!(summary.contains(&name), "{summary}");
            let told = format!("{call} failed with AccessDeniedException");
            assert!(summary.ends_with(&told), "{length}: {summary}");
        }
    }
}
