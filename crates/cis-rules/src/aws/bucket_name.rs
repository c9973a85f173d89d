//! Names of S3 buckets.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

impl<'de> Deserialize<'de> for BucketName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
