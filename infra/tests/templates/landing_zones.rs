//! What goes into landing zones is what their schemas and our templates take.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cis_lambda::parameters::Parameters;
use regex_lite::Regex;
use serde_json::{Value, json};

use crate::read::{committed, parse};
use crate::terraform::applied::applied;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("landing-zones")
}

fn read(path: &str) -> String {
    fs::read_to_string(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What a schema finds amiss.
fn amiss(schema: &str, document: &Value) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/landing-zones").join(schema);
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(document).map(|it| format!("{}: {it}", it.instance_path())).collect()
}

/// A file that is what its solution's schema demands.
fn checked(file: &str, schema: &str) -> Value {
    let document = parse(&read(file));
    assert_eq!(amiss(schema, &document), [""; 0], "{file}");
    document
}

/// A schema that lets everything pass would show nothing.
#[test]
fn the_schemas_refuse_what_the_solutions_refuse() {
    let rules = checked("lza/security-config.yaml", "lza-security-config.json");
    let sets = checked("lza/customizations-config.yaml", "lza-customizations-config.json");
    let manifest = checked("cfct/manifest.yaml", "cfct-manifest.json");
    let rule = "/awsConfig/ruleSets/0/rules/0";
    let set = "/customizations/cloudFormationStackSets/0";
    for (document, schema, place, value) in [
        // LZA requires what triggers a rule, even of one that is evaluated periodically.
        (
            &rules,
            "lza-security-config.json",
            format!("{rule}/customRule/triggeringResources"),
            Value::Null,
        ),
        (
            &rules,
            "lza-security-config.json",
            format!("{rule}/inputParameters/EventKinds"),
            json!(""),
        ),
        (
            &rules,
            "lza-security-config.json",
            format!("{rule}/customRule/lambda/timeout"),
            json!("120"),
        ),
        (&sets, "lza-customizations-config.json", format!("{set}/capabilities/0"), json!("IAM")),
        (&sets, "lza-customizations-config.json", format!("{set}/parameters/0/value"), json!(true)),
        (&sets, "lza-customizations-config.json", format!("{set}/template"), Value::Null),
        (&manifest, "cfct-manifest.json", "/version".to_owned(), json!("2020-01-01")),
        (&manifest, "cfct-manifest.json", "/resources/0/deploy_method".to_owned(), json!("stack")),
    ] {
        let mut wrong = document.clone();
        *wrong.pointer_mut(&place).unwrap_or_else(|| panic!("no {place}")) = value;
        assert!(!amiss(schema, &wrong).is_empty(), "{schema} takes any {place}");
    }
}

/// Parameters that `rule.yaml` takes, with all that have no default.
fn are_parameters_of_the_rule(from: &str, given: &BTreeMap<String, String>) {
    let template = &committed()["rule.yaml"]["Parameters"];
    for (name, value) in given {
        let input = &template[name];
        assert!(!input.is_null(), "{from}: rule.yaml has no parameter {name}");
        if let Some(allowed) = input["AllowedValues"].as_array() {
            assert!(allowed.contains(&json!(value)), "{from}: {name} may not be {value}");
        }
        if let Some(pattern) = input["AllowedPattern"].as_str() {
            assert!(Regex::new(pattern).unwrap().is_match(value), "{from}: {name} {value}");
        }
    }
    for (name, input) in template.as_object().unwrap() {
        assert!(input.get("Default").is_some() || given.contains_key(name), "{from}: no {name}");
    }
}

fn texts(pairs: &Value, name: &str, value: &str) -> BTreeMap<String, String> {
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    pairs.as_array().unwrap().iter().map(|it| (text(&it[name]), text(&it[value]))).collect()
}

#[test]
fn the_stack_sets_of_landing_zones_give_the_rule_what_it_takes() {
    let sets = checked("lza/customizations-config.yaml", "lza-customizations-config.json");
    let set = &sets["customizations"]["cloudFormationStackSets"][0];
    are_parameters_of_the_rule("lza", &texts(&set["parameters"], "name", "value"));
    assert_eq!(set["template"], "cloudformation/rule.yaml");
    assert_eq!(set["capabilities"], json!(["CAPABILITY_IAM"]));
    let manifest = checked("cfct/manifest.yaml", "cfct-manifest.json");
    let resource = &manifest["resources"][0];
    let given = texts(&resource["parameters"], "parameter_key", "parameter_value");
    are_parameters_of_the_rule("cfct", &given);
    assert_eq!(resource["resource_file"], "templates/rule.yaml");
    // A set is in the Region of its bucket and its topic.
    assert_eq!(set["regions"], resource["regions"]);
}

/// LZA makes a function, a permission and a rule of each: what it does not choose is the template's.
#[test]
fn the_custom_rules_of_the_accelerator_are_the_templates() {
    let config = checked("lza/security-config.yaml", "lza-security-config.json");
    let rules = config["awsConfig"]["ruleSets"][0]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), infra::RULES.len());
    let template = &committed()["rule.yaml"]["Resources"];
    let function = &template["Function"]["Properties"];
    for (rule, of_template) in rules.iter().zip(infra::RULES) {
        assert_eq!(rule["name"], of_template.name);
        assert!(of_template.description().starts_with(rule["description"].as_str().unwrap()));
        let given = rule["inputParameters"].as_object().unwrap();
        assert_eq!(given["EventKinds"], of_template.kind.name());
        Parameters::from_json(given, cis_lambda::today()).unwrap();
        let custom = &rule["customRule"];
        assert_eq!(custom["lambda"]["runtime"], function["Runtime"]);
        assert_eq!(custom["lambda"]["handler"], function["Handler"]);
        // Without it, LZA gives three seconds.
        assert_eq!(custom["lambda"]["timeout"], function["Timeout"]);
        assert!(
            infra::FREQUENCIES.iter().any(|(it, _)| custom["maximumExecutionFrequency"] == *it)
        );
        assert_eq!(
            (&custom["periodic"], &custom["configurationChanges"]),
            (&json!(true), &json!(false))
        );
        let policy = custom["lambda"]["rolePolicyFile"].as_str().unwrap();
        assert!(folder().join("lza").join(policy).exists(), "{policy}");
        let zip = custom["lambda"]["sourceFilePath"].as_str().unwrap();
        assert!(zip.ends_with("/bootstrap.zip"), "{zip}");
    }
}

