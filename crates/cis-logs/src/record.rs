//! A record as the scan gives it: the members that most questions need, borrowed from the file's text.

mod fast;
mod s3;

use bstr::ByteSlice;
use cis_records::shapes::{self, Found, Misplaced};
use cis_rules::record::json::RecordJson;
use serde_json::value::RawValue;

use crate::Time;
use crate::marked::Marked;

pub use self::s3::LogCaller;

/// A record.
///
/// Texts are as the record has them: an empty one is not taken for an absent one, and `null` is. What
/// is not asked for is not checked: [`Self::parse`] refuses a record that has a number for an ARN, and
/// the scan gives it.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogRecord<'a> {
    raw: &'a [u8],
    event_id: Option<&'a [u8]>,
    event_time: Option<&'a [u8]>,
    time: Option<Time>,
    event_name: Option<&'a [u8]>,
    event_source: Option<&'a [u8]>,
    event_category: Option<&'a [u8]>,
    aws_region: Option<&'a [u8]>,
    error_code: Option<&'a [u8]>,
    recipient_account_id: Option<&'a [u8]>,
    read_only: Option<bool>,
    management_event: Option<bool>,
    user_identity: Option<&'a [u8]>,
    resources: Option<&'a [u8]>,
    request_parameters: Option<&'a [u8]>,
    additional_event_data: Option<&'a [u8]>,
    /// The text in which the record stands, unless it is unusual, and where in it some members are.
    marked: Option<&'a Marked>,
    identity_at: usize,
    parameters_at: usize,
    additional_at: usize,
}

/// A text of which it is known that it is UTF-8. The standard library would look at short ones byte by byte.
fn text(bytes: Option<&[u8]>) -> Option<&str> {
    bytes?.to_str().ok()
}

