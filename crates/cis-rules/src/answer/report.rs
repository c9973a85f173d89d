//! The report: what was decided and why, in the shape that every program reads (schemaVersion 1).

mod completion;
mod evidence;
mod proof;
mod result;
mod witness;

use alloc::string::String;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

pub use crate::answer::console_template::ConsoleTemplate;
pub use crate::aws::snapshot::{Place, ReadBy};
pub use crate::aws::unknown::Unknown;
pub use completion::{Completion, Filled};
pub(crate) use evidence::Conclusion;
pub use evidence::MissingEvidence;
pub use proof::{LoggedBy, Proof, ProofPart, ProofStep, Split};
pub use result::{AccountMembers, AccountResult, TrailMembers, TrailResult};
pub use witness::{Gap, Witness};

/// The answer to a question about an account or a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Every record in scope is surely logged: there is a checked proof.
    Compliant,
    /// Some record in scope is surely lost: there is a witness.
    NonCompliant,
    /// Neither can be shown from what is known.
    Indeterminate,
}

impl Verdict {
    /// The verdict as AWS Config and the report spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compliant => "COMPLIANT",
            Self::NonCompliant => "NON_COMPLIANT",
            Self::Indeterminate => "INDETERMINATE",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Answers about one or more accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this shape: 1.
    #[serde(deserialize_with = "version")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::version"))]
    pub schema_version: u32,
    /// One result per account and kind, in the order they were asked.
    pub results: Vec<AccountResult>,
    /// Accounts of an organization or a list that were not read, in the list's order. Left out where
    /// there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<SkippedAccount>,
}

/// An account that was listed and not read, so that nothing is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SkippedAccount {
    /// The account.
    pub account_id: String,
    /// Its name, as the list has it.
    pub name: Option<String>,
    /// Its state in the organization: `SUSPENDED`, `PENDING_CLOSURE`, ….
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html>
    pub state: String,
    /// Why it was not read.
    pub reason: String,
}

impl Report {
    /// The version that this library writes and reads.
    pub const SCHEMA_VERSION: u32 = 1;

    /// A report of these results.
    #[must_use]
    pub const fn new(results: Vec<AccountResult>) -> Self {
        Self { schema_version: Self::SCHEMA_VERSION, results, skipped: Vec::new() }
    }
}

/// Reads the version of a report, an explanation or a difference: 1.
pub(crate) fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        1 => Ok(1),
        other => {
            Err(D::Error::custom(format_args!("schemaVersion {other} is not supported, only 1")))
        }
    }
}

/// What an answer rests on: a reading of behaviour that AWS does not document (of a proof only), or
/// what a plan does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Assumption {
    /// A record that carries an `ARNPrefix` instead of an `ARN` is compared by it.
    ArnPrefix,
    /// A record that names several objects is logged where a selector takes any of them.
    EachObject,
    /// A plan does not say its partition, and is taken to be for `aws`.
    AssumedPartition,
}

impl Assumption {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ArnPrefix => "arn-prefix",
            Self::EachObject => "each-object",
            Self::AssumedPartition => "assumed-partition",
        }
    }
}

/// So that a list of them can be joined as texts can.
impl Borrow<str> for Assumption {
    fn borrow(&self) -> &str {
        self.name()
    }
}

/// What need not be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// CloudTrail's own deliveries of log files.
    CloudtrailDeliveries,
    /// Requests by CloudTrail itself that have an ARN of a caller or a console session: there are
    /// none.
    NoSuchRecord,
}
