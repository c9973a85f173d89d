//! Terraform itself makes of the modules what CloudFormation makes of the templates.
//!
//! The provider stands in for AWS's: `tests/terraform` has it, and says what it knows.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Stdio};

use infra::synth::modules_directory;
use infra::terraform::{MODULES, Module, snake};
use serde_json::{Map, Value, json};

use super::same::{REFERENCES, RESOURCES, at, pairs, plain};
use crate::evaluate::Evaluated;
use crate::read::committed;

/// The modules with these variables, as Terraform applies them; none where it cannot be had, which is
/// said.
pub(crate) fn applied(name: &str, runs: &[(&str, Value)]) -> Option<Value> {
    let root = xtask::root();
    let python = match xtask::python::terraform(&root) {
        Ok(python) => python,
        Err(why) => {
            println!("SKIPPED: Terraform is not run: {why}");
            eprintln!("SKIPPED: Terraform is not run: {why}");
            return None;
        }
    };
    let scratch = root.join("target/terraform").join(name);
    let mut terraform = Command::new(python)
        .arg(root.join("tests/terraform/apply.py"))
        .args([modules_directory(), scratch.clone()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let given: Value = runs
        .iter()
        .map(|(module, variables)| json!({"module": module, "variables": variables}))
        .collect();
    terraform.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let output = terraform.wait_with_output().unwrap();
    assert!(output.status.success(), "Terraform was not run");
    std::fs::remove_dir_all(scratch).unwrap();
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// What each module is applied with: with little, and with much.
fn runs() -> Vec<(&'static str, Value)> {
    let code = json!({"code_bucket": "my-code", "code_key": "trailproof/0.2.0/bootstrap.zip"});
    let topic = json!({"alarm_topic_arn": "arn:aws:sns:us-east-1:111122223333:security"});
    let demands = json!({
        "permissions_boundary_arn": "arn:aws:iam::111122223333:policy/boundary",
        "kms_key_arn": "arn:aws:kms:us-east-1:111122223333:key/1",
    });
    let function = json!({
        "code_version": "3", "architecture": "x86_64", "function_role_path": "/security/",
        "reserved_concurrency": "2", "log_retention_in_days": "365", "metrics": "all",
        "maximum_execution_frequency": "Six_Hours",
    });
    let question = json!({
        "event_kinds": "write,read", "trail_mode": "union", "allowed_unlogged_buckets": "scratch",
        "cloudtrail_deliveries": "require", "trusted_log_buckets": "logs",
        "require_delivery": "true", "on_indeterminate": "ERROR", "on_unreadable": "NON_COMPLIANT",
        "report_on": "account+trails", "security_hub": "asff",
        "organization_trail_role_arn": "arn:aws:iam::111122223333:role/trail",
    });
    let organization = json!({
        "organization_id": "o-abcdefghij", "member_accounts": ["111122223333", "444455556666"],
    });
    let member = json!({
        "organization_id": "o-abcdefghij",
        "function_role_arn": "arn:aws:iam::111122223333:role/trailproof/function",
    });
    let merged = |parts: &[&Value]| {
        let parts = parts.iter().flat_map(|it| it.as_object().unwrap().clone());
        Value::from(parts.collect::<Map<_, _>>())
    };
    let prefix = json!({"rule_name_prefix": "corp-", "evaluate_on_change": "true"});
    let quiet = json!({
        "event_kinds": "read", "create_alarms": "false", "maximum_execution_frequency": "One_Hour",
    });
    let no_rules = json!({"create_rules": "false", "metrics": "none"});
    let silent = json!({"metrics": "none", "excluded_accounts": "777788889999,000011112222"});
    let name = json!({"member_role_name": "corp-rules"});
    let findings = json!({"report_on": "account+trails", "security_hub": "asff"});
    vec![
        ("account", code.clone()),
        ("account", merged(&[&code, &topic, &demands, &function, &question, &prefix])),
        ("account", merged(&[&code, &topic, &quiet])),
        ("account", merged(&[&code, &no_rules])),
        ("organization", merged(&[&code, &organization])),
        (
            "organization",
            merged(&[&code, &organization, &topic, &demands, &function, &question, &silent, &name]),
        ),
        ("member-role", member.clone()),
        ("member-role", merged(&[&member, &topic, &demands, &findings, &name])),
    ]
}

/// The templates of a module as one, with the values that a run gives them.
fn evaluated<'a>(
    module: &Module,
    template: &'a Value,
    given: &Value,
    made: &Value,
) -> Evaluated<'a> {
    let mut values: BTreeMap<String, Value> = [
        ("AWS::Partition", "aws-us-gov"),
        ("AWS::Region", "us-gov-west-1"),
        ("AWS::StackName", "trailproof"),
        ("AWS::AccountId", "111122223333"),
    ]
    .map(|(name, value)| (name.to_owned(), value.into()))
    .into();
    for (name, input) in template["Parameters"].as_object().unwrap() {
        if module.made.contains(&name.as_str()) {
            continue;
        }
        let value = given.get(snake(name)).or(input.get("Default"));
        values.insert(name.clone(), value.unwrap_or_else(|| panic!("no {name}")).clone());
    }
    for (name, address, attribute) in REFERENCES {
        if let Some(resource) = made.get(address) {
            let value = resource[attribute].as_str().unwrap();
            // The ARN of a log group is that of its streams for CloudFormation, and not for Terraform.
            let end = if name == "Log.Arn" { ":*" } else { "" };
            values.insert(name.to_owned(), format!("{value}{end}").into());
        }
    }
    Evaluated { template, values }
}

/// The templates of a module as one.
fn together(module: &Module) -> Value {
    let templates = committed();
    let mut all = json!({"Parameters": {}, "Conditions": {}, "Resources": {}});
    for name in module.templates {
        for (part, all) in all.as_object_mut().unwrap() {
            let members = templates[*name][part].as_object().unwrap().clone();
            all.as_object_mut().unwrap().extend(members);
        }
    }
    all
}

/// Each resource of a template is one of the module's with the same in it, and the module makes no other.
fn compare(module: &Module, given: &Value, made: &Value) -> usize {
    let template = together(module);
    let mut others: BTreeSet<&str> = made.as_object().unwrap().keys().map(String::as_str).collect();
    others.retain(|it| !it.starts_with("data.") && !it.starts_with("random_id."));
    let mut compared = 0;
    for (name, properties) in evaluated(module, &template, given, made).resources() {
        let (_, addresses) = RESOURCES.iter().find(|(its, _)| *its == name).unwrap();
        let mut unseen: BTreeSet<&str> =
            properties.as_object().unwrap().keys().map(String::as_str).collect();
        for address in *addresses {
            let organization = module.folder == "organization";
            let rule = if organization { "organization_custom" } else { "config" };
            let address = address.replace("RULE", &format!("aws_config_{rule}_rule.rule"));
            let resource = &made[&address];
            assert!(!resource.is_null(), "{}: no {address} for {name}, {given}", module.folder);
            others.remove(address.as_str());
            for (property, attribute) in pairs(address.split('.').next().unwrap()) {
                unseen.remove(property.split(['.', '[']).next().unwrap());
                let expected = plain(&attribute, at(&properties, property));
                if expected.is_null() && attribute == "name" {
                    // Terraform makes one up, and so does CloudFormation.
                    continue;
                }
                let found = plain(&attribute, at(resource, &attribute));
                assert_eq!(found, expected, "{} {address} {attribute} {given}", module.folder);
                compared += 1;
            }
        }
        // The bus has a name of its own.
        unseen.retain(|property| (name.as_str(), *property) != ("Failures", "Name"));
        assert!(unseen.is_empty(), "{name}: {unseen:?} is compared with nothing");
    }
    for account in given["member_accounts"].as_array().into_iter().flatten() {
        let address = format!("aws_lambda_permission.config[{account}]");
        let permission = &made[&address];
        let function = &made["aws_lambda_function.function"]["function_name"];
        let is = ["function_name", "action", "principal", "source_account", "source_arn"]
            .map(|it| permission[it].clone());
        let expected =
            json!([function, "lambda:InvokeFunction", "config.amazonaws.com", account, null]);
        assert_eq!(Value::from(is.to_vec()), expected, "{address}");
        others.remove(address.as_str());
        compared += 1;
    }
    assert!(others.is_empty(), "{} also makes {others:?}", module.folder);
    compared
}

#[test]
fn terraform_makes_of_the_modules_what_cloudformation_makes_of_the_templates() {
    let runs = runs();
    let Some(answer) = applied("same", &runs) else { return };
    assert_eq!(answer["format"], "", "`terraform fmt` would change the modules");
    let mut compared = 0;
    for ((folder, given), done) in runs.iter().zip(answer["runs"].as_array().unwrap()) {
        assert_eq!(done["errors"], json!([]), "{folder} {given}");
        let module = MODULES.iter().find(|it| it.folder == *folder).unwrap();
        compared += compare(module, given, &done["resources"]);
    }
    assert!(compared > 400, "{compared} attributes were compared");
}

#[test]
fn terraform_refuses_what_the_modules_refuse_and_what_the_provider_does_not_know() {
    let code =
        json!({"code_bucket": "my-code", "code_key": "k", "organization_id": "o-abcdefghij"});
    let with = |name: &str, value: Value| {
        let mut all = code.clone();
        all[name] = value;
        all
    };
    let accounts: Vec<String> = (0..71).map(|it| format!("{it:012}")).collect();
    let mut organization = with("member_accounts", json!(accounts));
    organization["event_kinds"] = "write".into();
    let runs = [
        ("organization", organization),
        ("organization", with("member_accounts", json!([]))),
        ("account", json!({"code_bucket": "My_Code", "code_key": "k"})),
        ("account", json!({"code_bucket": "my-code", "code_key": "k", "kms_key_arn": "alias/x"})),
        ("../../tests/terraform/wrong", json!({})),
    ];
    let Some(answer) = applied("refused", &runs) else { return };
    for (run, said) in [
        (0, Some("holds the permissions of 70 accounts")),
        (1, None),
        (2, Some("code_bucket is the name of a bucket")),
        (3, Some("kms_key_arn is the ARN of a KMS key")),
        (4, Some("An argument named \\\"trigger_period\\\" is not expected here")),
        (4, Some("The argument \\\"lambda_function_arn\\\" is required")),
    ] {
        let errors = answer["runs"][run]["errors"].to_string();
        assert!(said.map_or(errors == "[]", |it| errors.contains(it)), "{run}: {errors}");
    }
}
