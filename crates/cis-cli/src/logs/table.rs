//! What was delivered, as a table for spreadsheets.

use std::io::{self, Write};

use cis_evidence::answer::{Delivered, Row};
use cis_rules::question::Kind;

use crate::spreadsheet::Spreadsheet;

const TITLES: [&str; 9] =
    ["bucket", "day", "kind", "eventName", "callerType", "events", "errors", "bytesIn", "bytesOut"];

/// Writes the rows.
///
/// # Errors
/// Where the output cannot be written.
pub(super) fn write<W: Write>(out: &mut W, delivered: &Delivered) -> io::Result<()> {
    let mut sheet = Spreadsheet::new(out, &TITLES)?;
    for row in &delivered.rows {
        let Row { bucket, day, kind, event_name, caller_type, events, errors, bytes_in, bytes_out } =
            row;
        sheet.row([
            bucket.as_deref().unwrap_or_default(),
            day,
            kind.map_or("", Kind::name),
            event_name,
            caller_type.name(),
            &events.to_string(),
            &errors.to_string(),
            &bytes_in.to_string(),
            &bytes_out.to_string(),
        ])?;
    }
    sheet.finish()
}
