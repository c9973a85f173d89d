//! Buckets that a question names as the plan does, in nested stacks and in programs of Pulumi's; and
//! what nested stacks give to the template that nests them.
#![expect(clippy::unwrap_used, reason = "a plan that cannot be read is a failed test")]

use std::collections::BTreeMap;

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::AccountResult;
use cis_rules::report::Verdict::{self, Compliant, Indeterminate, NonCompliant};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

fn nesting(files: &[(&str, Value)]) -> Snapshot {
    let files: BTreeMap<String, Vec<u8>> = files
        .iter()
        .map(|(path, template)| ((*path).to_string(), template.to_string().into_bytes()))
        .collect();
    let text = String::from_utf8(files["main.json"].clone()).unwrap();
    cis_plan::template_beside(&text, &files, "main.json", &Setting::default()).unwrap().account
}

fn answer(account: &Snapshot, allowed: &[&str]) -> AccountResult {
    let mut question = Question::new(Kind::Write, Mode::Any);
    question.allow_unlogged.extend(allowed.iter().map(|name| name.parse().unwrap()));
    cis_rules::evaluate(account, &question)
}

fn verdict(account: &Snapshot, allowed: &[&str]) -> Verdict {
    answer(account, allowed).verdict
}

/// A nested stack of the template at a path, with these parameters.
fn stack(url: &str, parameters: &Value) -> Value {
    json!({"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": parameters}})
}

/// A trail that takes all objects but those of the ARNs that start so.
fn trail_without(start: &Value) -> Value {
    json!({"Type": "AWS::CloudTrail::Trail", "Properties": {
        "IsLogging": true, "IsMultiRegionTrail": true, "S3BucketName": "somewhere",
        "AdvancedEventSelectors": [{"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "NotStartsWith": [start]},
        ]}],
    }})
}

/// A template with a bucket, its name and its ARN as outputs.
fn storage(bucket: &Value) -> Value {
    json!({
        "Parameters": {"Stage": {"Type": "String", "Default": "prod"}},
        "Resources": {"Logs": bucket},
        "Outputs": {
            "Name": {"Value": {"Ref": "Logs"}},
            "Arn": {"Value": {"Fn::GetAtt": ["Logs", "Arn"]}},
            "Objects": {"Value": {"Fn::Sub": "${Logs.Arn}/"}},
        },
    })
}

fn generated() -> Value {
    json!({"Type": "AWS::S3::Bucket"})
}

fn named(name: &Value) -> Value {
    json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}})
}

#[test]
fn a_bucket_of_a_nested_stack_is_named_by_the_stack_and_the_bucket() {
    let inner = json!({"Resources": {
        "Logs": generated(),
        "Trail": trail_without(&json!({"Fn::Sub": "${Logs.Arn}/"})),
    }});
    let main = json!({"Resources": {"Network": stack("inner.json", &json!({}))}});
    let account = nesting(&[("main.json", main), ("inner.json", inner)]);
    assert_eq!(verdict(&account, &[]), NonCompliant);
    assert_eq!(verdict(&account, &["Network.Logs"]), Compliant);
    // The outer template has no bucket of this name.
    assert_eq!(verdict(&account, &["Logs"]), NonCompliant);
}

