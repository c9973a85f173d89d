//! What one record says.

use cis_rules::question::Kind;
use cis_rules::record::caller::Caller;
use cis_rules::record::json::RecordJson;
use cis_rules::record::wire;
use serde::{Deserialize, Serialize};

use crate::{Level, catalogue, credentials, subject};

/// What one record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordSummary {
    /// `eventID`.
    #[serde(rename = "eventID")]
    pub event_id: Option<String>,
    /// `eventTime`, in UTC.
    pub event_time: Option<String>,
    /// `eventName`.
    pub event_name: Option<String>,
    /// `eventSource`.
    pub event_source: Option<String>,
    /// `awsRegion`.
    pub aws_region: Option<String>,
    /// What it is about.
    pub level: Level,
    /// Read or write, by `readOnly`, or where the record has none, by the table of S3's events; `None`
    /// where neither tells.
    pub kind: Option<Kind>,
    /// The bucket, that of the destination of a copy.
    pub bucket: Option<String>,
    /// The key, that of the destination of a copy; the prefix of a list is no key.
    pub key: Option<String>,
    /// The ARNs of all objects that the record names.
    pub objects: Vec<String>,
    /// Who made the request.
    pub caller: Caller,
    /// Whether the credentials were temporary; `None` where that cannot be told.
    pub temporary_credentials: Option<bool>,
    /// Whether the record shows that the request came through the console.
    pub console: bool,
    /// `errorCode`; `None` where the request succeeded.
    pub error_code: Option<String>,
}

impl RecordSummary {
    /// What a record says.
    #[must_use]
    pub fn of(record: &RecordJson<'_>) -> Self {
        let owned = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(String::from);
        let level = subject::level(record);
        let is_of_s3 = level != Level::Other;
        let name = record.event_name.text();
        Self {
            event_id: owned(record.event_id.text()),
            event_time: owned(record.event_time.text()),
            event_name: owned(name),
            event_source: owned(record.event_source.text()),
            aws_region: owned(record.aws_region.text()),
            level,
            kind: kind(record.read_only.value().copied(), name.filter(|_| is_of_s3)),
            bucket: owned(subject::bucket(record).filter(|_| is_of_s3)),
            key: owned(subject::key(record).filter(|_| is_of_s3)),
            objects: subject::objects(record),
            caller: wire::caller(record),
            temporary_credentials: credentials::are_temporary(record),
            console: credentials::are_of_the_console(record),
            error_code: owned(record.error_code.text()),
        }
    }
}

/// Read or write, by `readOnly`, or where a record has none, by the name of S3's event.
#[must_use]
pub fn kind(read_only: Option<bool>, name: Option<&str>) -> Option<Kind> {
    match read_only {
        Some(true) => Some(Kind::Read),
        Some(false) => Some(Kind::Write),
        None => name.and_then(catalogue::kind_of),
    }
}
