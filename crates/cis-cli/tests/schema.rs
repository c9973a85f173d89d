//! `trailproof schema`.

mod command;

use cis_rules::report::Report;
use command::{file, run};

const NAMES: [&str; 9] = [
    "snapshot",
    "report",
    "explanation",
    "difference",
    "logs",
    "verification",
    "sweep-difference",
    "recorded",
    "fix",
];

#[test]
fn each_document_has_a_schema_which_is_the_committed_file() {
    for name in NAMES {
        let ran = run(&["schema", name], b"");
        let committed = file(&format!("../../docs/schemas/{name}.json"));
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert_eq!(ran.stdout, std::fs::read_to_string(committed).unwrap());
    }
}

#[test]
fn an_unknown_document_is_refused_with_the_list_of_those_that_are_known() {
    let ran = run(&["schema", "verdict"], b"");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains(&NAMES.join(", ")), "{ran:?}");
}

#[test]
fn the_completions_of_a_plan_are_in_the_schema_of_the_report_that_has_them() {
    for (name, verdict) in
        [("30-two-trails-one-of-them", "COMPLIANT"), ("23-exclude-own-bucket", "NON_COMPLIANT")]
    {
        let path = file(&format!("../cis-plan/tests/found/{name}.yaml"));
        // What is run here is held against the schema.
        let ran = run(&["audit", "--format", "json", path.to_str().unwrap()], b"");
        let report: Report = serde_json::from_str(&ran.stdout).unwrap();
        let result = &report.results[0];
        assert_eq!(result.verdict.name(), verdict, "{name}");
        assert!(!result.completions.is_empty(), "{name}: {}", ran.stdout);
        let again: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        assert_eq!(again, report, "{name}");
    }
}
