//! Advanced selectors: a conjunction, so what is not known on one field leaves the others as they
//! are, and a lower and an upper bound stand in its place.

use cis_rules::selector::{LEFT_OPEN, Operator};
use serde_json::{Value as Json, json};

use super::{Object, Place, Writer, keep, keep_place, members};
use crate::error::PlanError;
use crate::opens::Opens;
use crate::value::{Open, Value};

/// A selector without fields may take everything.
pub(super) const WRITER: Writer = Writer { one, anything: |_| anything() };

fn anything() -> Json {
    json!({ LEFT_OPEN: null })
}

/// One advanced selector.
fn one(value: &Value, path: &str, place: Place<'_>, opens: &mut Opens) -> Result<Json, PlanError> {
    let mut selector = Object::new();
    for (member, value) in members(value) {
        let path = format!("{path}.{member}");
        match member.as_str() {
            "Name" => {
                if let Some(name) = value.known_text() {
                    selector.insert(member.clone(), name.into());
                }
            }
            "FieldSelectors" => match field_selectors(value, &path, place, opens)? {
                Some(fields) => {
                    selector.insert(member.clone(), fields.into());
                }
                None => return Ok(anything()),
            },
            _ => keep(&mut selector, member, value),
        }
    }
    Ok(selector.into())
}

/// The field selectors; none where it is not known which fields they are on. A field that is not
/// known may be any, and a field that stands twice means less than one that stands once: nothing
/// is then known of the selector.
fn field_selectors(
    value: &Value,
    path: &str,
    place: Place<'_>,
    opens: &mut Opens,
) -> Result<Option<Vec<Json>>, PlanError> {
    let elements = match value {
        Value::Absent => return Ok(Some(Vec::new())),
        Value::List(elements) => elements,
        Value::Open(Open { why, .. }) | Value::Either(_, why) => {
            opens.note(path, why);
            return Ok(None);
        }
        Value::Bool(_) | Value::Text(_) | Value::Map(_) => {
            return Err(place.refused(path, "expected a list"));
        }
    };
    let mut all = Vec::new();
    let mut is_known = true;
    for (position, element) in elements.iter().enumerate() {
        let path = format!("{path}[{position}]");
        match (element, element.get("Field")) {
            (Value::Absent, _) => {}
            (Value::Open(Open { why, .. }) | Value::Either(_, why), _) => {
                opens.note(&path, why);
                is_known = false;
            }
            (Value::Map(_), Value::Open(Open { why, .. }) | Value::Either(_, why)) => {
                opens.note(&format!("{path}.Field"), why);
                is_known = false;
            }
            (Value::Map(_), field) => {
                let field = match field {
                    Value::Absent => "",
                    field => field.known_text().ok_or_else(|| {
                        place.refused(&format!("{path}.Field"), "expected a text")
                    })?,
                };
                let first = all.len();
                all.extend(on_field(field, element, &path, place, opens)?);
                all.iter_mut().skip(first).for_each(|written| keep_place(written, element));
            }
            _ => return Err(place.refused(&path, "expected a field selector")),
        }
    }
    Ok(is_known.then_some(all))
}

/// The conditions on one field: as written where all is known, else a lower and an upper bound.
fn on_field(
    field: &str,
    value: &Value,
    path: &str,
    place: Place<'_>,
    opens: &mut Opens,
) -> Result<Vec<Json>, PlanError> {
    let mut unknown_members = Object::new();
    let mut operators = Vec::new();
    let mut is_known = true;
    for (member, value) in members(value) {
        let path = format!("{path}.{member}");
        let operator = Operator::ALL.into_iter().find(|operator| operator.name() == member);
        match (operator, value) {
            (_, Value::Absent) => {}
            (Some(operator), Value::List(elements)) => {
                let values = Values::of(operator, elements, &path, place, opens)?;
                is_known &= values.are_some;
                operators.push(values);
            }
            (Some(_), Value::Open(Open { why, .. }) | Value::Either(_, why)) => {
                opens.note(&path, why);
                is_known = false;
            }
            (Some(_), _) => return Err(place.refused(&path, "expected a list")),
            (None, _) if member == "Field" => {}
            (None, value) => keep(&mut unknown_members, member, value),
        }
    }
    // Whether an operator stands there at all decides what becomes of records without the field.
    if !is_known {
        return Ok(vec![json!({"Field": field, LEFT_OPEN: null})]);
    }
    let as_written = operators.iter().all(|values| values.maybe.is_empty());
    // Such a field selector means the same whatever its values are.
    let is_empty = |values: &Values| values.known.is_empty() && values.maybe.is_empty();
    if as_written || !unknown_members.is_empty() || operators.iter().any(is_empty) {
        let mut only = unknown_members;
        only.insert("Field".to_string(), field.into());
        for values in operators {
            only.insert(values.operator.name().to_string(), values.known.into());
        }
        if !as_written {
            only.insert(LEFT_OPEN.to_string(), Json::Null);
        }
        return Ok(vec![only.into()]);
    }
    Ok(vec![lower(field, &operators), upper(field, &operators)])
}

