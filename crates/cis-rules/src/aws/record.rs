//! A CloudTrail data event record, reduced to the fields that the rule looks at.

pub mod caller;
pub mod event;
pub mod json;
pub mod member;
pub mod wire;

use alloc::borrow::Cow;
use alloc::string::{String, ToString};

use super::field::{DATA, RecordField, S3_OBJECT};

/// What a record has in one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldValue {
    /// Nothing: the record lacks the field.
    #[default]
    Absent,
    /// A text.
    Text(Cow<'static, str>),
    /// An `ARNPrefix` where a selector asks for an ARN, as in `ListObjects` and `DeleteObjects`.
    ArnPrefix(String),
}

impl FieldValue {
    /// An object by its ARN. One with an empty key stands for the records that have an `ARNPrefix`.
    #[must_use]
    pub fn of_object(arn: String) -> Self {
        let is_keyless = arn.split_once('/').is_some_and(|(_, key)| key.is_empty());
        if is_keyless { Self::ArnPrefix(arn) } else { arn.into() }
    }

    /// The text, or the text of the ARN prefix.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Text(text) => Some(text),
            Self::ArnPrefix(text) => Some(text),
        }
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        text.to_string().into()
    }
}

impl From<String> for FieldValue {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<Cow<'static, str>> for FieldValue {
    fn from(text: Cow<'static, str>) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for FieldValue {
    fn from(text: Option<T>) -> Self {
        text.map_or(Self::Absent, Into::into)
    }
}

/// A CloudTrail record, reduced to the fields that the rule looks at.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    values: [FieldValue; RecordField::COUNT],
}

impl Record {
    /// A data event record on an object, with nothing in its other fields.
    #[must_use]
    pub fn of_object(arn: impl Into<String>) -> Self {
        let mut record = Self { values: [const { FieldValue::Absent }; RecordField::COUNT] };
        record.set(RecordField::EventCategory, Cow::Borrowed(DATA));
        record.set(RecordField::ResourcesType, Cow::Borrowed(S3_OBJECT));
        record.set(RecordField::ResourcesArn, FieldValue::of_object(arn.into()));
        record
    }

    /// What the record has in a field.
    #[must_use]
    pub fn value(&self, field: RecordField) -> &FieldValue {
        &self.values[field as usize]
    }

    /// The text in a field, that of an ARN prefix included.
    #[must_use]
    pub fn get(&self, field: RecordField) -> Option<&str> {
        self.value(field).text()
    }

    /// The ARN or the ARN prefix of the object.
    #[must_use]
    pub fn arn(&self) -> &str {
        self.get(RecordField::ResourcesArn).unwrap_or_default()
    }

    /// Replaces what the record has in a field.
    pub fn set(&mut self, field: RecordField, value: impl Into<FieldValue>) {
        self.values[field as usize] = value.into();
    }

    /// The record with another value in a field.
    #[must_use]
    pub fn with(mut self, field: RecordField, value: impl Into<FieldValue>) -> Self {
        self.set(field, value);
        self
    }
}
