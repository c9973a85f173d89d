//! The policies of `rule.yaml`'s roles and queue, for the Terraform module of the same: JSON in which
//! Terraform's `templatefile` fills in what CloudFormation's functions would.
//!
//! The module has no policy of its own, so the two cannot differ in what they allow. A statement that
//! only some parameters need says which of the template's conditions it is for.

use serde_json::{Value, json};

use crate::stacks;
use crate::yaml::COMMENT;

/// The roles of the module, by their names in the template.
const ROLES: [&str; 4] = ["FunctionRole", "NoticeRole", "ReevaluationRole", "TrailChangedRole"];

/// The files of the module's policies by name.
#[must_use]
pub fn policies() -> Vec<(String, String)> {
    let template = stacks::rule_template().to_json();
    let resources = &template["Resources"];
    let mut files = Vec::new();
    let mut add = |name: String, value: &Value| {
        files.push((format!("{name}.json.tftpl"), format!("{:#}\n", filled(value))));
    };
    for role in ROLES {
        let properties = &resources[role]["Properties"];
        add(format!("{role}.trust"), &properties["AssumeRolePolicyDocument"]);
        let statements = &properties["Policies"][0]["PolicyDocument"]["Statement"];
        add(role.to_owned(), &parts(statements));
    }
    let queue = &resources["FailedEventsPolicy"]["Properties"]["PolicyDocument"];
    add("FailedEventsPolicy".to_owned(), queue);
    files
}

/// Statements, each with the condition that it is for; an empty text is none.
fn parts(statements: &Value) -> Value {
    let part = |statement: &Value| match statement["Fn::If"].as_array().map(Vec::as_slice) {
        Some([condition, statement, _]) => json!({"when": condition, "statement": statement}),
        _ => json!({"when": "", "statement": statement}),
    };
    statements.as_array().into_iter().flatten().map(part).collect()
}

/// A value with names for CloudFormation's functions, as `templatefile` has them. What has no value
/// under some condition is then an empty text, which the module leaves out of lists.
fn filled(value: &Value) -> Value {
    match value {
        Value::Object(members) => match members.iter().next().filter(|_| members.len() == 1) {
            Some((name, Value::String(of))) if name == "Ref" || name == "Fn::GetAtt" => {
                variable(of).into()
            }
            Some((name, Value::String(text))) if name == "Fn::Sub" => {
                Value::from(text.replace("::", "_"))
            }
            Some((name, Value::Array(branches))) if name == "Fn::If" => {
                branches.get(1).map(filled).unwrap_or_default()
            }
            _ => members
                .iter()
                .filter(|(name, _)| *name != COMMENT)
                .map(|(name, value)| (name.clone(), filled(value)))
                .collect(),
        },
        Value::Array(items) => items.iter().map(filled).collect(),
        other => other.clone(),
    }
}

/// `AWS::Partition` and `Log.Arn` as names of Terraform.
fn variable(name: &str) -> String {
    format!("${{{}}}", name.replace("::", "_").replace('.', "_"))
}

/// The module's variables: the template's parameters, with their descriptions, defaults and forms.
/// All of them are texts, and Terraform makes texts of numbers and of `true` by itself.
#[must_use]
pub fn variables() -> String {
    let template = stacks::rule_template().to_json();
    let mut text = String::from(
        "# Made by `cargo xtask synth` of the parameters of templates/rule.yaml. Changes belong in \
         infra/src.\n",
    );
    for (name, input) in template["Parameters"].as_object().into_iter().flatten() {
        let name = snake(name);
        text.push_str(&format!("\nvariable \"{name}\" {{\n"));
        text.push_str(&format!(
            "  description = {}\n  type        = string\n",
            input["Description"]
        ));
        if let Some(default) = input["Default"].as_str() {
            text.push_str(&format!("  default     = {}\n", Value::from(default)));
        }
        if let Some((condition, message)) = validation(&name, input) {
            text.push_str(&format!(
                "\n  validation {{\n    condition     = {condition}\n    error_message = {}\n  }}\n",
                Value::from(message)
            ));
        }
        text.push_str("}\n");
    }
    text
}

/// What a variable must be, and the same in words.
fn validation(name: &str, input: &Value) -> Option<(String, String)> {
    if let Some(allowed) = input["AllowedValues"].as_array() {
        let words: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        let condition =
            format!("contains({}, var.{name})", json!(words).to_string().replace(',', ", "));
        return Some((condition, format!("{name} is one of {}.", words.join(" "))));
    }
    let (pattern, meaning) =
        (input["AllowedPattern"].as_str()?, input["ConstraintDescription"].as_str()?);
    let fits = format!("can(regex({}, var.{name}))", Value::from(pattern));
    let condition = match input["MaxLength"].as_u64() {
        Some(longest) => format!("{fits} && length(var.{name}) <= {longest}"),
        None => fits,
    };
    Some((condition, format!("{name} is {meaning}.")))
}

/// `CodeBucket` as Terraform spells it: `code_bucket`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for character in name.replace("CloudTrail", "Cloudtrail").chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
