//! What the names of CloudTrail's files say, and where a file lies.

use serde::Serialize;

use crate::Time;

/// An object in S3.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Object {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
}

impl Object {
    /// The key after its last slash.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or_default()
    }
}

impl core::fmt::Display for Object {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}

/// Whose files a chain of digests is about: an account's in a Region, as a trail delivers them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainId {
    /// The organization whose trail it is, where the path names one.
    pub organization: Option<String>,
    /// The account whose activity is recorded.
    pub account_id: String,
    /// The Region whose activity is recorded.
    pub region: String,
    /// The trail's name.
    pub trail: String,
    /// The Region in which the trail was made.
    pub home_region: String,
}

/// What the name of a digest file says.
///
/// ```
/// use cis_logs::digest::name::DigestName;
///
/// let name = "111122223333_CloudTrail-Digest_eu-west-1_a_b_us-east-1_20260301T100131Z_backfill.json.gz";
/// let name = DigestName::parse(name).ok_or("no digest")?;
/// assert_eq!((name.trail.as_str(), name.home_region.as_str()), ("a_b", "us-east-1"));
/// assert!(name.is_backfill);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestName {
    /// The account.
    pub account_id: String,
    /// The Region that the digest is about.
    pub region: String,
    /// The trail's name.
    pub trail: String,
    /// The trail's home Region.
    pub home_region: String,
    /// When the digest's time ends.
    pub end: Time,
    /// Whether it was made later, for log files that the digest of their time lacks.
    pub is_backfill: bool,
}

impl DigestName {
    /// What this file name says, where it is a digest's.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html#cloudtrail-log-file-validation-digest-file-location>
    #[must_use]
    pub fn parse(file_name: &str) -> Option<Self> {
        let stem = stem(file_name)?;
        let regular = stem.strip_suffix("_backfill");
        let (rest, time) = regular.unwrap_or(stem).rsplit_once('_')?;
        let (account_id, rest) = rest.split_once('_')?;
        let (region, rest) = rest.strip_prefix("CloudTrail-Digest_")?.split_once('_')?;
        let (trail, home_region) = rest.rsplit_once('_')?;
        Some(Self {
            account_id: account_id.to_string(),
            region: region.to_string(),
            trail: trail.to_string(),
            home_region: home_region.to_string(),
            end: Time::of_file_name(time)?,
            is_backfill: regular.is_some(),
        })
    }
}

/// What the name of a log file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogName<'a> {
    /// The account.
    pub account_id: &'a str,
    /// The Region.
    pub region: &'a str,
    /// When it was delivered, to the minute.
    pub delivered: Time,
}

impl<'a> LogName<'a> {
    /// What this file name says, where it is that of a log file with events (and not with Insights,
    /// network activity or summaries, whose digests are not documented).
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html#cloudtrail-log-filename-format>
    #[must_use]
    pub fn parse(file_name: &'a str) -> Option<Self> {
        let (account_id, rest) = stem(file_name)?.split_once('_')?;
        let (region, rest) = rest.strip_prefix("CloudTrail_")?.split_once('_')?;
        let (time, unique) = rest.split_once('_')?;
        if unique.is_empty() {
            return None;
        }
        Some(Self { account_id, region, delivered: Time::of_file_name(time)? })
    }
}

/// The file name without its ending. A file that someone decompressed has lost `.gz`.
fn stem(file_name: &str) -> Option<&str> {
    file_name.strip_suffix(".gz").unwrap_or(file_name).strip_suffix(".json")
}

/// Whether two file names are the same, apart from `.gz`.
#[must_use]
pub fn is_same_file_name(one: &str, other: &str) -> bool {
    canonical(one) == canonical(other)
}

/// The file name without `.gz`.
#[must_use]
pub fn canonical(file_name: &str) -> &str {
    file_name.strip_suffix(".gz").unwrap_or(file_name)
}

/// The folder in which CloudTrail's own layout begins, below the prefix that a trail may have.
const LAYOUT: &str = "AWSLogs";

/// The part of a path or key that begins with the last `AWSLogs`.
#[must_use]
pub fn layout(path: &str) -> Option<&str> {
    let mut from = path.len();
    while let Some(at) = path.get(..from)?.rfind(LAYOUT) {
        let starts = at == 0 || path.get(..at)?.ends_with('/');
        let rest = path.get(at + LAYOUT.len()..)?;
        if starts && rest.starts_with('/') {
            return path.get(at..);
        }
        from = at;
    }
    None
}

/// The organization that a path or key names: the folder between `AWSLogs` and the account's.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html>
#[must_use]
pub fn organization(path: &str) -> Option<&str> {
    let folder = layout(path)?.split('/').nth(1)?;
    folder.starts_with("o-").then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_no_digests() {
        let good =
            "111122223333_CloudTrail-Digest_eu-west-1_main_us-east-1_20260301T100131Z.json.gz";
        assert!(DigestName::parse(good).is_some());
        assert!(DigestName::parse(good.trim_end_matches(".gz")).is_some());
        for (from, to) in [
            (".json.gz", ".json.gz.sig"),
            ("Z.json", ".json"),
            ("T100131", "T1001"),
            ("-Digest", ""),
            ("_main_us-east-1", "_main"),
            ("T100131", "T106131"),
        ] {
            let name = good.replace(from, to);
            let is_digest = DigestName::parse(&name).is_some();
            // A digest's own time has seconds, but minutes would be as clear.
            assert_eq!(is_digest, to == "T1001", "{name}");
        }
    }

    #[test]
    fn a_log_file_is_told_from_its_siblings() {
        let log =
            LogName::parse("111122223333_CloudTrail_us-east-1_20260301T0935Z_AbCdEf01.json.gz");
        let log = log.unwrap();
        assert_eq!((log.account_id, log.region), ("111122223333", "us-east-1"));
        assert_eq!(log.delivered.to_string(), "2026-03-01T09:35:00Z");
        for name in [
            "111122223333_CloudTrail-Insight_us-east-1_20260301T0935Z_AbCdEf01.json.gz",
            "111122223333_CloudTrail_us-east-1_20260301T0935Z_.json.gz",
            "111122223333_CloudTrail_us-east-1_AbCdEf01.json.gz",
            "111122223333_CloudTrail_us-east-1_20260301T0935Z_AbCdEf01.json.bz2",
        ] {
            assert_eq!(LogName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn the_layout_begins_at_the_last_folder_of_its_name() {
        for (path, expected) in [
            ("AWSLogs/1/x", Some("AWSLogs/1/x")),
            ("AWSLogs/AWSLogs/1/x", Some("AWSLogs/1/x")),
            ("a/AWSLogs/1/noAWSLogs/x", Some("AWSLogs/1/noAWSLogs/x")),
            ("a/MyAWSLogs/1/x", None),
            ("AWSLogs", None),
            ("", None),
        ] {
            assert_eq!(layout(path), expected, "{path}");
        }
        assert_eq!(organization("p/AWSLogs/o-abc/1/x"), Some("o-abc"));
        assert_eq!(organization("p/AWSLogs/1/x"), None);
    }
}
