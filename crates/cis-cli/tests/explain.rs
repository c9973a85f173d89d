//! `trailproof explain`: events from files and options, and what verdicts rest on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Ran, account, file, run};
use serde_json::{Value, json};

fn explain(arguments: &[&str], input: &str) -> Ran {
    let sample = file("sample/account.json");
    let snapshot = ["explain", "--snapshot", sample.to_str().unwrap()];
    run(&[&snapshot, arguments].concat(), input.as_bytes())
}

fn record(name: &str, arn: &str) -> Value {
    json!({
        "eventID": "e-1", "eventTime": "2026-11-21T08:00:00Z", "eventCategory": "Data",
        "eventName": name, "eventSource": "s3.amazonaws.com", "eventType": "AwsApiCall",
        "readOnly": name.starts_with("Get"), "resources": [{"type": "AWS::S3::Object", "ARN": arn}],
    })
}

#[test]
fn what_keeps_an_event_out_is_named() {
    let ran =
        explain(&["--record", "-"], &record("DeleteObject", "arn:aws:s3:::payroll/a").to_string());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    assert_eq!(
        ran.stdout,
        "NOT_LOGGED  DeleteObject on arn:aws:s3:::payroll/a by a caller that the record does not tell
  account 111122223333 (sample), event e-1, 2026-11-21T08:00:00Z

  Trails
    arn:aws:cloudtrail:us-east-1:111122223333:trail/audit
      does not log it
      - selector 0 (`Management events`): `eventCategory` Equals `Management` does not take
        `Data`
      - selector 1 (`All S3 object-level events`): `resources.ARN` NotStartsWith
        `arn:aws:s3:::payroll/` drops it
"
    );
}

#[test]
fn the_page_about_the_command_shows_what_it_writes() {
    let told = ["--event-name", "DeleteObject", "--arn", "arn:aws:s3:::payroll/2026/11.csv"];
    let ran = explain(&told, "");
    let page = std::fs::read_to_string(file("../../docs/command.md")).unwrap();
    assert!(page.contains(&format!("```text\n{}```\n", ran.stdout)), "{}", ran.stdout);
}

#[test]
fn the_page_about_verdicts_shows_what_it_writes() {
    let account = file("../../docs/data/two-selectors.json");
    let page = std::fs::read_to_string(file("../../docs/how-a-verdict-is-made.md")).unwrap();
    for (kind, code) in [("write", 1), ("read", 0)] {
        let account = account.to_str().unwrap();
        let ran = run(&["explain", "--snapshot", account, "--proof", "--kind", kind], b"");
        assert_eq!(ran.code, Some(code));
        assert!(page.contains(&format!("```text\n{}```\n", ran.stdout)), "{}", ran.stdout);
    }
}

#[test]
fn an_event_is_not_asked_what_a_verdict_is_asked() {
    for question in [
        ["--kind", "read"],
        ["--cloudtrail-deliveries", "require"],
        ["--trusted-log-bucket", "audit-logs"],
    ] {
        let told = ["--event-name", "PutObject", "--arn", "arn:aws:s3:::other/a"];
        let ran = explain(&[&told[..], &question].concat(), "");
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("cannot be used with"), "{ran:?}");
    }
}

#[test]
fn an_event_may_be_told_by_options() {
    let told = [
        "--event-name",
        "PutObject",
        "--arn",
        "arn:aws:s3:::other/a",
        "--read-only",
        "false",
        "--principal",
        "arn:aws:iam::111122223333:user/eve",
        "--event-source",
        "s3lifecycle.amazonaws.com",
        "--event-type",
        "AwsServiceEvent",
        "--console",
    ];
    let ran = explain(&told, "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        ran.stdout,
        "LOGGED  PutObject on arn:aws:s3:::other/a by arn:aws:iam::111122223333:user/eve in a console
  session (event source `s3lifecycle.amazonaws.com`)
  account 111122223333 (sample)

  Trails
    arn:aws:cloudtrail:us-east-1:111122223333:trail/audit
      logs it
      - selector 0 (`Management events`): `eventCategory` Equals `Management` does not take
        `Data`
      - selector 1 (`All S3 object-level events`): takes it: no condition keeps it out
"
    );
}

#[test]
fn a_trail_that_does_not_count_says_why() {
    let mut account = account();
    account["trails"][0]["status"]["IsLogging"] = json!(false);
    let arguments =
        ["explain", "--snapshot", "-", "--event-name", "GetObject", "--arn", "arn:aws:s3:::a-b/c"];
    let ran = run(&arguments, account.to_string().as_bytes());
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stdout.contains(
            "      does not log it: it does not count
      - it is stopped
      - selector 0"
        ),
        "{}",
        ran.stdout
    );
    account["trails"][0]["status"] = Value::Null;
    let ran = run(&arguments, account.to_string().as_bytes());
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("may or may not log it"), "{}", ran.stdout);
    account["trails"] = json!([]);
    let ran = run(&arguments, account.to_string().as_bytes());
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("none: the account has no trail"), "{}", ran.stdout);
}

