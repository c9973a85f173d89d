//! What is answered, and with which exit code.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::command::{Ran, run};
use super::{ACCOUNT, blinded, deliver, event, put};

fn logs(folder: &TempDir, options: &[&str]) -> Ran {
    run(&[&["logs", folder.path().to_str().unwrap()], options].concat(), b"")
}

fn json_of(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn who_excluded_what_from_when_to_when_is_told() {
    let folder = TempDir::new().unwrap();
    deliver(folder.path(), "1500", &blinded());
    let ran = logs(&folder, &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    let text = ran.stdout.replace("\n      ", " ");
    for line in [
        "BLINDED  2 things were not recorded for a time",
        "    ! from 2026-03-01 10:04 to 13:20 no write event on objects in bucket `payroll` was recorded \
         by trail/main, because user/mallory excluded it (PutEventSelectors)",
        "    ! 2026-03-01T10:04:00Z user/mallory called PutEventSelectors on trail/main; it no longer \
         records:",
    ] {
        assert!(text.contains(line), "{line} is missing in {text}");
    }
}

#[test]
fn a_contradiction_is_shown_whole_and_is_exit_code_1() {
    let folder = TempDir::new().unwrap();
    let mut records = blinded();
    let contradiction = event("12:00:00", "GetObject", "payroll");
    records.push(contradiction.clone());
    deliver(folder.path(), "1500", &records);
    let ran = logs(&folder, &["--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let answer = json_of(&ran);
    assert_eq!(answer["contradictions"][0]["record"], contradiction);
    assert_eq!(answer["contradictions"].as_array().unwrap().len(), 1);
    let ran = logs(&folder, &[]);
    assert!(
        ran.stdout.starts_with("CONTRADICTED") && ran.stdout.contains(&contradiction.to_string())
    );
}

#[test]
fn a_snapshot_says_what_the_logs_do_not() {
    let folder = TempDir::new().unwrap();
    deliver(
        folder.path(),
        "1500",
        &[
            put("10:04:00", "mallory", Some("payroll")),
            event("12:00:00", "GetObject", "payroll"),
            event("14:00:00", "GetObject", "customers"),
        ],
    );
    let ran = logs(&folder, &["--format", "json"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(json_of(&ran)["judged"]["unexplained"], 1);
    let account = folder.path().join("account.json");
    fs::write(
        &account,
        json!({
            "schemaVersion": 1, "accountId": ACCOUNT, "collectedAt": "2026-03-01T09:30:00Z",
            "trails": [{
                "trail": {"TrailARN": format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/main"),
                    "Name": "main", "HomeRegion": "us-east-1", "IsMultiRegionTrail": true},
                "status": {"IsLogging": true},
                "eventSelectors": {"EventSelectors": [{"ReadWriteType": "All",
                    "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]},
            }],
        })
        .to_string(),
    )
    .unwrap();
    let folder_only = folder.path().join("AWSLogs");
    let path = folder_only.to_str().unwrap();
    let snapshot = account.to_str().unwrap();
    let ran = run(&["logs", path, "--snapshot", snapshot, "--format", "json"], b"");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let answer = json_of(&ran);
    assert_eq!(answer["contradictions"][0]["restsOn"], "snapshot");
    assert_eq!(answer["history"][0]["effect"], "LOSES");
    assert_eq!(answer["unrecorded"][0]["byOthers"], "NOT_LOGGED");
}

#[test]
fn what_cannot_be_read_is_named_and_is_exit_code_3() {
    let folder = TempDir::new().unwrap();
    deliver(folder.path(), "1500", &blinded());
    let day = folder.path().join(format!("AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/03/01"));
    let broken = format!("{ACCOUNT}_CloudTrail_us-east-1_20260301T1600Z_0123456789abcdef.json.gz");
    fs::write(day.join(&broken), [0x1f, 0x8b, 8, 0]).unwrap();
    let ran = logs(&folder, &["--format", "json"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(
        ran.stderr.contains(&broken) && ran.stderr.contains("the answer is not whole"),
        "{ran:?}"
    );
    let answer = json_of(&ran);
    assert!(answer["read"]["skipped"][0]["file"].as_str().unwrap().ends_with(&broken));
    // A contradiction weighs more.
    deliver(folder.path(), "1700", &[event("12:00:00", "GetObject", "payroll")]);
    assert_eq!(logs(&folder, &[]).code, Some(1));
}

#[test]
fn wrong_usage_is_exit_code_2() {
    run(&["logs", "no/such/folder"], b"").is_refused(&["`no/such/folder`"]);
    let folder = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    run(&["logs", path, "--snapshot", "no/such/file"], b"").is_refused(&["`no/such/file`"]);
    run(&["logs", path, "--snapshot", "-"], b"{}").is_refused(&["standard input"]);
    for wrong in [
        &["--from", "yesterday"][..],
        &["--from", "2026-03-01T09:00:00"],
        &["--from", "2026-03-02", "--to", "2026-03-01"],
        &["--account", "1111"],
    ] {
        let ran = run(&[&["logs", path], wrong].concat(), b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(wrong[0]), "{ran:?}");
    }
    assert_eq!(run(&["logs"], b"").code, Some(2));
}

#[test]
fn what_is_not_asked_for_is_left_out() {
    let folder = TempDir::new().unwrap();
    deliver(folder.path(), "1500", &blinded());
    for (options, events) in [
        (&["--from", "2026-03-01T10:30:00Z"][..], 2),
        (&["--from", "2026-03-01T19:30:00+09:00"], 2),
        (&["--from", "2026-03-01", "--to", "2026-03-02"], 3),
        (&["--to", "2026-03-01T10:30:00Z"], 1),
        (&["--account", "999988887777"], 0),
        (&["--region", "eu-west-1,us-east-1"], 3),
        (&["--region", "eu-west-1"], 0),
    ] {
        let ran = logs(&folder, &[options, &["--format", "json"]].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(json_of(&ran)["delivered"]["all"]["events"], events, "{options:?}");
    }
}

#[test]
fn copies_count_once_and_the_order_of_files_does_not_matter() {
    let [one, other] = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let records = blinded();
    deliver(one.path(), "1500", &records);
    deliver(one.path(), "1505", &records);
    let mut reversed = records;
    reversed.reverse();
    deliver(other.path(), "1505", &reversed[..4]);
    deliver(other.path(), "1500", &reversed[4..]);
    let answers = [one, other].map(|folder| json_of(&logs(&folder, &["--format", "json"])));
    assert_eq!(answers[0]["read"]["duplicates"], 8);
    for member in ["delivered", "history", "unrecorded", "judged", "trails"] {
        assert_eq!(answers[0][member], answers[1][member], "{member}");
    }
}
