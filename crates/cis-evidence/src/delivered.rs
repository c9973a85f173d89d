//! What was delivered: the data events of S3, counted.

use cis_rules::question::Kind;
use cis_rules::record::caller::CallerType;
use serde::{Deserialize, Serialize};

/// The data events of S3 that were delivered, each event once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Delivered {
    /// How many.
    pub data_events: u64,
    /// How many of them failed.
    pub errors: u64,
    /// Bytes that callers sent, where the records say it.
    pub bytes_in: u64,
    /// Bytes that callers received, where the records say it.
    pub bytes_out: u64,
    /// The events that callers outside of the account made.
    pub from_outside: Share,
    /// How many of each, in the order of buckets and days.
    pub rows: Vec<Row>,
}

/// Events that callers outside of the account made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// Other accounts.
    pub other_accounts: u64,
    /// Nobody that signed.
    pub anonymous: u64,
}

/// How many events are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The bucket; `None` where the record names none.
    pub bucket: Option<String>,
    /// The day, in UTC: `2026-03-01`.
    pub day: String,
    /// Read or write; `None` where that is not known.
    pub kind: Option<Kind>,
    /// `eventName`.
    pub event_name: String,
    /// What the caller is.
    pub caller_type: CallerType,
    /// How many.
    pub events: u64,
    /// How many of them failed.
    pub errors: u64,
    /// Bytes that callers sent.
    pub bytes_in: u64,
    /// Bytes that callers received.
    pub bytes_out: u64,
}
