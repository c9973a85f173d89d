//! Events as AWS documents them are read; malformed ones are refused by the name of the member.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use cis_lambda::event::{ChangedTrail, Event};
use serde_json::{Map, Value, json};

fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn scheduled() -> Value {
    sample(include_str!("events/scheduled.json"))
}

#[test]
fn every_kind_of_event_is_ordered_by_its_own_time() {
    for (name, text, time) in [
        ("scheduled", include_str!("events/scheduled.json"), "2016-07-13T21:50:00.373Z"),
        ("change", include_str!("events/change.json"), "2016-02-17T01:36:34.043Z"),
        ("oversized", include_str!("events/oversized.json"), "2016-10-06T16:46:16.261Z"),
        (
            "snapshot-delivered",
            include_str!("events/snapshot-delivered.json"),
            "2016-07-13T21:50:00Z",
        ),
    ] {
        let event = Event::from_json(&sample(text)).unwrap();
        assert_eq!(event.ordering_timestamp.to_string(), time, "{name}");
        assert_eq!(event.account_id, "123456789012", "{name}");
        assert_eq!(event.partition, "aws", "{name}");
        assert_eq!(event.region.as_deref(), Some("us-east-2"), "{name}");
        assert_eq!(event.result_token.expose(), "myResultToken", "{name}");
        assert_eq!(event.parameters["myParameterKey"], "myParameterValue");
        assert_eq!(event.is_change, matches!(name, "change" | "oversized"), "{name}");
    }
}

#[test]
fn optional_members_later_versions_and_rules_of_packs_are_accepted() {
    let text = include_str!("events/deleted-trail-in-pack.json");
    let event = Event::from_json(&sample(text)).unwrap();
    assert_eq!(event.ordering_timestamp.to_string(), "2026-11-21T08:00:00.5Z");
    assert_eq!(event.partition, "aws-cn");
    assert_eq!(event.region.as_deref(), Some("cn-north-1"));
    assert_eq!(event.parameters, Map::new());
    let name = "cis-3-8-s3-object-level-write-logging-conformance-pack-abcdefghi";
    assert_eq!(event.rule_name.as_deref(), Some(name));
    assert_eq!(event.rule_id, "config-rule-x7k9qz");
}

/// A change event of a configuration item with these members besides its time.
fn changed(item: &Value) -> Value {
    let mut item = item.clone();
    item["configurationItemCaptureTime"] = "2026-11-21T08:00:00Z".into();
    let invoking = json!({
        "messageType": "ConfigurationItemChangeNotification",
        "configurationItem": item,
    });
    let mut event = scheduled();
    event["invokingEvent"] = invoking.to_string().into();
    event
}

