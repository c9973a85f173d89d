//! The resources of the Terraform modules are the templates'.

use std::collections::BTreeSet;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Block;
use serde_json::{Value, json};

use super::{all_text, files};
use crate::read::{committed, with_every_branch};

/// A resource of a module.
fn resource(module: &str, kind: &str, name: &str) -> Block {
    let found = files(module).into_values().find_map(|(_, body)| {
        body.get_blocks("resource").find(|block| block.has_exact_labels(&[kind, name])).cloned()
    });
    found.unwrap_or_else(|| panic!("no {kind}.{name}"))
}

/// An attribute's text, number or truth, where it is written out.
fn literal(block: &Block, attribute: &str) -> Value {
    let attribute = block.body.get_attribute(attribute);
    let attribute = attribute.unwrap_or_else(|| panic!("no attribute in {:?}", block.labels));
    match &attribute.value {
        Expression::String(text) => text.as_str().into(),
        Expression::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().unwrap().into(), Value::from)
        }
        Expression::Bool(truth) => (**truth).into(),
        other => panic!("{other:?} is not written out"),
    }
}

/// Where a function is, it is the template's.
#[test]
fn what_is_written_out_in_both_is_the_same() {
    for (module, template) in [("account", "rule.yaml"), ("organization", "central-function.yaml")]
    {
        let template = with_every_branch(&committed()[template]["Resources"]);
        let permission = template
            .as_object()
            .unwrap()
            .iter()
            .find(|(_, it)| it["Type"] == "AWS::Lambda::Permission")
            .unwrap()
            .0
            .clone();
        for (kind, name, attribute, of, property) in [
            ("aws_lambda_function", "function", "runtime", "Function", "Runtime"),
            ("aws_lambda_function", "function", "handler", "Function", "Handler"),
            ("aws_lambda_function", "function", "memory_size", "Function", "MemorySize"),
            ("aws_lambda_function", "function", "timeout", "Function", "Timeout"),
            (
                "aws_sqs_queue",
                "failed_events",
                "message_retention_seconds",
                "FailedEvents",
                "MessageRetentionPeriod",
            ),
            (
                "aws_lambda_function_event_invoke_config",
                "function",
                "maximum_retry_attempts",
                "Retries",
                "MaximumRetryAttempts",
            ),
            (
                "aws_lambda_function_event_invoke_config",
                "function",
                "maximum_event_age_in_seconds",
                "Retries",
                "MaximumEventAgeInSeconds",
            ),
            ("aws_lambda_permission", "config", "action", permission.as_str(), "Action"),
            ("aws_lambda_permission", "config", "principal", permission.as_str(), "Principal"),
        ] {
            let written = literal(&resource(module, kind, name), attribute);
            assert_eq!(written, template[of]["Properties"][property], "{module} {attribute}");
        }
        let written = resource(module, "aws_lambda_permission", "config");
        assert!(written.body.get_attribute("source_arn").is_none(), "{module}");
        for (name, alarm) in [
            ("failed_events", "FailedEventsAlarm"),
            ("lost_events", "LostEventsAlarm"),
            ("silence", "SilenceAlarm"),
        ] {
            let block = resource(module, "aws_cloudwatch_metric_alarm", name);
            for (attribute, property) in [
                ("namespace", "Namespace"),
                ("metric_name", "MetricName"),
                ("statistic", "Statistic"),
                ("period", "Period"),
                ("comparison_operator", "ComparisonOperator"),
                ("threshold", "Threshold"),
                ("treat_missing_data", "TreatMissingData"),
            ] {
                let of_template = &template[alarm]["Properties"][property];
                assert_eq!(literal(&block, attribute), *of_template, "{name} {attribute}");
            }
        }
    }
}

/// Descriptions, names and parameters of the rules, whichever service makes them.
#[test]
fn rules_are_the_templates() {
    let templates = committed();
    for (module, template, prefix) in [
        ("account", "rule.yaml", "${var.rule_name_prefix}"),
        ("organization", "organization-rule.yaml", ""),
    ] {
        let text = all_text(module);
        for rule in infra::RULES {
            let named = format!("name        = \"{prefix}{}\"", rule.name);
            assert!(text.contains(&named), "{module}: {named}");
            let described = format!("description = {}", Value::from(rule.description()));
            assert!(text.contains(&described), "{module}: {described}");
        }
        let resources = with_every_branch(&templates[template]["Resources"]);
        let properties = &resources["WriteRule"]["Properties"];
        let parameters = match &properties["InputParameters"] {
            Value::Object(parameters) => parameters.keys().cloned().collect(),
            // An organization's rule has them as a text, in which each name is quoted.
            _ => {
                let text = properties["OrganizationCustomRuleMetadata"].to_string();
                let names = text.split("\\\"").filter(|it| {
                    it.starts_with(char::is_uppercase) && it.chars().all(char::is_alphanumeric)
                });
                names.map(str::to_owned).collect::<BTreeSet<String>>()
            }
        };
        assert!(parameters.len() > 10, "{parameters:?}");
        for name in parameters {
            assert!(text.contains(&format!("{name} ")), "{module}: the rule's parameter {name}");
        }
    }
}

