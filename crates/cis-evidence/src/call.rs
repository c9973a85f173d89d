//! One call that is about logging: who made it, when, from where, and what it changes.
//!
//! Source for the names and what they do:
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html>; CloudTrail
//! writes the members of requests and responses with a small first letter.

use cis_rules::record::caller::Caller;
use cis_rules::record::json::RecordJson;
use cis_rules::record::wire;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Moment;
use crate::spelling::pascal_case;
use crate::trail_id::TrailId;

/// `eventSource` of CloudTrail, S3 and KMS.
const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";
const S3: &str = cis_rules::field::S3_SOURCE;
const KMS: &str = "kms.amazonaws.com";

/// The calls of CloudTrail that change what a trail logs.
const OF_TRAILS: [&str; 6] = [
    "CreateTrail",
    "UpdateTrail",
    "PutEventSelectors",
    "StartLogging",
    "StopLogging",
    "DeleteTrail",
];
/// The calls of S3 that can stop or erase what a trail delivers into a bucket.
const OF_BUCKETS: [&str; 4] =
    ["PutBucketPolicy", "DeleteBucketPolicy", "PutBucketLifecycle", "DeleteBucket"];
/// The calls of KMS that can stop a trail which encrypts with a key.
const OF_KEYS: [&str; 3] = ["PutKeyPolicy", "DisableKey", "ScheduleKeyDeletion"];

/// Whether a record of this source and name may be about logging: only those need to be read whole.
#[must_use]
pub fn is_about_logging(event_source: &str, event_name: &str) -> bool {
    match event_source {
        CLOUDTRAIL => OF_TRAILS.contains(&event_name),
        S3 => OF_BUCKETS.contains(&event_name),
        KMS => OF_KEYS.contains(&event_name),
        _ => false,
    }
}

/// Whether a call of this name is one that changes trails.
pub(crate) fn is_of_trails(event_name: &str) -> bool {
    OF_TRAILS.contains(&event_name)
}

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub(crate) event_id: Option<String>,
    pub(crate) time: Moment,
    pub(crate) event_name: String,
    /// The account whose log has it.
    pub(crate) account_id: String,
    pub(crate) aws_region: String,
    pub(crate) caller: Caller,
    pub(crate) source_ip_address: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) error_code: Option<String>,
    pub(crate) error_message: Option<String>,
    pub(crate) change: Change,
}

/// What a call changes where it succeeds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// A trail.
    Trail(TrailId, TrailChange),
    /// A bucket, which may be one that trails deliver to.
    Bucket(String),
    /// A key, which may be one that trails encrypt with: its id or ARN.
    Key(String),
    /// The record does not say what of: a call that was denied may have no parameters.
    Unnamed,
}

/// What of a trail changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TrailChange {
    /// It is made, with these members.
    Create(TrailMembers),
    /// These members are replaced.
    Update(TrailMembers),
    /// Its selectors are replaced by these, in the spelling of GetEventSelectors; `None` where the
    /// record leaves them out, as it does over 100 KB.
    Selectors(Option<Value>),
    /// It starts or stops.
    Logging(bool),
    /// It is deleted.
    Delete,
}

/// Members of a trail that a call names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TrailMembers {
    pub(crate) bucket: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) is_multi_region: Option<bool>,
    pub(crate) is_organization: Option<bool>,
    /// Whether this is all there is of it: a response has the whole trail.
    pub(crate) is_whole: bool,
}

/// The members that the model of records does not have. They are the operation's matter, so none is
/// ever wrong.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallJson {
    #[serde(default)]
    request_parameters: Value,
    #[serde(default)]
    response_elements: Value,
    #[serde(default, rename = "sourceIPAddress")]
    source_ip_address: Value,
    #[serde(default)]
    user_agent: Value,
    #[serde(default)]
    error_message: Value,
}

