//! The policies and variables of the Terraform modules: JSON in which Terraform's `templatefile` fills in
//! what CloudFormation's functions would, and the templates' parameters.
//!
//! The modules have no policy of their own, so they cannot differ from the templates in what they allow.
//! A statement that only some parameters need says which of the template's conditions it is for.

use serde_json::{Map, Value, json};

use crate::stacks;
use crate::yaml::COMMENT;

/// A module, and what it is the same as.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// Its folder.
    pub folder: &'static str,
    /// The templates whose parameters are its variables. All roles and queues are the first one's.
    pub templates: &'static [&'static str],
    /// Parameters of those templates that the module has itself.
    pub made: &'static [&'static str],
}

/// All modules.
pub const MODULES: [Module; 3] = [
    Module { folder: "account", templates: &["rule.yaml"], made: &[] },
    Module {
        folder: "organization",
        templates: &["central-function.yaml", "organization-rule.yaml"],
        made: &["FunctionArn"],
    },
    Module { folder: "member-role", templates: &["member-role.yaml"], made: &[] },
];

/// What is made of each module, by its path from the folder of all modules.
#[must_use]
pub fn files() -> Vec<(String, String)> {
    let of = |module: &Module| {
        let mut files: Vec<(String, String)> = policies(module)
            .into_iter()
            .map(|(name, text)| (format!("{}/policies/{name}", module.folder), text))
            .collect();
        files.push((format!("{}/variables.tf", module.folder), variables(module)));
        files
    };
    MODULES.iter().flat_map(of).collect()
}

/// The files of a module's policies by name.
#[must_use]
pub fn policies(module: &Module) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut add = |name: String, value: &Value| {
        files.push((format!("{name}.json.tftpl"), format!("{:#}\n", filled(value))));
    };
    let template = module.templates.first().and_then(|name| stacks::named(name));
    let template = template.map(|template| template.to_json()).unwrap_or_default();
    for (name, resource) in template["Resources"].as_object().into_iter().flatten() {
        let properties = &resource["Properties"];
        match resource["Type"].as_str() {
            Some("AWS::IAM::Role") => {
                add(format!("{name}.trust"), &properties["AssumeRolePolicyDocument"]);
                let statements = &properties["Policies"][0]["PolicyDocument"]["Statement"];
                add(name.clone(), &parts(statements));
            }
            Some("AWS::SQS::QueuePolicy") => add(name.clone(), &properties["PolicyDocument"]),
            _ => {}
        }
    }
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
                Value::from(text.replace("${AWS::", "${AWS_"))
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

/// A module's variables: the templates' parameters, with their descriptions, defaults and forms. But for
/// lists they are texts, and Terraform makes texts of numbers and of `true` by itself.
#[must_use]
pub fn variables(module: &Module) -> String {
    let mut parameters = Map::new();
    for template in module.templates.iter().filter_map(|name| stacks::named(name)) {
        for (name, input) in template.to_json()["Parameters"].as_object().into_iter().flatten() {
            if !module.made.contains(&name.as_str()) {
                parameters.entry(name.clone()).or_insert_with(|| input.clone());
            }
        }
    }
    let templates: Vec<String> =
        module.templates.iter().map(|name| format!("templates/{name}")).collect();
    let mut text = format!(
        "# Made by `cargo xtask synth` of the parameters of {}. Changes belong in infra/src.\n",
        templates.join(" and ")
    );
    for (name, input) in &parameters {
        let name = snake(name);
        let kind = if input["Type"] == "CommaDelimitedList" { "list(string)" } else { "string" };
        text.push_str(&format!("\nvariable \"{name}\" {{\n"));
        text.push_str(&format!(
            "  description = {}\n  type        = {kind}\n",
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
        let quoted: Vec<String> = words.iter().map(|it| Value::from(*it).to_string()).collect();
        let condition = format!("contains([{}], var.{name})", quoted.join(", "));
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
#[must_use]
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    for character in name.replace("CloudTrail", "Cloudtrail").chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
