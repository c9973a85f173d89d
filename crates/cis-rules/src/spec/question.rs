//! What is asked of an account: which kind of event, how trails combine, which buckets may stay unlogged.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Serialize, Serializer};

/// The kind of S3 object-level event that must be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Write events: CIS AWS Foundations 3.8 (v3 to v5) and 4.8 (v6, v7), Security Hub S3.22.
    Write,
    /// Read events: CIS AWS Foundations 3.9 (v3 to v5) and 4.9 (v6, v7), Security Hub S3.23.
    Read,
}

impl Kind {
    /// Both kinds, in the order reports use.
    pub const ALL: [Self; 2] = [Self::Write, Self::Read];

    /// The kind's name in parameters and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Read => "read",
        }
    }

    /// The value of a record's `readOnly` field for this kind.
    #[must_use]
    pub const fn read_only(self) -> &'static str {
        match self {
            Self::Write => "false",
            Self::Read => "true",
        }
    }

    /// The other kind.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Write => Self::Read,
            Self::Read => Self::Write,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How the verdicts of single trails make the account's verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One trail must log everything alone: the reading of Security Hub S3.22 and S3.23.
    #[default]
    Any,
    /// All trails together must log everything.
    Union,
    /// There is a trail and each one logs everything: the benchmark's literal audit step.
    Every,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Any, Self::Union, Self::Every];

    /// The mode's name in parameters and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Union => "union",
            Self::Every => "every",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is neither a kind nor a mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not one of {allowed}")]
pub struct UnknownName {
    found: String,
    allowed: &'static str,
}

impl FromStr for Kind {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| UnknownName { found: text.to_string(), allowed: "`write`, `read`" })
    }
}

impl FromStr for Mode {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|mode| mode.name() == text).ok_or_else(|| UnknownName {
            found: text.to_string(),
            allowed: "`any`, `union`, `every`",
        })
    }
}

/// The name of a general purpose S3 bucket, names from before the stricter rules of 2018 included:
/// 3 to 255 of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BucketName(String);

impl BucketName {
    /// The shortest name.
    pub const MIN_LENGTH: usize = 3;
    /// The longest name.
    pub const MAX_LENGTH: usize = 255;
    /// The characters of names, most readable first.
    pub const ALPHABET: &'static [u8; 65] =
        b"abcdefghijklmnopqrstuvwxyz0123456789-._ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// Whether a text is a bucket's name.
    #[must_use]
    pub fn is_valid(text: &str) -> bool {
        (Self::MIN_LENGTH..=Self::MAX_LENGTH).contains(&text.len()) && Self::is_part(text)
    }

    /// Whether every character of a text may stand in a bucket's name.
    #[must_use]
    pub fn is_part(text: &str) -> bool {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is not a bucket's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the exact name of a bucket: 3 to 255 of A-Z, a-z, 0-9, `.`, `_`, `-`, without wildcards"
)]
pub struct InvalidBucketName(String);

impl FromStr for BucketName {
    type Err = InvalidBucketName;

    fn from_str(text: &str) -> Result<Self, InvalidBucketName> {
        if Self::is_valid(text) {
            Ok(Self(text.to_string()))
        } else {
            Err(InvalidBucketName(text.to_string()))
        }
    }
}

impl fmt::Display for BucketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for BucketName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What to do with the records of CloudTrail's own log deliveries: `PutObject` requests by
/// `cloudtrail.amazonaws.com`.
///
/// AWS advises not to log them where a trail logs all S3 data events, for each delivery would cause
/// the next: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-recursive-logging.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Deliveries {
    /// They are outside of the scope.
    #[default]
    Ignore,
    /// They must be logged like any other write event.
    Require,
}

impl Deliveries {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::Ignore, Self::Require];

    /// The name in parameters and options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Require => "require",
        }
    }
}

impl fmt::Display for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Deliveries {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|deliveries| deliveries.name() == text)
            .ok_or_else(|| UnknownName { found: text.to_string(), allowed: "`ignore`, `require`" })
    }
}

/// One question about one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which events must be logged.
    pub kind: Kind,
    /// How trails combine.
    pub mode: Mode,
    /// Buckets that may stay unlogged, by exact name.
    pub allow_unlogged: Vec<BucketName>,
    /// Whether CloudTrail's own log deliveries must be logged.
    pub deliveries: Deliveries,
    /// Where it is not empty, a trail counts only if it delivers to one of these buckets.
    pub trusted_log_buckets: Vec<BucketName>,
    /// Whether a trail whose status shows a `LatestDeliveryError` does not count.
    pub require_delivery: bool,
}

impl Question {
    /// A question with the defaults of everything but the kind and the mode.
    #[must_use]
    pub const fn new(kind: Kind, mode: Mode) -> Self {
        Self {
            kind,
            mode,
            allow_unlogged: Vec::new(),
            deliveries: Deliveries::Ignore,
            trusted_log_buckets: Vec::new(),
            require_delivery: false,
        }
    }
}
