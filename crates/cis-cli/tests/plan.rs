//! Templates and plans in place of accounts: verdicts before there is an account to read.
#![expect(
    clippy::unwrap_used,
    reason = "where the command's output is not JSON the test has failed"
)]

mod command;

use command::{Ran, account, file, run};
use serde_json::Value;

fn data(name: &str) -> String {
    file("../cis-plan/tests/data").join(name).into_os_string().into_string().unwrap()
}

fn template(arguments: &[&str], input: &str) -> Ran {
    run(&[&["audit", "--template", "-"], arguments].concat(), input.as_bytes())
}

#[test]
fn each_verdict_has_its_exit_code() {
    for (name, arguments, code) in [
        ("lza-organization-trail.json", &[][..], 0),
        ("landing-zone-baseline.yaml", &[], 1),
        // Whatever the name is, that bucket is left out.
        ("exclude-log-bucket.yaml", &[], 1),
        ("nested-stack.yaml", &[], 3),
        ("exclude-log-bucket.yaml", &["--parameter", "LogBucketName=logs"], 1),
        (
            "exclude-log-bucket.yaml",
            &["--parameter", "LogBucketName=logs", "--allow-unlogged", "logs"],
            0,
        ),
    ] {
        let ran = run(&[&["audit", "--template", &data(name)], arguments].concat(), b"");
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(code), ""), "{name}: {ran:?}");
        assert!(ran.stdout.contains(name), "{ran:?}");
    }
}

#[test]
fn what_is_given_stands_in_the_report() {
    let arguments =
        ["--account", "111122223333", "--region", "cn-north-1", "--format", "json", "--template"];
    let path = data("lza-organization-trail.json");
    let ran = run(&[&["audit"], &arguments[..], &[&path]].concat(), b"");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let result = &report["results"][0];
    assert_eq!(result["accountId"], "111122223333");
    assert_eq!(
        result["trails"][0]["arn"],
        "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/AWSAccelerator-Organizations-CloudTrail"
    );
    assert_eq!(result["verdict"], "COMPLIANT");
}

// The account in a planned trail's ARN is made up, and so may its Region be.
#[test]
fn what_is_open_is_said_of_a_trail_by_its_name() {
    let ends = "EndsWith: ['{{resolve:ssm:one}}', '.csv']";
    let objects = "{Field: eventCategory, Equals: [Data]}, {Field: resources.type, Equals: ['AWS::S3::Object']}";
    let input = format!(
        "Resources:\n  Audit:\n    Type: AWS::CloudTrail::Trail\n    Properties: {{S3BucketName: logs, \
         IsLogging: true, IsMultiRegionTrail: true, TrailName: Audit, AdvancedEventSelectors: \
         [{{FieldSelectors: [{objects}, {{Field: resources.ARN, {ends}}}]}}]}}\n"
    );
    let ran = template(&[], &input);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("Open      trail Audit: "), "{ran:?}");
    assert!(!ran.stdout.contains("000000000000"), "{ran:?}");
}

#[test]
fn a_file_without_a_trail_says_so() {
    let ran = template(&[], "Resources: {}\n");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("The file plans no trail"), "{ran:?}");
    assert!(!ran.stdout.contains("aws cloudtrail"), "{ran:?}");
}

#[test]
fn what_is_broken_is_named_with_line_and_column() {
    for (input, says) in [
        ("Resources:\n  Trail: [\n", &["unclosed bracket", "line 2 column 10"][..]),
        ("Resources:\n  A: {}\n  B: *a\n", &["unknown anchor", "line 3 column 6"]),
        (
            "Resources:\n  A: {}\n  A: {Type: 'AWS::CloudTrail::Trail'}\n",
            &["`A` stands twice", "line 2 column 3", "line 3 column 3"],
        ),
        ("{\"Resources\": {\n\"A\": }", &["line 2 column 6"]),
        ("", &["empty"]),
    ] {
        template(&[], input).is_refused(&[&["standard input"], says].concat());
    }
}

