//! The embedded sample: an event as AWS Config sends it, and an account whose trail looks green.
//!
//! The sample's trail is multi-Region, logs, validates its files and selects all S3 data events,
//! but one filter was added to it that drops every event of one bucket.

use cis_rules::snapshot::Snapshot;
use serde_json::{Map, Value, json};

use crate::outcome::Failure;

const EVENT: &str = include_str!("../../sample/event.json");
const ACCOUNT: &str = include_str!("../../sample/account.json");

/// The sample's account.
///
/// # Errors
/// Never, by a test.
pub(super) fn account() -> Result<Snapshot, Failure> {
    Snapshot::from_json(ACCOUNT)
        .map_err(|error| Failure::Refused(format!("the sample account: {error}")))
}

/// The sample's event, as the rule in this account would get it with these parameters; without any,
/// with the sample's own.
///
/// # Errors
/// Never, by a test.
pub(super) fn event(
    account: &str,
    partition: &str,
    region: Option<&str>,
    parameters: &Map<String, Value>,
) -> Result<Value, Failure> {
    let mut event: Value = serde_json::from_str(EVENT)
        .map_err(|error| Failure::Refused(format!("the sample event: {error}")))?;
    if let Some(members) = event.as_object_mut() {
        let region = region.unwrap_or("us-east-1");
        members.insert("accountId".to_string(), json!(account));
        members.insert(
            "configRuleArn".to_string(),
            json!(format!(
                "arn:{partition}:config:{region}:{account}:config-rule/config-rule-sample"
            )),
        );
        if !parameters.is_empty() {
            let parameters = Value::Object(parameters.clone()).to_string();
            members.insert("ruleParameters".to_string(), json!(parameters));
        }
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cis_lambda::event::Event;

    #[test]
    fn the_sample_is_what_aws_would_send() {
        let account = account().unwrap();
        let as_is: Value = serde_json::from_str(EVENT).unwrap();
        let region = account.region.as_deref();
        let made = event(&account.account_id, &account.partition, region, &Map::new()).unwrap();
        assert_eq!(made, as_is);
        assert!(Event::from_json(&made).unwrap().result_token.is_test());
    }

    #[test]
    fn the_event_is_of_the_account_that_is_read() {
        let made = event("999988887777", "aws-cn", Some("cn-north-1"), &Map::new()).unwrap();
        let event = Event::from_json(&made).unwrap();
        assert_eq!(event.account_id, "999988887777");
        assert_eq!(event.partition, "aws-cn");
        assert_eq!(event.region.as_deref(), Some("cn-north-1"));
    }
}
