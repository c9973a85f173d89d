//! Hours without files, and buckets that stopped appearing.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use cis_evidence::answer::Proof;
use cis_evidence::{Collected, DigestSummary, Glance, History, Moment, silence};
use support::{ACCOUNT, at, begun, call, calls};

fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn on(clock: &str) -> Moment {
    moment(&at(clock))
}

fn digest(from: &str, to: &str, files: u64, files_missing: u64) -> DigestSummary {
    let (account_id, aws_region) = (ACCOUNT.to_string(), "us-east-1".to_string());
    DigestSummary { account_id, aws_region, from: on(from), to: on(to), files, files_missing }
}

fn hours() -> Collected {
    let mut collected = Collected::default();
    for (region, clock) in [
        ("us-east-1", "09:59:00"),
        ("us-east-1", "10:05:00"),
        ("us-east-1", "13:00:00"),
        ("eu-west-1", "12:30:00"),
    ] {
        collected.file(ACCOUNT, region, on(clock));
    }
    collected
}

#[test]
fn hours_without_files_are_told_for_each_region_up_to_the_last_file_of_any() {
    let silent = silence(&hours(), &[], &[]).hours;
    let told: Vec<_> = silent
        .iter()
        .map(|run| {
            (run.aws_region.as_str(), run.from.clock(), run.to.clock(), run.hours, run.proof)
        })
        .collect();
    let (eleven, one, two) = ("11:00".to_string(), "13:00".to_string(), "14:00".to_string());
    assert_eq!(
        told,
        [
            ("us-east-1", eleven, one.clone(), 2, Proof::None),
            ("eu-west-1", one, two, 1, Proof::None),
        ]
    );
}

#[test]
fn digests_prove_silence_only_where_they_leave_no_time_out() {
    for (digests, proof) in [
        (
            vec![digest("11:00:00", "12:00:00", 0, 0), digest("12:00:00", "13:00:00", 0, 0)],
            Proof::NothingDelivered,
        ),
        (vec![digest("10:30:00", "13:10:00", 1, 0)], Proof::NothingDelivered),
        (vec![digest("11:00:00", "12:00:00", 0, 0)], Proof::None),
        (
            vec![digest("11:00:00", "12:00:00", 0, 0), digest("12:00:01", "13:00:00", 0, 0)],
            Proof::None,
        ),
        (vec![digest("11:00:00", "12:00:00", 3, 2)], Proof::FilesMissing),
        (vec![digest("13:00:00", "14:00:00", 3, 2)], Proof::None),
    ] {
        let silent = silence(&hours(), &digests, &[]).hours;
        let run = silent.iter().find(|run| run.aws_region == "us-east-1").unwrap();
        assert_eq!(run.proof, proof, "{digests:?}");
    }
}

fn glance<'a>(time: &str, bucket: &'a str, is_data: bool) -> Glance<'a> {
    Glance { account_id: ACCOUNT, time: moment(time), is_data, bucket: Some(bucket) }
}

#[test]
fn a_bucket_that_stopped_appearing_is_told_while_management_events_name_it() {
    let mut records = begun();
    records.push(call("12:00:00", "mallory", "StopLogging", serde_json::json!({"name": "main"})));
    let (_, unrecorded) = History::new(calls(&records), &[]).told();
    let mut one = Collected::default();
    let mut other = Collected::default();
    for (bucket, is_data, times) in [
        ("payroll", true, &["2026-03-01T10:00:00Z", "2026-03-01T11:59:00Z"][..]),
        (
            "payroll",
            false,
            &["2026-03-01T11:00:00Z", "2026-03-02T12:00:00Z", "2026-03-03T09:00:00Z"],
        ),
        // Still there.
        ("customers", true, &["2026-03-03T09:00:00Z"]),
        ("customers", false, &["2026-03-03T10:00:00Z"]),
        // Never there.
        ("logs", false, &["2026-03-03T10:00:00Z"]),
        // Gone from both.
        ("old", true, &["2026-03-01T10:00:00Z"]),
        ("old", false, &["2026-03-01T10:00:00Z"]),
    ] {
        for (index, time) in times.iter().enumerate() {
            let half = if index % 2 == 0 { &mut one } else { &mut other };
            half.record(glance(time, bucket, is_data));
        }
    }
    one.merge(other);
    let silent = silence(&one, &[], &unrecorded).buckets;
    assert_eq!(silent.len(), 1, "{silent:#?}");
    assert_eq!(silent[0].bucket, "payroll");
    assert_eq!((silent[0].data_events, silent[0].management_events_since), (2, 2));
    assert_eq!(silent[0].may_be_because, [unrecorded[0].sentence.clone()]);
}
