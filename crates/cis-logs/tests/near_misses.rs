//! The fast reading of a record says what the slow one says, of every near miss of a real record.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ops::ControlFlow;

use cis_logs::LogRecord;
use cis_records::{Level, RecordSummary, shapes};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A record with every member that is read, in CloudTrail's order.
const WHOLE: &str = r#"{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole",
"principalId":"AROA:s","arn":"arn:aws:sts::111122223333:assumed-role/a/b","accountId":"111122223333",
"accessKeyId":"ASIAIOSFODNN7EXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role"},
"webIdFederationData":{"federatedProvider":"oidc"},"attributes":{"creationDate":"2026-03-01T08:00:00Z"}},
"invokedBy":"athena.amazonaws.com"},"eventTime":"2026-03-01T09:30:00Z",
"eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1",
"sourceIPAddress":"203.0.113.7","userAgent":"[aws-cli/2.31]","errorCode":"AccessDenied",
"errorMessage":"no \"}]\" \\","requestParameters":{"bucketName":"payroll","key":"2026/11.csv"},
"responseElements":null,"additionalEventData":{"bytesTransferredIn":0.0,"bytesTransferredOut":512.0},
"requestID":"R","eventID":"97e34365-88bc-be11-4e9e-9209f583413e","readOnly":true,
"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::payroll/2026/11.csv"},
{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::payroll"}],
"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333",
"sharedEventID":"s","eventCategory":"Data","sessionCredentialFromConsole":"true"}"#;

fn whole() -> Value {
    serde_json::from_str(WHOLE).unwrap()
}

/// The places of all values in a record.
fn places(value: &Value, place: &str, all: &mut Vec<String>) {
    all.push(place.to_string());
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(name, inner)| places(inner, &format!("{place}/{name}"), all))
        }
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .for_each(|(index, inner)| places(inner, &format!("{place}/{index}"), all)),
        _ => {}
    }
}

fn any_place() -> impl Strategy<Value = String> {
    let mut all = Vec::new();
    places(&whole(), "", &mut all);
    prop::sample::select(all)
}

