//! The page that text is written on: colours, indentation, wrapping, escaping.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::escape::escape;

/// Columns of a line where the terminal does not say how many it has; what has no space to break at
/// may be longer.
pub(crate) const COLUMNS_OF_FILES: usize = 96;

/// The columns that are used of narrower and wider terminals.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=120;

/// The longest text that is written whole: past it a reader is better served by the JSON report.
const LONGEST: usize = 2000;

/// What a verdict means for the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Proved.
    Good,
    /// Refuted.
    Bad,
    /// Open.
    Doubtful,
    /// Not in question.
    Neutral,
}

impl Tone {
    fn style(self) -> Style {
        let color = match self {
            Self::Good => Some(AnsiColor::Green),
            Self::Bad => Some(AnsiColor::Red),
            Self::Doubtful => Some(AnsiColor::Yellow),
            Self::Neutral => None,
        };
        Style::new().bold().fg_color(color.map(anstyle::Color::Ansi))
    }
}

/// The page. Whatever is written on it is escaped.
#[derive(Debug)]
pub(crate) struct Page<W> {
    out: W,
    is_coloured: bool,
    width: usize,
}

/// The columns of the reader's terminal: what `COLUMNS` says, or the terminal that is written to; within
/// bounds. Where there is no terminal, some shells and pipelines say 0.
pub(crate) fn columns() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let said = said.filter(|columns| *columns > 0);
    let of_terminal = || {
        let is_terminal = io::IsTerminal::is_terminal(&io::stdout());
        let size = is_terminal.then(terminal_size::terminal_size).flatten();
        size.map(|(width, _)| usize::from(width.0))
    };
    let columns: usize = said.or_else(of_terminal).unwrap_or(COLUMNS_OF_FILES);
    columns.clamp(*WIDTHS.start(), *WIDTHS.end())
}

impl<W: Write> Page<W> {
    /// A page on an output.
    pub(crate) const fn new(out: W, is_coloured: bool) -> Self {
        Self { out, is_coloured, width: COLUMNS_OF_FILES }
    }

    /// The page, so many columns wide.
    pub(crate) fn wide(self, width: usize) -> Self {
        Self { width, ..self }
    }

    /// A verdict, what it is of, and at the right what it speaks to, if that has room.
    pub(super) fn verdict(
        &mut self,
        tone: Tone,
        verdict: &str,
        left: &str,
        right: &str,
    ) -> io::Result<()> {
        self.styled(tone.style(), verdict)?;
        let (left, right) = (escape(&shortened(left)).into_owned(), escape(right));
        let used = verdict.chars().count() + left.chars().count();
        let room = self.width.saturating_sub(used);
        let needed = right.chars().count();
        if needed > 0 && needed + 2 <= room {
            writeln!(self.out, "{left}{:>room$}", right)
        } else {
            writeln!(self.out, "{left}")
        }
    }

    /// A verdict and what is said of it, in one line that is cut where it is too long.
    pub(super) fn line(&mut self, tone: Tone, verdict: &str, text: &str) -> io::Result<()> {
        self.styled(tone.style(), verdict)?;
        let text = escape(text);
        let room = self.width.saturating_sub(verdict.chars().count());
        if text.chars().count() <= room {
            return writeln!(self.out, "{text}");
        }
        let cut: String = text.chars().take(room.saturating_sub(1)).collect();
        writeln!(self.out, "{}…", cut.trim_end())
    }

    /// Wrapped text after a label, which stands in columns of its own.
    pub(super) fn labelled(&mut self, label: &str, columns: usize, text: &str) -> io::Result<()> {
        self.label(label, columns)?;
        let indent = 2 + columns;
        self.wrapped(indent, indent, text, Style::new())
    }

    /// Lines to copy after a label: never wrapped.
    pub(super) fn labelled_verbatim(
        &mut self,
        label: &str,
        columns: usize,
        text: &str,
    ) -> io::Result<()> {
        for (index, line) in text.lines().enumerate() {
            self.label(if index == 0 { label } else { "" }, columns)?;
            writeln!(self.out, "{}", escape(line))?;
        }
        Ok(())
    }

    fn label(&mut self, label: &str, columns: usize) -> io::Result<()> {
        self.indent(2)?;
        self.styled(Style::new().bold(), label)?;
        self.indent(columns.saturating_sub(label.chars().count()))
    }

    /// The output.
    pub(crate) fn into_inner(self) -> W {
        self.out
    }

