//! What about a trail's selectors AWS does not document, and what would settle it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::aws::field::{Absence, DATA, RecordField, S3_OBJECT};
use crate::aws::selector::{
    AdvancedSelector, BasicSelector, DataResource, Field, FieldSelector, ReadWriteType, Selector,
};
use crate::aws::unknown::Unknown;
use crate::spec::matching::{Match, ObjectValue};

/// A doubt about one selector.
pub(crate) struct Doubt<'a> {
    pub(crate) about: About<'a>,
    pub(crate) reason: String,
    pub(crate) settled_by: &'static str,
}

/// What of a selector a doubt is about, so that it can be told which records it concerns.
pub(crate) enum About<'a> {
    /// The selector as a whole.
    Selector,
    /// What it says of a field.
    Field(RecordField),
    /// What it says of a field that is not known, or of none.
    Other,
    /// What it does with records that lack a field.
    Absent(RecordField),
    /// A data resource.
    Resource(&'a DataResource),
    /// A value of a data resource.
    Value(&'a str),
}

/// The doubts about a trail's selectors that concern S3 object-level events.
#[must_use]
pub(crate) fn doubts(selectors: &[Selector]) -> Vec<Unknown> {
    let numbered = selectors.iter().enumerate().flat_map(|(position, selector)| {
        doubts_of(selector).into_iter().map(move |doubt| Unknown {
            reason: alloc::format!("selector {position}: {}", doubt.reason),
            settled_by: doubt.settled_by.to_string(),
        })
    });
    numbered.collect()
}

/// The doubts about a selector that concern S3 object-level events.
#[must_use]
pub(crate) fn doubts_of(selector: &Selector) -> Vec<Doubt<'_>> {
    let mut found = Vec::new();
    let mut note = |about, reason, settled_by| found.push(Doubt { about, reason, settled_by });
    match selector {
        Selector::Basic(basic) => note_basic(basic, &mut note),
        Selector::Advanced(advanced) => note_advanced(advanced, &mut note),
    }
    found
}

type Note<'n, 'a> = &'n mut dyn FnMut(About<'a>, String, &'static str);

const NEWER: &str = "upgrade trailproof, or remove it from the selector";
const DOCUMENTED: &str = "write the selector as AWS documents it";

fn note_basic<'a>(basic: &'a BasicSelector, note: Note<'_, 'a>) {
    if let ReadWriteType::Unknown(value) = &basic.read_write {
        note(About::Selector, alloc::format!("ReadWriteType `{value}` is not known"), DOCUMENTED);
    }
    for member in &basic.unknown_members {
        note(
            About::Selector,
            alloc::format!("member `{member}` is not known and may narrow it"),
            NEWER,
        );
    }
    for resource in basic
        .data_resources
        .iter()
        .filter(|resource| resource.resource_type.as_deref() == Some(S3_OBJECT))
    {
        for member in &resource.unknown_members {
            note(
                About::Resource(resource),
                alloc::format!(
                    "member `{member}` of a data resource is not known and may narrow it"
                ),
                NEWER,
            );
        }
        for value in &resource.values {
            note_value(value, note);
        }
    }
}

/// What is not known of a value of a data resource. The value's own partition is used in place of the
/// trail's: a value of another partition takes nothing, and then the doubt changes nothing.
fn note_value<'a>(value: &'a str, note: Note<'_, 'a>) {
    let partition = value.split(':').nth(1).unwrap_or_default();
    let ObjectValue::Perhaps(start) = ObjectValue::of(value, partition) else { return };
    let (what, settled_by) = if start.is_empty() {
        (
            "is no whole ARN, and AWS does not document what it takes",
            "end the value with `:::`, which takes all objects",
        )
    } else if value.contains('*') {
        (
            "has a `*`, and AWS does not document what that takes",
            "end the value before the `*`: values are starts of ARNs",
        )
    } else {
        ("has no slash after the bucket, and AWS refuses such values", "end the value with a slash")
    };
    note(About::Value(value), alloc::format!("value `{value}` {what}"), settled_by);
}

fn note_advanced<'a>(advanced: &'a AdvancedSelector, note: Note<'_, 'a>) {
    let is_taken = |field: RecordField, value| advanced.matches_value(field, value) != Match::No;
    if !is_taken(RecordField::EventCategory, DATA)
        || !is_taken(RecordField::ResourcesType, S3_OBJECT)
    {
        return;
    }
    for member in &advanced.unknown_members {
        note(
            About::Selector,
            alloc::format!("member `{member}` is not known and may narrow it"),
            NEWER,
        );
    }
    for field in [RecordField::EventCategory, RecordField::ResourcesType] {
        if !advanced.requires_exactly_one(field) {
            note(
                About::Field(field),
                alloc::format!(
                    "AWS demands {} once, with one Equals value and no other operator",
                    field.name()
                ),
                DOCUMENTED,
            );
        }
    }
    for selector in &advanced.field_selectors {
        note_field(selector, note);
    }
    // That the required fields are repeated is noted above.
    let optional = Field::known()
        .filter(|field| !matches!(field, RecordField::EventCategory | RecordField::ResourcesType));
    for field in optional.filter(|field| advanced.on(*field).nth(1).is_some()) {
        note(
            About::Field(field),
            alloc::format!("{field} stands in two field selectors, which AWS does not document"),
            DOCUMENTED,
        );
    }
}

fn note_field<'a>(selector: &'a FieldSelector, note: Note<'_, 'a>) {
    let name = selector.field.name();
    let about = || match selector.field {
        Field::Known(field) => About::Field(field),
        Field::Unknown(_) => About::Other,
    };
    if matches!(selector.field, Field::Unknown(_)) {
        note(
            About::Selector,
            alloc::format!("field `{name}` is not known for data events and may narrow it"),
            NEWER,
        );
    }
    for operator in &selector.unknown_operators {
        note(about(), alloc::format!("operator `{operator}` on {name} is not known"), NEWER);
    }
    for condition in selector.conditions.iter().filter(|condition| condition.values.is_empty()) {
        note(
            about(),
            alloc::format!("operator {} on {name} has no values", condition.operator.name()),
            DOCUMENTED,
        );
    }
    if selector.conditions.is_empty() && selector.unknown_operators.is_empty() {
        note(about(), alloc::format!("the field selector on {name} has no operator"), DOCUMENTED);
    }
    let Field::Known(field) = selector.field else { return };
    if let Absence::Undocumented { records } = field.facts().absence
        && selector.is_well_formed()
        && !selector.has_positive()
    {
        note(
            About::Absent(field),
            alloc::format!(
                "AWS does not document whether a negative operator on {name} takes {records}"
            ),
            "remove the field from the selector, or add a selector without it",
        );
    }
}
