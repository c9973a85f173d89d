//! What is left open never contradicts what it turns out to be: a template with parameters that
//! have no value gets a verdict, and every assignment of values gets the same one, unless the
//! verdict was INDETERMINATE.
#![expect(clippy::unwrap_used, reason = "a template that cannot be read is a failed test")]

use std::collections::BTreeMap;

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Parameters of type String, and values that they may get.
const TEXTS: [&str; 4] = ["A", "B", "C", "D"];
const LISTS: [&str; 2] = ["L", "M"];
const SWITCHES: [&str; 2] = ["X", "Y"];

/// Values that meet each other, and the selectors' own texts.
const POOL: [&str; 16] = [
    "",
    "a",
    "ab",
    "b",
    "true",
    "false",
    "Data",
    "Management",
    "AWS::S3::Object",
    "arn:aws:s3",
    "arn:aws:s3:::",
    "arn:aws:s3:::logs/",
    "arn:aws:s3:::logs",
    "*",
    "PutObject",
    "eventName",
];

// Every strategy is boxed: nested in one another, their types would cost the compiler gigabytes.

fn pooled() -> BoxedStrategy<String> {
    let strategy = { proptest::sample::select(POOL.to_vec()).prop_map(str::to_string) };
    strategy.boxed()
}

fn reference(names: &'static [&'static str]) -> BoxedStrategy<Value> {
    let strategy = { proptest::sample::select(names).prop_map(|name| json!({"Ref": name})) };
    strategy.boxed()
}

fn condition() -> BoxedStrategy<&'static str> {
    let strategy =
        { proptest::sample::select(&["IsX", "IsY", "IsBoth", "IsNeither", "Always"][..]) };
    strategy.boxed()
}

