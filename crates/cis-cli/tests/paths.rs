//! Paths of every form, told by their content.
#![expect(
    clippy::unwrap_used,
    reason = "where the command's output is not JSON the test has failed"
)]

mod command;

use std::fs;
use std::path::Path;

use command::{Ran, account, file, run};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn audit(folder: &Path, arguments: &[&str]) -> Ran {
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| match argument.strip_prefix('@') {
            Some(path) => folder.join(path).display().to_string(),
            None => (*argument).to_string(),
        })
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(&[&["audit"], arguments.as_slice()].concat(), b"")
}

/// The verdicts of a report in JSON, with their accounts.
fn verdicts(ran: &Ran) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let text = |result: &Value, member: &str| result[member].as_str().unwrap().to_string();
    let results = report["results"].as_array().unwrap();
    results.iter().map(|one| (text(one, "accountId"), text(one, "verdict"))).collect()
}

fn is(ran: &Ran, expected: &[(&str, &str)]) {
    let found = verdicts(ran);
    let found: Vec<(&str, &str)> =
        found.iter().map(|(id, verdict)| (id.as_str(), verdict.as_str())).collect();
    assert_eq!(found, expected, "{ran:?}");
}

fn arn(name: &str) -> String {
    format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{name}")
}

/// What `describe-trails` prints of trails with these names.
fn described(names: &[&str]) -> Value {
    let one = |name: &&str| {
        json!({
            "Name": name,
            "S3BucketName": "logs-111122223333",
            "IncludeGlobalServiceEvents": true,
            "IsMultiRegionTrail": true,
            "HomeRegion": "us-east-1",
            "TrailARN": arn(name),
            "LogFileValidationEnabled": true,
            "HasCustomEventSelectors": true,
            "HasInsightSelectors": false,
            "IsOrganizationTrail": false,
        })
    };
    json!({"trailList": names.iter().map(one).collect::<Vec<_>>()})
}

/// What `get-trail-status` prints.
fn status(is_logging: bool) -> Value {
    json!({
        "IsLogging": is_logging,
        "LatestDeliveryTime": "2026-03-02T09:41:07.216000+00:00",
        "StartLoggingTime": "2026-01-14T12:02:55.020000+00:00",
        "LatestDeliveryAttemptTime": "2026-03-02T09:41:07Z",
        "LatestDeliveryAttemptSucceeded": "2026-03-02T09:41:07Z",
    })
}

