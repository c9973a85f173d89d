//! The published OCSF schema: what it says is wrong with an event.
//!
//! The schema's files are put together as its contribution guide describes: a class or an object
//! extends another, includes profiles, and takes from the dictionary what it does not say itself.
//! Stricter than the schema's own validator in two things: what is deprecated is wrong, and so is a
//! name that is not the caption of its number.
//!
//! Source: <https://github.com/ocsf/ocsf-schema/blob/1.6.0/CONTRIBUTING.md>

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::Result;

/// One version of the schema.
#[derive(Debug)]
pub struct Schema {
    directory: PathBuf,
    dictionary: Value,
}

/// A class or an object with everything that it inherits.
struct Shape {
    attributes: Map<String, Value>,
    constraints: Map<String, Value>,
}

impl Schema {
    /// The schema that the tests have.
    ///
    /// # Errors
    /// Where its files cannot be read.
    pub fn load() -> Result<Self> {
        let directory = crate::setup::directory().join("ocsf/1.6.0");
        let dictionary = json(&directory.join("dictionary.json"))?;
        Ok(Self { directory, dictionary })
    }

    /// Everything that is wrong with a Compliance Finding, one sentence each.
    ///
    /// # Errors
    /// Where the tests do not have a part of the schema that the event needs.
    pub fn problems(&self, event: &Value) -> Result<Vec<String>> {
        let class = self.read("events/findings/compliance_finding")?;
        let category = self.read("categories")?["attributes"]["findings"].take();
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        let class_uid = number(&category["uid"]) * 1000 + number(&class["uid"]);
        let activity = format!("{}: {}", text(&class["caption"]), text(&event["activity_name"]));
        let mut problems = Vec::new();
        for (name, expected) in [
            ("category_uid", category["uid"].clone()),
            ("category_name", category["caption"].clone()),
            ("class_uid", class_uid.into()),
            ("class_name", class["caption"].clone()),
            ("type_uid", (class_uid * 100 + number(&event["activity_id"])).into()),
            ("type_name", activity.into()),
        ] {
            if event[name] != expected {
                problems.push(format!("{name}: {} must be {expected}", event[name]));
            }
        }
        let version = self.read("version")?;
        if event["metadata"]["version"] != version["version"] {
            problems.push(format!("metadata.version must be {}", version["version"]));
        }
        let profiles = event["metadata"]["profiles"].as_array().cloned().unwrap_or_default();
        let shape = self.shape("events/findings/compliance_finding")?;
        self.check(&shape, event, &profiles, "", &mut problems)?;
        Ok(problems)
    }

    fn read(&self, name: &str) -> Result<Value> {
        json(&self.directory.join(format!("{name}.json")))
    }

    /// A file with what it extends and includes.
    fn shape(&self, name: &str) -> Result<Shape> {
        let file = self.read(name)?;
        let mut shape = match file["extends"].as_str() {
            Some(base) => self.shape(&self.path_of_base(name, base))?,
            None => Shape { attributes: Map::new(), constraints: Map::new() },
        };
        if let Some(constraints) = file["constraints"].as_object() {
            shape.constraints = constraints.clone();
        }
        for profile in file["attributes"]["$include"].as_array().into_iter().flatten() {
            let profile = self.read(text(profile).trim_end_matches(".json"))?;
            for (attribute, said) in profile["attributes"].as_object().into_iter().flatten() {
                let mut said = said.clone();
                said["profile"] = profile["name"].clone();
                merge(shape.attributes.entry(attribute).or_insert(Value::Null), &said);
            }
        }
        for (attribute, said) in file["attributes"].as_object().into_iter().flatten() {
            if attribute != "$include" {
                merge(shape.attributes.entry(attribute).or_insert(Value::Null), said);
            }
        }
        Ok(shape)
    }

    fn path_of_base(&self, name: &str, base: &str) -> String {
        let candidates = ["events/findings", "events", "objects"];
        let is_object = name.starts_with("objects/");
        let found = candidates.iter().find(|directory| {
            (**directory == "objects") == is_object
                && self.directory.join(directory).join(format!("{base}.json")).exists()
        });
        format!("{}/{base}", found.unwrap_or(&"objects"))
    }

