//! Templates and plans with the verdicts that they must get, for both kinds of events.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]

use std::fs;
use std::path::Path;

use cis_plan::{Kind, Setting};
use cis_rules::question::{Kind as Events, Mode, Question};
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;

use Events::{Read, Write};
use Mode::{Any, Every, Union};
use Verdict::{Compliant, Indeterminate, NonCompliant};

/// One line of the table: a file, what is given for it, and what must come out.
struct Case(
    &'static str,
    &'static [(&'static str, &'static str)],
    Mode,
    /// Write events.
    Verdict,
    /// Read events.
    Verdict,
);

/// The partition that most of them are for.
const AWS: (&str, &str) = ("--partition", "aws");

/// What is given stands as `--account`, `--region`, `--partition`, and else as a parameter.
const CASES: &[Case] = &[
    Case("lza-organization-trail.json", &[], Any, Compliant, Compliant),
    Case("lza-organization-trail.json", &[("--partition", "aws-cn")], Any, Compliant, Compliant),
    Case("lza-organization-trail.json", &[], Every, Compliant, Compliant),
    Case("landing-zone-baseline.yaml", &[], Any, NonCompliant, NonCompliant),
    Case("landing-zone-baseline.yaml", &[], Every, NonCompliant, NonCompliant),
    // Whatever the name of the bucket: it is lost. Reads are lost in any case.
    Case("exclude-log-bucket.yaml", &[], Any, NonCompliant, NonCompliant),
    Case("exclude-log-bucket.yaml", &[("DataEvents", "All")], Any, NonCompliant, NonCompliant),
    Case("exclude-log-bucket.yaml", &[("LogBucketName", "logs")], Any, NonCompliant, NonCompliant),
    Case("several-trails.yaml", &[], Any, Indeterminate, Indeterminate),
    // It is made for three partitions, and says something else in one of them.
    Case("several-trails.yaml", &[("Stage", "prod")], Any, Indeterminate, NonCompliant),
    Case("several-trails.yaml", &[("Stage", "prod"), AWS], Any, Compliant, NonCompliant),
    Case("several-trails.yaml", &[("Stage", "prod"), AWS], Union, Compliant, NonCompliant),
    Case("several-trails.yaml", &[("Stage", "prod"), AWS], Every, NonCompliant, NonCompliant),
    Case("several-trails.yaml", &[("Stage", "dev"), AWS], Every, NonCompliant, Compliant),
    Case(
        "several-trails.yaml",
        &[("Stage", "prod"), ("Logging", "false"), AWS],
        Any,
        NonCompliant,
        NonCompliant,
    ),
    // A mapping without the partition leaves the value open.
    Case(
        "several-trails.yaml",
        &[("Stage", "prod"), ("--partition", "aws-iso")],
        Any,
        Indeterminate,
        NonCompliant,
    ),
    Case(
        "several-trails.yaml",
        &[("Stage", "prod"), ("--region", "us-gov-west-1")],
        Any,
        Compliant,
        NonCompliant,
    ),
    Case("no-trail.yaml", &[], Any, NonCompliant, NonCompliant),
    Case("nested-stack.yaml", &[], Any, Indeterminate, Indeterminate),
    Case("macro.yaml", &[], Any, Indeterminate, Indeterminate),
    Case("plan-create.json", &[], Any, Indeterminate, Indeterminate),
    Case("plan-module-for-each.json", &[], Any, Compliant, Compliant),
    Case("plan-module-for-each.json", &[], Union, Compliant, Compliant),
    Case("plan-module-for-each.json", &[], Every, NonCompliant, NonCompliant),
    Case("plan-destroy.json", &[], Any, NonCompliant, NonCompliant),
    Case("plan-forget.json", &[], Any, Compliant, Compliant),
    Case("plan-basic.json", &[], Any, Compliant, NonCompliant),
    // A value of another partition matches nothing.
    Case("plan-basic.json", &[("--partition", "aws-cn")], Any, NonCompliant, NonCompliant),
    Case("plan-unknown-fact.json", &[], Any, Indeterminate, NonCompliant),
    Case("plan-dynamic-block.json", &[], Any, Indeterminate, Indeterminate),
    Case("plan-no-trail.json", &[], Any, NonCompliant, NonCompliant),
    // What an incomplete plan leaves out cannot take away what is planned.
    Case("plan-errored.json", &[], Any, Compliant, Indeterminate),
    Case("plan-errored.json", &[], Every, Indeterminate, NonCompliant),
    Case("plan-stack.json", &[], Any, Indeterminate, Indeterminate),
];

fn read(file: &str, given: &[(&str, &str)]) -> Snapshot {
    let mut setting = Setting::default();
    for (name, value) in given {
        let value = (*value).to_string();
        match *name {
            "--account" => setting.account_id = Some(value),
            "--region" => setting.region = Some(value),
            "--partition" => setting.partition = Some(value),
            parameter => drop(setting.parameters.insert(parameter.to_string(), value)),
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    let text = fs::read_to_string(path).unwrap();
    match Kind::of(&text) {
        Kind::Template => cis_plan::template(&text, &setting).unwrap(),
        Kind::Plan => cis_plan::plan(&text, &setting).unwrap(),
        _ => Snapshot::from_json(&text).unwrap(),
    }
}

fn audit(snapshot: &Snapshot, kind: Events, mode: Mode) -> AccountResult {
    cis_rules::evaluate(snapshot, &Question::new(kind, mode))
}

#[test]
fn every_file_gets_its_verdicts() {
    let mut failures = Vec::new();
    for Case(file, given, mode, write, read_events) in CASES {
        let snapshot = read(file, given);
        for (kind, expected) in [(Write, *write), (Read, *read_events)] {
            let result = audit(&snapshot, kind, *mode);
            if result.verdict != expected {
                failures.push(format!(
                    "{file} {given:?} {kind} {mode}: expected {expected}, {}",
                    result.summary
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_data_file_is_in_the_table() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    for entry in fs::read_dir(data).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(CASES.iter().any(|Case(file, ..)| *file == name), "{name} is in no case");
    }
}

#[test]
fn what_is_open_says_what_settles_it() {
    for (file, given, reason, settled_by) in [
        (
            "several-trails.yaml",
            &[AWS][..],
            "it depends on parameter `Stage`: NON_COMPLIANT with `dev`, COMPLIANT with `prod`",
            "give it with `--parameter Stage=VALUE`",
        ),
        (
            "nested-stack.yaml",
            &[],
            "the trails of the nested stack `Logging`: the template does not say what \
             trails the nested stack `Logging` has",
            "audit its template too",
        ),
    ] {
        let result = audit(&read(file, given), Write, Any);
        let found = result.unknowns.iter().any(|unknown| {
            (unknown.reason.as_str(), unknown.settled_by.as_str()) == (reason, settled_by)
        });
        assert!(found, "{file}: {:#?}", result.unknowns);
    }
}
