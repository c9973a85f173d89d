//! One answer, as each format writes it.

use cis_findings::sheet::Sheet;
use cis_findings::told::Told;
use cis_findings::{github, gitlab, junit, markdown, sarif};
use cis_pages::audit as page;
use cis_rules::question::Question;
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;

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
pub(super) const COLUMNS: [&str; 12] = [
    "verdict", "account", "name", "kind", "mode", "rule", "trail", "cause", "why", "lost", "fix",
    "place",
];

/// What is asked of every account, and how it is answered.
pub(super) struct Audit {
    /// The questions.
    pub(super) questions: Vec<Question>,
    /// How answers are written.
    pub(super) format: AnswerFormat,
    /// How much text tells.
    pub(super) telling: Telling,
    /// Whether what is COMPLIANT is left out.
    pub(super) is_failing_only: bool,
    /// Whether text is coloured.
    pub(super) is_coloured: bool,
    /// How wide text is.
    pub(super) columns: usize,
}

/// An answer, as it is written.
pub(super) struct Piece {
    /// Its verdict.
    pub(super) verdict: Verdict,
    /// What is written; empty where nothing is.
    pub(super) text: String,
    /// A row of the job's summary, beside an annotation.
    pub(super) row: String,
    /// What a page shows.
    pub(super) entry: Option<page::Entry>,
}

/// The answer to one question about one account.
pub(super) type Written = Result<Piece, Failure>;

impl Audit {
    /// Whether answers of this verdict are written.
    pub(super) fn is_asked_for(&self, verdict: Verdict) -> bool {
        !self.is_failing_only || verdict != Verdict::Compliant
    }

    /// The answers about one account, in the order of the questions.
    pub(super) fn answers(&self, snapshot: &Snapshot) -> Vec<Written> {
        self.questions.iter().map(|question| self.answer(snapshot, question)).collect()
    }

    fn answer(&self, snapshot: &Snapshot, question: &Question) -> Written {
        let (result, completed) = cis_rules::evaluate_with_account(snapshot, question);
        let snapshot = completed.as_ref().unwrap_or(snapshot);
        let verdict = result.verdict;
        let mut piece = Piece { verdict, text: String::new(), row: String::new(), entry: None };
        if self.is_asked_for(verdict) {
            piece.text = self.text(snapshot, question, &result)?;
            if self.format == AnswerFormat::Github {
                piece.row = markdown::row(snapshot, question, &result);
            }
            if self.format == AnswerFormat::Html {
                let sheet = Sheet::of(snapshot, question, &result);
                piece.entry = Some(page::Entry::of(sheet)?);
            }
        }
        Ok(piece)
    }

    fn text(
        &self,
        snapshot: &Snapshot,
        question: &Question,
        result: &AccountResult,
    ) -> Result<String, Failure> {
        let document = |document: Option<serde_json::Value>| {
            document.map_or_else(|| Ok(String::new()), |document| json::text(&document))
        };
        Ok(match self.format {
            AnswerFormat::Json => json::text(result)?,
            AnswerFormat::Asff => json::text(&findings::account(snapshot)?.asff(question, result))?,
            AnswerFormat::Ocsf => json::text(&findings::account(snapshot)?.ocsf(question, result))?,
            AnswerFormat::Csv => row(snapshot, question, result)?,
            AnswerFormat::Markdown => markdown::row(snapshot, question, result),
            AnswerFormat::Sarif => document(sarif::result(snapshot, question, result))?,
            AnswerFormat::Gitlab => document(gitlab::issue(snapshot, question, result))?,
            AnswerFormat::Github => github::annotation(snapshot, question, result)
                .map_or_else(String::new, |line| format!("{line}\n")),
            AnswerFormat::Junit => junit::case(snapshot, question, result)?,
            AnswerFormat::Html => String::new(),
            AnswerFormat::Text => {
                let mut page = Page::new(Vec::new(), self.is_coloured).wide(self.columns);
                match self.telling {
                    Telling::Line => text::brief::line(&mut page, snapshot, question, result)?,
                    Telling::Brief => text::brief::account(&mut page, snapshot, question, result)?,
                    Telling::Details => text::account(&mut page, snapshot, question, result)?,
                }
                String::from_utf8(page.into_inner()).map_err(std::io::Error::other)?
            }
        })
    }
}

/// A row of a spreadsheet.
fn row(
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> Result<String, Failure> {
    let told = Told::of(snapshot, question, result);
    let place = told.place.as_ref().map_or_else(String::new, |place| match place.line {
        Some(line) => format!("{}:{line}", place.file),
        None => place.file.clone(),
    });
    let fix = told.fix.join("; ");
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
    ])?)
}
