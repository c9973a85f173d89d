//! Files that are made to hurt: each is read or refused, none panics or hangs.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]

use std::fs;
use std::path::Path;

use cis_plan::{Kind, Setting};
use cis_rules::question::{Kind as Events, Mode, Question};
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;
use proptest::prelude::*;

fn verdict(snapshot: &Snapshot) -> Verdict {
    let question = Question::new(Events::Write, Mode::Any);
    cis_rules::evaluate(snapshot, &question).verdict
}

/// A template with a trail that would log everything, if this is true, and with these sections.
fn template(is_logging: &str, sections: &str, resources: &str) -> String {
    format!(
        "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      \
         IsLogging: {is_logging}\n      IsMultiRegionTrail: true\n      EventSelectors:\n        \
         - DataResources: [{{Type: 'AWS::S3::Object', Values: ['arn:aws:s3']}}]\n\
         {resources}{sections}"
    )
}

fn of_template(text: &str) -> Verdict {
    verdict(&cis_plan::template(text, &Setting::default()).unwrap())
}

#[test]
fn the_template_logs_everything_unless_it_is_tampered_with() {
    assert_eq!(of_template(&template("true", "", "")), Verdict::Compliant);
}

#[test]
fn conditions_that_depend_on_themselves_are_not_decided() {
    let conditions = "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n";
    let text = template("!If [A, true, false]", conditions, "");
    assert_eq!(of_template(&text), Verdict::Indeterminate);
}

#[test]
fn conditions_that_use_each_other_twice_are_decided_once() {
    let mut conditions = "Conditions:\n  C0: !Equals [a, a]\n".to_string();
    for level in 1..100 {
        let before = level - 1;
        conditions += &format!("  C{level}: !And [!Condition C{before}, !Condition C{before}]\n");
    }
    let text = template("!If [C99, true, false]", &conditions, "");
    assert_eq!(of_template(&text), Verdict::Compliant);
}

#[test]
fn conditions_that_nest_too_deeply_are_not_decided() {
    let mut conditions = "Conditions:\n  C0: !Equals [a, a]\n".to_string();
    for level in 1..10_000 {
        conditions += &format!("  C{level}: !Not [!Condition C{}]\n", level - 1);
    }
    let text = template("!If [C9999, true, false]", &conditions, "");
    assert_eq!(of_template(&text), Verdict::Indeterminate);
}

#[test]
fn names_that_double_each_other_stay_open() {
    let bucket = |level: usize, name: String| {
        format!(
            "  B{level}:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: {name}\n"
        )
    };
    let mut resources = bucket(0, "a".to_string());
    for level in 1..60 {
        resources += &bucket(level, format!("!Sub '${{B{0}}}${{B{0}}}'", level - 1));
    }
    resources += &bucket(60, "!Sub '${B60}'".to_string());
    for last in ["B59", "B60"] {
        let conditions = format!("Conditions:\n  Long: !Equals [!Ref {last}, b]\n");
        let text = template("!If [Long, false, false]", &conditions, &resources);
        assert_ne!(of_template(&text), Verdict::Compliant);
        let text = template("!If [Long, false, true]", &conditions, &resources);
        assert_ne!(of_template(&text), Verdict::NonCompliant);
    }
}

#[test]
fn many_names_that_are_used_often_are_looked_up_in_time() {
    let buckets: String =
        (0..20_000).map(|name| format!("  B{name}:\n    Type: AWS::S3::Bucket\n")).collect();
    let conditions =
        format!("Conditions:\n  Many: !Equals ['{}', b]\n", "${B19999}".repeat(20_000));
    let conditions = conditions.replace("['", "[!Sub '");
    let text = template("!If [Many, true, true]", &conditions, &buckets);
    assert_ne!(of_template(&text), Verdict::NonCompliant);
}

#[test]
fn an_object_with_many_members_is_read_in_time() {
    let members = |value: &str, from: usize| -> String {
        let all: Vec<_> =
            (from..from + 50_000).map(|name| format!("\"m{name}\": {value}")).collect();
        all.join(",")
    };
    let text = format!(
        "{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {{\"resources\": [{{\
         \"type\": \"aws_cloudtrail\", \"address\": \"a\", \"values\": {{{}}}}}]}}}}, \
         \"resource_changes\": [{{\"address\": \"a\", \"change\": {{\"after_unknown\": {{{}}}}}}}]}}",
        members("1", 0),
        members("true", 50_000)
    );
    let snapshot = cis_plan::plan(&text, &Setting::default()).unwrap();
    assert_eq!(verdict(&snapshot), Verdict::NonCompliant);
}

