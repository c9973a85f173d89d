//! One answer, as each format writes it.

use cis_findings::github::Level;
use cis_findings::told::Told;
use cis_findings::{github, gitlab, junit, markdown, sarif};
use cis_pages::audit::Entry;
use cis_rules::question::{Exception, Question};
use cis_rules::report::{AccountResult, SkippedAccount, Verdict};
use cis_rules::snapshot::Snapshot;

use super::baseline::Baseline;
use super::page;
use crate::format::AnswerFormat;
use crate::outcome::Failure;
use crate::text::Page;
use crate::{findings, json, spreadsheet, text};

/// How much text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// A line for each answer.
    Line,
    /// What is read in ten seconds.
    Brief,
    /// Everything that is known.
    Details,
}

/// The columns of a spreadsheet.
pub(super) const COLUMNS: [&str; 13] = [
    "verdict",
    "account",
    "name",
    "kind",
    "mode",
    "rule",
    "trail",
    "cause",
    "why",
    "lost",
    "fix",
    "place",
    "exceptions",
];

/// How answers look in one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// How answers are written.
    pub(super) format: AnswerFormat,
    /// How much text tells.
    pub(super) telling: Telling,
    /// Whether text is coloured.
    pub(super) is_coloured: bool,
    /// How wide text is.
    pub(super) columns: usize,
}

/// What is asked of every account, and how it is answered.
pub(super) struct Audit {
    /// The questions.
    pub(super) questions: Vec<Question>,
    /// How answers look in each place.
    pub(super) looks: Vec<Look>,
    /// Whether what is COMPLIANT is left out.
    pub(super) is_failing_only: bool,
    /// What an earlier run found.
    pub(super) baseline: Baseline,
    /// Accounts of a list that were not read.
    pub(super) skipped: Vec<SkippedAccount>,
}

/// An answer, as it is written in each place.
pub(super) struct Piece {
    /// Its verdict.
    pub(super) verdict: Verdict,
    /// Whether the account is excepted.
    pub(super) is_excepted: bool,
    /// Whether an earlier run found all that is amiss.
    pub(super) is_known: bool,
    /// What is written, one for each look; empty where nothing is.
    pub(super) parts: Vec<Part>,
}

/// An answer, as one format writes it.
#[derive(Default)]
pub(super) struct Part {
    /// What is written; empty where nothing is.
    pub(super) text: String,
    /// A row of the job's summary, beside an annotation.
    pub(super) row: String,
    /// Results of code scanning, annotations or issues, in place of a text.
    pub(super) items: Vec<String>,
    /// How severe annotations are.
    pub(super) level: Option<Level>,
    /// What a page shows, in place of a text.
    pub(super) entry: Option<Entry>,
}

/// The answer to one question about one account.
pub(super) type Written = Result<Piece, Failure>;

impl Audit {
    /// The exceptions that are known of: the same for each question.
    pub(super) fn exceptions(&self) -> &[Exception] {
        self.questions.first().map_or(&[], |question| &question.exceptions)
    }

    /// The answers about one account, in the order of the questions.
    pub(super) fn answers(&self, snapshot: &Snapshot) -> Vec<Written> {
        self.questions.iter().map(|question| self.answer(snapshot, question)).collect()
    }

    fn answer(&self, snapshot: &Snapshot, question: &Question) -> Written {
        let (result, completed) = cis_rules::evaluate_with_account(snapshot, question);
        let snapshot = completed.as_ref().unwrap_or(snapshot);
        let verdict = result.verdict;
        let is_known = self.baseline.knows(&result);
        let is_left_out = is_known || (self.is_failing_only && verdict == Verdict::Compliant);
        let parts = if is_left_out {
            Vec::new()
        } else {
            let part = |look: &Look| self.part(*look, snapshot, question, &result);
            self.looks.iter().map(part).collect::<Result<_, _>>()?
        };
        Ok(Piece { verdict, is_excepted: result.excepted().is_some(), is_known, parts })
    }

    fn part(
        &self,
        look: Look,
        snapshot: &Snapshot,
        question: &Question,
        result: &AccountResult,
    ) -> Result<Part, Failure> {
        let mut part = Part::default();
        if look.format == AnswerFormat::Sarif {
            let all = sarif::results(snapshot, question, result).into_iter();
            let new = all.filter(|(name, _)| !self.baseline.has(name));
            part.items = new.map(|(_, result)| json::text(&result)).collect::<Result<_, _>>()?;
            return Ok(part);
        }
        if look.format == AnswerFormat::Gitlab {
            let issues = gitlab::issues(snapshot, question, result);
            part.items = issues.iter().map(json::text).collect::<Result<_, _>>()?;
            return Ok(part);
        }
        if look.format == AnswerFormat::Html {
            part.entry = Some(page::entry(snapshot, question, result)?);
            return Ok(part);
        }
        if look.format == AnswerFormat::Github {
            part.row = markdown::row(snapshot, question, result);
            let annotations = github::annotations(snapshot, question, result);
            (part.level, part.items) =
                annotations.map_or_else(Default::default, |(level, all)| (Some(level), all));
            return Ok(part);
        }
        part.text = text(look, snapshot, question, result)?;
        Ok(part)
    }
}

fn text(
    look: Look,
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> Result<String, Failure> {
    Ok(match look.format {
        AnswerFormat::Json => json::text(result)?,
        AnswerFormat::Asff => json::text(&findings::account(snapshot)?.asff(question, result))?,
        AnswerFormat::Ocsf => json::text(&findings::account(snapshot)?.ocsf(question, result))?,
        AnswerFormat::Csv => row(snapshot, question, result)?,
        AnswerFormat::Markdown => markdown::row(snapshot, question, result),
        AnswerFormat::Junit => junit::case(snapshot, question, result)?,
        AnswerFormat::Sarif | AnswerFormat::Html | AnswerFormat::Gitlab | AnswerFormat::Github => {
            String::new()
        }
        AnswerFormat::Text => {
            let mut page = Page::new(Vec::new(), look.is_coloured).wide(look.columns);
            match look.telling {
                Telling::Line => text::brief::line(&mut page, snapshot, question, result)?,
                Telling::Brief => text::brief::account(&mut page, snapshot, question, result)?,
                Telling::Details => text::account(&mut page, snapshot, question, result)?,
            }
            String::from_utf8(page.into_inner()).map_err(std::io::Error::other)?
        }
    })
}

/// A row of a spreadsheet.
fn row(
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> Result<String, Failure> {
    let told = Told::of(snapshot, question, result);
    let place = told.place.as_ref().map_or_else(String::new, ToString::to_string);
    let fix = told.fix.join("; ");
    let exceptions = told.exceptions.join(" ");
    Ok(spreadsheet::row([
        result.verdict.name(),
        &result.account_id,
        result.name.as_deref().unwrap_or_default(),
        result.kind.name(),
        result.mode.name(),
        told.rule,
        told.trail.as_deref().unwrap_or_default(),
        &told.cause,
        told.why.as_deref().unwrap_or_default(),
        told.lost.as_deref().unwrap_or_default(),
        &fix,
        &place,
        &exceptions,
    ])?)
}
