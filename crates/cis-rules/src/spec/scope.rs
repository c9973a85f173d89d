//! The records that must be logged.

use alloc::string::String;

use crate::aws::catalogue;
use crate::aws::record::Record;
use crate::spec::matching::{DATA, S3_OBJECT};
use crate::spec::question::{BucketName, Question};

/// The start of every object's ARN in a partition.
#[must_use]
pub fn object_arn_header(partition: &str) -> String {
    alloc::format!("arn:{partition}:s3:::")
}

/// The start of the ARNs of a bucket's objects.
#[must_use]
pub fn bucket_arn_prefix(partition: &str, bucket: &str) -> String {
    alloc::format!("arn:{partition}:s3:::{bucket}/")
}

/// Whether a record must be logged: read here, for the search has a scope of its own to be held against.
#[must_use]
pub fn in_scope(record: &Record, question: &Question, partition: &str) -> bool {
    let header = object_arn_header(partition);
    let Some((bucket, _key)) = record
        .resource
        .text()
        .strip_prefix(header.as_str())
        .and_then(|object| object.split_once('/'))
    else {
        return false;
    };
    record.event_category == DATA
        && record.resource_type == S3_OBJECT
        && record.read_only == question.kind.read_only()
        && BucketName::is_valid(bucket)
        && !question.allow_unlogged.iter().any(|allowed| allowed.as_str() == bucket)
        && !catalogue::confirmed(question.kind.other()).any(|name| name == record.event_name)
        && matches!(record.session_credential_from_console.as_deref(), None | Some("true"))
}