/// What `get-event-selectors` prints of a trail that takes every object, or nothing of S3.
fn selectors(name: &str, takes_all: bool) -> Value {
    let resources = json!([{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]);
    json!({
        "TrailARN": arn(name),
        "EventSelectors": [{
            "ReadWriteType": "All",
            "IncludeManagementEvents": true,
            "DataResources": if takes_all { resources } else { json!([]) },
            "ExcludeManagementEventSources": [],
        }],
    })
}

#[test]
fn answers_of_the_command_line_make_an_account_in_any_order() {
    let folder = folder(&[
        ("a.json", &selectors("main", true).to_string()),
        ("b.json", &status(true).to_string()),
        ("c.json", &described(&["main"]).to_string()),
    ]);
    for order in [["@a.json", "@b.json", "@c.json"], ["@c.json", "@a.json", "@b.json"]] {
        let ran = audit(folder.path(), &[&order[..], &["--format", "json"]].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        is(&ran, &[("111122223333", "COMPLIANT")]);
    }
    let ran = audit(folder.path(), &["@", "--format", "json"]);
    is(&ran, &[("111122223333", "COMPLIANT")]);
    let ran = audit(folder.path(), &["@a.json", "@c.json"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let command = format!("`aws cloudtrail get-trail-status --name {}`", arn("main"));
    assert!(words.contains(&command), "{words}");
    assert!(words.contains("whether it is logging is not known"), "{words}");
}

#[test]
fn answers_may_stand_in_one_file_and_in_arrays() {
    let texts = [described(&["main"]), status(true), selectors("main", true)];
    let lines = texts.iter().map(|text| format!("{text:#}\n")).collect::<String>();
    let folder = folder(&[("lines.json", &lines), ("array.json", &json!([texts]).to_string())]);
    for path in ["@lines.json", "@array.json"] {
        let ran = audit(folder.path(), &[path, "--format", "json"]);
        is(&ran, &[("111122223333", "COMPLIANT")]);
    }
    let ran = run(&["audit", "-", "--format", "json"], lines.as_bytes());
    is(&ran, &[("111122223333", "COMPLIANT")]);
    let ran = run(&["explain", "-", "--proof"], lines.as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
}

#[test]
fn a_status_is_of_the_trail_that_its_file_names() {
    let list = described(&["main", "main-2"]).to_string();
    let (all, none) = (selectors("main", true).to_string(), selectors("main-2", false).to_string());
    let (on, off) = (status(true).to_string(), status(false).to_string());
    let common = [("list.json", list.as_str()), ("x.json", &all), ("y.json", &none)];
    for (names, verdict) in [
        ([("status-main.json", &on), ("main-2.get-trail-status.json", &off)], "COMPLIANT"),
        ([("status-main.json", &off), ("status-main-2.json", &on)], "NON_COMPLIANT"),
        ([("main/status.json", &on), ("main-2/status.json", &off)], "COMPLIANT"),
    ] {
        let names = names.map(|(name, text)| (name, text.as_str()));
        let folder = folder(&[&common[..], &names[..]].concat());
        let ran = audit(folder.path(), &["@", "--format", "json"]);
        is(&ran, &[("111122223333", verdict)]);
    }
    let folder = folder(&[&common[..], &[("status.json", on.as_str())]].concat());
    audit(folder.path(), &["@"]).is_refused(&[
        "status.json",
        "get-trail-status",
        "status-NAME.json",
        "`main`, `main-2`",
    ]);
}

#[test]
fn answers_to_one_command_say_which_others_are_needed() {
    let found = file("../cis-plan/tests/found/52-raw-cli-output.json").display().to_string();
    run(&["audit", &found], b"").is_refused(&[
        "52-raw-cli-output.json",
        "`get-event-selectors`",
        "`aws cloudtrail describe-trails`",
        "`aws cloudtrail get-trail-status --name arn:",
    ]);
    run(&["audit", "--snapshot", &found], b"").is_refused(&["describe-trails"]);
    run(&["audit", "-"], status(true).to_string().as_bytes()).is_refused(&[
        "`get-trail-status`",
        "describe-trails",
        "get-event-selectors",
    ]);
}

#[test]
fn answers_without_the_list_leave_other_trails_open() {
    let trail = described(&["main"])["trailList"][0].clone();
    let answers = |takes_all| {
        let trail = json!({"Trail": trail});
        format!("{trail}{}{}", status(true), selectors("main", takes_all))
    };
    for (takes_all, mode, code) in
        [(true, "any", 0), (false, "any", 3), (true, "every", 3), (true, "union", 0)]
    {
        let ran = run(&["audit", "-", "--trails", mode], answers(takes_all).as_bytes());
        assert_eq!(ran.code, Some(code), "{takes_all} {mode}: {ran:?}");
    }
}

#[test]
fn answers_that_contradict_each_other_are_refused() {
    let one = format!("{}{}", described(&["main"]), selectors("main", true));
    let other = selectors("main", false).to_string();
    let folder = folder(&[("one.json", &one), ("other.json", &other)]);
    audit(folder.path(), &["@one.json", "@other.json"]).is_refused(&["other.json", "selectors"]);
    let ran = audit(folder.path(), &["@one.json", "@one.json", "--format", "json"]);
    is(&ran, &[("111122223333", "INDETERMINATE")]);
    audit(folder.path(), &["@one.json", "--account", "999999999999"])
        .is_refused(&["`111122223333`, `999999999999`"]);
}

#[test]
fn the_account_of_an_organizations_trail_must_be_said() {
    let mut list = described(&["main"]);
    list["trailList"][0]["IsOrganizationTrail"] = true.into();
    let answers = format!("{list}{}{}", status(true), selectors("main", true));
    run(&["audit", "-"], answers.as_bytes()).is_refused(&["--account", "get-caller-identity"]);
    let caller = json!({"UserId": "AIDA", "Account": "444455556666", "Arn": "arn:aws:iam::444455556666:user/a"});
    let ran = run(&["audit", "-", "--format", "json"], format!("{answers}{caller}").as_bytes());
    is(&ran, &[("444455556666", "COMPLIANT")]);
}

#[test]
fn files_of_every_form_may_be_mixed() {
    let template = "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n";
    let folder = folder(&[
        ("one.json", &account().to_string()),
        ("two.yaml", template),
        ("three.json", "{\"format_version\": \"1.2\", \"planned_values\": {\"root_module\": {}}}"),
    ]);
    let snapshot = folder.path().join("one.json").display().to_string();
    let ran = audit(
        folder.path(),
        &["@two.yaml", "@one.json", "@three.json", "--snapshot", &snapshot, "--format", "json"],
    );
    let accounts: Vec<String> = verdicts(&ran).into_iter().map(|(id, _)| id).collect();
    let own = account()["accountId"].as_str().unwrap().to_string();
    assert_eq!(accounts, ["000000000000", &own, "000000000000", &own], "{ran:?}");
    let ran = audit(folder.path(), &["@", "--format", "json"]);
    assert_eq!(verdicts(&ran).len(), 3, "{ran:?}");
}

#[test]
fn templates_of_one_account_are_taken_together() {
    let trail = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      \
                 IsLogging: true\n      IsMultiRegionTrail: true\n      S3BucketName: logs\n      \
                 EventSelectors:\n        - DataResources:\n            - Type: AWS::S3::Object\n              \
                 Values: ['arn:aws:s3']\n";
    let folder = folder(&[
        ("trail.yaml", trail),
        ("bucket.yaml", "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n"),
    ]);
    let paths = ["@bucket.yaml", "@trail.yaml", "--partition", "aws", "--format", "json"];
    let ran = audit(folder.path(), &paths);
    is(&ran, &[("000000000000", "NON_COMPLIANT"), ("000000000000", "COMPLIANT")]);
    let ran = audit(folder.path(), &[&paths[..], &["--together"]].concat());
    is(&ran, &[("000000000000", "COMPLIANT")]);
}

#[test]
fn what_a_folder_holds_besides_is_named_and_left_out() {
    let folder = folder(&[
        ("a.json", &account().to_string()),
        ("README.md", "Resources:\n"),
        ("package.json", "{\"name\": \"x\"}"),
    ]);
    let ran = audit(folder.path(), &["@"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.starts_with("note: "), "{ran:?}");
    assert!(ran.stderr.contains("2 files are of no form that is read"), "{ran:?}");
    fs::remove_file(folder.path().join("a.json")).unwrap();
    audit(folder.path(), &["@"]).is_refused(&["no file in it is a snapshot"]);
    audit(folder.path(), &["@none"]).is_refused(&["cannot read", "none"]);
    fs::create_dir(folder.path().join("live")).unwrap();
    fs::write(folder.path().join("live/main.tf"), "").unwrap();
    // Of one account only `audit` reads several folders.
    let folder_of = folder.path().display().to_string();
    let explain = || run(&["explain", &folder_of, "--proof"], b"");
    explain().is_refused(&["in a folder below: give", "live`"]);
    for name in ["a", "b/c", "d", "e", "f", "g"] {
        fs::create_dir_all(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("x.tf.json"), "{}").unwrap();
    }
    explain().is_refused(&["give one of", "b/c`", "f`, or of 2 others"]);
}

#[test]
fn a_project_of_a_tool_that_plans_says_what_to_give_in_its_place() {
    let program = "name: shop\nruntime: yaml\nresources: {}\n";
    for (path, text, step) in [
        ("Pulumi.yaml", program, "`pulumi preview --json`"),
        ("terragrunt.hcl", "terraform {\n  source = \"../m\"\n}\n", "`terragrunt show -json"),
    ] {
        let folder = folder(&[(path, text)]);
        audit(folder.path(), &["@"]).is_refused(&["no file in it is a snapshot", step]);
    }
    let folder = folder(&[("Pulumi.yaml", program)]);
    audit(folder.path(), &["@Pulumi.yaml"]).is_refused(&["`pulumi preview --json`"]);
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_is_refused() {
    let folder = folder(&[("a/b.json", &account().to_string())]);
    std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
    audit(folder.path(), &["@"]).is_refused(&["is in a loop of links"]);
}

#[test]
fn text_of_windows_powershell_is_read() {
    let text = account().to_string();
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let ran = run(&["audit", "-"], &bytes);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:?}");
}

/// `--output yaml`.
#[test]
fn answers_of_the_aws_cli_in_yaml_are_read() {
    let arn = arn("main");
    let trails = format!(
        "trailList:\n- HasCustomEventSelectors: true\n  HomeRegion: us-east-1\n  IsMultiRegionTrail: \
         true\n  IsOrganizationTrail: false\n  Name: main\n  S3BucketName: logs\n  TrailARN: {arn}\n"
    );
    let selectors = format!(
        "EventSelectors:\n- DataResources:\n  - Type: AWS::S3::Object\n    Values:\n    - arn:aws:s3\n  \
         IncludeManagementEvents: true\n  ReadWriteType: All\nTrailARN: {arn}\n"
    );
    let status = "IsLogging: true\nLatestDeliveryTime: '2026-11-24T10:00:00+00:00'\n";
    let files = [("t.yaml", &*trails), ("s.yaml", &*selectors), ("main.yaml", status)];
    let folder = folder(&files);
    let ran = audit(folder.path(), &["@t.yaml", "@s.yaml", "@main.yaml", "--format", "json"]);
    is(&ran, &[("111122223333", "COMPLIANT")]);
    is(&audit(folder.path(), &["@", "--format", "json"]), &[("111122223333", "COMPLIANT")]);
    fs::write(folder.path().join("main.yaml"), "IsLogging: true\nIsLogging: false\n").unwrap();
    audit(folder.path(), &["@"]).is_refused(&["`IsLogging` stands twice"]);
}

/// `aws cloudformation get-template --query TemplateBody`.
#[test]
fn a_template_as_a_text_in_quotes_is_read() {
    let text = "Resources:\n  T:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: true, \
                IsMultiRegionTrail: false, S3BucketName: logs}\n";
    let folder = folder(&[("t.json", &json!(text).to_string())]);
    let ran = audit(folder.path(), &["@t.json", "--format", "json"]);
    is(&ran, &[("000000000000", "NON_COMPLIANT")]);
}

#[test]
fn what_is_of_no_form_says_what_to_give() {
    let plan = "\nTerraform will perform the following actions:\n\n  # aws_cloudtrail.a\n";
    let folder = folder(&[
        ("plan.txt", plan),
        ("main.tf", ""),
        ("stacks.json", "{\"Stacks\": []}"),
        ("serverless.yml", "service: a\n"),
    ]);
    fs::write(folder.path().join("tfplan"), b"PK\x03\x04\xFF").unwrap();
    for (path, step) in [
        ("plan.txt", "give what `terraform show -json PLANFILE` prints"),
        ("main.tf", "read by the folder"),
        ("stacks.json", "is JSON of no form that is read"),
        ("serverless.yml", "`serverless package`"),
        ("tfplan", "`terraform show -json PLANFILE`"),
    ] {
        audit(folder.path(), &[&format!("@{path}")]).is_refused(&[step]);
    }
}

#[test]
fn what_lies_beside_terraform_source_is_named() {
    let state = json!({"format_version": "1.0", "terraform_version": "1.9.0"}).to_string();
    let here = folder(&[
        ("main.tf", "resource \"aws_sns_topic\" \"a\" {}\n"),
        ("terraform.tfstate", &state),
        ("package.json", "{}"),
        ("values.auto.tfvars.json", "{\"a\": 1}"),
    ]);
    let ran = audit(here.path(), &["@.", "--format", "json"]);
    is(&ran, &[("000000000000", "NON_COMPLIANT")]);
    let note = "its Terraform source is read, and `terraform.tfstate` (a Terraform plan or state) \
                beside it is not: give its path to audit that";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
    let only = folder(&[("main.tf", "resource \"aws_sns_topic\" \"a\" {}\n")]);
    assert_eq!(audit(only.path(), &["@.", "--format", "json"]).stderr, "");
}

#[test]
fn a_folder_of_terraform_source_is_read() {
    let trail = |takes| {
        format!(
            "resource \"aws_cloudtrail\" \"main\" {{\n  name = \"main\"\n  s3_bucket_name = \"logs\"\n  \
             is_multi_region_trail = true\n  event_selector {{\n    data_resource {{\n      type = \
             \"AWS::S3::Object\"\n      values = [\"{takes}\"]\n    }}\n  }}\n}}\n"
        )
    };
    for (takes, code) in [("arn:aws:s3", 0), ("arn:aws:s3:::one/", 1)] {
        let folder = folder(&[("main.tf", &trail(takes))]);
        let ran = audit(folder.path(), &["@", "--region", "eu-west-1"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(code), ""), "{ran:?}");
    }
    let of_tofu = folder(&[("main.tofu", &trail("arn:aws:s3"))]);
    assert_eq!(audit(of_tofu.path(), &["@", "--region", "eu-west-1"]).code, Some(0));
    let of_one = format!("# a\n{}", trail("arn:aws:s3:::one/"));
    let placed = folder(&[("main.tf", of_one.as_str())]);
    for (format, part) in [
        ("text", "  Why       main.tf:6, selector 0: "),
        ("json", "\"place\":{\"file\":\"main.tf\",\"line\":2}"),
        ("asff", "\"Other\":{\"SourceFile\":\"main.tf\",\"SourceLine\":\"2\"}"),
        ("ocsf", "\"source_file\":\"main.tf\",\"source_line\":2"),
    ] {
        let ran = audit(placed.path(), &["@", "--region", "eu-west-1", "--format", format]);
        let written: String = match format {
            "text" => ran.stdout.clone(),
            _ => ran.stdout.split_whitespace().collect(),
        };
        assert!(written.contains(part), "{format}: {ran:?}");
    }
    let variable = "variable \"takes\" {}\n";
    let source = format!("{variable}{}", trail("${var.takes}"));
    let folder_of_variable =
        folder(&[("main.tf", source.as_str()), ("prod.tfvars", "takes = \"arn:aws:s3\"\n")]);
    for (given, code) in [
        (&[][..], 3),
        (&["--var", "takes=arn:aws:s3"], 0),
        (&["--var-file", "prod.tfvars"], 0),
        (&["--var-file", "prod.tfvars", "--var", "takes=arn:aws:s3:::one/"], 1),
    ] {
        let common = ["@", "--region", "eu-west-1"];
        let ran = audit(folder_of_variable.path(), &[&common[..], given].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(code), ""), "{given:?}: {ran:?}");
    }
    run(&["audit", "--var", "a=b", "-"], account().to_string().as_bytes())
        .is_refused(&["`--var` or `--var-file`", "Terraform source"]);
    let folder = folder(&[("main.tf", "resource {\n")]);
    audit(folder.path(), &["@"]).is_refused(&["main.tf"]);
}

/// A trail that takes every object, as the AWS CDK writes it.
fn cdk_trail() -> String {
    json!({"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {
        "IsLogging": true,
        "IsMultiRegionTrail": true,
        "S3BucketName": "logs",
        "EventSelectors": [{"DataResources": [
            {"Type": "AWS::S3::Object", "Values": [{"Fn::Sub": "arn:${AWS::Partition}:s3"}]}
        ]}],
    }}}})
    .to_string()
}

/// A manifest with stacks: name, account, Region.
fn manifest(stacks: &[(&str, &str, &str)], inner: &[&str]) -> String {
    let mut artifacts = json!({"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}});
    for (name, account, region) in stacks {
        artifacts[name] = json!({
            "type": "aws:cloudformation:stack",
            "environment": format!("aws://{account}/{region}"),
            "properties": {"templateFile": format!("{name}.template.json")},
        });
    }
    for directory in inner {
        artifacts[directory] =
            json!({"type": "cdk:cloud-assembly", "properties": {"directoryName": directory}});
    }
    json!({"version": "36.0.0", "artifacts": artifacts}).to_string()
}

#[test]
fn an_assembly_is_one_account_for_each_of_its_environments() {
    let empty = json!({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}).to_string();
    let [one, two] = ["111111111111", "222222222222"];
    let outer = manifest(
        &[("Logs", one, "us-east-1"), ("App", one, "eu-west-1"), ("Other", two, "us-east-1")],
        &["assembly-Prod"],
    );
    let inner = manifest(&[("Trail", two, "eu-central-1")], &[]);
    let trail = cdk_trail();
    let files = [
        ("cdk.out/manifest.json", outer.as_str()),
        ("cdk.out/Logs.template.json", &trail),
        ("cdk.out/App.template.json", &empty),
        ("cdk.out/Other.template.json", &empty),
        ("cdk.out/assembly-Prod/manifest.json", &inner),
        ("cdk.out/assembly-Prod/Trail.template.json", &empty),
        ("cdk.out/tree.json", "{}"),
    ];
    let folder = folder(&files);
    for path in ["@cdk.out", "@cdk.out/manifest.json", "@"] {
        let ran = audit(folder.path(), &[path, "--format", "json"]);
        assert_eq!(ran.stderr, "", "{ran:?}");
        is(&ran, &[(one, "COMPLIANT"), (two, "NON_COMPLIANT")]);
    }
    // A trail of the nested assembly counts.
    fs::write(folder.path().join("cdk.out/assembly-Prod/Trail.template.json"), &trail).unwrap();
    let ran = audit(folder.path(), &["@cdk.out", "--format", "json"]);
    is(&ran, &[(one, "COMPLIANT"), (two, "COMPLIANT")]);
    let ran = audit(folder.path(), &["@cdk.out", "--account", two, "--format", "json"]);
    is(&ran, &[(two, "COMPLIANT")]);
    audit(folder.path(), &["@cdk.out", "--account", "333333333333"])
        .is_refused(&["no stack is for the account"]);
    fs::remove_file(folder.path().join("cdk.out/App.template.json")).unwrap();
    audit(folder.path(), &["@cdk.out"]).is_refused(&["App.template.json", "is missing"]);
}

#[test]
fn a_stack_of_an_unknown_account_may_be_in_each() {
    let empty = json!({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}).to_string();
    let unknown = ("Trail", "unknown-account", "unknown-region");
    let outer = manifest(&[("App", "111111111111", "us-east-1"), unknown], &[]);
    let trail = cdk_trail();
    let folder = folder(&[
        ("manifest.json", outer.as_str()),
        ("App.template.json", &empty),
        ("Trail.template.json", &trail),
    ]);
    let ran = audit(folder.path(), &["@", "--partition", "aws", "--format", "json"]);
    is(&ran, &[("000000000000", "COMPLIANT"), ("111111111111", "INDETERMINATE")]);
    let ran = audit(
        folder.path(),
        &["@", "--partition", "aws", "--account", "111111111111", "--format", "json"],
    );
    is(&ran, &[("111111111111", "COMPLIANT")]);
}

#[test]
fn what_calls_cloudtrail_in_one_stack_puts_the_trails_of_the_others_in_doubt() {
    let caller = json!({"Resources": {"Call": {"Type": "Custom::AWS", "Properties": {
        "ServiceToken": "arn:aws:lambda:us-east-1:111111111111:function:call",
        "Create": "{\"service\":\"CloudTrail\",\"action\":\"putEventSelectors\"}",
    }}}})
    .to_string();
    let trail = cdk_trail();
    for account in ["111111111111", "unknown-account"] {
        let stacks = [("Trail", "111111111111", "us-east-1"), ("Call", account, "us-east-1")];
        let folder = folder(&[
            ("manifest.json", manifest(&stacks, &[]).as_str()),
            ("Trail.template.json", &trail),
            ("Call.template.json", &caller),
        ]);
        let ran = audit(folder.path(), &["@", "--format", "json"]);
        assert!(verdicts(&ran).iter().all(|(_, verdict)| verdict == "INDETERMINATE"), "{ran:?}");
    }
    let folder = folder(&[("a.json", trail.as_str()), ("b.json", &caller)]);
    let ran = audit(folder.path(), &["@a.json", "@b.json", "--together", "--region", "us-east-1"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
}

#[test]
fn a_nested_template_that_lies_beside_the_other_is_read_with_it() {
    let parent = "Resources:\n  Logs:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      \
                  TemplateURL: nested/trail.json\n";
    let trail = cdk_trail();
    let folder = folder(&[("parent.yaml", parent), ("nested/trail.json", &trail)]);
    for (arguments, code) in [
        (&["@parent.yaml"][..], 0),
        (&["--template", "@parent.yaml"], 0),
        (&["@"], 0),
        (&["@", "--together"], 0),
        (&["@parent.yaml", "@nested/trail.json"], 0),
    ] {
        let ran = audit(folder.path(), &[arguments, &["--region", "eu-west-1"]].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(code), ""), "{arguments:?}: {ran:?}");
    }
    // What another template nests is no account of its own.
    let ran = audit(folder.path(), &["@", "--region", "eu-west-1", "--format", "json"]);
    is(&ran, &[("000000000000", "COMPLIANT")]);
    let ran = run(&["audit", "-"], parent.as_bytes());
    assert_eq!(ran.code, Some(3), "{ran:?}");
    fs::remove_file(folder.path().join("nested/trail.json")).unwrap();
    let ran = audit(folder.path(), &["@parent.yaml"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("`nested/trail.json`, is missing"), "{words}");
    fs::write(folder.path().join("nested/trail.json"), "Resources: [").unwrap();
    audit(folder.path(), &["@parent.yaml"]).is_refused(&["parent.yaml", "in `nested/trail.json`"]);
}

#[test]
fn nested_stacks_of_an_assembly_are_read_with_it() {
    let parent = json!({"Resources": {"Logs": {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Sub":
            "https://s3.${AWS::Region}.${AWS::URLSuffix}/cdk-hnb659fds-assets/a1b2.json"}},
        "Metadata": {"aws:cdk:path": "App/Logs", "aws:asset:property": "TemplateURL",
            "aws:asset:path": "AppLogs.nested.template.json"},
    }}});
    let (parent, trail) = (parent.to_string(), cdk_trail());
    let folder = folder(&[
        ("cdk.out/manifest.json", &manifest(&[("App", "111111111111", "us-east-1")], &[])),
        ("cdk.out/App.template.json", &parent),
        ("cdk.out/AppLogs.nested.template.json", &trail),
    ]);
    let ran = audit(folder.path(), &["@cdk.out", "--format", "json"]);
    is(&ran, &[("111111111111", "COMPLIANT")]);
}

#[test]
fn what_pulumi_prints_is_read() {
    let of = |name: &str| file(&format!("../cis-plan/tests/pulumi/{name}")).display().to_string();
    let (preview, export) = (of("preview-create.json"), of("export.json"));
    let ran = run(&["audit", &preview, "--format", "json"], b"");
    is(&ran, &[("000000000000", "COMPLIANT")]);
    let ran = run(&["audit", &export, "--format", "json"], b"");
    is(&ran, &[("111111111111", "COMPLIANT"), ("222222222222", "NON_COMPLIANT")]);
    let ran = run(&["audit", &export, "--account", "222222222222", "--format", "json"], b"");
    is(&ran, &[("222222222222", "NON_COMPLIANT")]);
    let ran = run(&["diff", &preview, &preview], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let ran = run(
        &["explain", &preview, "--event-name", "PutObject", "--arn", "arn:aws:s3:::abc/d"],
        b"",
    );
    assert!(ran.stdout.starts_with("LOGGED"), "{ran:?}");
    run(&["audit", "--snapshot", &export], b"").is_refused(&["what Pulumi prints"]);
    run(&["audit", "--plan", &export], b"").is_refused(&["what Pulumi prints", "without `--plan`"]);
}

#[test]
fn assemblies_that_hold_themselves_are_refused() {
    let folder = folder(&[("manifest.json", &manifest(&[], &["."]))]);
    audit(folder.path(), &["@"]).is_refused(&["nested more than 16 deep"]);
}
