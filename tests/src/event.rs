//! The events that AWS Config sends.
//!
//! Source: <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html>

use serde_json::{Value, json};

/// The rule of the tests.
pub const RULE_NAME: &str = "s3-object-level-logging";

/// When the tests' events were sent.
pub const SENT_AT: &str = "2026-11-20T21:50:00.373Z";

/// `SENT_AT` in seconds since 1970.
pub const SENT_AT_SECONDS: f64 = 1_795_211_400.373;

/// A scheduled notification for an account, with these rule parameters.
#[must_use]
pub fn scheduled(account_id: &str, region: &str, partition: &str, parameters: &Value) -> Value {
    let invoking = json!({
        "awsAccountId": account_id,
        "notificationCreationTime": SENT_AT,
        "messageType": "ScheduledNotification",
        "recordVersion": "1.0",
    });
    wrapped(&invoking, account_id, region, partition, parameters)
}

/// A change of a trail, with these rule parameters.
#[must_use]
pub fn trail_changed(account_id: &str, region: &str, partition: &str, parameters: &Value) -> Value {
    let invoking = json!({
        "configurationItem": {
            "configurationItemCaptureTime": "2026-11-20T21:49:30.000Z",
            "awsAccountId": account_id,
            "configurationItemStatus": "OK",
            "resourceId": "main",
            "ARN": format!("arn:{partition}:cloudtrail:{region}:{account_id}:trail/main"),
            "awsRegion": region,
            "availabilityZone": "Not Applicable",
            "resourceType": "AWS::CloudTrail::Trail",
            "tags": {},
            "relationships": [],
            "configuration": {},
        },
        "messageType": "ConfigurationItemChangeNotification",
        "notificationCreationTime": SENT_AT,
        "recordVersion": "1.3",
    });
    wrapped(&invoking, account_id, region, partition, parameters)
}

/// The notification in AWS Config's envelope: two members are JSON in a string.
fn wrapped(
    invoking: &Value,
    account_id: &str,
    region: &str,
    partition: &str,
    parameters: &Value,
) -> Value {
    json!({
        "invokingEvent": invoking.to_string(),
        "ruleParameters": parameters.to_string(),
        "resultToken": "token",
        "eventLeftScope": false,
        "executionRoleArn": format!("arn:{partition}:iam::{account_id}:role/config-role"),
        "configRuleArn": format!("arn:{partition}:config:{region}:{account_id}:config-rule/config-rule-0123456"),
        "configRuleName": RULE_NAME,
        "configRuleId": "config-rule-0123456",
        "accountId": account_id,
        "version": "1.0",
    })
}
