//! Small accounts made of fuzzing bytes, in AWS's JSON.

use arbitrary::Unstructured;
use cis_rules::question::Question;
use cis_rules::snapshot::Snapshot;
use serde_json::Value;
use testkit::accounts::account;
use testkit::chance::{Chance, Rng};
use testkit::question::question;

/// Chance from a fuzzer's bytes, and from a seeded generator when they are used up, so that few
/// bytes are a whole account, too.
pub(crate) struct Bytes<'a, 'b> {
    bytes: &'a mut Unstructured<'b>,
    rest: Rng,
}

impl<'a, 'b> Bytes<'a, 'b> {
    pub(crate) fn new(bytes: &'a mut Unstructured<'b>) -> Self {
        let seed = bytes.arbitrary().unwrap_or_default();
        Self { bytes, rest: Rng::new(seed) }
    }
}

impl Chance for Bytes<'_, '_> {
    fn below(&mut self, bound: usize) -> usize {
        if self.bytes.is_empty() {
            return self.rest.below(bound);
        }
        self.bytes.int_in_range(0..=bound.saturating_sub(1)).unwrap_or_default()
    }
}

/// An account and a question about it.
pub(crate) struct Asked {
    pub(crate) json: Value,
    pub(crate) snapshot: Snapshot,
    pub(crate) question: Question,
}

impl Asked {
    /// The account and the question that chance brings.
    pub(crate) fn new(chance: &mut impl Chance) -> Self {
        let json = account(chance);
        let question = question(chance);
        let snapshot = Snapshot::from_json(&json.to_string());
        assert!(snapshot.is_ok(), "{snapshot:?}: {json}");
        match snapshot {
            Ok(snapshot) => Self { json, snapshot, question },
            Err(_) => unreachable!("asserted above"),
        }
    }
}
