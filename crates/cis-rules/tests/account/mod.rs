//! Accounts to ask about.
#![allow(dead_code, reason = "each test uses some of them")]

use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

/// An account with one trail that counts and has these advanced event selectors.
pub(crate) fn with(selectors: &[Value]) -> Snapshot {
    with_selectors(&json!({"AdvancedEventSelectors": selectors}))
}

/// An account with one trail that counts and has these basic event selectors.
pub(crate) fn with_basic(selectors: &[Value]) -> Snapshot {
    with_selectors(&json!({"EventSelectors": selectors}))
}

fn with_selectors(selectors: &Value) -> Snapshot {
    let account = json!({
        "schemaVersion": 1, "accountId": "111122223333", "partition": "aws",
        "trails": [{
            "trail": {
                "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
                "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
            },
            "status": {"IsLogging": true},
            "eventSelectors": selectors,
        }],
    });
    Snapshot::from_json(&account.to_string()).unwrap()
}
