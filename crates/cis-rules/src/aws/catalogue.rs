//! S3's events: which are reads, which are writes, and how sure that is.
//!
//! The table is `data/s3_events.csv`, which names the source of each row. The list of data events on
//! `AWS::S3::Object` is AWS's:
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html>

use crate::spec::question::Kind;

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its `eventName`.
    pub name: &'static str,
    /// Read or write; `None` if no source tells.
    pub kind: Option<Kind>,
    /// Whether AWS's text or a published record says which. Otherwise it follows from the IAM access
    /// level or the HTTP method, and no proof may rest on it.
    pub is_confirmed: bool,
    /// Whether it is a data event on `AWS::S3::Object`.
    pub is_object_level: bool,
}

/// The events in the order of the file. A name may stand in several rows.
pub const EVENTS: &[Event] = include!(concat!(env!("OUT_DIR"), "/s3_events.rs"));

/// The object-level events that people know best, with their kinds.
const BEST_KNOWN: [(&str, Kind); 7] = [
    ("DeleteObject", Kind::Write),
    ("PutObject", Kind::Write),
    ("CopyObject", Kind::Write),
    ("DeleteObjects", Kind::Write),
    ("GetObject", Kind::Read),
    ("ListObjects", Kind::Read),
    ("HeadObject", Kind::Read),
];

/// How the names of failed authentications start.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>
pub const AUTHENTICATION: &str = "Authenticate";

/// The names whose records are confirmed to be of a kind, in order, each once.
#[must_use]
pub const fn confirmed(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Read => include!(concat!(env!("OUT_DIR"), "/confirmed_reads.rs")),
        Kind::Write => include!(concat!(env!("OUT_DIR"), "/confirmed_writes.rs")),
    }
}

/// Whether records of this name are confirmed to be of a kind.
#[must_use]
pub fn is_confirmed(name: &str, kind: Kind) -> bool {
    confirmed(kind).binary_search(&name).is_ok()
}

/// The names of object-level events of a kind, or of those whose kind is not known: the ones that
/// people know best first.
pub fn object_events(kind: Option<Kind>) -> impl Iterator<Item = &'static str> {
    let best_known = BEST_KNOWN.into_iter().filter(move |(_, its)| kind == Some(*its));
    let all = EVENTS.iter().filter(move |event| event.is_object_level && event.kind == kind);
    let is_best_known = |name: &str| BEST_KNOWN.iter().any(|(known, _)| *known == name);
    let rest = all.map(|event| event.name).filter(move |name| !is_best_known(name));
    best_known.map(|(name, _)| name).chain(rest)
}

/// Whether AWS documents an event of this name on an object.
#[must_use]
pub fn is_documented(name: &str) -> bool {
    name.starts_with(AUTHENTICATION)
        || EVENTS.iter().any(|event| event.is_object_level && event.name == name)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn the_table_is_the_file() {
        let rows = include_str!("../../data/s3_events.csv").lines().skip(1);
        let rows = rows.filter(|row| !row.starts_with("s3lifecycle:*"));
        let names: Vec<&str> = rows.filter_map(|row| row.split(',').next()).collect();
        assert_eq!(names, EVENTS.iter().map(|event| event.name).collect::<Vec<_>>());
        assert_eq!(EVENTS.len(), 174);
    }

    #[test]
    fn no_name_is_confirmed_to_be_both() {
        for name in confirmed(Kind::Write) {
            assert!(!is_confirmed(name, Kind::Read), "{name}");
        }
    }

    #[test]
    fn what_is_best_known_stands_in_the_table() {
        for (name, kind) in BEST_KNOWN {
            let rows: Vec<&Event> = EVENTS.iter().filter(|event| event.name == name).collect();
            let is_so = |event: &&&Event| event.is_object_level && event.kind == Some(kind);
            assert_eq!(rows.iter().filter(is_so).count(), rows.len().max(1), "{name}");
        }
    }

    #[test]
    fn head_bucket_is_confirmed_to_be_a_read_on_objects() {
        assert!(is_confirmed("HeadBucket", Kind::Read));
        assert!(object_events(Some(Kind::Read)).any(|name| name == "HeadBucket"));
        assert!(object_events(None).any(|name| name == "InitiateReplication"));
        assert_eq!(object_events(Some(Kind::Write)).next(), Some("DeleteObject"));
        assert!(is_documented("AuthenticateExpiredToken") && !is_documented("CreateBucket"));
    }
}
