//! Input that is not a snapshot: one clear message that names it, exit code 2, no panic, no hang.

mod command;

use command::{Ran, account, run};
use std::io::Write as _;

fn audit(input: &[u8]) -> Ran {
    run(&["audit", "--snapshot", "-"], input)
}

#[test]
fn what_holds_no_snapshot_proves_nothing() {
    for input in ["", " \n", "[]", "[]\n[]\n", "\u{feff}"] {
        audit(input.as_bytes()).is_refused(&["standard input", "no snapshot"]);
    }
}

#[test]
fn what_is_broken_is_named_with_line_and_column() {
    audit(b"{\n  \"schemaVersion\": 1,\n  oops").is_refused(&["line 3", "column 3"]);
    audit(b"\xff").is_refused(&["not UTF-8", "line 1 column 1"]);
    audit(b"{}\n{\"a\xc3\"").is_refused(&["not UTF-8", "line 2 column 4"]);
    audit(b"\0").is_refused(&["line 1 column 1"]);
    audit(b"nonsense").is_refused(&["line 1"]);
}

#[test]
fn what_has_the_wrong_shape_is_named_by_its_path() {
    for (pointer, value, says) in [
        ("/schemaVersion", "2", "schemaVersion 2"),
        ("/schemaVersion", "\"1\"", "schemaVersion"),
        ("/accountId", "111122223333", "accountId"),
        ("/trails", "{}", "trails"),
        ("/trails/0/trail/IsMultiRegionTrail", "\"yes\"", "trails[0].trail.IsMultiRegionTrail"),
        ("/trails/0/eventSelectors/AdvancedEventSelectors/1/FieldSelectors", "7", "trails[0]"),
    ] {
        let mut account = account();
        *account.pointer_mut(pointer).unwrap() = serde_json::from_str(value).unwrap();
        audit(account.to_string().as_bytes()).is_refused(&["standard input", says, "line 1"]);
    }
}

#[test]
fn a_byte_order_mark_is_no_harm() {
    let ran = audit(format!("\u{feff}{}", account()).as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
}

#[test]
fn files_that_cannot_be_read_are_named() {
    run(&["audit", "--snapshot", "no/such/file.json"], b"")
        .is_refused(&["`no/such/file.json`", "no such file"]);
    run(&["audit", "--snapshot", "/"], b"").is_refused(&["`/`", "directory"]);
    run(&["audit", "--snapshot", "bad\u{1b}[2Jname"], b"").is_refused(&[r"bad\u{1b}[2Jname"]);
}

#[test]
fn one_bad_file_means_no_answer_about_the_others() {
    let good = account().to_string();
    run(&["audit", "--snapshot", "-", "--snapshot", "no/such/file.json"], good.as_bytes())
        .is_refused(&["no/such/file.json"]);
    run(&["audit", "--snapshot", "-", "--snapshot", "-"], good.as_bytes())
        .is_refused(&["standard input was given twice"]);
}

#[test]
fn deep_nesting_neither_overflows_nor_hangs() {
    for piece in ["[", "{\"a\":", "[{\"trails\":"] {
        audit(piece.repeat(1_000_000).as_bytes()).is_refused(&["line 1"]);
    }
    let mut account = account();
    account["extra"] =
        serde_json::from_str(&format!("{}{}", "[".repeat(100), "]".repeat(100))).unwrap();
    assert_eq!(audit(account.to_string().as_bytes()).code, Some(1));
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let mut account = account();
    account["name"] = "\u{1b}]0;owned\u{7}\u{202e}".into();
    account["trails"][0]["trail"]["TrailARN"] = "\u{1b}[2J; rm -rf ~".into();
    account["trails"][0]["trail"]["HomeRegion"] = "$(id)".into();
    for format in ["text", "json"] {
        let ran =
            run(&["audit", "--snapshot", "-", "--format", format], account.to_string().as_bytes());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let is_safe = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
        assert!(ran.stdout.chars().all(is_safe), "{ran:?}");
        for line in ran.stdout.lines().filter(|line| line.contains("aws cloudtrail")) {
            assert!(!line.contains("rm -rf") && !line.contains("$("), "{line}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let line = format!("{}\n", account());
    for format in ["text", "json"] {
        let mut child =
            command::command(&["audit", "--snapshot", "-", "--format", format]).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        drop(child.stdout.take());
        stdin.write_all(line.repeat(200).as_bytes()).unwrap();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert_eq!(output.status.code(), Some(141));
    }
}
