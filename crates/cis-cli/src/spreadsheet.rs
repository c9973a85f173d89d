//! CSV that is safe to open in a spreadsheet, and on a terminal.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::text::escape::escape;

/// Rows of cells.
#[derive(Debug)]
pub(crate) struct Spreadsheet<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> Spreadsheet<W> {
    /// Rows below these titles.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(crate) fn new(out: W, titles: &[&str]) -> io::Result<Self> {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(titles)?;
        Ok(Self { rows })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        for text in cells {
            self.rows.write_field(cell(text).as_ref())?;
        }
        Ok(self.rows.write_record(None::<&[u8]>)?)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

/// A row as a line.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> io::Result<String> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    for text in cells {
        rows.write_field(cell(text).as_ref())?;
    }
    rows.write_record(None::<&[u8]>)?;
    let line = rows.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(line).map_err(io::Error::other)
}

/// A text as a cell: with an apostrophe in front where a spreadsheet would take it for a formula, and
/// what a terminal would obey as escapes.
///
/// Source: <https://owasp.org/www-community/attacks/CSV_Injection>
fn cell(text: &str) -> Cow<'_, str> {
    let escaped = escape(text);
    if text.starts_with(STARTS_OF_FORMULAS) { format!("'{escaped}").into() } else { escaped }
}

/// How formulas start; the last four are the full-width forms, which some spreadsheets take as well.
const STARTS_OF_FORMULAS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, safe) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\\t=1"),
            ("\r=1", "'\\r=1"),
            ("\n=1", "'\\n=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a=1", "a=1"),
            ("", ""),
            ("a\u{1b}[31m", "a\\u{1b}[31m"),
        ] {
            assert_eq!(cell(text), safe);
        }
    }

    #[test]
    fn what_is_read_back_is_what_was_written() {
        let mut out = Vec::new();
        let mut sheet = Spreadsheet::new(&mut out, &["a", "b"]).unwrap();
        sheet.row(["x,\"y\"", "=1"]).unwrap();
        sheet.row(["", ""]).unwrap();
        sheet.finish().unwrap();
        let mut rows = csv::Reader::from_reader(out.as_slice());
        let rows: Vec<Vec<String>> = rows.deserialize().map(Result::unwrap).collect();
        assert_eq!(rows, [["x,\"y\"", "'=1"], ["", ""]]);
    }
}
