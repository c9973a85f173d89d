//! `trailproof audit`: questions, formats, colours.

mod command;

use command::{account, run};
use serde_json::Value;

fn audit(arguments: &[&str], input: &str) -> command::Ran {
    run(&[&["audit", "--snapshot", "-"], arguments].concat(), input.as_bytes())
}

#[test]
fn each_kind_is_answered_once_in_the_order_given() {
    let ran = audit(
        &["--kind", "read", "--kind", "write,read", "--format", "json"],
        &account().to_string(),
    );
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let kinds: Vec<_> = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["read", "write"]);
}

#[test]
fn the_question_is_repeated_in_the_answer() {
    let arguments = ["--trails", "every", "--allow-unlogged", "logs", "--allow-unlogged", "tmp"];
    let ran = audit(&arguments, &account().to_string());
    let words: Vec<_> = ran.stdout.split_whitespace().collect();
    let text = words.join(" ");
    assert!(text.contains("Asked: every trail records everything."), "{text}");
    assert!(text.contains("Left out logs, tmp (allowed);"), "{text}");
    let ran = audit(&[&arguments[..], &["--details"]].concat(), &account().to_string());
    let words: Vec<_> = ran.stdout.split_whitespace().collect();
    let text = words.join(" ");
    assert!(text.contains("trails: every, allowed to stay unlogged: logs, tmp"), "{text}");
}

#[test]
fn what_is_demanded_of_deliveries_is_asked_and_shown() {
    let account = account().to_string();
    let left_out = "CloudTrail's own log deliveries (--cloudtrail-deliveries)";
    assert!(audit(&[], &account).stdout.contains(left_out));
    let demanding = [
        "--cloudtrail-deliveries=require",
        "--trusted-log-bucket=central-logs",
        "--trusted-log-bucket=other-logs",
        "--require-delivery",
    ];
    let ran = audit(&demanding, &account);
    assert!(!ran.stdout.contains(left_out), "{ran:?}");
    let words: Vec<_> = ran.stdout.split_whitespace().collect();
    assert!(
        words.join(" ").contains(
            "Asked: trusted log buckets: central-logs, other-logs; CloudTrail's own log deliveries \
             too; log files are delivered."
        ),
        "{ran:?}"
    );
    for (wrong, says) in [
        ("--cloudtrail-deliveries=log", "possible values: ignore, require"),
        ("--trusted-log-bucket=a*", "`a*` is not the exact name of a bucket"),
    ] {
        let ran = audit(&[wrong], &account);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(says), "{ran:?}");
    }
}

#[test]
fn several_answers_end_with_their_number() {
    let two = format!("[{0},{0}]", account());
    let ran = audit(&[], &two);
    let last = ran.stdout.lines().last().unwrap();
    assert_eq!(last, "2 results: 2 NON_COMPLIANT, 0 INDETERMINATE, 0 COMPLIANT");
}

#[test]
fn colour_is_for_terminals_or_by_request() {
    let input = account().to_string();
    assert!(!audit(&[], &input).stdout.contains('\u{1b}'));
    let coloured = audit(&["--color", "always"], &input).stdout;
    assert!(coloured.starts_with("\u{1b}[1m\u{1b}[31mNON_COMPLIANT\u{1b}[0m"), "{coloured}");
}

#[test]
fn every_line_of_the_json_form_is_one_result() {
    let three = format!("{0}\n{0}\n{0}\n", account());
    let ran = audit(&["--format", "json"], &three);
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 5, "{}", ran.stdout);
    for line in &lines[1..4] {
        let result: Value = serde_json::from_str(line.trim_end_matches(',')).unwrap();
        assert_eq!(result["verdict"], "NON_COMPLIANT");
    }
}

