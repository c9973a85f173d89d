//! Holds documents that tests see against the committed schemas in `docs/schemas`.
//!
//! The committed schemas let pass members that they do not name. Here they do not, apart from AWS's
//! own objects: what is written must be what the schema describes.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value};

/// Each document with its committed schema.
pub const COMMITTED: [(&str, &str); 9] = [
    ("snapshot", include_str!("../../../docs/schemas/snapshot.json")),
    ("report", include_str!("../../../docs/schemas/report.json")),
    ("explanation", include_str!("../../../docs/schemas/explanation.json")),
    ("difference", include_str!("../../../docs/schemas/difference.json")),
    ("logs", include_str!("../../../docs/schemas/logs.json")),
    ("verification", include_str!("../../../docs/schemas/verification.json")),
    ("sweep-difference", include_str!("../../../docs/schemas/sweep-difference.json")),
    ("recorded", include_str!("../../../docs/schemas/recorded.json")),
    ("fix", include_str!("../../../docs/schemas/fix.json")),
];

/// Checks what a command wrote, where it is a document that has a schema; the document's name, and
/// none where it is anything else.
///
/// # Errors
/// Where it is not what its schema says: each place, and what is wrong there.
pub fn check_output(text: &str) -> Result<Option<&'static str>, String> {
    if !text.starts_with('{') {
        return Ok(None);
    }
    serde_json::from_str(text).map_or(Ok(None), |document| check_any(&document))
}

/// Checks a document, where it is one that has a schema or holds one as its `report`; the
/// document's name, and none where it is anything else.
///
/// # Errors
/// Where it is not what its schema says: each place, and what is wrong there.
pub fn check_any(document: &Value) -> Result<Option<&'static str>, String> {
    let Value::Object(members) = document else { return Ok(None) };
    if let Some(report) = members.get("report") {
        return check("report", report).map(|()| Some("report"));
    }
    if !members.contains_key("schemaVersion") {
        return Ok(None);
    }
    // The catalogue of S3's events has no schema. It is told by the level of each.
    let is_level = |event: &Value| event.get("level").is_some();
    if members.get("events").and_then(Value::as_array).is_some_and(|all| all.iter().all(is_level))
        && !members.contains_key("accountId")
    {
        return Ok(None);
    }
    // Each has a member that no other has.
    let told = [
        ("results", "report"),
        ("delivered", "logs"),
        ("events", "explanation"),
        ("before", "difference"),
        ("chains", "verification"),
        ("vanished", "sweep-difference"),
        ("recorded", "recorded"),
        ("fixes", "fix"),
        ("trails", "snapshot"),
        ("unreadable", "snapshot"),
    ];
    let name = told.into_iter().find(|(member, _)| members.contains_key(*member));
    let (_, name) = name.ok_or("it has a `schemaVersion`, but is no document that has a schema")?;
    check(name, document).map(|()| Some(name))
}

/// Checks a document by the schema of this name.
///
/// # Errors
/// Where there is no such schema, or the document is not what it says: each place, and what is
/// wrong there.
pub fn check(name: &str, document: &Value) -> Result<(), String> {
    let wrong: Vec<String> = validators(name)?
        .closed
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("no {name}: {}", wrong.join("; "))) }
}

/// Whether a document is what the committed schema of this name says, with any members besides.
///
/// # Errors
/// Where there is no such schema.
pub fn accepts(name: &str, document: &Value) -> Result<bool, String> {
    Ok(validators(name)?.committed.is_valid(document))
}

/// The validators of one schema.
struct Validators {
    /// As it is committed.
    committed: Validator,
    /// Without members that it does not name.
    closed: Validator,
}

/// The validators of the schema of this name.
fn validators(name: &str) -> Result<&'static Validators, String> {
    static VALIDATORS: OnceLock<Result<Vec<Validators>, String>> = OnceLock::new();
    let all = VALIDATORS.get_or_init(|| {
        let each = COMMITTED.iter();
        each.map(|(name, text)| Validators::new(text).map_err(|why| format!("{name}: {why}")))
            .collect()
    });
    let all = all.as_ref().map_err(Clone::clone)?;
    let position = COMMITTED.iter().position(|(known, _)| *known == name);
    let named = position.and_then(|position| all.get(position));
    named.ok_or_else(|| format!("`{name}` has no schema"))
}

impl Validators {
    fn new(text: &str) -> Result<Self, String> {
        let validator = |schema: &Value| {
            jsonschema::draft202012::new(schema).map_err(|error| error.to_string())
        };
        let mut schema: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let committed = validator(&schema)?;
        let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
        close(&mut schema, &definitions);
        Ok(Self { committed, closed: validator(&schema)? })
    }
}

/// Lets no member pass an object that its schema does not name, unless the schema says that it may.
fn close(schema: &mut Value, definitions: &Map<String, Value>) {
    if let Value::Array(schemas) = schema {
        schemas.iter_mut().for_each(|schema| close(schema, definitions));
    }
    let Value::Object(members) = schema else { return };
    if let Some(definition) = extended(members, definitions) {
        merge(members, &definition);
    }
    let is_object = members.get("type").is_some_and(|kind| kind == "object");
    if is_object && members.contains_key("properties") {
        members.entry("additionalProperties").or_insert(false.into());
    }
    members.values_mut().for_each(|schema| close(schema, definitions));
}

/// The definition to which an object adds members, which must be one object with it.
fn extended(members: &mut Map<String, Value>, definitions: &Map<String, Value>) -> Option<Value> {
    members.get("properties")?;
    let reference = members.remove("$ref")?;
    definitions.get(reference.as_str()?.strip_prefix("#/$defs/")?).cloned()
}

fn merge(members: &mut Map<String, Value>, definition: &Value) {
    for (member, theirs) in definition.as_object().into_iter().flatten() {
        match (members.get_mut(member), theirs) {
            (Some(Value::Object(ours)), Value::Object(theirs)) => ours.extend(theirs.clone()),
            (Some(Value::Array(ours)), Value::Array(theirs)) => ours.extend(theirs.clone()),
            (Some(_), _) => {}
            (None, theirs) => {
                members.insert(member.clone(), theirs.clone());
            }
        }
    }
}
