//! Sources beside the plans that Terraform would make of them: a source's verdict is its plan's, or
//! INDETERMINATE, for both kinds in all modes.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cis_plan::{Setting, SourceOptions, SourceValue};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use cis_rules::snapshot::{Place, Snapshot};

use Expected::{Open, Same};

/// What the source's verdicts are beside the plan's.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    /// The same, all of them.
    Same,
    /// INDETERMINATE, at least one that the plan decides.
    Open,
}

/// A folder, the values that its variables are given, and what is expected.
struct Case(&'static str, &'static [(&'static str, &'static str)], Expected);

const CASES: &[Case] = &[
    Case("action", &[], Same),
    Case("awscc-trail", &[], Same),
    Case("bool-as-number-text", &[], Same),
    Case("bucket-arn-after-apply", &[], Same),
    Case("bucket-reference", &[], Same),
    Case("chained-for-each", &[], Same),
    Case("check-block", &[], Same),
    Case("cloud-control", &[], Same),
    Case("cloud-control-other", &[], Same),
    Case("coalesced-default", &[], Same),
    Case("concat-for", &[], Same),
    Case("conditional", &[], Same),
    Case("conditional-open", &[], Open),
    Case("configuration-aliases", &[], Same),
    Case("count-open", &[], Open),
    Case("count-two", &[], Same),
    Case("count-zero", &[], Same),
    Case("crlf", &[], Same),
    Case("data-external", &[], Same),
    Case("data-parameter", &[], Open),
    Case("data-source", &[], Same),
    Case("dynamic-block", &[], Same),
    Case("dynamic-nested", &[], Same),
    Case("dynamic-open", &[], Open),
    Case("dynamic-over-null", &[], Same),
    Case("enabled-false", &[], Same),
    Case("ephemeral", &[], Open),
    Case("flatten-modules", &[], Same),
    Case("for-each-map", &[], Same),
    Case("for-each-open", &[], Open),
    Case("for-each-set", &[], Same),
    Case("given-over-tfvars", &[("on", "true")], Same),
    Case("heredoc-empty", &[], Same),
    Case("heredoc-indented", &[], Same),
    Case("heredoc-json", &[], Same),
    Case("ignored-all", &[], Open),
    Case("ignored-changes", &[], Open),
    Case("ignored-logging", &[], Open),
    Case("json-dynamic", &[], Same),
    Case("json-provider", &[], Same),
    Case("json-syntax", &[], Same),
    Case("key-twice", &[], Same),
    Case("lifecycle-conditions", &[], Same),
    Case("literal-advanced", &[], Same),
    Case("literal-basic", &[], Same),
    Case("local-exec", &[], Same),
    Case("locals", &[], Same),
    Case("locals-across-files", &[], Same),
    Case("logging-as-text", &[], Same),
    Case("merge-with-null", &[], Same),
    Case("module", &[], Same),
    Case("module-count-open", &[], Open),
    Case("module-count-zero", &[], Same),
    Case("module-default", &[], Same),
    Case("module-for-each", &[], Same),
    Case("module-installed", &[], Same),
    Case("module-of-one", &[], Same),
    Case("module-outputs", &[], Same),
    Case("module-provider", &[], Same),
    Case("module-remote", &[], Open),
    Case("moved-and-imported", &[], Same),
    Case("no-selectors", &[], Same),
    Case("no-trail", &[], Same),
    Case("nonsensitive", &[], Same),
    Case("null-facts", &[], Same),
    Case("null-logging", &[], Same),
    Case("nullable-false", &[], Same),
    Case("one-of-a-splat", &[], Same),
    Case("one-of-two-trails-open", &[], Open),
    Case("optional-attributes", &[], Same),
    Case("optional-nested", &[], Same),
    Case("outputs-through-modules", &[], Same),
    Case("over-buckets", &[], Same),
    Case("override", &[], Same),
    Case("override-block", &[], Same),
    Case("override-order", &[], Same),
    Case("override-variable", &[], Same),
    Case("partition-by-region", &[], Same),
    Case("partition-open", &[], Open),
    Case("patterns", &[], Same),
    Case("product-not-there", &[], Same),
    Case("product-of-each", &[], Same),
    Case("provider-instances", &[], Same),
    Case("removed-by-default", &[], Open),
    Case("removed-destroyed", &[], Same),
    Case("removed-forgotten", &[], Open),
    Case("resource-prefix", &[], Same),
    Case("selectors-in-a-file", &[], Same),
    Case("set-of-files", &[], Same),
    Case("setproduct", &[], Same),
    Case("single-region", &[], Same),
    Case("stack-file", &[], Same),
    Case("stack-jsonencode", &[], Same),
    Case("stack-jsonencode-open", &[], Open),
    Case("stack-templatefile", &[], Same),
    Case("template-of-selectors", &[], Same),
    Case("terragrunt", &[], Open),
    Case("terragrunt-given", &[("type", "WriteOnly")], Same),
    Case("tfvars-json", &[], Same),
    Case("tfvars-only", &[], Same),
    Case("tfvars-order", &[], Same),
    Case("tofu-beside", &[], Same),
    Case("tofu-in-place", &[], Open),
    Case("tofu-only", &[], Same),
    Case("try-and-can", &[], Same),
    Case("try-and-merge", &[], Same),
    Case("two-trails", &[], Same),
    Case("unknown-function", &[], Open),
    Case("validation", &[], Same),
    Case("variable-default", &[], Same),
    Case("variable-given", &[("kind", "WriteOnly")], Same),
    Case("variable-without-value", &[], Open),
    Case("whole-number", &[], Same),
    Case("workspace", &[], Open),
    Case("workspace-count", &[], Open),
    Case("workspace-either-way", &[], Same),
    Case("wrong-partition", &[], Same),
    Case("yaml-file", &[], Same),
    Case("yamldecode", &[], Same),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/source")
}

