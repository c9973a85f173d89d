//! Delivered records held against the selectors of their time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use cis_evidence::answer::{Contradiction, Judged, RestsOn};
use cis_evidence::{Collected, Findings, Glance, History, Judge, Moment, Observation, Scope};
use cis_rules::record::json::RecordJson;
use cis_rules::record::member::Object;
use serde_json::{Value, json};
use support::{ACCOUNT, at, begun, call, calls, everything, get, list, put, snapshot, without};

/// What the records of a bucket say, with these snapshots.
fn judged(records: &[Value], snapshots: &[Value], regions: Option<&str>) -> (Findings, Judge) {
    let mut collected = Collected::default();
    for record in records {
        let is_data = record["eventCategory"] == "Data";
        let time = Moment::parse(record["eventTime"].as_str().unwrap()).unwrap();
        collected.record(Glance { account_id: ACCOUNT, time, is_data, bucket: None });
    }
    let end = Moment::parse(&at("23:59:59")).unwrap();
    let observations: Vec<Observation> =
        snapshots.iter().map(|snapshot| Observation::of(snapshot, end).unwrap()).collect();
    let history = History::new(calls(records), &observations);
    let regions = regions.map(|region| BTreeSet::from([region.to_string()]));
    let judge = Judge::new(&history, &Scope { accounts: collected.accounts, regions });
    // Two halves, as two threads would judge them.
    let mut halves = [Findings::default(), Findings::default()];
    for (index, record) in records.iter().enumerate() {
        let text = record.to_string();
        let read = RecordJson::read(&text).unwrap();
        let Object(record) = read.value().unwrap();
        halves[index % 2].add(&judge.reader(), ACCOUNT, record, text.as_bytes(), "a.json.gz");
    }
    let [mut all, other] = halves;
    all.merge(other);
    (all, judge)
}

fn contradictions(findings: &Findings) -> Vec<Contradiction> {
    findings.contradictions().0
}

#[test]
fn a_record_that_surely_no_trail_logs_is_shown_whole() {
    let mut records = begun();
    records.push(put("10:00:00", "mallory", without("payroll")));
    records.push(get("11:00:00", "payroll", "a"));
    records.push(get("11:00:00", "customers", "a"));
    records.push(get("12:00:00", "customers", "a"));
    let (findings, _) = judged(&records, &[], None);
    let found = contradictions(&findings);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].rests_on, RestsOn::History);
    assert_eq!(found[0].record, records[4]);
    assert_eq!(found[0].explanation.trails[0].arn, support::TRAIL);
    let counts = &findings.judged;
    assert_eq!(
        (counts.logged, counts.not_logged, counts.unexplained, counts.left_out),
        (2, 1, 0, 0)
    );
}

#[test]
fn records_within_15_minutes_of_a_change_are_left_out() {
    let mut records = begun();
    records.push(put("10:00:00", "mallory", without("payroll")));
    records.push(put("12:00:00", "alice", everything()));
    for clock in ["09:10:00", "10:14:59", "10:15:00", "11:45:00", "11:45:01", "12:14:59"] {
        records.push(get(clock, "payroll", "a"));
    }
    records.push(get("13:00:00", "payroll", "a"));
    let (findings, _) = judged(&records, &[], None);
    let Judged { logged, not_logged, left_out, .. } = findings.judged;
    assert_eq!((logged, not_logged, left_out), (1, 2, 4));
}

#[test]
fn a_trail_that_the_logs_do_not_name_may_have_delivered_it() {
    // The first change is no creation, so there may be other trails.
    let records = [
        put("10:00:00", "mallory", without("payroll")),
        get("11:00:00", "payroll", "a"),
        get("12:00:00", "customers", "a"),
    ];
    let (findings, judge) = judged(&records, &[], None);
    assert!(contradictions(&findings).is_empty());
    assert_eq!((findings.judged.not_logged, findings.judged.unexplained), (1, 1));
    assert!(judge.unknowns()[0].reason.contains("do not name all of its trails"));
    // A record from before the first trail shows that there is another one.
    let mut records = begun();
    records.push(put("10:00:00", "mallory", without("payroll")));
    records.extend([
        get("08:00:00", "b", "a"),
        get("11:00:00", "payroll", "a"),
        get("12:00:00", "b", "a"),
    ]);
    let (findings, _) = judged(&records, &[], None);
    assert!(contradictions(&findings).is_empty());
}

