//! What is asked of an account: which kind of event, how trails combine, which buckets may stay unlogged.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

pub use super::date::{Date, InvalidDate};
pub use super::exception::{
    AllowedBucket, Excepted, Exception, ExceptionState, InvalidAllowedBucket, WARNING_DAYS,
};
pub use crate::aws::bucket_name::{BucketName, InvalidBucketName};

/// The kind of S3 object-level event that must be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One trail must log everything by itself: the reading of Security Hub S3.22 and S3.23.
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

/// What to do with the records of CloudTrail's own log deliveries: `PutObject` requests by
/// `cloudtrail.amazonaws.com`.
///
/// AWS advises not to log them where a trail logs all S3 data events, because each delivery would
/// cause the next: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-recursive-logging.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Exceptions, as they stand on the day of the answer. Those of buckets that count are among
    /// `allow_unlogged` as well: [`Question::except`] puts them there.
    pub exceptions: Vec<Exception>,
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
            exceptions: Vec::new(),
        }
    }

    /// Adds an exception, and the bucket that it allows to stay unlogged.
    pub fn except(&mut self, exception: Exception) {
        let bucket = (exception.of == Excepted::Bucket && exception.counts())
            .then(|| exception.name.parse().ok())
            .flatten();
        self.allow_unlogged.extend(bucket.filter(|name| !self.allow_unlogged.contains(name)));
        if !self.exceptions.contains(&exception) {
            self.exceptions.push(exception);
        }
    }

    /// Allows buckets to stay unlogged. Those that have a last day are exceptions, and count until then.
    pub fn allow(&mut self, buckets: &[AllowedBucket], today: Date) {
        for bucket in buckets {
            match bucket.expires {
                Some(_) => self.except(bucket.on(today)),
                None => self.allow_unlogged.push(bucket.name.clone()),
            }
        }
    }

    /// The exceptions that concern an answer about an account with these trails, by their ARNs: those
    /// that it rests on, and those that would, had they not expired.
    pub(crate) fn exceptions_for<'q>(
        &'q self,
        account: &str,
        trails: &[(&str, bool)],
    ) -> impl Iterator<Item = &'q Exception> {
        let concerns = move |exception: &&Exception| match exception.of {
            Excepted::Bucket => true,
            Excepted::Account => exception.name == account,
            Excepted::Trail => {
                let fails =
                    |(arn, is_covering): &(&str, bool)| *arn == exception.name && !is_covering;
                self.mode == Mode::Every && trails.iter().any(fails)
            }
        };
        self.exceptions.iter().filter(concerns)
    }
}