#[test]
fn a_long_name_around_many_values_is_not_written_for_each_of_them() {
    let name = "n".repeat(2_000_000);
    let values = "1,".repeat(200_000);
    let values = values.trim_end_matches(',');
    let plan = format!(
        "{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {{\"resources\": [{{\
         \"type\": \"aws_cloudtrail\", \"address\": \"a\", \"values\": {{\"{name}\": [{values}]}}}}]}}}}}}"
    );
    let snapshot = cis_plan::plan(&plan, &Setting::default()).unwrap();
    assert_ne!(verdict(&snapshot), Verdict::Compliant);
    let preview = format!(
        "{{\"changeSummary\": {{}}, \"steps\": [{{\"op\": \"create\", \"urn\": \"u\", \"newState\": {{\
         \"urn\": \"u\", \"type\": \"aws:cloudtrail/trail:Trail\", \
         \"inputs\": {{\"{name}\": [{values}]}}}}}}]}}"
    );
    let [snapshot] = cis_plan::pulumi(&preview, &Setting::default()).unwrap().try_into().unwrap();
    assert_eq!(verdict(&snapshot), Verdict::NonCompliant);
}

#[test]
fn many_providers_are_told_apart_in_time_or_refused() {
    let plan = |kind: &str| {
        let (mut resources, mut configured, mut providers) = (Vec::new(), Vec::new(), Vec::new());
        for name in 0..20_000 {
            resources.push(format!(
                "{{\"address\": \"{kind}.a{name}\", \"type\": \"{kind}\", \"values\": {{}}}}"
            ));
            configured.push(format!(
                "{{\"address\": \"{kind}.a{name}\", \"provider_config_key\": \"aws.a{name}\"}}"
            ));
            providers.push(format!(
                "\"aws.a{name}\": {{\"expressions\": {{\"profile\": {{\"constant_value\": \"{name}\"}}}}}}"
            ));
        }
        let [resources, configured, providers] =
            [resources, configured, providers].map(|all| all.join(","));
        let text = format!(
            "{{\"planned_values\": {{\"root_module\": {{\"resources\": [{resources}]}}}}, \
             \"configuration\": {{\"provider_config\": {{{providers}}}, \
             \"root_module\": {{\"resources\": [{configured}]}}}}}}"
        );
        cis_plan::plans(&text, &Setting::default())
    };
    assert_eq!(verdict(&plan("aws_s3_bucket").unwrap()[0]), Verdict::NonCompliant);
    let error = plan("aws_cloudtrail").unwrap_err().to_string();
    assert_eq!(error, "the plan has trails of more than 100 accounts: plan fewer at once");
}

#[test]
fn a_stack_of_pulumi_with_many_resources_is_read_in_time_or_refused() {
    let step = |kind: &str, name: usize, inputs: &str| {
        format!(
            "{{\"op\": \"create\", \"urn\": \"urn:pulumi:a::b::{kind}::r{name}\", \"newState\": {{\
             \"urn\": \"urn:pulumi:a::b::{kind}::r{name}\", \"type\": \"{kind}\", \"custom\": true, \
             \"provider\": \"urn:pulumi:a::b::pulumi:providers:aws::p{name}::id\", \
             \"inputs\": {{{inputs}}}}}}}"
        )
    };
    let preview = |steps: &[String]| {
        let steps = steps.join(",");
        let text = format!("{{\"steps\": [{steps}], \"changeSummary\": {{\"create\": 1}}}}");
        cis_plan::pulumi(&text, &Setting::default())
    };
    let names = "\"__defaults\": [\"bucket\"], \"bucket\": \"a-0123456\"";
    let mut steps: Vec<String> =
        (0..5_000).map(|name| step("aws:s3/bucket:Bucket", name, names)).collect();
    assert_eq!(verdict(&preview(&steps).unwrap()[0]), Verdict::NonCompliant);
    // Each of them made up a name, and each may be in these texts.
    let texts = vec!["\"arn:aws:s3:::x/\""; 2_000].join(",");
    let selectors = format!(
        "\"enableLogging\": true, \"isMultiRegionTrail\": true, \"eventSelectors\": [{{\
         \"dataResources\": [{{\"type\": \"AWS::S3::Object\", \"values\": [{texts}]}}]}}]"
    );
    steps.push(step("aws:cloudtrail/trail:Trail", 5_000, &selectors));
    assert_ne!(verdict(&preview(&steps).unwrap()[0]), Verdict::Compliant);
    // Names in two spellings.
    let members: Vec<String> = (0..50_000)
        .flat_map(|name| [format!("\"a{name}B\": 1"), format!("\"a{name}_b\": 1")])
        .collect();
    let trail = step("aws:cloudtrail/trail:Trail", 0, &members.join(","));
    assert_eq!(verdict(&preview(&[trail]).unwrap()[0]), Verdict::NonCompliant);
    let trails: Vec<String> =
        (0..101).map(|name| step("aws:cloudtrail/trail:Trail", name, "")).collect();
    let error = preview(&trails).unwrap_err().to_string();
    assert_eq!(error, "the plan has trails of more than 100 accounts: plan fewer at once");
    let many = vec!["{}".to_string(); 200_001];
    let error = preview(&many).unwrap_err().to_string();
    assert_eq!(error, "in `steps`: the stack has more than 200000 resources");
}