#[test]
fn a_snapshot_of_their_time_says_that_there_are_no_others() {
    let records = [
        put("10:00:00", "mallory", without("payroll")),
        get("11:00:00", "payroll", "a"),
        get("12:00:00", "customers", "a"),
    ];
    let (findings, judge) = judged(&records, &[snapshot("09:30:00")], None);
    assert_eq!(contradictions(&findings)[0].rests_on, RestsOn::Snapshot);
    assert_eq!(judge.unknowns(), []);
    // One of another time says nothing about what changed between.
    let mut old = snapshot("09:30:00");
    old["collectedAt"] = json!("2026-01-01T00:00:00Z");
    let (findings, judge) = judged(&records, &[old], None);
    assert!(contradictions(&findings).is_empty());
    assert!(judge.unknowns()[0].reason.contains("2026-01-01"));
}

#[test]
fn a_region_that_was_not_read_may_hide_changes() {
    let records = [get("11:00:00", "payroll", "a"), get("12:00:00", "customers", "a")];
    let (findings, judge) = judged(&records, &[snapshot("11:30:00")], Some("eu-west-1"));
    assert_eq!(findings.judged.left_out, 2);
    assert!(judge.unknowns()[0].reason.contains("that Region was not read"));
    let (findings, _) = judged(&records, &[snapshot("11:30:00")], Some("us-east-1"));
    assert_eq!(findings.judged.logged, 2);
}

#[test]
fn where_no_trail_records_changes_nothing_is_judged() {
    let data_only = json!([everything()[1]]);
    let mut records = begun();
    records[1] = put("09:00:00", "alice", data_only);
    records.push(put("10:00:00", "mallory", without("payroll")));
    records.extend([
        get("09:30:00", "b", "a"),
        get("11:00:00", "b", "a"),
        get("12:00:00", "b", "a"),
    ]);
    let (findings, judge) = judged(&records, &[], None);
    assert_eq!((findings.judged.logged, findings.judged.left_out), (2, 1));
    assert!(judge.unknowns().iter().any(|unknown| unknown.reason.contains("would show a change")));
}

#[test]
fn a_stopped_trail_delivers_nothing_of_later() {
    let mut records = begun();
    let mut second = call(
        "09:00:00",
        "alice",
        "CreateTrail",
        json!({"name": "second", "s3BucketName": "b", "isMultiRegionTrail": true}),
    );
    second["eventID"] = json!("second");
    records.push(second);
    let mut start = call("09:00:00", "alice", "StartLogging", json!({"name": "second"}));
    start["eventID"] = json!("start second");
    records.push(start);
    records.push(call("10:00:00", "mallory", "StopLogging", json!({"name": "main"})));
    records.extend([get("11:00:00", "payroll", "a"), get("12:00:00", "payroll", "b")]);
    let (findings, _) = judged(&records, &[], None);
    assert_eq!(contradictions(&findings).len(), 2);
}

/// A trail with this condition on a field of the data events.
fn with_condition(condition: Value) -> Vec<Value> {
    let mut selectors = everything();
    selectors[1]["fieldSelectors"].as_array_mut().unwrap().push(condition);
    let mut records = begun();
    records[1] = put("09:00:00", "alice", selectors);
    records
}

fn evidence(findings: &Findings, name: &str) -> (u64, u64) {
    findings.assumptions.get(name).map_or((0, 0), |found| (found.confirmed, found.refuted))
}