/// All files of a folder, by their path in it.
fn files(folder: &Path, within: &str, all: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if within.is_empty() { name } else { format!("{within}/{name}") };
        if entry.path().is_dir() {
            files(&entry.path(), &path, all);
        } else {
            all.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

fn source(name: &str, given: &[(&str, &str)]) -> Vec<Snapshot> {
    let mut all = BTreeMap::new();
    files(&folder().join(name), "", &mut all);
    let value =
        |(name, value): &(&str, &str)| SourceValue::Variable((*name).into(), (*value).into());
    let options = SourceOptions { values: given.iter().map(value).collect() };
    cis_plan::source(&all, "", &options, &Setting::default()).unwrap()
}

fn plan(name: &str) -> Vec<Snapshot> {
    let text = fs::read_to_string(folder().join(name).join("plan.json")).unwrap();
    cis_plan::plans(&text, &Setting::default()).unwrap()
}

/// The verdicts for both kinds in all modes.
fn verdicts(accounts: &[Snapshot]) -> Vec<Verdict> {
    let [account] = accounts else { return Vec::new() };
    let questions =
        Kind::ALL.into_iter().flat_map(|kind| Mode::ALL.map(|mode| Question::new(kind, mode)));
    questions.map(|question| cis_rules::evaluate(account, &question).verdict).collect()
}

#[test]
fn a_source_is_decided_as_its_plan_or_not_at_all() {
    let mut wrong = Vec::new();
    for Case(name, given, expected) in CASES {
        let (of_source, of_plan) = (verdicts(&source(name, given)), verdicts(&plan(name)));
        assert_eq!((of_source.len(), of_plan.len()), (6, 6), "{name}");
        let pairs = of_source.iter().zip(&of_plan);
        let is_sound =
            pairs.clone().all(|(one, other)| one == other || *one == Verdict::Indeterminate);
        let found = if of_source == of_plan { Same } else { Open };
        if !is_sound || found != *expected {
            wrong.push(format!("{name}: {of_source:?} beside the plan's {of_plan:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(CASES.len() >= 40);
}

#[test]
fn every_folder_is_in_the_table() {
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(CASES.iter().any(|Case(case, ..)| *case == name), "{name} is in no case");
    }
}

#[test]
fn what_is_open_says_its_line_and_what_settles_it() {
    for (name, given, part, settled_by) in [
        (
            "variable-without-value",
            &[][..],
            "variable `kind` has no value (main.tf:1)",
            "give it with `--var kind=VALUE`",
        ),
        (
            "data-parameter",
            &[],
            "`data.aws_ssm_parameter.b.value` is read when Terraform plans (main.tf:1)",
            "audit a plan",
        ),
        (
            "module-remote",
            &[],
            "the module `other` (main.tf:14) from `example/trail/aws` is not in the folder",
            "run `terraform init`, or audit a plan",
        ),
        ("ignored-logging", &[], "changes are ignored (main.tf:1)", "audit a plan, or the account"),
    ] {
        let account = &source(name, given)[0];
        let result = cis_rules::evaluate(account, &Question::new(Kind::Write, Mode::Any));
        let found = result
            .unknowns
            .iter()
            .any(|one| one.reason.contains(part) && one.settled_by == settled_by);
        assert!(found, "{name}: {:#?}", result.unknowns);
    }
}

#[test]
fn trails_have_a_place() {
    let mut all = BTreeMap::new();
    files(&folder().join("module-for-each"), "", &mut all);
    let read = cis_plan::source(&all, "", &SourceOptions::default(), &Setting::default()).unwrap();
    let trails = read[0].trails.as_ref().unwrap();
    let expected = Some(Place { file: "modules/trail/main.tf".into(), line: Some(6) });
    assert_eq!(trails.iter().map(|trail| &trail.place).collect::<Vec<_>>(), [&expected; 2]);
    let result = cis_rules::evaluate(&read[0], &Question::new(Kind::Write, Mode::Any));
    assert_eq!(result.trails[0].place, expected);
    for (name, expected) in [
        ("count-open", "main.tf:4"),
        ("module-remote", "main.tf:14"),
        ("json-syntax", "main.tf.json:10"),
        ("removed-forgotten", "main.tf:1"),
        ("stack-jsonencode", "main.tf:1"),
    ] {
        let account = source(name, &[]).remove(0);
        let place = account.trails.unwrap().pop().and_then(|trail| trail.place);
        assert_eq!(place.map(|place| place.to_string()).as_deref(), Some(expected), "{name}");
    }
}
