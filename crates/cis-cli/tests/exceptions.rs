//! `trailproof.toml` and exceptions that end, as a user meets them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use std::fs;
use std::path::Path;

use command::{Ran, account, command, file};
use serde_json::Value;

const ACCOUNT: &str = "111122223333";

/// Runs `audit` on the sample account in a folder, on 2026-11-26.
fn audit(folder: &Path, arguments: &[&str]) -> Ran {
    let snapshot = file("sample/account.json");
    let always = ["audit", "--snapshot", snapshot.to_str().unwrap(), "--as-of", "2026-11-26"];
    let output = command(&[&always, arguments].concat()).current_dir(folder).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let checked = schema_check::check_output(&stdout);
    assert!(checked.is_ok(), "{arguments:?}: {checked:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    Ran { code: output.status.code(), stdout, stderr }
}

fn with_file(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("trailproof.toml"), text).unwrap();
    folder
}

fn bucket(expires: &str) -> String {
    format!(
        "[[exceptions]]\nbucket = \"payroll\"\nreason = \"moves to another account\"\nowner = \
         \"finance\"\nexpires = {expires}\n"
    )
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_bucket_is_excepted_until_its_last_day_and_every_answer_says_so() {
    assert_eq!(account()["accountId"], ACCOUNT);
    let folder = with_file(&bucket("2027-03-31"));
    let ran = audit(folder.path(), &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let text = words(&ran.stdout);
    let said =
        "Excepted bucket payroll until 2027-03-31: moves to another account (owner: finance)";
    assert!(text.contains(said) && !text.contains("payroll (allowed)"), "{text}");
    assert!(ran.stderr.starts_with("note: ") && ran.stderr.contains("trailproof.toml"), "{ran:?}");

    let folder = with_file(&bucket("2026-11-25"));
    let ran = audit(folder.path(), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let text = words(&ran.stdout);
    assert!(
        text.contains("Expired bucket payroll expired on 2026-11-25 and does not count"),
        "{text}"
    );
    let warned = "warning: the exception of bucket payroll expired on 2026-11-25";
    assert!(ran.stderr.contains(warned), "{ran:?}");
    assert!(ran.stdout.lines().count() <= 16, "{}", ran.stdout);

    let folder = with_file(&bucket("2026-12-26"));
    let ran = audit(folder.path(), &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(words(&ran.stdout).contains("until 2026-12-26, which is soon"), "{}", ran.stdout);
    assert!(ran.stderr.contains("warning: the exception of bucket payroll ends after 2026-12-26"));
}

#[test]
fn every_format_lists_the_exceptions_with_their_reasons() {
    let account_text =
        format!("[[exceptions]]\naccount = \"{ACCOUNT}\"\nreason = \"sandbox of team x\"\n");
    let folder = with_file(&(account_text + &bucket("2020-01-31")));
    for format in
        ["text", "json", "asff", "ocsf", "csv", "markdown", "sarif", "github", "gitlab", "junit"]
    {
        let ran = audit(folder.path(), &["--format", format]);
        assert_eq!(ran.code, Some(0), "{format}: {ran:?}");
        let text = words(&ran.stdout);
        for said in ["sandbox of team x", "moves to another account", "2020-01-31"] {
            assert!(text.contains(said), "{format}: {said}: {text}");
        }
    }
    let details = audit(folder.path(), &["--details"]).stdout;
    assert!(words(&details).contains("sandbox of team x"), "{details}");
    let summary = audit(folder.path(), &["--summary"]).stdout;
    assert!(summary.contains("(excepted)"), "{summary}");
}

/// A COMPLIANT has no result in SARIF, but the run names what it rests on.
#[test]
fn a_compliant_run_names_its_exceptions_too() {
    let folder = with_file(&bucket("2027-03-31"));
    for format in ["json", "sarif", "junit", "csv", "markdown", "ocsf", "asff"] {
        let ran = audit(folder.path(), &["--format", format]);
        assert!(ran.stdout.contains("moves to another account"), "{format}: {}", ran.stdout);
    }
    let ran = audit(folder.path(), &["--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let result = &report["results"][0];
    assert_eq!(
        (&result["verdict"], &result["allowUnlogged"][0]),
        (&"COMPLIANT".into(), &"payroll".into())
    );
    assert_eq!(result["exceptions"][0]["expires"], "2027-03-31");
}

#[test]
fn a_fix_lists_the_exceptions_that_it_rests_on() {
    let text = bucket("2027-03-31");
    let folder = with_file(&text);
    let snapshot = folder.path().join("account.json");
    let mut account = command::account();
    account["trails"][0]["status"]["IsLogging"] = false.into();
    std::fs::write(&snapshot, account.to_string()).unwrap();
    let fix = |more: &[&str]| {
        let ran =
            command::command(&[&["fix", "account.json", "--as-of", "2026-11-26"], more].concat())
                .current_dir(folder.path())
                .output()
                .unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    let document: Value = serde_json::from_str(&fix(&["--format", "json"])).unwrap();
    let exceptions = &document["fixes"][0]["exceptions"];
    assert_eq!(exceptions[0]["name"], "payroll", "{document}");
    assert_eq!(exceptions[0]["expires"], "2027-03-31");
    let text = words(&fix(&[]));
    assert!(text.contains("Exceptions - Excepted is bucket payroll until 2027-03-31"), "{text}");
}

#[test]
fn an_account_that_is_excepted_keeps_its_verdict_and_fails_no_run() {
    let text = format!("[[exceptions]]\naccount = \"{ACCOUNT}\"\nreason = \"sandbox\"\n");
    let folder = with_file(&text);
    let ran = audit(folder.path(), &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.starts_with("NON_COMPLIANT"), "{}", ran.stdout);
    assert!(
        words(&ran.stdout).contains("Excepted this account without an end: sandbox"),
        "{ran:?}"
    );
    let ran = audit(folder.path(), &["--kind", "both"]);
    assert!(ran.stdout.ends_with("0 COMPLIANT, 2 excepted\n"), "{}", ran.stdout);
    let sarif = audit(folder.path(), &["--format", "sarif"]);
    let log: Value = serde_json::from_str(&sarif.stdout).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["suppressions"][0]["status"], "accepted");
    let junit = audit(folder.path(), &["--format", "junit"]).stdout;
    assert!(junit.contains("<skipped message=") && junit.contains("skipped=\"1\""), "{junit}");
    assert!(audit(folder.path(), &["--format", "github"]).stdout.starts_with("::notice "));
}

#[test]
fn the_nearest_file_upwards_is_read_and_options_come_before_it() {
    let folder = with_file("kinds = [\"read\"]\n");
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    let kind = |ran: &Ran| ran.stdout.contains("S3 read events");
    let ran = audit(&below, &[]);
    assert!(kind(&ran), "{ran:?}");
    assert!(!kind(&audit(&below, &["--kind", "write"])));
    let without = audit(&below, &["--no-config"]);
    assert!(!kind(&without) && without.stderr.is_empty(), "{without:?}");
    fs::write(folder.path().join("a/trailproof.toml"), "kinds = [\"write\"]\n").unwrap();
    assert!(!kind(&audit(&below, &[])));
    let other = folder.path().join("trailproof.toml");
    let ran = audit(&below, &["--config", other.to_str().unwrap()]);
    assert!(kind(&ran) && ran.stderr.is_empty(), "{ran:?}");
}

#[test]
fn a_bad_file_is_refused_with_its_line_and_column() {
    let folder = with_file("mode = \"any\"\n\n[[exceptions]]\nbucket = \"payroll\"\n");
    audit(folder.path(), &[]).is_refused(&["trailproof.toml`: line 3 column 1:", "`reason`"]);
    let folder = with_file("mode = \"any\n");
    audit(folder.path(), &[]).is_refused(&["line 1 column"]);
    audit(folder.path(), &["--config", "none.toml"]).is_refused(&["cannot read `none.toml`"]);
    let ran = audit(folder.path(), &["--no-config", "--allow-unlogged", "payroll@2027-02-30"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("`2027-02-30` is no date"), "{ran:?}");
}

#[test]
fn an_allowed_bucket_may_have_a_last_day() {
    let folder = with_file("");
    let allowed = |bucket| audit(folder.path(), &["--allow-unlogged", bucket]).code;
    assert_eq!(allowed("payroll@2027-03-31"), Some(0));
    assert_eq!(allowed("payroll@2026-11-25"), Some(1));
    assert_eq!(allowed("payroll"), Some(0));
}

#[test]
fn exceptions_of_trails_say_where_they_change_nothing() {
    let arn = account()["trails"][0]["trail"]["TrailARN"].as_str().unwrap().to_string();
    let folder = with_file(&format!("[[exceptions]]\ntrail = \"{arn}\"\nreason = \"x\"\n"));
    let ran = audit(folder.path(), &[]);
    assert!(
        ran.stderr.contains("exceptions of trails change nothing with `--trails any`"),
        "{ran:?}"
    );
    let ran = audit(folder.path(), &["--trails", "every"]);
    assert!(!ran.stderr.contains("change nothing"), "{ran:?}");
    assert!(words(&ran.stdout).contains(&format!("Excepted trail {arn}")), "{ran:?}");
}
