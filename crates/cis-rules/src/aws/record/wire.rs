//! Events from CloudTrail's JSON: the only file that knows how a record spells its members.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::FieldValue;
use super::caller::{Caller, Identity};
use super::event::{Event, Members, NamedResource, Subject};
use crate::aws::field::{DATA, RecordField, S3_OBJECT};

/// A text that does not hold CloudTrail's records.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidRecord(String);

/// Reads events: one record, a log file's `{"Records": […]}`, an array of records, or several of
/// these one after the other (one per line).
///
/// # Errors
/// Where the text holds no record, is not JSON, or a record is not what CloudTrail writes: the
/// member that is wrong.
pub fn events(text: &str) -> Result<Vec<Event>, InvalidRecord> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut events = Vec::new();
    let documents = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    for (index, document) in documents.enumerate() {
        let document = document.map_err(|error| InvalidRecord(error.to_string()))?;
        let read = of_document(&document, &mut events);
        read.map_err(|Wrong { member, what }| {
            let which = match index {
                0 => String::new(),
                _ => alloc::format!("document {}, ", index + 1),
            };
            let place = if member.is_empty() { "the input".into() } else { quoted(&member) };
            InvalidRecord(alloc::format!("{which}in {place}: {what}"))
        })?;
    }
    if events.is_empty() {
        return Err(InvalidRecord("no record: the input holds none".to_string()));
    }
    Ok(events)
}

fn quoted(text: &str) -> String {
    alloc::format!("`{text}`")
}

/// What is wrong, and with which member.
struct Wrong {
    member: String,
    what: &'static str,
}

const OBJECT: &str = "an object is expected";
const ARRAY: &str = "an array is expected";
const STRING: &str = "a string is expected";
const BOOLEAN: &str = "true or false is expected";

fn of_document(document: &Value, events: &mut Vec<Event>) -> Result<(), Wrong> {
    let (records, place) = match document {
        Value::Array(records) => (records, ""),
        Value::Object(object) => match object.get("Records") {
            Some(Value::Array(records)) => (records, "Records"),
            Some(_) => return Err(Wrong { member: "Records".to_string(), what: ARRAY }),
            None => {
                events.push(event(&Located::new(document, String::new())?)?);
                return Ok(());
            }
        },
        _ => return Err(Wrong { member: String::new(), what: "a record is expected" }),
    };
    for (index, record) in records.iter().enumerate() {
        events.push(event(&Located::new(record, alloc::format!("{place}[{index}]"))?)?);
    }
    Ok(())
}

/// An object at its place in the input. A member that is `null` counts as absent.
struct Located<'a> {
    object: &'a Map<String, Value>,
    place: String,
}

impl<'a> Located<'a> {
    fn new(value: &'a Value, place: String) -> Result<Self, Wrong> {
        match value {
            Value::Object(object) => Ok(Self { object, place }),
            _ => Err(Wrong { member: place, what: OBJECT }),
        }
    }

    fn place_of(&self, member: &str) -> String {
        let dot = if self.place.is_empty() { "" } else { "." };
        [self.place.as_str(), dot, member].concat()
    }

    fn wrong(&self, member: &str, what: &'static str) -> Wrong {
        Wrong { member: self.place_of(member), what }
    }

    fn get(&self, member: &str) -> Option<&'a Value> {
        self.object.get(member).filter(|value| !value.is_null())
    }

    fn text(&self, member: &str) -> Result<Option<String>, Wrong> {
        match self.get(member) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(member, STRING)),
        }
    }

    fn required_text(&self, member: &str) -> Result<String, Wrong> {
        self.text(member)?.ok_or_else(|| self.wrong(member, "a data event must have it"))
    }

    /// A boolean, also where it is written as a string.
    fn boolean(&self, member: &str) -> Result<Option<bool>, Wrong> {
        match self.get(member) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(Value::String(text)) if text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(self.wrong(member, BOOLEAN)),
        }
    }

    fn object(&self, member: &str) -> Result<Option<Self>, Wrong> {
        self.get(member).map(|value| Self::new(value, self.place_of(member))).transpose()
    }

    fn objects(&self, member: &str) -> Result<Vec<Self>, Wrong> {
        match self.get(member) {
            None => Ok(Vec::new()),
            Some(Value::Array(entries)) => entries
                .iter()
                .enumerate()
                .map(|(index, entry)| {
                    Self::new(entry, alloc::format!("{}[{index}]", self.place_of(member)))
                })
                .collect(),
            Some(_) => Err(self.wrong(member, ARRAY)),
        }
    }
}

