//! Intrinsic functions: those whose value a template tells. All others leave their value open.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use cis_rules::partition::Partition;

use super::conditions::{self, Truth};
use super::resolver::Resolver;
use super::text::{Part, Parts, parts};
use crate::node::Node;
use crate::value::{Open, Value, unknown};

/// The value of a call.
pub(super) fn call<'a>(resolver: &Resolver<'a>, function: &str, argument: &'a Node) -> Value {
    let value = match (function, argument) {
        ("Ref", Node::Text(name)) => reference(resolver, name),
        ("Fn::GetAtt", Node::Text(name)) => attribute(resolver, name),
        ("Fn::GetAtt", Node::List(path)) => {
            let names: Option<Vec<&str>> = path.iter().map(Node::text).collect();
            attribute(resolver, &names.unwrap_or_default().join("."))
        }
        ("Fn::Sub", Node::Text(text)) => substitute(resolver, text, &[]),
        ("Fn::Sub", Node::List(arguments)) => match arguments.as_slice() {
            [Node::Text(text), Node::Map(names)] => substitute(resolver, text, names),
            _ => open(function),
        },
        ("Fn::Join", Node::List(arguments)) => match arguments.as_slice() {
            [Node::Text(between), list] => join(between, &resolver.value(list)),
            _ => open(function),
        },
        ("Fn::Split", Node::List(arguments)) => match arguments.as_slice() {
            [Node::Text(at), text] => split(at, resolver.value(text)),
            _ => open(function),
        },
        ("Fn::Select", Node::List(arguments)) => match arguments.as_slice() {
            [index, list] => select(&resolver.value(index), resolver.value(list)),
            _ => open(function),
        },
        ("Fn::FindInMap", Node::List(arguments)) => match arguments.as_slice() {
            [map, first, second] => find(resolver, [map, first, second], None),
            [map, first, second, default] => {
                find(resolver, [map, first, second], default.get("DefaultValue"))
            }
            _ => open(function),
        },
        ("Fn::If", Node::List(arguments)) => match arguments.as_slice() {
            [Node::Text(name), then, otherwise] => match conditions::named(resolver, name) {
                Truth::Known(true) => resolver.value(then),
                Truth::Known(false) => resolver.value(otherwise),
                Truth::Open(why) => {
                    Value::either(resolver.value(then), resolver.value(otherwise), why)
                }
            },
            _ => open(function),
        },
        _ => open(function),
    };
    resolver.counted(value)
}

/// The value of a call that the template does not tell.
pub(super) fn open(function: &str) -> Value {
    Value::open(unknown(
        format!("what `{function}` gives is known after deployment only"),
        "deploy, and audit the account",
    ))
}

/// `Ref`: a pseudo parameter, a parameter, or a bucket by its name.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>
fn reference(resolver: &Resolver<'_>, name: &str) -> Value {
    let given = |value: &Option<String>, option: &str| match value {
        Some(value) => Value::Text(value.clone()),
        None => Value::open(unknown(
            format!("`{name}` is not given"),
            format!("give it with `{option}`"),
        )),
    };
    let partition = resolver.setting.partition();
    match name {
        "AWS::NoValue" => Value::Absent,
        "AWS::Partition" => Value::Text(partition.to_string()),
        "AWS::AccountId" => given(&resolver.setting.account_id, "--account"),
        "AWS::Region" => given(&resolver.setting.region, "--region"),
        "AWS::URLSuffix" if let Some(partition) = Partition::named(partition) => {
            Value::Text(partition.url_suffix.to_string())
        }
        _ => match resolver.parameters.get(name) {
            Some(value) if resolver.may_copy(value) => value.clone(),
            Some(_) => Value::open(unknown(
                format!("parameter `{name}` is used too often"),
                "write the values out",
            )),
            None => bucket_name(resolver, name).unwrap_or_else(|| after_deployment(name)),
        },
    }
}

fn after_deployment(name: &str) -> Value {
    Value::open(unknown(
        format!("`{name}` is known after deployment only"),
        "write the value out, or deploy and audit the account",
    ))
}

