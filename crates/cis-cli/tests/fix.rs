//! `trailproof fix`: what it prints and writes, and that it changes nothing.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use std::fs;

use command::{account, run};
use serde_json::{Value, json};

fn fix(arguments: &[&str], input: &Value) -> command::Ran {
    run(&[&["fix", "-"], arguments].concat(), input.to_string().as_bytes())
}

/// The only fix in what was printed.
fn only(ran: &command::Ran) -> Value {
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["schemaVersion"], 1);
    let [fix] = document["fixes"].as_array().unwrap().as_slice() else { panic!("{ran:?}") };
    fix.clone()
}

/// A text in one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_a_fix_leads_to_is_compliant_to_audit() {
    let ran = fix(&["--format", "json", "--kind", "write,read"], &account());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let found = only(&ran);
    assert_eq!(found["kinds"], json!(["write", "read"]));
    assert!(!found["changes"].as_array().unwrap().is_empty());
    let after = found["after"].to_string();
    let audit = run(&["audit", "-", "--kind", "write,read"], after.as_bytes());
    assert_eq!(audit.code, Some(0), "{audit:?}");
    let again = fix(&["--format", "json", "--kind", "write,read"], &found["after"]);
    let again = only(&again);
    assert_eq!((&again["changes"], &again["after"]), (&json!([]), &found["after"]));
}

#[test]
fn each_alternative_can_be_chosen_and_no_other_number() {
    let found = only(&fix(&["--format", "json"], &account()));
    let alternatives = found["alternatives"].as_array().unwrap();
    assert!(!alternatives.is_empty());
    for (index, alternative) in alternatives.iter().enumerate() {
        let number = (index + 1).to_string();
        let chosen = only(&fix(&["--format", "json", "--choose", &number], &account()));
        assert_eq!(chosen["changes"], alternative["changes"]);
    }
    let number = (alternatives.len() + 1).to_string();
    let refused = fix(&["--choose", &number], &account());
    refused.is_refused(&["--choose", "alternatives"]);
}

#[test]
fn an_account_that_could_not_be_listed_has_no_fix_and_says_why() {
    let unread = json!({
        "schemaVersion": 1, "accountId": "111122223333",
        "unreadable": [{"call": "DescribeTrails", "code": "AccessDeniedException"}],
    });
    let ran = fix(&[], &unread);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.starts_with("NO_FIX"), "{ran:?}");
    assert!(words(&ran.stdout).contains("allow cloudtrail:DescribeTrails"), "{ran:?}");
    let found = only(&fix(&["--format", "json"], &unread));
    assert_eq!(found["changes"], json!([]));
    assert_eq!(found["after"], unread);
}

#[test]
fn a_planned_account_is_changed_where_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("template.json");
    let write = |selectors: Value| {
        let properties = json!({
            "IsLogging": true, "IsMultiRegionTrail": true, "TrailName": "main",
            "S3BucketName": "central-logs", selectors["as"].as_str().unwrap(): selectors["are"],
        });
        let resources = json!({"T": {"Type": "AWS::CloudTrail::Trail", "Properties": properties}});
        fs::write(&template, json!({"Resources": resources}).to_string()).unwrap();
    };
    let run = |more: &[&str]| {
        let path = template.to_str().unwrap();
        run(
            &[&["fix", path, "--account", "111122223333", "--region", "us-east-1"], more].concat(),
            b"",
        )
    };
    let management = json!([{"Field": "eventCategory", "Equals": ["Management"]}]);
    write(json!({"as": "AdvancedEventSelectors", "are": [{"FieldSelectors": management}]}));
    let ran = run(&["--format", "json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let found = only(&ran);
    assert_eq!(
        found["changes"][0]["request"]["AdvancedEventSelectors"][0]["FieldSelectors"],
        management
    );
    let is_planned = |it: &Value| {
        it["kind"] == "managed-by" && it["text"].as_str().unwrap().contains("is planned")
    };
    assert!(found["warnings"].as_array().unwrap().iter().any(is_planned), "{found}");
}

/// The account of a template is COMPLIANT once its trail has these properties, too.
#[track_caller]
fn assert_mended(template: &std::path::Path, changed: &Value) {
    fs::write(template, changed.to_string()).unwrap();
    let ran = run(&["audit", template.to_str().unwrap()], b"");
    assert_eq!(ran.code, Some(0), "{changed}\n{ran:?}");
}

#[test]
fn the_text_for_a_templates_trail_mends_the_template() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("template.yaml");
    let bucket = json!({"Type": "AWS::S3::Bucket"});
    for (values, adds) in
        [(json!("arn:aws:s3:::payroll/"), false), (json!({"Fn::Sub": "${Logs.Arn}/"}), true)]
    {
        let selectors = json!([{
            "ReadWriteType": "All", "IncludeManagementEvents": true,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": [values]}],
        }]);
        let properties = json!({
            "IsLogging": false, "IsMultiRegionTrail": {"Ref": "Everywhere"}, "TrailName": "main",
            "S3BucketName": {"Ref": "Logs"}, "EventSelectors": selectors,
        });
        let trail = json!({"Type": "AWS::CloudTrail::Trail", "Properties": properties});
        let mut template = json!({
            "Parameters": {"Everywhere": {"Type": "String"}},
            "Resources": {"Logs": bucket, "T": trail},
        });
        fs::write(&path, template.to_string()).unwrap();
        let out = folder.path().join(format!("fix-{adds}"));
        let ran = run(&["fix", path.to_str().unwrap(), "--out", out.to_str().unwrap()], b"");
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.starts_with("FIX  account not known"), "{ran:?}");
        assert_eq!(words(&ran.stdout).contains("Keep the selectors"), adds, "{ran:?}");
        assert!(!ran.stdout.contains("aws cloudtrail put-event-selectors"), "{ran:?}");
        assert!(!out.join("apply.sh").exists());
        let text = fs::read_to_string(out.join("trail-1-main.cloudformation.json")).unwrap();
        let written: Value = serde_json::from_str(&text).unwrap();
        let properties = &mut template["Resources"]["T"]["Properties"];
        for (name, value) in written["Resources"]["Trail"]["Properties"].as_object().unwrap() {
            match &mut properties[name] {
                Value::Array(all) if adds => all.extend(value.as_array().unwrap().clone()),
                property => *property = value.clone(),
            }
        }
        assert_mended(&path, &template);
    }
}

