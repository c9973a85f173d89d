//! One element: a record, or an envelope around one.

use std::ops::ControlFlow;

use cis_rules::record::json::{RecordJson, WrongMember};
use cis_rules::record::member::{Member, Object, Text};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Found, NotARecord};

/// How many envelopes may be around a record.
const DEEPEST: usize = 4;

/// What is done with what is found.
type Give<'a> = dyn FnMut(Result<Found<'_>, NotARecord>) -> ControlFlow<()> + 'a;

/// The members of envelopes, and of files that are not about records.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope<'a> {
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
    #[serde(rename = "detail-type", borrow)]
    detail_type: Text<'a>,
    #[serde(rename = "CloudTrailEvent", borrow)]
    looked_up: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(rename = "eventjson", alias = "eventJson", borrow)]
    of_lake: Text<'a>,
    #[serde(rename = "digestS3Object", borrow)]
    digest: Text<'a>,
    #[serde(rename = "timeWindow", borrow)]
    time_window: Option<&'a RawValue>,
}

/// Finds the record in an element.
pub(super) fn open(text: &str, found: &mut Give<'_>) -> ControlFlow<()> {
    open_within(text, DEEPEST, found)
}

fn open_within(text: &str, depth: usize, found: &mut Give<'_>) -> ControlFlow<()> {
    let record = match RecordJson::read(text) {
        Ok(Member::Value(Object(record))) => record,
        Ok(Member::Absent | Member::Wrong) => {
            return found(Err(NotARecord::Wrong(WrongMember::new("", "an object is expected"))));
        }
        Err(error) => return found(Err(NotARecord::Other(without_position(&error)))),
    };
    if record.event_name != Member::Absent || record.event_source != Member::Absent {
        return found(recognised(&record).map(|record| Found { record, text }));
    }
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text) else {
        return found(Err(none()));
    };
    let inner = match &envelope {
        Envelope { detail: Some(detail), detail_type: Member::Value(_), .. } => Some(detail.get()),
        Envelope { looked_up, message, of_lake, .. } => {
            looked_up.text().or_else(|| message.text()).or_else(|| of_lake.text())
        }
    };
    match inner {
        // What CloudWatch Logs tries a new destination with.
        Some(inner) if inner.starts_with("CWL CONTROL MESSAGE") => ControlFlow::Continue(()),
        Some(_) if depth == 0 => found(Err(none())),
        Some(inner) => open_within(inner, depth - 1, found),
        None => found(Err(if envelope.digest != Member::Absent {
            NotARecord::Digest
        } else if envelope.time_window.is_some() {
            NotARecord::Other("aggregated events are counts, and no records".to_string())
        } else {
            none()
        })),
    }
}

fn none() -> NotARecord {
    NotARecord::Other("it is no record of CloudTrail: it has no `eventName`".to_string())
}

/// The record, where it is one of CloudTrail's, and nothing in it is wrong.
fn recognised<'a, 'r>(record: &'a RecordJson<'r>) -> Result<&'a RecordJson<'r>, NotARecord> {
    record.check().map_err(NotARecord::Wrong)?;
    // Event notifications of S3 have these members as well.
    if record.event_source.text() == Some("aws:s3") {
        let what = "it is an event notification of S3, and no record of CloudTrail";
        return Err(NotARecord::Other(what.to_string()));
    }
    if record.event_name == Member::Absent {
        return Err(none());
    }
    // A new major version may mean anything; a new minor one adds members.
    match record.event_version.text() {
        Some(version) if !version.starts_with("1.") => Err(NotARecord::Other(format!(
            "its `eventVersion` is `{version}`, and only versions 1.x are known"
        ))),
        _ => Ok(record),
    }
}

/// What is wrong with a text, without the line and the column in it: they are not those of the input.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_string()
}
