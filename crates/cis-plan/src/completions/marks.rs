//! Marks: characters that stand for open texts, and where they were seen.

use std::cell::RefCell;

use cis_rules::field::S3_OBJECT;

use super::{Domain, OpenText};
use crate::node::PLACE;
use crate::value::{Open, Value};

/// The first mark. Marks are characters for private use, which no name or ARN holds.
const FIRST: u32 = 0xF_0000;
/// The number of marks.
const MOST: u32 = 0xFFFD;

/// The field that holds the ARNs of objects.
const ARN_FIELD: &str = "resources.ARN";

/// Stands between another field's name and a text that its values are compared with.
pub(super) const OF_FIELD: char = '\u{1}';

/// What selectors have elsewhere.
const OTHERS: [&str; 8] =
    ["true", "false", "Data", S3_OBJECT, "All", "WriteOnly", "ReadOnly", ARN_FIELD];

/// Whether a text has a mark.
pub(crate) fn is_marked(text: &str) -> bool {
    text.chars().any(|character| index_of(character).is_some())
}

/// The position of the open text that a mark stands for.
pub(super) fn index_of(character: char) -> Option<usize> {
    let index = u32::from(character).checked_sub(FIRST).filter(|index| *index < MOST)?;
    usize::try_from(index).ok()
}

fn character(index: usize) -> Option<char> {
    let index = u32::try_from(index).ok().filter(|index| *index < MOST)?;
    char::from_u32(FIRST.checked_add(index)?)
}

/// Where marks were seen, and what stands beside them.
#[derive(Default)]
pub(crate) struct Marks(RefCell<Seen>);

/// All that was seen.
#[derive(Default)]
pub(super) struct Seen {
    /// The open texts, by what they are called; their marks follow one another.
    pub(super) open: Vec<(String, OpenText)>,
    /// Texts that were compared for equality.
    pub(super) compared: Vec<(String, String)>,
    /// Texts with marks that are used in a way that is not followed.
    pub(super) unclear: Vec<String>,
    /// The texts that ARNs are compared with.
    pub(super) texts: Vec<Compared>,
    /// The partition of the trails.
    pub(super) partition: String,
    /// Whether it is not known which it is.
    pub(super) is_partition_open: bool,
    /// Whether the Region is used while it is not known which partition it is of.
    pub(super) is_region_asked: bool,
    /// The buckets that trails deliver to.
    pub(super) log_buckets: Vec<String>,
    /// Conditions that cannot be decided otherwise.
    pub(super) conditions: Vec<String>,
}

/// A text that ARNs are compared with, known or with marks; behind [`OF_FIELD`], one that the values
/// of another field are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) text: String,
    /// Whether it is compared with their ends; else with their starts, or with the whole.
    pub(super) is_end: bool,
}

impl Marks {
    /// Notes the partition of the trails.
    pub(crate) fn note_partition(&self, partition: &str) {
        self.0.borrow_mut().partition = partition.to_string();
    }

    /// Notes that it is not known which partition is meant.
    pub(crate) fn note_open_partition(&self) {
        self.0.borrow_mut().is_partition_open = true;
    }

    /// Notes that the Region is used while it is not known which partition it is of.
    pub(super) fn note_asked_region(&self) {
        self.0.borrow_mut().is_region_asked = true;
    }

    /// The mark of an open text.
    pub(super) fn mark(&self, key: &str, open: impl FnOnce() -> OpenText) -> Option<String> {
        let mut seen = self.0.borrow_mut();
        let known = seen.open.iter().position(|(known, _)| known == key);
        let index = known.unwrap_or_else(|| {
            seen.open.push((key.to_string(), open()));
            seen.open.len() - 1
        });
        Some(character(index)?.to_string())
    }

    /// Notes that two texts are compared; at least one has a mark.
    pub(crate) fn note_comparison(&self, one: &str, other: &str) {
        self.0.borrow_mut().compared.push((one.to_string(), other.to_string()));
    }

    /// Notes texts that are used in a way that is not followed.
    pub(crate) fn note_unclear(&self, value: &Value) {
        each_text(value, &mut |text| {
            if is_marked(text) {
                self.0.borrow_mut().unclear.push(text.to_string());
            }
        });
    }

    /// Whether each mark in a text stands for a name, which has no `/`, `:` or `,`.
    pub(crate) fn are_names(&self, text: &str) -> bool {
        let seen = self.0.borrow();
        text.chars()
            .filter_map(index_of)
            .all(|index| seen.open.get(index).is_some_and(|(_, open)| open.domain.is_name()))
    }

    /// Whether a text is the mark of a list.
    pub(crate) fn is_list(&self, text: &str) -> bool {
        let seen = self.0.borrow();
        let is_list = |index| {
            let open = seen.open.get(index);
            open.is_some_and(|(_, open): &(String, OpenText)| {
                matches!(open.domain, Domain::ListOf(_))
            })
        };
        text.chars().filter_map(index_of).any(is_list)
    }

