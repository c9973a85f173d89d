//! An account that can be changed: its snapshot as the engine reads it, and as AWS wrote it.

use cis_rules::open_values::OpenValues;
use cis_rules::question::Exception;
use cis_rules::report::Verdict;
use cis_rules::snapshot::{InputError, ObservedTrail, Snapshot};
use cis_rules::{Mode, Question};
use serde_json::value::RawValue;

use crate::json::{Members, compact};

/// A snapshot with its text, so that what AWS gave can be given back unchanged.
#[derive(Clone, Debug)]
pub struct Account {
    document: Members,
    entries: Vec<Members>,
    snapshot: Snapshot,
}

impl Account {
    /// Reads one snapshot (schemaVersion 1).
    ///
    /// # Errors
    /// Where the text is not a snapshot: what is wrong, with line and column.
    pub fn from_json(text: &str) -> Result<Self, InputError> {
        let snapshot = Snapshot::from_json(text)?;
        let document: Members = serde_json::from_str(&compact(text))?;
        let entries = document.read("trails").unwrap_or_default();
        Ok(Self { document, entries, snapshot })
    }

    /// Reads a file's snapshots: one, an array of them, or one after the other.
    ///
    /// # Errors
    /// Where the text holds none, or something else: what is wrong, with line and column.
    pub fn all_from_json(text: &str) -> Result<Vec<Self>, InputError> {
        // Its messages tell the place in the file.
        let read = Snapshot::all_from_json(text)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut accounts = Vec::with_capacity(read.len());
        for document in serde_json::Deserializer::from_str(text).into_iter::<Box<RawValue>>() {
            let document = document?;
            if document.get().starts_with('[') {
                for one in serde_json::from_str::<Vec<Box<RawValue>>>(document.get())? {
                    accounts.push(Self::from_json(one.get())?);
                }
            } else {
                accounts.push(Self::from_json(document.get())?);
            }
        }
        Ok(accounts)
    }

    /// What the engine reads.
    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The snapshot as it was written, without white space between its tokens.
    #[must_use]
    pub const fn document(&self) -> &Members {
        &self.document
    }

    /// The entries of the trails, as they were written.
    pub(crate) fn entries(&self) -> &[Members] {
        &self.entries
    }

    /// The observed trails, in the order of the entries.
    pub(crate) fn trails(&self) -> &[ObservedTrail] {
        self.snapshot.trails.as_deref().unwrap_or_default()
    }

    /// The account with other entries; `None` if it would be none.
    pub(crate) fn with_entries(&self, entries: Vec<Members>) -> Option<Self> {
        let mut document = self.document.clone();
        document.set("trails", &entries);
        // What a plan leaves open is filled in for the trails as they are written, and for no others.
        let snapshot = Snapshot::from_json(&document.text()).ok()?;
        Some(Self { document, entries, snapshot })
    }

    /// Takes the ways to fill in what the plan of this account leaves open.
    pub(crate) fn take_open_values(&mut self, values: &OpenValues) {
        self.snapshot.open_values = values.clone();
    }

    /// Whether the account is COMPLIANT for every question.
    #[must_use]
    pub fn is_compliant(&self, questions: &[Question]) -> bool {
        questions.iter().all(|question| self.verdict(question) == Verdict::Compliant)
    }

    /// The exceptions that concern the answers, each once.
    pub(crate) fn exceptions(&self, questions: &[Question]) -> Vec<Exception> {
        let mut all: Vec<Exception> = Vec::new();
        for question in questions {
            for exception in &cis_rules::evaluate(&self.snapshot, question).exceptions {
                if !all.contains(exception) {
                    all.push(exception.clone());
                }
            }
        }
        all
    }

    /// The verdict of one question.
    pub(crate) fn verdict(&self, question: &Question) -> Verdict {
        cis_rules::evaluate(&self.snapshot, question).verdict
    }

    /// Whether one trail by itself logs everything that a question asks for.
    pub(crate) fn suffices(&self, trail: usize, question: &Question) -> bool {
        let Some(observed) = self.trails().get(trail) else { return false };
        let only = Snapshot {
            trails: Some(vec![observed.clone()]),
            unreadable: Vec::new(),
            open_values: OpenValues::default(),
            ..self.snapshot.clone()
        };
        let question = Question { mode: Mode::Any, ..question.clone() };
        cis_rules::evaluate(&only, &question).verdict == Verdict::Compliant
    }
}
