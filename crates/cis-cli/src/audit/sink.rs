//! One format while answers come: what stands before, between and behind them.

use std::io::Write as _;

use cis_findings::{junit, markdown, sarif};
use cis_rules::report::{Report, Verdict};

use super::annotations::Annotations;
use super::answer::{Audit, COLUMNS, Look, Part, Telling};
use super::page::Answers;
use super::scanning::Results;
use crate::format::AnswerFormat;
use crate::json::Lines;
use crate::outcome::{Failure, Tally};
use crate::output::{Held, append, held, held_part};
use crate::text::{self, Page};
use crate::{json, spreadsheet};

/// The most that GitHub takes as a job's summary; more is dropped whole.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>
const LARGEST_SUMMARY: usize = 1 << 20;

/// A format while answers come.
pub(super) struct Sink {
    look: Look,
    is_failing_only: bool,
    out: Held,
    shape: Shape,
}

/// What is between answers.
enum Shape {
    /// The items of a JSON array, and what stands after it.
    List(Lines, String),
    /// Rows or lines that follow each other.
    Rows,
    /// Texts with an empty line between them.
    Texts { is_first: bool },
    /// The worst first: what is refuted, what is open, what is proved.
    WorstFirst(Box<[Held; 3]>),
    /// Test cases, whose number comes before them.
    Cases(Box<Held>),
    /// Results of code scanning, which refuses a file with too many.
    Results(Results),
    /// Annotations of a job, of which GitHub shows some, and its summary.
    Annotations(Annotations, Summary),
    /// A page for the browser, whose totals come before the answers.
    Page(Box<Answers>),
}

/// The summary of a job of GitHub Actions.
#[derive(Default)]
struct Summary {
    rows: String,
    hidden: usize,
}

/// A format, whole.
pub(super) struct Finished {
    /// What is written.
    pub(super) out: Held,
    /// The summary of the job, where the format has one.
    pub(super) summary: Option<String>,
}

impl Sink {
    /// The format before the first answer.
    ///
    /// # Errors
    /// Where it cannot be held back.
    pub(super) fn new(audit: &Audit, look: Look) -> Result<Self, Failure> {
        let mut out = held();
        let shape = match look.format {
            AnswerFormat::Json => {
                write!(out, "{{\"schemaVersion\":{},\"results\":[", Report::SCHEMA_VERSION)?;
                let skipped = match audit.skipped.as_slice() {
                    [] => String::new(),
                    skipped => format!(",\"skipped\":{}", json::text(&skipped)?),
                };
                Shape::List(Lines::default(), format!("\n]{skipped}}}\n"))
            }
            AnswerFormat::Asff | AnswerFormat::Ocsf | AnswerFormat::Gitlab => {
                out.write_all(b"[")?;
                Shape::List(Lines::default(), "\n]\n".to_string())
            }
            AnswerFormat::Csv => {
                out.write_all(spreadsheet::row(COLUMNS)?.as_bytes())?;
                Shape::Rows
            }
            AnswerFormat::Markdown => {
                out.write_all(markdown::HEAD.as_bytes())?;
                Shape::Rows
            }
            AnswerFormat::Html => Shape::Page(Box::new(Answers::to(&audit.questions))),
            AnswerFormat::Junit => Shape::Cases(Box::new(held_part())),
            AnswerFormat::Sarif => {
                out.write_all(sarif::head(audit.exceptions()).as_bytes())?;
                Shape::Results(Results::default())
            }
            AnswerFormat::Github => Shape::Annotations(Annotations::default(), Summary::default()),
            AnswerFormat::Text if look.telling == Telling::Line => worst_first(),
            AnswerFormat::Text => Shape::Texts { is_first: true },
        };
        Ok(Self { look, is_failing_only: audit.is_failing_only, out, shape })
    }

    /// Adds an answer.
    ///
    /// # Errors
    /// Where it cannot be held back.
    pub(super) fn add(&mut self, verdict: Verdict, mut part: Part) -> Result<(), Failure> {
        let out = &mut self.out;
        match &mut self.shape {
            // GitLab's report has no item of what is proved.
            Shape::List(lines, _) if part.text.is_empty() => {
                part.items.iter().try_for_each(|item| lines.item(out, item))?;
            }
            Shape::List(lines, _) => lines.item(out, &part.text)?,
            Shape::Rows => out.write_all(part.text.as_bytes())?,
            Shape::Texts { is_first } => {
                if !std::mem::take(is_first) {
                    out.write_all(b"\n")?;
                }
                out.write_all(part.text.as_bytes())?;
            }
            Shape::Annotations(annotations, summary) => {
                summary.add(&part.row);
                part.level.into_iter().for_each(|level| {
                    annotations.add(level, std::mem::take(&mut part.items));
                });
            }
            Shape::WorstFirst(kept) => {
                let [refuted, open, proved] = &mut **kept;
                let kept = match verdict {
                    Verdict::NonCompliant => refuted,
                    Verdict::Indeterminate => open,
                    Verdict::Compliant => proved,
                };
                kept.write_all(part.text.as_bytes())?;
            }
            Shape::Page(answers) => part.entry.map_or(Ok(()), |entry| answers.add(entry))?,
            Shape::Cases(cases) => cases.write_all(part.text.as_bytes())?,
            Shape::Results(results) => results.add(verdict, part.items),
        }
        Ok(())
    }

    /// The format after the last answer.
    ///
    /// # Errors
    /// Where it cannot be held back.
    pub(super) fn finish(self, tally: &Tally) -> Result<Finished, Failure> {
        let Self { look, is_failing_only, mut out, shape } = self;
        let mut summary = None;
        match shape {
            Shape::List(_, end) => out.write_all(end.as_bytes())?,
            Shape::Rows | Shape::Texts { .. } => {}
            Shape::WorstFirst(kept) => {
                for kept in *kept {
                    append(&mut out, kept)?;
                }
            }
            Shape::Annotations(annotations, of_job) => {
                annotations.write(&mut out)?;
                summary = Some(of_job.text());
            }
            Shape::Page(answers) => answers.write(&mut out, tally)?,
            Shape::Cases(cases) => {
                let (failures, errors) = (tally.non_compliant, tally.indeterminate);
                let passed = if is_failing_only { 0 } else { tally.compliant };
                let skipped = tally.excepted;
                let all = passed + failures + errors + skipped;
                out.write_all(junit::head(all, failures, errors, skipped).as_bytes())?;
                append(&mut out, *cases)?;
                out.write_all(junit::TAIL.as_bytes())?;
            }
            Shape::Results(results) => results.write(&mut out)?,
        }
        if look.format == AnswerFormat::Text {
            text::total(&mut Page::new(&mut out, look.is_coloured), tally)?;
        }
        Ok(Finished { out, summary })
    }
}

fn worst_first() -> Shape {
    Shape::WorstFirst(Box::new([held_part(), held_part(), held_part()]))
}

impl Summary {
    fn add(&mut self, row: &str) {
        if self.rows.len() + row.len() < LARGEST_SUMMARY - markdown::HEAD.len() - 100 {
            self.rows.push_str(row);
        } else {
            self.hidden += 1;
        }
    }

    fn text(self) -> String {
        let mut text = format!("{}{}", markdown::HEAD, self.rows);
        if self.hidden > 0 {
            text += &format!("\n{} more are not shown.\n", self.hidden);
        }
        text
    }
}
