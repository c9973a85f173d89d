//! The command's contract with shells and scripts: exit codes, and one clear message.

use e2e::Result;
use e2e::cli::{NO_AWS, Ran, trailproof};
use e2e::trails::{account, all_s3, all_s3_but, trail};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";

fn audit(arguments: &[&str], input: &str) -> Result<Ran> {
    trailproof(NO_AWS, &[&["audit", "--snapshot", "-"], arguments].concat(), input)
}

fn good() -> Value {
    account(&[trail(HOME, "main", &all_s3())])
}

fn lossy() -> Value {
    account(&[trail(HOME, "main", &all_s3_but("arn:aws:s3:::payroll/"))])
}

fn unclear() -> Value {
    let mut unclear = good();
    unclear["trails"][0]["eventSelectors"] = Value::Null;
    unclear
}

#[test]
fn the_exit_code_is_the_worst_verdict() -> Result {
    let one_per_line = |all: &[Value]| {
        let lines: Vec<String> = all.iter().map(Value::to_string).collect();
        lines.join("\n")
    };
    for (code, input) in [
        (0, one_per_line(&[good()])),
        (1, one_per_line(&[lossy()])),
        (3, one_per_line(&[unclear()])),
        (0, one_per_line(&[good(), good()])),
        (3, one_per_line(&[good(), unclear()])),
        (1, one_per_line(&[unclear(), lossy(), good()])),
        (1, json!([unclear(), lossy(), good()]).to_string()),
    ] {
        for format in ["text", "json"] {
            let ran = audit(&["--format", format], &input)?;
            assert_eq!((ran.code, ran.stderr.as_str()), (code, ""), "{format}: {input}");
        }
    }
    Ok(())
}

#[test]
fn results_come_in_the_order_of_the_accounts() -> Result {
    let named = |name: &str, mut account: Value| {
        account["name"] = json!(name);
        account
    };
    let input = json!([named("b", good()), named("a", lossy()), named("c", unclear())]);
    let report =
        audit(&["--format", "json", "--kind", "read", "--kind", "write"], &input.to_string())?
            .json()?;
    assert_eq!(report["schemaVersion"], 1);
    let results: Vec<String> = report["results"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|result| {
            format!("{} {} {}", result["name"], result["kind"], result["verdict"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        results,
        [
            "b read COMPLIANT",
            "b write COMPLIANT",
            "a read NON_COMPLIANT",
            "a write NON_COMPLIANT",
            "c read INDETERMINATE",
            "c write INDETERMINATE",
        ]
    );
    Ok(())
}

#[test]
fn text_is_for_people_and_plain_in_a_pipe() -> Result {
    let ran = audit(&[], &lossy().to_string())?;
    assert!(ran.stdout.contains("NON_COMPLIANT"), "{}", ran.stdout);
    assert!(ran.stdout.contains("payroll"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'), "no colour: {}", ran.stdout);
    Ok(())
}

/// Exit code 2, nothing on standard output, and a message that says where.
fn refused(ran: &Ran, says: &[&str]) {
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    for part in says {
        assert!(ran.stderr.contains(part), "`{part}` is missing: {}", ran.stderr);
    }
    let messages = ran.stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!(messages, 1, "one message: {}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
}

#[test]
fn broken_json_is_refused_with_line_and_column() -> Result {
    let broken = "{\n  \"schemaVersion\": 1,\n  \"accountId\": oops\n}";
    refused(&audit(&[], broken)?, &["standard input", "line 3", "column 16"]);
    let cut = good().to_string();
    let cut = cut.get(..100).unwrap_or_default();
    refused(&audit(&[], cut)?, &["line 1", "column 100", "EOF"]);
    Ok(())
}

#[test]
fn input_that_is_no_snapshot_is_refused() -> Result {
    let with = |path: &str, value: Value| {
        let mut changed = good();
        if let Some(place) = changed.pointer_mut(path) {
            *place = value;
        }
        changed.to_string()
    };
    let fields = "/trails/0/eventSelectors/AdvancedEventSelectors/0/FieldSelectors";
    for (input, says) in [
        (String::new(), "empty"),
        ("[]".to_string(), "empty"),
        ("3".to_string(), "snapshot"),
        (with("/schemaVersion", json!(2)), "schemaVersion 2"),
        (with("/accountId", json!(7)), "accountId"),
        (with("/trails", json!("none")), "trails"),
        (with(&format!("{fields}/0/Equals"), json!("Data")), "Equals"),
        (with(fields, json!({})), "FieldSelectors"),
    ] {
        refused(&audit(&[], &input)?, &[says]);
    }
    Ok(())
}

#[test]
fn a_file_that_is_not_there_is_named() -> Result {
    let ran = trailproof(NO_AWS, &["audit", "--snapshot", "/nonexistent/account.json"], "")?;
    refused(&ran, &["/nonexistent/account.json", "no such file"]);
    Ok(())
}

#[test]
fn wrong_usage_is_refused() -> Result {
    for (arguments, says) in [
        (&["--kind", "delete"][..], "delete"),
        (&["--trails", "some"], "some"),
        (&["--allow-unlogged", "logs-*"], "logs-*"),
        (&["--colour", "never"], "--colour"),
        (&["--format", "yaml"], "yaml"),
    ] {
        refused(&audit(arguments, &good().to_string())?, &[says]);
    }
    refused(&trailproof(NO_AWS, &["prove"], "")?, &["prove"]);
    Ok(())
}

#[test]
fn hostile_input_neither_panics_nor_hangs() -> Result {
    let deep = "[".repeat(200_000);
    refused(&audit(&[], &deep)?, &["line 1"]);
    let ignored = format!("{{\"schemaVersion\":1,\"later\":{deep}");
    refused(&audit(&[], &ignored)?, &["line 1"]);
    let nul = "\0".repeat(1_000);
    refused(&audit(&[], &nul)?, &["line 1"]);
    let mut long = good();
    long["trails"][0]["trail"]["Name"] = json!("x".repeat(5_000_000));
    assert_eq!(audit(&[], &long.to_string())?.code, 0);
    Ok(())
}

#[test]
fn no_aws_means_one_message_and_no_verdict() -> Result {
    for arguments in [&["audit"][..], &["snapshot"]] {
        refused(&trailproof(NO_AWS, arguments, "")?, &["no answer from http://127.0.0.1"]);
    }
    Ok(())
}