fn event(record: &Located<'_>) -> Result<Event, Wrong> {
    let subject = match other(record)? {
        Some(reason) => Subject::Other(reason),
        None => Subject::Object(members(record)?.event()),
    };
    Ok(Event {
        id: record.text("eventID")?,
        time: record.text("eventTime")?,
        name: record.text("eventName")?,
        subject,
    })
}

/// Why a record is no data event on an object; `None` if it is one.
///
/// `eventCategory` and `managementEvent` are missing from records of older versions, but only data
/// events name objects.
fn other(record: &Located<'_>) -> Result<Option<String>, Wrong> {
    let category = record.text("eventCategory")?;
    if let Some(category) = category.filter(|category| category != DATA) {
        return Ok(Some(alloc::format!("its eventCategory is {}", quoted(&category))));
    }
    if record.boolean("managementEvent")? == Some(true) {
        return Ok(Some("it is a management event".to_string()));
    }
    let mut types = Vec::new();
    for resource in record.objects("resources")? {
        types.extend(resource.text("type")?);
    }
    if types.iter().any(|resource_type| resource_type == S3_OBJECT) {
        return Ok(None);
    }
    types.dedup();
    Ok(Some(match types.as_slice() {
        [] => "it names no resource with a type".to_string(),
        types => {
            let types: Vec<String> = types.iter().map(|name| quoted(name)).collect();
            alloc::format!("it is about {}", types.join(", "))
        }
    }))
}

fn members(record: &Located<'_>) -> Result<Members, Wrong> {
    let identity = record.object("userIdentity")?;
    let of_identity =
        |member| identity.as_ref().map_or(Ok(None), |identity: &Located<'_>| identity.text(member));
    let session = record.boolean("sessionCredentialFromConsole")?.map(|value| value.to_string());
    let mut resources = Vec::new();
    for entry in record.objects("resources")? {
        resources.extend(resource(&entry)?);
    }
    Ok(Members {
        event_name: record.required_text("eventName")?,
        read_only: record.boolean("readOnly")?,
        others: alloc::vec![
            (RecordField::EventSource, record.required_text("eventSource")?.into()),
            (RecordField::EventType, record.required_text("eventType")?.into()),
            (RecordField::UserIdentityArn, of_identity("arn")?.into()),
            (RecordField::InvokedBy, of_identity("invokedBy")?.into()),
            (RecordField::SessionCredentialFromConsole, session.into()),
            (RecordField::AwsRegion, record.text("awsRegion")?.into()),
        ],
        resources,
        caller: Some(caller(identity.as_ref())?),
    })
}

fn caller(identity: Option<&Located<'_>>) -> Result<Caller, Wrong> {
    let Some(identity) = identity else { return Ok(Caller::default()) };
    let [identity_type, arn, account_id, invoked_by] =
        ["type", "arn", "accountId", "invokedBy"].map(|member| identity.text(member));
    let (identity_type, arn, account_id, invoked_by) =
        (identity_type?, arn?, account_id?, invoked_by?);
    let session = identity.object("sessionContext")?;
    let federation = session.map(|session| session.object("webIdFederationData")).transpose()?;
    let provider = federation.flatten().map(|federation| federation.text("federatedProvider"));
    Ok(Identity {
        identity_type: identity_type.as_deref(),
        arn: arn.as_deref(),
        account_id: account_id.as_deref(),
        invoked_by: invoked_by.as_deref(),
        has_web_identity: provider.transpose()?.flatten().is_some(),
    }
    .caller())
}

/// A resource that has a type and an ARN; an object must have one.
fn resource(entry: &Located<'_>) -> Result<Option<NamedResource>, Wrong> {
    let arn = entry.text("ARN")?.map(FieldValue::Text);
    let resource = match arn {
        Some(arn) => Some(arn),
        None => entry.text("ARNPrefix")?.map(FieldValue::ArnPrefix),
    };
    match (entry.text("type")?, resource) {
        (Some(resource_type), Some(resource)) => {
            Ok(Some(NamedResource { resource_type, resource }))
        }
        (Some(resource_type), None) if resource_type == S3_OBJECT => {
            Err(Wrong { member: entry.place.clone(), what: "an object has an ARN or an ARNPrefix" })
        }
        _ => Ok(None),
    }
}
