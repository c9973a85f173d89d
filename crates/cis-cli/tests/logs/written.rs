//! Every format is safe for whoever opens it.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::command::run;
use super::{call, deliver, event};

const HOSTILE: &str = "=\"</script><script>alert(1)</script>\u{1b}]0;owned\u{7}\u{202e}";

fn hostile() -> Vec<Value> {
    let mut bucket = event("10:00:00", "GetObject", HOSTILE);
    bucket["eventName"] = json!(HOSTILE);
    let mut failed = call("11:00:00", HOSTILE, "StopLogging", json!({"name": HOSTILE}));
    failed["errorCode"] = json!(HOSTILE);
    failed["errorMessage"] = json!(HOSTILE);
    failed["userAgent"] = json!(HOSTILE);
    let mut stopped = call("12:00:00", HOSTILE, "StopLogging", json!({"name": HOSTILE}));
    stopped["sourceIPAddress"] = json!(HOSTILE);
    vec![
        bucket,
        failed,
        stopped,
        call("13:00:00", "alice", "StartLogging", json!({"name": HOSTILE})),
    ]
}

#[test]
fn hostile_text_is_text_in_every_format() {
    let folder = TempDir::new().unwrap();
    deliver(folder.path(), "1500", &hostile());
    let path = folder.path().to_str().unwrap();
    for format in ["text", "json", "csv", "html"] {
        let ran = run(&["logs", path, "--format", format], b"");
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{format}");
        let is_safe = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
        // Only the style sheet of a page has anything else.
        assert!(ran.stdout.chars().all(is_safe), "{format}: {}", ran.stdout);
        assert!(ran.stdout.contains("owned"), "{format}");
        if format == "html" {
            assert_eq!(ran.stdout.matches("<script").count(), 1);
            assert!(ran.stdout.contains("<script type=\"application/json\" id=\"answer\">"));
        }
    }
}

#[test]
fn a_spreadsheet_has_each_bucket_by_event_and_by_day() {
    let folder = TempDir::new().unwrap();
    deliver(folder.path(), "1500", &hostile());
    deliver(folder.path(), "1505", &[event("14:00:00", "PutObject", "payroll")]);
    let ran = run(&["logs", folder.path().to_str().unwrap(), "--format", "csv"], b"");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "bucket,by,day,eventName,kind,callerType,events,errors,fromOutside,bytesIn,bytesOut"
    );
    assert!(lines[1].starts_with("\"'=\"\"</script>"), "{}", lines[1]);
    assert_eq!(
        lines[3..],
        [
            "payroll,event,,PutObject,write,iam-user,1,0,0,0,0",
            "payroll,day,2026-03-01,,,,1,0,0,0,0"
        ]
    );
}

#[test]
fn the_statements_for_athena_are_written_without_reading_anything() {
    let asked = ["logs", "--athena", "s3://my-logs/a/AWSLogs/", "--account", "111122223333"];
    let more = ["--region", "eu-west-1", "--from", "2026-01-01"];
    let ran = run(&[&asked[..], &more].concat(), b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("s3://my-logs/a/AWSLogs/"), "{ran:?}");
    assert!(ran.stdout.contains("arnprefix"), "{ran:?}");
    assert_eq!(ran.stdout.matches("\n-- ").count(), 3, "{ran:?}");
    run(&asked, b"").is_refused(&["--from"]);
    let without_region = [&asked[..], &more[2..]].concat();
    run(&without_region, b"").is_refused(&["--region"]);
    let folder = ["logs", "--athena", "/nonexistent"];
    run(&[&folder[..], &more].concat(), b"").is_refused(&["no address of a bucket"]);
}