#[test]
fn what_is_planned_is_not_applied_and_an_account_that_is_not_known_is_not_named() {
    let folder = tempfile::tempdir().unwrap();
    let template = json!({"Resources": {"T": {"Type": "AWS::CloudTrail::Trail", "Properties": {
        "IsLogging": false, "IsMultiRegionTrail": true, "S3BucketName": "central-logs",
    }}}});
    let paths: Vec<String> =
        ["one.json", "two.json"].map(|name| folder.path().join(name).display().to_string()).into();
    paths.iter().for_each(|path| fs::write(path, template.to_string()).unwrap());
    let out = folder.path().join("out");
    let path = out.to_str().unwrap();
    let refused = run(&["fix", &paths[0], "--apply", "--out", path], b"");
    refused.is_refused(&["`--apply` changes an account", "in its source"]);
    assert!(!out.exists());
    run(&["fix", &paths[0], "--choose", "99"], b"").is_refused(&["account not known has"]);
    let ran = run(&["fix", &paths[0], &paths[1], "--out", path], b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let mut names: Vec<String> = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["0001-onejson", "0002-twojson"]);
}

#[test]
fn the_text_for_terraform_source_mends_the_source() {
    let folder = tempfile::tempdir().unwrap();
    let source = |arguments: &str| {
        let text = format!(
            "resource \"aws_s3_bucket\" \"logs\" {{\n  bucket_prefix = \"logs-\"\n}}\n\
             variable \"stage\" {{}}\n\
             resource \"aws_cloudtrail\" \"main\" {{\n  name = \"main-${{var.stage}}\"\n\
             \x20 s3_bucket_name = aws_s3_bucket.logs.id\n  is_multi_region_trail = true\n\
             {arguments}}}\n"
        );
        fs::write(folder.path().join("main.tf"), text).unwrap();
    };
    let block = "  event_selector {\n    data_resource {\n      type = \"AWS::S3::Object\"\n      \
                 values = [\"${aws_s3_bucket.logs.arn}/\"]\n    }\n  }\n";
    source(block);
    let path = folder.path().to_str().unwrap().to_string();
    let ran = run(&["fix", &path], b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("1. Trail aws_cloudtrail.main, in "), "{ran:?}");
    let after = ran.stdout.split_once("resource \"aws_cloudtrail\" \"trail\" {\n").unwrap().1;
    let (added, _) = after.split_once("\n      }\n").unwrap();
    source(&format!("{block}{added}\n"));
    let ran = run(&["audit", &path], b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn a_planned_account_in_which_no_trail_is_sure_has_no_fix_by_its_trails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("template.json");
    let properties = json!({
        "IsLogging": true, "IsMultiRegionTrail": true, "S3BucketName": "central-logs",
    });
    let template = json!({
        "Parameters": {"Wanted": {"Type": "String"}},
        "Conditions": {"IsWanted": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}},
        "Resources": {"T": {
            "Type": "AWS::CloudTrail::Trail", "Condition": "IsWanted", "Properties": properties,
        }},
    });
    fs::write(&path, template.to_string()).unwrap();
    let ran = run(&["fix", path.to_str().unwrap(), "--trails", "every"], b"");
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(words(&ran.stdout).contains("leaves open whether a trail is made"), "{ran:?}");
}

