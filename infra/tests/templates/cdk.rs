//! What the example for the AWS CDK synthesizes is the template's, as far as it goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use cis_lambda::parameters::Parameters;
use serde_json::{Value, json};

use crate::evaluate::Evaluated;
use crate::read::committed;

const TRAIL_ROLE: &str = "arn:aws:iam::111122223333:role/trail";

/// The template that the example makes; none, and a line that says SKIPPED, where npm or node cannot be had.
fn synthesized() -> Option<Value> {
    let root = xtask::root();
    let packages = match xtask::npm::packages(&root, "infra/cdk", "cdk") {
        Ok(packages) => packages,
        Err(why) => {
            println!("SKIPPED: the CDK's example is not synthesized: {why}");
            eprintln!("SKIPPED: the CDK's example is not synthesized: {why}");
            return None;
        }
    };
    for file in ["app.ts", "s3-object-level-logging.ts", "tsconfig.json"] {
        fs::copy(root.join("infra/cdk").join(file), packages.join(file)).unwrap();
    }
    let code = packages.join("bootstrap.zip");
    fs::write(&code, "not looked into by the CDK").unwrap();
    run(Command::new("node").args(["node_modules/typescript/lib/tsc.js", "-p", "."]), &packages);
    let context = json!({"code": code, "organizationTrailRoleArn": TRAIL_ROLE});
    let mut app = Command::new("node");
    app.arg("app.js").env("CDK_OUTDIR", packages.join("out"));
    run(app.env("CDK_CONTEXT_JSON", context.to_string()), &packages);
    let made = packages.join("out/S3ObjectLevelLogging.template.json");
    Some(serde_json::from_str(&fs::read_to_string(made).unwrap()).unwrap())
}

fn run(command: &mut Command, folder: &Path) {
    let output = command.current_dir(folder).output().unwrap();
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    assert!(output.status.success(), "{command:?}: {said:?}");
    assert!(!said.concat().contains("deprecated"), "{said:?}");
}

/// `Fn::GetAtt` in its short form, as a template of ours has it, and names without the CDK's.
fn in_our_form(value: &Value, names: &BTreeMap<String, String>) -> Value {
    let named = |it: &str| names.get(it).cloned().unwrap_or_else(|| it.to_owned());
    match value {
        Value::Object(members) => {
            if let Some([Value::String(of), Value::String(attribute)]) =
                members.get("Fn::GetAtt").and_then(|it| it.as_array()).map(Vec::as_slice)
            {
                return json!({"Fn::GetAtt": format!("{}.{attribute}", named(of))});
            }
            if let Some(Value::String(of)) = members.get("Ref") {
                return json!({"Ref": named(of)});
            }
            let members = members.iter().map(|(name, it)| (name.clone(), in_our_form(it, names)));
            members.collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|it| in_our_form(it, names)).collect(),
        other => other.clone(),
    }
}

/// The values of everything that either template refers to.
fn values() -> BTreeMap<String, Value> {
    let mut values: BTreeMap<String, Value> = BTreeMap::new();
    for (name, input) in committed()["rule.yaml"]["Parameters"].as_object().unwrap() {
        values.insert(name.clone(), input["Default"].clone());
    }
    for (name, value) in [
        ("AWS::Partition", "aws"),
        ("AWS::Region", "us-east-1"),
        ("AWS::AccountId", "111122223333"),
        ("AWS::StackName", "stack"),
        ("CodeBucket", "my-code"),
        ("CodeKey", "key"),
        ("EventKinds", "write,read"),
        ("ReportOn", "account+trails"),
        ("SecurityHub", "asff"),
        ("OrganizationTrailRoleArn", TRAIL_ROLE),
    ] {
        values.insert(name.to_owned(), value.into());
    }
    for name in [
        "Log",
        "Log.Arn",
        "Function",
        "Function.Arn",
        "FunctionRole",
        "FunctionRole.Arn",
        "FailedEvents",
        "FailedEvents.Arn",
        "FailedEvents.QueueName",
        "Failures.Arn",
        "Failures.Name",
        "WriteRule",
        "WriteRule.Arn",
        "ReadRule",
        "ReadRule.Arn",
        "Reevaluation",
        "ReevaluationRole.Arn",
        "TrailChangedRole.Arn",
    ] {
        values.insert(name.to_owned(), format!("the {name}").into());
    }
    values
}

