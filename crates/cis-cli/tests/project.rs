//! `trailproof audit .`: a whole project, several formats in one run, and what is new since a baseline.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use std::fs;
use std::path::Path;

use command::{Ran, command};
use serde_json::Value;
use tempfile::TempDir;

fn source(without: &str) -> String {
    format!(
        "resource \"aws_cloudtrail\" \"main\" {{\n  name = \"main\"\n  s3_bucket_name = \"logs\"\n  \
         is_multi_region_trail = true\n  advanced_event_selector {{\n    field_selector {{\n      field = \
         \"eventCategory\"\n      equals = [\"Data\"]\n    }}\n    field_selector {{\n      field = \
         \"resources.type\"\n      equals = [\"AWS::S3::Object\"]\n    }}\n    field_selector {{\n      \
         field = \"resources.ARN\"\n      not_starts_with = [\"{without}\"]\n    }}\n  }}\n}}\n"
    )
}

const TEMPLATE: &str = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      \
                        IsLogging: true\n      IsMultiRegionTrail: true\n      S3BucketName: logs\n      \
                        AdvancedEventSelectors:\n        - FieldSelectors:\n            - Field: \
                        eventCategory\n              Equals: [Data]\n            - Field: \
                        resources.type\n              Equals: [\"AWS::S3::Object\"]\n";

/// A repository with a trail in Terraform, one in CloudFormation, and much that is neither.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("README.md", "a project".to_string()),
        ("package.json", "{\"name\": \"x\"}".to_string()),
        ("k8s/pod.yaml", "apiVersion: v1\nkind: Pod\n".to_string()),
        ("cfn/topic.yaml", "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n".to_string()),
        ("cfn/trail.yaml", TEMPLATE.to_string()),
        ("tf/prod/main.tf", "module \"trail\" {\n  source = \"../modules/trail\"\n}\n".to_string()),
        ("tf/modules/trail/main.tf", source("arn:aws:s3:::payroll/")),
        ("tf/network/main.tf", "resource \"aws_vpc\" \"main\" {}\n".to_string()),
    ];
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn audit(folder: &Path, arguments: &[&str]) -> Ran {
    let always = ["audit", ".", "--region", "us-east-1"];
    ran(command(&[&always, arguments].concat()).current_dir(folder))
}

fn ran(command: &mut std::process::Command) -> Ran {
    let output = command.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    Ran { code: output.status.code(), stdout, stderr: String::from_utf8(output.stderr).unwrap() }
}

