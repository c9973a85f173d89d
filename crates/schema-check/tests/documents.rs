//! Every document of every case is what its schema says, and is the same after it was read.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;

use std::fs;

use cis_rules::diff::Difference;
use cis_rules::explain::Explanations;
use cis_rules::report::Report;
use cis_rules::snapshot::Snapshot;
use schema_check::{accepts, check};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Holds a document against its schema, and against itself once it was read.
fn hold<T: Serialize + DeserializeOwned>(name: &str, id: &str, document: &T) {
    let text = serde_json::to_string(document).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    check(name, &value).unwrap_or_else(|wrong| panic!("{id}: {wrong}"));
    let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{id}: {error}"));
    assert_eq!(serde_json::to_string(&read).unwrap(), text, "{id}");
}

#[test]
fn reports_explanations_and_differences() {
    let accounts = cases::accounts();
    let mut events = 0;
    for (id, account, allowed) in &accounts {
        check("snapshot", account).unwrap_or_else(|wrong| panic!("{id}: {wrong}"));
        let report = cases::report(account, allowed);
        hold::<Report>("report", id, &report);
        let explanations = cases::explanations(account, &report);
        events += explanations.events.len();
        hold::<Explanations>("explanation", id, &explanations);
    }
    assert!(events > 500, "{events} events");
    for pair in accounts.windows(2) {
        let [(id, before, _), (_, after, _)] = pair else { continue };
        for (before, after) in [(before, after), (after, before)] {
            hold::<Difference>("difference", id, &cases::difference(before, after));
        }
    }
}

#[test]
fn snapshots_in_this_repository() {
    for path in ["crates/cis-cli/sample/account.json", "crates/cis-bench/data/slowest.json"] {
        let text = fs::read_to_string(cases::file(path)).unwrap();
        check("snapshot", &serde_json::from_str(&text).unwrap()).unwrap();
    }
}

#[test]
fn what_is_read_as_a_snapshot_is_what_its_schema_accepts() {
    let mut read = 0;
    for entry in fs::read_dir(cases::file("fuzz/corpus/snapshot")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        let is_read = Snapshot::from_json(&text).is_ok();
        // A member that stands twice is one to the schema.
        let stands_twice = serde_json::to_string(&value).unwrap().len() < text.trim().len();
        if is_read || !stands_twice {
            assert_eq!(accepts("snapshot", &value), Ok(is_read), "{}: {text}", path.display());
        }
        read += usize::from(is_read);
    }
    assert!(read > 20, "{read} snapshots were read");
}
