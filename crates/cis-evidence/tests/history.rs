//! Who changed what is recorded, and what was not recorded since.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use cis_evidence::answer::{Effect, Extent, HistoryEntry, Unrecorded, What};
use cis_evidence::{History, Moment, Observation};
use cis_rules::explain::Answer;
use serde_json::{Value, json};
use support::{at, begun, call, calls, everything, put, snapshot, without};

fn history(records: &[Value], snapshots: &[Value]) -> History {
    let end = Moment::parse(&at("23:59:59")).unwrap();
    let observations: Vec<Observation> =
        snapshots.iter().map(|snapshot| Observation::of(snapshot, end).unwrap()).collect();
    History::new(calls(records), &observations)
}

fn told(records: &[Value], snapshots: &[Value]) -> (Vec<HistoryEntry>, Vec<Unrecorded>) {
    history(records, snapshots).told()
}

/// The sentences about what was surely not recorded.
fn surely(unrecorded: &[Unrecorded]) -> Vec<&str> {
    let surely = unrecorded.iter().filter(|found| found.answer == Answer::NotLogged);
    surely.map(|found| found.sentence.as_str()).collect()
}

fn effects(entries: &[HistoryEntry]) -> Vec<Effect> {
    entries.iter().map(|entry| entry.effect).collect()
}

const EXCLUDED: [&str; 2] = [
    "from 2026-03-01 10:04 to 13:20 no write event on objects in bucket `payroll` was recorded by \
     trail/main, because user/mallory excluded it (PutEventSelectors)",
    "from 2026-03-01 10:04 to 13:20 no read event on objects in bucket `payroll` was recorded by \
     trail/main, because user/mallory excluded it (PutEventSelectors)",
];

#[test]
fn an_exclusion_is_told_from_when_to_when_and_by_whom() {
    let mut records = begun();
    records.push(put("10:04:00", "mallory", without("payroll")));
    records.push(put("13:20:00", "alice", everything()));
    records.reverse();
    let (entries, unrecorded) = told(&records, &[]);
    assert_eq!(surely(&unrecorded), EXCLUDED);
    // Whether requests that name no key are taken is not documented, and that is told too.
    assert_eq!(unrecorded.len(), 4, "{unrecorded:#?}");
    assert_eq!(
        effects(&entries),
        [Effect::Same, Effect::Same, Effect::Gains, Effect::Loses, Effect::Gains]
    );
    assert_eq!(entries[3].call.source_ip_address.as_deref(), Some("198.51.100.7"));
    let ended = unrecorded[0].ended_by.as_ref().unwrap();
    assert_eq!(ended.caller.arn.as_deref(), Some("arn:aws:iam::111122223333:user/alice"));
}

#[test]
fn an_exclusion_is_told_where_what_was_recorded_before_is_not_known() {
    let records =
        [put("10:04:00", "mallory", without("payroll")), put("13:20:00", "alice", everything())];
    let (entries, unrecorded) = told(&records, &[]);
    assert_eq!(surely(&unrecorded), EXCLUDED);
    assert_eq!(effects(&entries), [Effect::Unknown, Effect::Gains]);
}

#[test]
fn a_snapshot_tells_what_was_recorded_before_the_first_change_and_after_the_last() {
    for records in [
        vec![
            put("10:04:00", "mallory", without("payroll")),
            put("13:20:00", "alice", everything()),
        ],
        vec![put("10:04:00", "mallory", without("payroll"))],
    ] {
        // The one before: what it shows was so until the first change.
        let (entries, unrecorded) = told(&records, &[snapshot("09:00:00")]);
        assert_eq!(entries[0].effect, Effect::Loses, "{entries:#?}");
        let to = unrecorded[0].to.map(|to| to.to_string());
        assert_eq!(to, records.get(1).map(|_| at("13:20:00")));
    }
    let (_, unrecorded) = told(
        &[call("10:04:00", "mallory", "StopLogging", json!({"name": "main"}))],
        &[snapshot("09:00:00")],
    );
    assert_eq!(
        surely(&unrecorded),
        [
            "from 2026-03-01 10:04 on nothing was recorded by trail/main, because user/mallory stopped it"
        ]
    );
}

#[test]
fn what_a_snapshot_shows_otherwise_changed_at_a_time_that_is_not_known() {
    let records = [put("10:04:00", "mallory", without("payroll"))];
    let history = history(&records, &[snapshot("12:00:00")]);
    let (_, unrecorded) = history.told();
    assert!(surely(&unrecorded).is_empty(), "{unrecorded:#?}");
    assert!(!unrecorded.is_empty());
    for found in unrecorded {
        assert_eq!((found.from.clock().as_str(), found.caused_by), ("10:04:01", None));
        assert_eq!(found.to.map(|to| to.clock()).as_deref(), Some("12:00"));
        assert!(found.sentence.contains("because of a change that these logs do not have"));
    }
}

