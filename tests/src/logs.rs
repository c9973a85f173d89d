//! Log files in CloudTrail's own layout, of a trail that is blinded and of hostile names.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::Result;

/// The account whose logs they are.
pub const ACCOUNT: &str = "111122223333";

/// Names and keys that are markup, commands and tricks.
pub const HOSTILE: [&str; 5] = [
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)//'><svg onload=alert(1)>",
    "\u{202e}gnp.exe\u{1b}]0;owned\u{7}",
    "--><style>body{display:none}</style><b>",
];

const BUCKETS: [&str; 6] = [
    "payroll",
    "customers",
    "audit-logs",
    "web-assets",
    "a-bucket-with-a-name-that-is-rather-long.example.com",
    "backups",
];

fn record(id: &str, time: &str, name: &str, more: Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.11", "eventID": id, "eventTime": time, "eventName": name,
        "awsRegion": "us-east-1", "eventType": "AwsApiCall", "recipientAccountId": ACCOUNT,
        "sourceIPAddress": "198.51.100.7", "userAgent": "aws-cli/2.31", "responseElements": null,
    });
    if let (Value::Object(record), Value::Object(more)) = (&mut record, more) {
        record.extend(more);
    }
    record
}

/// A call of CloudTrail by a user.
#[must_use]
pub fn call(time: &str, user: &str, name: &str, request: &Value) -> Value {
    record(
        &format!("{time}-{name}"),
        time,
        name,
        json!({
            "eventSource": "cloudtrail.amazonaws.com", "eventCategory": "Management",
            "managementEvent": true, "readOnly": false, "requestParameters": request,
            "userIdentity": {"type": "IAMUser", "accountId": ACCOUNT,
                "arn": format!("arn:aws:iam::{ACCOUNT}:user/{user}")},
        }),
    )
}

/// A data event on an object.
#[must_use]
pub fn event(time: &str, name: &str, bucket: &str, key: &str, user: &str) -> Value {
    record(
        &format!("{time}-{name}-{bucket}-{key}"),
        time,
        name,
        json!({
            "eventSource": "s3.amazonaws.com", "eventCategory": "Data", "managementEvent": false,
            "readOnly": name.starts_with("Get"),
            "userIdentity": {"type": "IAMUser", "accountId": ACCOUNT,
                "arn": format!("arn:aws:iam::{ACCOUNT}:user/{user}")},
            "requestParameters": {"bucketName": bucket, "key": key},
            "resources": [
                {"type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/{key}")},
                {"type": "AWS::S3::Bucket", "accountId": ACCOUNT, "ARN": format!("arn:aws:s3:::{bucket}")},
            ],
        }),
    )
}

/// Selectors of all management and S3 data events, but for those of a bucket.
#[must_use]
pub fn selectors(but: Option<&str>) -> Value {
    let mut data = vec![
        json!({"field": "eventCategory", "equals": ["Data"]}),
        json!({"field": "resources.type", "equals": ["AWS::S3::Object"]}),
    ];
    if let Some(bucket) = but {
        data.push(
            json!({"field": "resources.ARN", "notStartsWith": [format!("arn:aws:s3:::{bucket}/")]}),
        );
    }
    json!([
        {"name": "management", "fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]},
        {"name": "s3", "fieldSelectors": data},
    ])
}

/// The calls of the history: a trail is made on 1 March, and blinded twice.
#[must_use]
pub fn history() -> Vec<Value> {
    let put = |time, user, but| {
        let request = json!({"trailName": "main", "advancedEventSelectors": selectors(but)});
        call(time, user, "PutEventSelectors", &request)
    };
    let name = json!({"name": "main"});
    let mut failed = call("2026-03-03T09:00:00Z", HOSTILE[0], "DeleteTrail", &name);
    failed["errorCode"] = json!("AccessDenied");
    failed["errorMessage"] = json!(HOSTILE[1]);
    vec![
        call(
            "2026-03-01T08:00:00Z",
            "alice",
            "CreateTrail",
            &json!({
            "name": "main", "s3BucketName": "audit-logs", "isMultiRegionTrail": true}),
        ),
        put("2026-03-01T08:00:00Z", "alice", None),
        call("2026-03-01T08:00:00Z", "alice", "StartLogging", &name),
        put("2026-03-02T10:04:00Z", "mallory", Some("payroll")),
        failed,
        put("2026-03-03T13:20:00Z", "alice", None),
        call("2026-03-05T01:00:00Z", "mallory", "StopLogging", &name),
        call("2026-03-05T04:00:00Z", "alice", "StartLogging", &name),
    ]
}

/// Writes log files in CloudTrail's layout: a file for each half hour in which something happened.
///
/// # Errors
/// Where they cannot be written.
pub fn write(folder: &Path, records: &[Value]) -> Result {
    for (index, record) in records.iter().enumerate() {
        let time = record["eventTime"].as_str().ok_or("a record without a time")?;
        let (day, clock) = time.split_once('T').ok_or("a time without a clock")?;
        let stamp =
            format!("{}T{}Z", day.replace('-', ""), clock.replace(':', "").get(..4).unwrap_or(""));
        let path = folder.join(format!(
            "AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/{}/{ACCOUNT}_CloudTrail_us-east-1_{stamp}_{index:016}.json",
            day.replace('-', "/")
        ));
        fs::create_dir_all(path.parent().ok_or("a path without a folder")?)?;
        fs::write(path, json!({"Records": [record]}).to_string())?;
    }
    Ok(())
}

/// The history, and a week of data events in buckets of honest and of hostile names.
#[must_use]
pub fn week() -> Vec<Value> {
    let mut records = history();
    for day in 1..=7 {
        for (number, bucket) in BUCKETS.iter().chain(&HOSTILE).enumerate() {
            for event_number in 0..=(day * (number + 2)) % 7 {
                let time =
                    format!("2026-03-{day:02}T{:02}:{:02}:00Z", 9 + number, event_number * 7);
                let is_blind = *bucket == "payroll" && (2..=3).contains(&day);
                if is_blind {
                    continue;
                }
                let name = if event_number % 3 == 0 { "PutObject" } else { "GetObject" };
                let key = HOSTILE.get(event_number % 7).copied().unwrap_or("2026/report.csv");
                records.push(event(&time, name, bucket, key, "carol"));
            }
        }
    }
    // What surely no trail logs, and is there.
    records.push(event("2026-03-02T22:00:00Z", "GetObject", "payroll", HOSTILE[0], HOSTILE[1]));
    records
}
