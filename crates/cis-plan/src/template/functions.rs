//! Intrinsic functions: those whose value a template tells. All others leave their value open.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use cis_rules::partition::Partition;

use super::buckets::{bucket_name, is_bucket};
use super::conditions::{self, Truth};
use super::lists;
use super::nested;
use super::resolver::Resolver;
use super::text::{Part, Parts, parts};
use crate::completions::{Domain, OpenText, is_marked};
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
            [Node::Text(between), list] => lists::join(resolver, between, &resolver.value(list)),
            _ => open(function),
        },
        ("Fn::Split", Node::List(arguments)) => match arguments.as_slice() {
            [Node::Text(at), text] => lists::split(resolver, at, resolver.value(text)),
            _ => open(function),
        },
        ("Fn::Select", Node::List(arguments)) => match arguments.as_slice() {
            [index, list] => lists::select(resolver, &resolver.value(index), resolver.value(list)),
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
        ("Fn::ImportValue", argument) => match resolver.value(argument).known_text() {
            Some(name) if !is_marked(name) => import(resolver, name),
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

/// What another stack exports under a name.
fn import(resolver: &Resolver<'_>, name: &str) -> Value {
    let what = format!("what `Fn::ImportValue` gives for `{name}`");
    let text = || OpenText {
        what: what.clone(),
        shown: format!("${{{name}}}"),
        settled_by: AFTER_DEPLOYMENT.to_string(),
        domain: Domain::any(),
    };
    resolver.fill.text(text, &what, open("Fn::ImportValue"))
}

const AFTER_DEPLOYMENT: &str = "deploy, and audit the account";

/// `Ref`: a pseudo parameter, a parameter, or a bucket by its name.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>
fn reference(resolver: &Resolver<'_>, name: &str) -> Value {
    let setting = &resolver.setting;
    let given = |value: &Option<String>, option: &str, domain: Option<Domain>| {
        if let Some(value) = value {
            return Value::Text(value.clone());
        }
        let settled_by = format!("give it with `{option}`");
        let open = Value::open(unknown(format!("`{name}` is not given"), settled_by.clone()));
        match domain {
            Some(domain) => {
                let (what, shown) = (format!("`{name}`"), format!("${{{name}}}"));
                let text = || OpenText { what, shown, settled_by, domain };
                resolver.fill.text(text, name, open)
            }
            None => resolver.fill.region_without_partition(name, open),
        }
    };
    let partition = setting.partition();
    match name {
        "AWS::NoValue" => Value::Absent,
        "AWS::Partition" => Value::Text(partition.to_string()),
        "AWS::AccountId" => given(&setting.account_id, "--account", Some(Domain::AccountId)),
        // A Region says a partition: which one is not known here, then the Region is neither.
        "AWS::Region" => {
            let domain = Domain::Region(partition.to_string());
            given(&setting.region, "--region", setting.says_partition().then_some(domain))
        }
        "AWS::URLSuffix" if let Some(partition) = Partition::named(partition) => {
            Value::Text(partition.url_suffix.to_string())
        }
        "AWS::StackName" => after_deployment(resolver, name, Domain::StackName),
        _ => match resolver.parameters.get(name) {
            Some(value) if resolver.may_copy(value) => value.clone(),
            Some(_) => Value::open(unknown(
                format!("parameter `{name}` is used too often"),
                "write the values out",
            )),
            None if is_bucket(resolver, name) => bucket_name(resolver, name),
            None => after_deployment(resolver, name, Domain::any()),
        },
    }
}

pub(super) fn after_deployment(resolver: &Resolver<'_>, name: &str, domain: Domain) -> Value {
    let what = match domain {
        Domain::BucketName { .. } => format!("the name of bucket `{name}`"),
        _ => format!("`{name}`"),
    };
    let settled_by = "write the value out, or deploy and audit the account";
    let open = Value::open(unknown(format!("`{name}` is known after deployment only"), settled_by));
    let (key, shown) = (what.clone(), format!("${{{name}}}"));
    let text = || OpenText { what, shown, settled_by: settled_by.to_string(), domain };
    resolver.fill.text(text, &key, open)
}

/// `Fn::GetAtt`: a bucket's ARN, as far as its name is known, or an output of a nested stack.
///
/// Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html>,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html>
fn attribute(resolver: &Resolver<'_>, name: &str) -> Value {
    if let Some((stack, output)) = name.split_once(".Outputs.")
        && let Some(value) = nested::output(resolver, stack, output)
    {
        return value;
    }
    let Some(bucket) = name.strip_suffix(".Arn").filter(|name| is_bucket(resolver, name)) else {
        return after_deployment(resolver, name, Domain::any());
    };
    let mut arn = Parts::default();
    arn.text("arn:");
    arn.text(resolver.setting.partition());
    arn.text(":s3:::");
    arn.value(&bucket_name(resolver, bucket));
    arn.finish()
}

fn substitute<'a>(resolver: &Resolver<'a>, text: &'a str, names: &'a [(String, Node)]) -> Value {
    let mut whole = Parts::default();
    for part in parts(text) {
        match part {
            Part::Text(text) => whole.value(&super::text::literal(text, &resolver.fill)),
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

/// `Fn::FindInMap`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html>
fn find<'a>(resolver: &Resolver<'a>, path: [&'a Node; 3], default: Option<&'a Node>) -> Value {
    let mut found: Vec<&Node> = resolver.template.get("Mappings").into_iter().collect();
    let mut why = None;
    for key in path {
        let key = resolver.value(key);
        let known = key.known_text().filter(|key| !is_marked(key));
        found = match (&key, known) {
            (_, Some(key)) => found.iter().filter_map(|map| resolver.member(map, key)).collect(),
            // Whatever it finds is looked at, to see what marks stand beside.
            (key, None) if resolver.fill.marks().is_some() => {
                let names = found.iter().flat_map(|map| map.members());
                names.for_each(|(name, _)| resolver.fill.note_equality(key, name));
                why = Some(Vec::new());
                found.iter().flat_map(|map| map.members()).map(|(_, node)| node).collect()
            }
            (Value::Open(Open { why, .. }) | Value::Either(_, why), None) => {
                return Value::open_for(why.clone());
            }
            _ => Vec::new(),
        };
    }
    match (why, found.as_slice()) {
        (Some(why), found) => {
            let all = found.iter().copied().chain(default);
            let values = all.map(|node| resolver.value(node));
            Value::Either(values.collect(), why)
        }
        (None, found) => {
            let first = found.first().copied().or(default);
            first.map_or_else(|| open("Fn::FindInMap"), |node| resolver.value(node))
        }
    }
}
