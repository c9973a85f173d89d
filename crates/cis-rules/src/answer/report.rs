//! The report: what was decided and why, in the shape that every program reads (schemaVersion 1).

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;

use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::answer::console_template::ConsoleTemplate;
use crate::aws::controls::Control;
use crate::aws::field::RecordField;
use crate::aws::record::{FieldValue, Record};
pub use crate::aws::unknown::Unknown;
use crate::spec::question::{BucketName, Kind, Mode};
use crate::spec::scope::is_documented;

/// The answer to a question about an account or a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this shape: 1.
    pub schema_version: u32,
    /// One result per account and kind, in the order they were asked.
    pub results: Vec<AccountResult>,
}

impl Report {
    /// The version that this library writes.
    pub const SCHEMA_VERSION: u32 = 1;

    /// A report of these results.
    #[must_use]
    pub const fn new(results: Vec<AccountResult>) -> Self {
        Self { schema_version: Self::SCHEMA_VERSION, results }
    }
}

/// The answer to one question about one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountResult {
    /// The snapshot's label.
    pub name: Option<String>,
    /// The 12-digit account id.
    pub account_id: String,
    /// Which events were asked about.
    pub kind: Kind,
    /// How trails were combined.
    pub mode: Mode,
    /// Buckets that were allowed to stay unlogged.
    pub allow_unlogged: Vec<BucketName>,
    /// The answer.
    pub verdict: Verdict,
    /// The answer in one sentence of at most 256 characters: the AWS Config annotation.
    pub summary: String,
    /// The controls that the answer speaks to.
    pub controls: Vec<Control>,
    /// Readings of undocumented behaviour that the proof rests on.
    pub assumptions: Vec<Assumption>,
    /// Each trail, in the snapshot's order.
    pub trails: Vec<TrailResult>,
    /// What need not be logged and stands beside what must.
    pub left_out: Vec<LeftOut>,
    /// Records that no trail logs, largest region first.
    pub gaps: Vec<Gap>,
    /// Whether there are more gaps than are listed, or may be.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub more_gaps: bool,
    /// What is not known and would settle the answer.
    pub unknowns: Vec<Unknown>,
    /// Why every record is logged, where the verdict is COMPLIANT.
    pub proof: Option<Proof>,
    /// The ways to fill in what a plan leaves open, each with its own evidence; none where nothing
    /// that is open makes a difference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completions: Vec<Completion>,
}

/// What a plan becomes with some values, and why the verdict holds then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// The values that are filled in. Those that are not make no difference.
    pub values: Vec<Filled>,
    /// Why every record is logged, where the verdict is COMPLIANT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// What is lost, where the verdict is NON_COMPLIANT: by all trails, or by each one something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// A value that a plan leaves open, filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Filled {
    /// What is filled in: ``parameter `Stage` ``.
    pub value_of: String,
    /// With what, in words: `` `prod` ``, `any other text`.
    pub value: String,
}

/// What one trail does alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrailResult {
    /// The trail's ARN.
    pub arn: String,
    /// Whether the trail can count: multi-Region, logging, this account's own or the organization's.
    pub counts: bool,
    /// Whether this trail alone logs every record in scope.
    pub verdict: Verdict,
    /// The log selector template that the CloudTrail console would show for its S3 data events;
    /// none where the trail selects no S3 data events or its selectors were not observed.
    pub template: Option<ConsoleTemplate>,
    /// Why the trail does not count, or what about it is not known.
    pub reasons: Vec<String>,
    /// What this trail alone misses, largest region first.
    pub gaps: Vec<Gap>,
    /// Whether there are more gaps than are listed, or may be.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub more_gaps: bool,
}

/// A region of records that are surely lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// The whole region in words.
    pub description: String,
    /// One record of the region.
    pub witness: Witness,
}

/// One concrete record that would be lost.
///
/// It is written as an object of the [fields that a witness shows](RecordField::SHOWN), `null` for
/// those that the record lacks, with `documented` before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Whether AWS documents that there are such records. Where none such is lost, the selectors name
    /// today's events one by one, and lose those that AWS adds.
    pub documented: bool,
    /// The record. Without an `awsRegion` it is one of any Region but the home Regions of
    /// single-Region trails.
    pub record: Record,
}