/// A value, or one of two, or perhaps nothing.
fn chosen<S>(value: impl Fn() -> S + 'static) -> impl Strategy<Value = Value>
where
    S: Strategy<Value = Value> + 'static,
{
    prop_oneof![
        6 => value(),
        1 => (condition(), value(), value())
            .prop_map(|(name, one, other)| json!({"Fn::If": [name, one, other]})),
        1 => (condition(), value())
            .prop_map(|(name, one)| json!({"Fn::If": [name, one, {"Ref": "AWS::NoValue"}]})),
    ]
}

/// A text like this one, in whole or in part behind a parameter.
fn like(known: impl Strategy<Value = String> + 'static) -> BoxedStrategy<Value> {
    let strategy = {
        let known = known.boxed();
        prop_oneof![
            5 => known.clone().prop_map(Value::from),
            1 => reference(&TEXTS),
            1 => (known.clone(), proptest::sample::select(&TEXTS[..]))
                .prop_map(|(text, name)| json!({"Fn::Sub": format!("{text}${{{name}}}")})),
            1 => (known.clone(), proptest::sample::select(&TEXTS[..]))
                .prop_map(|(text, name)| json!({"Fn::Join": ["", [{"Ref": name}, text]]})),
        ]
    };
    strategy.boxed()
}

/// A whole list, one of two, perhaps none, or one that a mapping has under a key that is not known.
fn whole(
    member: &'static str,
    list: impl Strategy<Value = Vec<Value>> + 'static,
) -> BoxedStrategy<Value> {
    let strategy = {
        let list = list.prop_map(Value::from).boxed();
        let found = proptest::sample::select(&TEXTS[..])
            .prop_map(move |key| json!({"Fn::FindInMap": ["Whole", {"Ref": key}, member]}));
        prop_oneof![9 => chosen(move || list.clone()), 1 => found]
    };
    strategy.boxed()
}

/// What the mapping has under two of the values that a parameter may get.
fn mapping() -> Value {
    let resources = json!([{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]);
    let fields = json!([{"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]);
    let selectors = |resources: &Value, fields: &Value| {
        json!({"EventSelectors": [{"DataResources": resources}], "DataResources": resources,
            "AdvancedEventSelectors": [{"FieldSelectors": fields}], "FieldSelectors": fields})
    };
    json!({"a": selectors(&resources, &fields), "b": selectors(&json!([]), &json!([]))})
}

fn object_value() -> BoxedStrategy<String> {
    let strategy = {
        proptest::sample::select(
            &[
                "arn:aws:s3",
                "arn:aws:s3:::",
                "arn:aws:s3:::logs/",
                "arn:aws:s3:::a",
                "arn:aws-cn:s3",
            ][..],
        )
        .prop_map(str::to_string)
    };
    strategy.boxed()
}

fn basic() -> BoxedStrategy<Value> {
    let strategy = {
        let kinds = &["All", "All", "WriteOnly", "ReadOnly"][..];
        let kind = proptest::sample::select(kinds).prop_map(str::to_string);
        let types = &["AWS::S3::Object", "AWS::S3::Object", "AWS::Lambda::Function"][..];
        let values = || {
            prop_oneof![
                5 => proptest::collection::vec(chosen(|| like(object_value())), 0..3)
                    .prop_map(Value::from),
                1 => reference(&LISTS),
            ]
        };
        let resource =
            (like(proptest::sample::select(types).prop_map(str::to_string)), chosen(values))
                .prop_map(|(kind, values)| json!({"Type": kind, "Values": values}))
                .boxed();
        (
            chosen(move || like(kind.clone())),
            whole(
                "DataResources",
                proptest::collection::vec(chosen(move || resource.clone()), 0..3),
            ),
        )
            .prop_map(
                |(kind, resources)| json!({"ReadWriteType": kind, "DataResources": resources}),
            )
    };
    strategy.boxed()
}

fn operator() -> BoxedStrategy<(String, Value)> {
    let strategy = {
        let names =
            &["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"];
        let values = || {
            prop_oneof![
                6 => proptest::collection::vec(chosen(|| like(pooled())), 0..3).prop_map(Value::from),
                1 => reference(&LISTS),
            ]
        };
        (proptest::sample::select(&names[..]).prop_map(str::to_string), chosen(values))
    };
    strategy.boxed()
}

fn field_selector() -> BoxedStrategy<Value> {
    let strategy = {
        let fields = &[
            "eventName",
            "resources.ARN",
            "resources.ARN",
            "userIdentity.arn",
            "readOnly",
            "sessionCredentialFromConsole",
            "eventCategory",
            "novel",
        ][..];
        let field = prop_oneof![
            12 => proptest::sample::select(fields).prop_map(Value::from),
            1 => reference(&TEXTS),
        ];
        (field, proptest::collection::vec(operator(), 1..3)).prop_map(|(field, operators)| {
            let mut selector: serde_json::Map<String, Value> = operators.into_iter().collect();
            selector.insert("Field".to_string(), field);
            Value::Object(selector)
        })
    };
    strategy.boxed()
}

fn advanced() -> BoxedStrategy<Value> {
    let strategy = {
        let required = |field: &'static str, value: &'static str| {
            prop_oneof![
                9 => Just(json!([value])),
                1 => like(Just(value.to_string())).prop_map(|value| json!([value])),
                1 => reference(&LISTS),
            ]
            .prop_map(move |values| json!({"Field": field, "Equals": values}))
        };
        let fields = (
            required("eventCategory", "Data"),
            required("resources.type", "AWS::S3::Object"),
            proptest::collection::vec(chosen(field_selector), 0..3),
        )
            .prop_map(|(category, kind, mut others)| {
                others.extend([category, kind]);
                others
            });
        whole("FieldSelectors", fields).prop_map(|fields| json!({"FieldSelectors": fields}))
    };
    strategy.boxed()
}

fn truth() -> BoxedStrategy<Value> {
    let strategy = {
        prop_oneof![
            8 => Just(json!(true)),
            1 => Just(json!(false)),
            1 => reference(&SWITCHES),
            1 => condition().prop_map(|name| json!({"Fn::If": [name, true, false]})),
        ]
    };
    strategy.boxed()
}

fn trail() -> BoxedStrategy<Value> {
    let strategy = {
        let selectors = prop_oneof![
            whole("EventSelectors", proptest::collection::vec(chosen(basic), 0..3))
                .prop_map(|all| ("EventSelectors", all)),
            whole("AdvancedEventSelectors", proptest::collection::vec(chosen(advanced), 0..3))
                .prop_map(|all| ("AdvancedEventSelectors", all)),
        ];
        let recursive = prop_oneof![4 => Just(json!(true)), 1 => truth()];
        let exists = proptest::option::weighted(0.2, condition());
        (truth(), truth(), recursive, like(Just("logs".to_string())), selectors, exists).prop_map(
            |(logging, regions, recursive, bucket, (member, selectors), exists)| {
                json!({"Type": "AWS::CloudTrail::Trail", "Condition": exists, "Properties": {
                "IsLogging": logging, "IsMultiRegionTrail": regions,
                "RecursiveLogging": recursive, "S3BucketName": bucket, member: selectors}})
            },
        )
    };
    strategy.boxed()
}

fn template() -> BoxedStrategy<String> {
    let strategy = {
        proptest::collection::vec(trail(), 1..3).prop_map(|trails| {
            let names = ["One", "Two"];
            let resources: serde_json::Map<String, Value> = trails
                .into_iter()
                .zip(names)
                .map(|(mut trail, name)| {
                    if trail["Condition"].is_null()
                        && let Some(members) = trail.as_object_mut()
                    {
                        members.remove("Condition");
                    }
                    (name.to_string(), trail)
                })
                .collect();
            let kinds =
                [(&TEXTS[..], "String"), (&LISTS, "CommaDelimitedList"), (&SWITCHES, "String")];
            let parameters: serde_json::Map<String, Value> = kinds
                .into_iter()
                .flat_map(|(names, kind)| {
                    names.iter().map(move |name| ((*name).to_string(), json!({"Type": kind})))
                })
                .collect();
            let is = |name: &str| json!({"Fn::Equals": [{"Ref": name}, "true"]});
            let mappings = json!({"Whole": mapping()});
            json!({"Parameters": parameters, "Mappings": mappings, "Resources": resources,
            "Conditions": {
            "IsX": is("X"), "IsY": is("Y"),
            "IsBoth": {"Fn::And": [{"Condition": "IsX"}, {"Condition": "IsY"}]},
            "IsNeither": {"Fn::Not": [{"Fn::Or": [{"Condition": "IsX"}, {"Condition": "IsY"}]}]},
            "Always": {"Fn::Equals": ["a", "a"]}}})
            .to_string()
        })
    };
    strategy.boxed()
}

/// Values for all parameters.
fn assignment() -> BoxedStrategy<BTreeMap<String, String>> {
    let strategy = {
        let texts = proptest::collection::vec(pooled(), TEXTS.len());
        let list = proptest::collection::vec(pooled(), 1..3).prop_map(|items| items.join(","));
        let lists = proptest::collection::vec(
            list.prop_filter("an empty list stays open", |list| !list.trim().is_empty()),
            LISTS.len(),
        );
        let switch = proptest::sample::select(&["true", "false"][..]).prop_map(str::to_string);
        let switches = proptest::collection::vec(switch, SWITCHES.len());
        (texts, lists, switches).prop_map(|(texts, lists, switches)| {
            let named = |names: &[&str], values: Vec<String>| -> Vec<(String, String)> {
                names.iter().map(|name| (*name).to_string()).zip(values).collect()
            };
            let all = [named(&TEXTS, texts), named(&LISTS, lists), named(&SWITCHES, switches)];
            all.into_iter().flatten().collect()
        })
    };
    strategy.boxed()
}

fn verdicts(template: &str, parameters: &BTreeMap<String, String>) -> Vec<Verdict> {
    let setting = Setting { parameters: parameters.clone(), ..Setting::default() };
    let snapshot = cis_plan::template(template, &setting).unwrap();
    let questions =
        Kind::ALL.into_iter().flat_map(|kind| Mode::ALL.map(|mode| Question::new(kind, mode)));
    questions.map(|question| cis_rules::evaluate(&snapshot, &question).verdict).collect()
}

/// How often a verdict was decided while something was open, so that the test is known to test.
#[derive(Default)]
struct Decided {
    compliant: usize,
    non_compliant: usize,
    indeterminate: usize,
}

#[test]
fn no_assignment_contradicts_what_was_decided_without_it() {
    let cases = 2000;
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let decided = std::cell::RefCell::new(Decided::default());
    let assignments = proptest::collection::vec((assignment(), any::<u8>()), 4);
    runner
        .run(&(template(), assignments), |(template, assignments)| {
            let open = verdicts(&template, &BTreeMap::new());
            for verdict in &open {
                let mut decided = decided.borrow_mut();
                *match verdict {
                    Verdict::Compliant => &mut decided.compliant,
                    Verdict::NonCompliant => &mut decided.non_compliant,
                    Verdict::Indeterminate => &mut decided.indeterminate,
                } += 1;
            }
            for (whole, kept) in assignments {
                // Some of the values, then all: each step may only decide more.
                let some: BTreeMap<String, String> = whole
                    .iter()
                    .enumerate()
                    .filter(|(position, _)| kept >> position & 1 == 1)
                    .map(|(_, (name, value))| (name.clone(), value.clone()))
                    .collect();
                let partly = verdicts(&template, &some);
                let wholly = verdicts(&template, &whole);
                for (less, more) in [(&open, &partly), (&partly, &wholly)] {
                    for (less, more) in less.iter().zip(more) {
                        prop_assert!(
                            *less == Verdict::Indeterminate || less == more,
                            "{less} became {more} with {whole:?}, at first {some:?}: {template}"
                        );
                    }
                }
            }
            Ok(())
        })
        .unwrap();
    let decided = decided.into_inner();
    assert!(decided.compliant > 100, "{} COMPLIANT", decided.compliant);
    assert!(decided.non_compliant > 100, "{} NON_COMPLIANT", decided.non_compliant);
    assert!(decided.indeterminate > 100, "{} INDETERMINATE", decided.indeterminate);
}

/// A template that nests another one, and passes each of its own parameters on.
fn nesting() -> String {
    let names = || TEXTS.iter().chain(&LISTS).chain(&SWITCHES);
    let parameters: serde_json::Map<String, Value> =
        names().map(|name| ((*name).to_string(), json!({"Type": "String"}))).collect();
    let passed: serde_json::Map<String, Value> =
        names().map(|name| ((*name).to_string(), json!({"Ref": name}))).collect();
    json!({"Parameters": parameters, "Resources": {"Nested": {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "nested.json", "Parameters": passed},
    }}})
    .to_string()
}

fn verdicts_of_nested(template: &str, parameters: &BTreeMap<String, String>) -> Vec<Verdict> {
    let setting = Setting { parameters: parameters.clone(), ..Setting::default() };
    let files = BTreeMap::from([("nested.json".to_string(), template.as_bytes().to_vec())]);
    let read = cis_plan::template_beside(&nesting(), &files, "main.json", &setting).unwrap();
    let questions =
        Kind::ALL.into_iter().flat_map(|kind| Mode::ALL.map(|mode| Question::new(kind, mode)));
    questions.map(|question| cis_rules::evaluate(&read.account, &question).verdict).collect()
}

#[test]
fn a_nested_template_is_decided_as_it_is_by_itself() {
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    runner
        .run(&(template(), assignment(), any::<u8>()), |(template, whole, kept)| {
            let some: BTreeMap<String, String> = whole
                .into_iter()
                .enumerate()
                .filter(|(position, _)| kept >> position & 1 == 1)
                .map(|(_, given)| given)
                .collect();
            prop_assert_eq!(verdicts_of_nested(&template, &some), verdicts(&template, &some));
            Ok(())
        })
        .unwrap();
}
