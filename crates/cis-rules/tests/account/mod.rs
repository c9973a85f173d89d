//! Accounts to ask about.
#![allow(dead_code, reason = "each test uses some of them")]

use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

/// An advanced event selector of S3 objects with these conditions besides.
pub(crate) fn objects(conditions: &[Value]) -> Value {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    fields.extend_from_slice(conditions);
    json!({ "FieldSelectors": fields })
}

/// A GetEventSelectors response with advanced event selectors.
pub(crate) fn advanced(selectors: &[Value]) -> Value {
    json!({ "AdvancedEventSelectors": selectors })
}

/// A trail that counts, with a GetEventSelectors response.
pub(crate) fn trail(name: &str, selectors: &Value) -> Value {
    json!({
        "trail": {
            "TrailARN": format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{name}"),
            "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
        },
        "status": {"IsLogging": true},
        "eventSelectors": selectors,
    })
}

/// An account with these trails.
pub(crate) fn of(trails: &[Value]) -> Snapshot {
    let account = json!({
        "schemaVersion": 1, "accountId": "111122223333", "partition": "aws", "trails": trails,
    });
    Snapshot::from_json(&account.to_string()).unwrap()
}

/// An account with one trail that counts and has these advanced event selectors.
pub(crate) fn with(selectors: &[Value]) -> Snapshot {
    of(&[trail("main", &advanced(selectors))])
}

/// An account with one trail that counts and has these basic event selectors.
pub(crate) fn with_basic(selectors: &[Value]) -> Snapshot {
    of(&[trail("main", &json!({ "EventSelectors": selectors }))])
}
