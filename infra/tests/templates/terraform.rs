//! The Terraform module is the same deployment as `rule.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use infra::synth::{check_policies, policies_directory};
use serde_json::{Map, Value, json};

use crate::read::committed;

fn module() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("terraform/account")
}

/// The module's files, by name, as text and as they are read.
fn files() -> BTreeMap<String, (String, Body)> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(module()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "tf") {
            let text = fs::read_to_string(&path).unwrap();
            let body = hcl_edit::parser::parse_body(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.insert(name, (text, body));
        }
    }
    files
}

fn all_text() -> String {
    files().into_values().map(|(text, _)| text).collect()
}

/// A resource of the module.
fn resource(kind: &str, name: &str) -> Block {
    let found = files().into_values().find_map(|(_, body)| {
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

#[test]
fn the_committed_policies_and_variables_are_as_made() {
    let differences = check_policies(&policies_directory()).unwrap();
    assert!(differences.is_empty(), "run `cargo xtask synth`: {differences:#?}");
    let variables = fs::read_to_string(module().join("variables.tf")).unwrap();
    assert_eq!(variables, infra::terraform::variables(), "run `cargo xtask synth`");
}

/// `templatefile` with a value for each name.
fn template_file(name: &str, values: &BTreeMap<String, String>) -> Value {
    let mut text = fs::read_to_string(policies_directory().join(name)).unwrap();
    for (name, value) in values {
        text = text.replace(&format!("${{{name}}}"), value);
    }
    assert!(!text.contains("${"), "{name} has names without a value: {text}");
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

/// What the module makes of a role's file: statements whose condition holds, and no empty resources.
fn of_module(role: &str, holds: &BTreeSet<&str>, values: &BTreeMap<String, String>) -> Value {
    let parts = template_file(&format!("{role}.json.tftpl"), values);
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

/// The policies of both are equal, whatever the parameters are.
#[test]
fn the_modules_policies_are_the_templates_under_every_condition() {
    const CONDITIONS: [&str; 6] = [
        "ReportsOnTrails",
        "ImportsFindings",
        "UsesOrganizationTrailRoleArn",
        "UsesKmsKeyArn",
        "AsksForWriteEvents",
        "AsksForReadEvents",
    ];
    let template = &committed()["rule.yaml"]["Resources"];
    let mut compared = 0;
    for choice in 0..1_u32 << CONDITIONS.len() {
        let chosen =
            |(bit, name): (usize, &&'static str)| (choice & 1 << bit != 0).then_some(*name);
        let holds: BTreeSet<&str> = CONDITIONS.iter().enumerate().filter_map(chosen).collect();
        let mut values: BTreeMap<String, String> = [
            ("AWS_Partition", "aws-us-gov"),
            ("AWS_Region", "us-gov-west-1"),
            ("AWS_AccountId", "111122223333"),
            ("Log_Arn", "arn:log:*"),
            ("Failures_Arn", "arn:bus"),
            ("FailedEvents_Arn", "arn:queue"),
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
        for role in ["FunctionRole", "NoticeRole", "ReevaluationRole", "TrailChangedRole"] {
            let properties = &template[role]["Properties"];
            let policy = &properties["Policies"][0]["PolicyDocument"];
            let policy = resolved(policy, &holds, &values).unwrap();
            assert_eq!(of_module(role, &holds, &values), policy, "{role} {holds:?}");
            let trust = &properties["AssumeRolePolicyDocument"];
            let trust = resolved(trust, &holds, &values).unwrap();
            let of_module = template_file(&format!("{role}.trust.json.tftpl"), &values);
            assert_eq!(of_module, trust, "{role}");
            compared += 1;
        }
        let queue = &template["FailedEventsPolicy"]["Properties"]["PolicyDocument"];
        let queue = resolved(queue, &holds, &values).unwrap();
        assert_eq!(template_file("FailedEventsPolicy.json.tftpl", &values), queue);
    }
    assert_eq!(compared, 4 * 64);
}

/// The module decides on a statement's condition as the template does.
#[test]
fn the_module_knows_every_condition_of_its_policies() {
    let text = all_text();
    for (name, file) in infra::terraform::policies() {
        if name.contains("trust") || name.starts_with("FailedEvents") {
            continue;
        }
        let parts: Value = serde_json::from_str(&file).unwrap();
        for part in parts.as_array().unwrap() {
            let when = part["when"].as_str().unwrap();
            let is_known = when.is_empty() || text.contains(&format!("\n    {when} "));
            assert!(is_known, "{name}: {when}");
        }
    }
    for condition in [
        "ReportsOnTrails              = var.report_on != \"account\"",
        "ImportsFindings              = var.security_hub != \"off\"",
        "UsesOrganizationTrailRoleArn = var.organization_trail_role_arn != \"\"",
        "UsesKmsKeyArn                = var.kms_key_arn != \"\"",
    ] {
        assert!(text.contains(condition), "{condition}");
    }
}

#[test]
fn every_variable_is_used_and_every_used_one_is_there() {
    let mut declared = BTreeSet::new();
    for (_, body) in files().values() {
        declared.extend(body.get_blocks("variable").map(|it| it.labels[0].as_str().to_owned()));
    }
    let text: String = files()
        .into_iter()
        .filter(|(name, _)| name != "variables.tf")
        .map(|(_, (text, _))| text)
        .collect();
    let used: BTreeSet<String> = text
        .split("var.")
        .skip(1)
        .map(|rest| rest.chars().take_while(|it| it.is_ascii_lowercase() || *it == '_').collect())
        .collect();
    assert_eq!(declared, used);
    let parameters = committed()["rule.yaml"]["Parameters"].as_object().unwrap().len();
    assert_eq!(declared.len(), parameters);
}

#[test]
fn what_is_written_out_in_both_is_the_same() {
    let template = &committed()["rule.yaml"]["Resources"];
    let function = resource("aws_lambda_function", "function");
    let queue = resource("aws_sqs_queue", "failed_events");
    let retries = resource("aws_lambda_function_event_invoke_config", "function");
    let permission = resource("aws_lambda_permission", "config");
    let pairs = [
        (&function, "runtime", "Function", "Runtime"),
        (&function, "handler", "Function", "Handler"),
        (&function, "memory_size", "Function", "MemorySize"),
        (&function, "timeout", "Function", "Timeout"),
        (&queue, "message_retention_seconds", "FailedEvents", "MessageRetentionPeriod"),
        (&retries, "maximum_retry_attempts", "Retries", "MaximumRetryAttempts"),
        (&retries, "maximum_event_age_in_seconds", "Retries", "MaximumEventAgeInSeconds"),
        (&permission, "action", "Permission", "Action"),
        (&permission, "principal", "Permission", "Principal"),
    ];
    for (block, attribute, name, property) in pairs {
        assert_eq!(
            literal(block, attribute),
            template[name]["Properties"][property],
            "{attribute}"
        );
    }
    assert!(permission.body.get_attribute("source_arn").is_none());
    for (name, alarm) in [
        ("failed_events", "FailedEventsAlarm"),
        ("lost_events", "LostEventsAlarm"),
        ("silence", "SilenceAlarm"),
    ] {
        let block = resource("aws_cloudwatch_metric_alarm", name);
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

#[test]
fn events_rules_and_retries_are_the_templates() {
    let template = committed()["rule.yaml"]["Resources"].clone();
    let text = all_text();
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
    for rule in infra::RULES {
        assert!(text.contains(&format!("${{var.rule_name_prefix}}{}", rule.name)), "{}", rule.name);
    }
    let parameters = &template["WriteRule"]["Properties"]["InputParameters"];
    for name in parameters.as_object().unwrap().keys() {
        assert!(text.contains(&format!("{name} ")), "the rule's parameter {name}");
    }
}