#[test]
fn every_record_of_a_log_file_is_answered() {
    let log = json!({"Records": [
        record("GetObject", "arn:aws:s3:::other/a"),
        {"eventCategory": "Management", "eventName": "CreateTrail"},
        record("GetObject", "arn:aws:s3:::payroll/a"),
    ]});
    let ran = explain(&["--record", "-"], &log.to_string());
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stdout.contains("\nNO_OBJECT_EVENT  CreateTrail: its eventCategory is `Management`\n")
    );
    assert!(
        ran.stdout
            .ends_with("\n3 records: 1 NOT_LOGGED, 0 NOT_KNOWN, 1 LOGGED, 1 NO_OBJECT_EVENT\n"),
        "{}",
        ran.stdout
    );
    let ran = explain(&["--record", "-", "--format", "json"], &log.to_string());
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["schemaVersion"], 1);
    assert_eq!(report["accountId"], "111122223333");
    let answers: Vec<_> =
        report["events"].as_array().unwrap().iter().map(|event| &event["answer"]).collect();
    assert_eq!(answers, [&json!("LOGGED"), &Value::Null, &json!("NOT_LOGGED")]);
}

#[test]
fn without_an_object_event_nothing_is_proved() {
    let ran = explain(&["--record", "-"], r#"{"eventCategory":"Management","eventName":"x"}"#);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stdout.starts_with("NO_OBJECT_EVENT  x: "), "{ran:?}");
    assert_eq!(ran.stderr, "error: no record is a data event on an S3 object\n");
}

#[test]
fn wrong_records_are_named_by_their_member() {
    let mut wrong = record("GetObject", "arn:aws:s3:::other/a");
    wrong["readOnly"] = json!("maybe");
    explain(&["--record", "-"], &json!({"Records": [wrong]}).to_string())
        .is_refused(&["standard input", "in `Records[0].readOnly`: true or false is expected"]);
    explain(&["--record", "no/such/file"], "").is_refused(&["`no/such/file`"]);
    run(&["explain", "--snapshot", "-", "--record", "-"], b"")
        .is_refused(&["standard input was given twice"]);
}

#[test]
fn wrong_usage_is_refused() {
    for arguments in [
        &[][..],
        &["--event-name", "GetObject"],
        &["--arn", "arn:aws:s3:::a-b/c"],
        &["--event-name", "GetObject", "--arn", "arn:aws:s3:::a-b"],
        &["--record", "-", "--kind", "read"],
        &["--record", "-", "--proof"],
        &["--proof", "--console"],
    ] {
        let ran = explain(arguments, "");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.starts_with("error: "), "{ran:?}");
    }
}

#[test]
fn a_lost_piece_is_followed_to_the_condition() {
    let ran = explain(&["--proof"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let (_, lost) = ran.stdout.split_once("\n\n").unwrap();
    assert_eq!(
        lost,
        "  Lost by arn:aws:cloudtrail:us-east-1:111122223333:trail/audit
    - every write event on objects in bucket `payroll`
      for example DeleteObject on arn:aws:s3:::payroll/2026/11/report.csv by
      arn:aws:iam::111122223333:user/alice
        arn:aws:cloudtrail:us-east-1:111122223333:trail/audit
          does not log it
          - selector 1 (`All S3 object-level events`): `resources.ARN` NotStartsWith
            `arn:aws:s3:::payroll/` drops it
"
    );
}

/// Selectors that split everything by two fields, so that the proof joins.
fn split() -> Value {
    let mut account = account();
    let mut selectors = Vec::new();
    for name in ["Equals", "NotEquals"] {
        for source in ["Equals", "NotEquals"] {
            selectors.push(json!({"FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                {"Field": "eventName", name: ["PutObject"]},
                {"Field": "eventSource", source: ["s3.amazonaws.com"]},
            ]}));
        }
    }
    account["trails"][0]["eventSelectors"]["AdvancedEventSelectors"] = json!(selectors);
    account
}

#[test]
fn a_proof_is_a_tree_that_names_a_selector_for_each_piece() {
    let ran = run(&["explain", "--snapshot", "-", "--proof"], split().to_string().as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let (_, proof) = ran.stdout.split_once("\n\n").unwrap();
    let words: Vec<_> = proof.split_whitespace().collect();
    let proof = words.join(" ").replace("arn:aws:cloudtrail:us-east-1:111122223333:trail/", "");
    for part in ["selector 0", "selector 1", "selector 2", "selector 3"] {
        assert_eq!(proof.matches(&format!("logged by {part} of audit")).count(), 1, "{proof}");
    }
    assert!(proof.starts_with("Proof - every event in scope, by event"), "{proof}");
    let json = run(
        &["explain", "--snapshot", "-", "--proof", "--format", "json"],
        split().to_string().as_bytes(),
    );
    let audit =
        run(&["audit", "--snapshot", "-", "--format", "json"], split().to_string().as_bytes());
    assert_eq!(json.stdout, audit.stdout);
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let hostile = "\u{1b}]0;owned\u{7}\u{202e}";
    let mut record = record(hostile, "arn:aws:s3:::payroll/a");
    record["eventID"] = hostile.into();
    record["resources"][0]["ARN"] = format!("arn:aws:s3:::payroll/{hostile}").into();
    let other = json!({"eventCategory": hostile, "eventName": hostile});
    let mut account = account();
    account["name"] = hostile.into();
    account["trails"][0]["eventSelectors"]["AdvancedEventSelectors"][1]["Name"] = hostile.into();
    let path = std::env::temp_dir().join(format!("trailproof-explain-{}", std::process::id()));
    std::fs::write(&path, account.to_string()).unwrap();
    for format in ["text", "json"] {
        let arguments =
            ["explain", "--snapshot", path.to_str().unwrap(), "--record", "-", "--format", format];
        let ran = run(&arguments, json!([record, other]).to_string().as_bytes());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let is_safe = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
        assert!(ran.stdout.chars().all(is_safe), "{ran:?}");
    }
    std::fs::remove_file(path).unwrap();
}
