//! The answer about logs, in the shape that every program reads (schemaVersion 1).

use std::collections::BTreeMap;

use cis_rules::diff::Change;
use cis_rules::explain::{Answer, Explanation};
use cis_rules::question::Kind;
use cis_rules::record::caller::Caller;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Moment;
pub use crate::delivered::{Bucket, Counts, Delivered, OfCaller, OfDay, OfEvent};
pub use crate::management::{Extent, Management};

/// What logs say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LogsAnswer {
    /// The version of this shape: 1.
    #[serde(deserialize_with = "version")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::version"))]
    pub schema_version: u32,
    /// What was read.
    pub read: Read,
    /// The data events of S3 that were delivered.
    pub delivered: Delivered,
    /// The trails that the logs or the snapshots name, with what is known of them when the logs end.
    pub trails: Vec<TrailSummary>,
    /// The calls that changed what is logged or tried to, in the order of their times.
    pub history: Vec<HistoryEntry>,
    /// What was not recorded for a time, although it was recorded before or after.
    pub unrecorded: Vec<Unrecorded>,
    /// How many records were held against the selectors.
    pub judged: Judged,
    /// Records that were delivered although no trail logs them, as this program understands the
    /// selectors: each refutes what it takes CloudTrail to do.
    pub contradictions: Vec<Contradiction>,
    /// Whether there are more contradictions than are listed.
    pub more_contradictions: bool,
    /// What the delivered records say about behaviour that AWS does not document, by its name:
    /// `arn-prefix`, `each-object`, `absent-field`.
    pub assumptions: BTreeMap<String, Evidence>,
    /// Hours without files, and buckets that stopped appearing.
    pub silence: Silence,
}

impl LogsAnswer {
    /// The version that this library writes and reads.
    pub const SCHEMA_VERSION: u32 = 1;
}

fn version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        1 => Ok(1),
        other => Err(serde::de::Error::custom(format_args!(
            "schemaVersion {other} is not supported, only 1"
        ))),
    }
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Read {
    /// Log files.
    pub files: u64,
    /// Their bytes, compressed where they are.
    pub bytes: u64,
    /// Records in them, as often as they were delivered.
    pub records: u64,
    /// Different events.
    pub events: u64,
    /// Events of S3, each once.
    pub of_s3: u64,
    /// Records of S3, as often as they were delivered.
    #[serde(default)]
    pub records_of_s3: u64,
    /// Records whose event was read before: two trails that deliver to one bucket write every event
    /// that both select twice.
    pub duplicates: u64,
    /// The time of the first event.
    pub first: Option<Moment>,
    /// The time of the last event.
    pub last: Option<Moment>,
    /// What was not read, and why.
    pub skipped: Vec<Skipped>,
    /// Whether there is more that was not read than is listed.
    pub more_skipped: bool,
    /// What lies beside the log files and is none, by its kind.
    pub left_out: BTreeMap<String, u64>,
}

/// Something that was not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Skipped {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// A trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TrailSummary {
    /// Its ARN.
    pub arn: String,
    /// Whether it exists when the logs end; `None` where that is not known.
    pub exists: Option<bool>,
    /// Whether it logs then.
    pub is_logging: Option<bool>,
    /// Whether it is a multi-Region trail then.
    pub is_multi_region: Option<bool>,
    /// The bucket that it delivers to then.
    pub s3_bucket_name: Option<String>,
    /// Its selectors then, as GetEventSelectors spells them.
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Map<String, Value>>"))]
    pub event_selectors: Option<Value>,
    /// The management events that its selectors take then.
    pub management: Option<Management>,
    /// How many calls changed it.
    pub changes: usize,
}

/// Who made a call, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallSummary {
    /// `eventID`.
    #[serde(rename = "eventID")]
    pub event_id: Option<String>,
    /// `eventTime`.
    pub event_time: Moment,
    /// `eventName`.
    pub event_name: String,
    /// The account whose log has it.
    pub account_id: String,
    /// `awsRegion`.
    pub aws_region: String,
    /// Who made it.
    pub caller: Caller,
    /// `sourceIPAddress`: from where.
    #[serde(rename = "sourceIPAddress")]
    pub source_ip_address: Option<String>,
    /// `userAgent`.
    pub user_agent: Option<String>,
}

/// What a call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Effect {
    /// Something that was recorded is no longer.
    Loses,
    /// More is recorded, and nothing less.
    Gains,
    /// It changed the trail, but not what is recorded.
    Same,
    /// It changed the trail, and what was recorded before is not known.
    Unknown,
    /// It can stop or erase what a trail delivers.
    Endangers,
    /// It failed, and changed nothing.
    Failed,
}

