//! Exceptions: what somebody decided to leave unrecorded, why, and until when.
//!
//! An exception never makes a verdict COMPLIANT that has no proof:
//!
//! * of a **bucket**: the bucket may stay unlogged, as one of [`Question::allow_unlogged`];
//! * of a **trail**: where every trail must log everything ([`Mode::Every`]), this one need not. Another
//!   one still must. In the other modes it changes nothing: there no trail has to log everything by
//!   itself;
//! * of an **account**: the verdict stays what it is, and the answer says that the account is excepted.
//!
//! An exception counts on the day of [`Exception::expires`] and not after it.
//!
//! [`Question::allow_unlogged`]: super::question::Question::allow_unlogged
//! [`Mode::Every`]: super::question::Mode::Every

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::date::{Date, InvalidDate};
use super::question::{BucketName, InvalidBucketName};

/// Days before an exception's last one in which answers warn that it ends.
pub const WARNING_DAYS: i64 = 30;

/// What an exception is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Excepted {
    /// A bucket, by its exact name.
    Bucket,
    /// A trail, by its ARN as answers show it.
    Trail,
    /// An account, by its 12 digits.
    Account,
}

impl Excepted {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::Trail => "trail",
            Self::Account => "account",
        }
    }
}

impl fmt::Display for Excepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether an exception counts on the day of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionState {
    /// It counts.
    Active,
    /// It counts, and ends within 30 days.
    ExpiresSoon,
    /// Its last day is past: it does not count.
    Expired,
}

/// An exception, as it stands on the day of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Exception {
    /// What it is of.
    pub of: Excepted,
    /// The bucket's name, the trail's ARN or the account's id.
    pub name: String,
    /// Why; `null` where nobody had to say it.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it counts, `YYYY-MM-DD` in UTC; `null` where it does not end.
    pub expires: Option<Date>,
    /// Whether it counts.
    pub state: ExceptionState,
}

impl Exception {
    /// An exception without a reason and an owner, as it stands on a day.
    #[must_use]
    pub fn new(of: Excepted, name: impl Into<String>, expires: Option<Date>, today: Date) -> Self {
        let left = expires.map(|last| last.days() - today.days());
        let state = match left {
            Some(..0) => ExceptionState::Expired,
            Some(0..=WARNING_DAYS) => ExceptionState::ExpiresSoon,
            _ => ExceptionState::Active,
        };
        Self { of, name: name.into(), reason: None, owner: None, expires, state }
    }

    /// Whether it counts.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.state != ExceptionState::Expired
    }

    /// Whether it counts and is of this.
    #[must_use]
    pub fn excepts(&self, of: Excepted, name: &str) -> bool {
        self.counts() && self.of == of && self.name == name
    }
}

/// A bucket that may stay unlogged, and its last day: `NAME` or `NAME@YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedBucket {
    /// The bucket.
    pub name: BucketName,
    /// The last day.
    pub expires: Option<Date>,
}

/// A text that is no [`AllowedBucket`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAllowedBucket {
    /// What stands for the bucket is no name of one.
    #[error(transparent)]
    Name(#[from] InvalidBucketName),
    /// What stands after the `@` is no date.
    #[error(transparent)]
    Date(#[from] InvalidDate),
}

impl FromStr for AllowedBucket {
    type Err = InvalidAllowedBucket;

    fn from_str(text: &str) -> Result<Self, InvalidAllowedBucket> {
        let (name, expires) = match text.split_once('@') {
            Some((name, date)) => (name, Some(date.parse()?)),
            None => (text, None),
        };
        Ok(Self { name: name.parse()?, expires })
    }
}

impl fmt::Display for AllowedBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.expires {
            Some(date) => write!(f, "{}@{date}", self.name),
            None => self.name.fmt(f),
        }
    }
}

impl AllowedBucket {
    /// The exception that it is on a day.
    #[must_use]
    pub fn on(&self, today: Date) -> Exception {
        Exception::new(Excepted::Bucket, self.name.to_string(), self.expires, today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn an_exception_counts_on_its_last_day_and_not_after_it() {
        let state = |today: &str| {
            Exception::new(Excepted::Bucket, "logs", Some(day("2027-03-31")), day(today)).state
        };
        assert_eq!(state("2027-02-28"), ExceptionState::Active);
        assert_eq!(state("2027-03-01"), ExceptionState::ExpiresSoon);
        assert_eq!(state("2027-03-31"), ExceptionState::ExpiresSoon);
        assert_eq!(state("2027-04-01"), ExceptionState::Expired);
        let endless = Exception::new(Excepted::Bucket, "logs", None, day("9999-12-31"));
        assert_eq!(endless.state, ExceptionState::Active);
    }

    #[test]
    fn a_bucket_may_have_a_last_day() {
        for text in ["logs", "acme.trail-logs@2027-03-31"] {
            assert_eq!(text.parse::<AllowedBucket>().unwrap().to_string(), text);
        }
        for (text, says) in [
            ("lo*gs@2027-03-31", "`lo*gs` is not the exact name"),
            ("logs@", "`` is no date"),
            ("logs@2027-02-29", "`2027-02-29` is no date"),
            ("logs@2027-03-31@x", "`2027-03-31@x` is no date"),
            ("@2027-03-31", "`` is not the exact name"),
        ] {
            let error = text.parse::<AllowedBucket>().unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
    }
}
