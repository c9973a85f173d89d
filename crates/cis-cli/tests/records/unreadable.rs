//! `trailproof records` on what cannot be read: it is named, the rest is read, and the exit code says so.

use serde_json::json;

use super::command::{Ran, run};
use super::{compressed, record, write};

/// Reads a file of these bytes between two that can be read.
fn between(bytes: &[u8]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (record("before"), record("after"));
    write(folder.path(), "1.json", before.to_string());
    write(folder.path(), "2.json.gz", bytes);
    write(folder.path(), "3.json", after.to_string());
    run(&["records", folder.path().to_str().unwrap(), "--format", "jsonl"], b"")
}

fn keys(ran: &Ran) -> Vec<String> {
    let key = |line: &str| -> serde_json::Value { serde_json::from_str(line).unwrap() };
    ran.stdout.lines().map(|line| key(line)["key"].as_str().unwrap().to_string()).collect()
}

#[test]
fn each_fault_is_named_and_the_other_files_are_read() {
    let log = json!({"Records": [record("in"), record("it")]}).to_string();
    let whole = compressed(log.as_bytes());
    let torn = |end: usize| whole[..end].to_vec();
    let bomb = compressed(&vec![b' '; 20 << 20]);
    let mut corrupt = whole.clone();
    let last = corrupt.len() - 6;
    corrupt[last] ^= 1;
    let then = |behind: &[u8]| [&whole, behind].concat();
    let unlike = json!({"Records": [record("in"), {"eventName": 7}, record("it"),
        {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put"}]});
    for (bytes, inside, says) in [
        (torn(30), 0, "not read to its end: "),
        (torn(whole.len() - 8), 2, "not read to its end: "),
        (corrupt, 2, "not read to its end: corrupt gzip stream does not have a matching checksum"),
        (then(b"more"), 2, "not read to its end: something follows the compressed data"),
        (then(&whole), 2, "not read to its end: something follows the compressed data"),
        (bomb, 0, "not read to its end: 16 MiB hold no record of CloudTrail"),
        // An upload that was cut off before its first byte was no fault.
        (Vec::new(), 0, "not read to its end: it is empty"),
        (b"PK\x03\x04".to_vec(), 0, "not read to its end: expected value at line 1 column 1"),
        (b"{\"Records\":[\xff]}".to_vec(), 0, "not read to its end: "),
        (
            unlike.to_string().into_bytes(),
            2,
            "left out: in `Records[1].eventName`: a string is expected",
        ),
        (
            unlike.to_string().into_bytes(),
            2,
            "left out: in `Records[3]`: it is an event notification of S3",
        ),
        (b"{\"a\":1}".to_vec(), 0, "left out: in the input: it is no record of CloudTrail"),
    ] {
        let ran = between(&bytes);
        let inner = ["in".to_string(), "it".to_string()];
        let expected = [&["before".to_string()], &inner[..inside], &["after".to_string()]].concat();
        assert_eq!((ran.code, keys(&ran)), (Some(3), expected), "{ran:?}");
        assert!(ran.stderr.contains(&format!("2.json.gz`: {says}")), "{says}: {ran:?}");
        assert!(ran.stderr.trim_end().ends_with("the answer is not whole"), "{ran:?}");
    }
}

#[test]
fn a_subscription_has_many_members_and_nothing_else_behind_them() {
    let member = |key: &str| {
        let event = json!({"message": record(key).to_string()});
        compressed(json!({"logEvents": [event]}).to_string().as_bytes())
    };
    let ran = between(&[member("in"), member("it")].concat());
    assert_eq!(
        (ran.code, keys(&ran)),
        (Some(0), ["before", "in", "it", "after"].map(String::from).to_vec())
    );
    let ran = between(&[&member("in"), &b"more"[..]].concat());
    assert_eq!((ran.code, keys(&ran).len()), (Some(3), 3));
    assert!(ran.stderr.contains("2.json.gz`: not read to its end: "), "{ran:?}");
}

#[test]
fn many_faults_of_one_file_are_counted() {
    let mut log = record("a").to_string();
    log += &"{\"a\":1}".repeat(1000);
    let ran = between(log.as_bytes());
    assert_eq!((ran.code, keys(&ran).len()), (Some(3), 3));
    assert_eq!(ran.stderr.lines().count(), 5, "{ran:?}");
    assert!(ran.stderr.contains("left out: 997 more that are no records"), "{ran:?}");
    assert!(ran.stderr.contains("not read: 1000 that are no records, and the rest of 0 files"));
}

#[test]
fn a_digest_file_is_no_fault() {
    let digest = json!({"awsAccountId": "111122223333", "digestS3Object": "AWSLogs/1",
        "digestEndTime": "2026-03-01T10:00:00Z", "logFiles": []});
    let ran = between(&compressed(digest.to_string().as_bytes()));
    assert_eq!((ran.code, keys(&ran).len()), (Some(0), 2));
    assert_eq!(ran.stderr, "note: left out: 1 digest files of CloudTrail, which hold no records\n");
}

#[test]
fn a_path_that_is_not_there_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let there = write(folder.path(), "a.json", record("k").to_string());
    run(&["records", &there, "no/such.json"], b"")
        .is_refused(&["cannot read `no/such.json`: no such file or directory"]);
    run(&["records", "-", "-"], b"").is_refused(&["standard input was given twice"]);
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a/b.json", record("k").to_string());
    std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
    let ran = run(&["records", folder.path().to_str().unwrap(), "--format", "jsonl"], b"");
    assert_eq!((ran.code, keys(&ran).len()), (Some(3), 1));
    assert!(ran.stderr.contains("a/up`: not read to its end: it is in a loop of links"), "{ran:?}");
}
