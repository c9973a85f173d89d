//! Whether a policy of `infra/deployer` allows what the stack's resources take, by the names that they got.

use std::fs;

use serde_json::{Value, json};

use crate::Result;
use crate::walk::{ACCOUNT, REGION, Walk};

/// Each action that AWS publishes of a resource's type and the template's policy names is allowed on the
/// resource; how often it was.
///
/// # Errors
/// Where one is not, or moto refuses to say what was made.
pub fn may_deploy(walk: &mut Walk, template: &str, stack: &str) -> Result<usize> {
    let read = |path: String| -> Result<Value> {
        Ok(serde_json::from_str(&fs::read_to_string(xtask::root().join(path))?)?)
    };
    let policy = read(format!("infra/deployer/{template}.json"))?;
    let published = read("infra/data/handlers.json".to_owned())?;
    let named = json!({"StackName": stack});
    let stacks = walk.call("cloudformation", "describe_stacks", named.clone())?;
    let id = text(&stacks["Stacks"][0]["StackId"]);
    let mut compared = 0;
    let mut check = |action: &str, on: &str| {
        compared += 1;
        if allows(&policy, action, on) {
            return Ok(());
        }
        Err(format!("{template}: the deployer may not {action} on {on}"))
    };
    for action in ["CreateChangeSet", "ExecuteChangeSet", "DescribeStacks", "DeleteStack"] {
        check(&format!("cloudformation:{action}"), id)?;
    }
    let made = walk.call("cloudformation", "describe_stack_resources", named)?;
    for resource in made["StackResources"].as_array().into_iter().flatten() {
        let kind = text(&resource["ResourceType"]);
        let Some((service, arns)) = arns(walk, kind, text(&resource["PhysicalResourceId"]))? else {
            continue;
        };
        let handlers = published["types"][kind].as_object().into_iter().flatten();
        for action in handlers.flat_map(|(_, it)| it.as_array().into_iter().flatten()).map(text) {
            let is_of_it = action.starts_with(service) && action != "iam:PassRole";
            if is_of_it && names(&policy, action) {
                arns.iter().try_for_each(|arn| check(action, arn))?;
            }
        }
        if kind == "AWS::IAM::Role" && names(&policy, "iam:PassRole") {
            arns.iter().try_for_each(|arn| check("iam:PassRole", arn))?;
        }
    }
    Ok(compared)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The service of a type's actions, and the resource's ARNs; none where they have no name of the stack's.
fn arns(walk: &mut Walk, kind: &str, id: &str) -> Result<Option<(&'static str, Vec<String>)>> {
    let name = id.rsplit(['/', '|']).next().unwrap_or_default();
    let arn = |service: &str, rest: String| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}");
    let (service, arns) = match kind {
        "AWS::IAM::Role" => {
            let role = walk.call("iam", "get_role", json!({"RoleName": id}))?;
            ("iam:", vec![text(&role["Role"]["Arn"]).to_owned()])
        }
        "AWS::Lambda::Function" => ("lambda:", vec![arn("lambda", format!("function:{name}"))]),
        "AWS::Events::EventBus" => ("events:", vec![arn("events", format!("event-bus/{name}"))]),
        "AWS::Events::Rule" => {
            let on_a_bus = format!("rule/s3-object-level-logging-failures/{name}");
            ("events:", [format!("rule/{name}"), on_a_bus].map(|it| arn("events", it)).into())
        }
        "AWS::SQS::Queue" => ("sqs:", vec![arn("sqs", name.to_owned())]),
        "AWS::SNS::Topic" => ("sns:", vec![id.to_owned()]),
        "AWS::StepFunctions::StateMachine" => ("states:", vec![id.to_owned()]),
        "AWS::Logs::LogGroup" => ("logs:", vec![arn("logs", format!("log-group:{id}"))]),
        "AWS::CloudWatch::Alarm" => ("cloudwatch:", vec![arn("cloudwatch", format!("alarm:{id}"))]),
        "AWS::CloudWatch::Dashboard" => {
            ("cloudwatch:", vec![format!("arn:aws:cloudwatch::{ACCOUNT}:dashboard/{id}")])
        }
        // moto names documents of its own accord.
        _ => return Ok(None),
    };
    Ok(Some((service, arns)))
}

fn statements<'a>(policy: &'a Value, action: &str) -> impl Iterator<Item = &'a Value> {
    let statements = policy["Statement"].as_array().into_iter().flatten();
    statements
        .filter(move |it| it["Action"].as_array().is_some_and(|all| all.contains(&json!(action))))
}

/// Whether a policy has an action at all.
fn names(policy: &Value, action: &str) -> bool {
    statements(policy, action).next().is_some()
}

/// Whether a policy allows an action on a resource.
fn allows(policy: &Value, action: &str, on: &str) -> bool {
    statements(policy, action).any(|statement| {
        let resources = statement["Resource"].as_array().into_iter().flatten();
        resources.map(text).any(|pattern| is_like(pattern, on))
    })
}

/// Whether a text is like a pattern with `*` for any rest of it.
fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((beginning, rest)) => text.strip_prefix(beginning).is_some_and(|after| {
            (0..=after.len()).any(|at| after.get(at..).is_some_and(|end| is_like(rest, end)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_matched_as_iam_does() {
        for (pattern, text, is) in [
            ("arn:aws:sqs:*:*:s3-*", "arn:aws:sqs:us-east-1:1:s3-queue", true),
            ("arn:aws:sqs:*:*:s3-*", "arn:aws:sqs:us-east-1:1:queue", false),
            ("*", "anything", true),
            ("arn:aws:iam::*:role/s3-*", "arn:aws:iam::1:role/trailproof/s3-role", false),
            ("exact", "exactly", false),
        ] {
            assert_eq!(is_like(pattern, text), is, "{pattern} {text}");
        }
    }
}
