//! The report as JSON, one result per line, written while results are decided.

use std::io::{self, Write};

use cis_rules::explain::Explanation;
use cis_rules::report::{AccountResult, Report};
use cis_rules::snapshot::Snapshot;
use serde::Serialize;
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
    lines(out, results)?;
    writeln!(out, "\n]}}")
}

/// Writes an array whose items are not all held at once.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn array<W: Write>(
    out: &mut W,
    items: impl IntoIterator<Item = impl Serialize>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    lines(out, items)?;
    writeln!(out, "\n]")
}

/// Writes the explanations of events, which are not all held at once.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn explanations<W: Write>(
    out: &mut W,
    snapshot: &Snapshot,
    events: impl IntoIterator<Item = Explanation>,
) -> io::Result<()> {
    let text = |text: &Option<String>| serde_json::to_string(text);
    let (name, account) = (text(&snapshot.name)?, text(&Some(snapshot.account_id.clone()))?);
    let version = Explanation::SCHEMA_VERSION;
    let head = format!("{{\"schemaVersion\":{version},\"name\":{name},\"accountId\":{account}");
    write!(out, "{},\"events\":[", escape_json(&head))?;
    lines(out, events)?;
    writeln!(out, "\n]}}")
}

/// Writes one document.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn document<W: Write>(out: &mut W, document: &impl Serialize) -> io::Result<()> {
    let document = serde_json::to_string(document)?;
    writeln!(out, "{}", escape_json(&document))
}

/// Writes the items of an array, one per line.
fn lines<W: Write>(out: &mut W, items: impl IntoIterator<Item = impl Serialize>) -> io::Result<()> {
    let mut separator = "\n";
    for item in items {
        out.write_all(separator.as_bytes())?;
        let item = serde_json::to_string(&item)?;
        out.write_all(escape_json(&item).as_bytes())?;
        separator = ",\n";
    }
    Ok(())
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
