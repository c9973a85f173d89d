//! The buckets of a template, and their names.

use super::conditions::Truth;
use super::functions::after_deployment;
use super::nested::{self, Nested};
use super::resolver::Resolver;
use super::resources::exists;
use crate::completions::{Domain, is_marked};
use crate::error::PlanError;
use crate::node::Node;
use crate::value::Value;

/// Whether a resource of the template is a bucket.
pub(super) fn is_bucket(resolver: &Resolver<'_>, name: &str) -> bool {
    let resource = resolver.resource(name);
    let kind = resource.and_then(|resource| resource.get("Type")).and_then(Node::text);
    kind == Some("AWS::S3::Bucket")
}

/// The name of a bucket of the template: as it is given, else AWS makes one up.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html>
pub(super) fn bucket_name(resolver: &Resolver<'_>, name: &str) -> Value {
    let properties = resolver.resource(name).and_then(|bucket| bucket.get("Properties"));
    let given = properties.and_then(|properties| properties.get("BucketName"));
    let made_up = || after_deployment(resolver, name, Domain::BucketName { start: String::new() });
    match given.map(|given| resolver.value(given)) {
        None | Some(Value::Absent | Value::List(_) | Value::Map(_)) => made_up(),
        Some(Value::Either(values, why)) if values.contains(&Value::Absent) => {
            let given = |value| if value == Value::Absent { made_up() } else { value };
            Value::Either(values.into_iter().map(given).collect(), why)
        }
        Some(value) => value,
    }
}

/// The buckets of the template, by their logical ids, with the values of their names; those of a
/// nested stack by the stack's logical id and theirs: `Network.Logs`.
pub(super) fn buckets(resolver: &Resolver<'_>) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let resources = resolver.template.get("Resources").map(Node::members).unwrap_or_default();
    for (logical_id, resource) in resources {
        if exists(resolver, resource) == Truth::Known(false) {
            continue;
        }
        if is_bucket(resolver, logical_id) {
            all.push((logical_id.clone(), bucket_name(resolver, logical_id)));
        } else if let Nested::Read(_, nested) = nested::stack(resolver, logical_id, resource) {
            let of_stack = buckets(&nested).into_iter();
            all.extend(of_stack.map(|(name, value)| (format!("{logical_id}.{name}"), value)));
        }
    }
    all
}

/// That the buckets can be made: their names are names, and no two are the same.
pub(super) fn refuse_impossible_buckets(resolver: &Resolver<'_>) -> Result<(), PlanError> {
    let resources = resolver.template.get("Resources").map(Node::members).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    let any_name = Domain::BucketName { start: String::new() };
    for (logical_id, resource) in resources {
        if !is_bucket(resolver, logical_id) || exists(resolver, resource) != Truth::Known(true) {
            continue;
        }
        let refused =
            |what: &str| Err(PlanError::shape(format!("Resources.{logical_id}.BucketName"), what));
        match bucket_name(resolver, logical_id) {
            Value::Open(open) if !open.prefix.chars().all(is_of_bucket_name) => {
                return refused("expected a bucket's name");
            }
            value => match value.known_text().filter(|text| !is_marked(text)) {
                Some(name) if !any_name.accepts(name) => {
                    return refused("expected a bucket's name");
                }
                Some(name) if names.iter().any(|known| known == name) => {
                    return refused("another bucket has this name");
                }
                Some(name) => names.push(name.to_string()),
                None => {}
            },
        }
    }
    Ok(())
}

fn is_of_bucket_name(character: char) -> bool {
    is_marked(character.encode_utf8(&mut [0; 4]))
        || character.is_ascii_lowercase()
        || character.is_ascii_digit()
        || matches!(character, '.' | '-')
}
