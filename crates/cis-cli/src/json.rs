//! The report as JSON, one result per line, written while results are decided.

use std::io::{self, Write};

use cis_rules::report::{AccountResult, Report};
use serde_json::Value;

use crate::text::escape::escape_json;

/// Writes a report whose results are not all held at once.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn report<W: Write>(
    out: &mut W,
    results: impl IntoIterator<Item = AccountResult>,
) -> io::Result<()> {
    write!(out, "{{\"schemaVersion\":{},\"results\":[", Report::SCHEMA_VERSION)?;
    let mut separator = "\n";
    for result in results {
        out.write_all(separator.as_bytes())?;
        let result = serde_json::to_string(&result)?;
        out.write_all(escape_json(&result).as_bytes())?;
        separator = ",\n";
    }
    writeln!(out, "\n]}}")
}

/// A JSON document for people's eyes too: indented, and safe for a terminal.
pub(crate) fn pretty(document: &Value) -> String {
    escape_json(&format!("{document:#}\n")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;

    #[test]
    fn what_is_streamed_is_a_report() {
        for count in 0..3 {
            let results = vec![samples::non_compliant(); count];
            let mut streamed = Vec::new();
            report(&mut streamed, results.clone()).unwrap();
            let streamed: serde_json::Value = serde_json::from_slice(&streamed).unwrap();
            let whole = serde_json::to_value(Report::new(results)).unwrap();
            assert_eq!(streamed, whole);
        }
    }
}
