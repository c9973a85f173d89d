//! Who changed what is recorded, and what was not recorded since.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use cis_evidence::answer::{Effect, HistoryEntry, Unrecorded, What};
use cis_evidence::{History, Moment, Observation};
use serde_json::{Value, json};
use support::{ACCOUNT, TRAIL, at, call, calls, everything, put, snapshot, without};

fn told(records: &[Value], snapshots: &[Value]) -> (Vec<HistoryEntry>, Vec<Unrecorded>) {
    let observations: Vec<Observation> = snapshots
        .iter()
        .map(|snapshot| Observation::of(snapshot, Moment::parse(&at("23:59:59")).unwrap()).unwrap())
        .collect();
    History::new(calls(records), &observations).told()
}

fn sentences(unrecorded: &[Unrecorded]) -> Vec<&str> {
    unrecorded.iter().map(|found| found.sentence.as_str()).collect()
}

fn begun() -> Vec<Value> {
    vec![
        call(
            "09:00:00",
            "alice",
            "CreateTrail",
            json!({"name": "main", "s3BucketName": "audit-logs",
            "isMultiRegionTrail": true}),
        ),
        put("09:00:00", "alice", everything()),
        call("09:00:00", "alice", "StartLogging", json!({"name": "main"})),
    ]
}

#[test]
fn an_exclusion_is_told_from_when_to_when_and_by_whom() {
    let mut records = begun();
    records.push(put("10:04:00", "mallory", without("payroll")));
    records.push(put("13:20:00", "alice", everything()));
    let (entries, unrecorded) = told(&records, &[]);
    assert_eq!(
        sentences(&unrecorded),
        [
            "from 2026-03-01 10:04 to 13:20 no write event on objects in bucket `payroll` was recorded \
             by trail/main, because user/mallory excluded it (PutEventSelectors)",
            "from 2026-03-01 10:04 to 13:20 no read event on objects in bucket `payroll` was recorded \
             by trail/main, because user/mallory excluded it (PutEventSelectors)",
        ]
        .map(|sentence| sentence.to_string())
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
    );
    let effects: Vec<Effect> = entries.iter().map(|entry| entry.effect).collect();
    assert_eq!(effects, [Effect::Same, Effect::Gains, Effect::Gains, Effect::Loses, Effect::Gains]);
    assert_eq!(entries[3].call.source_ip_address.as_deref(), Some("198.51.100.7"));
}