#[test]
fn failed_calls_change_nothing() {
    let mut records = begun();
    for (clock, name) in [("10:00:00", "StopLogging"), ("10:00:01", "DeleteTrail")] {
        let mut record = call(clock, "mallory", name, json!({"name": "main"}));
        record["errorCode"] = json!("AccessDenied");
        records.push(record);
    }
    let mut denied = call("10:00:02", "mallory", "PutEventSelectors", Value::Null);
    denied["errorCode"] = json!("AccessDenied");
    records.push(denied);
    let history = history(&records, &[]);
    let (entries, unrecorded) = history.told();
    assert!(unrecorded.is_empty(), "{unrecorded:#?}");
    assert_eq!(effects(&entries)[3..], [Effect::Failed; 3]);
    assert_eq!(
        entries[3].sentence,
        "user/mallory tried StopLogging on trail/main: AccessDenied, so it changed nothing"
    );
    assert_eq!(entries[5].about, None);
    assert_eq!(history.trails()[0].is_logging, Some(true));
}

#[test]
fn an_empty_error_code_is_no_error() {
    let mut records = begun();
    let mut stopped = call("10:00:00", "mallory", "StopLogging", json!({"name": "main"}));
    stopped["errorCode"] = json!("");
    records.push(stopped);
    assert_eq!(surely(&told(&records, &[]).1).len(), 1);
}

#[test]
fn a_stopped_and_a_deleted_trail_record_nothing() {
    let mut records = begun();
    records.push(call("10:00:00", "mallory", "StopLogging", json!({"name": support::TRAIL})));
    records.push(call("11:00:00", "alice", "StartLogging", json!({"name": "main"})));
    records.push(call("12:00:00", "mallory", "DeleteTrail", json!({"name": "main"})));
    let history = history(&records, &[]);
    let (_, unrecorded) = history.told();
    assert_eq!(
        surely(&unrecorded),
        [
            "from 2026-03-01 10:00 to 11:00 nothing was recorded by trail/main, because user/mallory \
             stopped it",
            "from 2026-03-01 12:00 on nothing was recorded by trail/main, because user/mallory deleted \
             it",
        ]
    );
    assert_eq!(history.trails()[0].exists, Some(false));
}

#[test]
fn management_events_that_are_no_longer_recorded_are_told() {
    let basic = |read_write: &str, management: bool| {
        json!({"trailName": "main", "eventSelectors": [{"readWriteType": read_write,
            "includeManagementEvents": management, "dataResources": []}]})
    };
    let mut records = begun();
    let first = &mut records[1]["requestParameters"];
    *first = basic("All", true);
    records.push(call("10:00:00", "mallory", "PutEventSelectors", basic("ReadOnly", true)));
    records.push(call("10:10:00", "mallory", "PutEventSelectors", basic("ReadOnly", false)));
    let (entries, unrecorded) = told(&records, &[]);
    let kinds: Vec<_> =
        unrecorded.iter().map(|found| (found.what, found.description.as_str())).collect();
    assert_eq!(
        kinds,
        [
            (What::Management, "every write management event"),
            (What::Management, "every read management event"),
        ]
    );
    assert_eq!(unrecorded[0].from.clock(), "10:00");
    assert_eq!(unrecorded[1].from.clock(), "10:10");
    let after = entries[3].management_after.unwrap();
    assert_eq!((after.write, after.read), (Extent::None, Extent::All));
}

#[test]
fn the_response_tells_more_than_the_request() {
    let mut records = begun();
    let mut put = put("10:00:00", "mallory", everything());
    put["responseElements"] =
        json!({"trailARN": support::TRAIL, "advancedEventSelectors": without("payroll")});
    put["requestParameters"] = Value::Null;
    records.push(put);
    assert_eq!(surely(&told(&records, &[]).1).len(), 2);
}

#[test]
fn two_changes_of_one_second_leave_open_which_came_last() {
    let mut records = begun();
    records.push(put("10:00:00", "alice", everything()));
    let mut other = put("10:00:00", "mallory", without("payroll"));
    other["eventID"] = json!("another");
    records.push(other);
    let history = history(&records, &[]);
    assert_eq!(history.trails()[0].event_selectors, None);
    let (_, unrecorded) = history.told();
    assert!(surely(&unrecorded).is_empty(), "{unrecorded:#?}");
    assert!(unrecorded.iter().any(|found| found.answer == Answer::NotKnown));
}