impl Call {
    /// The call that a record is of; `None` where it is not about logging.
    ///
    /// # Errors
    /// Where the text is not JSON, or says no time: what is wrong.
    pub fn of(record: &RecordJson<'_>, text: &[u8]) -> Result<Option<Self>, String> {
        let source = record.event_source.text().unwrap_or_default();
        let name = record.event_name.text().unwrap_or_default();
        if !is_about_logging(source, name) {
            return Ok(None);
        }
        let time = record.event_time.text().unwrap_or_default();
        let time =
            Moment::parse(time).ok_or_else(|| format!("`eventTime` is `{time}`, no time"))?;
        let json: CallJson = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let caller = wire::caller(record);
        let account = record.recipient_account_id.text().or(caller.account_id.as_deref());
        let account_id = account.unwrap_or_default().to_string();
        let aws_region = record.aws_region.text().unwrap_or_default().to_string();
        let (request, response) =
            (Members(&json.request_parameters), Members(&json.response_elements));
        let change = match source {
            CLOUDTRAIL => trail_change(name, request, response, &account_id, &aws_region),
            S3 => request.text("bucketName").map(Change::Bucket),
            _ => request.text("keyId").map(Change::Key),
        };
        Ok(Some(Self {
            event_id: record.event_id.text().map(String::from),
            time,
            event_name: name.to_string(),
            account_id,
            aws_region,
            caller,
            source_ip_address: text_of(&json.source_ip_address),
            user_agent: text_of(&json.user_agent),
            error_code: record.error_code.text().filter(|code| !code.is_empty()).map(String::from),
            error_message: text_of(&json.error_message),
            change: change.unwrap_or(Change::Unnamed),
        }))
    }

    /// Whether it changed anything.
    #[must_use]
    pub const fn succeeded(&self) -> bool {
        self.error_code.is_none()
    }
}

/// A request's or response's members.
#[derive(Clone, Copy)]
struct Members<'a>(&'a Value);

impl Members<'_> {
    fn get(&self, member: &str) -> Option<&Value> {
        self.0.get(member).filter(|value| !value.is_null())
    }

    fn text(&self, member: &str) -> Option<String> {
        self.get(member).and_then(text_of)
    }

    fn flag(&self, member: &str) -> Option<bool> {
        match self.get(member)? {
            Value::Bool(flag) => Some(*flag),
            other => text_of(other)?.parse().ok(),
        }
    }
}

/// A text, which old records write as a list of one.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Array(list) => match list.as_slice() {
            [only] => text_of(only),
            _ => None,
        },
        _ => None,
    }
}

fn trail_change(
    event_name: &str,
    request: Members<'_>,
    response: Members<'_>,
    account: &str,
    region: &str,
) -> Option<Change> {
    let named = response
        .text("trailARN")
        .or_else(|| request.text("trailName"))
        .or_else(|| request.text("name"))?;
    let change = match event_name {
        "PutEventSelectors" => {
            TrailChange::Selectors(selectors(response).or_else(|| selectors(request)))
        }
        "StartLogging" => TrailChange::Logging(true),
        "StopLogging" => TrailChange::Logging(false),
        "DeleteTrail" => TrailChange::Delete,
        _ => {
            let members = match response.get("trailARN") {
                Some(_) => TrailMembers { is_whole: true, ..members(response) },
                None => members(request),
            };
            if event_name == "CreateTrail" {
                TrailChange::Create(members)
            } else {
                TrailChange::Update(members)
            }
        }
    };
    Some(Change::Trail(TrailId::named(&named, account, region), change))
}

/// The selectors in a request or a response, as GetEventSelectors spells them.
fn selectors(of: Members<'_>) -> Option<Value> {
    let lists = ["eventSelectors", "advancedEventSelectors"].into_iter().filter_map(|member| {
        let list = of.get(member).filter(|list| list.is_array())?;
        Some((pascal_case(member), crate::spelling::selectors(list)))
    });
    let lists: Map<String, Value> = lists.collect();
    (!lists.is_empty()).then_some(Value::Object(lists))
}

fn members(of: Members<'_>) -> TrailMembers {
    TrailMembers {
        bucket: of.text("s3BucketName"),
        key: of.text("kmsKeyId"),
        is_multi_region: of.flag("isMultiRegionTrail"),
        is_organization: of.flag("isOrganizationTrail"),
        is_whole: false,
    }
}