#[test]
fn a_bucket_of_a_stack_that_is_nested_twice_has_both_stacks_in_its_name() {
    let middle = json!({"Resources": {"Inner": stack("storage.json", &json!({}))},
        "Outputs": {"Objects": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.Objects"]}}}});
    let main = json!({"Resources": {
        "Outer": stack("middle.json", &json!({})),
        "Trail": trail_without(&json!({"Fn::GetAtt": "Outer.Outputs.Objects"})),
    }});
    let files =
        [("main.json", main), ("middle.json", middle), ("storage.json", storage(&generated()))];
    let account = nesting(&files);
    assert_eq!(verdict(&account, &[]), NonCompliant);
    assert_eq!(verdict(&account, &["Outer.Inner.Logs"]), Compliant);
}

#[test]
fn an_output_of_a_nested_stack_is_what_its_template_says() {
    for output in [
        json!({"Fn::GetAtt": ["Storage", "Outputs.Objects"]}),
        json!({"Fn::GetAtt": "Storage.Outputs.Objects"}),
        json!({"Fn::Sub": "${Storage.Outputs.Objects}"}),
        json!({"Fn::Sub": "arn:aws:s3:::${Storage.Outputs.Name}/"}),
        json!({"Fn::Join": ["", [{"Fn::GetAtt": ["Storage", "Outputs.Arn"]}, "/"]]}),
    ] {
        let main = json!({"Resources": {
            "Storage": stack("storage.json", &json!({})),
            "Trail": trail_without(&output),
        }});
        let account =
            nesting(&[("main.json", main.clone()), ("storage.json", storage(&generated()))]);
        let refuted = answer(&account, &[]);
        assert_eq!(refuted.verdict, NonCompliant, "{output}");
        assert_eq!(verdict(&account, &["Storage.Logs"]), Compliant, "{output}");
        assert_eq!(verdict(&account, &["logs"]), Indeterminate, "{output}");
        // Of a bucket with a name, that name is known.
        let named = storage(&named(&json!({"Fn::Sub": "logs-${Stage}"})));
        let account = nesting(&[("main.json", main), ("storage.json", named)]);
        assert_eq!(verdict(&account, &[]), NonCompliant, "{output}");
        assert_eq!(verdict(&account, &["logs-prod"]), Compliant, "{output}");
        assert_eq!(verdict(&account, &["Storage.Logs"]), Compliant, "{output}");
        assert_eq!(verdict(&account, &["logs-dev"]), NonCompliant, "{output}");
    }
}

#[test]
fn what_a_nested_stack_gives_rests_on_what_it_is_given() {
    let main = |stage: &Value| {
        json!({
            "Parameters": {"Unset": {"Type": "String", "AllowedValues": ["dev", "test"]}},
            "Resources": {
                "Storage": stack("storage.json", &json!({"Stage": stage})),
                "Other": stack("storage.json", &json!({"Stage": "other"})),
                "Trail": trail_without(&json!({"Fn::GetAtt": ["Storage", "Outputs.Objects"]})),
            },
        })
    };
    let storage = || storage(&named(&json!({"Fn::Sub": "logs-${Stage}"})));
    let read = |stage: &Value| nesting(&[("main.json", main(stage)), ("storage.json", storage())]);
    assert_eq!(verdict(&read(&json!("dev")), &["logs-dev"]), Compliant);
    assert_eq!(verdict(&read(&json!("dev")), &["logs-other"]), NonCompliant);
    let unset = json!({"Ref": "Unset"});
    assert_eq!(verdict(&read(&unset), &["logs-dev", "logs-test"]), Compliant);
    assert_eq!(verdict(&read(&unset), &["logs-dev"]), Indeterminate);
    assert_eq!(verdict(&read(&unset), &["Storage.Logs"]), Compliant);
    assert_eq!(verdict(&read(&unset), &["Other.Logs"]), NonCompliant);
}

#[test]
fn an_output_that_its_template_does_not_tell_is_open() {
    let main = json!({"Resources": {
        "Storage": stack("storage.json", &json!({})),
        "Trail": trail_without(&json!({"Fn::GetAtt": ["Storage", "Outputs.Objects"]})),
    }});
    let with = |change: &dyn Fn(&mut Value)| {
        let mut nested = storage(&named(&json!("logs")));
        change(&mut nested);
        nesting(&[("main.json", main.clone()), ("storage.json", nested)])
    };
    assert_eq!(verdict(&with(&|_| {}), &["logs"]), Compliant);
    // A text with which no ARN starts takes nothing away, an ARN of all objects takes all.
    for change in [
        &(|nested: &mut Value| drop(nested["Outputs"].take())) as &dyn Fn(&mut Value),
        &|nested| {
            nested["Outputs"]["Objects"] = json!({"Value": {"Fn::GetAtt": ["Other", "Attr"]}})
        },
        &|nested| nested["Outputs"]["Objects"] = json!({"Value": ["a", "b"]}),
        &|nested| nested["Transform"] = json!("Company::Macro"),
        &|nested| {
            nested["Conditions"] = json!({"Never": {"Fn::Equals": ["a", "b"]}});
            nested["Outputs"]["Objects"]["Condition"] = json!("Never");
        },
    ] {
        assert_eq!(verdict(&with(change), &["logs"]), Indeterminate);
    }
    // Its template lies elsewhere.
    let account = nesting(&[("main.json", main.clone())]);
    assert_eq!(verdict(&account, &["logs"]), Indeterminate);
}

#[test]
fn stacks_that_are_given_what_they_give_are_not_followed() {
    let main = json!({"Resources": {
        "One": stack("storage.json", &json!({"Stage": {"Fn::GetAtt": ["Two", "Outputs.Name"]}})),
        "Two": stack("storage.json", &json!({"Stage": {"Fn::GetAtt": ["One", "Outputs.Name"]}})),
        "Trail": trail_without(&json!({"Fn::GetAtt": ["One", "Outputs.Objects"]})),
    }});
    let storage = storage(&named(&json!({"Fn::Sub": "logs-${Stage}"})));
    let account = nesting(&[("main.json", main), ("storage.json", storage)]);
    assert_eq!(verdict(&account, &["logs"]), NonCompliant);
    assert_eq!(verdict(&account, &["One.Logs"]), Compliant);
}

fn pulumi(state: &str, resources: &[Value]) -> Snapshot {
    let document = match state {
        "exported" => json!({"version": 3, "deployment": {"manifest": {}, "resources": resources}}),
        _ => json!({
            "steps": resources.iter().map(|state| json!({
                "op": "create", "urn": state["urn"], "newState": state,
            })).collect::<Vec<_>>(),
            "changeSummary": {"create": resources.len()}, "duration": 1,
        }),
    };
    let mut all = cis_plan::pulumi(&document.to_string(), &Setting::default()).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn of_pulumi(kind: &str, name: &str, properties: &Value) -> Value {
    json!({
        "urn": format!("urn:pulumi:prod::shop::{kind}::{name}"), "custom": true, "type": kind,
        "id": name, "inputs": properties, "outputs": properties,
    })
}

fn trail_of_pulumi(start: &str) -> Value {
    of_pulumi(
        "aws:cloudtrail/trail:Trail",
        "audit",
        &json!({
            "enableLogging": true, "isMultiRegionTrail": true, "name": "audit", "s3BucketName": "x-y-z",
            "advancedEventSelectors": [{"fieldSelectors": [
                {"field": "eventCategory", "equals": ["Data"]},
                {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                {"field": "resources.ARN", "notStartsWiths": [start]},
            ]}],
        }),
    )
}

#[test]
fn a_bucket_of_a_program_of_pulumi_s_is_named_as_the_program_does() {
    for (kind, member) in [
        ("aws:s3/bucket:Bucket", "bucket"),
        ("aws:s3/bucketV2:BucketV2", "bucket"),
        ("my:mod:Storage$aws:s3/bucketV2:BucketV2", "bucket"),
        ("aws-native:s3:Bucket", "bucketName"),
    ] {
        for state in ["exported", "previewed"] {
            let bucket = of_pulumi(kind, "auditLogs", &json!({member: "audit-logs-4f2c"}));
            let mut bucket = bucket;
            bucket["type"] = json!(kind.rsplit('$').next().unwrap());
            let trail = trail_of_pulumi("arn:aws:s3:::audit-logs-4f2c/");
            let account = pulumi(state, &[bucket, trail]);
            assert_eq!(verdict(&account, &[]), NonCompliant, "{kind} {state}");
            assert_eq!(verdict(&account, &["auditLogs"]), Compliant, "{kind} {state}");
            assert_eq!(verdict(&account, &["audit-logs-4f2c"]), Compliant, "{kind} {state}");
            assert_eq!(verdict(&account, &["audit"]), NonCompliant, "{kind} {state}");
        }
    }
}

#[test]
fn the_name_of_a_bucket_that_pulumi_makes_up_stays_open() {
    let bucket = of_pulumi(
        "aws:s3/bucket:Bucket",
        "logs",
        &json!({
        "bucket": "logs-4f2c1a7", "__defaults": ["bucket"]}),
    );
    let trail = trail_of_pulumi("arn:aws:s3:::logs-4f2c1a7/");
    // The update gives it seven other digits.
    let previewed = pulumi("previewed", &[bucket.clone(), trail.clone()]);
    assert_eq!(verdict(&previewed, &["logs"]), Indeterminate);
    assert_eq!(verdict(&previewed, &["logs-4f2c1a7"]), Indeterminate);
    // One that the trail surely does not leave out may be any that is.
    let other = trail_of_pulumi("arn:aws:s3:::payroll/");
    let previewed = pulumi("previewed", &[bucket.clone(), other]);
    assert_eq!(verdict(&previewed, &["logs"]), Indeterminate);
    assert_eq!(verdict(&previewed, &[]), NonCompliant);
    assert_eq!(verdict(&pulumi("exported", &[bucket, trail]), &["logs"]), Compliant);
}
