//! A SARIF log for each kind of mistake that a file can hold, with the line that it points at.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use command::command;
use serde_json::{Value, json};

/// A template with one trail: its selector's third condition begins in line 15.
fn template(settings: &str, conditions: &[(&str, &str, &[&str])]) -> String {
    let mut text = format!(
        "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n{settings}      \
         S3BucketName: audit-logs\n      TrailName: main\n      AdvancedEventSelectors:\n        - \
         FieldSelectors:\n            - Field: eventCategory\n              Equals: [Data]\n            \
         - Field: resources.type\n              Equals: [\"AWS::S3::Object\"]\n"
    );
    for (field, operator, values) in conditions {
        let values = serde_json::to_string(values).unwrap();
        text += &format!("            - Field: {field}\n              {operator}: {values}\n");
    }
    text
}

const SOUND: &str = "      IsLogging: true\n      IsMultiRegionTrail: true\n";

fn of_condition(field: &str, operator: &str, values: &[&str]) -> String {
    template(SOUND, &[(field, operator, values)])
}

/// Each mistake: its rule, a template with it, and the line that its result points at.
fn mistakes() -> Vec<(&'static str, String, Option<u64>)> {
    let arn = |operator, value| of_condition("resources.ARN", operator, &[value]);
    let writes: Vec<&str> =
        cis_rules::catalogue::object_events(Some(cis_rules::question::Kind::Write))
            .chain(cis_rules::catalogue::object_events(None))
            .collect();
    let name = |operator, values: &[&str]| of_condition("eventName", operator, values);
    let console = |operator| of_condition("sessionCredentialFromConsole", operator, &["true"]);
    let stopped = "      IsLogging: false\n      IsMultiRegionTrail: true\n";
    let single = "      IsLogging: true\n      IsMultiRegionTrail: false\n";
    let two: [(&str, &str, &[&str]); 2] = [
        ("eventSource", "NotEquals", &["s3.amazonaws.com"]),
        ("eventType", "NotEquals", &["AwsApiCall"]),
    ];
    vec![
        ("no-trail", "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n".to_string(), None),
        ("trail-stopped", template(stopped, &[]), Some(2)),
        ("single-region-trail", template(single, &[]), Some(2)),
        (
            "no-s3-data-events",
            template(SOUND, &[]).replace("AWS::S3::Object", "AWS::Lambda::Function"),
            Some(2),
        ),
        ("other-kind-only", of_condition("readOnly", "Equals", &["true"]), Some(15)),
        ("prefix-without-slash", arn("NotStartsWith", "arn:aws:s3:::acme"), Some(15)),
        ("buckets-left-out", arn("NotStartsWith", "arn:aws:s3:::payroll/"), Some(15)),
        ("own-log-bucket-left-out", arn("NotStartsWith", "arn:aws:s3:::audit-logs/"), Some(15)),
        ("some-buckets-only", arn("StartsWith", "arn:aws:s3:::payroll/"), Some(15)),
        ("other-partition", arn("StartsWith", "arn:aws-cn:s3:::"), Some(15)),
        ("star-in-value", arn("StartsWith", "arn:aws:s3:::*"), Some(15)),
        ("event-names-one-by-one", name("Equals", &writes), Some(15)),
        ("event-names-of-other-kind", name("Equals", &["GetObject", "HeadObject"]), Some(15)),
        ("some-event-names-only", name("Equals", &["PutObject"]), Some(15)),
        ("event-names-left-out", name("NotEquals", &["PutObject"]), Some(15)),
        ("console-only", console("Equals"), Some(15)),
        ("console-left-out", console("NotEquals"), Some(15)),
        (
            "callers-left-out",
            of_condition("userIdentity.arn", "NotEquals", &["arn:aws:iam::111122223333:user/x"]),
            Some(15),
        ),
        ("narrowed", of_condition("eventSource", "NotEquals", &["s3.amazonaws.com"]), Some(15)),
        ("not-selected", template(SOUND, &two), Some(15)),
        ("undecided", arn("NotEquals", "arn:aws:s3:::payroll/"), Some(2)),
    ]
}

