//! What one selector does with a record, and which of its conditions decided that.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Answer;
use crate::answer::doubts::{self, About, Doubt};
use crate::aws::field::{DATA, RecordField, S3_OBJECT};
use crate::aws::record::{FieldValue, Record};
use crate::aws::selector::{
    AdvancedSelector, BasicSelector, Condition, Field, FieldSelector, Operator, ReadWriteType,
    Selector,
};
use crate::aws::unknown::Unknown;
use crate::spec::matching::{Match, ObjectValue, Value};

/// What one selector does with a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SelectorAnswer {
    /// The selector's position in the trail's list, from 0.
    pub selector: usize,
    /// The selector's name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector_name: Option<String>,
    /// Whether it takes the record.
    pub answer: Answer,
    /// What decided it: the conditions that take the record (the list is empty if the selector has no
    /// such condition), or those that keep it out, or else what is not known.
    pub decided_by: Vec<Decision>,
}

/// What decided an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "effect", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Decision {
    /// A condition takes the record.
    Takes(Comparison),
    /// A condition keeps the record out.
    Drops(Comparison),
    /// It is not known.
    NotKnown(Unknown),
}

/// A condition, and what it was compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The field; of a basic selector the member `ReadWriteType` or `DataResources`.
    pub field: String,
    /// The operator; `None` in a basic selector.
    pub operator: Option<Operator>,
    /// The values that decided it: those that meet the record, or all of them where none does.
    pub values: Vec<String>,
    /// What the record has there; `None` if it lacks the field.
    pub found: Option<String>,
}

/// What a selector of a trail does with a record.
pub(super) fn answer(
    position: usize,
    selector: &Selector,
    record: &Record,
    trail_partition: &str,
) -> SelectorAnswer {
    let answer = selector.matches(record, trail_partition);
    let decided_by = match (selector, answer) {
        (_, Match::Maybe) => not_known(selector, record, trail_partition),
        (Selector::Basic(basic), Match::Surely) => taken_by_basic(basic, record, trail_partition),
        (Selector::Basic(basic), Match::No) => dropped_by_basic(basic, record, trail_partition),
        (Selector::Advanced(advanced), Match::Surely) => taken(advanced, record),
        (Selector::Advanced(advanced), Match::No) => dropped(advanced, record),
    };
    let selector_name = match selector {
        Selector::Advanced(advanced) => advanced.name.clone().filter(|name| !name.is_empty()),
        Selector::Basic(_) => None,
    };
    SelectorAnswer { selector: position, selector_name, answer: answer.into(), decided_by }
}

fn text<'a>(value: Value<'a>) -> Option<&'a str> {
    match value {
        Value::Present(text) | Value::ArnPrefix(text) => Some(text),
        Value::Absent => None,
    }
}

fn comparison(
    selector: &FieldSelector,
    condition: &Condition,
    value: Value<'_>,
    is_shown: impl Fn(&String) -> bool,
) -> Comparison {
    Comparison {
        field: selector.field.name().to_string(),
        operator: Some(condition.operator),
        values: condition.values.iter().filter(|value| is_shown(value)).cloned().collect(),
        found: text(value).map(ToString::to_string),
    }
}

/// The conditions of one sign that meet a value, with the values that do.
fn meeting<'a>(
    selector: &'a FieldSelector,
    value: Value<'a>,
    positive: bool,
) -> impl Iterator<Item = Comparison> + 'a {
    let conditions = selector.conditions.iter();
    conditions.filter(move |condition| condition.operator.is_positive() == positive).filter_map(
        move |condition| {
            let text = text(value)?;
            let meets = |pattern: &String| condition.operator.compares(text, pattern);
            let comparison = comparison(selector, condition, value, meets);
            (!comparison.values.is_empty()).then_some(comparison)
        },
    )
}

fn taken(advanced: &AdvancedSelector, record: &Record) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for field in Field::known() {
        let value = Value::of(record.value(field));
        for selector in advanced.on(field) {
            decisions.extend(meeting(selector, value, true).map(Decision::Takes));
        }
    }
    decisions
}

fn dropped(advanced: &AdvancedSelector, record: &Record) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for field in Field::known() {
        let value = Value::of(record.value(field));
        if advanced.matches_field(field, value) != Match::No {
            continue;
        }
        for selector in advanced.on(field) {
            let before = decisions.len();
            decisions.extend(meeting(selector, value, false).map(Decision::Drops));
            if decisions.len() > before {
                continue;
            }
            let positive =
                selector.conditions.iter().filter(|condition| condition.operator.is_positive());
            decisions.extend(positive.map(|condition| {
                Decision::Drops(comparison(selector, condition, value, |_| true))
            }));
        }
    }
    decisions
}

