//! The log selector template that the CloudTrail console shows for a trail's S3 data events.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html>

use alloc::vec::Vec;

use crate::aws::selector::{
    AdvancedSelector, BasicSelector, Condition, Field, FieldSelector, Operator, ReadWriteType,
    Selector,
};
use crate::spec::matching::{DATA, Match, ObjectValue, S3_OBJECT};

/// Both kinds of events, without a filter.
pub(crate) const ALL_EVENTS: &str = "Log all events";
/// Reads alone.
pub(crate) const READ_EVENTS: &str = "Log only read events";
/// Writes alone.
pub(crate) const WRITE_EVENTS: &str = "Log only write events";
/// Console sessions alone.
pub(crate) const CONSOLE_EVENTS: &str = "Log only AWS Management Console events";
/// No events that AWS services make.
pub(crate) const NO_SERVICE_EVENTS: &str = "Exclude AWS service initiated events";
/// Anything else.
pub(crate) const CUSTOM: &str = "Custom";

/// The template of a trail's S3 data events; none where no selector takes any.
#[must_use]
pub(crate) fn template(selectors: &[Selector], partition: &str) -> Option<&'static str> {
    let mut templates: Vec<&'static str> = selectors
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
        [only] => Some(only),
        _ => Some(CUSTOM),
    }
}

fn of_basic(basic: &BasicSelector, partition: &str) -> Option<&'static str> {
    let is_object = |resource: &&crate::aws::selector::DataResource| {
        resource.resource_type.as_deref() == Some(S3_OBJECT)
    };
    let values: Vec<ObjectValue> = basic
        .data_resources
        .iter()
        .filter(is_object)
        .flat_map(|resource| resource.values.iter().map(|value| ObjectValue::of(value, partition)))
        .collect();
    if values.is_empty() {
        return None;
    }
    Some(match (&basic.read_write, values.contains(&ObjectValue::All)) {
        (ReadWriteType::All, true) => ALL_EVENTS,
        (ReadWriteType::ReadOnly, true) => READ_EVENTS,
        (ReadWriteType::WriteOnly, true) => WRITE_EVENTS,
        _ => CUSTOM,
    })
}

fn of_advanced(advanced: &AdvancedSelector) -> Option<&'static str> {
    let is_taken = |field: &Field, value| advanced.matches_value(field, value) != Match::No;
    if !is_taken(&Field::EventCategory, DATA) || !is_taken(&Field::ResourcesType, S3_OBJECT) {
        return None;
    }
    let filters: Vec<&FieldSelector> = advanced
        .field_selectors
        .iter()
        .filter(|selector| !matches!(selector.field, Field::EventCategory | Field::ResourcesType))
        .collect();
    let exact = advanced.requires_exactly_one(&Field::EventCategory)
        && advanced.requires_exactly_one(&Field::ResourcesType)
        && advanced.unknown_members.is_empty();
    let is = |selector: &FieldSelector, field: &Field, operator: Operator, value: &str| {
        selector.field == *field
            && selector.unknown_operators.is_empty()
            && matches!(selector.conditions.as_slice(),
                [Condition { operator: found, values }] if *found == operator && *values == [value])
    };
    Some(match filters.as_slice() {
        [] if exact => ALL_EVENTS,
        [only] if exact && is(only, &Field::ReadOnly, Operator::Equals, "true") => READ_EVENTS,
        [only] if exact && is(only, &Field::ReadOnly, Operator::Equals, "false") => WRITE_EVENTS,
        [only]
            if exact
                && is(only, &Field::SessionCredentialFromConsole, Operator::Equals, "true") =>
        {
            CONSOLE_EVENTS
        }
        [one, two]
            if exact
                && [(one, two), (two, one)].iter().any(|(event_type, identity)| {
                    is(event_type, &Field::EventType, Operator::NotEquals, "AwsServiceEvent")
                        && excludes_service_linked_roles(identity)
                }) =>
        {
            NO_SERVICE_EVENTS
        }
        _ => CUSTOM,
    })
}

/// Whether a field selector leaves out sessions of service-linked roles, as the console writes it.
fn excludes_service_linked_roles(selector: &FieldSelector) -> bool {
    selector.field == Field::UserIdentityArn
        && selector.unknown_operators.is_empty()
        && matches!(selector.conditions.as_slice(),
            [Condition { operator: Operator::NotStartsWith, values }]
                if values.iter().all(|value| value.ends_with("AWSServiceRoleFor")))
}