/// More answers than are held in memory.
#[test]
fn a_fault_in_the_last_account_comes_before_the_first_answer() {
    let line = |number: usize| {
        format!("{{\"schemaVersion\":1,\"accountId\":\"{number:012}\",\"trails\":[]}}\n")
    };
    let lines: String = (0..9000).map(line).collect();
    let ran = audit(&["--details"], &lines);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stdout.len() > 9 << 20, "{} bytes", ran.stdout.len());
    let headlines = ran.stdout.lines().filter(|line| line.starts_with("NON_COMPLIANT  account"));
    let in_order = headlines
        .enumerate()
        .all(|(number, line)| line.contains(&format!("account {number:012}:")));
    assert!(in_order && ran.stdout.contains("9000 results: 9000 NON_COMPLIANT"));
    let broken = lines + "{\"schemaVersion\":1,\"accountId\":7}\n";
    audit(&[], &broken).is_refused(&["accountId", "line 9001"]);
}

/// One line each from six accounts on, those that fail first, in the order of the input.
#[test]
fn many_accounts_are_a_line_each_and_the_worst_come_first() {
    let account = |number: usize, trails: &str| {
        format!("{{\"schemaVersion\":1,\"accountId\":\"{number:012}\",\"trails\":{trails}}}\n")
    };
    let accounts: String =
        (1..8).map(|number| account(number, if number % 2 == 0 { "[]" } else { "null" })).collect();
    let ran = audit(&[], &accounts);
    let ids: Vec<_> =
        ran.stdout.lines().filter_map(|line| line.split_whitespace().nth(1)).take(7).collect();
    let expected = [2, 4, 6, 1, 3, 5, 7].map(|number| format!("{number:012}"));
    assert_eq!(ids, expected, "{ran:?}");
    assert!(ran.stdout.ends_with("\n7 results: 3 NON_COMPLIANT, 4 INDETERMINATE, 0 COMPLIANT\n"));
    for line in ran.stdout.lines().take(7) {
        assert!(line.chars().count() <= 96, "{line}");
    }
    let few: String = accounts.split_inclusive('\n').take(5).collect();
    assert!(audit(&[], &few).stdout.contains("\n  Fix "));
    assert!(!audit(&["--summary"], &few).stdout.contains("\n  Fix "));
    assert!(audit(&["--details"], &accounts).stdout.contains("What to do"));
}

#[test]
fn only_what_fails_is_written_and_the_totals_are_of_all() {
    let proved = r#"{"schemaVersion":1,"accountId":"111122223333","trails":[{"trail":{
        "TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/main","HomeRegion":"us-east-1",
        "IsMultiRegionTrail":true},"status":{"IsLogging":true},"eventSelectors":{"EventSelectors":[
        {"ReadWriteType":"All","DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}
        ]}}]}"#;
    let two = format!("[{proved},{}]", account());
    let ran = audit(&["--only", "failing"], &two);
    assert!(ran.stdout.starts_with("NON_COMPLIANT"), "{ran:?}");
    assert!(!ran.stdout.contains("\nCOMPLIANT"), "{ran:?}");
    assert!(ran.stdout.contains("2 results: 1 NON_COMPLIANT, 0 INDETERMINATE, 1 COMPLIANT"));
    let ran = audit(&["--only", "failing", "--format", "json"], &two);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["results"].as_array().unwrap().len(), 1);
    let ran = audit(&["--only", "failing", "--format", "json"], &format!("[{proved}]"));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &report["results"]), (Some(0), &serde_json::json!([])));
}

#[test]
fn wrong_usage_is_refused() {
    for arguments in [
        &["--kind", "delete"][..],
        &["--trails", "all"],
        &["--allow-unlogged", "logs*"],
        &["--format", "yaml"],
        &["--region", "us-east-1"],
        &["--no-such-option"],
    ] {
        let ran = audit(arguments, "");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.starts_with("error: "), "{ran:?}");
    }
}

#[test]
fn without_credentials_there_is_one_message() {
    for arguments in [
        &["audit"][..],
        &["snapshot"],
        &["invoke", "--live"],
        &["snapshot", "--region", "us-east-1"],
    ] {
        run(arguments, b"").is_refused(&["there are no credentials", "aws configure sso"]);
    }
}
