//! What a preview of Pulumi leaves open never contradicts what it turns out to be: a preview is
//! decided, then again with some of its values unknown, secret or made up. The second verdict is
//! the first one, or INDETERMINATE.
#![expect(clippy::unwrap_used, reason = "a preview that cannot be read is a failed test")]

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use proptest::prelude::*;
use serde_json::{Value, json};

const UNKNOWN: &str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

fn texts(pool: &'static [&'static str]) -> BoxedStrategy<Value> {
    proptest::sample::select(pool).prop_map(Value::from).boxed()
}

fn fact() -> BoxedStrategy<Value> {
    prop_oneof![6 => Just(json!(true)), 1 => Just(json!(false)), 1 => Just(Value::Null)].boxed()
}

fn basic() -> BoxedStrategy<Value> {
    let values = texts(&["arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:::logs/", "arn:aws:s3:::a"]);
    let types = texts(&["AWS::S3::Object", "AWS::S3::Object", "AWS::Lambda::Function"]);
    let resource = (types, proptest::collection::vec(values, 0..3))
        .prop_map(|(kind, values)| json!({"type": kind, "values": values, "__defaults": []}));
    (texts(&["All", "All", "WriteOnly"]), proptest::collection::vec(resource, 0..3))
        .prop_map(|(kind, resources)| json!({"readWriteType": kind, "dataResources": resources}))
        .boxed()
}

fn advanced() -> BoxedStrategy<Value> {
    // The provider AWS names lists in the plural, AWS Native does not.
    let operator = proptest::sample::select(
        &[
            "equals",
            "notEquals",
            "startsWith",
            "endsWith",
            "notStartsWith",
            "notEndsWith",
            "startsWiths",
            "endsWiths",
            "notStartsWiths",
            "notEndsWiths",
        ][..],
    );
    let values = texts(&["", "arn:aws:s3:::logs/", "PutObject", "false", "a"]);
    let field = texts(&["resources.ARN", "resources.ARN", "readOnly", "eventName"]);
    let condition = (field, operator, proptest::collection::vec(values, 0..3)).prop_map(
        |(field, operator, values)| json!({"field": field, operator: values, "__defaults": []}),
    );
    proptest::collection::vec(condition, 0..3)
        .prop_map(|mut fields| {
            fields.push(json!({"field": "eventCategory", "equals": ["Data"]}));
            fields.push(json!({"field": "resources.type", "equals": ["AWS::S3::Object"]}));
            json!({"fieldSelectors": fields})
        })
        .boxed()
}

/// The inputs of a trail of either provider.
fn trail() -> BoxedStrategy<(&'static str, Value)> {
    let selectors = prop_oneof![
        proptest::collection::vec(basic(), 0..3).prop_map(|all| ("eventSelectors", all)),
        proptest::collection::vec(advanced(), 0..3).prop_map(|all| ("advancedEventSelectors", all)),
    ];
    (fact(), fact(), selectors, any::<bool>())
        .prop_map(|(logging, regions, (member, selectors), is_native)| {
            let (kind, logs) = if is_native {
                ("aws-native:cloudtrail:Trail", "isLogging")
            } else {
                ("aws:cloudtrail/trail:Trail", "enableLogging")
            };
            // AWS Native has no default for it.
            let logging = if is_native && logging.is_null() { json!(true) } else { logging };
            let bucket = json!("logs");
            (
                kind,
                json!({logs: logging, "isMultiRegionTrail": regions, member: selectors,
                "s3BucketName": bucket}),
            )
        })
        .boxed()
}

/// Puts what is not known in the place of some values, each in its turn.
fn open(value: &mut Value, choices: &mut impl Iterator<Item = u8>) {
    let choice = choices.next().unwrap_or_default();
    match (choice, &mut *value) {
        (0, _) => *value = json!(UNKNOWN),
        (1, _) => *value = json!("[secret]"),
        (2, Value::String(text)) => *value = json!(format!("{text}{UNKNOWN}")),
        (3, _) => {
            *value = json!({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                "ciphertext": "v1:AAAA"});
        }
        (_, Value::Array(elements)) => {
            elements.iter_mut().for_each(|element| open(element, choices));
        }
        (_, Value::Object(members)) => {
            members.values_mut().for_each(|member| open(member, choices));
        }
        _ => {}
    }
}

fn preview(trails: &[(&'static str, Value)]) -> Value {
    let steps: Vec<Value> = trails
        .iter()
        .enumerate()
        .map(|(name, (kind, inputs))| {
            let urn = format!("urn:pulumi:dev::shop::{kind}::trail{name}");
            json!({"op": "create", "urn": urn, "newState": {
                "urn": urn, "custom": true, "type": kind, "inputs": inputs}})
        })
        .collect();
    json!({"steps": steps, "duration": 1, "changeSummary": {"create": trails.len()}})
}

fn verdicts(preview: &Value) -> Vec<Verdict> {
    let setting = Setting { region: Some("eu-west-1".to_string()), ..Setting::default() };
    let [snapshot] = cis_plan::pulumi(&preview.to_string(), &setting).unwrap().try_into().unwrap();
    let questions =
        Kind::ALL.into_iter().flat_map(|kind| Mode::ALL.map(|mode| Question::new(kind, mode)));
    questions.map(|question| cis_rules::evaluate(&snapshot, &question).verdict).collect()
}

#[test]
fn less_knowledge_never_makes_a_verdict_more_definite() {
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let counts = std::cell::RefCell::new([0_usize; 3]);
    let openings = proptest::collection::vec(proptest::collection::vec(0_u8..24, 60), 4);
    let trails = proptest::collection::vec(trail(), 1..3);
    runner
        .run(&(trails, openings), |(trails, openings)| {
            let known = verdicts(&preview(&trails));
            for choices in openings {
                let mut less = trails.clone();
                let mut choices = choices.into_iter();
                for (_, inputs) in &mut less {
                    for member in inputs.as_object_mut().unwrap().values_mut() {
                        open(member, &mut choices);
                    }
                }
                let opened = preview(&less);
                for (less, more) in verdicts(&opened).into_iter().zip(&known) {
                    let mut counts = counts.borrow_mut();
                    counts[match less {
                        Verdict::Compliant => 0,
                        Verdict::NonCompliant => 1,
                        Verdict::Indeterminate => 2,
                    }] += 1;
                    prop_assert!(
                        less == Verdict::Indeterminate || less == *more,
                        "{less} became {more}: {opened}"
                    );
                }
            }
            Ok(())
        })
        .unwrap();
    let counts = counts.into_inner();
    assert!(counts.iter().all(|count| *count > 300), "{counts:?}");
}