/// A call that changed what is logged, or tried to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// The call.
    pub call: CallSummary,
    /// `errorCode`; `None` where the call succeeded.
    pub error_code: Option<String>,
    /// `errorMessage`.
    pub error_message: Option<String>,
    /// The trail, bucket or key that it is about, where the record names one.
    pub about: Option<String>,
    /// The ARNs of the trails that it concerns.
    pub trails: Vec<String>,
    /// What it did.
    pub effect: Effect,
    /// What the trail surely recorded before and not after, and the other way round, for each kind of
    /// S3's object-level events.
    pub changes: Vec<Change>,
    /// The management events that the trail recorded before, where that is known.
    pub management_before: Option<Management>,
    /// The management events that it records after, where that is known.
    pub management_after: Option<Management>,
    /// All of it in a sentence.
    pub sentence: String,
}

/// What kind of events was not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// Every event.
    Everything,
    /// Data events of S3.
    Data,
    /// Management events.
    Management,
}

/// What a trail did not record for a time, although it did before or after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Unrecorded {
    /// The trail's ARN.
    pub trail: String,
    /// From when on.
    pub from: Moment,
    /// Until when; `None` where it is so until the logs end.
    pub to: Option<Moment>,
    /// Which events.
    pub what: What,
    /// Of which kind; `None` for both.
    pub kind: Option<Kind>,
    /// All of them in words.
    pub description: String,
    /// Whether they were surely not recorded: `NOT_LOGGED`, or `NOT_KNOWN`.
    pub answer: Answer,
    /// Whether other trails that are known recorded it, of data events: `LOGGED` where they recorded
    /// all of it, `NOT_LOGGED` where there is surely none that recorded any of it, or `NOT_KNOWN`.
    pub by_others: Option<Answer>,
    /// The call that caused it; `None` where the logs do not have it.
    pub caused_by: Option<CallSummary>,
    /// The call that ended it.
    pub ended_by: Option<CallSummary>,
    /// All of it in a sentence.
    pub sentence: String,
}

/// How many delivered records of S3's objects were held against the selectors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// Records that some trail surely logs.
    pub logged: u64,
    /// Records of which it is not known whether a trail logs them.
    pub not_known: u64,
    /// Records that surely no trail logs.
    pub not_logged: u64,
    /// Of those, records that a trail may have delivered which neither the logs nor a snapshot name.
    /// They refute nothing.
    pub unexplained: u64,
    /// Records from times at which the selectors are not known, or within 15 minutes of a change.
    pub left_out: u64,
    /// What keeps records from being judged, or makes them refute nothing, and what would settle it.
    pub unknowns: Vec<cis_rules::report::Unknown>,
}

/// Whether the trails of the account are known to be all there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RestsOn {
    /// A snapshot lists them.
    Snapshot,
    /// The logs show how each was made, and no record of an object from before the first.
    History,
}

/// A record that was delivered although surely no trail logs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Contradiction {
    /// The file that it is in.
    pub file: String,
    /// What the trails are known by.
    pub rests_on: RestsOn,
    /// Why no trail logs it.
    pub explanation: Explanation,
    /// The record, whole.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, Value>"))]
    pub record: Value,
}

/// How many delivered records speak for an assumption, and how many against it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Delivered, and only the assumption lets a known trail log them.
    pub confirmed: u64,
    /// Delivered, and only without the assumption a known trail can log them.
    pub refuted: u64,
    /// The same by the name of the event, those that confirm it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub confirmed_by: BTreeMap<String, u64>,
    /// And those that refute it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refuted_by: BTreeMap<String, u64>,
}

/// Hours without files, and buckets that stopped appearing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Silence {
    /// Runs of whole hours in which no file of an account and Region was delivered, longest first.
    pub hours: Vec<SilentHours>,
    /// Whether there are more than are listed.
    pub more_hours: bool,
    /// Buckets whose data events stopped while management events still name them.
    pub buckets: Vec<SilentBucket>,
}

/// What digests say of hours without files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Proof {
    /// Digests name files that are not there.
    FilesMissing,
    /// Digests of all these hours say that nothing was delivered. `trailproof verify` says whether
    /// they are CloudTrail's own.
    NothingDelivered,
    /// There is no digest of some of these hours: a quiet Region has none, either.
    None,
}

/// Hours without files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SilentHours {
    /// The account.
    pub account_id: String,
    /// The Region.
    pub aws_region: String,
    /// When the first of them begins.
    pub from: Moment,
    /// When the last of them ends.
    pub to: Moment,
    /// How many they are.
    pub hours: u64,
    /// What digests say of them.
    pub proof: Proof,
    /// How many files the digests name that are not there.
    pub files_missing: u64,
}

/// A bucket whose data events stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SilentBucket {
    /// The account whose logs have it.
    pub account_id: String,
    /// Its name.
    pub bucket: String,
    /// How many data events there were.
    pub data_events: u64,
    /// The last of them.
    pub last_data_event: Moment,
    /// The last management event that names it.
    pub last_management_event: Moment,
    /// How many management events named it on the days after that of the last data event.
    pub management_events_since: u64,
    /// The sentences of what was not recorded at that time and may be why.
    pub may_be_because: Vec<String>,
}