fn of_member(field: &str, values: Vec<String>, found: &str) -> Comparison {
    Comparison { field: field.to_string(), operator: None, values, found: Some(found.to_string()) }
}

const READ_WRITE_TYPE: &str = "ReadWriteType";
const DATA_RESOURCES: &str = "DataResources";

fn object_values(basic: &BasicSelector) -> impl Iterator<Item = &String> {
    let resources = basic.data_resources.iter();
    resources
        .filter(|resource| resource.resource_type.as_deref() == Some(S3_OBJECT))
        .flat_map(|resource| &resource.values)
}

fn read_write(basic: &BasicSelector) -> Option<&'static str> {
    match basic.read_write {
        ReadWriteType::ReadOnly => Some("ReadOnly"),
        ReadWriteType::WriteOnly => Some("WriteOnly"),
        ReadWriteType::All | ReadWriteType::Unknown(_) => None,
    }
}

fn read_only(record: &Record) -> &str {
    record.get(RecordField::ReadOnly).unwrap_or_default()
}

fn taken_by_basic(basic: &BasicSelector, record: &Record, partition: &str) -> Vec<Decision> {
    let arn = record.arn();
    let takes = |value: &&String| ObjectValue::of(value, partition).takes(arn) == Match::Surely;
    let kind = read_write(basic)
        .map(|value| of_member(READ_WRITE_TYPE, alloc::vec![value.to_string()], read_only(record)));
    let values = object_values(basic).filter(takes).cloned().collect();
    let resources = of_member(DATA_RESOURCES, values, arn);
    kind.into_iter().chain([resources]).map(Decision::Takes).collect()
}

fn dropped_by_basic(basic: &BasicSelector, record: &Record, partition: &str) -> Vec<Decision> {
    let mut dropped = Vec::new();
    let category = record.get(RecordField::EventCategory).unwrap_or_default();
    if category != DATA {
        let data = alloc::vec![DATA.to_string()];
        dropped.push(of_member(RecordField::EventCategory.name(), data, category));
    }
    if let Some(value) = read_write(basic) {
        let taken =
            if matches!(basic.read_write, ReadWriteType::ReadOnly) { "true" } else { "false" };
        if read_only(record) != taken {
            let values = alloc::vec![value.to_string()];
            dropped.push(of_member(READ_WRITE_TYPE, values, read_only(record)));
        }
    }
    let resources = basic.data_resources.iter();
    if resources.map(|resource| resource.matches(record, partition)).max().unwrap_or(Match::No)
        == Match::No
    {
        let values = object_values(basic).cloned().collect();
        dropped.push(of_member(DATA_RESOURCES, values, record.arn()));
    }
    dropped.into_iter().map(Decision::Drops).collect()
}

/// The doubts about a selector that this record meets.
fn not_known(selector: &Selector, record: &Record, partition: &str) -> Vec<Decision> {
    let concerns = |doubt: &Doubt<'_>| match (&doubt.about, selector) {
        (About::Selector | About::Other, _) => true,
        (About::Field(field), Selector::Advanced(advanced)) => {
            advanced.matches_field(*field, Value::of(record.value(*field))) == Match::Maybe
        }
        (About::Absent(field), Selector::Advanced(advanced)) => {
            let value = Value::of(record.value(*field));
            !matches!(value, Value::Present(_))
                && advanced.matches_field(*field, value) == Match::Maybe
        }
        (About::Resource(resource), _) => resource.matches(record, partition) != Match::No,
        (About::Value(value), _) => {
            ObjectValue::of(value, partition).takes(record.arn()) != Match::No
        }
        (About::Field(_) | About::Absent(_), Selector::Basic(_)) => false,
    };
    let doubts = doubts::doubts_of(selector).into_iter().filter(concerns);
    let unknown = |doubt: Doubt<'_>| {
        Decision::NotKnown(Unknown {
            reason: doubt.reason,
            settled_by: doubt.settled_by.to_string(),
        })
    };
    doubts.map(unknown).collect()
}

/// Whether a selector takes a record for what it has as an ARN prefix.
pub(super) fn compares_prefix(selector: &Selector, record: &Record) -> bool {
    matches!(record.value(RecordField::ResourcesArn), FieldValue::ArnPrefix(_))
        && selector.compares_arn()
}
