//! `trailproof diff`: what a change to the trails loses and gains.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use std::path::PathBuf;

use command::{Ran, account, run};
use serde_json::{Value, json};

/// The sample account without its exclusion, and half a year earlier.
fn before() -> Value {
    let mut account = account();
    account["collectedAt"] = json!("2026-05-21T08:00:00Z");
    let selectors = &mut account["trails"][0]["eventSelectors"]["AdvancedEventSelectors"];
    selectors[1]["FieldSelectors"].as_array_mut().unwrap().pop();
    account
}

/// A file that is there as long as this is.
struct File(PathBuf);

impl File {
    fn new(name: &str, account: &Value) -> Self {
        let name = format!("trailproof-diff-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, account.to_string()).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _gone = std::fs::remove_file(&self.0);
    }
}

fn diff(name: &str, before: &Value, after: &Value, arguments: &[&str]) -> Ran {
    let file = File::new(name, before);
    let sources = ["diff", file.0.to_str().unwrap(), "-"];
    run(&[&sources, arguments].concat(), after.to_string().as_bytes())
}

#[test]
fn what_an_added_exclusion_loses_is_told() {
    let ran = diff("exclusion", &before(), &account(), &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let (head, rest) = ran.stdout.split_once("    - every write event in requests").unwrap();
    assert_eq!(
        head,
        "LOST  account 111122223333: something that was surely logged is not any more
  before: sample, 2026-05-21T08:00:00Z
  after: sample, 2026-11-21T08:00:00Z

  Surely logged before and not now
    - every write event on objects in bucket `payroll`
      now surely not logged, for example DeleteObject on arn:aws:s3:::payroll/2026/11/report.csv
      by arn:aws:iam::111122223333:user/alice
        arn:aws:cloudtrail:us-east-1:111122223333:trail/audit
          does not log it
          - selector 1 (`All S3 object-level events`): `resources.ARN` NotStartsWith
            `arn:aws:s3:::payroll/` drops it
"
    );
    assert!(rest.contains("now not known to be logged, for example DeleteObjects on the bucket"));
    assert!(
        rest.ends_with(
            "
  Trails
    arn:aws:cloudtrail:us-east-1:111122223333:trail/audit
      changed

  Assumed
    - arn-prefix
      Records such as ListObjects and DeleteObjects carry an ARNPrefix in place of an ARN. AWS
      does not document how a selector on resources.ARN treats them; the comparison takes it
      that the ARNPrefix is compared. A selector without a condition on resources.ARN needs no
      such assumption.
"
        ),
        "{rest}"
    );
}

#[test]
fn what_is_gained_is_no_loss() {
    let ran = diff("gained", &account(), &before(), &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(
        ran.stdout.starts_with(
            "GAINED  account 111122223333: all that was surely logged still is, and more is now\n"
        ),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains(
            "  Surely logged now and not before
    - every write event on objects in bucket `payroll`
      surely not logged before, for example DeleteObject on
      arn:aws:s3:::payroll/2026/11/report.csv by arn:aws:iam::111122223333:user/alice
"
        ),
        "{}",
        ran.stdout
    );
}

#[test]
fn another_spelling_is_no_difference() {
    let mut other = account();
    let selectors = &mut other["trails"][0]["eventSelectors"]["AdvancedEventSelectors"];
    let selectors = selectors.as_array_mut().unwrap();
    selectors.reverse();
    // One selector becomes two, for reads and writes.
    let mut reads = selectors[0].clone();
    for (selector, read_only) in [(&mut selectors[0], "false"), (&mut reads, "true")] {
        let fields = selector["FieldSelectors"].as_array_mut().unwrap();
        fields.insert(0, json!({"Field": "readOnly", "Equals": [read_only]}));
    }
    selectors.push(reads);
    let ran = diff("same", &account(), &other, &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        ran.stdout,
        "SAME  account 111122223333: exactly what was surely logged still is
  before: sample, 2026-11-21T08:00:00Z
  after: sample, 2026-11-21T08:00:00Z

  Trails
    arn:aws:cloudtrail:us-east-1:111122223333:trail/audit
      surely logs what it surely logged
"
    );
}

#[test]
fn each_trail_is_told_where_they_share_the_work() {
    let mut after = before();
    let mut second = after["trails"][0].clone();
    second["trail"]["TrailARN"] = json!("arn:aws:cloudtrail:us-east-1:111122223333:trail/second");
    after["trails"][0]["status"]["IsLogging"] = json!(false);
    after["trails"].as_array_mut().unwrap().push(second);
    let ran = diff("shared", &before(), &after, &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let (_, trails) = ran.stdout.split_once("\n\n").unwrap();
    assert_eq!(
        trails,
        "  Trails
    arn:aws:cloudtrail:us-east-1:111122223333:trail/audit
      changed
      - now: it is stopped
      - loses every write event in any bucket (now surely not logged)
      - loses every read event in any bucket (now surely not logged)
    arn:aws:cloudtrail:us-east-1:111122223333:trail/second
      only after
      - gains every write event in any bucket (surely not logged before)
      - gains every read event in any bucket (surely not logged before)
"
    );
}

#[test]
fn the_json_form_has_both_ways_and_every_trail() {
    let ran = diff("json", &before(), &account(), &["--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["schemaVersion"], 1);
    assert_eq!(report["before"]["collectedAt"], "2026-05-21T08:00:00Z");
    let lost = &report["account"][0]["lost"][0];
    assert_eq!(report["account"][0]["kind"], "write");
    assert_eq!(lost["description"], "every write event on objects in bucket `payroll`");
    assert_eq!(lost["otherwise"], "NOT_LOGGED");
    assert_eq!(lost["witness"]["resources.ARN"], "arn:aws:s3:::payroll/2026/11/report.csv");
    assert_eq!(report["account"][0]["gained"], json!([]));
    assert_eq!(report["trails"][0]["presence"], "BOTH");
    assert_eq!(report["trails"][0]["changes"], report["account"]);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let mut other = account();
    other["accountId"] = json!("999988887777");
    diff("accounts", &account(), &other, &[]).is_refused(&[
        "the snapshots are of different accounts: `111122223333` before, `999988887777` after",
    ]);
    let mut other = account();
    other["partition"] = json!("aws-cn");
    diff("partitions", &account(), &other, &[]).is_refused(&["different partitions"]);
    diff("two", &account(), &json!([account(), account()]), &[])
        .is_refused(&["standard input", "holds account 111122223333 twice"]);
    run(&["diff", "-", "-"], b"").is_refused(&["standard input was given twice"]);
    run(&["diff", "no/such/file", "-"], b"").is_refused(&["`no/such/file`"]);
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let hostile = "\u{1b}]0;owned\u{7}\u{202e}";
    let mut after = account();
    after["name"] = hostile.into();
    let prefix = format!("arn:aws:s3:::payroll/{hostile}");
    let selectors = &mut after["trails"][0]["eventSelectors"]["AdvancedEventSelectors"];
    selectors[1]["FieldSelectors"][2]["NotStartsWith"] = json!([prefix]);
    selectors[1]["Name"] = hostile.into();
    after["trails"][0]["trail"]["TrailARN"] = hostile.into();
    after["trails"][0]["trail"]["IsOrganizationTrail"] = json!(true);
    for format in ["text", "json"] {
        let ran = diff(&format!("hostile-{format}"), &before(), &after, &["--format", format]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let is_safe = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
        assert!(ran.stdout.chars().all(is_safe), "{ran:?}");
    }
}
