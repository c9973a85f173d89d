//! The formats of pull requests, pipelines and spreadsheets, each read back by a reader that is not ours.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

mod command;

use std::collections::BTreeMap;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use self::command::{Ran, command, run};

/// An account with a trail that has these conditions beside those of S3 objects.
fn account(id: &str, name: &str, conditions: &Value) -> Value {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    fields.extend(conditions.as_array().unwrap().iter().cloned());
    json!({"schemaVersion": 1, "accountId": id, "name": name, "trails": [{
        "trail": {"TrailARN": format!("arn:aws:cloudtrail:us-east-1:{id}:trail/main"),
                  "HomeRegion": "us-east-1", "IsMultiRegionTrail": true,
                  "IsOrganizationTrail": false},
        "status": {"IsLogging": true},
        "eventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": fields}]}}]})
}

/// What would break a format whose writer forgot to escape.
const HOSTILE: &str = "=cmd|'/C calc'!A0,\"<img src=x>\n::error::x|`@team`%0A\u{1b}[2J]]>&";

/// One proved, one refuted, one open; the second has a hostile name.
fn three() -> String {
    let open = json!({"schemaVersion": 1, "accountId": "333333333333", "name": "open"});
    let prefix = json!([{"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::acme"]}]);
    json!([
        account("111111111111", "proved", &json!([])),
        account("222222222222", HOSTILE, &prefix),
        open
    ])
    .to_string()
}

fn audit(format: &str, input: &str) -> Ran {
    run(&["audit", "--snapshot", "-", "--format", format], input.as_bytes())
}

/// Reads a SARIF log by the crate that others read it with: what it does not know would be missing.
fn sarif(text: &str) -> Value {
    let written: Value = serde_json::from_str(text).unwrap();
    let read: serde_sarif::sarif::Sarif = serde_json::from_value(written.clone()).unwrap();
    let again = serde_json::to_value(&read).unwrap();
    assert_eq!(again, written, "something is no member of SARIF 2.1.0");
    demands_of_code_scanning(&written);
    written
}

/// What code scanning demands beside the schema.
///
/// Source: <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>
fn demands_of_code_scanning(log: &Value) {
    let texts = |value: &Value, pointer: &str| {
        let text = value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        assert!(!text.is_empty(), "{pointer}: {value}");
        text.to_string()
    };
    assert_eq!(log["version"], "2.1.0");
    texts(log, "/$schema");
    let run = &log["runs"][0];
    texts(run, "/tool/driver/name");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        for member in ["/id", "/shortDescription/text", "/help/text", "/help/markdown"] {
            texts(rule, member);
        }
        assert!(texts(rule, "/fullDescription/text").len() <= 1024, "{rule}");
        let severity: f64 = texts(rule, "/properties/security-severity").parse().unwrap();
        assert!((0.1..=10.0).contains(&severity), "{rule}");
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 10, "{rule}");
    }
    for result in run["results"].as_array().unwrap() {
        texts(result, "/message/text");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        for location in result["locations"].as_array().unwrap() {
            let uri = texts(location, "/physicalLocation/artifactLocation/uri");
            assert!(!uri.starts_with('/') && !uri.contains(' '), "{uri}");
            assert!(location["physicalLocation"]["region"]["startLine"].as_u64() > Some(0));
        }
    }
}

#[test]
fn code_scanning_gets_what_is_not_proved() {
    let ran = audit("sarif", &three());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let log = sarif(&ran.stdout);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let told: Vec<_> = results.iter().map(|result| (&result["ruleId"], &result["level"])).collect();
    assert_eq!(
        told,
        [
            (&json!("trailproof/prefix-without-slash"), &json!("error")),
            (&json!("trailproof/undecided"), &json!("warning")),
        ]
    );
    let proved = account("111111111111", "proved", &json!([])).to_string();
    let none = sarif(&audit("sarif", &proved).stdout);
    assert_eq!(none["runs"][0]["results"], json!([]));
}

