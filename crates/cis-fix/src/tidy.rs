//! Leaving out of a set what the service refuses, so that the whole set can be put.
//!
//! AWS gives no such set; a snapshot that was written by hand may. What is left out takes nothing, or
//! is a condition, without which its selector takes more.

use cis_rules::RecordField;
use cis_rules::matching::ObjectValue;
use cis_rules::selector::{Field, FieldSelector, ReadWriteType};

use crate::json::Members;
use crate::limits::{is_accepted, is_accepted_object, is_text};
use crate::planned::has_open_part;
use crate::selectors::{
    BASIC_TYPES, S3_OBJECT, SelectorSet, advanced, basic, equals, every_object,
    field_selector_text, only_value, read_write_name, resource_text,
};

/// The categories of events that a trail's advanced selectors can name.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html>
const CATEGORIES: [&str; 3] = ["Management", "Data", "NetworkActivity"];

/// The set without what the service refuses: unchanged where it refuses nothing.
///
/// Selectors of which a plan leaves something open stay as they are.
pub(crate) fn tidied(set: &SelectorSet, partition: &str) -> SelectorSet {
    let is_open = |selector: &Members| has_open_part(&selector.text());
    match set {
        SelectorSet::Basic(selectors) => SelectorSet::Basic(
            selectors
                .iter()
                .filter_map(|it| {
                    if is_open(it) { Some(it.clone()) } else { tidied_basic(it, partition) }
                })
                .collect(),
        ),
        SelectorSet::Advanced(selectors) => {
            let tidied = |it| if is_open(it) { Some(it.clone()) } else { tidied_advanced(it) };
            SelectorSet::Advanced(selectors.iter().filter_map(tidied).collect())
        }
    }
}

fn tidied_basic(selector: &Members, partition: &str) -> Option<Members> {
    let is_fine = is_accepted(&SelectorSet::Basic(vec![selector.clone()]), partition);
    let Some(read) = basic(selector) else { return Some(selector.clone()) };
    let is_misspelt = read.data.data_resources.iter().any(|resource| {
        let kind = resource.resource_type.as_deref().unwrap_or_default();
        is_misspelt(kind, &BASIC_TYPES) || resource.values.is_empty()
    });
    let has_known_type = !matches!(read.data.read_write, ReadWriteType::Unknown(_));
    if is_fine && !is_misspelt && has_known_type {
        return Some(selector.clone());
    }
    let mut tidied = selector.clone();
    if !has_known_type {
        tidied.set("ReadWriteType", &read_write_name(&ReadWriteType::All));
    }
    let mut resources = Vec::new();
    for mut resource in read.data.data_resources {
        let kind = resource.resource_type.clone().unwrap_or_default();
        if is_misspelt_or_missing(&kind) {
            continue;
        }
        if kind == S3_OBJECT {
            let perhaps = |value: &String| {
                !is_accepted_object(value, partition)
                    && matches!(ObjectValue::of(value, partition), ObjectValue::Perhaps(_))
            };
            // What such a value takes is not documented: at most everything.
            if resource.values.iter().any(perhaps) {
                resource.values = vec![every_object(partition)];
            }
            resource.values.retain(|value| is_accepted_object(value, partition));
        }
        if !resource.values.is_empty() {
            resources.push(resource_text(&resource));
        }
    }
    if resources.is_empty() && !read.management {
        return None;
    }
    tidied.set("DataResources", &resources);
    Some(tidied)
}

fn is_misspelt_or_missing(kind: &str) -> bool {
    kind.is_empty() || is_misspelt(kind, &BASIC_TYPES)
}

/// Whether a text is one of some names but for the case of its letters.
fn is_misspelt(text: &str, known: &[&str]) -> bool {
    known.iter().any(|known| text != *known && text.eq_ignore_ascii_case(known))
}

fn tidied_advanced(selector: &Members) -> Option<Members> {
    let Some(read) = advanced(selector) else { return Some(selector.clone()) };
    let category = only_value(&read, RecordField::EventCategory);
    let of_type = only_value(&read, RecordField::ResourcesType);
    if category.is_some_and(|category| is_misspelt(category, &CATEGORIES))
        || of_type.is_some_and(|of_type| is_misspelt(of_type, &BASIC_TYPES))
    {
        // Comparison is exact, so it takes nothing.
        return None;
    }
    let is_data = category == Some("Data");
    let lacks = category.is_none() || is_data && of_type.is_none();
    let refused = |field: &FieldSelector| {
        field.conditions.is_empty()
            || !field.unknown_operators.is_empty()
            || field.conditions.iter().any(|condition| {
                condition.values.is_empty() || !condition.values.iter().all(|it| is_text(it))
            })
    };
    if !lacks && !read.field_selectors.iter().any(refused) {
        return Some(selector.clone());
    }
    let mut fields = Vec::new();
    if lacks {
        // The service refuses a selector of data events that does not name one type.
        fields.push(field_selector_text(&equals(RecordField::EventCategory, &["Data"])));
        fields.push(field_selector_text(&equals(RecordField::ResourcesType, &[S3_OBJECT])));
    }
    let rest = read.field_selectors.iter().filter(|field| {
        let is_required = matches!(
            &field.field,
            Field::Known(RecordField::EventCategory | RecordField::ResourcesType)
        );
        !(refused(field) || lacks && is_required)
    });
    fields.extend(rest.map(field_selector_text));
    Some(selector.clone().with("FieldSelectors", &fields))
}
