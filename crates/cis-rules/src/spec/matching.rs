//! Whether one selector matches one record: naive on purpose, because this file is the specification.
//!
//! AWS leaves some behaviour undocumented, so the answer has three values. The records that a
//! selector matches `Surely` are its lower bound; with those that it matches `Maybe` they are its
//! upper bound.

use crate::aws::field::{Absence, DATA, RecordField, S3_OBJECT};
use crate::aws::record::{FieldValue, Record};
use crate::aws::selector::{
    AdvancedSelector, BasicSelector, DataResource, Field, FieldSelector, ReadWriteType, Selector,
};

/// Whether a record is matched. The order is the order of logic: `No < Maybe < Surely`, so that
/// "and" is the minimum and "or" the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// The record is surely not matched.
    No,
    /// Neither is documented, or a fact is missing.
    Maybe,
    /// The record is surely matched.
    Surely,
}

impl Match {
    /// Yes or no, where that is known.
    #[must_use]
    pub const fn known(yes: bool) -> Self {
        if yes { Self::Surely } else { Self::No }
    }

    /// This answer, less sure where there is a doubt.
    #[must_use]
    pub fn doubted(self, doubt: bool) -> Self {
        if doubt { self.min(Self::Maybe) } else { self }
    }

    /// The answer where a fact may be missing.
    #[must_use]
    pub const fn from_fact(fact: Option<bool>) -> Self {
        match fact {
            Some(yes) => Self::known(yes),
            None => Self::Maybe,
        }
    }
}

impl Selector {
    /// Whether a selector of a trail in this partition matches a record.
    #[must_use]
    pub fn matches(&self, record: &Record, partition: &str) -> Match {
        match self {
            Self::Basic(basic) => basic.matches(record, partition),
            Self::Advanced(advanced) => advanced.matches(record),
        }
    }
}

impl BasicSelector {
    /// Whether a basic selector of a trail in this partition matches a record.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
    #[must_use]
    pub fn matches(&self, record: &Record, partition: &str) -> Match {
        if record.get(RecordField::EventCategory) != Some(DATA) {
            return Match::No;
        }
        let kind = match self.read_write {
            ReadWriteType::All => Match::Surely,
            ReadWriteType::ReadOnly => {
                Match::known(record.get(RecordField::ReadOnly) == Some("true"))
            }
            ReadWriteType::WriteOnly => {
                Match::known(record.get(RecordField::ReadOnly) == Some("false"))
            }
            ReadWriteType::Unknown(_) => Match::Maybe,
        };
        let resource = self
            .data_resources
            .iter()
            .map(|data_resource| data_resource.matches(record, partition))
            .max()
            .unwrap_or(Match::No);
        kind.min(resource).doubted(!self.unknown_members.is_empty())
    }
}

impl DataResource {
    pub(crate) fn matches(&self, record: &Record, partition: &str) -> Match {
        let of_record = record.get(RecordField::ResourcesType);
        if self.resource_type.as_deref() != Some(S3_OBJECT) || of_record != Some(S3_OBJECT) {
            return Match::No;
        }
        let arn = record.arn();
        self.values
            .iter()
            .map(|value| ObjectValue::of(value, partition).takes(arn))
            .max()
            .unwrap_or(Match::No)
            .doubted(!self.unknown_members.is_empty())
    }
}