/// The name of a bucket of the template, where it has one.
fn bucket_name(resolver: &Resolver<'_>, name: &str) -> Option<Value> {
    let bucket = resolver.resource(name)?;
    let is_bucket = bucket.get("Type").and_then(Node::text) == Some("AWS::S3::Bucket");
    let name = bucket.get("Properties")?.get("BucketName").filter(|_| is_bucket)?;
    match resolver.value(name) {
        Value::Absent | Value::List(_) | Value::Map(_) => None,
        value => Some(value),
    }
}

/// `Fn::GetAtt`: a bucket's ARN, as far as its name is known.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html>
fn attribute(resolver: &Resolver<'_>, name: &str) -> Value {
    let bucket = name.strip_suffix(".Arn").filter(|logical_id| {
        let resource = resolver.resource(logical_id);
        resource.and_then(|resource| resource.get("Type")).and_then(Node::text)
            == Some("AWS::S3::Bucket")
    });
    let Some(bucket) = bucket else { return after_deployment(name) };
    let mut arn = Parts::default();
    arn.text("arn:");
    arn.text(resolver.setting.partition());
    arn.text(":s3:::");
    arn.value(&bucket_name(resolver, bucket).unwrap_or_else(|| after_deployment(bucket)));
    arn.finish()
}

fn substitute<'a>(resolver: &Resolver<'a>, text: &'a str, names: &'a [(String, Node)]) -> Value {
    let mut whole = Parts::default();
    for part in parts(text) {
        match part {
            Part::Text(text) => whole.value(&super::text::literal(text)),
            Part::Name(name) => {
                let given = names.iter().find(|(known, _)| known == name);
                whole.value(&match given {
                    Some((_, node)) => resolver.value(node),
                    None if name.contains('.') => attribute(resolver, name),
                    None => reference(resolver, name),
                });
            }
        }
    }
    whole.finish()
}

fn join(between: &str, list: &Value) -> Value {
    let elements = match list {
        Value::List(elements) => elements,
        Value::Open(Open { why, .. }) | Value::Either(_, why) => {
            return Value::open_for(why.clone());
        }
        _ => return open("Fn::Join"),
    };
    let mut whole = Parts::default();
    let mut is_first = true;
    for element in elements.iter().filter(|element| **element != Value::Absent) {
        if !std::mem::take(&mut is_first) {
            whole.text(between);
        }
        match element {
            Value::Either(values, why) if values.contains(&Value::Absent) => {
                // Without the element there is no delimiter either.
                return Value::open_for(why.clone());
            }
            element => whole.value(element),
        }
    }
    whole.finish()
}

fn split(at: &str, text: Value) -> Value {
    match text {
        Value::Open(Open { why, .. }) | Value::Either(_, why) => Value::open_for(why),
        value => match value.known_text() {
            Some(text) if !at.is_empty() => {
                Value::List(text.split(at).map(|part| Value::Text(part.to_string())).collect())
            }
            _ => open("Fn::Split"),
        },
    }
}

fn select(index: &Value, list: Value) -> Value {
    let position = index.known_text().and_then(|index| index.parse::<usize>().ok());
    match (list, position) {
        (Value::Open(Open { why, .. }) | Value::Either(_, why), _) => Value::open_for(why),
        (Value::List(mut elements), Some(position))
            if position < elements.len() && !elements.contains(&Value::Absent) =>
        {
            // An element that may not be there moves the others.
            let first_open = elements.iter().take(position + 1).find_map(|element| match element {
                Value::Either(values, why) if values.contains(&Value::Absent) => Some(why.clone()),
                _ => None,
            });
            match first_open {
                Some(why) => Value::open_for(why),
                None => elements.swap_remove(position),
            }
        }
        _ => match index {
            Value::Open(Open { why, .. }) | Value::Either(_, why) => Value::open_for(why.clone()),
            _ => open("Fn::Select"),
        },
    }
}

/// `Fn::FindInMap`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html>
fn find<'a>(resolver: &Resolver<'a>, path: [&'a Node; 3], default: Option<&'a Node>) -> Value {
    let mut found = resolver.template.get("Mappings");
    for key in path {
        let key = resolver.value(key);
        match key {
            Value::Open(Open { why, .. }) | Value::Either(_, why) => return Value::open_for(why),
            key => {
                found = found.zip(key.known_text()).and_then(|(map, key)| resolver.member(map, key))
            }
        }
    }
    found.or(default).map_or_else(|| open("Fn::FindInMap"), |node| resolver.value(node))
}
