//! Accounts and trails as the tests describe them, in the form of a snapshot.

use serde_json::{Value, json};

/// The account of most tests.
pub const ACCOUNT: &str = "111122223333";

/// Advanced selectors that log every S3 data event.
#[must_use]
pub fn all_s3() -> Value {
    json!([{"Name": "all", "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]}])
}

/// Advanced selectors that log those S3 data events that this field selector matches.
#[must_use]
pub fn s3_where(field_selector: &Value) -> Value {
    json!([{"Name": "some", "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        field_selector,
    ]}])
}

/// Advanced selectors that log every S3 data event but those on objects under this ARN prefix.
#[must_use]
pub fn all_s3_but(arn_prefix: &str) -> Value {
    s3_where(&json!({"Field": "resources.ARN", "NotStartsWith": [arn_prefix]}))
}

/// A trail's ARN in the tests' account.
#[must_use]
pub fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:cloudtrail:{region}:{ACCOUNT}:trail/{name}")
}

/// A multi-Region trail that is logging, with these advanced selectors.
#[must_use]
pub fn trail(region: &str, name: &str, selectors: &Value) -> Value {
    trail_of(ACCOUNT, region, name, selectors)
}

/// The same, of another account.
#[must_use]
pub fn trail_of(owner: &str, region: &str, name: &str, selectors: &Value) -> Value {
    let arn = format!("arn:aws:cloudtrail:{region}:{owner}:trail/{name}");
    json!({
        "trail": {
            "Name": name,
            "S3BucketName": "trail-logs",
            "IncludeGlobalServiceEvents": true,
            "IsMultiRegionTrail": true,
            "HomeRegion": region,
            "TrailARN": arn,
            "LogFileValidationEnabled": true,
            "HasCustomEventSelectors": true,
            "HasInsightSelectors": false,
            "IsOrganizationTrail": false,
        },
        "status": {"IsLogging": true, "StartLoggingTime": "2025-01-10T08:00:00+00:00"},
        "eventSelectors": {"TrailARN": arn, "AdvancedEventSelectors": selectors},
    })
}

/// The tests' account with these trails, seen from us-east-1.
#[must_use]
pub fn account(trails: &[Value]) -> Value {
    json!({
        "schemaVersion": 1,
        "accountId": ACCOUNT,
        "partition": "aws",
        "region": "us-east-1",
        "trails": trails,
    })
}
