//! The committed templates, as a library reads them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value, json};
use serde_norway::Value as Yaml;

/// The committed templates by file name, functions in the long form.
pub(crate) fn committed() -> BTreeMap<String, Value> {
    let files = fs::read_dir(infra::synth::directory()).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, parse(&fs::read_to_string(&path).unwrap()))
        })
        .collect()
}

/// The committed templates and the ones inside conformance packs: everything with resources.
pub(crate) fn all() -> BTreeMap<String, Value> {
    let mut all = committed();
    for (name, template) in committed() {
        for (logical_name, resource) in template["Resources"].as_object().unwrap() {
            if let Some(body) = resource["Properties"]["TemplateBody"].as_str() {
                all.insert(format!("{name}/{logical_name}"), parse(body));
            }
        }
    }
    all
}

/// A template's text as JSON.
pub(crate) fn parse(text: &str) -> Value {
    long_form(serde_norway::from_str(text).unwrap())
}

fn long_form(value: Yaml) -> Value {
    match value {
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = match tag.trim_start_matches('!') {
                "Ref" => "Ref".to_owned(),
                function => format!("Fn::{function}"),
            };
            json!({name: long_form(tagged.value)})
        }
        Yaml::Mapping(members) => members
            .into_iter()
            .map(|(name, value)| (name.as_str().unwrap().to_owned(), long_form(value)))
            .collect::<Map<_, _>>()
            .into(),
        Yaml::Sequence(items) => items.into_iter().map(long_form).collect(),
        other => serde_json::to_value(other).unwrap(),
    }
}

/// A template with every branch of every `Fn::If` in it, and its loops run once: a rule that holds
/// for this one holds for whatever is deployed.
pub(crate) fn with_every_branch(template: &Value) -> Value {
    match template {
        Value::Object(members) => {
            if let Some(Value::Array(branches)) = members.get("Fn::If") {
                return with_every_branch(&branches[1]);
            }
            let mut all = Map::new();
            for (name, value) in members {
                if name.starts_with("Fn::ForEach") {
                    let body = value[2].as_object().unwrap().clone();
                    all.extend(body.into_iter().map(|(name, it)| (name, with_every_branch(&it))));
                } else {
                    all.insert(name.clone(), with_every_branch(value));
                }
            }
            all.into()
        }
        Value::Array(items) => {
            let no_value = json!({"Ref": "AWS::NoValue"});
            let branches = items.iter().flat_map(|item| match item.get("Fn::If") {
                Some(Value::Array(branches)) => branches[1..].to_vec(),
                _ => vec![item.clone()],
            });
            branches.filter(|it| *it != no_value).map(|it| with_every_branch(&it)).collect()
        }
        other => other.clone(),
    }
}

/// A template's resources of one type, by logical name.
pub(crate) fn of_type<'a>(template: &'a Value, kind: &str) -> Vec<(&'a str, &'a Value)> {
    let resources = template["Resources"].as_object().unwrap();
    let wanted = resources.iter().filter(|(_, resource)| resource["Type"] == kind);
    wanted.map(|(name, resource)| (name.as_str(), resource)).collect()
}
