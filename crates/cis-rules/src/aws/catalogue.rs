//! S3's events: which are reads, which are writes, and how sure that is.
//!
//! The table holds every event of `data/s3_events.csv` that AWS lists as a data event on
//! `AWS::S3::Object`, and every other one whose `readOnly` is confirmed; that file names the source
//! of each row. The list of data events is AWS's:
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html>

use crate::spec::question::Kind;

/// How sure it is whether an event is a read or a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// AWS's text says so, or a published record shows it.
    Confirmed,
    /// It follows from the IAM access level or the HTTP method; no proof may rest on it.
    Presumed,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Data events on `AWS::S3::Object`.
    Object,
    /// Management events, and data events on other resource types.
    Other,
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its `eventName`.
    pub name: &'static str,
    /// Read or write.
    pub kind: Kind,
    /// How sure that is.
    pub certainty: Certainty,
    /// What it is about.
    pub level: Level,
}

const fn event(name: &'static str, kind: Kind, certainty: Certainty, level: Level) -> Event {
    Event { name, kind, certainty, level }
}

/// The events, those that people know best first.
pub const EVENTS: &[Event] = &[
    event("DeleteObject", Kind::Write, Certainty::Confirmed, Level::Object),
    event("PutObject", Kind::Write, Certainty::Confirmed, Level::Object),
    event("CopyObject", Kind::Write, Certainty::Confirmed, Level::Object),
    event("DeleteObjects", Kind::Write, Certainty::Confirmed, Level::Object),
    event("GetObject", Kind::Read, Certainty::Confirmed, Level::Object),
    event("ListObjects", Kind::Read, Certainty::Confirmed, Level::Object),
    event("HeadObject", Kind::Read, Certainty::Confirmed, Level::Object),
    event("AbortMultipartUpload", Kind::Write, Certainty::Presumed, Level::Object),
    event("CompleteMultipartUpload", Kind::Write, Certainty::Presumed, Level::Object),
    event("CreateMultipartUpload", Kind::Write, Certainty::Presumed, Level::Object),
    event("DeleteObjectAnnotation", Kind::Write, Certainty::Presumed, Level::Object),
    event("DeleteObjectTagging", Kind::Write, Certainty::Presumed, Level::Object),
    event("GetObjectAcl", Kind::Read, Certainty::Presumed, Level::Object),
    event("GetObjectAnnotation", Kind::Read, Certainty::Presumed, Level::Object),
    event("GetObjectAttributes", Kind::Read, Certainty::Presumed, Level::Object),
    event("GetObjectLegalHold", Kind::Read, Certainty::Presumed, Level::Object),
    event("GetObjectRetention", Kind::Read, Certainty::Presumed, Level::Object),
    event("GetObjectTagging", Kind::Read, Certainty::Presumed, Level::Object),
    event("GetObjectTorrent", Kind::Read, Certainty::Presumed, Level::Object),
    event("HeadBucket", Kind::Read, Certainty::Presumed, Level::Object),
    event("ListObjectAnnotations", Kind::Read, Certainty::Presumed, Level::Object),
    event("ListObjectVersions", Kind::Read, Certainty::Presumed, Level::Object),
    event("ListParts", Kind::Read, Certainty::Presumed, Level::Object),
    event("PutObjectAcl", Kind::Write, Certainty::Presumed, Level::Object),
    event("PutObjectAnnotation", Kind::Write, Certainty::Presumed, Level::Object),
    event("PutObjectLegalHold", Kind::Write, Certainty::Presumed, Level::Object),
    event("PutObjectRetention", Kind::Write, Certainty::Presumed, Level::Object),
    event("PutObjectTagging", Kind::Write, Certainty::Presumed, Level::Object),
    event("RestoreObject", Kind::Write, Certainty::Presumed, Level::Object),
    event("SelectObjectContent", Kind::Read, Certainty::Presumed, Level::Object),
    event("UpdateObjectEncryption", Kind::Write, Certainty::Presumed, Level::Object),
    event("UploadPart", Kind::Write, Certainty::Presumed, Level::Object),
    event("UploadPartCopy", Kind::Write, Certainty::Presumed, Level::Object),
    event("CreateBucket", Kind::Write, Certainty::Confirmed, Level::Other),
    event("CreateSession", Kind::Read, Certainty::Confirmed, Level::Other),
    event("DeleteBucket", Kind::Write, Certainty::Confirmed, Level::Other),
    event("DeleteBucketEncryption", Kind::Write, Certainty::Confirmed, Level::Other),
    event("DeleteBucketLifecycle", Kind::Write, Certainty::Confirmed, Level::Other),
    event("DeleteBucketPolicy", Kind::Write, Certainty::Confirmed, Level::Other),
    event("DeleteBucketPublicAccessBlock", Kind::Write, Certainty::Confirmed, Level::Other),
    event("DeleteBucketReplication", Kind::Write, Certainty::Confirmed, Level::Other),
    event("GetAccelerateConfiguration", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetAccountPublicAccessBlock", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketAcl", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketCors", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketEncryption", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketLifecycle", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketLocation", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketLogging", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketObjectLockConfiguration", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketOwnershipControls", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketPolicy", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketPolicyStatus", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketPublicAccessBlock", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketReplication", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketRequestPayment", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketTagging", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketVersioning", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetBucketWebsite", Kind::Read, Certainty::Confirmed, Level::Other),
    event("GetVectors", Kind::Read, Certainty::Confirmed, Level::Other),
    event("ListBuckets", Kind::Read, Certainty::Confirmed, Level::Other),
    event("PutBucketAcl", Kind::Write, Certainty::Confirmed, Level::Other),
    event("PutBucketEncryption", Kind::Write, Certainty::Confirmed, Level::Other),
    event("PutBucketLifecycle", Kind::Write, Certainty::Confirmed, Level::Other),
    event("PutBucketLogging", Kind::Write, Certainty::Confirmed, Level::Other),
    event("PutBucketPolicy", Kind::Write, Certainty::Confirmed, Level::Other),
    event("PutBucketPublicAccessBlock", Kind::Write, Certainty::Confirmed, Level::Other),
    event("PutBucketReplication", Kind::Write, Certainty::Confirmed, Level::Other),
    event("PutBucketTagging", Kind::Write, Certainty::Confirmed, Level::Other),
    event("PutBucketVersioning", Kind::Write, Certainty::Confirmed, Level::Other),
    event("TablesMaintenanceEvent", Kind::Write, Certainty::Confirmed, Level::Other),
];

/// The names whose records are confirmed to be of a kind.
pub fn confirmed(kind: Kind) -> impl Iterator<Item = &'static str> {
    let is_confirmed =
        move |event: &&Event| event.kind == kind && event.certainty == Certainty::Confirmed;
    EVENTS.iter().filter(is_confirmed).map(|event| event.name)
}

/// The names of object-level events of a kind, those that people know best first.
pub fn object_events(kind: Kind) -> impl Iterator<Item = &'static str> {
    EVENTS
        .iter()
        .filter(move |event| event.kind == kind && event.level == Level::Object)
        .map(|event| event.name)
}
