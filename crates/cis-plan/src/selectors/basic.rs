//! Basic selectors: data resources are OR-ed, so what is known stays, and what is not stands
//! beside it as a resource that may take what the real one can.

use cis_rules::field::S3_OBJECT;
use cis_rules::partition::Partition;
use cis_rules::selector::LEFT_OPEN;
use serde_json::{Value as Json, json};

use super::{Object, Place, Writer, keep, members};
use crate::error::PlanError;
use crate::opens::Opens;
use crate::value::{Open, Value};

pub(super) const WRITER: Writer = Writer {
    one,
    anything: |place| doubtful(json!({"DataResources": [everything(place.partition)]})),
};

/// One basic selector.
fn one(value: &Value, path: &str, place: Place<'_>, opens: &mut Opens) -> Result<Json, PlanError> {
    let mut selector = Object::new();
    for (member, value) in members(value) {
        let path = format!("{path}.{member}");
        match (member.as_str(), value) {
            ("ReadWriteType", Value::Absent) => {}
            ("ReadWriteType", _) => {
                let text = match value {
                    Value::Open(Open { why, .. }) | Value::Either(_, why) => {
                        opens.note(&path, why);
                        LEFT_OPEN
                    }
                    _ => {
                        value.known_text().ok_or_else(|| place.refused(&path, "expected a text"))?
                    }
                };
                selector.insert(member.clone(), text.into());
            }
            ("IncludeManagementEvents" | "ExcludeManagementEventSources", Value::Absent) => {}
            ("IncludeManagementEvents", _) => {
                selector.insert(member.clone(), truth(value));
            }
            ("ExcludeManagementEventSources", _) => {
                selector.insert(member.clone(), texts(value));
            }
            ("DataResources", _) => {
                let mut resources = Vec::new();
                data_resources(&mut resources, value, &path, place, opens)?;
                selector.insert(member.clone(), resources.into());
            }
            _ => keep(&mut selector, member, value),
        }
    }
    Ok(selector.into())
}

/// `IncludeManagementEvents`. No verdict rests on it, so what is open or wrong there is no reason for
/// anything.
fn truth(value: &Value) -> Json {
    match value.known_text() {
        Some(text) if text.eq_ignore_ascii_case("true") => true.into(),
        Some(text) if text.eq_ignore_ascii_case("false") => false.into(),
        _ => LEFT_OPEN.into(),
    }
}

/// `ExcludeManagementEventSources`, of which the same holds.
fn texts(value: &Value) -> Json {
    let Value::List(elements) = value else { return LEFT_OPEN.into() };
    let texts: Option<Vec<&str>> = elements.iter().map(Value::known_text).collect();
    texts.map_or_else(|| LEFT_OPEN.into(), Json::from)
}

/// Takes out of basic selectors what they say of management events: readings differ in it, and no
/// verdict rests on it.
pub(crate) fn leave_management_open(selectors: &mut Json) {
    let all = selectors.get_mut("EventSelectors").and_then(Json::as_array_mut);
    for selector in all.into_iter().flatten().filter_map(Json::as_object_mut) {
        selector.remove("ExcludeManagementEventSources");
        selector.insert("IncludeManagementEvents".to_string(), LEFT_OPEN.into());
    }
}

fn data_resources(
    all: &mut Vec<Json>,
    value: &Value,
    path: &str,
    place: Place<'_>,
    opens: &mut Opens,
) -> Result<(), PlanError> {
    match value {
        Value::Absent => {}
        Value::Open(open) => {
            opens.note(path, &open.why);
            all.push(doubtful(everything(place.partition)));
        }
        Value::Either(values, why) => {
            opens.note(path, why);
            let first = all.len();
            for value in values {
                data_resources(all, value, path, place, opens)?;
            }
            all.iter_mut().skip(first).for_each(super::doubt);
        }
        Value::List(elements) => {
            for (position, element) in elements.iter().enumerate() {
                data_resources(all, element, &format!("{path}[{position}]"), place, opens)?;
            }
        }
        Value::Map(_) => data_resource(all, value, path, place, opens)?,
        Value::Bool(_) | Value::Text(_) => {
            return Err(place.refused(path, "expected data resources"));
        }
    }
    Ok(())
}

