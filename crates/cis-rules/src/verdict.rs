//! The account's verdict.

use alloc::string::ToString;
use alloc::vec::Vec;

use crate::controls::controls;
use crate::question::Question;
use crate::report::{AccountResult, Verdict};
use crate::snapshot::Snapshot;

/// Answers one question about one account.
#[must_use]
pub fn evaluate(snapshot: &Snapshot, question: &Question) -> AccountResult {
    AccountResult {
        name: snapshot.name.clone(),
        account_id: snapshot.account_id.clone(),
        kind: question.kind,
        mode: question.mode,
        allow_unlogged: question.allow_unlogged.clone(),
        verdict: Verdict::Indeterminate,
        summary: "not decided".to_string(),
        controls: controls(question.kind),
        assumptions: Vec::new(),
        trails: Vec::new(),
        gaps: Vec::new(),
        more_gaps: false,
        unknowns: Vec::new(),
        proof: None,
    }
}