    /// A coloured word, then text.
    pub(super) fn headline(&mut self, tone: Tone, lead: &str, text: &str) -> io::Result<()> {
        self.styled(tone.style(), lead)?;
        self.wrapped(2, lead.chars().count(), &format!("  {text}"), Style::new())
    }

    /// A section's title, after an empty line.
    pub(super) fn section(&mut self, title: &str) -> io::Result<()> {
        write!(self.out, "\n  ")?;
        self.styled(Style::new().bold(), title)?;
        writeln!(self.out)
    }

    /// Wrapped text.
    pub(crate) fn text(&mut self, indent: usize, text: &str) -> io::Result<()> {
        self.indent(indent)?;
        self.wrapped(indent, indent, text, Style::new())
    }

    /// What another page has written, which is escaped and wrapped.
    pub(super) fn written(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Wrapped text that stands out.
    pub(super) fn strong(&mut self, indent: usize, text: &str) -> io::Result<()> {
        self.indent(indent)?;
        self.wrapped(indent, indent, text, Style::new().bold())
    }

    /// Wrapped text after a mark.
    pub(super) fn item(&mut self, indent: usize, mark: &str, text: &str) -> io::Result<()> {
        self.indent(indent)?;
        write!(self.out, "{mark} ")?;
        let indent = indent + mark.len() + 1;
        self.wrapped(indent, indent, text, Style::new())
    }

    /// Text to copy: one line, never wrapped.
    pub(crate) fn verbatim(&mut self, indent: usize, text: &str) -> io::Result<()> {
        self.indent(indent)?;
        writeln!(self.out, "{}", escape(text))
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    fn indent(&mut self, columns: usize) -> io::Result<()> {
        write!(self.out, "{:columns$}", "")
    }

    fn styled(&mut self, style: Style, text: &str) -> io::Result<()> {
        let text = escape(text);
        if self.is_coloured && !style.is_plain() {
            write!(self.out, "{style}{text}{style:#}")
        } else {
            write!(self.out, "{text}")
        }
    }

    /// Wrapped text on a line that has `column` columns already; further lines are indented.
    fn wrapped(
        &mut self,
        indent: usize,
        column: usize,
        text: &str,
        style: Style,
    ) -> io::Result<()> {
        let text = shortened(text);
        let (first, rest) = (self.width.saturating_sub(column), self.width.saturating_sub(indent));
        let lines = wrap(&text, first, rest);
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.indent(indent)?;
            }
            self.styled(style, line)?;
            writeln!(self.out)?;
        }
        Ok(())
    }
}

/// The beginning of a text that is too long for a page.
fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        None => text.into(),
        Some((end, _)) => {
            let beginning = text.get(..end).unwrap_or_default();
            format!("{beginning} ... (cut here; `--format json` has all of it)").into()
        }
    }
}

/// Lines of a text, broken at spaces: the first of at most `first` columns, the others of `rest`.
fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for (index, word) in text.split(' ').enumerate() {
        let length = escape(word).chars().count();
        let width = if lines.is_empty() { first } else { rest };
        if index > 0 && used + 1 + length > width && !line.trim().is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if index > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_breaks_at_spaces() {
        assert_eq!(wrap("aa bb cc", 5, 5), ["aa bb", "cc"]);
        assert_eq!(wrap("aa bb cc", 2, 5), ["aa", "bb cc"]);
        assert_eq!(wrap("", 5, 5), [""]);
    }

    #[test]
    fn what_has_no_space_is_left_whole() {
        assert_eq!(wrap("a arn:aws:s3:::payroll/ b", 8, 8), ["a", "arn:aws:s3:::payroll/", "b"]);
    }

    #[test]
    fn nothing_is_lost_by_wrapping() {
        let text = "one  two three `four five` six seven eight nine ten";
        assert_eq!(wrap(text, 7, 11).join(" "), text);
    }

    #[test]
    fn colour_is_only_where_it_is_asked_for() {
        for (is_coloured, expected) in
            [(false, "COMPLIANT  x\n"), (true, "\u{1b}[1m\u{1b}[32mCOMPLIANT\u{1b}[0m  x\n")]
        {
            let mut page = Page::new(Vec::new(), is_coloured);
            page.headline(Tone::Good, "COMPLIANT", "x").unwrap();
            assert_eq!(String::from_utf8(page.into_inner()).unwrap(), expected);
        }
    }

    #[test]
    fn an_endless_text_is_cut() {
        assert!(shortened(&"x".repeat(LONGEST + 1)).ends_with("has all of it)"));
        assert_eq!(shortened("short"), "short");
    }
}
