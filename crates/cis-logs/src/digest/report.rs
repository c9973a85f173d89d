//! What verification found: the document that is written.

use serde::{Deserialize, Serialize};

use super::name::ChainId;
use crate::Time;

/// What verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transform = of_outcome))]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// The version of this document: 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub schema_version: u32,
    /// What it comes to.
    pub outcome: Outcome,
    /// From when on it was asked for; null where it was not said.
    #[serde(deserialize_with = "Option::deserialize")]
    pub from: Option<Time>,
    /// Until when it was asked for; null where it was not said.
    #[serde(deserialize_with = "Option::deserialize")]
    pub to: Option<Time>,
    /// What was altered, is missing or was added, in the order of accounts, Regions, trails and times.
    pub faults: Vec<Finding>,
    /// What could not be decided, and what would settle it.
    pub undecided: Vec<Finding>,
    /// What no verification of these files can prove.
    pub limits: Vec<Finding>,
    /// The chains of digests.
    pub chains: Vec<Chain>,
    /// Files that were not looked at, for they are neither digests nor named by one nor log files.
    pub other_files: u64,
}

/// What a verification with each outcome must not be without.
#[cfg(feature = "schema")]
fn of_outcome(schema: &mut schemars::Schema) {
    let none = serde_json::json!({"maxItems": 0});
    let some = serde_json::json!({"minItems": 1});
    let rules = [
        ("proved", serde_json::json!({"faults": none, "undecided": none})),
        ("broken", serde_json::json!({"faults": some})),
        ("undecided", serde_json::json!({"faults": none, "undecided": some})),
    ];
    let rules = rules.map(|(outcome, properties)| {
        serde_json::json!({
            "if": {"properties": {"outcome": {"const": outcome}}, "required": ["outcome"]},
            "then": {"properties": properties},
        })
    });
    schema.insert("allOf".to_string(), serde_json::Value::from(rules.to_vec()));
}

/// What a verification comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every file is as CloudTrail delivered it, within the limits that are named.
    Proved,
    /// Something was altered, is missing or was added.
    Broken,
    /// Nothing is known to be wrong, and something could not be decided.
    Undecided,
}

/// A chain of digests: what a trail delivered of an account's activity in a Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// The organization whose trail it is; null where the path names none.
    #[serde(deserialize_with = "Option::deserialize")]
    pub organization: Option<String>,
    /// The account.
    pub account_id: String,
    /// The Region.
    pub region: String,
    /// The trail's name.
    pub trail: String,
    /// The trail's home Region.
    pub home_region: String,
    /// The times whose digests are proved.
    pub proved: Vec<Interval>,
    /// Its digests.
    pub digests: Counts,
    /// Its backfill digests.
    pub backfill_digests: Counts,
    /// The log files that its digests name.
    pub log_files: Counts,
}

/// A time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// When it begins.
    pub from: Time,
    /// When it ends.
    pub to: Time,
}

/// How many files fared how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Proved to be as CloudTrail delivered them.
    pub valid: u64,
    /// Altered, broken or moved.
    pub invalid: u64,
    /// Not there. Of digests that nothing names, as many as there are hours.
    pub missing: u64,
    /// There, and neither proved nor refuted.
    pub unproved: u64,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What kind of thing it is.
    pub kind: Kind,
    /// The account; null where it is about none.
    #[serde(deserialize_with = "Option::deserialize")]
    pub account_id: Option<String>,
    /// The Region; null where it is about none.
    #[serde(deserialize_with = "Option::deserialize")]
    pub region: Option<String>,
    /// The trail's name; null where that is not known.
    #[serde(deserialize_with = "Option::deserialize")]
    pub trail: Option<String>,
    /// Where the file lies; null where none is there.
    #[serde(deserialize_with = "Option::deserialize")]
    pub file: Option<String>,
    /// The object in S3 as a digest names it; null where none does.
    #[serde(deserialize_with = "Option::deserialize")]
    pub object: Option<String>,
    /// When the time begins that it is about; null where it is about none.
    #[serde(deserialize_with = "Option::deserialize")]
    pub from: Option<Time>,
    /// When that time ends.
    #[serde(deserialize_with = "Option::deserialize")]
    pub to: Option<Time>,
    /// How many files it is about: digests that are missing, log files that no digest names.
    pub files: u64,
    /// How many log files are there that cannot be checked because of it.
    pub unchecked: u64,
    /// What it is, in a sentence.
    pub message: String,
}

