//! Whatever text is given as a snapshot or as an event: it is read or refused, never more.

use cis_lambda::event::Event;
use cis_lambda::parameters::Parameters;
use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;
use serde_json::Value;

use crate::evidence;

/// Reads snapshots, and decides those that can be read.
pub(crate) fn snapshot(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let one = Snapshot::from_json(text);
    let all = Snapshot::all_from_json(text);
    assert_eq!(all, Snapshot::all_from_json(text), "reading is not repeatable");
    if let Ok(one) = one {
        assert_eq!(all.as_deref(), Ok(&[one][..]), "one snapshot is not read alike from a file");
    }
    if let Err(error) = &all {
        assert!(!error.to_string().is_empty());
    }
    for snapshot in all.unwrap_or_default() {
        for kind in Kind::ALL {
            for mode in Mode::ALL {
                let question = Question { kind, mode, allow_unlogged: Vec::new() };
                evidence::check(&snapshot, &question, &evaluate(&snapshot, &question));
            }
        }
    }
}

/// Reads an AWS Config event with its parameters.
pub(crate) fn rule_event(data: &[u8]) {
    let Ok(event) = serde_json::from_slice::<Value>(data) else { return };
    match Event::from_json(&event) {
        Ok(event) => {
            assert!(event.account_id.len() == 12, "{}", event.account_id);
            if let Err(error) = Parameters::from_json(&event.parameters) {
                assert!(!error.to_string().is_empty());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