#[test]
fn what_has_the_wrong_shape_is_named_by_its_path() {
    let trail = |properties: &str| {
        format!("Resources: {{T: {{Type: 'AWS::CloudTrail::Trail', Properties: {properties}}}}}")
    };
    for (input, says) in [
        ("Resources: []".to_string(), "`Resources`"),
        ("Resources: {T: {}}".to_string(), "`Resources.T`"),
        (trail("[]"), "`Resources.T.Properties`"),
        (trail("{IsLogging: maybe}"), "`Resources.T.Properties.IsLogging`"),
        (trail("{EventSelectors: x}"), "`Resources.T.Properties.EventSelectors`"),
        (
            trail("{AdvancedEventSelectors: [{FieldSelectors: [{Field: readOnly, Equals: x}]}]}"),
            "`Resources.T.Properties.AdvancedEventSelectors[0].FieldSelectors[0].Equals`",
        ),
    ] {
        template(&[], &input).is_refused(&[says, "expected"]);
    }
}

#[test]
fn a_file_of_another_kind_is_named() {
    let template = data("no-trail.yaml");
    let plan = data("plan-create.json");
    for (option, path, says) in [
        ("--snapshot", &template, "use `--template`"),
        ("--snapshot", &plan, "use `--plan`"),
        ("--template", &plan, "use `--plan`"),
        ("--plan", &template, "terraform show -json"),
    ] {
        run(&["audit", option, path], b"").is_refused(&[says]);
    }
    for option in ["--template", "--plan"] {
        let snapshot = account().to_string();
        run(&["audit", option, "-"], snapshot.as_bytes()).is_refused(&["use `--snapshot`"]);
    }
}

#[test]
fn options_that_do_not_belong_together_are_refused() {
    for arguments in [
        &["--account", "111122223333"][..],
        &["--snapshot", "-", "--account", "111122223333"],
        &["--plan", "-", "--parameter", "A=b"],
        &["--template", "-", "--profile", "prod"],
        &["--template", "-", "--account", "prod"],
        &["--template", "-", "--partition", "gov"],
        &["--template", "-", "--parameter", "A"],
    ] {
        let ran = run(&[&["audit"], arguments].concat(), b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    }
    template(&["--parameter", "A=b"], "Resources: {}").is_refused(&["no parameter `A`"]);
    template(&["--plan", "-"], "Resources: {}").is_refused(&["standard input was given twice"]);
}

#[test]
fn hostile_names_stay_harmless() {
    let hostile = "\"\\e]0;owned\\a\\u202e\"";
    let ran = template(
        &[],
        &format!(
            "Resources: {{{hostile}: {{Type: 'AWS::CloudTrail::Trail', Condition: {hostile}}}}}"
        ),
    );
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let is_harmful = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!ran.stdout.chars().any(is_harmful), "{ran:?}");
}

#[test]
fn an_event_is_explained_before_it_can_happen() {
    let event = ["--event-name", "DeleteObject", "--arn", "arn:aws:s3:::payroll/a.csv"];
    for (option, name, code, says) in [
        ("--template", "lza-organization-trail.json", 0, "LOGGED"),
        ("--template", "no-trail.yaml", 1, "NOT_LOGGED"),
        ("--plan", "plan-create.json", 3, "NOT_KNOWN"),
    ] {
        let ran = run(&[&["explain", option, &data(name)], &event[..]].concat(), b"");
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(ran.stdout.starts_with(says), "{ran:?}");
    }
    let both = ["explain", "--template", "a", "--plan", "b", "--proof"];
    assert_eq!(run(&both, b"").code, Some(2));
}

#[test]
fn a_snapshot_is_compared_with_what_is_planned() {
    let logs_all = "Resources: {T: {Type: 'AWS::CloudTrail::Trail', Properties: {TrailName: audit, \
                    IsLogging: true, IsMultiRegionTrail: true, EventSelectors: [{DataResources: \
                    [{Type: 'AWS::S3::Object', Values: ['arn:aws:s3']}]}]}}}";
    let sample = file("sample/account.json").into_os_string().into_string().unwrap();
    for (planned, code) in [(logs_all, 0), ("Resources: {}", 1)] {
        let ran = run(&["diff", &sample, "-"], planned.as_bytes());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(code), ""), "{ran:?}");
    }
    let plans = [data("plan-create.json"), data("plan-module-for-each.json")];
    run(&["diff", &plans[0], &plans[1]], b"").is_refused(&["111122223333", "444455556666"]);
    run(&["diff", &sample, &sample, "--account", "111122223333"], b"").is_refused(&["--template"]);
}
