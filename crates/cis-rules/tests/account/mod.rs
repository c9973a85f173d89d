//! Accounts to ask about.

use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

/// An account with one trail that counts and has these advanced event selectors.
pub(crate) fn with(selectors: &[Value]) -> Snapshot {
    let account = json!({
        "schemaVersion": 1, "accountId": "111122223333", "partition": "aws",
        "trails": [{
            "trail": {
                "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
                "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
            },
            "status": {"IsLogging": true},
            "eventSelectors": {"AdvancedEventSelectors": selectors},
        }],
    });
    Snapshot::from_json(&account.to_string()).unwrap()
}