/// The trails of Terraform source, each with a mistake, and the line that it stands on.
fn source() -> Vec<(&'static str, &'static str, u64)> {
    vec![
        ("trail-stopped", "  enable_logging = false\n", 1),
        (
            "prefix-without-slash",
            "  advanced_event_selector {\n    field_selector {\n      field = \"eventCategory\"\n      \
             equals = [\"Data\"]\n    }\n    field_selector {\n      field = \"resources.type\"\n      \
             equals = [\"AWS::S3::Object\"]\n    }\n    field_selector {\n      field = \
             \"resources.ARN\"\n      not_starts_with = [\"arn:aws:s3:::acme\"]\n    }\n  }\n",
            14,
        ),
    ]
}

#[test]
fn a_result_stands_at_the_condition_that_loses_events() {
    for (rule, body, line) in source() {
        let folder = tempfile::tempdir().unwrap();
        let selector = if rule == "trail-stopped" {
            "  event_selector {\n    data_resource {\n      type   = \"AWS::S3::Object\"\n      values \
             = [\"arn:aws:s3\"]\n    }\n  }\n"
        } else {
            ""
        };
        let text = format!(
            "resource \"aws_cloudtrail\" \"main\" {{\n  name = \"main\"\n  is_multi_region_trail = \
             true\n  s3_bucket_name = \"logs\"\n{body}{selector}}}\n"
        );
        std::fs::write(folder.path().join("main.tf"), &text).unwrap();
        let path = folder.path().to_str().unwrap();
        let asked = ["audit", path, "--region", "us-east-1", "--format"];
        let ran = run(&[&asked[..], &["sarif"]].concat(), b"");
        let log = sarif(&ran.stdout);
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["ruleId"], json!(format!("trailproof/{rule}")), "{ran:?}");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "main.tf");
        assert_eq!(place["region"]["startLine"], line, "{text}\n{place}");
        let ran = run(&[&asked[..], &["github"]].concat(), b"");
        assert!(ran.stdout.starts_with(&format!("::error file=main.tf,line={line},")), "{ran:?}");
        let ran = run(&[&asked[..], &["gitlab"]].concat(), b"");
        let issues: Value = serde_json::from_str(&ran.stdout).unwrap();
        let location = json!({"path": "main.tf", "lines": {"begin": line}});
        assert_eq!(issues[0]["location"], location);
    }
}

#[test]
fn a_test_report_has_a_case_for_each_answer() {
    let ran = audit("junit", &three());
    let mut reader = Reader::from_str(&ran.stdout);
    let mut found: BTreeMap<String, Vec<BTreeMap<String, String>>> = BTreeMap::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                let attributes = element.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_string();
                    let value = attribute.value.to_string();
                    (key, value)
                });
                let name = element.name().as_ref().to_string();
                found.entry(name).or_default().push(attributes.collect());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let suites = &found["testsuites"][0];
    assert_eq!((&*suites["tests"], &*suites["failures"], &*suites["errors"]), ("3", "1", "1"));
    assert_eq!(found["testcase"].len(), 3);
    let classes: std::collections::BTreeSet<_> =
        found["testcase"].iter().map(|case| &case["classname"]).collect();
    assert_eq!(classes.len(), 3, "class and name tell a case from the others");
    assert_eq!(found["failure"][0]["type"], "prefix-without-slash");
    assert_eq!(found["error"][0]["type"], "undecided");
    assert!(!ran.stdout.chars().any(|c| c.is_control() && c != '\n'), "{ran:?}");
}

#[test]
fn a_spreadsheet_has_a_row_for_each_answer_and_no_formula() {
    let ran = audit("csv", &three());
    let mut rows = csv::Reader::from_reader(ran.stdout.as_bytes());
    let titles: Vec<String> = rows.headers().unwrap().iter().map(str::to_string).collect();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(titles[..4], ["verdict", "account", "name", "kind"]);
    let verdicts: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(verdicts, ["COMPLIANT", "NON_COMPLIANT", "INDETERMINATE"]);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        assert!(!cell.contains('\u{1b}'), "{cell:?}");
    }
}