    fn check(
        &self,
        shape: &Shape,
        value: &Value,
        profiles: &[Value],
        at: &str,
        problems: &mut Vec<String>,
    ) -> Result {
        let Some(members) = value.as_object() else {
            problems.push(format!("{at}: must be an object, not {value}"));
            return Ok(());
        };
        let mut known = BTreeMap::new();
        for (name, said) in &shape.attributes {
            let mut whole = self.dictionary["attributes"][name.as_str()].clone();
            merge(&mut whole, said);
            if whole["profile"].is_null() || profiles.contains(&whole["profile"]) {
                known.insert(name.as_str(), whole);
            }
        }
        for (name, attribute) in &known {
            if attribute["requirement"] == "required" && !members.contains_key(*name) {
                problems.push(format!("{at}.{name}: is required"));
            }
        }
        for (name, member) in members {
            let at = format!("{at}.{name}");
            match known.get(name.as_str()) {
                None => problems.push(format!("{at}: is not an attribute here")),
                Some(attribute) if attribute.get("@deprecated").is_some() => {
                    problems.push(format!("{at}: is deprecated"));
                }
                Some(attribute) => {
                    self.check_attribute(attribute, member, profiles, &at, problems)?;
                    let sibling = text(&attribute["sibling"]);
                    check_caption(attribute, member, &members.get(sibling), &at, problems);
                }
            }
        }
        for (constraint, names) in &shape.constraints {
            let names = names.as_array().into_iter().flatten();
            let count = names.filter(|name| members.contains_key(text(name))).count();
            let is_kept = match constraint.as_str() {
                "at_least_one" => count >= 1,
                "just_one" => count == 1,
                _ => false,
            };
            if !is_kept {
                problems.push(format!("{at}: {constraint} is not kept"));
            }
        }
        Ok(())
    }

    fn check_attribute(
        &self,
        attribute: &Value,
        value: &Value,
        profiles: &[Value],
        at: &str,
        problems: &mut Vec<String>,
    ) -> Result {
        if attribute["is_array"] == true {
            let Some(items) = value.as_array() else {
                problems.push(format!("{at}: must be an array, not {value}"));
                return Ok(());
            };
            for (index, item) in items.iter().enumerate() {
                self.check_one(attribute, item, profiles, &format!("{at}[{index}]"), problems)?;
            }
            return Ok(());
        }
        self.check_one(attribute, value, profiles, at, problems)
    }

    fn check_one(
        &self,
        attribute: &Value,
        value: &Value,
        profiles: &[Value],
        at: &str,
        problems: &mut Vec<String>,
    ) -> Result {
        let name = text(&attribute["type"]);
        if !name.ends_with("_t") {
            let shape = self.shape(&format!("objects/{name}"))?;
            return self.check(&shape, value, profiles, at, problems);
        }
        let kind = &self.dictionary["types"]["attributes"][name];
        for beyond in ["regex", "range", "max_len"] {
            if kind.get(beyond).is_some() {
                return Err(format!("{at}: the tests cannot check the {beyond} of {name}").into());
            }
        }
        let is_valid = match kind["type"].as_str().unwrap_or(name) {
            "string_t" => value.is_string(),
            "integer_t" | "long_t" => value.is_i64() || value.is_u64(),
            "boolean_t" => value.is_boolean(),
            "json_t" => true,
            other => return Err(format!("{at}: the tests do not know the type {other}").into()),
        };
        if !is_valid {
            problems.push(format!("{at}: must be of type {name}, not {value}"));
        }
        Ok(())
    }
}

/// A number is one that the schema has, and its name is the schema's own.
fn check_caption(
    attribute: &Value,
    value: &Value,
    name: &Option<&Value>,
    at: &str,
    problems: &mut Vec<String>,
) {
    let Some(numbers) = attribute["enum"].as_object() else {
        return;
    };
    // What kind of event it is, is checked as a whole.
    if [".category_uid", ".class_uid", ".type_uid"].contains(&at) {
        return;
    }
    match (numbers.get(&value.to_string()), name) {
        (None, _) => problems.push(format!("{at}: {value} is not one of its values")),
        (Some(number), Some(name)) if *value != 99 && **name != number["caption"] => {
            problems.push(format!("{at}: {value} is {}, not {name}", number["caption"]));
        }
        _ => {}
    }
}

/// What is said later comes before what was said; objects are put together.
fn merge(into: &mut Value, said: &Value) {
    match (into, said) {
        (Value::Object(into), Value::Object(said)) => {
            for (name, value) in said {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, said) => *into = said.clone(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn json(path: &PathBuf) -> Result<Value> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}
