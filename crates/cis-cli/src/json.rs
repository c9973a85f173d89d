//! The report as JSON, one result per line, written while results are decided.

use std::borrow::Cow;
use std::io::{self, Write};

use cis_rules::explain::{Explanation, Explanations};
use cis_rules::report::Report;
use cis_rules::snapshot::Snapshot;
use serde::Serialize;
use serde_json::Value;

use crate::text::escape::escape_json;

/// A document as text, safe for a terminal.
///
/// # Errors
/// Where the document cannot be written as JSON.
pub(crate) fn text(document: &impl Serialize) -> io::Result<String> {
    let text = serde_json::to_string(document)?;
    Ok(match escape_json(&text) {
        Cow::Owned(escaped) => escaped,
        Cow::Borrowed(_) => text,
    })
}

/// Writes a report whose results are not all held at once.
///
/// # Errors
/// Where the output cannot be written, or a result cannot be made.
pub(crate) fn report<W: Write, E: From<io::Error>>(
    out: &mut W,
    results: impl IntoIterator<Item = Result<String, E>>,
) -> Result<(), E> {
    write!(out, "{{\"schemaVersion\":{},\"results\":[", Report::SCHEMA_VERSION)?;
    lines(out, results)?;
    Ok(writeln!(out, "\n]}}")?)
}

/// Writes a document of one list (schemaVersion 1) whose items are not all held at once.
///
/// # Errors
/// Where the output cannot be written, or an item cannot be made.
pub(crate) fn list<W: Write, E: From<io::Error>>(
    out: &mut W,
    member: &str,
    items: impl IntoIterator<Item = Result<String, E>>,
) -> Result<(), E> {
    write!(out, "{{\"schemaVersion\":1,\"{member}\":[")?;
    lines(out, items)?;
    Ok(writeln!(out, "\n]}}")?)
}

/// Writes an array whose items are not all held at once.
///
/// # Errors
/// Where the output cannot be written, or an item cannot be made.
pub(crate) fn array<W: Write, E: From<io::Error>>(
    out: &mut W,
    items: impl IntoIterator<Item = Result<String, E>>,
) -> Result<(), E> {
    out.write_all(b"[")?;
    lines(out, items)?;
    Ok(writeln!(out, "\n]")?)
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
    let (name, account) = (text(&snapshot.name)?, text(&snapshot.account_id)?);
    let version = Explanations::SCHEMA_VERSION;
    write!(
        out,
        "{{\"schemaVersion\":{version},\"name\":{name},\"accountId\":{account},\"events\":["
    )?;
    lines(out, events.into_iter().map(|event| text(&event)))?;
    writeln!(out, "\n]}}")
}

/// Writes one document.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn document<W: Write>(out: &mut W, document: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", text(document)?)
}

/// Writes the items of an array, one per line.
fn lines<W: Write, E: From<io::Error>>(
    out: &mut W,
    items: impl IntoIterator<Item = Result<String, E>>,
) -> Result<(), E> {
    let mut lines = Lines::default();
    for item in items {
        lines.item(out, &item?)?;
    }
    Ok(())
}

/// The items of an array while they come, one per line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lines {
    has_items: bool,
}

impl Lines {
    /// Writes one more.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(crate) fn item<W: Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let has_items = std::mem::replace(&mut self.has_items, true);
        out.write_all(if has_items { b",\n" } else { b"\n" })?;
        out.write_all(text.as_bytes())
    }
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
            report(&mut streamed, results.iter().map(text)).unwrap();
            let streamed: serde_json::Value = serde_json::from_slice(&streamed).unwrap();
            let whole = serde_json::to_value(Report::new(results)).unwrap();
            assert_eq!(streamed, whole);
        }
    }
}
