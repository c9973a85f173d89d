//! Records and snapshots for the tests.
#![allow(dead_code, reason = "each test uses some of them")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_evidence::Call;
use cis_rules::record::json::RecordJson;
use cis_rules::record::member::Object;
use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";

/// A time of one day.
pub(crate) fn at(clock: &str) -> String {
    format!("2026-03-01T{clock}Z")
}

/// A call of CloudTrail by a user.
pub(crate) fn call(clock: &str, user: &str, name: &str, request: Value) -> Value {
    json!({
        "eventVersion": "1.11", "eventID": format!("{clock}-{name}"), "eventTime": at(clock),
        "eventName": name, "eventSource": "cloudtrail.amazonaws.com", "awsRegion": "us-east-1",
        "eventType": "AwsApiCall", "eventCategory": "Management", "managementEvent": true,
        "readOnly": false, "recipientAccountId": ACCOUNT, "sourceIPAddress": "198.51.100.7",
        "userIdentity": {"type": "IAMUser", "accountId": ACCOUNT,
            "arn": format!("arn:aws:iam::{ACCOUNT}:user/{user}")},
        "requestParameters": request, "responseElements": null,
    })
}

/// The calls of records.
pub(crate) fn calls(records: &[Value]) -> Vec<Call> {
    let call = |record: &Value| {
        let text = record.to_string();
        let read = RecordJson::read(&text).unwrap();
        let Object(record) = read.value().unwrap();
        Call::of(record, text.as_bytes()).unwrap()
    };
    records.iter().filter_map(call).collect()
}

/// Selectors of everything, as a request has them.
pub(crate) fn everything() -> Value {
    json!([
        {"name": "management", "fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]},
        {"name": "s3", "fieldSelectors": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::S3::Object"]},
        ]},
    ])
}

/// The same without the objects of a bucket.
pub(crate) fn without(bucket: &str) -> Value {
    let mut selectors = everything();
    let hidden =
        json!({"field": "resources.ARN", "notStartsWith": [format!("arn:aws:s3:::{bucket}/")]});
    selectors[1]["fieldSelectors"].as_array_mut().unwrap().push(hidden);
    selectors
}

/// A call that puts selectors.
pub(crate) fn put(clock: &str, user: &str, selectors: Value) -> Value {
    call(
        clock,
        user,
        "PutEventSelectors",
        json!({"trailName": "main", "advancedEventSelectors": selectors}),
    )
}

/// A snapshot of the account in which the trail logs everything.
pub(crate) fn snapshot(clock: &str) -> Value {
    json!({
        "schemaVersion": 1, "accountId": ACCOUNT, "partition": "aws", "collectedAt": at(clock),
        "trails": [{
            "trail": {"TrailARN": TRAIL, "Name": "main", "HomeRegion": "us-east-1",
                "IsMultiRegionTrail": true, "IsOrganizationTrail": false, "S3BucketName": "audit-logs",
                "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/k-1"},
            "status": {"IsLogging": true},
            "eventSelectors": {"AdvancedEventSelectors": [
                {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
                {"FieldSelectors": [
                    {"Field": "eventCategory", "Equals": ["Data"]},
                    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                ]},
            ]},
        }],
    })
}

/// A trail that is made and started at 9:00.
pub(crate) fn begun() -> Vec<Value> {
    vec![
        call(
            "09:00:00",
            "alice",
            "CreateTrail",
            json!({"name": "main", "s3BucketName": "audit-logs", "isMultiRegionTrail": true}),
        ),
        put("09:00:00", "alice", everything()),
        call("09:00:00", "alice", "StartLogging", json!({"name": "main"})),
    ]
}

/// A record of GetObject.
pub(crate) fn get(clock: &str, bucket: &str, key: &str) -> Value {
    json!({
        "eventVersion": "1.11", "eventID": format!("{clock}-{bucket}-{key}"), "eventTime": at(clock),
        "eventName": "GetObject", "eventSource": "s3.amazonaws.com", "awsRegion": "us-east-1",
        "eventType": "AwsApiCall", "eventCategory": "Data", "managementEvent": false,
        "readOnly": true, "recipientAccountId": ACCOUNT,
        "userIdentity": {"type": "IAMUser", "accountId": ACCOUNT,
            "arn": format!("arn:aws:iam::{ACCOUNT}:user/carol")},
        "requestParameters": {"bucketName": bucket, "key": key},
        "resources": [
            {"type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/{key}")},
            {"type": "AWS::S3::Bucket", "accountId": ACCOUNT, "ARN": format!("arn:aws:s3:::{bucket}")},
        ],
    })
}

/// A record of ListObjects.
pub(crate) fn list(clock: &str, bucket: &str) -> Value {
    let mut record = get(clock, bucket, "");
    record["eventName"] = json!("ListObjects");
    record["resources"] =
        json!([{"type": "AWS::S3::Object", "ARNPrefix": format!("arn:aws:s3:::{bucket}/")}]);
    record
}