    /// Notes a condition that cannot be decided.
    pub(super) fn note_condition(&self, name: &str) {
        let conditions = &mut self.0.borrow_mut().conditions;
        if !conditions.iter().any(|known| known == name) {
            conditions.push(name.to_string());
        }
    }

    /// Notes a value that must be true or false.
    pub(crate) fn note_fact(&self, value: &Value) {
        each_text(value, &mut |text| {
            if is_marked(text) {
                self.note_comparison(text, "true");
                self.note_comparison(text, "false");
            }
        });
    }

    /// Notes the texts of selectors: those that ARNs are compared with, and marks elsewhere.
    pub(crate) fn note_selectors(&self, value: &Value) {
        match value {
            Value::List(values) | Value::Either(values, _) => {
                values.iter().for_each(|value| self.note_selectors(value));
            }
            Value::Map(members) => {
                let field = match value.get("Field") {
                    Value::Text(field) if field != ARN_FIELD && !is_marked(field) => Some(field),
                    _ => None,
                };
                for (name, member) in members {
                    match name.as_str() {
                        "Name" | PLACE => {}
                        "FieldSelectors" | "DataResources" => self.note_selectors(member),
                        "Field" | "Type" | "ReadWriteType" => self.note_other(member),
                        "EndsWith" | "NotEndsWith" => self.note_texts(member, field, true),
                        _ => self.note_texts(member, field, false),
                    }
                }
            }
            // A list or a selector that is not known says nothing.
            Value::Text(_) | Value::Open(_) => self.note_unclear(value),
            Value::Absent | Value::Bool(_) => {}
        }
    }

    /// Notes texts that the ARNs of objects are compared with, or the values of another field.
    fn note_texts(&self, value: &Value, field: Option<&String>, is_end: bool) {
        let note = |text: &str, is_end| {
            let text = match field {
                Some(field) => format!("{field}{OF_FIELD}{text}"),
                None => text.to_string(),
            };
            self.0.borrow_mut().texts.push(Compared { text, is_end });
        };
        match value {
            Value::Open(Open { prefix, suffix, .. }) => {
                note(prefix, false);
                note(suffix, true);
            }
            Value::List(values) | Value::Either(values, _) => {
                values.iter().for_each(|value| self.note_texts(value, field, is_end));
            }
            value => each_text(value, &mut |text| {
                note(text, is_end);
                if field.is_some() && is_marked(text) {
                    OTHERS.into_iter().for_each(|known| self.note_comparison(text, known));
                }
            }),
        }
    }

    /// Notes a text that is compared with no ARN: most of them are one of a few.
    fn note_other(&self, value: &Value) {
        self.note_unclear(value);
        each_text(value, &mut |text| {
            if is_marked(text) {
                OTHERS.into_iter().for_each(|known| self.note_comparison(text, known));
            }
        });
    }

    /// Notes the bucket that a trail delivers to.
    pub(crate) fn note_log_bucket(&self, value: &Value) {
        each_text(value, &mut |text| self.0.borrow_mut().log_buckets.push(text.to_string()));
    }

    /// Notes the name of a bucket that is asked about.
    pub(super) fn note_bucket(&self, name: &Value) {
        each_text(name, &mut |text| {
            let text = format!("arn:aws:s3:::{text}/");
            self.0.borrow_mut().texts.push(Compared { text, is_end: false });
        });
    }

    /// What the plan's own values can be compared with.
    pub(super) fn mentions(&self) -> Vec<String> {
        let seen = self.0.borrow();
        let known = seen.texts.iter().filter(|compared| !is_marked(&compared.text));
        known.map(|compared| compared.text.clone()).collect()
    }

    /// How much work it is to tell apart what the marks stand for: each text is compared with the
    /// starts of each.
    pub(super) fn work(&self) -> u64 {
        let seen = self.0.borrow();
        let length: usize = seen.texts.iter().map(|compared| compared.text.len()).sum();
        let work = length.saturating_mul(seen.texts.len() + seen.open.len());
        let pairs = seen.compared.len().saturating_mul(seen.open.len());
        u64::try_from(work.saturating_add(pairs)).unwrap_or(u64::MAX)
    }

    pub(super) fn into_seen(self) -> Seen {
        self.0.into_inner()
    }
}

/// All texts in a value, and how those start and end that are not known; names of selectors say nothing.
fn each_text(value: &Value, take: &mut impl FnMut(&str)) {
    match value {
        Value::Text(text) => take(text),
        Value::Open(open) => {
            for known in [&open.prefix, &open.suffix].into_iter().filter(|text| !text.is_empty()) {
                take(known);
            }
        }
        Value::List(values) | Value::Either(values, _) => {
            values.iter().for_each(|value| each_text(value, take));
        }
        Value::Map(members) => {
            for (_, value) in members.iter().filter(|(name, _)| name != "Name" && name != PLACE) {
                each_text(value, take);
            }
        }
        Value::Absent | Value::Bool(_) => {}
    }
}