/// The kinds of things that are found. Their names do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A fault: no digest is there at all.
    NoDigests,
    /// A fault: digests that another names, or that its hours need, are not there.
    DigestMissing,
    /// A fault: a digest's signature does not verify.
    DigestAltered,
    /// A fault: a digest was signed with a key that is not CloudTrail's.
    DigestKeyUnknown,
    /// A fault: a digest cannot be decompressed, or is no digest.
    DigestCorrupt,
    /// A fault: a digest lies elsewhere than it says that it was delivered to.
    DigestMoved,
    /// A fault: a digest's content is not what the next digest's hash is of.
    DigestHashMismatch,
    /// A fault: a digest that no later digest names stands between others.
    DigestUnchained,
    /// A fault: something follows a digest's compressed data.
    DigestTrailingData,
    /// A fault: the signature that is kept with a digest is not its own.
    SignatureAltered,
    /// A fault: for a time there are no digests, for CloudTrail was stopped or made none.
    Gap,
    /// A fault: digests begin later than was asked for.
    StartsLate,
    /// A fault: digests end earlier than was asked for, than log files, or than those of the trail's
    /// other Regions.
    EndsEarly,
    /// A fault: a log file that a digest names is not there.
    LogMissing,
    /// A fault: a log file's content is not what the digest's hash is of.
    LogAltered,
    /// A fault: a log file cannot be decompressed.
    LogCorrupt,
    /// A fault: a log file lies elsewhere than it was delivered to.
    LogMoved,
    /// A fault: something follows a log file's compressed data.
    LogTrailingData,
    /// A fault: log files that no digest names.
    LogUnnamed,
    /// Undecided: no public keys were given.
    NoKeys,
    /// Undecided: the public key that a digest was signed with was not given.
    NoKey,
    /// Undecided: a digest's signature is found nowhere, and its time was asked for.
    NoSignature,
    /// Undecided: a file cannot be read.
    Unreadable,
    /// Undecided: a digest is made with an algorithm that is not known.
    UnknownAlgorithm,
    /// Undecided: no digest of a chain is proved.
    NothingProved,
    /// A limit: the newest digest's signature is in its metadata in S3 only.
    NewestSignature,
    /// A limit: so is that of the last digest before CloudTrail began a new chain.
    LastBeforeRestart,
    /// A limit: so is that of a digest whose next one is missing or broken.
    NextMissing,
    /// A limit: so is that of a backfill digest that no other one names.
    BackfillSignature,
    /// A limit: the first digest names an earlier one, which is not here.
    EarlierDigests,
    /// A limit: log files that are so new that their digest was not due.
    LogsNotYetDue,
}

/// What a kind of finding means for the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something is wrong.
    Fault,
    /// Something is open that could be decided.
    Undecided,
    /// Something that these files cannot prove.
    Limit,
}

impl Kind {
    /// What it means for the outcome.
    #[must_use]
    pub const fn weight(self) -> Weight {
        match self {
            Self::NoDigests
            | Self::DigestMissing
            | Self::DigestAltered
            | Self::DigestKeyUnknown
            | Self::DigestCorrupt
            | Self::DigestMoved
            | Self::DigestHashMismatch
            | Self::DigestUnchained
            | Self::DigestTrailingData
            | Self::SignatureAltered
            | Self::Gap
            | Self::StartsLate
            | Self::EndsEarly
            | Self::LogMissing
            | Self::LogAltered
            | Self::LogCorrupt
            | Self::LogMoved
            | Self::LogTrailingData
            | Self::LogUnnamed => Weight::Fault,
            Self::NoKeys
            | Self::NoKey
            | Self::NoSignature
            | Self::Unreadable
            | Self::UnknownAlgorithm
            | Self::NothingProved => Weight::Undecided,
            Self::NewestSignature
            | Self::LastBeforeRestart
            | Self::NextMissing
            | Self::BackfillSignature
            | Self::EarlierDigests
            | Self::LogsNotYetDue => Weight::Limit,
        }
    }

    /// Its name in documents.
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|name| name.as_str().map(str::to_string))
            .unwrap_or_default()
    }
}

impl Finding {
    /// A finding about nothing in particular.
    pub(super) fn new(kind: Kind, message: String) -> Self {
        Self {
            kind,
            account_id: None,
            region: None,
            trail: None,
            file: None,
            object: None,
            from: None,
            to: None,
            files: 1,
            unchecked: 0,
            message,
        }
    }

    /// It is about this chain.
    pub(super) fn chain(mut self, id: &ChainId) -> Self {
        self.trail = Some(id.trail.clone());
        self.at(&id.account_id, &id.region)
    }

    /// It is about this account and Region.
    pub(super) fn at(mut self, account_id: &str, region: &str) -> Self {
        self.account_id = Some(account_id.to_string());
        self.region = Some(region.to_string());
        self
    }

    /// It is about this file.
    pub(super) fn file(mut self, file: String) -> Self {
        self.file = Some(file);
        self
    }

    /// It is about this object.
    pub(super) fn object(mut self, object: &super::name::Object) -> Self {
        self.object = Some(object.to_string());
        self
    }

    /// It is about this time.
    pub(super) const fn time(mut self, from: Time, to: Time) -> Self {
        self.from = Some(from);
        self.to = Some(to);
        self
    }

    /// It is about so many files.
    pub(super) const fn files(mut self, files: u64) -> Self {
        self.files = files;
        self
    }
}