/// Each action of a policy with its resource.
fn allowed(policy: &Value) -> BTreeSet<(String, String)> {
    let texts = |value: &Value| match value {
        Value::Array(items) => items.iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
        text => vec![text.as_str().unwrap().to_owned()],
    };
    let mut allowed = BTreeSet::new();
    for statement in policy["Statement"].as_array().unwrap() {
        assert_eq!(statement["Effect"], "Allow");
        assert!(statement.get("Condition").is_none() && statement.get("NotAction").is_none());
        for action in texts(&statement["Action"]) {
            for resource in texts(&statement["Resource"]) {
                allowed.insert((action.clone(), resource));
            }
        }
    }
    allowed
}

#[test]
fn the_cdks_example_has_the_templates_rules_policy_permission_and_function() {
    let Some(made) = synthesized() else { return };
    // The CDK makes names of the construct's, ours and eight digits.
    let ours = |name: &str| {
        let name = name.strip_prefix("Rules")?;
        Some(name.get(..name.len() - 8)?.to_owned())
    };
    let names: BTreeMap<String, String> = made["Resources"]
        .as_object()
        .unwrap()
        .keys()
        .map(|name| (name.clone(), ours(name).unwrap_or_else(|| panic!("{name}"))))
        .collect();
    let mut resources = serde_json::Map::new();
    for (name, resource) in made["Resources"].as_object().unwrap() {
        resources.insert(names[name].clone(), in_our_form(resource, &names));
    }
    let cdk = json!({"Resources": resources});
    let made = Evaluated { template: &cdk, values: values() }.resources();
    let template = &committed()["rule.yaml"];
    let expected = Evaluated { template, values: values() }.resources();
    let with =
        ["Function", "FunctionRole", "FunctionRoleDefaultPolicy", "FunctionEventInvokeConfig"];
    let others = ["FailedEvents", "Log", "Permission", "ReadRule", "WriteRule"];
    assert_eq!(
        made.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        with.into_iter().chain(others).collect()
    );

    for rule in ["WriteRule", "ReadRule"] {
        for property in ["ConfigRuleName", "Description", "Source"] {
            assert_eq!(made[rule][property], expected[rule][property], "{rule} {property}");
        }
        // What is not given is the handler's default, which the template gives.
        let [of_cdk, of_template] = [&made, &expected].map(|it| {
            let given = it[rule]["InputParameters"].as_object().unwrap();
            Parameters::from_json(given, cis_lambda::today()).unwrap()
        });
        assert_eq!(format!("{of_cdk:?}"), format!("{of_template:?}"), "{rule}");
        let after = cdk["Resources"][rule]["DependsOn"][0].as_str().unwrap();
        assert!(after.starts_with("RulesPermission"), "{rule} comes after {after}");
    }
    assert_eq!(made["Permission"], expected["Permission"]);
    for property in [
        "Description",
        "Runtime",
        "Architectures",
        "Handler",
        "Role",
        "MemorySize",
        "Timeout",
        "Environment",
        "LoggingConfig",
    ] {
        assert_eq!(made["Function"][property], expected["Function"][property], "{property}");
    }
    assert_eq!(made["FailedEvents"], expected["FailedEvents"]);
    assert_eq!(made["Log"]["RetentionInDays"].to_string(), "90");
    for property in
        ["FunctionName", "Qualifier", "MaximumRetryAttempts", "MaximumEventAgeInSeconds"]
    {
        let retries = &made["FunctionEventInvokeConfig"][property];
        assert_eq!(*retries, expected["Retries"][property], "{property}");
    }

    // Failed events go to the queue itself, and not over a bus.
    let role = &expected["FunctionRole"];
    assert_eq!(made["FunctionRole"]["Path"], role["Path"]);
    assert!(made["FunctionRole"].get("ManagedPolicyArns").is_none());
    let mut wanted = allowed(&role["Policies"][0]["PolicyDocument"]);
    assert!(wanted.remove(&("events:PutEvents".to_owned(), "the Failures.Arn".to_owned())));
    wanted.insert(("sqs:SendMessage".to_owned(), "the FailedEvents.Arn".to_owned()));
    assert_eq!(allowed(&made["FunctionRoleDefaultPolicy"]["PolicyDocument"]), wanted);
    let destination = &made["FunctionEventInvokeConfig"]["DestinationConfig"]["OnFailure"];
    assert_eq!(destination["Destination"], "the FailedEvents.Arn");
}