/// The policy allows what the template's function may, but for the log, which LZA sees to, and the bus of
/// failed events, which there is not.
#[test]
fn the_policy_file_of_the_accelerator_is_the_templates_policy() {
    let policy: Value = serde_json::from_str(&read("lza/trailproof/policy.json")).unwrap();
    let config = checked("lza/security-config.yaml", "lza-security-config.json");
    let given = &config["awsConfig"]["ruleSets"][0]["rules"][0]["inputParameters"];
    let template = &committed()["rule.yaml"]["Resources"]["FunctionRole"]["Properties"];
    let statements = &template["Policies"][0]["PolicyDocument"]["Statement"];
    let mut expected = Vec::new();
    for statement in statements.as_array().unwrap() {
        let statement = match statement["Fn::If"].as_array() {
            Some(branches) if branches[0] == "UsesOrganizationTrailRoleArn" => &branches[1],
            // `ReportOn` and `SecurityHub` have their defaults.
            Some(_) => continue,
            None => statement,
        };
        let of = statement["Action"][0].as_str().unwrap();
        if of.starts_with("logs:") || of.starts_with("events:") {
            continue;
        }
        let text = statement
            .to_string()
            .replace(
                "{\"Fn::Sub\":\"arn:${AWS::Partition}:cloudtrail:*:*:trail/*\"}",
                "\"arn:aws:cloudtrail:*:*:trail/*\"",
            )
            .replace(
                "{\"Ref\":\"OrganizationTrailRoleArn\"}",
                &given["OrganizationTrailRoleArn"].to_string(),
            );
        assert!(!text.contains("Fn::") && !text.contains("Ref\""), "{text}");
        expected.push(serde_json::from_str::<Value>(&text).unwrap());
    }
    assert_eq!(policy, json!({"Version": "2012-10-17", "Statement": expected}));
}

/// AFT's Terraform uses the module of the repository, from its address.
#[test]
fn terraform_applies_what_is_for_account_factory_for_terraform() {
    let text = read("aft/main.tf");
    let address =
        "git::https://github.com/OWNER/trailproof.git//infra/terraform/account?ref=v0.2.0";
    assert!(text.contains(address));
    let module = infra::synth::modules_directory().join("account");
    let text = text.replace(address, &module.display().to_string());
    let copied = xtask::root().join("target/terraform-aft");
    fs::create_dir_all(&copied).unwrap();
    fs::write(copied.join("main.tf"), text).unwrap();
    let Some(answer) = applied("aft", &[(&copied.display().to_string(), json!({}))]) else {
        return;
    };
    let done = &answer["runs"][0];
    assert_eq!(done["errors"], json!([]));
    for kind in ["write", "read"] {
        let rule = &done["resources"][format!("aws_config_config_rule.rule[\"{kind}\"]")];
        let given: Value =
            serde_json::from_str(rule["input_parameters"].as_str().unwrap()).unwrap();
        Parameters::from_json(given.as_object().unwrap(), cis_lambda::today()).unwrap();
        assert_eq!(given["EventKinds"], kind);
    }
}
