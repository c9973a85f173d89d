//! The template's text, as JSON.

use serde_json::{Map, Value as Json, json};

use crate::template::{
    Advanced, Basic, Choice, Condition, FieldSelector, ParameterKind, Spelling, Template, Text,
    Trail, Values,
};

impl Template {
    /// The template as CloudFormation takes it.
    pub(crate) fn json(&self) -> Json {
        let mut parameters = Map::new();
        for (at, parameter) in self.parameters.iter().enumerate() {
            let kind = match parameter.kind {
                ParameterKind::Text => "String",
                ParameterKind::List => "CommaDelimitedList",
                ParameterKind::Stored => "AWS::SSM::Parameter::Value<String>",
            };
            let mut written = json!({"Type": kind});
            if let Some(default) = &parameter.default {
                written["Default"] = default.as_str().into();
            }
            if !parameter.allowed.is_empty() {
                written["AllowedValues"] = json!(parameter.allowed);
            }
            if let Some(pattern) = parameter.pattern {
                written["AllowedPattern"] = pattern.expression().into();
            }
            parameters.insert(parameter_name(at), written);
        }
        let conditions: Map<String, Json> = self
            .conditions
            .iter()
            .enumerate()
            .map(|(at, all)| (name_of(at), condition(all)))
            .collect();
        let mut resources = Map::new();
        for (at, bucket) in self.buckets.iter().enumerate() {
            let mut written = json!({"Type": "AWS::S3::Bucket"});
            if let Some(name) = &bucket.name {
                written["Properties"] = json!({"BucketName": choice(name, &text)});
            }
            if let Some(condition) = bucket.condition {
                written["Condition"] = name_of(condition).into();
            }
            resources.insert(bucket_id(at), written);
        }
        for (at, one) in self.trails.iter().enumerate() {
            resources.insert(format!("Trail{at}"), trail(one));
        }
        let mut all = json!({"Resources": resources});
        if !parameters.is_empty() {
            all["Parameters"] = parameters.into();
        }
        if !conditions.is_empty() {
            all["Conditions"] = conditions.into();
        }
        all
    }
}

pub(crate) fn parameter_name(at: usize) -> String {
    format!("Param{at}")
}

pub(crate) fn bucket_id(at: usize) -> String {
    format!("Bucket{at}")
}

pub(crate) fn dynamic_reference(at: usize) -> String {
    match at {
        0 => "{{resolve:ssm:/audit/bucket}}".to_string(),
        _ => format!("{{{{resolve:secretsmanager:audit{at}:SecretString:bucket}}}}"),
    }
}

fn name_of(condition: usize) -> String {
    format!("Cond{condition}")
}

fn condition(of: &Condition) -> Json {
    match of {
        Condition::Equals(one, other) => json!({"Fn::Equals": [text(one), text(other)]}),
        Condition::Not(of) => json!({"Fn::Not": [condition(of)]}),
        Condition::And(all) => json!({"Fn::And": all.iter().map(condition).collect::<Vec<_>>()}),
        Condition::Or(all) => json!({"Fn::Or": all.iter().map(condition).collect::<Vec<_>>()}),
        Condition::Named(at) => json!({"Condition": name_of(*at)}),
    }
}

fn choice<T>(of: &Choice<T>, write: &dyn Fn(&T) -> Json) -> Json {
    let branch = |branch: &Option<Box<Choice<T>>>| match branch {
        Some(of) => choice(of, write),
        None => json!({"Ref": "AWS::NoValue"}),
    };
    match of {
        Choice::Is(value) => write(value),
        Choice::If(condition, one, other) => {
            json!({"Fn::If": [name_of(*condition), branch(one), branch(other)]})
        }
    }
}

