//! `trailproof logs`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answered;
#[path = "../command/mod.rs"]
mod command;
mod documented;
mod real;
mod written;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

/// A record at a time of 1 March.
fn record(clock: &str, name: &str, more: Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.11", "eventID": format!("{clock}-{name}"), "eventName": name,
        "eventTime": format!("2026-03-01T{clock}Z"), "awsRegion": "us-east-1",
        "eventType": "AwsApiCall", "recipientAccountId": ACCOUNT,
        "sourceIPAddress": "198.51.100.7",
    });
    record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    record
}

fn user(name: &str) -> Value {
    json!({"type": "IAMUser", "accountId": ACCOUNT, "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}")})
}

/// A call of CloudTrail.
fn call(clock: &str, by: &str, name: &str, request: Value) -> Value {
    record(
        clock,
        name,
        json!({
            "eventSource": "cloudtrail.amazonaws.com", "eventCategory": "Management",
            "managementEvent": true, "readOnly": false, "requestParameters": request,
            "userIdentity": user(by),
        }),
    )
}

/// A data event.
fn event(clock: &str, name: &str, bucket: &str) -> Value {
    record(
        clock,
        name,
        json!({
            "eventSource": "s3.amazonaws.com", "eventCategory": "Data", "managementEvent": false,
            "readOnly": name.starts_with("Get"), "userIdentity": user("carol"),
            "requestParameters": {"bucketName": bucket, "key": "a"},
            "resources": [{"type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/a")}],
        }),
    )
}

/// A call that puts selectors of everything but the objects of a bucket.
fn put(clock: &str, by: &str, but: Option<&str>) -> Value {
    let mut data = vec![
        json!({"field": "eventCategory", "equals": ["Data"]}),
        json!({"field": "resources.type", "equals": ["AWS::S3::Object"]}),
    ];
    if let Some(bucket) = but {
        data.push(
            json!({"field": "resources.ARN", "notStartsWith": [format!("arn:aws:s3:::{bucket}/")]}),
        );
    }
    call(
        clock,
        by,
        "PutEventSelectors",
        json!({"trailName": "main", "advancedEventSelectors": [
            {"fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]},
            {"fieldSelectors": data},
        ]}),
    )
}

/// A trail that is made at 9:00, and blinded for `payroll` from 10:04 to 13:20.
fn blinded() -> Vec<Value> {
    vec![
        call(
            "09:00:00",
            "alice",
            "CreateTrail",
            json!({"name": "main", "s3BucketName": "audit-logs", "isMultiRegionTrail": true}),
        ),
        put("09:00:00", "alice", None),
        call("09:00:00", "alice", "StartLogging", json!({"name": "main"})),
        event("09:30:00", "PutObject", "payroll"),
        put("10:04:00", "mallory", Some("payroll")),
        event("11:00:00", "GetObject", "customers"),
        put("13:20:00", "alice", None),
        event("14:00:00", "PutObject", "payroll"),
    ]
}

/// Writes a log file, as if it was delivered at this time of the day.
fn deliver(folder: &Path, clock: &str, records: &[Value]) {
    let day = folder.join(format!("AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/03/01"));
    fs::create_dir_all(&day).unwrap();
    let name = format!("{ACCOUNT}_CloudTrail_us-east-1_20260301T{clock}Z_0123456789abcdef.json");
    fs::write(day.join(name), json!({"Records": records}).to_string()).unwrap();
}
