//! Every value of every recorded plan, and every part of one, made known after apply: no verdict
//! is contradicted.
#![expect(clippy::unwrap_used, reason = "a plan that cannot be read is a failed test")]

use std::fs;
use std::path::Path;

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use serde_json::{Value, json};

/// All places in a value, as JSON pointers.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    let mut into = |name: &str, value: &Value| {
        let at = format!("{at}/{name}");
        all.push(at.clone());
        places(value, &at, all);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| into(name, value)),
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(index, value)| into(&index.to_string(), value));
        }
        _ => {}
    }
}

/// `after_unknown` written out: with all lists and objects that the values have.
fn written_out(values: &Value, unknown: &Value) -> Value {
    if *unknown == json!(true) {
        return json!(true);
    }
    match values {
        Value::Object(members) => {
            let mut all = unknown.as_object().cloned().unwrap_or_default();
            for (name, value) in members {
                let of_member = all.get(name).cloned().unwrap_or(Value::Null);
                all.insert(name.clone(), written_out(value, &of_member));
            }
            Value::Object(all)
        }
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .map(|(index, value)| written_out(value, unknown.get(index).unwrap_or(&Value::Null)))
            .collect(),
        _ => json!(false),
    }
}

/// All resources of a plan, as JSON pointers.
fn resources(module: &Value, at: &str, all: &mut Vec<String>) {
    for index in 0..module["resources"].as_array().map_or(0, Vec::len) {
        all.push(format!("{at}/resources/{index}"));
    }
    for (index, child) in module["child_modules"].as_array().into_iter().flatten().enumerate() {
        resources(child, &format!("{at}/child_modules/{index}"), all);
    }
}

fn verdicts(plan: &Value) -> Vec<Verdict> {
    let snapshot = cis_plan::plan(&plan.to_string(), &Setting::default()).unwrap();
    let questions =
        Kind::ALL.into_iter().flat_map(|kind| Mode::ALL.map(|mode| Question::new(kind, mode)));
    questions.map(|question| cis_rules::evaluate(&snapshot, &question).verdict).collect()
}

#[test]
fn what_is_known_after_apply_contradicts_nothing() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut tried = 0;
    let mut undecided = 0;
    for file in fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()) {
        let name = file.file_name().unwrap().to_str().unwrap().to_string();
        if !name.starts_with("plan-") {
            continue;
        }
        let plan: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let known = verdicts(&plan);
        let mut all = Vec::new();
        resources(&plan["planned_values"]["root_module"], "/planned_values/root_module", &mut all);
        for resource in all {
            let planned = plan.pointer(&resource).unwrap();
            let changes = plan["resource_changes"].as_array().unwrap();
            let change = changes.iter().position(|change| change["address"] == planned["address"]);
            let Some(change) = change else { continue };
            let said = &plan["resource_changes"][change]["change"]["after_unknown"];
            let unknown = written_out(&planned["values"], said);
            let mut within = Vec::new();
            places(&planned["values"], "", &mut within);
            for place in within {
                let mut less = plan.clone();
                *less.pointer_mut(&format!("{resource}/values{place}")).unwrap() = Value::Null;
                let mut unknown = unknown.clone();
                if let Some(leaf) = unknown.pointer_mut(&place) {
                    *leaf = json!(true);
                }
                less["resource_changes"][change]["change"]["after_unknown"] = unknown;
                tried += 1;
                for (less, known) in verdicts(&less).into_iter().zip(&known) {
                    undecided += usize::from(less != *known);
                    assert!(
                        less == Verdict::Indeterminate || less == *known,
                        "{name}: {known} became {less} without {resource}{place}"
                    );
                }
            }
        }
    }
    assert!(tried > 200 && undecided > 100, "{tried} places, {undecided} no longer decided");
}
