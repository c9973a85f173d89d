//! What was delivered, as a table for spreadsheets: each bucket by event, then by day.

use std::io::{self, Write};

use cis_evidence::answer::{Bucket, Counts, Delivered};
use cis_rules::question::Kind;

use crate::spreadsheet::Spreadsheet;

const TITLES: [&str; 11] = [
    "bucket",
    "by",
    "day",
    "eventName",
    "kind",
    "callerType",
    "events",
    "errors",
    "fromOutside",
    "bytesIn",
    "bytesOut",
];

/// Writes the rows.
///
/// # Errors
/// Where the output cannot be written.
pub(super) fn write<W: Write>(out: &mut W, delivered: &Delivered) -> io::Result<()> {
    let mut sheet = Spreadsheet::new(out, &TITLES)?;
    for Bucket { bucket, by_event, by_day, .. } in &delivered.buckets {
        let bucket = bucket.as_deref().unwrap_or_default();
        let mut row = |told: [&str; 5], counts: &Counts| {
            let Counts { events, errors, from_outside, bytes_in, bytes_out } = *counts;
            let counts = [events, errors, from_outside, bytes_in, bytes_out];
            let counts = counts.map(|count| count.to_string());
            let told = [bucket].into_iter().chain(told);
            sheet.row(told.chain(counts.iter().map(String::as_str)))
        };
        for of in by_event {
            let kind = of.kind.map_or("", Kind::name);
            row(["event", "", &of.event_name, kind, of.caller_type.name()], &of.counts)?;
        }
        for of in by_day {
            row(["day", of.day.as_deref().unwrap_or_default(), "", "", ""], &of.counts)?;
        }
    }
    sheet.finish()
}