/// The rules that a member's topic is told of.
#[test]
fn members_are_told_of_the_rules_that_the_template_tells_of() {
    let template = &committed()["member-role.yaml"]["Resources"]["NonCompliant"]["Properties"];
    let names = template["EventPattern"]["detail"]["configRuleName"].as_array().unwrap();
    let text = all_text("member-role");
    let told = text.split("told_of = [").nth(1).unwrap().split(']').next().unwrap();
    let told: Vec<&str> = told.split('"').skip(1).step_by(2).collect();
    let named: Vec<&str> = names.iter().map(|it| it["prefix"].as_str().unwrap()).collect();
    assert_eq!(told, named);
    let member = literal(&resource("member-role", "aws_iam_role", "member"), "description");
    let of_template = &committed()["member-role.yaml"]["Resources"]["MemberRole"]["Properties"];
    assert_eq!(member, of_template["Description"]);
}

/// A function's policy holds so many permissions as the module says, wherever it is.
#[test]
fn the_organization_module_refuses_more_accounts_than_a_policy_holds() {
    let account = "111122223333";
    let longest = ["aws:ap-southeast-1", "aws-us-gov:us-gov-west-1", "aws-eusc:eusc-de-east-1"];
    let fit = longest.map(|place| {
        let (partition, region) = place.split_once(':').unwrap();
        let function = format!("trailproof-{}", "x".repeat(12));
        let statement = json!({
            "Sid": format!("config-{account}"),
            "Effect": "Allow",
            "Principal": {"Service": "config.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": format!("arn:{partition}:lambda:{region}:{account}:function:{function}"),
            "Condition": {"StringEquals": {"AWS:SourceAccount": account}},
        });
        let around = json!({"Version": "2012-10-17", "Id": "default", "Statement": []});
        (20 * 1024 - around.to_string().len() + 1) / (statement.to_string().len() + 1)
    });
    let fit = fit.into_iter().min().unwrap();
    let text = all_text("organization");
    assert!(text.contains("function_name = \"trailproof-${random_id.function.hex}\""));
    assert!(text.contains("byte_length = 6\n"));
    assert!(text.contains("statement_id   = \"config-${each.value}\""));
    assert!(text.contains(&format!("length(var.member_accounts) <= {fit}\n")), "{fit}");
    assert!(text.contains(&format!("permissions of {fit} accounts")), "{fit}");
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(&format!("so it holds {fit} accounts")), "{fit}");
}

#[test]
fn events_and_retries_are_the_templates() {
    let template = committed()["rule.yaml"]["Resources"].clone();
    let text = all_text("account");
    for call in template["TrailChanged"]["Properties"]["EventPattern"]["detail"]["eventName"]
        .as_array()
        .unwrap()
    {
        assert!(text.contains(&call.to_string()), "{call}");
    }
    let start = &template["Reevaluation"]["Properties"]["Definition"]["States"];
    for retry in start["StartConfigRulesEvaluation"]["Retry"].as_array().unwrap() {
        for (name, value) in retry.as_object().unwrap().iter().filter(|(_, it)| !it.is_array()) {
            let written = text.lines().any(|line| {
                let mut words = line.split_whitespace();
                words.next() == Some(name)
                    && words.next() == Some("=")
                    && words.next() == Some(value.to_string().as_str())
            });
            assert!(written, "{name} = {value}");
        }
    }
    // A message's template is written in Terraform as in JSON.
    for rule in ["FailedTold", "NonCompliant", "NotReevaluated"] {
        let transformer = &template[rule]["Properties"]["Targets"][0]["InputTransformer"];
        let message = transformer["InputTemplate"].to_string();
        assert!(text.contains(&format!("input_template = {message}")), "{rule}: {message}");
        for (name, path) in transformer["InputPathsMap"].as_object().unwrap() {
            let written = text.lines().any(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                words == [name.as_str(), "=", path.to_string().as_str()]
            });
            assert!(written, "{rule}: {name} = {path}");
        }
    }
}
