//! The data events of S3, counted.

use std::collections::BTreeMap;

use cis_evidence::Moment;
use cis_evidence::answer::{Delivered, Row, Share};
use cis_logs::LogRecord;
use cis_records::RecordSummary;
use cis_rules::question::Kind;
use cis_rules::record::caller::CallerType;
use cis_rules::record::json::RecordJson;
use serde::Deserialize;

/// What events have in common that are counted together.
type Key = (Option<String>, String, Option<Kind>, String, &'static str);

/// How many, and how much.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    events: u64,
    errors: u64,
    bytes_in: u64,
    bytes_out: u64,
}

/// The data events so far.
#[derive(Debug, Default)]
pub(super) struct Counted {
    rows: BTreeMap<Key, Sums>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Transferred {
    bytes_transferred_in: serde_json::Value,
    bytes_transferred_out: serde_json::Value,
}

/// A number of bytes: data events have it as a float.
fn bytes(value: &serde_json::Value) -> u64 {
    value.as_u64().or_else(|| value.as_f64().map(|bytes| bytes as u64)).unwrap_or_default()
}

impl Counted {
    /// Counts one.
    pub(super) fn add(&mut self, time: Moment, parsed: &RecordJson<'_>, record: &LogRecord<'_>) {
        let summary = RecordSummary::of(parsed);
        let transferred: Transferred = record
            .additional_event_data
            .and_then(|data| serde_json::from_str(data).ok())
            .unwrap_or_default();
        let key = (
            summary.bucket,
            time.day(),
            summary.kind,
            summary.event_name.unwrap_or_default(),
            summary.caller.caller_type.name(),
        );
        let sums = self.rows.entry(key).or_default();
        sums.events += 1;
        sums.errors += u64::from(summary.error_code.is_some());
        sums.bytes_in += bytes(&transferred.bytes_transferred_in);
        sums.bytes_out += bytes(&transferred.bytes_transferred_out);
    }

    /// Takes in what another thread counted.
    pub(super) fn merge(&mut self, other: Self) {
        for (key, theirs) in other.rows {
            let ours = self.rows.entry(key).or_default();
            ours.events += theirs.events;
            ours.errors += theirs.errors;
            ours.bytes_in += theirs.bytes_in;
            ours.bytes_out += theirs.bytes_out;
        }
    }

    /// All of them.
    pub(super) fn delivered(counted: Self) -> Delivered {
        let mut delivered = Delivered::default();
        for ((bucket, day, kind, event_name, caller), sums) in counted.rows {
            let caller_type = CallerType::ALL
                .into_iter()
                .find(|known| known.name() == caller)
                .unwrap_or_default();
            let Sums { events, errors, bytes_in, bytes_out } = sums;
            delivered.data_events += events;
            delivered.errors += errors;
            delivered.bytes_in += bytes_in;
            delivered.bytes_out += bytes_out;
            let Share { other_accounts, anonymous } = &mut delivered.from_outside;
            match caller_type {
                CallerType::OtherAccount => *other_accounts += events,
                CallerType::Anonymous => *anonymous += events,
                _ => {}
            }
            delivered.rows.push(Row {
                bucket,
                day,
                kind,
                event_name,
                caller_type,
                events,
                errors,
                bytes_in,
                bytes_out,
            });
        }
        delivered
    }
}