impl<'a> LogRecord<'a> {
    /// The whole record, as JSON: as it stands in the file, but that an unusual one may have other spaces
    /// and escapes.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// `eventID`.
    #[must_use]
    pub fn event_id(&self) -> Option<&'a str> {
        text(self.event_id)
    }

    /// Whether there is an `eventID`.
    pub(crate) fn has_id(&self) -> bool {
        self.event_id.is_some_and(|id| !id.is_empty())
    }

    /// `eventTime`, as it stands there.
    #[must_use]
    pub fn event_time(&self) -> Option<&'a str> {
        text(self.event_time)
    }

    /// `eventTime`, as a time.
    #[must_use]
    pub const fn time(&self) -> Option<Time> {
        self.time
    }

    /// `eventName`.
    #[must_use]
    pub fn event_name(&self) -> Option<&'a str> {
        text(self.event_name)
    }

    /// `eventSource`.
    #[must_use]
    pub fn event_source(&self) -> Option<&'a str> {
        text(self.event_source)
    }

    /// `eventCategory`.
    #[must_use]
    pub fn event_category(&self) -> Option<&'a str> {
        text(self.event_category)
    }

    /// `awsRegion`.
    #[must_use]
    pub fn aws_region(&self) -> Option<&'a str> {
        text(self.aws_region)
    }

    /// `errorCode`; `None` also where it is empty, for some records of calls that succeeded have that.
    #[must_use]
    pub fn error_code(&self) -> Option<&'a str> {
        text(self.error_code.filter(|code| !code.is_empty()))
    }

    /// `recipientAccountId`.
    #[must_use]
    pub fn recipient_account_id(&self) -> Option<&'a str> {
        text(self.recipient_account_id)
    }

    /// `readOnly`.
    #[must_use]
    pub const fn read_only(&self) -> Option<bool> {
        self.read_only
    }

    /// `managementEvent`.
    #[must_use]
    pub const fn management_event(&self) -> Option<bool> {
        self.management_event
    }

    /// The JSON of `userIdentity`.
    #[must_use]
    pub const fn user_identity(&self) -> Option<&'a [u8]> {
        self.user_identity
    }

    /// The JSON of `resources`.
    #[must_use]
    pub const fn resources(&self) -> Option<&'a [u8]> {
        self.resources
    }

    /// The JSON of `requestParameters`.
    #[must_use]
    pub const fn request_parameters(&self) -> Option<&'a [u8]> {
        self.request_parameters
    }

    /// The JSON of `additionalEventData`.
    #[must_use]
    pub const fn additional_event_data(&self) -> Option<&'a [u8]> {
        self.additional_event_data
    }

    /// Every member of the record that the project knows.
    ///
    /// # Errors
    /// Where the record is not what CloudTrail writes: what is wrong.
    pub fn parse(&self) -> Result<RecordJson<'a>, String> {
        let record: RecordJson<'a> =
            serde_json::from_slice(self.raw).map_err(|error| error.to_string())?;
        record.check().map_err(|wrong| format!("`{}`: {wrong}", wrong.member))?;
        Ok(record)
    }

    /// Does this with the record that a text is, as the scan would.
    ///
    /// # Errors
    /// Where the text is no record: why.
    pub fn with<T>(raw: &[u8], take: impl FnOnce(&LogRecord<'_>) -> T) -> Result<T, String> {
        let marked = Marked::of(raw);
        let mut record = LogRecord::default();
        if let Ok(end) = record.read(&marked, 0)
            && raw.get(end..).is_some_and(|rest| rest.trim_ascii().is_empty())
        {
            return Ok(take(&record));
        }
        let mut take = Some(take);
        let mut taken = Err("it holds no record".to_string());
        shapes::read_texts(raw, &mut |place, found| {
            taken = match (found, take.take()) {
                (Ok(found), Some(take)) => {
                    LogRecord::of(&found, take).map_err(|error| error.to_string())
                }
                (Ok(_), None) => return std::ops::ControlFlow::Break(()),
                (Err(what), _) => Err(Misplaced { place, what }.to_string()),
            };
            std::ops::ControlFlow::Break(())
        })
        .map(drop)
        .map_err(|error| error.to_string())?;
        taken
    }

    /// Does this with a record that the slow reader found.
    ///
    /// # Errors
    /// Where its text is not JSON.
    pub(crate) fn of<T>(
        found: &Found<'_>,
        take: impl FnOnce(&LogRecord<'_>) -> T,
    ) -> Result<T, serde_json::Error> {
        let json: Members<'_> = serde_json::from_str(found.text)?;
        let record = found.record;
        Ok(take(&LogRecord {
            raw: found.text.as_bytes(),
            event_id: record.event_id.text().map(str::as_bytes),
            event_time: record.event_time.text().map(str::as_bytes),
            time: record.event_time.text().and_then(Time::of_record),
            event_name: record.event_name.text().map(str::as_bytes),
            event_source: record.event_source.text().map(str::as_bytes),
            event_category: record.event_category.text().map(str::as_bytes),
            aws_region: record.aws_region.text().map(str::as_bytes),
            error_code: record.error_code.text().map(str::as_bytes),
            recipient_account_id: record.recipient_account_id.text().map(str::as_bytes),
            read_only: record.read_only.value().copied(),
            management_event: record.management_event.value().copied(),
            user_identity: json.user_identity.map(|raw| raw.get().as_bytes()),
            resources: json.resources.map(|raw| raw.get().as_bytes()),
            request_parameters: json.request_parameters.map(|raw| raw.get().as_bytes()),
            additional_event_data: json.additional_event_data.map(|raw| raw.get().as_bytes()),
            ..LogRecord::default()
        }))
    }
}

/// The members that are kept as JSON.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Members<'a> {
    #[serde(borrow)]
    user_identity: Option<&'a RawValue>,
    #[serde(borrow)]
    resources: Option<&'a RawValue>,
    #[serde(borrow)]
    request_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    additional_event_data: Option<&'a RawValue>,
}
