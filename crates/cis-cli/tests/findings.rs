//! `trailproof audit --format asff` and `--format ocsf`.
#![expect(clippy::unwrap_used, reason = "what is not a finding fails the test")]

mod command;

use command::{account, file, run};
use serde_json::{Value, json};

fn audit(arguments: &[&str], input: &Value) -> command::Ran {
    run(&[&["audit"], arguments].concat(), input.to_string().as_bytes())
}

fn findings(arguments: &[&str], input: &Value) -> Vec<Value> {
    serde_json::from_str(&audit(arguments, input).stdout).unwrap()
}

const ASFF: [&str; 4] = ["--snapshot", "-", "--format", "asff"];
const OCSF: [&str; 4] = ["--snapshot", "-", "--format", "ocsf"];

/// Compares with a golden file; `TRAILPROOF_BLESS=1` writes it.
fn assert_golden(name: &str, found: &[Value]) {
    let path = file("tests/golden").join(name);
    if std::env::var_os("TRAILPROOF_BLESS").is_some() {
        std::fs::write(&path, format!("{:#}\n", Value::from(found))).unwrap();
    }
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_default())
        .unwrap_or_default();
    assert_eq!(
        Value::from(found),
        expected,
        "{} differs; read the difference, then run with TRAILPROOF_BLESS=1",
        path.display()
    );
}

#[test]
fn the_sample_account_as_findings() {
    assert_golden("findings.asff.json", &findings(&ASFF, &account()));
    assert_golden("findings.ocsf.json", &findings(&OCSF, &account()));
}

#[test]
fn a_finding_is_as_old_as_what_was_read() {
    let at = |text: &str| {
        let mut account = account();
        account["collectedAt"] = json!(text);
        findings(&ASFF, &account)[0]["UpdatedAt"].clone()
    };
    assert_eq!(at("2026-11-21T09:00:00+01:00"), "2026-11-21T08:00:00Z");
    let mut undated = account();
    undated.as_object_mut().unwrap().remove("collectedAt");
    let now = findings(&ASFF, &undated)[0]["UpdatedAt"].as_str().unwrap().to_owned();
    assert!(now.as_str() > "2026" && now.ends_with('Z'), "{now}");
}

#[test]
fn each_answer_is_a_finding_of_its_own() {
    let ids = |arguments: &[&str], input: &Value| -> Vec<String> {
        let all = findings(&[&ASFF, arguments].concat(), input);
        all.iter().map(|finding| finding["Id"].as_str().unwrap().to_owned()).collect()
    };
    let mut other = account();
    other["accountId"] = json!("444455556666");
    let both = json!([account(), other]);
    assert_eq!(
        ids(&["--kind", "write,read"], &both),
        [
            "trailproof/any/111122223333/us-east-1/s3-object-level-write",
            "trailproof/any/111122223333/us-east-1/s3-object-level-read",
            "trailproof/any/444455556666/us-east-1/s3-object-level-write",
            "trailproof/any/444455556666/us-east-1/s3-object-level-read",
        ]
    );
    assert_eq!(
        ids(&["--trails", "every"], &account()),
        ["trailproof/every/111122223333/us-east-1/s3-object-level-write"]
    );
}

#[test]
fn the_exit_code_is_the_verdicts() {
    let mut denied = account();
    denied["trails"][0]["eventSelectors"] = Value::Null;
    denied["trails"].as_array_mut().unwrap().truncate(1);
    for form in [ASFF, OCSF] {
        assert_eq!(audit(&form, &account()).code, Some(1));
        let allowed = [&form[..], &["--allow-unlogged", "payroll"]].concat();
        assert_eq!(audit(&allowed, &account()).code, Some(0));
        assert_eq!(audit(&form, &denied).code, Some(3));
    }
    assert_eq!(findings(&ASFF, &denied)[0]["Compliance"]["Status"], "NOT_AVAILABLE");
}

#[test]
fn a_finding_needs_a_region_and_a_time() {
    let mut nowhere = account();
    nowhere.as_object_mut().unwrap().remove("region");
    let mut never = account();
    never["collectedAt"] = json!("yesterday");
    for form in [ASFF, OCSF] {
        audit(&form, &nowhere).is_refused(&["account 111122223333 (sample)", "`region`"]);
        audit(&form, &never).is_refused(&["`collectedAt` is `yesterday`"]);
    }
    assert_eq!(audit(&["--snapshot", "-", "--format", "json"], &nowhere).code, Some(1));
}

#[test]
fn a_plans_finding_is_not_the_accounts() {
    let template = json!({"Resources": {"Trail": {
        "Type": "AWS::CloudTrail::Trail",
        "Properties": {"IsLogging": true, "S3BucketName": "logs"},
    }}});
    let planned = ["--template", "-", "--format", "asff"];
    let in_a_region = [&planned[..], &["--region", "eu-west-1", "--account", "111122223333"]];
    let findings = findings(&in_a_region.concat(), &template);
    assert_eq!(
        findings[0]["Id"],
        "trailproof/any/111122223333/eu-west-1/s3-object-level-write/planned"
    );
    let title = findings[0]["Title"].as_str().unwrap();
    assert!(title.starts_with("Planned CloudTrail trails"), "{title}");
    audit(&planned, &template).is_refused(&["`--region` beside a template or plan"]);
}

#[test]
fn an_accounts_text_cannot_control_a_terminal() {
    let mut hostile = account();
    hostile["name"] = json!("\u{1b}]0;owned\u{7}\u{202e}");
    hostile["trails"][0]["trail"]["Name"] = json!("\u{9b}31m");
    for form in [ASFF, OCSF] {
        let ran = audit(&form, &hostile);
        let unsafe_text = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!ran.stdout.contains(unsafe_text), "{:?}", ran.stdout);
    }
}

#[test]
fn only_audit_writes_findings() {
    for (arguments, allowed) in [
        (&["audit", "--format", "yaml"][..], "[possible values: text, json, asff, ocsf, csv, "),
        (&["diff", "a", "b", "--format", "asff"], "[possible values: text, json]"),
    ] {
        let ran = run(arguments, b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(allowed), "{ran:?}");
    }
}
