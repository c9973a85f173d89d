//! What records say: levels, kinds, buckets, keys, objects, callers, of every version and its near misses.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cloudtrail_record;

use std::ops::ControlFlow;

use cis_records::{Level, RecordSummary, shapes};
use cis_rules::question::Kind;
use cis_rules::record::caller::CallerType;
use cloudtrail_record::{record, with};
use serde_json::{Map, Value, json};

fn summary(record: &Value) -> RecordSummary {
    let mut found = Vec::new();
    shapes::read(record.to_string().as_bytes(), &mut |_, record| {
        found.push(RecordSummary::of(record.unwrap()));
        ControlFlow::Continue(())
    })
    .map(drop)
    .unwrap();
    assert_eq!(found.len(), 1);
    found.pop().unwrap()
}

/// The record with other members; those that are null are taken away.
fn changed(members: Value) -> RecordSummary {
    let mut changed = record();
    for (member, value) in members.as_object().unwrap() {
        match value {
            Value::Null => drop(changed.as_object_mut().unwrap().remove(member)),
            value => changed[member] = value.clone(),
        }
    }
    summary(&changed)
}

#[test]
fn the_category_tells_the_level() {
    for (members, level) in [
        (json!({}), Level::Object),
        (json!({"eventCategory": null}), Level::Object),
        (json!({"eventCategory": "Data", "managementEvent": null}), Level::Object),
        (json!({"eventName": "GetBucketAcl"}), Level::Object),
        (json!({"eventCategory": "NetworkActivity"}), Level::Other),
        (json!({"eventCategory": "Insight"}), Level::Other),
        (json!({"eventSource": "s3express.amazonaws.com"}), Level::Object),
        (json!({"eventSource": "s3tables.amazonaws.com", "resources": null}), Level::Object),
        (json!({"eventSource": "s3.example.com"}), Level::Other),
        (json!({"eventSource": "ec2.amazonaws.com"}), Level::Other),
        (json!({"eventSource": null}), Level::Other),
    ] {
        assert_eq!(changed(members.clone()).level, level, "{members}");
    }
    let management = |name: &str, parameters: Value| {
        changed(json!({"eventCategory": "Management", "managementEvent": true, "eventName": name,
            "resources": null, "requestParameters": parameters}))
        .level
    };
    for (name, parameters, level) in [
        ("PutBucketPolicy", json!({"bucketName": "b"}), Level::Bucket),
        ("ListBuckets", Value::Null, Level::Bucket),
        ("JobCreated", Value::Null, Level::Account),
        ("ListAccessPoints", json!({"bucket": "b"}), Level::Account),
        // A management event that the table has for objects, and two that it does not have.
        ("HeadBucket", json!({"bucketName": "b"}), Level::Bucket),
        ("PutBucketAbac", json!({"bucketName": "b"}), Level::Bucket),
        ("PutSomethingNew", Value::Null, Level::Account),
    ] {
        assert_eq!(management(name, parameters), level, "{name}");
    }
}

