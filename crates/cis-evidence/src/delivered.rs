//! What was delivered: the data events of S3, counted.

use cis_rules::question::Kind;
use cis_rules::record::caller::{Caller, CallerType};
use serde::{Deserialize, Serialize};

/// How many events, and what is told of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Events.
    pub events: u64,
    /// Those that failed.
    pub errors: u64,
    /// Those that other accounts made, or anonymous callers.
    pub from_outside: u64,
    /// Bytes that requests brought, as far as the records tell.
    pub bytes_in: u64,
    /// Bytes that responses brought, as far as the records tell.
    pub bytes_out: u64,
}

impl Counts {
    /// Adds others.
    pub const fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.errors += other.errors;
        self.from_outside += other.from_outside;
        self.bytes_in = self.bytes_in.saturating_add(other.bytes_in);
        self.bytes_out = self.bytes_out.saturating_add(other.bytes_out);
    }
}

/// The data events of S3 that were delivered, each event once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Delivered {
    /// All of them.
    pub all: Counts,
    /// Those of each bucket, in the order of their names.
    pub buckets: Vec<Bucket>,
    /// Who made most of them: at most 100 callers.
    #[serde(default)]
    pub callers: Vec<OfCaller>,
    /// How many callers there are besides, groups counted as one.
    #[serde(default)]
    pub more_callers: u64,
}

/// The data events of a bucket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    /// Its name; `None` for records that name none.
    pub bucket: Option<String>,
    /// All of them.
    pub all: Counts,
    /// By event, kind and caller.
    pub by_event: Vec<OfEvent>,
    /// By day.
    pub by_day: Vec<OfDay>,
}

/// The data events of a caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OfCaller {
    /// Who it is. Where a role has more sessions, or an account more users, than are told apart, they
    /// are one caller, whose ARN ends with `*`.
    pub caller: Caller,
    /// Whether these are several callers.
    pub is_group: bool,
    /// How many.
    pub counts: Counts,
}

/// The data events of a name, kind and caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OfEvent {
    /// `eventName`.
    pub event_name: String,
    /// Read or write; `None` where that is not known.
    pub kind: Option<Kind>,
    /// What the callers are.
    pub caller_type: CallerType,
    /// How many.
    pub counts: Counts,
}

/// The data events of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OfDay {
    /// The day, in UTC: `2026-03-01`; `None` where the records say no time.
    pub day: Option<String>,
    /// How many.
    pub counts: Counts,
}
