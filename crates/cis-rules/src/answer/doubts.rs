//! What about a trail's selectors AWS does not document, and what would settle it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::report::Unknown;
use crate::aws::selector::{
    AdvancedSelector, BasicSelector, DataResource, Field, FieldSelector, ReadWriteType, Selector,
};
use crate::spec::matching::{DATA, Match, S3_OBJECT};

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
    Field(&'a Field),
    /// What it does with records that lack a field.
    Absent(&'a Field),
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

const NEWER: &str = "use a trailproof that knows it, or remove it from the selector";
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
        for value in
            resource.values.iter().filter(|value| value.contains(":::") && !value.contains('/'))
        {
            if value
                .split(":::")
                .nth(1)
                .is_some_and(|bucket| !bucket.is_empty() && !bucket.contains('*'))
            {
                note(
                    About::Value(value),
                    alloc::format!(
                        "value `{value}` has no slash after the bucket, and AWS refuses such values"
                    ),
                    "end the value with a slash",
                );
            }
        }
    }
}

fn note_advanced<'a>(advanced: &'a AdvancedSelector, note: Note<'_, 'a>) {
    let is_taken = |field: &Field, value| advanced.matches_value(field, value) != Match::No;
    if !is_taken(&Field::EventCategory, DATA) || !is_taken(&Field::ResourcesType, S3_OBJECT) {
        return;
    }
    for member in &advanced.unknown_members {
        note(
            About::Selector,
            alloc::format!("member `{member}` is not known and may narrow it"),
            NEWER,
        );
    }
    for field in &[Field::EventCategory, Field::ResourcesType] {
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
        let field = &selector.field;
        let is_repeated = advanced.on(field).nth(1).is_some();
        if is_repeated
            && !matches!(field, Field::EventCategory | Field::ResourcesType | Field::Unknown(_))
        {
            note(
                About::Field(field),
                alloc::format!(
                    "{} stands in two field selectors, which AWS does not document",
                    field.name()
                ),
                DOCUMENTED,
            );
        }
    }
}

fn note_field<'a>(selector: &'a FieldSelector, note: Note<'_, 'a>) {
    let name = selector.field.name();
    if matches!(selector.field, Field::Unknown(_)) {
        note(
            About::Selector,
            alloc::format!("field `{name}` is not known for data events and may narrow it"),
            NEWER,
        );
    }
    for operator in &selector.unknown_operators {
        note(
            About::Field(&selector.field),
            alloc::format!("operator `{operator}` on {name} is not known"),
            NEWER,
        );
    }
    for condition in selector.conditions.iter().filter(|condition| condition.values.is_empty()) {
        note(
            About::Field(&selector.field),
            alloc::format!("operator {} on {name} has no values", condition.operator.name()),
            DOCUMENTED,
        );
    }
    if selector.conditions.is_empty() && selector.unknown_operators.is_empty() {
        note(
            About::Field(&selector.field),
            alloc::format!("the field selector on {name} has no operator"),
            DOCUMENTED,
        );
    }
    if selector.is_well_formed() && !selector.has_positive() {
        let records = match selector.field {
            Field::UserIdentityArn => {
                "records without userIdentity.arn (anonymous callers, AWS services)"
            }
            Field::SessionCredentialFromConsole => {
                "records from outside of the console, which lack the field"
            }
            Field::ResourcesArn => {
                "records that carry an ARNPrefix instead (ListObjects, DeleteObjects)"
            }
            _ => return,
        };
        note(
            About::Absent(&selector.field),
            alloc::format!(
                "AWS does not document whether a negative operator on {name} takes {records}"
            ),
            "remove the field from the selector, or add a selector without it",
        );
    }
}