/// What tools and mistakes put in the place of a value.
fn odd() -> impl Strategy<Value = Value> {
    let texts = vec![
        "",
        "true",
        "FALSE",
        "arn:",
        "arn:aws:s3:::",
        "arn:aws:s3:::b/k",
        "anonymous",
        "AWSService",
        "Root",
        "IAMUser",
        "AWSAccount",
        "AssumedRole",
        "SAMLUser",
        "NewType",
        "Data",
        "Management",
        "NetworkActivity",
        "s3.amazonaws.com",
        "s3express.amazonaws.com",
        "ec2.amazonaws.com",
        "aws:s3",
        "2.1",
        "1.2",
        "\u{e9}\u{202e}",
        "a\"b\\c",
        "{\"eventName\":1}",
        "HeadBucket",
        "ListBuckets",
        "111122223333",
        "444455556666",
        "signin.amazonaws.com",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(texts).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// What the slow reader says; `None` where it refuses the record.
fn slowly(text: &str) -> Option<RecordSummary> {
    let mut found = None;
    shapes::read(text.as_bytes(), &mut |_, record| {
        found = record.ok().map(RecordSummary::of);
        ControlFlow::Break(())
    })
    .map(drop)
    .unwrap();
    found
}

/// Holds the fast reading to the slow one.
fn hold(text: &str) {
    let Some(summary) = slowly(text) else { return };
    LogRecord::with(text.as_bytes(), |record| {
        assert_eq!(record.level(), summary.level, "{text}");
        assert_eq!(record.is_of_objects(), summary.level == Level::Object, "{text}");
        assert_eq!(record.kind(summary.level), summary.kind, "{text}");
        assert_eq!(record.caller().caller_type, summary.caller.caller_type, "{text}");
        if summary.level != Level::Other {
            assert_eq!(record.bucket().as_deref(), summary.bucket.as_deref(), "{text}");
        }
        for (fast, slow) in [
            (record.event_id(), &summary.event_id),
            (record.event_time(), &summary.event_time),
            (record.event_name(), &summary.event_name),
            (record.event_source(), &summary.event_source),
            (record.aws_region(), &summary.aws_region),
            (record.error_code(), &summary.error_code),
        ] {
            assert_eq!(fast.filter(|text| !text.is_empty()), slow.as_deref(), "{text}");
        }
        let raw: Value = serde_json::from_slice(record.raw()).unwrap();
        assert_eq!(raw, serde_json::from_str::<Value>(text).unwrap());
    })
    .unwrap();
}

fn written(value: &Value, is_pretty: bool) -> String {
    if is_pretty { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn with_another_value_in_one_place(
        place in any_place(),
        value in odd(),
        is_pretty in any::<bool>(),
    ) {
        let mut changed = whole();
        *changed.pointer_mut(&place).unwrap() = value;
        hold(&written(&changed, is_pretty));
    }

    #[test]
    fn with_two_members_less_or_more(
        less in prop::sample::select(vec![
            "/eventVersion", "/userIdentity", "/eventTime", "/eventSource", "/eventName", "/eventCategory",
            "/managementEvent", "/readOnly", "/requestParameters", "/resources", "/eventID", "/errorCode",
            "/requestParameters/bucketName", "/userIdentity/type", "/userIdentity/accountId",
            "/userIdentity/sessionContext", "/resources/0/ARN",
        ]),
        name in "[a-zA-Z]{0,12}",
        value in odd(),
        place in any_place(),
    ) {
        let mut changed = whole();
        if let Some(Value::Object(object)) = changed.pointer_mut(&place) {
            object.insert(name, value);
        }
        let (parent, member) = less.rsplit_once('/').unwrap();
        if let Some(Value::Object(object)) = changed.pointer_mut(parent) {
            object.remove(member);
        }
        hold(&changed.to_string());
    }

    #[test]
    fn with_its_members_in_another_order(seed in any::<u64>(), value in odd(), place in any_place()) {
        let mut changed = whole();
        *changed.pointer_mut(&place).unwrap() = value;
        if let Value::Object(object) = &changed {
            let mut members: Vec<_> = object.clone().into_iter().collect();
            let mut state = seed | 1;
            for index in (1..members.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                members.swap(index, usize::try_from(state >> 33).unwrap() % (index + 1));
            }
            hold(&Value::Object(members.into_iter().collect()).to_string());
        }
    }
}

#[test]
fn escapes_in_names_and_texts_are_read() {
    for (plain, escaped) in [
        ("\"eventName\":\"GetObject\"", "\"event\\u004eame\":\"GetObject\""),
        ("\"eventName\":\"GetObject\"", "\"eventName\":\"Get\\u004fbject\""),
        ("\"bucketName\":\"payroll\"", "\"bucketName\":\"pay\\u0072oll\""),
        ("\"bucketName\":", "\"bucket\\u004eame\":"),
        ("\"type\":\"AssumedRole\"", "\"type\":\"Assumed\\u0052ole\""),
        ("\"federatedProvider\":", "\"federated\\u0050rovider\":"),
        ("\"eventVersion\":\"1.11\"", "\"eventVersion\":\"\\u0031.11\""),
    ] {
        let text = WHOLE.replace(plain, escaped);
        assert_ne!(text, WHOLE);
        hold(&text);
        assert_eq!(slowly(&text).map(|it| it.level), Some(Level::Object), "{escaped}");
    }
}

#[test]
fn what_is_no_record_is_refused_with_a_reason() {
    let reason = |text: &str| LogRecord::with(text.as_bytes(), |_| ()).unwrap_err();
    for text in ["", "{", "5", "{}", "[]", "{\"Records\":[]}", &WHOLE.replace("1.11", "2.0")] {
        assert!(!reason(text).is_empty(), "{text}");
    }
    let again = WHOLE.replacen("\"requestID\":\"R\"", "\"eventName\":\"R\"", 1);
    assert!(reason(&again).contains("duplicate field"), "{}", reason(&again));
}

#[test]
fn bytes_are_read_in_the_spellings_of_numbers() {
    for (value, bytes) in [
        (json!(512.0), 512),
        (json!(512), 512),
        (json!(1.5e3), 1_500),
        (json!(-1), 0),
        (json!("512"), 0),
        (Value::Null, 0),
    ] {
        let mut record = whole();
        record["additionalEventData"]["bytesTransferredOut"] = value.clone();
        let told = LogRecord::with(record.to_string().as_bytes(), |it| it.bytes_transferred());
        assert_eq!(told, Ok((0, bytes)), "{value}");
    }
}

#[test]
fn callers_of_other_accounts_and_of_none_are_foreign() {
    for (identity, is_foreign) in [
        (json!({"type": "IAMUser", "accountId": "111122223333"}), false),
        (json!({"type": "IAMUser", "accountId": "444455556666"}), true),
        (json!({"type": "AWSAccount", "accountId": "444455556666"}), true),
        (json!({"type": "AWSAccount", "accountId": "anonymous", "principalId": ""}), true),
        (json!({"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"}), false),
        (json!({"type": "IAMUser", "accountId": ""}), false),
        (Value::Null, false),
    ] {
        let mut record = whole();
        record["userIdentity"] = identity.clone();
        let caller = LogRecord::with(record.to_string().as_bytes(), |it| it.caller()).unwrap();
        assert_eq!(caller.is_foreign, is_foreign, "{identity}");
    }
}