fn last() -> Value {
    get("13:00:00", "payroll", "last")
}

#[test]
fn a_list_that_only_the_prefix_lets_in_confirms_that_it_is_compared() {
    let starts = json!({"field": "resources.ARN", "startsWith": ["arn:aws:s3:::payroll/"]});
    let mut records = with_condition(starts);
    records.extend([list("11:00:00", "payroll"), last()]);
    assert_eq!(evidence(&judged(&records, &[], None).0, "arn-prefix"), (1, 0));
}

#[test]
fn a_list_that_the_prefix_keeps_out_refutes_that_it_is_compared() {
    let not = json!({"field": "resources.ARN", "notStartsWith": ["arn:aws:s3:::payroll/"]});
    let mut records = with_condition(not);
    // Of the second it cannot be told which way it came.
    records.extend([
        list("11:00:00", "payroll"),
        list("11:00:01", "customers"),
        get("13:00:00", "b", "c"),
    ]);
    assert_eq!(evidence(&judged(&records, &[], None).0, "arn-prefix"), (0, 1));
}

#[test]
fn a_selector_without_a_condition_on_the_arn_says_nothing() {
    let mut records = begun();
    records.extend([list("11:00:00", "payroll"), last()]);
    let (findings, _) = judged(&records, &[], None);
    assert!(findings.assumptions.is_empty(), "{:?}", findings.assumptions);
}

#[test]
fn basic_selectors_of_all_buckets_take_a_list_only_by_its_prefix() {
    let mut records = begun();
    records[1]["requestParameters"] = json!({"trailName": "main", "eventSelectors": [
        {"readWriteType": "All", "includeManagementEvents": true,
            "dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]},
    ]});
    records.extend([list("11:00:00", "payroll"), last()]);
    let (findings, _) = judged(&records, &[], None);
    assert_eq!(evidence(&findings, "arn-prefix"), (1, 0));
    assert_eq!(findings.assumptions["arn-prefix"].confirmed_by["ListObjects"], 1);
}

#[test]
fn a_copy_of_which_one_object_is_taken_confirms_that_each_counts() {
    let starts = json!({"field": "resources.ARN", "startsWith": ["arn:aws:s3:::payroll/"]});
    let mut records = with_condition(starts);
    let mut copy = get("11:00:00", "payroll", "a");
    copy["resources"]
        .as_array_mut()
        .unwrap()
        .push(json!({"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::customers/a"}));
    let mut both = copy.clone();
    both["eventID"] = json!("both");
    both["resources"][2]["ARN"] = json!("arn:aws:s3:::payroll/b");
    records.extend([copy, both, last()]);
    assert_eq!(evidence(&judged(&records, &[], None).0, "each-object"), (1, 0));
}

#[test]
fn a_record_without_a_field_confirms_that_a_negative_condition_takes_it() {
    let not =
        json!({"field": "userIdentity.arn", "notEquals": ["arn:aws:iam::111122223333:user/bob"]});
    let mut records = with_condition(not);
    let mut service = get("11:00:00", "payroll", "a");
    service["userIdentity"] = json!({"type": "AWSService", "invokedBy": "athena.amazonaws.com"});
    records.extend([service.clone(), last()]);
    let (findings, _) = judged(&records, &[], None);
    assert_eq!(evidence(&findings, "absent-field"), (1, 0), "{findings:#?}");
    // Where another selector takes it anyway, it says nothing.
    let mut selectors = everything();
    let mut narrow = selectors[1].clone();
    narrow["fieldSelectors"].as_array_mut().unwrap().push(
        json!({"field": "userIdentity.arn", "notEquals": ["arn:aws:iam::111122223333:user/bob"]}),
    );
    selectors.as_array_mut().unwrap().push(narrow);
    let mut records = begun();
    records[1] = put("09:00:00", "alice", selectors);
    records.extend([service, last()]);
    assert!(judged(&records, &[], None).0.assumptions.is_empty());
}
