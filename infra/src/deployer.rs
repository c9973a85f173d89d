//! What whoever deploys a template must be allowed: a policy for each template.
//!
//! CloudFormation makes a stack's resources with the rights of its caller. Which calls a type takes is in
//! the schema that AWS publishes of it, in `data/handlers.json`. What the templates' resources never need
//! is left out, each with its reason, and what is left is limited to names that begin as those of the
//! stacks in infra/README.md do.
//!
//! Sources: <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html>,
//! and for the resources of actions
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::stacks;

/// How names of all stacks begin, and of all that has a name of its stack's.
pub const BEGINNING: &str = "s3-object-level-";

/// The published permissions of the types, and those of them that no template's resources need: `of` which
/// type, which `permission`, and `because` of what. `*` is any type, and at the end of a name any rest.
pub const HANDLERS: &str = include_str!("../data/handlers.json");

/// What AWS documents of a type whose schema names no permissions.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html>
const ORGANIZATION_RULE: [&str; 8] = [
    "config:DeleteOrganizationConfigRule",
    "config:DescribeOrganizationConfigRuleStatuses",
    "config:DescribeOrganizationConfigRules",
    "config:PutOrganizationConfigRule",
    "iam:CreateServiceLinkedRole",
    "iam:GetRole",
    "organizations:EnableAWSServiceAccess",
    "organizations:ListDelegatedAdministrators",
];

/// CloudFormation reads the template of a set with its caller's rights, which the type's schema does not
/// say.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html>
const SET_TEMPLATE: &str = "s3:GetObject";

/// What `aws cloudformation deploy`, `describe-stacks` and `delete-stack` call.
const STACK: [&str; 6] = [
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
];

/// The services that a type's role is passed to.
const PASSED_TO: [(&str, &str); 6] = [
    ("AWS::Lambda::Function", "lambda.amazonaws.com"),
    ("AWS::Events::Rule", "events.amazonaws.com"),
    ("AWS::StepFunctions::StateMachine", "states.amazonaws.com"),
    ("AWS::SSM::Document", "ssm.amazonaws.com"),
    ("AWS::Config::ConfigurationAggregator", "config.amazonaws.com"),
    ("AWS::Config::RemediationConfiguration", "ssm.amazonaws.com"),
];

/// The files of `infra/deployer` by name. They are for the partition `aws`.
#[must_use]
pub fn policies() -> Vec<(String, String)> {
    let files = stacks::names().into_iter().filter_map(|name| {
        let policy = policy(&kinds(name)?, loops(name));
        Some((name.replace(".yaml", ".json"), policy))
    });
    let mut files: Vec<(String, String)> =
        files.map(|(name, policy)| (name, format!("{policy:#}\n"))).collect();
    let others =
        [("code.json", code()), ("kms.json", kms()), ("organization.json", organization())];
    files.extend(others.map(|(name, policy)| (name.to_owned(), format!("{policy:#}\n"))));
    files
}

