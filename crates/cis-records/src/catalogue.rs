//! S3's events: at which level CloudTrail records them, as reads or as writes, and by which source.
//!
//! The table is the core's `data/s3_events.csv`. AWS's list is
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html>.

use cis_rules::question::Kind;
use serde::Serialize;

use crate::Level;

/// One event of S3.
///
/// A name may stand in several events: `HeadBucket` is listed with the operations on buckets and with
/// the data events, and directory buckets have events of the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The `eventName`, or with a `*` a pattern of names that AWS does not list one by one.
    pub name: &'static str,
    /// At which level CloudTrail records it.
    pub level: Level,
    /// Whether the operation is one on a bucket, which CloudTrail records at the level of objects:
    /// `ListObjects`, `ListObjectVersions`, `HeadBucket`, `DeleteObjects`.
    pub is_bucket_operation: bool,
    /// The API operation, with `s3control:` and the like in front where it is not S3's own; a text
    /// in parentheses where no public operation causes the event.
    pub operation: &'static str,
    /// Read or write; `None` where nothing tells.
    pub kind: Option<Kind>,
    /// How sure the kind is.
    pub certainty: Certainty,
    /// What the kind follows from.
    pub kind_by: Option<&'static str>,
    /// Whether it is a data event or a management event; `None` where that is not documented.
    pub category: Option<Category>,
    /// The types of the resources that it is about.
    pub resource_types: &'static [&'static str],
    /// Where the event is listed.
    pub listed_by: &'static str,
    /// What else is known of it.
    pub note: Option<&'static str>,
}

/// How sure it is whether an event is a read or a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// AWS's text or a published record says it.
    Confirmed,
    /// It follows from the IAM access level or the HTTP method.
    Presumed,
    /// Nothing tells.
    Unknown,
}

impl Certainty {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Presumed => "presumed",
            Self::Unknown => "unknown",
        }
    }
}

/// `eventCategory`.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Category {
    /// A management event, which trails record by default.
    Management,
    /// A data event, which trails record where selectors ask for it.
    Data,
}

impl Category {
    /// CloudTrail's word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Management => "Management",
            Self::Data => "Data",
        }
    }
}

/// The events in the order of the file.
pub const EVENTS: &[Event] = include!(concat!(env!("OUT_DIR"), "/events.rs"));

/// The events of a name.
pub fn named(name: &str) -> impl Iterator<Item = &'static Event> {
    EVENTS.iter().filter(move |event| event.name == name)
}

/// The level that the table has for a name; that of objects where it has two.
#[must_use]
pub fn level_of(name: &str) -> Option<Level> {
    // The levels are in the order of the enumeration: objects are the last that the table has.
    named(name).map(|event| event.level).max()
}

/// The kind that the table has for a name; `None` where it has none or two.
#[must_use]
pub fn kind_of(name: &str) -> Option<Kind> {
    let mut kinds = named(name).map(|event| event.kind);
    let first = kinds.next()??;
    kinds.all(|kind| kind == Some(first)).then_some(first)
}