#[test]
fn calls_on_the_log_bucket_and_on_its_key_are_told_and_on_others_not() {
    let of = |clock: &str, source: &str, name: &str, request: Value| {
        let mut record = call(clock, "mallory", name, request);
        record["eventSource"] = json!(source);
        record
    };
    let s3 = "s3.amazonaws.com";
    let kms = "kms.amazonaws.com";
    let records = [
        of("10:00:00", s3, "PutBucketLifecycle", json!({"bucketName": ["audit-logs"]})),
        of("10:00:01", s3, "PutBucketPolicy", json!({"bucketName": "payroll"})),
        of("10:00:02", kms, "DisableKey", json!({"keyId": "k-1"})),
        of("10:00:03", kms, "ScheduleKeyDeletion", json!({"keyId": "k-2"})),
        of("10:00:04", s3, "DeleteBucket", json!({"bucketName": "audit-logs-2"})),
    ];
    let (entries, unrecorded) = told(&records, &[snapshot("09:00:00")]);
    let about: Vec<_> = entries.iter().map(|entry| entry.about.as_deref().unwrap()).collect();
    assert_eq!(about, ["audit-logs", "k-1"]);
    assert_eq!(effects(&entries), [Effect::Endangers; 2]);
    assert_eq!(entries[0].trails, [support::TRAIL]);
    assert!(unrecorded.is_empty());
}

#[test]
fn another_trail_that_recorded_it_is_told() {
    let mut records = begun();
    records.push(put("10:04:00", "mallory", without("payroll")));
    let mut second = snapshot("09:30:00");
    second["trails"][0]["trail"]["TrailARN"] =
        json!("arn:aws:cloudtrail:us-east-1:111122223333:trail/second");
    second["trails"][0]["trail"]["Name"] = json!("second");
    let first = snapshot("09:30:00")["trails"][0].clone();
    second["trails"].as_array_mut().unwrap().push(first);
    let (_, unrecorded) = told(&records, &[second.clone()]);
    assert_eq!(unrecorded[0].by_others, Some(Answer::Logged));
    assert!(surely(&unrecorded)[0].ends_with("; other trails recorded it"));
    // Without the other one there is surely none, for the snapshot lists them all.
    let (_, unrecorded) = told(&records, &[snapshot("09:30:00")]);
    assert_eq!(unrecorded[0].by_others, Some(Answer::NotLogged));
    // Without a snapshot that is not known.
    let (_, unrecorded) = told(&records, &[]);
    assert_eq!(unrecorded[0].by_others, Some(Answer::NotKnown));
}

#[test]
fn a_second_loss_within_a_first_is_told_too() {
    let mut records = begun();
    records.push(put("10:00:00", "mallory", without("payroll")));
    records.push(put("11:00:00", "mallory", without("customers")));
    records.push(put("12:00:00", "alice", everything()));
    let (_, unrecorded) = told(&records, &[]);
    let writes: Vec<_> =
        surely(&unrecorded).into_iter().filter(|text| text.contains("write")).collect();
    assert_eq!(writes.len(), 2, "{writes:#?}");
    assert!(writes[0].contains("10:00 to 11:00") && writes[0].contains("payroll"));
    assert!(writes[1].contains("11:00 to 12:00") && writes[1].contains("customers"));
}

#[test]
fn a_record_that_pretends_to_be_another_hides_nothing() {
    let mut records = begun();
    let real = put("10:00:00", "mallory", without("payroll"));
    let mut planted = put("10:00:00", "alice", everything());
    planted["eventID"] = real["eventID"].clone();
    records.extend([real, planted]);
    let (entries, unrecorded) = told(&records, &[]);
    assert_eq!(entries.len(), 5);
    assert!(unrecorded.iter().any(|found| found.answer == Answer::NotKnown), "{unrecorded:#?}");
}

#[test]
fn a_bucket_that_cloudtrail_looks_after_is_a_log_bucket() {
    let mut record = call("10:00:00", "mallory", "DeleteBucket", json!({"bucketName": "old-logs"}));
    record["eventSource"] = json!("s3.amazonaws.com");
    let records = [record];
    assert!(history(&records, &[]).told().0.is_empty());
    let known = history(&records, &[]).with_log_buckets(["old-logs".to_string()].into());
    assert_eq!(effects(&known.told().0), [Effect::Endangers]);
}

#[test]
fn a_trail_that_is_changed_without_end_is_told_as_far_as_it_is_looked_into() {
    let mut records = begun();
    for second in 0..450 {
        let clock = format!("10:{:02}:{:02}", second / 60, second % 60);
        records.push(put(&clock, "mallory", without(&format!("bucket-{second:03}"))));
    }
    let (_, unrecorded) = told(&records, &[]);
    let of_first = unrecorded.iter().filter(|found| found.description.contains("`bucket-000`"));
    let of_first: Vec<_> = of_first.filter(|found| found.answer == Answer::NotLogged).collect();
    assert_eq!(of_first[0].to.map(|to| to.clock()).as_deref(), Some("10:00:01"));
    let of_last =
        unrecorded.iter().rfind(|found| found.description.contains("`bucket-449`")).unwrap();
    assert_eq!(of_last.to, None);
}
