//! An event as CloudTrail writes it down, and the records that selectors may see in it.
//!
//! An event may name several resources, and may lack `readOnly`. Each resource with each possible
//! kind is one [`Record`]; whether an event is logged is known where all of them agree.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::caller::Caller;
use super::{FieldValue, Record};
use crate::aws::catalogue;
use crate::aws::field::{RecordField, S3_OBJECT};
use crate::spec::question::Kind;

/// What CloudTrail wrote down of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `eventID`.
    pub id: Option<String>,
    /// `eventTime`.
    pub time: Option<String>,
    /// `eventName`.
    pub name: Option<String>,
    /// Whether it is about an object, and how.
    pub subject: Subject,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A data event on an object in a general purpose bucket.
    Object(ObjectEvent),
    /// Anything else, for this reason.
    Other(String),
}

/// A data event on an object in a general purpose bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEvent {
    /// The records that selectors may see: one for each object and each kind that it may be.
    pub records: Vec<Record>,
    /// The same for resources of other types: an access point's, a bucket's.
    pub others: Vec<Record>,
    /// How the event was read, where it leaves something out.
    pub notes: Vec<String>,
    /// Who made the request, where a whole record says it.
    pub caller: Option<Caller>,
}

/// One entry of `resources[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedResource {
    /// `type`.
    pub resource_type: String,
    /// `ARN` or `ARNPrefix`.
    pub resource: FieldValue,
}

impl NamedResource {
    /// An object by its ARN; with an empty key it is the ARN prefix of a bucket's objects.
    #[must_use]
    pub fn object(arn: String) -> Self {
        Self { resource_type: S3_OBJECT.to_string(), resource: FieldValue::of_object(arn) }
    }
}

/// The members of a data event on an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    /// The event's name.
    pub event_name: String,
    /// `readOnly`.
    pub read_only: Option<bool>,
    /// What the event has in other fields, the same for all its resources.
    pub others: Vec<(RecordField, FieldValue)>,
    /// `resources`.
    pub resources: Vec<NamedResource>,
    /// Who made the request, where that is known.
    pub caller: Option<Caller>,
}

impl Members {
    /// The event.
    #[must_use]
    pub fn event(self) -> ObjectEvent {
        let mut notes = Vec::new();
        let kinds = self.kinds(&mut notes);
        let (mut records, mut others) = (Vec::new(), Vec::new());
        for named in &self.resources {
            let views = if named.resource_type == S3_OBJECT { &mut records } else { &mut others };
            for kind in &kinds {
                let record = self.record(named, *kind);
                if !views.contains(&record) {
                    views.push(record);
                }
            }
        }
        ObjectEvent { records, others, notes, caller: self.caller }
    }

    /// The kinds that the event may be of.
    fn kinds(&self, notes: &mut Vec<String>) -> Vec<Kind> {
        let name = self.event_name.as_str();
        let confirmed = || Kind::ALL.into_iter().find(|kind| catalogue::is_confirmed(name, *kind));
        match (self.read_only, confirmed()) {
            (Some(true), _) => alloc::vec![Kind::Read],
            (Some(false), _) => alloc::vec![Kind::Write],
            (None, Some(kind)) => {
                notes
                    .push(alloc::format!("readOnly is absent, and every {name} is a {kind} event"));
                alloc::vec![kind]
            }
            (None, None) => {
                notes.push(
                    "readOnly is absent, so it is taken as a write and as a read".to_string(),
                );
                Kind::ALL.to_vec()
            }
        }
    }

    fn record(&self, named: &NamedResource, kind: Kind) -> Record {
        let mut record = Record::of_object("")
            .with(RecordField::ResourcesType, named.resource_type.as_str())
            .with(RecordField::ResourcesArn, named.resource.clone())
            .with(RecordField::EventName, self.event_name.as_str())
            .with(RecordField::ReadOnly, kind.read_only());
        for (field, value) in &self.others {
            record.set(*field, value.clone());
        }
        record
    }
}
