//! Changes to random accounts: such as keep their meaning, and others.

use serde_json::{Value, json};

use testkit::chance::{Chance, Rng};

fn shuffle<T>(rng: &mut Rng, items: &mut [T]) {
    for last in (1..items.len()).rev() {
        items.swap(last, rng.below(last + 1));
    }
}

/// Shuffles a list and repeats one of its items.
fn respell_list(rng: &mut Rng, list: &mut Value) {
    let Some(list) = list.as_array_mut().filter(|list| !list.is_empty()) else { return };
    if rng.once_in(3) {
        list.push(rng.pick(list).clone());
    }
    shuffle(rng, list);
}

fn respell_advanced(rng: &mut Rng, selectors: &mut Vec<Value>) {
    let mut split = Vec::new();
    for selector in &mut *selectors {
        let Some(fields) = selector["FieldSelectors"].as_array_mut() else { continue };
        for field in &mut *fields {
            // Whether a required field with one value twice is the same is not documented.
            let is_required =
                ["eventCategory", "resources.type"].contains(&field["Field"].as_str().unwrap());
            for (name, values) in field.as_object_mut().unwrap() {
                if name != "Field" && !is_required {
                    respell_list(rng, values);
                }
            }
        }
        shuffle(rng, fields);
        // Every record has an eventName, so it is split exactly by a condition on it.
        let has_name = fields.iter().any(|field| field["Field"] == "eventName");
        if !has_name && rng.once_in(2) {
            let name = *rng.pick(&["PutObject", "GetObject", "Unheard", "s"]);
            let (yes, no) = *rng.pick(&[
                ("Equals", "NotEquals"),
                ("StartsWith", "NotStartsWith"),
                ("EndsWith", "NotEndsWith"),
            ]);
            let mut other = selector.clone();
            for (side, operator) in [(&mut *selector, yes), (&mut other, no)] {
                let fields = side["FieldSelectors"].as_array_mut().unwrap();
                fields.push(json!({"Field": "eventName", operator: [name]}));
            }
            split.push(other);
        }
    }
    selectors.extend(split);
}

/// The same account, spelled differently.
pub(crate) fn respelled(rng: &mut Rng, account: &Value) -> Value {
    let mut account = account.clone();
    let trails = account["trails"].as_array_mut().unwrap();
    for trail in &mut *trails {
        let selectors = &mut trail["eventSelectors"];
        if let Some(advanced) = selectors.get_mut("AdvancedEventSelectors") {
            respell_advanced(rng, advanced.as_array_mut().unwrap());
            respell_list(rng, advanced);
        }
        if let Some(basic) = selectors.get_mut("EventSelectors") {
            for selector in basic.as_array_mut().unwrap() {
                if let Some(values) = selector.pointer_mut("/DataResources/0/Values") {
                    respell_list(rng, values);
                }
            }
            respell_list(rng, basic);
        }
    }
    shuffle(rng, trails);
    account
}

/// The account with one thing changed, if there is anything to change.
pub(crate) fn edited(rng: &mut Rng, account: &Value, other: &Value) -> Value {
    let mut account = account.clone();
    let trails = account["trails"].as_array_mut().unwrap();
    let kind = rng.below(10);
    if kind == 0 {
        account["unreadable"] = json!([{"call": "ListTrails", "code": "AccessDeniedException"}]);
        return account;
    }
    if trails.is_empty() || kind == 1 {
        account["trails"] = other["trails"].clone();
        return account;
    }
    let at = rng.below(trails.len());
    match kind {
        2 => {
            trails.remove(at);
        }
        3 => trails[at]["status"]["IsLogging"] = json!(false),
        4 => trails[at]["status"] = Value::Null,
        5 => trails[at]["trail"]["RecursiveLogging"] = json!(false),
        _ => edit_selector(rng, &mut trails[at]["eventSelectors"]["AdvancedEventSelectors"]),
    }
    account
}

fn edit_selector(rng: &mut Rng, selectors: &mut Value) {
    let Some(selectors) = selectors.as_array_mut().filter(|list| !list.is_empty()) else { return };
    let at = rng.below(selectors.len());
    let arn = *rng.pick(&["arn:aws:s3:::acme", "arn:aws:s3:::acme-logs/", "arn:aws:s3:::zeta/x"]);
    let Some(fields) = selectors[at]["FieldSelectors"].as_array_mut() else { return };
    match rng.below(4) {
        0 => {
            selectors.remove(at);
        }
        1 => {
            fields.pop();
        }
        2 => fields.push(json!({"Field": "resources.ARN", "NotStartsWith": [arn]})),
        _ => fields.push(json!({"Field": "eventSource", "Contains": ["s3"]})),
    }
}
