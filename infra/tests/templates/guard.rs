//! The templates against the project's own cfn-guard rules.

use std::collections::BTreeMap;

use crate::read::{all, parse, with_every_branch};
use cfn_guard::{ValidateInput, run_checks};
use serde_json::{Value, json};

const RULES: &str = include_str!("../../rules/templates.guard");

/// What each rule says of a template: `PASS`, `FAIL` or `SKIP`.
fn statuses(template: &Value) -> BTreeMap<String, String> {
    let template = template.to_string();
    let data = ValidateInput { content: &template, file_name: "template" };
    let rules = ValidateInput { content: RULES, file_name: "templates.guard" };
    let checked: Value = serde_json::from_str(&run_checks(data, rules, true).unwrap()).unwrap();
    let mut statuses = BTreeMap::new();
    for record in checked["children"].as_array().unwrap() {
        let rule = &record["container"]["RuleCheck"];
        if let (Some(name), Some(status)) = (rule["name"].as_str(), rule["status"].as_str()) {
            statuses.insert(name.to_owned(), status.to_owned());
        }
    }
    assert_eq!(statuses.len(), RULES.matches("\nrule ").count(), "every rule has an answer");
    statuses
}

#[test]
fn every_template_keeps_every_rule() {
    let mut passed = BTreeMap::new();
    for (name, template) in all() {
        for (rule, status) in statuses(&with_every_branch(&template)) {
            assert_ne!(status, "FAIL", "{name} breaks {rule}");
            *passed.entry(rule).or_insert(0) += u32::from(status == "PASS");
        }
    }
    for (rule, times) in passed {
        assert!(times > 0, "{rule} is about nothing in any template");
    }
}

/// A template with one role that has this statement, and may be assumed as this one says.
fn role(statement: Value, trust: Value) -> Value {
    json!({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Statement": [trust]},
        "Policies": [{"PolicyDocument": {"Statement": [statement]}}],
    }}}})
}

fn service() -> Value {
    json!({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": ["sts:AssumeRole"]})
}

fn allow(action: &str, resource: Value) -> Value {
    json!({"Effect": "Allow", "Action": [action], "Resource": [resource]})
}

fn resource(kind: &str, properties: Value) -> Value {
    json!({"Resources": {"Resource": {"Type": kind, "Properties": properties}}})
}

#[test]
fn every_rule_refuses_what_breaks_it() {
    let sub = |pattern: &str| json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:{pattern}")});
    let trail = || allow("cloudtrail:GetTrailStatus", sub("cloudtrail:*:*:trail/*"));
    let anybody = json!({"Principal": {"AWS": "*"}, "Action": ["sts:AssumeRole"]});
    let any_role = |organization: &str, pattern: &str| {
        json!({"Principal": {"AWS": "*"}, "Action": ["sts:AssumeRole"], "Condition": {
            "StringEquals": {"aws:PrincipalOrgID": organization},
            "ArnLike": {"aws:PrincipalArn": sub(pattern)},
        }})
    };
    let mut of_a_path = any_role("o-…", "iam::*:${TrustedRolePattern}");
    assert_eq!(statuses(&role(trail(), of_a_path.clone()))["trust_is_limited"], "PASS");
    of_a_path["Condition"]["StringEquals"] = Value::Null;
    let root = json!({"Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                      "Action": ["sts:AssumeRole"]});
    let mut managed = role(trail(), service());
    managed["Resources"]["Role"]["Properties"]["ManagedPolicyArns"] = json!(["arn:…"]);
    let invoke = json!({"Action": "lambda:InvokeFunction", "Principal": "config.amazonaws.com",
                        "SourceArn": "arn:…"});
    let broken = [
        ("actions_are_named", role(allow("*", json!("arn:…")), service())),
        ("actions_are_named", role(allow("cloudtrail:Get*", json!("arn:…")), service())),
        ("resources_are_named", role(allow("cloudtrail:GetTrailStatus", json!("*")), service())),
        ("patterns_are_narrow", role(allow("sts:AssumeRole", sub("iam::*:role/*")), service())),
        ("patterns_are_narrow", role(allow("sqs:SendMessage", sub("sqs:*:*:*")), service())),
        (
            "assumed_roles_are_the_organizations",
            role(allow("sts:AssumeRole", sub("iam::*:role/rule")), service()),
        ),
        ("policies_are_inline", managed),
        (
            "trust_is_limited",
            role(trail(), json!({"Principal": "*", "Action": ["sts:AssumeRole"]})),
        ),
        ("trust_is_limited", role(trail(), anybody)),
        ("trust_is_limited", role(trail(), any_role("o-…", "iam::*:role/*"))),
        ("trust_is_limited", role(trail(), any_role("o-…", "iam::*:role/team/*"))),
        ("trust_is_limited", role(trail(), of_a_path)),
        ("trust_is_limited", role(trail(), root)),
        ("permissions_name_the_account", resource("AWS::Lambda::Permission", invoke)),
        (
            "queues_are_encrypted",
            resource("AWS::SQS::Queue", json!({"SqsManagedSseEnabled": false})),
        ),
        ("queues_are_encrypted", resource("AWS::SQS::Queue", json!({}))),
        ("logs_end", resource("AWS::Logs::LogGroup", json!({}))),
        ("functions_log_where_it_ends", resource("AWS::Lambda::Function", json!({}))),
    ];
    let mut seen: Vec<&str> = Vec::new();
    for (rule, template) in &broken {
        assert_eq!(statuses(template)[*rule], "FAIL", "{rule} accepts {template}");
        seen.push(rule);
    }
    for rule in statuses(&json!({"Resources": {}})).keys() {
        assert!(seen.contains(&rule.as_str()), "no template here breaks {rule}");
    }
}

#[test]
fn no_branch_and_no_loop_is_out_of_the_rules_sight() {
    let template = parse(
        "Resources:\n  Fn::ForEach::All: [A, !Ref As, {'P${A}': {Type: T, Properties: {Q: [!If [C, 1, \
         !If [D, 2, !Ref AWS::NoValue]]]}}}]\n",
    );
    let all = with_every_branch(&template);
    assert_eq!(all["Resources"]["P${A}"]["Properties"]["Q"], json!([1, 2]));
}
