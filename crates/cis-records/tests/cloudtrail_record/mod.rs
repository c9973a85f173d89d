//! A record as CloudTrail writes it.

use serde_json::{Value, json};

/// DeleteObject by an IAM user.
pub(crate) fn record() -> Value {
    json!({
        "eventVersion": "1.11", "eventID": "e-1", "eventTime": "2026-11-21T08:00:00Z",
        "eventCategory": "Data", "managementEvent": false, "readOnly": false,
        "eventName": "DeleteObject", "eventSource": "s3.amazonaws.com", "eventType": "AwsApiCall",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"},
        "resources": [
            {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::payroll/2026/11.csv"},
            {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::payroll", "accountId": "111122223333"},
        ],
    })
}

/// That record with another value in one place.
pub(crate) fn with(pointer: &str, value: Value) -> Value {
    let mut record = record();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap() {
        Value::Array(entries) => entries[member.parse::<usize>().unwrap()] = value,
        object => object[member] = value,
    }
    record
}