fn log_of(folder: &Path, arguments: &[&str]) -> Value {
    let always = ["audit", ".", "--region", "us-east-1", "--format", "sarif"];
    let output = command(&[&always, arguments].concat()).current_dir(folder).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"))
}

/// The results of a template that lies in a folder of the working folder.
fn results(text: &str, arguments: &[&str]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("cfn")).unwrap();
    fs::write(folder.path().join("cfn/trail.yaml"), text).unwrap();
    let log = log_of(folder.path(), arguments);
    log["runs"][0]["results"].as_array().unwrap().clone()
}

#[test]
fn each_kind_of_mistake_points_at_the_line_that_makes_it() {
    println!("{:28} {:>6}", "rule", "line");
    for (rule, text, line) in mistakes() {
        let all = results(&text, &[]);
        let first = &all[0];
        let shown = line.map_or_else(|| "none".to_string(), |line| line.to_string());
        println!("{rule:28} {shown:>6}");
        assert_eq!(first["ruleId"], json!(format!("trailproof/{rule}")), "{text}\n{first}");
        let place = first.pointer("/locations/0/physicalLocation");
        let region = place.map(|place| &place["region"]);
        assert_eq!(
            region.map(|region| region["startLine"].as_u64().unwrap()),
            line,
            "{text}\n{first}"
        );
        if let (Some(place), Some(region)) = (place, region) {
            assert_eq!(place["artifactLocation"]["uri"], "cfn/trail.yaml");
            for member in ["startColumn", "endLine", "endColumn"] {
                assert!(region[member].as_u64() > Some(0), "{member}: {region}");
            }
        }
        // Where a condition is the cause, the way through the selectors ends at it.
        if line == Some(15) {
            let steps = first.pointer("/codeFlows/0/threadFlows/0/locations").unwrap();
            let last = steps.as_array().unwrap().last().unwrap();
            assert_eq!(last["location"]["physicalLocation"]["region"]["startLine"], json!(line));
        }
    }
}

#[test]
fn mistakes_of_what_is_demanded_point_at_the_trail() {
    let text = template(SOUND, &[]);
    let found = results(&text, &["--trusted-log-bucket", "central-logs"]);
    assert_eq!(found[0]["ruleId"], "trailproof/untrusted-log-bucket");
    let line = found[0].pointer("/locations/0/physicalLocation/region/startLine");
    assert_eq!(line, Some(&json!(2)));
}

/// One result for each region that is lost, each with a fingerprint of its own.
#[test]
fn each_lost_region_and_trail_has_its_result() {
    let two = |bucket: &str, other: &str| {
        let text = of_condition("resources.ARN", "NotStartsWith", &[bucket]);
        let second = text.replace("  Trail:\n", "  Other:\n").replace("main", "other");
        let second = second.replace(bucket, other).replace("Resources:\n", "");
        text + &second
    };
    let text = two("arn:aws:s3:::payroll/", "arn:aws:s3:::audit");
    let all = results(&text, &[]);
    let told: Vec<_> = all
        .iter()
        .map(|result| {
            let line = result.pointer("/locations/0/physicalLocation/region/startLine");
            (result["ruleId"].as_str().unwrap(), line.and_then(Value::as_u64).unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [("trailproof/buckets-left-out", 15), ("trailproof/prefix-without-slash", 30)],
        "{all:?}"
    );
    let fingerprints: BTreeSet<String> =
        all.iter().map(|result| result["partialFingerprints"].to_string()).collect();
    assert_eq!(fingerprints.len(), all.len());
    // Lines that move do not make another result.
    let moved = results(&format!("# a comment\n\n{text}"), &[]);
    let again: BTreeSet<String> =
        moved.iter().map(|result| result["partialFingerprints"].to_string()).collect();
    assert_eq!(again, fingerprints);
}