/// The values of one operator.
struct Values {
    operator: Operator,
    /// Values that surely stand there.
    known: Vec<String>,
    /// Comparisons that hold wherever one with a value that may stand there does.
    maybe: Vec<(Operator, String)>,
    /// Whether there surely is a value.
    are_some: bool,
}

impl Values {
    fn of(
        operator: Operator,
        elements: &[Value],
        path: &str,
        place: Place<'_>,
        opens: &mut Opens,
    ) -> Result<Self, PlanError> {
        let mut values = Self { operator, known: Vec::new(), maybe: Vec::new(), are_some: false };
        for (position, element) in elements.iter().enumerate() {
            values.add(element, &format!("{path}[{position}]"), place, opens)?;
        }
        // A list that only held elements without a value is an empty list, as written.
        values.are_some |= values.known.is_empty() && values.maybe.is_empty();
        Ok(values)
    }

    fn add(
        &mut self,
        element: &Value,
        path: &str,
        place: Place<'_>,
        opens: &mut Opens,
    ) -> Result<(), PlanError> {
        match element {
            Value::Absent => {}
            Value::Open(open) => {
                opens.note(path, &open.why);
                self.maybe.push(wider(self.operator, open));
                self.are_some = true;
            }
            Value::Either(values, why) => {
                opens.note(path, why);
                let mut these = Self {
                    operator: self.operator,
                    known: Vec::new(),
                    maybe: Vec::new(),
                    are_some: true,
                };
                for value in values {
                    these.add(value, path, place, opens)?;
                }
                self.maybe.extend(these.known.into_iter().map(|text| (self.operator, text)));
                self.maybe.extend(these.maybe);
                self.are_some |= !values.contains(&Value::Absent);
            }
            _ => {
                let text =
                    element.known_text().ok_or_else(|| place.refused(path, "expected a text"))?;
                self.known.push(text.to_string());
                self.are_some = true;
            }
        }
        Ok(())
    }
}

/// A comparison that holds wherever the operator holds with a value of this start and end.
fn wider(operator: Operator, open: &Open) -> (Operator, String) {
    let (starts, ends) = if operator.is_positive() {
        (Operator::StartsWith, Operator::EndsWith)
    } else {
        (Operator::NotStartsWith, Operator::NotEndsWith)
    };
    let by_end = matches!(operator, Operator::EndsWith | Operator::NotEndsWith);
    let by_start = matches!(operator, Operator::StartsWith | Operator::NotStartsWith);
    if !open.suffix.is_empty() && (by_end || !by_start && open.prefix.is_empty()) {
        (ends, open.suffix.clone())
    } else if by_end {
        (starts, String::new())
    } else {
        (starts, open.prefix.clone())
    }
}

/// Takes no more than any field selector with these values: of the positive values those that are
/// known, of the negative ones all that may be.
fn lower(field: &str, operators: &[Values]) -> Json {
    let has_positive = operators.iter().any(|values| values.operator.is_positive());
    let mut conditions = Conditions::default();
    for values in operators {
        conditions.add(values.operator, &values.known);
        if !values.operator.is_positive() {
            for (operator, text) in &values.maybe {
                conditions.add(*operator, std::slice::from_ref(text));
            }
        }
    }
    if has_positive && !conditions.has_positive() {
        // Well-formed, positive, and met by nothing.
        conditions = Conditions::default();
        conditions.add(Operator::Equals, &[String::new()]);
        conditions.add(Operator::NotEquals, &[String::new()]);
    }
    conditions.on(field)
}

/// Takes no less than any field selector with these values.
fn upper(field: &str, operators: &[Values]) -> Json {
    let mut conditions = Conditions::default();
    for values in operators {
        conditions.add(values.operator, &values.known);
        if values.operator.is_positive() {
            for (operator, text) in &values.maybe {
                conditions.add(*operator, std::slice::from_ref(text));
            }
        }
    }
    if conditions.0.is_empty() {
        return json!({"Field": field, LEFT_OPEN: null});
    }
    conditions.on(field)
}

/// Conditions on one field, without empty lists.
#[derive(Default)]
struct Conditions(Vec<(Operator, Vec<String>)>);

impl Conditions {
    fn add(&mut self, operator: Operator, texts: &[String]) {
        if texts.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|(known, _)| *known == operator) {
            Some((_, values)) => values.extend_from_slice(texts),
            None => self.0.push((operator, texts.to_vec())),
        }
    }

    fn has_positive(&self) -> bool {
        self.0.iter().any(|(operator, _)| operator.is_positive())
    }

    fn on(self, field: &str) -> Json {
        let mut selector = Object::new();
        selector.insert("Field".to_string(), field.into());
        for (operator, values) in self.0 {
            selector.insert(operator.name().to_string(), values.into());
        }
        selector.into()
    }
}
