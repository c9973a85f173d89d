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
fn variables_ask_the_question_and_options_come_first() {
    let snapshot = command::file("sample/account.json").display().to_string();
    let asked = |variables: &[(&str, &str)], arguments: &[&str]| {
        let arguments = [&["audit", &snapshot, "--format", "json"], arguments].concat();
        let mut command = command(&arguments);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        let of = |result: &serde_json::Value, member: &str| result[member].to_string();
        let results = report["results"].as_array().unwrap().iter();
        results
            .map(|it| format!("{} {} {}", of(it, "kind"), of(it, "mode"), of(it, "allowUnlogged")))
            .collect::<Vec<_>>()
    };
    let given = [
        ("TRAILPROOF_KIND", "write,read"),
        ("TRAILPROOF_TRAILS", "union"),
        ("TRAILPROOF_ALLOW_UNLOGGED", "payroll,logs"),
    ];
    let [write, read] = [r#""write" "union" "#, r#""read" "union" "#];
    let allowed = r#"["logs","payroll"]"#;
    let found = asked(&given, &[]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with(write) && found[1].starts_with(read), "{found:?}");
    let both = |text: &str| text.contains("logs") && text.contains("payroll");
    assert!(both(&found[0]), "{found:?} {allowed}");
    let found = asked(&given, &["--kind", "read", "--trails", "any", "--allow-unlogged", "x-y-z"]);
    assert_eq!(found, [r#""read" "any" ["x-y-z"]"#]);
    // A pipeline sets variables that it has no value for.
    let empty = given.map(|(name, _)| (name, ""));
    let empty = [&empty[..], &[("TRAILPROOF_REQUIRE_DELIVERY", ""), ("TRAILPROOF_FAIL_ON", "")]];
    assert_eq!(asked(&empty.concat(), &[]), [r#""write" "any" []"#]);
}

#[test]
fn demands_on_trails_can_be_variables() {
    let snapshot = command::file("sample/account.json").display().to_string();
    let ran = |name: &str, value: &str| {
        let mut command = command(&["audit", &snapshot, "--format", "json"]);
        String::from_utf8(command.env(name, value).output().unwrap().stdout).unwrap()
    };
    let text = ran("TRAILPROOF_TRUSTED_LOG_BUCKET", "no-such-bucket,nor-this");
    assert!(text.contains("nor-this") || text.contains("trusted"), "{text}");
    let plain = ran("TRAILPROOF_UNUSED", "");
    assert_ne!(text, plain);
    assert_ne!(ran("TRAILPROOF_CLOUDTRAIL_DELIVERIES", "require"), plain);
    assert_eq!(ran("TRAILPROOF_REQUIRE_DELIVERY", "false"), plain);
}

#[test]
fn a_wrong_value_of_a_variable_names_the_variable() {
    let snapshot = command::file("sample/account.json").display().to_string();
    let ran = |arguments: &[&str]| {
        let arguments = [&["audit", snapshot.as_str()], arguments].concat();
        let output = command(&arguments).env("TRAILPROOF_KIND", "wirte").output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, text) = ran(&[]);
    assert_eq!(code, Some(2));
    assert!(text.contains("'wirte'") && text.contains("variable `TRAILPROOF_KIND`"), "{text}");
    // The option's own value is taken, and the variable is not looked at.
    assert_eq!(ran(&["--kind", "read", "--fail-on", "never"]).0, Some(0));
    let (_, text) = ran(&["--kind", "raed"]);
    assert!(!text.contains("TRAILPROOF_KIND`"), "{text}");
}

/// A variable is for every run, so it contradicts no option that needs no question.
#[test]
fn a_variable_of_the_question_excludes_no_option() {
    let snapshot = command::file("sample/account.json").display().to_string();
    let always = ["explain", &snapshot, "--event-name", "DeleteObject", "--arn", "s3://payroll/a"];
    let output = command(&always).env("TRAILPROOF_KIND", "read").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let output = command(&[&always[..], &["--kind", "read"]].concat()).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("'--event-name <NAME>' cannot be used with"), "{text}");
}

/// A shell without a terminal says that it has no column.
#[test]
fn no_columns_are_as_many_as_without_a_terminal() {
    let snapshot = command::file("sample/account.json").display().to_string();
    let text = |columns: Option<&str>| {
        let mut command = command(&["audit", &snapshot]);
        columns.into_iter().for_each(|columns| {
            command.env("COLUMNS", columns);
        });
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert_eq!(text(Some("0")), text(None));
    assert_eq!(text(Some("many")), text(None));
    assert_ne!(text(Some("60")), text(None));
}

#[test]
fn a_fault_in_a_list_of_accounts_comes_before_credentials_are_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.txt");
    std::fs::write(&list, "").unwrap();
    let sweep = || run(&["sweep", "--accounts", list.to_str().unwrap()], b"");
    sweep().is_refused(&["the list is empty"]);
    std::fs::write(&list, "111122223333\n12\n").unwrap();
    sweep().is_refused(&["line 2"]);
}

#[test]
fn shells_complete_the_formats() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = run(&["completions", shell], b"");
        assert!(ran.stdout.contains("text json asff") || ran.stdout.contains("sarif"), "{shell}");
    }
    let bash = run(&["completions", "bash"], b"").stdout;
    let formats = "text json asff ocsf csv markdown html sarif github gitlab junit";
    assert!(bash.contains(formats), "audit and sweep take them");
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
