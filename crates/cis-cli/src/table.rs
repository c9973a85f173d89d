//! Rows of text with aligned columns, written while they come.

use std::io::{self, Write};

use crate::text::escape::escape;

/// The widest that a column gets; a longer text moves only its own row.
const WIDEST: usize = 44;

/// A table. The last column is not padded.
#[derive(Debug)]
pub(crate) struct Table<W, const N: usize> {
    out: W,
    /// A column that needed more keeps it, so that rows which are not known yet are aligned with
    /// those before.
    widths: [usize; N],
}

impl<W: Write, const N: usize> Table<W, N> {
    /// A table whose columns have at first these widths.
    pub(crate) const fn new(out: W, widths: [usize; N]) -> Self {
        Self { out, widths }
    }

    /// A table of rows that are known: its columns fit these cells.
    pub(crate) fn fitting<'a>(out: W, rows: impl IntoIterator<Item = [&'a str; N]>) -> Self {
        let mut widths = [0; N];
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = escape(cell).chars().count().max(*width);
            }
        }
        Self { out, widths }
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(crate) fn row(&mut self, cells: [&str; N]) -> io::Result<()> {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(&mut self.widths) {
            let cell = escape(cell);
            let length = cell.chars().count();
            *width = length.clamp(*width, (*width).max(WIDEST));
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(length) + 2));
        }
        writeln!(self.out, "{}", line.trim_end_matches(' '))
    }

    /// Writes a line below a row.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", escape(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_and_nothing_is_cut() {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, [3, 2]);
        for cells in [["a", "b"], ["longer", "b\u{7}"], ["a", "b"], [&"x".repeat(50), "b"]] {
            table.row(cells).unwrap();
        }
        table.row(["a", ""]).unwrap();
        let expected = format!("a    b\nlonger  b\\u{{7}}\na       b\n{}  b\na\n", "x".repeat(50));
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
