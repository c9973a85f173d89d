//! Answers as a page for the browser, whose head has the totals: so the answers are held back.

use std::io::Write as _;

use cis_findings::sheet::Sheet;
use cis_pages::audit::{Entry, Page};
use cis_rules::question::Question;
use cis_rules::report::AccountResult;
use cis_rules::snapshot::Snapshot;

use crate::outcome::{Failure, Tally};
use crate::output::{Held, append, held_part};

/// A page while answers come.
pub(super) struct Answers {
    questions: Vec<Question>,
    page: Page,
    data: Held,
    shown: usize,
}

/// An answer, as the page has it.
///
/// # Errors
/// Where it cannot be written.
pub(super) fn entry(
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> Result<Entry, Failure> {
    Ok(Entry::of(Sheet::of(snapshot, question, result))?)
}

impl Answers {
    /// None yet, to these questions.
    pub(super) fn to(questions: &[Question]) -> Self {
        let page = Page::default();
        Self { questions: questions.to_vec(), page, data: held_part(), shown: 0 }
    }

    /// Adds an answer.
    ///
    /// # Errors
    /// Where it cannot be held back.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), Failure> {
        self.shown += 1;
        Ok(self.data.write_all(self.page.add(entry).as_bytes())?)
    }

    /// Writes the page.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn write(self, out: &mut Held, tally: &Tally) -> Result<(), Failure> {
        let left_out = tally.total().saturating_sub(self.shown);
        out.write_all(self.page.before(&self.questions, left_out).as_bytes())?;
        append(out, self.data)?;
        Ok(out.write_all(self.page.after()?.as_bytes())?)
    }
}