impl Witness {
    /// The witness of a record.
    #[must_use]
    pub fn new(record: Record) -> Self {
        Self { documented: is_documented(&record), record }
    }

    /// The text in a field of the record.
    #[must_use]
    pub fn get(&self, field: RecordField) -> Option<&str> {
        self.record.get(field)
    }

    /// The record's `eventName`.
    #[must_use]
    pub fn event_name(&self) -> &str {
        self.get(RecordField::EventName).unwrap_or_default()
    }

    /// The object's ARN; with an empty key, the record's `ARNPrefix`.
    #[must_use]
    pub fn arn(&self) -> &str {
        self.record.arn()
    }
}

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(RecordField::SHOWN.len() + 1))?;
        map.serialize_entry(DOCUMENTED, &self.documented)?;
        for field in RecordField::SHOWN {
            map.serialize_entry(field.name(), &self.get(field))?;
        }
        map.end()
    }
}

/// The member of a witness that is no field of its record.
const DOCUMENTED: &str = "documented";

impl<'de> Deserialize<'de> for Witness {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Members {
            documented: bool,
            #[serde(flatten)]
            fields: BTreeMap<String, Option<String>>,
        }
        let Members { documented, mut fields } = Members::deserialize(deserializer)?;
        let mut record = Record::of_object("");
        for field in RecordField::SHOWN {
            let value = fields.remove(field.name()).ok_or_else(|| {
                D::Error::custom(format_args!("a witness without `{}`", field.name()))
            })?;
            match (field, value) {
                (RecordField::ResourcesArn, Some(arn)) => {
                    record.set(field, FieldValue::of_object(arn));
                }
                (_, value) => record.set(field, value),
            }
        }
        Ok(Self { documented, record })
    }
}

/// A proof that every record in scope is logged.
///
/// Step 0 is about the whole scope, and every step refers only to later ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The steps.
    pub steps: Vec<ProofStep>,
}

/// Why every record of a part of the scope is logged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProofStep {
    /// One selector of one trail matches them all.
    Logged(LoggedBy),
    /// The part is split by the values of one field, and every part of that is logged.
    Split(Split),
    /// The records need not be logged.
    OutOfScope(LeftOut),
    /// Each of these steps shows it of one trail (mode `every`).
    Each(Vec<usize>),
}

/// One selector of one trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedBy {
    /// The trail's ARN.
    pub trail: String,
    /// The selector's position in the trail's list, from 0.
    pub selector: usize,
    /// The selector's name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector_name: Option<String>,
}

/// A part of the scope, split by the values of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// The field.
    pub field: RecordField,
    /// The parts, which together are the whole.
    pub parts: Vec<ProofPart>,
}

/// One part of a split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofPart {
    /// The field's values in this part, in words.
    pub values: String,
    /// The position of the step that shows this part.
    pub step: usize,
}

/// What an answer rests on: a reading of behaviour that AWS does not document (of a proof only), or
/// what a plan does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// CloudTrail's own deliveries of log files.
    CloudtrailDeliveries,
    /// Requests by CloudTrail itself that have an ARN of a caller or a console session: there are
    /// none.
    NoSuchRecord,
}

/// A list with at least one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtLeastOne<T>(Vec<T>);

impl<T> AtLeastOne<T> {
    /// The elements of a list, or this one where it has none.
    #[must_use]
    pub fn or(list: Vec<T>, else_this: impl FnOnce() -> T) -> Self {
        Self(if list.is_empty() { alloc::vec![else_this()] } else { list })
    }

    /// All elements.
    #[must_use]
    pub fn into_all(self) -> Vec<T> {
        self.0
    }
}

/// An answer with what it must not be without.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Conclusion {
    /// COMPLIANT, with the proof and what it rests on.
    Proved(Proof, Vec<Assumption>),
    /// NON_COMPLIANT: the losses stand with the trails and the account.
    Refuted,
    /// INDETERMINATE, with what is not known.
    Open(AtLeastOne<Unknown>),
}