#[test]
fn answers_of_the_aws_cli_are_fixed_too() {
    let account = account();
    let folder = tempfile::tempdir().unwrap();
    let trail = &account["trails"][0];
    let files = [
        ("trails.json", json!({"trailList": [trail["trail"]]})),
        ("selectors.json", trail["eventSelectors"].clone()),
        ("status.json", trail["status"].clone()),
    ];
    let mut arguments = vec!["fix".to_string(), "--format".to_string(), "json".to_string()];
    for (name, answer) in files {
        let path = folder.path().join(name);
        fs::write(&path, answer.to_string()).unwrap();
        arguments.push(path.to_str().unwrap().to_string());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran = run(&arguments, b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!only(&ran)["changes"].as_array().unwrap().is_empty());
}

#[test]
fn the_files_hold_whole_requests_and_the_way_back() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("fix");
    let path = out.to_str().unwrap();
    let ran = fix(&["--out", path, "--format", "json"], &account());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let found = only(&ran);
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let apply = read("apply.sh");
    for (index, change) in found["changes"].as_array().unwrap().iter().enumerate() {
        let call = change["call"].as_str().unwrap();
        let names: Vec<String> = fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(&format!("{}-", index + 1)) && !name.contains("undo"))
            .collect();
        let [name] = names.as_slice() else { panic!("{call}: {names:?}") };
        let request: Value = serde_json::from_str(&read(name)).unwrap();
        assert_eq!(request, change["request"]);
        assert!(apply.contains(name.as_str()) || apply.contains("--name"), "{apply}");
    }
    assert!(apply.contains("sts get-caller-identity"), "{apply}");
    assert!(read("undo.sh").contains("aws cloudtrail "));
    let after: Value = serde_json::from_str(&read("after.json")).unwrap();
    assert_eq!(after, found["after"]);
    // A way back is never written over.
    fix(&["--out", path], &account()).is_refused(&["holds files already"]);
}

#[test]
fn a_cost_is_a_range_with_its_source_or_not_known() {
    let found =
        only(&fix(&["--format", "json", "--monthly-events", "1000000-3000000"], &account()));
    let cost = &found["cost"];
    let high = cost["perMonth"]["high"].as_f64().unwrap();
    assert!((high - 3.0).abs() < 0.001, "{cost}");
    assert!(cost["source"].as_str().unwrap().contains("aws.amazon.com/cloudtrail/pricing"));
    let found = only(&fix(&["--format", "json"], &account()));
    assert_eq!(found["cost"], Value::Null);
    let warnings = found["warnings"].as_array().unwrap();
    let is_said =
        |it: &Value| it["kind"] == "cost" && it["text"].as_str().unwrap().contains("not known");
    assert!(warnings.iter().any(is_said), "{warnings:?}");
    fix(&["--monthly-events", "many"], &account()).stderr.contains("many").then_some(()).unwrap();
}

#[test]
fn a_cost_rests_on_the_file_that_tells_the_volume() {
    let bill = json!({"ResultsByTime": [{
        "TimePeriod": {"Start": "2026-10-02", "End": "2026-11-01"},
        "Groups": [{
            "Keys": ["Amazon Simple Storage Service", "Requests-Tier1"],
            "Metrics": {"UsageQuantity": {"Amount": "2000000", "Unit": "Requests"}},
        }],
    }]});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bill.json");
    fs::write(&file, bill.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let found = only(&fix(&["--format", "json", "--volume", file], &account()));
    let cost = &found["cost"];
    assert!((cost["perMonth"]["high"].as_f64().unwrap() - 2.0).abs() < 0.001, "{cost}");
    assert!(cost["source"].as_str().unwrap().contains("30 days of S3's billed requests"), "{cost}");
    fs::write(file, "{}").unwrap();
    fix(&["--volume", file], &account()).is_refused(&["bill.json", "trailproof logs"]);
}

#[test]
fn a_name_that_aws_never_gives_stands_in_no_command() {
    let mut account = account();
    for trail in account["trails"].as_array_mut().unwrap() {
        trail["trail"]["HomeRegion"] = json!("us-east-1'; curl evil; '\u{1b}[31m");
    }
    account["region"] = json!("$(id)");
    let ran = fix(&[], &account);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stdout.contains("curl"), "{ran:?}");
}

#[test]
fn nothing_is_applied_without_a_folder_for_the_way_back() {
    let ran = fix(&["--apply", "--yes"], &account());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("--out"), "{ran:?}");
}