#[test]
fn a_changed_trail_is_known_by_its_configuration_item() {
    let trail = json!({
        "resourceType": "AWS::CloudTrail::Trail",
        "resourceId": "main",
        "ARN": "arn:aws:cloudtrail:us-east-2:123456789012:trail/main",
        "awsAccountId": "123456789012",
        "awsRegion": "us-east-2",
        "configurationItemStatus": "OK",
    });
    let with = |member: &str, value: Value| {
        let mut changed = trail.clone();
        changed[member] = value;
        changed
    };
    let read = |item: &Value| Event::from_json(&changed(item)).unwrap().changed_trail;
    let expected = |is_gone| {
        let arn = trail["ARN"].as_str().map(str::to_owned);
        Some(ChangedTrail { id: "main".to_owned(), arn, is_gone })
    };
    for (status, is_gone) in [
        (json!("OK"), false),
        (json!("ResourceDiscovered"), false),
        (Value::Null, false),
        (json!("ResourceDeleted"), true),
        (json!("ResourceDeletedNotRecorded"), true),
        (json!("ResourceNotRecorded"), true),
    ] {
        let item = with("configurationItemStatus", status.clone());
        assert_eq!(read(&item), expected(is_gone), "{status}");
    }
    let mut left = changed(&trail);
    left["eventLeftScope"] = true.into();
    assert_eq!(Event::from_json(&left).unwrap().changed_trail, expected(true));

    let mut lower = with("ARN", Value::Null);
    lower["arn"] = trail["ARN"].clone();
    assert_eq!(read(&lower), expected(false), "as the API spells it");
    let no_arn = read(&with("ARN", Value::Null));
    assert_eq!(no_arn.map(|trail| trail.arn), Some(None));
    for (member, value) in [
        ("resourceType", json!("AWS::S3::Bucket")),
        ("resourceType", Value::Null),
        ("resourceId", Value::Null),
        ("awsAccountId", json!("999988887777")),
        ("awsRegion", json!("eu-west-1")),
    ] {
        assert_eq!(read(&with(member, value.clone())), None, "{member} {value}");
    }
    assert_eq!(Event::from_json(&scheduled()).unwrap().changed_trail, None);

    for (member, value, message) in [
        (
            "resourceId",
            json!(7),
            "`invokingEvent.configurationItem.resourceId`: must be a string, not a number",
        ),
        (
            "configurationItemStatus",
            json!({}),
            "`invokingEvent.configurationItem.configurationItemStatus`: must be a string, not an \
             object",
        ),
    ] {
        let error = Event::from_json(&changed(&with(member, value))).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn an_oversized_item_is_a_changed_trail_all_the_same() {
    let mut event = sample(include_str!("events/oversized.json"));
    let mut invoking: Value = sample(event["invokingEvent"].as_str().unwrap());
    let summary = &mut invoking["configurationItemSummary"];
    summary["resourceType"] = "AWS::CloudTrail::Trail".into();
    summary["resourceId"] = "main".into();
    summary["awsRegion"] = "us-east-2".into();
    event["invokingEvent"] = invoking.to_string().into();
    let trail = Event::from_json(&event).unwrap().changed_trail.unwrap();
    assert_eq!((trail.id.as_str(), trail.is_gone), ("main", false));
}

#[test]
fn no_parameters_have_many_spellings() {
    for parameters in [Value::Null, json!(""), json!(" "), json!("{}"), json!("null"), json!({})] {
        let mut event = scheduled();
        event["ruleParameters"] = parameters.clone();
        let event = Event::from_json(&event).unwrap();
        assert_eq!(event.parameters, Map::new(), "{parameters}");
    }
}

#[test]
fn a_rule_whose_arn_has_no_region_is_read() {
    let mut event = scheduled();
    event["configRuleArn"] = "arn:aws:config::123456789012:config-rule/config-rule-0123456".into();
    assert_eq!(Event::from_json(&event).unwrap().region, None);
}

#[test]
fn a_malformed_event_is_refused_by_the_members_name() {
    let invoking = |value: &Value| json!(value.to_string());
    for (member, value, message) in [
        ("accountId", Value::Null, "`accountId`: is missing"),
        ("accountId", json!(123), "`accountId`: must be a string, not a number"),
        ("accountId", json!("12345"), "`accountId`: `12345` is not 12 digits"),
        ("resultToken", Value::Null, "`resultToken`: is missing"),
        ("configRuleName", json!(["r"]), "`configRuleName`: must be a string, not an array"),
        ("eventLeftScope", json!("true"), "`eventLeftScope`: must be a boolean, not a string"),
        (
            "configRuleArn",
            json!("arn:aws:config:x.example/#:123456789012:config-rule/r"),
            "`configRuleArn`: `arn:aws:config:x.example/#:123456789012:config-rule/r` is not the \
             ARN of an AWS Config rule",
        ),
        (
            "configRuleArn",
            json!("arn:aws/x:config:us-east-2:123456789012:config-rule/r"),
            "`configRuleArn`: `arn:aws/x:config:us-east-2:123456789012:config-rule/r` is not the \
             ARN of an AWS Config rule",
        ),
        ("configRuleArn", Value::Null, "`configRuleArn`: is missing"),
        (
            "configRuleArn",
            json!("config-rule-0123456"),
            "`configRuleArn`: `config-rule-0123456` is not the ARN of an AWS Config rule",
        ),
        (
            "configRuleArn",
            json!("arn:aws:lambda:us-east-2:123456789012:function:f"),
            "`configRuleArn`: `arn:aws:lambda:us-east-2:123456789012:function:f` is not the ARN \
             of an AWS Config rule",
        ),
        (
            "configRuleArn",
            json!("arn:aws:config:us-east-2:210987654321:config-rule/config-rule-0123456"),
            "`configRuleArn`: belongs to account `210987654321`, but `accountId` is \
             `123456789012`",
        ),
        (
            "ruleParameters",
            json!("{"),
            "`ruleParameters`: is not JSON: EOF while parsing an object at line 1 column 1",
        ),
        ("ruleParameters", json!("[]"), "`ruleParameters`: must hold a JSON object"),
        ("invokingEvent", Value::Null, "`invokingEvent`: is missing"),
        ("invokingEvent", json!("7"), "`invokingEvent`: must be an object, not a number"),
        (
            "invokingEvent",
            json!("oops"),
            "`invokingEvent`: is not JSON: expected value at line 1 column 1",
        ),
        ("invokingEvent", invoking(&json!({})), "`invokingEvent.messageType`: is missing"),
        (
            "invokingEvent",
            invoking(&json!({"messageType": "Proactive"})),
            "`invokingEvent.messageType`: `Proactive` is not one of `ScheduledNotification`, \
             `ConfigurationItemChangeNotification`, \
             `OversizedConfigurationItemChangeNotification`, \
             `ConfigurationSnapshotDeliveryCompleted`",
        ),
        (
            "invokingEvent",
            invoking(&json!({"messageType": "ScheduledNotification"})),
            "`invokingEvent.notificationCreationTime`: is missing",
        ),
        (
            "invokingEvent",
            invoking(&json!({
                "messageType": "ScheduledNotification",
                "notificationCreationTime": "today",
            })),
            "`invokingEvent.notificationCreationTime`: `today` is not an RFC 3339 time",
        ),
        (
            "invokingEvent",
            invoking(&json!({
                "messageType": "ConfigurationItemChangeNotification",
                "notificationCreationTime": "2016-07-13T21:50:00Z",
                "configurationItem": {},
            })),
            "`invokingEvent.configurationItem.configurationItemCaptureTime`: is missing",
        ),
        (
            "invokingEvent",
            invoking(&json!({
                "messageType": "OversizedConfigurationItemChangeNotification",
                "configurationItemSummary": [],
            })),
            "`invokingEvent.configurationItemSummary`: must be an object, not an array",
        ),
    ] {
        let mut event = scheduled();
        event[member] = value;
        let error = Event::from_json(&event).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let error = Event::from_json(&json!(["not", "an", "event"])).unwrap_err();
    assert_eq!(error.to_string(), "`event`: must be an object, not an array");
}
