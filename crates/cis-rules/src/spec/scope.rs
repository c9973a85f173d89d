//! The records that must be logged.

use alloc::string::String;

use super::question::{BucketName, Deliveries, Question};
use crate::aws::catalogue;
use crate::aws::field::{CLOUDTRAIL_SERVICE, DATA, RecordField, S3_OBJECT, S3_SOURCE};
use crate::aws::record::Record;

/// The longest key of an object, in bytes.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
pub const LONGEST_KEY: usize = 1024;

/// The `eventName` of CloudTrail's own deliveries of log files.
pub const DELIVERY_EVENT: &str = "PutObject";

/// The start of every object's ARN in a partition.
#[must_use]
pub fn object_arn_header(partition: &str) -> String {
    ["arn:", partition, ":s3:::"].concat()
}

/// The start of the ARNs of a bucket's objects.
#[must_use]
pub fn bucket_arn_prefix(partition: &str, bucket: &str) -> String {
    ["arn:", partition, ":s3:::", bucket, "/"].concat()
}

/// Whether a record is one of CloudTrail's own deliveries of log files, into whatever bucket.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-recursive-logging.html>
#[must_use]
pub fn is_delivery(record: &Record) -> bool {
    record.get(RecordField::InvokedBy) == Some(CLOUDTRAIL_SERVICE)
        && record.get(RecordField::EventSource) == Some(S3_SOURCE)
        && record.get(RecordField::EventName) == Some(DELIVERY_EVENT)
}

/// Whether a record must be logged. The engine has a scope of its own, so that tests can compare
/// the two.
#[must_use]
pub fn in_scope(record: &Record, question: &Question, partition: &str) -> bool {
    let header = object_arn_header(partition);
    let Some((bucket, key)) =
        record.arn().strip_prefix(header.as_str()).and_then(|object| object.split_once('/'))
    else {
        return false;
    };
    let session = record.get(RecordField::SessionCredentialFromConsole);
    let has_no_identity = record.get(RecordField::UserIdentityArn).is_none() && session.is_none();
    let is_by_cloudtrail = record.get(RecordField::InvokedBy) == Some(CLOUDTRAIL_SERVICE);
    record.get(RecordField::EventCategory) == Some(DATA)
        && record.get(RecordField::ResourcesType) == Some(S3_OBJECT)
        && record.get(RecordField::ReadOnly) == Some(question.kind.read_only())
        && BucketName::is_valid(bucket)
        && key.len() <= LONGEST_KEY
        && !question.allow_unlogged.iter().any(|allowed| allowed.as_str() == bucket)
        && record
            .get(RecordField::EventName)
            .is_some_and(|name| !catalogue::is_confirmed(name, question.kind.other()))
        && record.get(RecordField::EventSource).is_some()
        && record.get(RecordField::EventType).is_some()
        && matches!(session, None | Some("true"))
        && (has_no_identity || !is_by_cloudtrail)
        && (question.deliveries == Deliveries::Require || !is_delivery(record))
}

/// Whether AWS documents that there are such records: their type, their source and their name.
///
/// Sources: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html>,
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>
#[must_use]
pub fn is_documented(record: &Record) -> bool {
    let is_one_of = |field: RecordField, values: &[&str]| {
        record.get(field).is_some_and(|value| values.contains(&value))
    };
    is_one_of(RecordField::EventType, &DOCUMENTED_TYPES)
        && is_one_of(RecordField::EventSource, RecordField::EventSource.facts().samples)
        && record.get(RecordField::EventName).is_some_and(catalogue::is_documented)
}

/// The values of `eventType` that AWS documents for data events on objects.
pub const DOCUMENTED_TYPES: [&str; 2] = ["AwsApiCall", "AwsServiceEvent"];