#[test]
fn a_project_is_read_by_itself_and_says_what_was_read() {
    let folder = project();
    let ran = audit(folder.path(), &["--format", "json"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let told: Vec<_> = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| (result["name"].as_str().unwrap(), result["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("tf/prod", "NON_COMPLIANT"), ("cfn/trail.yaml", "COMPLIANT")]);
    for said in [
        "2 of what was found plan no trail",
        "1 folder is a module of others",
        "are of no form that is read, and left out; the first is `README.md`",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    let quiet = audit(folder.path(), &["--quiet"]);
    assert_eq!(quiet.stderr, "");
}

/// Code scanning and annotations find a file from the folder that the command runs in.
#[test]
fn places_are_seen_from_the_working_folder() {
    let folder = project();
    let ran = audit(folder.path(), &["--format", "github"]);
    let file = "::error file=tf/modules/trail/main.tf,line=14,";
    assert!(ran.stdout.starts_with(file), "{}", ran.stdout);
    let text = audit(folder.path(), &[]).stdout;
    assert!(text.contains("Why       tf/modules/trail/main.tf:14, selector 0: "), "{text}");
    for path in ["tf/prod", "./tf/prod", "tf/modules/trail"] {
        let arguments = ["audit", path, "--region", "us-east-1", "--format", "sarif"];
        let log = ran_in(folder.path(), &arguments);
        let place =
            log.pointer("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri");
        // The module of `tf/prod` lies beside the folder that is read.
        if let Some(uri) = place {
            assert_eq!(uri, "tf/modules/trail/main.tf", "{path}");
        } else {
            assert!(path.ends_with("prod"), "{path}: {log}");
        }
    }
}

fn ran_in(folder: &Path, arguments: &[&str]) -> Value {
    let output = command(arguments).current_dir(folder).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_plans_no_trail_is_answered_where_nothing_plans_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tf")).unwrap();
    fs::write(folder.path().join("tf/main.tf"), "resource \"aws_vpc\" \"main\" {}\n").unwrap();
    let ran = audit(folder.path(), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("The file plans no trail"), "{ran:?}");
}

#[test]
fn several_formats_are_written_in_one_run() {
    let folder = project();
    let formats = ["--format", "text", "--format", "sarif=out.sarif", "--format", "junit=out.xml"];
    let ran = audit(folder.path(), &formats);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.starts_with("NON_COMPLIANT"), "{ran:?}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let log: Value = serde_json::from_str(&read("out.sarif")).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 1);
    assert!(read("out.xml").contains("<testsuites name=\"trailproof\" tests=\"2\" failures=\"1\""));
    let ran = audit(folder.path(), &["-o", "report.json", "--format", "json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(schema_check::check_output(&read("report.json")).is_ok());
    audit(folder.path(), &["--format", "json", "--format", "text", "--quiet"])
        .is_refused(&["only one format can go to standard output"]);
    audit(folder.path(), &["-o", "no/such/folder/x", "--quiet"]).is_refused(&["no/such/folder/x"]);
    let ran = audit(folder.path(), &["--format", "sarrif"]);
    assert!(ran.stderr.contains("did you mean `sarif`?"), "{ran:?}");
}

#[test]
fn a_baseline_leaves_only_what_is_new() {
    let folder = project();
    for format in ["json", "sarif"] {
        let file = format!("baseline.{format}");
        // Not in the project, or it would be read as a part of it.
        let elsewhere = tempfile::tempdir().unwrap();
        let file = elsewhere.path().join(file).display().to_string();
        audit(folder.path(), &["--format", &format!("{format}={file}")]);
        let ran = audit(folder.path(), &["--baseline", &file, "--quiet"]);
        assert_eq!(ran.code, Some(0), "{format}: {ran:?}");
        assert!(ran.stdout.contains("1 as in the baseline"), "{ran:?}");
        assert!(!ran.stdout.contains("payroll"), "{ran:?}");
        // A line that moves is not new; another bucket is.
        let module = folder.path().join("tf/modules/trail/main.tf");
        let was = fs::read_to_string(&module).unwrap();
        fs::write(&module, format!("# moved\n{was}")).unwrap();
        assert_eq!(audit(folder.path(), &["--baseline", &file]).code, Some(0));
        fs::write(&module, source("arn:aws:s3:::other/")).unwrap();
        let ran = audit(folder.path(), &["--baseline", &file]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains("bucket other"), "{ran:?}");
        fs::write(&module, was).unwrap();
    }
    fs::write(folder.path().join("x.json"), "{}").unwrap();
    let ran = audit(folder.path(), &["--baseline", "x.json", "--quiet"]);
    ran.is_refused(&["`x.json`: no baseline: it is neither a report nor a SARIF log"]);
    let ran = audit(folder.path(), &["--baseline", "none.json", "--quiet"]);
    ran.is_refused(&["cannot read `none.json`"]);
}

#[test]
fn what_fails_a_run_can_be_chosen() {
    let folder = project();
    let code = |arguments: &[&str]| audit(folder.path(), arguments).code;
    assert_eq!(code(&["--fail-on", "never"]), Some(0));
    assert_eq!(code(&["--fail-on", "non-compliant"]), Some(1));
    assert_eq!(code(&["--fail-on", "indeterminate"]), Some(1));
    let open = "{\"schemaVersion\":1,\"accountId\":\"111122223333\"}";
    fs::write(folder.path().join("open.json"), open).unwrap();
    let of_open = |fail_on: &str| {
        let arguments = ["audit", "open.json", "--fail-on", fail_on];
        ran(command(&arguments).current_dir(folder.path())).code
    };
    let codes = ["never", "non-compliant", "indeterminate"].map(of_open);
    assert_eq!(codes, [Some(0), Some(0), Some(3)]);
}