#[test]
fn a_table_keeps_its_columns_whatever_an_account_is_called() {
    let ran = audit("markdown", &three());
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 5, "{ran:?}");
    for line in &lines {
        let cells = line.replace("\\|", "").matches('|').count();
        assert_eq!(cells, 7, "{line}");
        assert!(!line.contains("<img") && !line.contains("@team"), "{line}");
    }
}

#[test]
fn annotations_come_worst_first_and_the_jobs_summary_is_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    let snapshot = folder.path().join("three.json");
    std::fs::write(&snapshot, three()).unwrap();
    let of = |path: &Path| path.to_str().unwrap().to_string();
    let output = command(&["audit", &of(&snapshot), "--format", "github"])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("::error title=NON_COMPLIANT "), "{text}");
    assert!(lines[1].starts_with("::warning title=INDETERMINATE "), "{text}");
    let table = std::fs::read_to_string(summary).unwrap();
    assert_eq!(table.lines().count(), 5, "{table}");
    assert!(table.contains("| COMPLIANT | 111111111111 proved |"), "{table}");
}

/// So many accounts, each with this many trails that lose events.
fn many(accounts: usize, trails: usize) -> String {
    let one = |number: usize| {
        let id = format!("{:012}", 100_000_000_000 + number);
        let condition = json!([{"Field": "readOnly", "Equals": ["true"]}]);
        let mut account = account(&id, &format!("team-{number}"), &condition);
        let trail = account["trails"][0].clone();
        let named = |number: usize| {
            let mut trail = trail.clone();
            let arn = format!("arn:aws:cloudtrail:us-east-1:{id}:trail/main-{number}");
            trail["trail"]["TrailARN"] = arn.into();
            trail
        };
        account["trails"] = (0..trails).map(named).collect();
        account
    };
    Value::from((0..accounts).map(one).collect::<Vec<_>>()).to_string()
}

#[test]
fn github_is_given_as_many_annotations_as_it_shows_and_the_number_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    let snapshot = folder.path().join("many.json");
    std::fs::write(&snapshot, many(8, 3)).unwrap();
    let output = command(&["audit", snapshot.to_str().unwrap(), "--format", "github"])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let annotated = text.lines().filter(|line| line.starts_with("::error ")).count();
    assert_eq!(annotated, 10, "{text}");
    for number in 0..8 {
        assert!(text.contains(&format!("NON_COMPLIANT team-{number} ")), "{number}: {text}");
    }
    assert!(text.contains("\n14 more of the level error are no annotations"), "{text}");
    let table = std::fs::read_to_string(summary).unwrap();
    assert!((0..8).all(|number| table.contains(&format!("team-{number}"))), "{table}");
}

#[test]
fn each_trail_that_loses_something_is_an_issue_of_its_own() {
    let written = audit("gitlab", &many(2, 3)).stdout;
    let issues: Vec<Value> = serde_json::from_str(&written).unwrap();
    let fingerprints: std::collections::BTreeSet<String> =
        issues.iter().map(|issue| issue["fingerprint"].to_string()).collect();
    assert_eq!((issues.len(), fingerprints.len()), (6, 6), "{written}");
}

#[test]
fn a_code_quality_report_names_each_issue_for_good() {
    let first = audit("gitlab", &three()).stdout;
    let issues: Vec<Value> = serde_json::from_str(&first).unwrap();
    assert_eq!(issues.len(), 2, "{first}");
    let fingerprints: Vec<_> = issues.iter().map(|issue| &issue["fingerprint"]).collect();
    assert_ne!(fingerprints[0], fingerprints[1]);
    assert_eq!(audit("gitlab", &three()).stdout, first);
    for issue in &issues {
        for member in ["description", "check_name", "fingerprint", "severity"] {
            assert!(!issue[member].as_str().unwrap().is_empty(), "{issue}");
        }
    }
}
