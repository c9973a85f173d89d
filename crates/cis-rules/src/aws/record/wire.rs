//! Events from records as CloudTrail writes them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::FieldValue;
use super::caller::{Caller, Identity};
use super::event::{Event, Members, NamedResource, Subject};
use super::json::{IdentityJson, RecordJson, ResourceJson, WrongMember, owned};
use super::member::Text;
use crate::aws::field::{DATA, RecordField, S3_OBJECT};

/// The event that a record is about.
///
/// # Errors
/// Where the record is not what CloudTrail writes: the member that is wrong.
pub fn event(record: &RecordJson<'_>) -> Result<Event, WrongMember> {
    record.check()?;
    let subject = match other(record) {
        Some(reason) => Subject::Other(reason),
        None => Subject::Object(members(record)?.event()),
    };
    Ok(Event {
        id: owned(&record.event_id),
        time: owned(&record.event_time),
        name: owned(&record.event_name),
        subject,
    })
}

/// Why a record is no data event on an object; `None` if it is one.
///
/// `eventCategory` and `managementEvent` are missing from records of older versions, but only data
/// events name objects.
fn other(record: &RecordJson<'_>) -> Option<String> {
    if let Some(category) = record.event_category.text().filter(|category| *category != DATA) {
        return Some(alloc::format!("its eventCategory is `{category}`"));
    }
    if record.management_event.value() == Some(&true) {
        return Some("it is a management event".to_string());
    }
    let types = record.resources().filter_map(|(_, resource)| resource.resource_type.text());
    let mut types: Vec<&str> = types.collect();
    if types.contains(&S3_OBJECT) {
        return None;
    }
    types.dedup();
    Some(match types.as_slice() {
        [] => "it names no resource with a type".to_string(),
        types => {
            let types: Vec<String> = types.iter().map(|name| alloc::format!("`{name}`")).collect();
            alloc::format!("it is about {}", types.join(", "))
        }
    })
}

fn members(record: &RecordJson<'_>) -> Result<Members, WrongMember> {
    let identity = record.identity();
    let session = record.session_credential_from_console.value().map(ToString::to_string);
    let mut resources = Vec::new();
    for (index, entry) in record.resources() {
        resources.extend(resource(index, entry)?);
    }
    Ok(Members {
        event_name: required("eventName", &record.event_name)?,
        read_only: record.read_only.value().copied(),
        others: alloc::vec![
            (RecordField::EventSource, required("eventSource", &record.event_source)?.into()),
            (RecordField::EventType, required("eventType", &record.event_type)?.into()),
            (
                RecordField::UserIdentityArn,
                identity.and_then(|identity| owned(&identity.arn)).into(),
            ),
            (
                RecordField::InvokedBy,
                identity.and_then(|identity| owned(&identity.invoked_by)).into(),
            ),
            (RecordField::SessionCredentialFromConsole, session.into()),
            (RecordField::AwsRegion, owned(&record.aws_region).into()),
        ],
        resources,
        caller: Some(caller(record)),
    })
}

fn required(member: &str, text: &Text<'_>) -> Result<String, WrongMember> {
    owned(text).ok_or_else(|| WrongMember::new(member, "a data event must have it"))
}

/// Who made the request.
#[must_use]
pub fn caller(record: &RecordJson<'_>) -> Caller {
    record.identity().map_or_else(Caller::default, |identity| Identity::from(identity).caller())
}

impl<'a> From<&'a IdentityJson<'_>> for Identity<'a> {
    fn from(identity: &'a IdentityJson<'_>) -> Self {
        Self {
            identity_type: identity.identity_type.text(),
            arn: identity.arn.text(),
            account_id: identity.account_id.text(),
            invoked_by: identity.invoked_by.text(),
            has_web_identity: identity.has_web_identity(),
        }
    }
}

/// A resource that has a type and an ARN; an object must have one.
fn resource(index: usize, entry: &ResourceJson<'_>) -> Result<Option<NamedResource>, WrongMember> {
    let resource = owned(&entry.arn).map(FieldValue::from);
    let resource = resource.or_else(|| owned(&entry.arn_prefix).map(FieldValue::ArnPrefix));
    match (owned(&entry.resource_type), resource) {
        (Some(resource_type), Some(resource)) => {
            Ok(Some(NamedResource { resource_type, resource }))
        }
        (Some(resource_type), None) if resource_type == S3_OBJECT => Err(WrongMember::new(
            alloc::format!("resources[{index}]"),
            "an object has an ARN or an ARNPrefix",
        )),
        _ => Ok(None),
    }
}
