//! Event selectors as CloudTrail knows them, with everything kept that this library does not know.

pub mod wire;

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::field::RecordField;

/// Placeholder for what a plan leaves open in a selector: as the name of a member or an operator, or
/// as `ReadWriteType`. It is treated like any unknown member. The trail's `open` says what is open.
pub const LEFT_OPEN: &str = "(left open)";

/// One entry of a trail's `EventSelectors` or `AdvancedEventSelectors`.
///
/// A trail logs an event that any of its selectors matches.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// An `EventSelector`.
    Basic(BasicSelector),
    /// An `AdvancedEventSelector`.
    Advanced(AdvancedSelector),
}

impl Selector {
    /// Whether it has a condition on `resources.ARN`, so that what it does with records that carry an
    /// `ARNPrefix` is not documented.
    pub(crate) fn compares_arn(&self) -> bool {
        match self {
            Self::Basic(_) => false,
            Self::Advanced(advanced) => advanced.on(RecordField::ResourcesArn).next().is_some(),
        }
    }
}

/// A basic event selector.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicSelector {
    /// `ReadWriteType`; absent means `All`.
    pub read_write: ReadWriteType,
    /// `DataResources`.
    pub data_resources: Vec<DataResource>,
    /// What it says of management events; `None` where a plan leaves that open, or it is of no shape
    /// that AWS gives. No verdict rests on it: who writes the selector again needs it.
    pub management: Option<ManagementEvents>,
    /// Members that this library does not know: they may narrow the selector.
    pub unknown_members: Vec<String>,
}

/// What a basic event selector says of management events.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagementEvents {
    /// `IncludeManagementEvents`; absent means true.
    pub are_included: bool,
    /// `ExcludeManagementEventSources`.
    pub excluded_sources: Vec<String>,
}

impl Default for ManagementEvents {
    fn default() -> Self {
        Self { are_included: true, excluded_sources: Vec::new() }
    }
}

/// `ReadWriteType` of a basic event selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadWriteType {
    /// Read and write events.
    All,
    /// Records with `readOnly` `true`.
    ReadOnly,
    /// Records with `readOnly` `false`.
    WriteOnly,
    /// A value that AWS did not document.
    Unknown(String),
}

/// One entry of `DataResources`.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataResource {
    /// `Type`, compared exactly.
    pub resource_type: Option<String>,
    /// `Values`: ARN prefixes, and the two spellings that mean all objects.
    pub values: Vec<String>,
    /// Members that this library does not know: they may narrow the entry.
    pub unknown_members: Vec<String>,
}

/// An advanced event selector: a conjunction of field selectors.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdvancedSelector {
    /// `Name`.
    pub name: Option<String>,
    /// `FieldSelectors`.
    pub field_selectors: Vec<FieldSelector>,
    /// Members that this library does not know: they may narrow the selector.
    pub unknown_members: Vec<String>,
}

/// A condition on one field.
///
/// The positive operators are OR-ed over operators and values, the negative ones AND-ed, and the
/// two groups AND-ed; comparison is exact.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html#filtering-data-events-conditions>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSelector {
    /// `Field`.
    pub field: Field,
    /// The operators that are present, each with its values, empty lists included.
    pub conditions: Vec<Condition>,
    /// Operators that this library does not know.
    pub unknown_operators: Vec<String>,
}

/// One operator with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The values, as written.
    pub values: Vec<String>,
}

/// A field that a field selector names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// One that data events on a trail are documented to have.
    Known(RecordField),
    /// Any other.
    Unknown(String),
}

impl Field {
    /// The fields that a data event selector of a trail may name, those first that it must.
    pub fn known() -> impl Iterator<Item = RecordField> {
        let all = RecordField::FIXED.into_iter().chain(RecordField::VARYING);
        all.filter(|field| field.facts().is_selectable)
    }

    /// The field's name as CloudTrail spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Known(field) => field.name(),
            Self::Unknown(name) => name,
        }
    }

    /// The field of this name.
    #[must_use]
    pub fn from_name(name: String) -> Self {
        match Self::known().find(|field| field.name() == name) {
            Some(field) => Self::Known(field),
            None => Self::Unknown(name),
        }
    }
}

impl PartialEq<RecordField> for Field {
    fn eq(&self, other: &RecordField) -> bool {
        matches!(self, Self::Known(field) if field == other)
    }
}

/// An operator of a field selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Operator {
    /// The value is one of these.
    Equals,
    /// The value starts with one of these.
    StartsWith,
    /// The value ends with one of these.
    EndsWith,
    /// The value is none of these.
    NotEquals,
    /// The value starts with none of these.
    NotStartsWith,
    /// The value ends with none of these.
    NotEndsWith,
}

impl Operator {
    /// All operators.
    pub const ALL: [Self; 6] = [
        Self::Equals,
        Self::StartsWith,
        Self::EndsWith,
        Self::NotEquals,
        Self::NotStartsWith,
        Self::NotEndsWith,
    ];

    /// The operator's name as CloudTrail spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equals => "Equals",
            Self::StartsWith => "StartsWith",
            Self::EndsWith => "EndsWith",
            Self::NotEquals => "NotEquals",
            Self::NotStartsWith => "NotStartsWith",
            Self::NotEndsWith => "NotEndsWith",
        }
    }

    /// Whether the operator selects events; the others deselect.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        matches!(self, Self::Equals | Self::StartsWith | Self::EndsWith)
    }

    /// Whether a value relates to a pattern as the operator's name says, negation left aside.
    #[must_use]
    pub fn compares(self, value: &str, pattern: &str) -> bool {
        match self {
            Self::Equals | Self::NotEquals => value == pattern,
            Self::StartsWith | Self::NotStartsWith => value.starts_with(pattern),
            Self::EndsWith | Self::NotEndsWith => value.ends_with(pattern),
        }
    }
}

impl FieldSelector {
    /// Whether the field selector says what AWS documents: known operators only, each with values.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.unknown_operators.is_empty()
            && !self.conditions.is_empty()
            && self.conditions.iter().all(|condition| !condition.values.is_empty())
    }

    /// Whether an operator selects events.
    #[must_use]
    pub fn has_positive(&self) -> bool {
        self.conditions.iter().any(|condition| condition.operator.is_positive())
    }
}

impl AdvancedSelector {
    /// The field selectors on one field.
    pub fn on(&self, field: RecordField) -> impl Iterator<Item = &FieldSelector> {
        self.field_selectors.iter().filter(move |selector| selector.field == field)
    }

    /// Whether a required field is given as AWS demands: once, with one `Equals` value and no
    /// other operator.
    #[must_use]
    pub fn requires_exactly_one(&self, field: RecordField) -> bool {
        let mut on_field = self.on(field);
        match (on_field.next(), on_field.next()) {
            (Some(only), None) => {
                only.is_well_formed()
                    && matches!(
                        only.conditions.as_slice(),
                        [Condition { operator: Operator::Equals, values }] if values.len() == 1
                    )
            }
            _ => false,
        }
    }
}
