//! The log selector template that the CloudTrail console shows for a trail's S3 data events.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html>

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::aws::field::{DATA, RecordField, S3_OBJECT};
use crate::aws::selector::{
    AdvancedSelector, BasicSelector, Condition, FieldSelector, Operator, ReadWriteType, Selector,
};
use crate::spec::matching::{Match, ObjectValue};

/// A log selector template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ConsoleTemplate {
    /// Both kinds of events, without a filter.
    #[serde(rename = "Log all events")]
    AllEvents,
    /// Reads only.
    #[serde(rename = "Log only read events")]
    ReadEvents,
    /// Writes only.
    #[serde(rename = "Log only write events")]
    WriteEvents,
    /// Console sessions only.
    #[serde(rename = "Log only AWS Management Console events")]
    ConsoleEvents,
    /// No events that AWS services make.
    #[serde(rename = "Exclude AWS service initiated events")]
    NoServiceEvents,
    /// Anything else.
    #[serde(rename = "Custom")]
    Custom,
}

impl ConsoleTemplate {
    /// The name that the console shows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllEvents => "Log all events",
            Self::ReadEvents => "Log only read events",
            Self::WriteEvents => "Log only write events",
            Self::ConsoleEvents => "Log only AWS Management Console events",
            Self::NoServiceEvents => "Exclude AWS service initiated events",
            Self::Custom => "Custom",
        }
    }
}

impl fmt::Display for ConsoleTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The template of a trail's S3 data events; `None` if no selector takes any.
#[must_use]
pub(crate) fn template(selectors: &[Selector], partition: &str) -> Option<ConsoleTemplate> {
    let mut templates: Vec<ConsoleTemplate> = selectors
        .iter()
        .filter_map(|selector| match selector {
            Selector::Basic(basic) => of_basic(basic, partition),
            Selector::Advanced(advanced) => of_advanced(advanced),
        })
        .collect();
    templates.sort_unstable();
    templates.dedup();
    match templates.as_slice() {
        [] => None,
        [only] => Some(*only),
        _ => Some(ConsoleTemplate::Custom),
    }
}

fn of_basic(basic: &BasicSelector, partition: &str) -> Option<ConsoleTemplate> {
    let is_object = |resource: &&crate::aws::selector::DataResource| {
        resource.resource_type.as_deref() == Some(S3_OBJECT)
    };
    let values: Vec<ObjectValue<'_>> = basic
        .data_resources
        .iter()
        .filter(is_object)
        .flat_map(|resource| resource.values.iter().map(|value| ObjectValue::of(value, partition)))
        .collect();
    if values.is_empty() {
        return None;
    }
    Some(match (&basic.read_write, values.contains(&ObjectValue::All)) {
        (ReadWriteType::All, true) => ConsoleTemplate::AllEvents,
        (ReadWriteType::ReadOnly, true) => ConsoleTemplate::ReadEvents,
        (ReadWriteType::WriteOnly, true) => ConsoleTemplate::WriteEvents,
        _ => ConsoleTemplate::Custom,
    })
}

fn of_advanced(advanced: &AdvancedSelector) -> Option<ConsoleTemplate> {
    let is_taken = |field: RecordField, value| advanced.matches_value(field, value) != Match::No;
    if !is_taken(RecordField::EventCategory, DATA)
        || !is_taken(RecordField::ResourcesType, S3_OBJECT)
    {
        return None;
    }
    let filters: Vec<&FieldSelector> = advanced
        .field_selectors
        .iter()
        .filter(|selector| {
            selector.field != RecordField::EventCategory
                && selector.field != RecordField::ResourcesType
        })
        .collect();
    let exact = advanced.requires_exactly_one(RecordField::EventCategory)
        && advanced.requires_exactly_one(RecordField::ResourcesType)
        && advanced.unknown_members.is_empty();
    let is = |selector: &FieldSelector, field: RecordField, operator: Operator, value: &str| {
        selector.field == field
            && selector.unknown_operators.is_empty()
            && matches!(selector.conditions.as_slice(),
                [Condition { operator: found, values }] if *found == operator && *values == [value])
    };
    Some(match filters.as_slice() {
        [] if exact => ConsoleTemplate::AllEvents,
        [only] if exact && is(only, RecordField::ReadOnly, Operator::Equals, "true") => {
            ConsoleTemplate::ReadEvents
        }
        [only] if exact && is(only, RecordField::ReadOnly, Operator::Equals, "false") => {
            ConsoleTemplate::WriteEvents
        }
        [only]
            if exact
                && is(
                    only,
                    RecordField::SessionCredentialFromConsole,
                    Operator::Equals,
                    "true",
                ) =>
        {
            ConsoleTemplate::ConsoleEvents
        }
        [one, two]
            if exact
                && [(one, two), (two, one)].iter().any(|(event_type, identity)| {
                    is(event_type, RecordField::EventType, Operator::NotEquals, "AwsServiceEvent")
                        && excludes_service_linked_roles(identity)
                }) =>
        {
            ConsoleTemplate::NoServiceEvents
        }
        _ => ConsoleTemplate::Custom,
    })
}

/// Whether a field selector leaves out sessions of service-linked roles, as the console writes it.
fn excludes_service_linked_roles(selector: &FieldSelector) -> bool {
    selector.field == RecordField::UserIdentityArn
        && selector.unknown_operators.is_empty()
        && matches!(selector.conditions.as_slice(),
            [Condition { operator: Operator::NotStartsWith, values }]
                if values.iter().all(|value| value.ends_with("AWSServiceRoleFor")))
}