#[test]
fn deep_modules_are_refused() {
    let deep = "{\"child_modules\": [".repeat(100_000);
    let text =
        format!("{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {deep}");
    let error = cis_plan::plan(&text, &Setting::default()).unwrap_err();
    assert!(error.to_string().starts_with("recursion limit exceeded"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn broken_files_are_read_or_refused(
        file in 0_usize..256,
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        end in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let folders = ["tests/data", "tests/found", "tests/pulumi"].map(|folder| {
            fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap()
        });
        let mut files: Vec<_> = folders.into_iter().flatten().map(|e| e.unwrap().path()).collect();
        files.sort();
        let mut bytes = fs::read(&files[file % files.len()]).unwrap();
        for (place, byte) in edits {
            let place = place.index(bytes.len());
            bytes[place] = b"{}[]\":,-&*!|>%@`#?\n \t'"[usize::from(byte) % 22];
        }
        if let Some(end) = end {
            bytes.truncate(end.index(bytes.len()));
        }
        let Ok(text) = cis_plan::text_of(&bytes) else { return Ok(()) };
        let _kind = Kind::of(&text);
        for read in [cis_plan::template, cis_plan::plan] {
            if let Ok(snapshot) = read(&text, &Setting::default()) {
                let _verdict = verdict(&snapshot);
            }
        }
        for snapshot in cis_plan::pulumi(&text, &Setting::default()).into_iter().flatten() {
            let _verdict = verdict(&snapshot);
        }
    }
}

/// Assemblies that each name the next many times: their number multiplies with every level.
#[test]
fn assemblies_that_name_each_other_many_times_are_refused() {
    let manifest = |names: usize, inner: &str| {
        let artifacts = (0..names).map(|name| {
            let artifact = serde_json::json!({
                "type": "cdk:cloud-assembly", "properties": {"directoryName": inner},
            });
            (format!("A{name}"), artifact)
        });
        let artifacts: serde_json::Map<String, serde_json::Value> = artifacts.collect();
        serde_json::json!({"version": "36.0.0", "artifacts": artifacts}).to_string().into_bytes()
    };
    let mut files: std::collections::BTreeMap<String, Vec<u8>> = std::collections::BTreeMap::new();
    let mut path = String::new();
    for level in 0..12 {
        files.insert(format!("{path}manifest.json"), manifest(4, "next"));
        path += "next/";
        if level == 11 {
            files.insert(format!("{path}manifest.json"), manifest(0, ""));
        }
    }
    let read = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        cis_plan::assembly(files, "manifest.json", &Setting::default())
    };
    let error = read(&files).unwrap_err().to_string();
    assert!(error.contains("the assembly has more than 1000 nested ones"), "{error}");
    // One that names itself has no end.
    files.insert("manifest.json".to_string(), manifest(1, "."));
    let error = read(&files).unwrap_err().to_string();
    assert!(error.contains("assemblies are nested more than 16 deep"), "{error}");
    // Without a stack there is nothing to answer.
    files.insert("manifest.json".to_string(), manifest(0, ""));
    let error = read(&files).unwrap_err().to_string();
    assert!(error.contains("the assembly has no stack"), "{error}");
}