/// One entry of `DataResources`, as one resource with the values that are known, and one for each
/// that is not.
fn data_resource(
    all: &mut Vec<Json>,
    value: &Value,
    path: &str,
    place: Place<'_>,
    opens: &mut Opens,
) -> Result<(), PlanError> {
    let mut known = Object::new();
    let mut is_doubtful = false;
    match value.get("Type") {
        Value::Absent => {}
        Value::Open(Open { why, .. }) | Value::Either(_, why) => {
            opens.note(&format!("{path}.Type"), why);
            is_doubtful = true;
            known.insert("Type".to_string(), S3_OBJECT.into());
        }
        other => {
            let text = other
                .known_text()
                .ok_or_else(|| place.refused(&format!("{path}.Type"), "expected a text"))?;
            known.insert("Type".to_string(), text.into());
        }
    }
    for (member, value) in members(value) {
        if !matches!(member.as_str(), "Type" | "Values") {
            keep(&mut known, member, value);
        }
    }
    let mut values = Values { known: Vec::new(), maybe: Vec::new() };
    values.add(value.get("Values"), &format!("{path}.Values"), true, place, opens)?;
    for maybe in values.maybe {
        let mut resource = known.clone();
        resource.insert("Values".to_string(), json!([maybe]));
        all.push(doubtful(resource.into()));
    }
    known.insert("Values".to_string(), values.known.into());
    all.push(if is_doubtful { doubtful(known.into()) } else { known.into() });
    Ok(())
}

/// Values of a data resource: those that surely stand there, and prefixes of those that may.
struct Values {
    known: Vec<String>,
    maybe: Vec<String>,
}

impl Values {
    fn add(
        &mut self,
        value: &Value,
        path: &str,
        is_list: bool,
        place: Place<'_>,
        opens: &mut Opens,
    ) -> Result<(), PlanError> {
        match value {
            Value::Absent => {}
            Value::Open(open) => {
                opens.note(path, &open.why);
                let whole = if is_list { Some(all_objects(place.partition)) } else { None };
                self.maybe.extend(whole.or_else(|| longest_prefix(open, place.partition)));
            }
            Value::Either(values, why) => {
                opens.note(path, why);
                let mut these = Self { known: Vec::new(), maybe: Vec::new() };
                for value in values {
                    these.add(value, path, is_list, place, opens)?;
                }
                self.maybe.extend(these.known.into_iter().chain(these.maybe));
            }
            Value::List(elements) if is_list => {
                for (position, element) in elements.iter().enumerate() {
                    self.add(element, &format!("{path}[{position}]"), false, place, opens)?;
                }
            }
            _ if is_list => return Err(place.refused(path, "expected a list")),
            _ => match value.known_text() {
                Some(text) => self.known.push(text.to_string()),
                None => return Err(place.refused(path, "expected a text")),
            },
        }
        Ok(())
    }
}

fn all_objects(partition: &str) -> String {
    format!("arn:{partition}:s3")
}

fn everything(partition: &str) -> Json {
    json!({"Type": S3_OBJECT, "Values": [all_objects(partition)]})
}

fn doubtful(mut resource: Json) -> Json {
    super::doubt(&mut resource);
    resource
}

/// The value that takes all that any value with this start and end can take; none where none of
/// them takes anything. Where the start names a partition, it is written for that one, whichever the
/// trail's is.
fn longest_prefix(open: &Open, partition: &str) -> Option<String> {
    let partition = Partition::of_arn(&open.prefix).map_or(partition, |named| named.id);
    let objects = format!("{}:::", all_objects(partition));
    match open.prefix.strip_prefix(&objects) {
        // A value with a wildcard takes nothing.
        Some(object) if object.contains('*') => None,
        Some("") => Some(all_objects(partition)),
        Some(_) => Some(open.prefix.clone()),
        None if objects.starts_with(&open.prefix) => Some(all_objects(partition)),
        None => None,
    }
}