fn text(of: &Text) -> Json {
    match of {
        Text::Known(text) => text.as_str().into(),
        Text::Parameter(at) => json!({"Ref": parameter_name(*at)}),
        Text::Joined(at) => json!({"Fn::Join": [",", {"Ref": parameter_name(*at)}]}),
        Text::Bucket(at) => json!({"Ref": bucket_id(*at)}),
        Text::BucketArn(at) => json!({"Fn::GetAtt": [bucket_id(*at), "Arn"]}),
        Text::Region => json!({"Ref": "AWS::Region"}),
        Text::Partition => json!({"Ref": "AWS::Partition"}),
        Text::Account => json!({"Ref": "AWS::AccountId"}),
        Text::Import(at) => json!({"Fn::ImportValue": format!("Export{at}")}),
        Text::Dynamic(at) => dynamic_reference(*at).into(),
        Text::All(texts, Spelling::Join) => {
            json!({"Fn::Join": ["", texts.iter().map(text).collect::<Vec<_>>()]})
        }
        Text::All(texts, Spelling::Sub) => {
            let mut variables = Map::new();
            let template: String = texts.iter().map(|text| in_sub(text, &mut variables)).collect();
            if variables.is_empty() {
                json!({"Fn::Sub": template})
            } else {
                json!({"Fn::Sub": [template, variables]})
            }
        }
    }
}

/// A text inside of `Fn::Sub`; what that cannot name becomes a variable.
fn in_sub(of: &Text, variables: &mut Map<String, Json>) -> String {
    match of {
        Text::Known(text) => text.clone(),
        Text::Parameter(at) => format!("${{{}}}", parameter_name(*at)),
        Text::Bucket(at) => format!("${{{}}}", bucket_id(*at)),
        Text::BucketArn(at) => format!("${{{}.Arn}}", bucket_id(*at)),
        Text::Region => "${AWS::Region}".to_string(),
        Text::Partition => "${AWS::Partition}".to_string(),
        Text::Account => "${AWS::AccountId}".to_string(),
        Text::Dynamic(at) => dynamic_reference(*at),
        Text::All(texts, _) => texts.iter().map(|text| in_sub(text, variables)).collect(),
        Text::Import(_) | Text::Joined(_) => {
            let name = format!("Var{}", variables.len());
            let written = format!("${{{name}}}");
            variables.insert(name, text(of));
            written
        }
    }
}

fn values(of: &Values) -> Json {
    match of {
        Values::Items(items) => items.iter().map(|item| choice(item, &text)).collect(),
        Values::List(at) => json!({"Ref": parameter_name(*at)}),
    }
}

fn trail(of: &Trail) -> Json {
    let mut properties = json!({
        "IsLogging": choice(&of.is_logging, &fact),
        "S3BucketName": choice(&of.bucket, &text),
    });
    if let Some(is_multi_region) = &of.is_multi_region {
        properties["IsMultiRegionTrail"] = choice(is_multi_region, &fact);
    }
    if let Some(selectors) = &of.basic {
        properties["EventSelectors"] =
            choice(selectors, &|all: &Vec<_>| all.iter().map(|one| choice(one, &basic)).collect());
    }
    if let Some(selectors) = &of.advanced {
        properties["AdvancedEventSelectors"] = choice(selectors, &|all: &Vec<_>| {
            all.iter().map(|one| choice(one, &advanced)).collect()
        });
    }
    let mut written = json!({"Type": "AWS::CloudTrail::Trail", "Properties": properties});
    if let Some(condition) = of.condition {
        written["Condition"] = name_of(condition).into();
    }
    written
}

/// A boolean may be written as one.
fn fact(of: &Text) -> Json {
    match of {
        Text::Known(text) if text == "true" => true.into(),
        Text::Known(text) if text == "false" => false.into(),
        of => text(of),
    }
}

fn basic(of: &Basic) -> Json {
    let mut written = json!({
        "DataResources": [{"Type": "AWS::S3::Object", "Values": choice(&of.values, &values)}],
    });
    if let Some(kind) = &of.read_write {
        written["ReadWriteType"] = choice(kind, &text);
    }
    written
}

fn advanced(of: &Advanced) -> Json {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    fields.extend(of.fields.iter().map(|field| choice(field, &field_selector)));
    json!({"FieldSelectors": fields})
}

fn field_selector(of: &FieldSelector) -> Json {
    let mut written = json!({"Field": of.field});
    for (operator, of) in &of.operators {
        written[*operator] = choice(of, &values);
    }
    written
}
