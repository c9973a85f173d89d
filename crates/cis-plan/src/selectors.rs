//! Selectors with values that are not known, as AWS's JSON with the tightest selectors between
//! which the real one lies.
//!
//! The rule's model knows must and may. What is open goes into it in three ways:
//!
//! * a member [`LEFT_OPEN`] takes everything out of must and leaves may as it is;
//! * a selector that has nothing else takes everything into may;
//! * two field selectors on one field say "both" for must and "either" for may: a lower and an
//!   upper bound.

mod advanced;
mod basic;
mod places;

use cis_rules::selector::LEFT_OPEN;
use cis_rules::snapshot::SelectorPlace;
use serde_json::{Map, Value as Json};

use crate::error::PlanError;
use crate::node::PLACE;
use crate::opens::Opens;
use crate::value::Value;
pub(crate) use basic::leave_management_open;

/// What selectors stand in.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The trail's partition.
    pub(crate) partition: &'a str,
    /// Where the trail stands, for errors.
    pub(crate) path: &'a str,
    /// The file that it is written in, where its parts do not say one.
    pub(crate) file: Option<&'a str>,
}

impl Place<'_> {
    fn refused(&self, member: &str, what: &str) -> PlanError {
        PlanError::shape(format!("{}.{member}", self.path), what)
    }
}

type Object = Map<String, Json>;

/// The selectors of a trail, as GetEventSelectors would give them; none of a kind where surely
/// none is planned.
pub(crate) struct Selectors {
    /// `EventSelectors`.
    pub(crate) basic: Option<Vec<Json>>,
    /// `AdvancedEventSelectors`.
    pub(crate) advanced: Option<Vec<Json>>,
    /// Where they are written.
    pub(crate) places: Vec<SelectorPlace>,
}

/// Reads `EventSelectors` and `AdvancedEventSelectors`.
pub(crate) fn selectors(
    basic: &Value,
    advanced: &Value,
    place: Place<'_>,
    opens: &mut Opens,
) -> Result<Selectors, PlanError> {
    let mut of_basic = list("EventSelectors", basic, basic::WRITER, place, opens)?;
    let mut of_advanced = list("AdvancedEventSelectors", advanced, advanced::WRITER, place, opens)?;
    let given = |list: &Option<Vec<Json>>| list.as_ref().is_some_and(|list| !list.is_empty());
    if given(&of_basic) && given(&of_advanced) {
        opens.say(crate::value::unknown(
            "which selectors hold is not known: both EventSelectors and AdvancedEventSelectors are \
             given, and a trail takes one kind",
            "remove one of the two",
        ));
        of_basic.iter_mut().chain(&mut of_advanced).flatten().for_each(doubt);
    }
    let all = of_basic.iter_mut().chain(&mut of_advanced).flatten();
    let places = places::take(all, place.file);
    Ok(Selectors { basic: of_basic, advanced: of_advanced, places })
}

fn list(
    member: &str,
    value: &Value,
    writer: Writer,
    place: Place<'_>,
    opens: &mut Opens,
) -> Result<Option<Vec<Json>>, PlanError> {
    match value {
        Value::Absent => Ok(None),
        Value::Open(open) => {
            opens.note(member, &open.why);
            Ok(Some(vec![(writer.anything)(place)]))
        }
        Value::Either(values, why) => {
            opens.note(member, why);
            let mut all = Vec::new();
            for value in values {
                all.extend(list(member, value, writer, place, opens)?.unwrap_or_default());
            }
            all.iter_mut().for_each(doubt);
            Ok(Some(all))
        }
        Value::List(elements) => {
            let mut all = Vec::new();
            for (position, element) in elements.iter().enumerate() {
                let member = format!("{member}[{position}]");
                element_of(&mut all, element, &member, writer, place, opens)?;
            }
            Ok(Some(all))
        }
        Value::Bool(_) | Value::Text(_) | Value::Map(_) => {
            Err(place.refused(member, "expected a list"))
        }
    }
}

fn element_of(
    all: &mut Vec<Json>,
    element: &Value,
    member: &str,
    writer: Writer,
    place: Place<'_>,
    opens: &mut Opens,
) -> Result<(), PlanError> {
    match element {
        Value::Absent => {}
        Value::Open(open) => {
            opens.note(member, &open.why);
            all.push((writer.anything)(place));
        }
        Value::Either(values, why) => {
            opens.note(member, why);
            let first = all.len();
            for value in values {
                element_of(all, value, member, writer, place, opens)?;
            }
            all.iter_mut().skip(first).for_each(doubt);
        }
        Value::Map(_) => {
            let mut one = (writer.one)(element, member, place, opens)?;
            keep_place(&mut one, element);
            all.push(one);
        }
        Value::Bool(_) | Value::Text(_) | Value::List(_) => {
            return Err(place.refused(member, "expected a selector"));
        }
    }
    Ok(())
}

/// How selectors of one kind are written down.
#[derive(Clone, Copy)]
struct Writer {
    /// One selector.
    one: fn(&Value, &str, Place<'_>, &mut Opens) -> Result<Json, PlanError>,
    /// A selector of which nothing is known: it may take everything.
    anything: fn(Place<'_>) -> Json,
}

/// Takes everything that a selector takes out of must.
fn doubt(selector: &mut Json) {
    if let Json::Object(members) = selector {
        members.insert(LEFT_OPEN.to_string(), Json::Null);
    }
}

/// Keeps a member by name, so that the rule says of it what it says of members of AWS's that it
/// does not know.
fn keep(object: &mut Object, member: &str, value: &Value) {
    if *value != Value::Absent {
        object.insert(member.to_string(), Json::Null);
    }
}

/// The members that are written.
fn members(value: &Value) -> impl Iterator<Item = &(String, Value)> {
    let members = match value {
        Value::Map(members) => members.as_slice(),
        _ => &[],
    };
    members.iter().filter(|(name, _)| name != PLACE)
}

/// Keeps where something is written, until its position among the others is known.
fn keep_place(written: &mut Json, value: &Value) {
    if let (Json::Object(members), Some(place)) = (written, value.get(PLACE).known_text()) {
        members.insert(PLACE.to_string(), place.into());
    }
}

#[cfg(test)]
mod tests;
