//! The catalogue: the core's table, and the operations of S3's API that it has no event of.

use std::collections::{BTreeMap, BTreeSet};

use cis_records::Level;
use cis_records::catalogue::{Category, Certainty, EVENTS, kind_of, level_of, named};
use cis_rules::catalogue as core;
use cis_rules::question::Kind;

#[test]
fn the_core_reads_the_same_of_the_same_table() {
    let listed: Vec<_> = EVENTS.iter().filter(|event| !event.name.contains('*')).collect();
    assert_eq!(listed.len(), core::EVENTS.len());
    for (event, row) in listed.into_iter().zip(core::EVENTS) {
        let is_object = event.level == Level::Object
            && event.category == Some(Category::Data)
            && event.resource_types.contains(&"AWS::S3::Object");
        assert_eq!((event.name, event.kind), (row.name, row.kind));
        assert_eq!(is_object, row.is_object_level, "{event:?}");
        if event.kind.is_some() {
            assert_eq!(event.certainty == Certainty::Confirmed, row.is_confirmed, "{event:?}");
        }
    }
}

#[test]
fn what_the_page_says_apart_is_told_apart() {
    let preflight = named("OPTIONS object").next().map(|event| (event.level, event.kind));
    assert_eq!(preflight, Some((Level::Bucket, None)));
    let on_buckets: BTreeSet<_> =
        EVENTS.iter().filter(|event| event.is_bucket_operation).map(|event| event.name).collect();
    let expected =
        ["DeleteObjects", "HeadBucket", "ListObjectVersions", "ListObjects", "ListObjectsV2"];
    assert_eq!(on_buckets, BTreeSet::from(expected));
    for name in ["DeleteObjects", "HeadBucket", "ListObjectVersions", "ListObjects"] {
        let event = named(name).find(|event| event.is_bucket_operation);
        let note = event.and_then(|event| event.note).unwrap_or_default();
        assert!(note.contains("older doc: "), "{name}: {note}");
    }
    let tables = named("CreateTable").next().map(|event| event.resource_types);
    assert_eq!(tables, Some(&["AWS::S3Tables::TableBucket", "AWS::S3Tables::Table"][..]));
    for event in EVENTS {
        assert!(event.listed_by.len() > 10, "{event:?}");
        assert_eq!(event.kind.is_none(), event.certainty == Certainty::Unknown, "{event:?}");
        assert_eq!(event.kind.is_none(), event.kind_by.is_none(), "{event:?}");
    }
}

#[test]
fn a_name_of_two_levels_is_recorded_at_that_of_objects() {
    assert_eq!(level_of("HeadBucket"), Some(Level::Object));
    assert_eq!(level_of("PutBucketPolicy"), Some(Level::Bucket));
    assert_eq!(level_of("JobCreated"), Some(Level::Account));
    assert_eq!(level_of("GetObjct"), None);
    assert_eq!(kind_of("HeadBucket"), Some(Kind::Read));
    assert_eq!(kind_of("UploadPart"), Some(Kind::Write));
    assert_eq!(kind_of("InitiateReplication"), None);
    assert_eq!(kind_of("GetObjct"), None);
}

/// S3's operations in AWS's own model, one per line after the model's version.
const MODEL: &str = include_str!("data/s3-operations.txt");

/// The operations that no event of the table is caused by, and why.
const WITHOUT_A_ROW: [(&str, &str); 10] = [
    ("GetBucketAbac", NOT_LISTED),
    ("PutBucketAbac", NOT_LISTED),
    ("ListBucketAnalyticsConfigurations", NOT_LISTED),
    ("ListBucketIntelligentTieringConfigurations", NOT_LISTED),
    ("ListBucketInventoryConfigurations", NOT_LISTED),
    ("ListBucketMetricsConfigurations", NOT_LISTED),
    ("GetBucketLifecycle", TWIN),
    ("PutBucketLifecycle", TWIN),
    ("GetBucketNotification", TWIN),
    ("PutBucketNotification", TWIN),
];
const NOT_LISTED: &str = "no page of AWS's and no published record has an event of it";
const TWIN: &str = "the deprecated twin of an operation whose event has this name";

#[test]
fn every_operation_of_s3_has_an_event_or_a_reason() {
    let mut lines = MODEL.lines();
    assert_eq!(lines.next(), Some("botocore 1.44.5, service s3"));
    let operations: BTreeSet<&str> = lines.collect();
    assert_eq!(operations.len(), 116);
    let without: BTreeMap<_, _> = WITHOUT_A_ROW.into_iter().collect();
    for operation in &operations {
        let has_event = EVENTS.iter().any(|event| event.operation == *operation);
        assert_ne!(has_event, without.contains_key(operation), "{operation}");
    }
    for (operation, reason) in without {
        assert!(operations.contains(operation), "{operation} is no operation");
        assert_eq!(named(operation).next().is_some(), reason == TWIN, "{operation}: {reason}");
    }
}

#[test]
fn every_operation_of_the_table_that_is_s3s_own_is_in_the_model() {
    let operations: BTreeSet<&str> = MODEL.lines().skip(1).collect();
    for event in EVENTS {
        // AWS's list has an operation of this name, and its link leads to presigned requests.
        let is_s3s_own = !event.operation.contains([':', '(']) && event.operation != "Presign";
        assert!(!is_s3s_own || operations.contains(event.operation), "{event:?}");
    }
}
