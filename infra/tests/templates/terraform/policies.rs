//! The policies of the Terraform modules are the templates'.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use infra::synth::modules_directory;
use infra::terraform::{MODULES, policies};
use serde_json::{Map, Value, json};

use super::all_text;
use crate::read::committed;

/// `templatefile` with a value for each name.
fn template_file(path: &str, values: &BTreeMap<String, String>) -> Value {
    let mut text = fs::read_to_string(modules_directory().join(path)).unwrap();
    for (name, value) in values {
        text = text.replace(&format!("${{{name}}}"), value);
    }
    assert!(!text.contains("${"), "{path} has names without a value: {text}");
    serde_json::from_str(&text).unwrap()
}

/// A template's part with conditions decided and functions resolved to the same values.
fn resolved(
    value: &Value,
    holds: &BTreeSet<&str>,
    values: &BTreeMap<String, String>,
) -> Option<Value> {
    let name = |name: &str| values[&name.replace("::", "_").replace('.', "_")].clone();
    match value {
        Value::Object(members) if members.len() == 1 => {
            let (function, of) = members.iter().next()?;
            match (function.as_str(), of) {
                ("Ref", Value::String(of)) if of == "AWS::NoValue" => None,
                ("Ref" | "Fn::GetAtt", Value::String(of)) => Some(name(of).into()),
                ("Fn::Sub", Value::String(text)) => {
                    let mut text = text.clone();
                    for (name, value) in values {
                        let spelled = format!("${{{}}}", name.replacen('_', "::", 1));
                        text = text.replace(&spelled, value);
                    }
                    Some(text.into())
                }
                ("Fn::If", Value::Array(branches)) => {
                    let branch = if holds.contains(branches[0].as_str()?) { 1 } else { 2 };
                    resolved(&branches[branch], holds, values)
                }
                _ => Some(json!({function: resolved(of, holds, values)?})),
            }
        }
        Value::Object(members) => {
            let resolved = members
                .iter()
                .filter_map(|(name, it)| Some((name.clone(), resolved(it, holds, values)?)));
            Some(resolved.collect::<Map<_, _>>().into())
        }
        Value::Array(items) => {
            Some(items.iter().filter_map(|it| resolved(it, holds, values)).collect())
        }
        other => Some(other.clone()),
    }
}

