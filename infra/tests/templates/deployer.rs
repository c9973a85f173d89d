//! Whoever deploys a template needs its policy, and no more.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use infra::deployer::{BEGINNING, HANDLERS, actions, is_like, is_of};
use infra::synth::{check_deployer, deployer_directory};
use serde_json::{Value, json};

use crate::read::{committed, with_every_branch};

/// The policies by the template that they are for.
fn policies() -> BTreeMap<String, Value> {
    let templates = committed();
    let files = templates.keys().map(|name| (name.clone(), name.replace(".yaml", ".json")));
    files
        .map(|(name, file)| {
            let text = fs::read_to_string(deployer_directory().join(file)).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

fn kinds(template: &Value) -> BTreeSet<String> {
    let resources = with_every_branch(&template["Resources"]);
    let kinds = resources.as_object().unwrap().values();
    kinds.map(|it| it["Type"].as_str().unwrap().to_owned()).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect()
}

#[test]
fn the_committed_policies_are_as_made() {
    let differences = check_deployer(&deployer_directory()).unwrap();
    assert!(differences.is_empty(), "run `cargo xtask synth`: {differences:#?}");
}

/// What is published of a type is in the policy or left out for a reason, and nothing else is in it.
#[test]
fn a_policy_has_what_the_types_of_its_template_take() {
    let published: Value = serde_json::from_str(HANDLERS).unwrap();
    for (name, template) in committed() {
        let mut needed = BTreeSet::new();
        for kind in kinds(&template) {
            let all = actions(&kind);
            assert!(!all.is_empty(), "{name}: nothing is known of {kind}");
            for (handler, permissions) in
                published["types"][&kind].as_object().into_iter().flatten()
            {
                for action in texts(permissions) {
                    let mut left = published["left_out"].as_array().unwrap().iter();
                    let reason = left.find(|it| {
                        is_of(it, &kind) && is_like(it["permission"].as_str().unwrap(), action)
                    });
                    assert_eq!(all.contains(action), reason.is_none(), "{kind} {handler} {action}");
                }
            }
            needed.extend(all);
        }
        let policy = &policies()[&name];
        let mut allowed: BTreeSet<String> = BTreeSet::new();
        for statement in policy["Statement"].as_array().unwrap() {
            allowed.extend(texts(&statement["Action"]).into_iter().map(str::to_owned));
        }
        // CloudFormation's own calls are of no type, and those for sets are.
        allowed.retain(|it| needed.contains(it) || !it.starts_with("cloudformation:"));
        assert_eq!(allowed, needed, "{name}");
    }
}

#[test]
fn each_reason_is_of_something_that_is_published() {
    let published: Value = serde_json::from_str(HANDLERS).unwrap();
    for left in published["left_out"].as_array().unwrap() {
        let kinds = published["types"].as_object().unwrap().iter();
        let mut handlers = kinds
            .filter(|(kind, _)| is_of(left, kind))
            .flat_map(|(_, it)| it.as_object().unwrap().values().flat_map(texts));
        let permission = left["permission"].as_str().unwrap();
        assert!(handlers.any(|action| is_like(permission, action)), "{left}");
        assert!(left["because"].as_str().is_some_and(|it| !it.is_empty()), "{left}");
    }
}

/// A deployer may not touch what is not the stacks', nor pass roles to anything.
#[test]
fn policies_are_narrow_and_fit_into_a_managed_policy() {
    // AWS Config, Logs, SNS, Organizations and CloudFormation take no resource for these.
    const ANYWHERE: [&str; 4] = ["config:Describe", "logs:Describe", "organizations:", "sns:"];
    for (name, policy) in policies() {
        let size = policy.to_string().len();
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        assert!(size <= 6144, "{name} has {size}");
        for statement in policy["Statement"].as_array().unwrap() {
            for action in texts(&statement["Action"]) {
                assert!(!action.contains('*'), "{name}: {action}");
                let on = texts(&statement["Resource"]);
                let is_anywhere = ANYWHERE.iter().any(|it| action.starts_with(it))
                    || ["cloudformation:CreateStackSet", "cloudformation:GetTemplateSummary"]
                        .contains(&action);
                assert!(!on.contains(&"*") || is_anywhere, "{name}: {action} on {on:?}");
                if action.starts_with("iam:") && action != "iam:CreateServiceLinkedRole" {
                    let is_ours =
                        |it: &&str| it.contains(BEGINNING) || it.contains("aws-service-role");
                    assert!(on.iter().all(is_ours), "{name}: {action} on {on:?}");
                }
                let passed = &statement["Condition"]["StringEquals"]["iam:PassedToService"];
                assert_eq!(action == "iam:PassRole", *passed != Value::Null, "{name}: {action}");
            }
        }
    }
}

/// What the page's commands call of Organizations is in the policy for it.
#[test]
fn the_organizations_policy_has_what_the_page_asks() {
    let text = fs::read_to_string(deployer_directory().join("organization.json")).unwrap();
    let policy: Value = serde_json::from_str(&text).unwrap();
    let allowed: BTreeSet<&str> = texts(&policy["Statement"][0]["Action"]).into_iter().collect();
    let page = include_str!("../../README.md");
    let mut asked = BTreeSet::from(["config:DescribeAggregateComplianceByConfigRules".to_owned()]);
    for block in page.split("```sh\n").skip(1) {
        for call in block.split("```").next().unwrap().split("aws organizations ").skip(1) {
            let words = call.split_whitespace().next().unwrap().split('-');
            let name: String = words.map(|it| it[..1].to_uppercase() + &it[1..]).collect();
            asked.insert(format!("organizations:{name}"));
        }
    }
    assert_eq!(asked.iter().map(String::as_str).collect::<BTreeSet<_>>(), allowed);
}

/// Only whoever makes a stack with loops needs the transform.
#[test]
fn only_loops_take_the_transform() {
    let transform = json!(["arn:aws:cloudformation:*:aws:transform/LanguageExtensions"]);
    for (name, policy) in policies() {
        let statements = policy["Statement"].as_array().unwrap();
        let allowed = statements.iter().any(|it| it["Resource"] == transform);
        assert_eq!(allowed, committed()[&name].get("Transform").is_some(), "{name}");
    }
}
