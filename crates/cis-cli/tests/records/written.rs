//! `trailproof records`: what is written of records that can be read.

use std::fs;

use serde_json::{Value, json};

use super::command::{file, run};
use super::{compressed, log, record, write};

#[test]
fn the_page_about_records_shows_what_it_writes() {
    let page = fs::read_to_string(file("../../docs/records.md")).unwrap();
    let log = log();
    let log = log.to_str().unwrap();
    for options in [
        &[][..],
        &["--where", "bucket=payroll", "--where", "caller!=iam-user", "--recipients"],
        &["--where", "event=CopyObject", "--format", "jsonl"],
    ] {
        let ran = run(&[&["records", log], options].concat(), b"");
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        let written = ran.stdout.replace(log, "log-file.json");
        assert!(page.contains(&format!("\n{written}```\n")), "{written}");
    }
}

#[test]
fn a_line_of_json_has_the_documented_members() {
    let log = log();
    let ran = run(&["records", log.to_str().unwrap(), "--format", "jsonl"], b"");
    let rows: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 6, "StopLogging is not S3's");
    assert_eq!(
        rows[1],
        json!({"eventID": "00000000-0000-4000-8000-000000000002",
            "eventTime": "2026-03-01T09:30:04Z", "eventName": "CopyObject",
            "eventSource": "s3.amazonaws.com", "awsRegion": "eu-west-1", "level": "object",
            "kind": "write", "bucket": "archive", "key": "02.csv",
            "objects": ["arn:aws:s3:::archive/02.csv", "arn:aws:s3:::payroll/2026/02.csv"],
            "caller": {"type": "assumed-role",
                "arn": "arn:aws:sts::111122223333:assumed-role/app/i-0abc",
                "accountId": "111122223333", "service": null},
            "temporaryCredentials": true, "console": false, "errorCode": null,
            "file": log})
    );
    let all = run(&["records", log.to_str().unwrap(), "--format", "jsonl", "--all"], b"");
    let last: Value = serde_json::from_str(all.stdout.lines().last().unwrap()).unwrap();
    assert_eq!((all.stdout.lines().count(), &last["level"]), (7, &json!("other")));
}

#[test]
fn files_folders_and_standard_input_are_read_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let log = |keys: &[&str]| {
        let records: Vec<Value> = keys.iter().map(|key| record(key)).collect();
        json!({"Records": records}).to_string()
    };
    write(folder.path(), "logs/2/b.json.gz", compressed(log(&["4"]).as_bytes()));
    write(folder.path(), "logs/1/z.json", log(&["2", "3"]));
    write(folder.path(), "logs/1/a.JSONL", format!("{}\n{}\n", record("0"), record("1")));
    write(folder.path(), "logs/README", "not read");
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(log(&["5"]).encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let windows = write(folder.path(), "windows.txt", utf16);
    let logs = folder.path().join("logs");
    let twice = [compressed(log(&["6"]).as_bytes()), compressed(log(&["7"]).as_bytes())].concat();
    let ran = run(&["records", logs.to_str().unwrap(), &windows, "-", "--format", "jsonl"], &twice);
    let keys: Vec<String> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["key"].as_str().unwrap().into())
        .collect();
    assert_eq!(keys, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let note =
        "note: left out: 1 files in folders whose names do not end with .json, .jsonl or .gz\n";
    assert_eq!(ran.stderr, note);
}

#[test]
fn a_key_is_no_formula_and_no_command_to_a_terminal() {
    let hostile = ["=cmd|' /C calc'!A0", "\u{1b}[31mred\u{202e}", "a,\"b\"\r\nc"];
    let input: String = hostile.iter().map(|key| record(key).to_string() + "\n").collect();
    for format in ["text", "jsonl", "csv"] {
        let ran = run(&["records", "-", "--format", format], input.as_bytes());
        assert_eq!(ran.code, Some(0));
        let is_plain = |c: char| !c.is_control() && c != '\u{202e}';
        assert!(ran.stdout.lines().all(|line| line.chars().all(is_plain)), "{}", ran.stdout);
        if format == "csv" {
            let mut rows = csv::Reader::from_reader(ran.stdout.as_bytes());
            let keys: Vec<String> =
                rows.records().map(|row| row.unwrap().get(5).unwrap().to_string()).collect();
            assert_eq!(keys, ["'=cmd|' /C calc'!A0", "\\u{1b}[31mred\\u{202e}", "a,\"b\"\\r\\nc"]);
        }
    }
}

#[test]
fn a_spreadsheet_has_a_cell_for_each_title() {
    let log = log();
    for (options, columns) in [(&[][..], 18), (&["--recipients"], 22)] {
        let arguments = ["records", log.to_str().unwrap(), "--all", "--format", "csv"];
        let ran = run(&[&arguments, options].concat(), b"");
        let mut rows = csv::Reader::from_reader(ran.stdout.as_bytes());
        assert_eq!(rows.headers().unwrap().len(), columns);
        // The reader refuses rows of other lengths.
        assert_eq!(rows.records().map(Result::unwrap).count(), 7);
    }
}

#[test]
fn where_nothing_is_found_it_says_so() {
    let other = json!({"Records": [{"eventName": "StopLogging",
        "eventSource": "cloudtrail.amazonaws.com"}]});
    let one = record("k").to_string();
    for (input, options, note) in [
        (r#"{"Records":[]}"#, &[][..], "note: no record was found\n"),
        ("", &[], "note: no record was found\n"),
        (&other.to_string(), &[], "note: 1 records were read, and none is of S3: `--all` writes"),
        (&one, &["--where", "key=l"], "note: 1 records were read, and none is asked for\n"),
    ] {
        let ran =
            run(&[&["records", "-", "--format", "jsonl"], options].concat(), input.as_bytes());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
        assert!(ran.stderr.starts_with(note), "{ran:?}");
    }
}
