//! A record as the scan gives it: the members that most questions need, borrowed from the file's text.

use cis_rules::record::json::RecordJson;
use serde_json::value::RawValue;

use crate::Time;

/// A record.
///
/// Texts are as the record has them: an empty one is not taken for an absent one. Members with a
/// value of a shape that CloudTrail does not write are absent, and so is `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogRecord<'a> {
    /// The whole record.
    pub raw: &'a str,
    /// `eventID`.
    pub event_id: Option<&'a str>,
    /// `eventTime`.
    pub event_time: Option<&'a str>,
    /// `eventName`.
    pub event_name: Option<&'a str>,
    /// `eventSource`.
    pub event_source: Option<&'a str>,
    /// `eventCategory`.
    pub event_category: Option<&'a str>,
    /// `awsRegion`.
    pub aws_region: Option<&'a str>,
    /// `errorCode`; some records of calls that succeeded have an empty one.
    pub error_code: Option<&'a str>,
    /// `recipientAccountId`.
    pub recipient_account_id: Option<&'a str>,
    /// `readOnly`.
    pub read_only: Option<bool>,
    /// `managementEvent`.
    pub management_event: Option<bool>,
    /// The JSON of `userIdentity`.
    pub user_identity: Option<&'a str>,
    /// The JSON of `resources`.
    pub resources: Option<&'a str>,
    /// The JSON of `requestParameters`.
    pub request_parameters: Option<&'a str>,
    /// The JSON of `additionalEventData`.
    pub additional_event_data: Option<&'a str>,
}

impl<'a> LogRecord<'a> {
    /// `eventTime` as a time.
    #[must_use]
    pub fn time(&self) -> Option<Time> {
        self.event_time.and_then(Time::of_record)
    }

    /// Every member of the record that the project knows.
    ///
    /// # Errors
    /// Where the record is not what CloudTrail writes, which the scan does not give to accumulators.
    pub fn parse(&self) -> Result<RecordJson<'a>, serde_json::Error> {
        serde_json::from_str(self.raw)
    }
}

/// The members that are kept as JSON.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Raw<'a> {
    #[serde(borrow)]
    user_identity: Option<&'a RawValue>,
    #[serde(borrow)]
    resources: Option<&'a RawValue>,
    #[serde(borrow)]
    request_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    additional_event_data: Option<&'a RawValue>,
}

impl<'a> LogRecord<'a> {
    /// The record in a text, of which the core has read the members.
    pub(crate) fn of(raw: &'a str, record: &'a RecordJson<'_>, members: &Raw<'a>) -> Self {
        Self {
            raw,
            event_id: record.event_id.text(),
            event_time: record.event_time.text(),
            event_name: record.event_name.text(),
            event_source: record.event_source.text(),
            event_category: record.event_category.text(),
            aws_region: record.aws_region.text(),
            error_code: record.error_code.text(),
            recipient_account_id: record.recipient_account_id.text(),
            read_only: record.read_only.value().copied(),
            management_event: record.management_event.value().copied(),
            user_identity: members.user_identity.map(RawValue::get),
            resources: members.resources.map(RawValue::get),
            request_parameters: members.request_parameters.map(RawValue::get),
            additional_event_data: members.additional_event_data.map(RawValue::get),
        }
    }
}
