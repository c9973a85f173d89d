//! What a record is about: the account, a bucket, an object.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a record is about.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// S3 in the account.
    Account,
    /// A bucket.
    Bucket,
    /// Objects: every data event of S3.
    Object,
    /// Something that is not an operation of S3, or its network activity.
    Other,
}

impl Level {
    /// All levels.
    pub const ALL: [Self; 4] = [Self::Account, Self::Bucket, Self::Object, Self::Other];

    /// The level's name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Bucket => "bucket",
            Self::Object => "object",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidLevel;

impl fmt::Display for InvalidLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the levels are account, bucket, object, other")
    }
}

impl core::error::Error for InvalidLevel {}

impl FromStr for Level {
    type Err = InvalidLevel;

    fn from_str(name: &str) -> Result<Self, InvalidLevel> {
        Self::ALL.into_iter().find(|level| level.name() == name).ok_or(InvalidLevel)
    }
}
