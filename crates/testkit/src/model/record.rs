//! Records, and which of them must be logged.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

/// S3's events, with AWS's pages as the source of each row.
const EVENTS: &str = include_str!("../../../cis-rules/data/s3_events.csv");

/// A record: texts by the names of fields. A field that has no text is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    fields: BTreeMap<String, String>,
    has_open_prefix: bool,
}

impl Record {
    /// A data event on an object, with nothing in its other fields.
    #[must_use]
    pub fn of_object(arn: &str) -> Self {
        Self::default()
            .with("eventCategory", Some("Data"))
            .with("resources.type", Some("AWS::S3::Object"))
            .with("resources.ARN", Some(arn))
    }

    /// A witness as a report writes it: its members are named as the fields.
    #[must_use]
    pub fn from_witness(witness: &Value) -> Self {
        let members = witness.as_object().into_iter().flatten();
        members.fold(Self::of_object(""), |record, (name, value)| match value {
            Value::String(text) => record.with(name, Some(text)),
            // `documented` is no field, and null is an absent one.
            _ => record,
        })
    }

    /// The record with another text in a field, or with none.
    #[must_use]
    pub fn with(mut self, field: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.fields.insert(field.to_owned(), text.to_owned()),
            None => self.fields.remove(field),
        };
        self
    }

    /// The record without the assumption `arn-prefix`: it is not known whether conditions on ARNs
    /// compare its `ARNPrefix`, where it has one.
    #[must_use]
    pub fn with_open_prefix(mut self) -> Self {
        self.has_open_prefix = true;
        self
    }

    pub(super) const fn has_open_prefix(&self) -> bool {
        self.has_open_prefix
    }

    /// The text in a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str)
    }

    /// The bucket and the key in the object's ARN of a partition.
    fn object(&self, partition: &str) -> Option<(&str, &str)> {
        let header = format!("arn:{partition}:s3:::");
        self.get("resources.ARN")?.strip_prefix(&header)?.split_once('/')
    }

    /// Whether it stands for records that carry an `ARNPrefix`: its key is empty.
    pub(super) fn is_arn_prefix(&self) -> bool {
        self.get("resources.ARN")
            .and_then(|arn| arn.split_once('/'))
            .is_some_and(|(_, key)| key.is_empty())
    }

    fn is_by_cloudtrail(&self) -> bool {
        self.get("userIdentity.invokedBy") == Some("cloudtrail.amazonaws.com")
    }

    /// Whether it is one of CloudTrail's own log deliveries.
    pub(super) fn is_delivery(&self) -> bool {
        self.is_by_cloudtrail()
            && self.get("eventSource") == Some("s3.amazonaws.com")
            && self.get("eventName") == Some("PutObject")
    }
}

/// A row of the list of events.
struct Event {
    name: &'static str,
    read_only: &'static str,
    types: &'static str,
    is_confirmed: bool,
}

static ROWS: LazyLock<Vec<Event>> = LazyLock::new(|| {
    let rows = EVENTS.lines().skip(1).map(|line| {
        // Only the last column, the source, has commas and quotes.
        let mut columns = line.splitn(6, ',');
        let mut next = || columns.next().unwrap_or_default();
        let [name, _level, _operation, read_only, types, source] = std::array::from_fn(|_| next());
        Event { name, read_only, types, is_confirmed: !source.contains("FALLBACK") }
    });
    rows.collect()
});

/// The value of `readOnly` for a kind.
const fn read_only(is_read: bool) -> &'static str {
    if is_read { "true" } else { "false" }
}

/// Whether an event's name is confirmed to be of a kind.
pub(crate) fn is_confirmed(name: &str, is_read: bool) -> bool {
    ROWS.iter()
        .any(|row| row.name == name && row.is_confirmed && row.read_only == read_only(is_read))
}

/// What is asked, as far as it says which records must be logged.
pub(super) struct Scope<'a> {
    pub(super) partition: &'a str,
    pub(super) is_read: bool,
    pub(super) allowed: &'a [String],
    pub(super) requires_deliveries: bool,
}

impl Scope<'_> {
    /// Whether a record must be logged.
    pub(super) fn has(&self, record: &Record) -> bool {
        let Some((bucket, key)) = record.object(self.partition) else { return false };
        let is_bucket = (3..=255).contains(&bucket.len())
            && bucket
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
        let Some(name) = record.get("eventName") else { return false };
        let session = record.get("sessionCredentialFromConsole");
        let has_caller = record.get("userIdentity.arn").is_some() || session.is_some();
        is_bucket
            && key.len() <= 1024
            && record.get("eventCategory") == Some("Data")
            && record.get("resources.type") == Some("AWS::S3::Object")
            && record.get("readOnly") == Some(read_only(self.is_read))
            && !is_confirmed(name, !self.is_read)
            && record.get("eventSource").is_some()
            && record.get("eventType").is_some()
            && (session.is_none() || session == Some("true"))
            && !(record.is_by_cloudtrail() && has_caller)
            && !self.allowed.iter().any(|allowed| allowed == bucket)
            && (self.requires_deliveries || !record.is_delivery())
    }
}

/// Whether AWS documents that there are such records.
#[must_use]
pub fn is_documented(record: &Record) -> bool {
    let is_one_of =
        |field: &str, texts: &[&str]| record.get(field).is_some_and(|text| texts.contains(&text));
    let is_name =
        |name: &str| name.starts_with("Authenticate") || object_events().any(|event| event == name);
    is_one_of("eventType", &DOCUMENTED_TYPES)
        && is_one_of("eventSource", &DOCUMENTED_SOURCES)
        && record.get("eventName").is_some_and(is_name)
}

/// The types of events on objects.
pub(crate) const DOCUMENTED_TYPES: [&str; 2] = ["AwsApiCall", "AwsServiceEvent"];

/// The sources of events on objects.
pub(crate) const DOCUMENTED_SOURCES: [&str; 3] =
    ["s3.amazonaws.com", "s3lifecycle.amazonaws.com", "s3-authn-errors.amazonaws.com"];

/// The names of the events on objects.
pub(crate) fn object_events() -> impl Iterator<Item = &'static str> {
    // A row with a `*` stands for names that AWS does not tell.
    let is_object = |row: &&Event| {
        row.types.split(';').any(|each| each == "AWS::S3::Object") && !row.name.contains('*')
    };
    ROWS.iter().filter(is_object).map(|row| row.name)
}