/// What a module makes of a role's file: statements whose condition holds, and no empty resources.
fn of_module(path: &str, holds: &BTreeSet<&str>, values: &BTreeMap<String, String>) -> Value {
    let parts = template_file(path, values);
    let parts = parts.as_array().unwrap().iter();
    let parts = parts.filter(|part| {
        let when = part["when"].as_str().unwrap();
        when.is_empty() || holds.contains(when)
    });
    let statements = parts.map(|part| {
        let mut statement = part["statement"].clone();
        statement["Resource"].as_array_mut().unwrap().retain(|it| it != "");
        statement
    });
    json!({"Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>()})
}

/// The conditions that statements of policies are for, and whether a rule is made.
const CONDITIONS: [&str; 6] = [
    "ReportsOnTrails",
    "ImportsFindings",
    "UsesOrganizationTrailRoleArn",
    "UsesKmsKeyArn",
    "AsksForWriteEvents",
    "AsksForReadEvents",
];

/// A value for each name in policies.
fn values(holds: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, String> = [
        ("AWS_Partition", "aws-us-gov"),
        ("AWS_Region", "us-gov-west-1"),
        ("AWS_AccountId", "111122223333"),
        ("Log_Arn", "arn:log:*"),
        ("Failures_Arn", "arn:bus"),
        ("FailedEvents_Arn", "arn:queue"),
        ("FunctionRoleArn", "arn:function-role"),
        ("MemberRoleName", "member-role"),
        ("OrganizationId", "o-abcdefghij"),
        ("OrganizationTrailRoleArn", "arn:role"),
        ("KmsKeyArn", "arn:key"),
        ("AlarmTopicArn", "arn:topic"),
        ("Reevaluation", "arn:machine"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for (rule, condition) in
        [("WriteRule_Arn", "AsksForWriteEvents"), ("ReadRule_Arn", "AsksForReadEvents")]
    {
        // The module gives an empty text for a rule that there is not.
        let arn = if holds.contains(condition) { format!("arn:{rule}") } else { String::new() };
        values.insert(rule.to_owned(), arn);
    }
    values
}

/// The policies of both are equal, whatever the parameters are.
#[test]
fn the_modules_policies_are_the_templates_under_every_condition() {
    let templates = committed();
    let mut compared = 0;
    for choice in 0..1_u32 << CONDITIONS.len() {
        let chosen =
            |(bit, name): (usize, &&'static str)| (choice & 1 << bit != 0).then_some(*name);
        let holds: BTreeSet<&str> = CONDITIONS.iter().enumerate().filter_map(chosen).collect();
        let values = values(&holds);
        for module in MODULES {
            let path = |name: &str| format!("{}/policies/{name}.json.tftpl", module.folder);
            let resources = templates[module.templates[0]]["Resources"].as_object().unwrap();
            for (name, resource) in resources {
                let properties = &resource["Properties"];
                if resource["Type"] == "AWS::IAM::Role" {
                    let policy = &properties["Policies"][0]["PolicyDocument"];
                    let policy = resolved(policy, &holds, &values).unwrap();
                    let made = of_module(&path(name), &holds, &values);
                    assert_eq!(made, policy, "{} {name} {holds:?}", module.folder);
                    let trust = &properties["AssumeRolePolicyDocument"];
                    let trust = resolved(trust, &holds, &values).unwrap();
                    let made = template_file(&path(&format!("{name}.trust")), &values);
                    assert_eq!(made, trust, "{} {name}", module.folder);
                    compared += 1;
                }
                if resource["Type"] == "AWS::SQS::QueuePolicy" {
                    let queue = resolved(&properties["PolicyDocument"], &holds, &values).unwrap();
                    assert_eq!(template_file(&path(name), &values), queue, "{}", module.folder);
                    compared += 1;
                }
            }
        }
    }
    // Of one account five, of the organization three, of a member two.
    assert_eq!(compared, (5 + 3 + 2) * 64);
}

/// Each role and queue has its policy from its file, and no policy is left over.
#[test]
fn every_policy_of_a_module_is_used_once_and_none_is_written_elsewhere() {
    for module in MODULES {
        let text = all_text(module.folder);
        for (name, _) in policies(&module) {
            let used = text.matches(&format!("/policies/{name}\"")).count();
            assert_eq!(used, 1, "{} {name}", module.folder);
        }
        assert!(!text.contains("Effect"), "{}", module.folder);
    }
}

/// A module decides on a statement's condition as the template does.
#[test]
fn the_modules_know_every_condition_of_their_policies() {
    for module in MODULES {
        let text = all_text(module.folder);
        let lines: BTreeSet<String> =
            text.lines().map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        for (name, file) in policies(&module) {
            let parts: Value = serde_json::from_str(&file).unwrap();
            for part in parts.as_array().into_iter().flatten() {
                let condition = match part["when"].as_str().unwrap() {
                    "" => continue,
                    "ReportsOnTrails" => "ReportsOnTrails = var.report_on != \"account\"",
                    "ImportsFindings" => "ImportsFindings = var.security_hub != \"off\"",
                    "UsesOrganizationTrailRoleArn" => {
                        "UsesOrganizationTrailRoleArn = var.organization_trail_role_arn != \"\""
                    }
                    "UsesKmsKeyArn" => "UsesKmsKeyArn = var.kms_key_arn != \"\"",
                    other => panic!("{name}: {other}"),
                };
                assert!(lines.contains(condition), "{} {name}: {condition}", module.folder);
            }
        }
    }
}