#[test]
fn a_record_of_2016_is_told_by_its_resources_then_by_its_name() {
    let old = |name: &str, resources: Value, parameters: Value| {
        changed(json!({"eventVersion": "1.03", "eventCategory": null, "managementEvent": null,
            "readOnly": null, "eventName": name, "resources": resources,
            "requestParameters": parameters}))
    };
    let object = json!([{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::b/k"}]);
    for (name, resources, parameters, level, kind) in [
        ("PutObjectTheNewWay", object, Value::Null, Level::Object, None),
        ("UploadPart", Value::Null, Value::Null, Level::Object, Some(Kind::Write)),
        ("ListObjects", Value::Null, json!({"bucketName": ["b"]}), Level::Object, Some(Kind::Read)),
        (
            "PutBucketLogging",
            Value::Null,
            json!({"logging": [""]}),
            Level::Bucket,
            Some(Kind::Write),
        ),
        ("DoOne", Value::Null, json!({"bucketName": "b", "key": "k"}), Level::Object, None),
        ("DoOne", Value::Null, json!({"bucketName": "b", "key": ""}), Level::Bucket, None),
        ("DoOne", Value::Null, json!({"bucketName": ""}), Level::Account, None),
    ] {
        let summary = old(name, resources, parameters.clone());
        assert_eq!((summary.level, summary.kind), (level, kind), "{name} {parameters}");
    }
    let lists =
        old("GetObject", Value::Null, json!({"bucketName": ["b"], "key": ["k"], "host": ["h"]}));
    let texts = old("GetObject", Value::Null, json!({"bucketName": "b", "key": "k", "Host": "h"}));
    assert_eq!(lists, texts);
    assert_eq!((texts.bucket.as_deref(), texts.key.as_deref()), (Some("b"), Some("k")));
}

#[test]
fn bucket_and_key_come_from_the_parameters_or_else_from_the_resources() {
    let of = |parameters: Value, resources: Value| {
        let summary = changed(json!({"requestParameters": parameters, "resources": resources}));
        (summary.bucket.unwrap_or_default(), summary.key.unwrap_or_default())
    };
    let object = json!([{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::other/o"}]);
    let prefix = json!([{"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::other/"}]);
    let bucket = json!([{"type": "AWS::S3::AccessPoint",
            "ARN": "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap"},
        {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::other", "accountId": "111122223333"}]);
    for (parameters, resources, named) in [
        (json!({"bucketName": "b", "key": "k"}), object.clone(), ("b", "k")),
        (Value::Null, object.clone(), ("other", "o")),
        (json!("omitted"), object.clone(), ("other", "o")),
        (json!({"bucketName": "", "key": ""}), object, ("other", "o")),
        (json!({"bucketName": "b", "prefix": "2026/"}), prefix.clone(), ("b", "")),
        (Value::Null, prefix, ("other", "")),
        (
            json!({"bucketName": "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap", "key": "k"}),
            bucket.clone(),
            ("other", "k"),
        ),
        (json!({"bucket": "of-s3-control"}), json!([]), ("of-s3-control", "")),
        (json!({"bucketName": "b", "Key": "on-outposts"}), json!([]), ("b", "on-outposts")),
        (json!({"bucketName": ["a", "b"], "key": {"k": 1}}), bucket, ("other", "")),
    ] {
        let (bucket, key) = of(parameters.clone(), resources);
        assert_eq!((bucket.as_str(), key.as_str()), named, "{parameters}");
    }
}

#[test]
fn every_object_that_a_record_names_is_told() {
    let copy = |source: &str, resources: Value, region: &str| {
        changed(json!({"eventName": "CopyObject", "resources": resources, "awsRegion": region,
            "userIdentity": null, "requestParameters": {"bucketName": "to", "key": "k l",
                "x-amz-copy-source": source}}))
        .objects
    };
    let both = json!([{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::to/k l"},
        {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::to", "accountId": "1"},
        {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::from/a/b"}]);
    let objects = ["arn:aws:s3:::to/k l", "arn:aws:s3:::from/a/b"];
    assert_eq!(copy("from/a/b", both.clone(), "us-east-1"), objects);
    assert_eq!(copy("/from/a%2Fb?versionId=1", both, "us-east-1"), objects);
    // A denied request has no resources.
    let denied = Value::Null;
    assert_eq!(copy("from/a%2Fb", denied.clone(), "us-east-1"), objects);
    assert_eq!(copy("from", denied.clone(), "cn-north-1"), ["arn:aws-cn:s3:::to/k l"]);
    let point = "arn:aws:s3:us-east-1:111122223333:accesspoint/ap/object/k";
    assert_eq!(copy(point, denied.clone(), "us-east-1"), ["arn:aws:s3:::to/k l"]);
    assert_eq!(copy("from/%ff", denied, "us-east-1"), ["arn:aws:s3:::to/k l"]);

    let none: [&str; 0] = [];
    let listed = changed(json!({"eventName": "ListObjects", "requestParameters": {"prefix": "p"},
        "resources": [{"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::b/"}]}));
    assert_eq!(listed.objects, none);
    let keyless = changed(json!({"requestParameters": null,
        "resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::b/"}]}));
    assert_eq!((keyless.objects.as_slice(), keyless.key), (&[][..], None));
    let folder = changed(json!({"requestParameters": null,
        "resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::b/folder/"}]}));
    assert_eq!(folder.objects, ["arn:aws:s3:::b/folder/"]);
    let directory = changed(json!({"eventSource": "s3express.amazonaws.com", "resources": [
        {"type": "AWS::S3Express::Object", "ARN": "arn:aws:s3express:us-east-1:1:bucket/b--x-s3/k"}]}));
    assert_eq!(directory.objects, ["arn:aws:s3express:us-east-1:1:bucket/b--x-s3/k"]);
    assert_eq!(
        (directory.bucket.as_deref(), directory.key.as_deref()),
        (Some("b--x-s3"), Some("k"))
    );
}

#[test]
fn read_only_tells_the_kind_before_the_name_does() {
    for (read_only, kind) in [
        (json!(true), Some(Kind::Read)),
        (json!("false"), Some(Kind::Write)),
        (json!(["true"]), Some(Kind::Read)),
        (Value::Null, Some(Kind::Write)),
    ] {
        assert_eq!(summary(&with("/readOnly", read_only)).kind, kind);
    }
    let of_another = changed(json!({"eventSource": "ec2.amazonaws.com", "readOnly": null}));
    assert_eq!(of_another.kind, None);
}

#[test]
fn what_is_empty_is_not_there() {
    let summary = changed(json!({"errorCode": "", "awsRegion": "",
        "userIdentity": {"type": "AWSAccount", "principalId": "", "accountId": "anonymous",
            "arn": "", "accessKeyId": ""}}));
    assert_eq!((summary.error_code, summary.aws_region), (None, None));
    assert_eq!(summary.caller.caller_type, CallerType::Anonymous);
    assert_eq!((summary.caller.arn, summary.temporary_credentials), (None, None));
}

#[test]
fn a_summary_is_read_back_from_its_json() {
    let documented = [
        "eventID",
        "eventTime",
        "eventName",
        "eventSource",
        "awsRegion",
        "level",
        "kind",
        "bucket",
        "key",
        "objects",
        "caller",
        "temporaryCredentials",
        "console",
        "errorCode",
    ];
    for members in [
        json!({}),
        json!({"eventCategory": "Management", "errorCode": "AccessDenied", "userIdentity": null}),
        json!({"eventSource": "ec2.amazonaws.com", "readOnly": null, "eventTime": null}),
    ] {
        let summary = changed(members);
        let json = serde_json::to_string(&summary).unwrap();
        assert_eq!(serde_json::from_str::<RecordSummary>(&json).unwrap(), summary);
        let names: Map<String, Value> = serde_json::from_str(&json).unwrap();
        let mut names: Vec<&String> = names.keys().collect();
        names.sort_unstable();
        let mut documented = documented.to_vec();
        documented.sort_unstable();
        assert_eq!(names, documented);
    }
}

mod properties {
    use cis_rules::RecordField;
    use cis_rules::record::event::Subject;
    use cis_rules::record::wire;
    use proptest::prelude::*;

    use super::*;

    /// A whole record, so that every member that is read is there.
    fn whole() -> Value {
        let mut whole = record();
        for (member, value) in json!({
            "awsRegion": "eu-west-1", "errorCode": "AccessDenied", "userAgent": "[S3Console/0.4]",
            "recipientAccountId": "111122223333", "sessionCredentialFromConsole": "true",
            "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/a/b",
                "accountId": "111122223333", "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
                "invokedBy": "athena.amazonaws.com", "sessionContext": {
                    "attributes": {"creationDate": "2026-03-01T08:00:00Z"},
                    "webIdFederationData": {"federatedProvider": "oidc"}}},
            "requestParameters": {"bucketName": "payroll", "key": "2026/11.csv",
                "x-amz-copy-source": "from/a"},
        }).as_object().unwrap() {
            whole[member] = value.clone();
        }
        whole
    }

    /// The places of all values in a record, the record itself first.
    fn places(value: &Value, place: &str, all: &mut Vec<String>) {
        all.push(place.to_string());
        match value {
            Value::Object(object) => {
                for (name, inner) in object {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    places(inner, &format!("{place}/{name}"), all);
                }
            }
            Value::Array(entries) => {
                for (index, inner) in entries.iter().enumerate() {
                    places(inner, &format!("{place}/{index}"), all);
                }
            }
            _ => {}
        }
    }

    fn all_places() -> Vec<String> {
        let mut all = Vec::new();
        places(&whole(), "", &mut all);
        all
    }

    /// What tools and mistakes put in the place of a value, and what people write who mean harm.
    fn odd() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            prop::sample::select(vec![
                "",
                "true",
                "FALSE",
                "arn:",
                "arn:aws:s3:::",
                "arn:aws:s3:::b/",
                ":::::/",
                "/",
                "%",
                "%2",
                "a/%ff?versionId=",
                "anonymous",
                "AWSService",
                "Root",
                "ASIA",
                "AKIA",
                "Data",
                "Management",
                "s3.amazonaws.com",
                "aws:s3",
                "\u{0}",
                "\u{202e}",
                "{\"eventName\":1}",
            ])
            .prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..3)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// What is read of a text: of each record its summary, of each that is none why.
    fn read(text: &str) -> Vec<Result<RecordSummary, String>> {
        let mut all = Vec::new();
        let read = shapes::read(text.as_bytes(), &mut |place, found| {
            all.push(match found {
                Ok(record) => Ok(RecordSummary::of(record)),
                Err(what) => Err(shapes::Misplaced { place, what }.to_string()),
            });
            ControlFlow::Continue(())
        });
        assert!(read.is_ok(), "it is JSON");
        all
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_member_is_read_or_named(
            place in prop::sample::select(all_places()),
            value in odd(),
        ) {
            let mut changed = whole();
            *changed.pointer_mut(&place).unwrap() = value;
            for document in [changed.clone(), json!({"Records": [changed]})] {
                for found in read(&document.to_string()) {
                    if let Err(what) = found {
                        prop_assert!(what.starts_with("in ") && what.contains(": "), "{what}");
                    }
                }
            }
        }

        #[test]
        fn what_the_core_takes_for_an_object_event_is_of_that_level(
            place in prop::sample::select(all_places()),
            value in odd(),
        ) {
            let mut changed = whole();
            *changed.pointer_mut(&place).unwrap() = value;
            let text = changed.to_string();
            let _read = shapes::read(text.as_bytes(), &mut |_, found| {
                if let Ok(record) = found
                    && let Ok(event) = wire::event(record)
                    && let Subject::Object(object) = event.subject
                    && record.event_source.text() == Some("s3.amazonaws.com")
                {
                    let summary = RecordSummary::of(record);
                    assert_eq!(summary.level, Level::Object);
                    assert_eq!(Some(&summary.caller), object.caller.as_ref());
                    assert_eq!(summary.event_name, event.name.filter(|name| !name.is_empty()));
                    let kinds: Vec<_> =
                        object.records.iter().filter_map(|it| it.get(RecordField::ReadOnly)).collect();
                    if let Some(kind) = summary.kind {
                        assert!(kinds.contains(&kind.read_only()));
                    }
                }
                ControlFlow::Continue(())
            });
        }

        #[test]
        fn members_that_are_not_known_change_nothing(
            place in prop::sample::select(all_places()),
            name in "x[a-zA-Z]{1,8}",
            value in odd(),
        ) {
            let before = summary(&whole());
            let mut more = whole();
            if let Some(Value::Object(object)) = more.pointer_mut(&place) {
                object.insert(name, value);
            }
            prop_assert_eq!(summary(&more), before);
        }

        #[test]
        fn a_list_of_one_means_its_entry(place in prop::sample::select(all_places())) {
            let mut listed = whole();
            let value = listed.pointer_mut(&place).unwrap();
            // `resources` is a list itself, and the record the document.
            if !place.is_empty() && !value.is_array() {
                *value = json!([value]);
            }
            prop_assert_eq!(summary(&listed), summary(&whole()));
        }

        #[test]
        fn a_text_that_is_cut_gives_the_records_before_the_cut(
            count in 1..4_usize,
            cut in any::<prop::sample::Index>(),
        ) {
            let one = whole().to_string();
            let text = format!("{{\"Records\":[{}]}}", vec![one.as_str(); count].join(","));
            let cut = cut.index(text.len());
            let mut found = 0;
            let read = shapes::read(&text.as_bytes()[..cut], &mut |_, record| {
                assert_eq!(RecordSummary::of(record.unwrap()), summary(&whole()));
                found += 1;
                ControlFlow::Continue(())
            });
            prop_assert_eq!(read.is_ok(), cut == 0);
            prop_assert_eq!(found, (cut.saturating_sub(11) / (one.len() + 1)).min(count));
        }
    }
}