/// What a value of a data resource of type `AWS::S3::Object` means.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectValue<'v> {
    /// All objects of all buckets: `arn:<partition>:s3` and `arn:<partition>:s3:::`.
    All,
    /// ARNs that start with the value, which has a slash after the bucket.
    Prefix(&'v str),
    /// It is not documented whether it takes anything; if so, then ARNs that start with this: a
    /// bucket without a slash, which AWS refuses; what stands before a `*` in a key; the empty text
    /// for the partial ARNs `arn:<partition>:s3:` and `arn:<partition>:s3::`.
    Perhaps(&'v str),
    /// Another partition, a wildcard in the bucket's name, or no ARN of S3 at all.
    Nothing,
}

impl<'v> ObjectValue<'v> {
    /// The meaning of a value on a trail in this partition.
    #[must_use]
    pub fn of(value: &'v str, partition: &str) -> Self {
        let Some(rest) = value
            .strip_prefix("arn:")
            .and_then(|rest| rest.strip_prefix(partition))
            .and_then(|rest| rest.strip_prefix(":s3"))
        else {
            return Self::Nothing;
        };
        match rest.strip_prefix(":::") {
            None if rest.is_empty() => Self::All,
            None if matches!(rest, ":" | "::") => Self::Perhaps(""),
            None => Self::Nothing,
            Some("") => Self::All,
            Some(object) => {
                let (bucket, has_slash) = match object.split_once('/') {
                    Some((bucket, _)) => (bucket, true),
                    None => (object, false),
                };
                match value.split_once('*') {
                    _ if bucket.contains('*') => Self::Nothing,
                    Some((before, _)) => Self::Perhaps(before),
                    None if has_slash => Self::Prefix(value),
                    None => Self::Perhaps(value),
                }
            }
        }
    }

    /// The start of the ARNs that the value takes, and how sure it is that it takes them; `None` if it
    /// takes nothing.
    #[must_use]
    pub const fn start(self) -> Option<(&'v str, Match)> {
        match self {
            Self::All => Some(("", Match::Surely)),
            Self::Prefix(start) => Some((start, Match::Surely)),
            Self::Perhaps(start) => Some((start, Match::Maybe)),
            Self::Nothing => None,
        }
    }

    /// Whether the value takes an ARN.
    #[must_use]
    pub fn takes(self, arn: &str) -> Match {
        match self.start() {
            Some((start, sure)) if arn.starts_with(start) => sure,
            _ => Match::No,
        }
    }
}

impl AdvancedSelector {
    /// Whether an advanced selector matches a record.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>
    #[must_use]
    pub fn matches(&self, record: &Record) -> Match {
        Field::known()
            .map(|field| self.matches_field(field, Value::of(record.value(field))))
            .min()
            .unwrap_or(Match::Surely)
            .doubted(self.has_unknown_condition())
    }

    /// Whether the selector may be narrower than what this library understands of it.
    pub(crate) fn has_unknown_condition(&self) -> bool {
        !self.unknown_members.is_empty()
            || self
                .field_selectors
                .iter()
                .any(|selector| matches!(selector.field, Field::Unknown(_)))
    }

    /// Whether the selector takes records with this value of a field, as far as that field goes.
    pub(crate) fn matches_value(&self, field: RecordField, value: &str) -> Match {
        self.matches_field(field, Value::Present(value))
    }

    pub(crate) fn matches_field(&self, field: RecordField, value: Value<'_>) -> Match {
        let required = matches!(field, RecordField::EventCategory | RecordField::ResourcesType);
        self.on_field(field, value).doubted(required && !self.requires_exactly_one(field))
    }

    /// All field selectors on one field together. Whether a repeated field means "and" or "or" is
    /// not documented: a value is surely matched if all match it, and surely not if none does.
    fn on_field(&self, field: RecordField, value: Value<'_>) -> Match {
        let absence = field.facts().absence;
        let answers = self.on(field).map(|selector| selector.matches(value, absence));
        let (least, most) = answers.fold((Match::Surely, Match::No), |(least, most), answer| {
            (least.min(answer), most.max(answer))
        });
        match (least, most) {
            (Match::Surely, _) => Match::Surely,
            (_, Match::No) => Match::No,
            _ => Match::Maybe,
        }
    }
}

/// What a field selector looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    /// The field is in the record.
    Present(&'a str),
    /// The field is not in the record.
    Absent,
    /// The record has an `ARNPrefix` where the selector asks for an ARN.
    ArnPrefix(&'a str),
}

impl<'a> Value<'a> {
    pub(crate) fn of(value: &'a FieldValue) -> Self {
        match value {
            FieldValue::Absent => Self::Absent,
            FieldValue::Text(text) => Self::Present(text),
            FieldValue::ArnPrefix(prefix) => Self::ArnPrefix(prefix),
        }
    }
}

impl FieldSelector {
    fn matches(&self, value: Value<'_>, absence: Absence) -> Match {
        if !self.is_well_formed() {
            return Match::Maybe;
        }
        match value {
            Value::Present(value) => Match::known(self.compares(value)),
            Value::Absent => self.matches_absent(absence),
            Value::ArnPrefix(prefix) if self.compares(prefix) => Match::Surely,
            Value::ArnPrefix(_) => self.matches_absent(absence),
        }
    }

    /// An absent field is equal to nothing, so a positive operator never takes it. Whether a negative
    /// one does is documented only for fields that are written where they have their one value.
    fn matches_absent(&self, absence: Absence) -> Match {
        Match::known(!self.has_positive()).doubted(absence != Absence::IsNotTheValue)
    }

    fn compares(&self, value: &str) -> bool {
        let meets = |positive: bool| {
            self.conditions
                .iter()
                .filter(move |condition| condition.operator.is_positive() == positive)
                .any(|condition| {
                    condition
                        .values
                        .iter()
                        .any(|pattern| condition.operator.compares(value, pattern))
                })
        };
        (meets(true) || !self.has_positive()) && !meets(false)
    }
}