/// The types of a template's resources.
fn kinds(template: &str) -> Option<BTreeSet<String>> {
    fn types(value: &Value, found: &mut BTreeSet<String>) {
        for resource in value.as_object().into_iter().flatten().map(|(_, it)| it) {
            match (resource["Type"].as_str(), resource) {
                (Some(kind), _) => {
                    found.insert(kind.to_owned());
                }
                // A loop is its variable, its list, and the resources of each.
                (None, Value::Array(parts)) => parts.iter().for_each(|part| types(part, found)),
                _ => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    types(&stacks::named(template)?.to_json()["Resources"], &mut found);
    Some(found)
}

/// Whether a template has a transform.
fn loops(template: &str) -> bool {
    stacks::named(template).is_some_and(|it| it.to_json().get("Transform").is_some())
}

/// What a type's resources take.
#[must_use]
pub fn actions(kind: &str) -> BTreeSet<String> {
    if kind == "AWS::Config::OrganizationConfigRule" {
        return ORGANIZATION_RULE.map(str::to_owned).into();
    }
    let published: Value = serde_json::from_str(HANDLERS).unwrap_or_default();
    let handlers = published["types"][kind].as_object().into_iter().flatten();
    let all = handlers.flat_map(|(_, it)| it.as_array()).flatten().filter_map(Value::as_str);
    let is_left_out = |action: &str| {
        let mut left = published["left_out"].as_array().into_iter().flatten();
        left.any(|it| {
            is_of(it, kind) && it["permission"].as_str().is_some_and(|it| is_like(it, action))
        })
    };
    let mut all: BTreeSet<String> =
        all.filter(|action| !is_left_out(action)).map(str::to_owned).collect();
    if kind == "AWS::CloudFormation::StackSet" {
        all.insert(SET_TEMPLATE.to_owned());
    }
    all
}

/// Whether a permission that is left out is one of this type.
#[must_use]
pub fn is_of(left: &Value, kind: &str) -> bool {
    left["of"] == "*" || left["of"] == kind
}

/// Whether a name is the one, or begins as it does before its `*`.
#[must_use]
pub fn is_like(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |beginning| name.starts_with(beginning))
}

fn policy(kinds: &BTreeSet<String>, loops: bool) -> Value {
    let mut by_resource: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    let mut passed = BTreeSet::new();
    for kind in kinds {
        for action in actions(kind) {
            if action == "iam:PassRole" {
                passed.extend(PASSED_TO.iter().filter(|it| it.0 == kind).map(|it| it.1));
            } else {
                by_resource.entry(resources(&action, kind)).or_default().insert(action);
            }
        }
    }
    let stack = vec![format!("arn:aws:cloudformation:*:*:stack/{BEGINNING}*")];
    by_resource.entry(stack).or_default().extend(STACK.map(str::to_owned));
    if loops {
        let transform =
            vec!["arn:aws:cloudformation:*:aws:transform/LanguageExtensions".to_owned()];
        by_resource.entry(transform).or_default().insert(STACK[0].to_owned());
    }
    let mut statements: Vec<Value> = by_resource
        .into_iter()
        .map(|(on, actions)| json!({"Effect": "Allow", "Action": actions, "Resource": on}))
        .collect();
    if !passed.is_empty() {
        statements.push(json!({
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": roles(),
            "Condition": {"StringEquals": {"iam:PassedToService": passed}},
        }));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// The roles of the stacks, with and without the path of the functions'.
fn roles() -> Vec<String> {
    ["", "trailproof/"].map(|path| format!("arn:aws:iam::*:role/{path}{BEGINNING}*")).into()
}

/// What an action is on.
fn resources(action: &str, kind: &str) -> Vec<String> {
    let named = |form: &str| vec![format!("arn:aws:{form}{BEGINNING}*")];
    let any = |form: &str| vec![format!("arn:aws:{form}*")];
    let (service, call) = action.split_once(':').unwrap_or((action, ""));
    match (service, call) {
        // These take no resource.
        ("organizations", _)
        | ("logs", "DescribeLogGroups" | "DescribeIndexPolicies" | "DescribeResourcePolicies")
        | ("sns", "Unsubscribe" | "GetSubscriptionAttributes" | "SetSubscriptionAttributes")
        | ("cloudformation", "CreateStackSet" | "GetTemplateSummary") => vec!["*".to_owned()],
        ("config", call)
            if call.starts_with("Describe") && call != "DescribeRemediationConfigurations" =>
        {
            vec!["*".to_owned()]
        }
        // AWS makes the rest of their names, without the stack's.
        ("config", _) => match kind.rsplit("::").next().unwrap_or_default() {
            "ConfigRule" => any("config:*:*:config-rule/"),
            "ConfigurationAggregator" => any("config:*:*:config-aggregator/"),
            "ConformancePack" => any("config:*:*:conformance-pack/"),
            "OrganizationConfigRule" => any("config:*:*:organization-config-rule/"),
            "OrganizationConformancePack" => any("config:*:*:organization-conformance-pack/"),
            "RemediationConfiguration" => any("config:*:*:remediation-configuration/"),
            _ => any("config:*:*:stored-query/"),
        },
        // It was seen to have the logical name before a rest, and may have the stack's.
        ("states", _) => {
            let machine = "states:*:*:stateMachine:";
            [any(&format!("{machine}Reevaluation-")), named(machine)].concat()
        }
        ("iam", "CreateServiceLinkedRole") => any("iam::*:role/aws-service-role/*config"),
        ("iam", "GetRole") if kind != "AWS::IAM::Role" => {
            any("iam::*:role/aws-service-role/*config")
        }
        ("iam", _) => roles(),
        ("s3", _) => vec!["arn:aws:s3:::my-code/trailproof/*".to_owned()],
        ("lambda", _) => named("lambda:*:*:function:"),
        ("logs", _) => named("logs:*:*:log-group:"),
        ("events", _) if kind == "AWS::Events::EventBus" => named("events:*:*:event-bus/"),
        ("events", _) => named("events:*:*:rule/"),
        ("sqs", _) => named("sqs:*:*:"),
        ("sns", _) => named("sns:*:*:"),
        ("ssm", _) => named("ssm:*:*:document/"),
        ("cloudwatch", _) if kind == "AWS::CloudWatch::Dashboard" => {
            named("cloudwatch::*:dashboard/")
        }
        ("cloudwatch", _) => named("cloudwatch:*:*:alarm:"),
        ("cloudformation", call)
            if call.ends_with("StackInstances") && !call.starts_with("List") =>
        {
            let set = named("cloudformation:*:*:stackset/");
            [
                set,
                any("cloudformation:*:*:stackset-target/"),
                any("cloudformation:*:*:type/resource/"),
            ]
            .concat()
        }
        _ => named("cloudformation:*:*:stackset/"),
    }
}

/// What putting the code into its bucket takes.
fn code() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:CreateBucket", "s3:PutBucketPolicy"],
                "Resource": ["arn:aws:s3:::my-code"],
            },
            {
                "Effect": "Allow",
                "Action": ["s3:PutObject"],
                "Resource": ["arn:aws:s3:::my-code/trailproof/*"],
            },
        ],
    })
}

/// What the page's commands ask in an organization.
fn organization() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": [
                "config:DescribeAggregateComplianceByConfigRules",
                "organizations:DescribeOrganization",
                "organizations:ListAccounts",
                "organizations:ListRoots",
            ],
            "Resource": ["*"],
        }],
    })
}

/// What `KmsKeyArn` takes besides.
fn kms() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
                "Resource": ["arn:aws:kms:*:*:key/my-key"],
            },
            {
                "Effect": "Allow",
                "Action": ["logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
                "Resource": [format!("arn:aws:logs:*:*:log-group:{BEGINNING}*")],
            },
        ],
    })
}
