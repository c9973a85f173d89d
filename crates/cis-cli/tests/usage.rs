//! How the command is asked: near misses, tips, loudness, variables, completions, manual pages.

mod command;

use command::{account, command, run};

fn audit(arguments: &[&str]) -> command::Ran {
    run(&[&["audit", "--snapshot", "-"], arguments].concat(), account().to_string().as_bytes())
}

#[test]
fn what_other_tools_call_it_has_a_tip() {
    for (other, tip) in [
        ("--mode=any", "`--trails any`"),
        ("-f", "`--format json`"),
        ("--exclude=logs", "`--allow-unlogged BUCKET`"),
        ("--no-color", "`--color never`"),
    ] {
        let ran = audit(&[other]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains("tip: ") && ran.stderr.contains(tip), "{ran:?}");
    }
}

#[test]
fn kinds_and_modes_are_taken_in_any_case() {
    for kind in ["both", "all", "WRITE,Read"] {
        let ran = audit(&["--kind", kind, "--trails", "UNION", "--format", "json"]);
        assert_eq!(ran.stdout.matches("\"kind\":").count(), 2, "{kind}: {ran:?}");
    }
    let ran = audit(&["--kind", "wirte"]);
    assert!(ran.stderr.contains("'write'"), "{ran:?}");
    let ran = audit(&["--allow-unlogged", "s3://payroll/"]);
    assert!(ran.stderr.contains("did you mean `payroll`?"), "{ran:?}");
}

// It chose no file, and the answer was that nothing was recorded.
#[test]
fn a_misspelt_region_chooses_no_logs_in_silence() {
    for ask in ["logs", "verify"] {
        let ran = run(&[ask, "--region", "eu-wset-1", "."], b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ask}: {ran:?}");
        assert!(ran.stderr.contains("did you mean `eu-west-1`?"), "{ask}: {ran:?}");
    }
}

#[test]
fn an_object_may_be_spelled_as_the_aws_cli_spells_it() {
    let explain = |arguments: &[&str]| {
        let always = ["explain", "--snapshot", "-"];
        run(&[&always, arguments].concat(), account().to_string().as_bytes())
    };
    let ran = explain(&["--event-name", "DeleteObjet", "--arn", "s3://payroll/a.csv"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("arn:aws:s3:::payroll/a.csv"), "{ran:?}");
    assert!(ran.stderr.contains("did you mean `DeleteObject`?"), "{ran:?}");
    let same = explain(&["--event-name", "DeleteObject", "--arn", "arn:aws:s3:::payroll/a.csv"]);
    assert_eq!((same.code, same.stderr.as_str()), (Some(1), ""), "{same:?}");
}

#[test]
fn variables_stand_for_options_and_options_come_first() {
    let snapshot = command::file("sample/account.json").display().to_string();
    let ran = |arguments: &[&str]| {
        let arguments = [&["audit", snapshot.as_str()], arguments].concat();
        let mut command = command(&arguments);
        command.env("TRAILPROOF_FORMAT", "csv").env("TRAILPROOF_FAIL_ON", "never");
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = ran(&[]);
    assert_eq!(code, Some(0));
    assert!(text.starts_with("verdict,account,"), "{text}");
    let (code, text) = ran(&["--format", "json", "--fail-on", "indeterminate"]);
    assert_eq!(code, Some(1));
    assert!(text.starts_with("{\"schemaVersion\":1"), "{text}");
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(&["completions", shell], b"");
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.contains("fail-on") && ran.stdout.contains("recipients"), "{shell}");
    }
    let ran = run(&["man"], b"");
    assert!(ran.stdout.contains(".TH trailproof 1"), "{}", ran.stdout);
    let ran = run(&["man", "audit"], b"");
    assert!(ran.stdout.contains("\\-\\-fail\\-on"), "{}", ran.stdout);
    run(&["man", "audti"], b"").is_refused(&["no command `audti`: did you mean `audit`?"]);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    assert_eq!(run(&["man", "--out", &out], b"").code, Some(0));
    for page in ["trailproof.1", "trailproof-audit.1", "trailproof-verify.1"] {
        assert!(folder.path().join(page).exists(), "{page}");
    }
}

#[test]
fn the_version_is_the_packages() {
    let ran = run(&["--version"], b"");
    let version = format!("trailproof {}", env!("CARGO_PKG_VERSION"));
    assert!(ran.stdout.starts_with(&version), "{ran:?}");
}
