//! The observed account: what was read from AWS, and what could not be read.

mod object;
mod place;
mod unreadable;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use super::open_values::OpenValues;
use super::selector::wire::EventSelectors;
use super::selector::{LEFT_OPEN, Selector};
use super::unknown::Unknown;
pub use place::{Place, SelectorPlace};
pub use unreadable::{Cause, OTHER_ACCOUNT};

use object::{Located, Object, OneOrMany, object, optional_object, optional_objects};

/// What was observed of one account (schemaVersion 1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The version of the snapshot's shape: 1.
    #[serde(deserialize_with = "version")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::version"))]
    pub schema_version: u64,
    /// A label.
    #[serde(default)]
    pub name: Option<String>,
    /// The account's id.
    pub account_id: String,
    /// The account's partition: `aws`, `aws-cn`, `aws-us-gov`, …
    #[serde(default = "default_partition")]
    pub partition: String,
    /// The Region that was asked.
    #[serde(default)]
    pub region: Option<String>,
    /// When the account was observed.
    #[serde(default)]
    pub collected_at: Option<String>,
    /// Who read the account, where it was read live.
    #[serde(default, deserialize_with = "optional_object")]
    pub read_by: Option<ReadBy>,
    /// Whether this is what is planned, and not what was observed.
    #[serde(default)]
    pub planned: bool,
    /// Whether the partition is assumed, and what is planned rests on it.
    #[serde(default)]
    pub assumed_partition: bool,
    /// The trails; `None` if they could not be listed.
    #[serde(default, deserialize_with = "optional_objects")]
    pub trails: Option<Vec<ObservedTrail>>,
    /// Account-wide calls that failed.
    #[serde(default, deserialize_with = "failures")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Unreadable>>"))]
    pub unreadable: Vec<Unreadable>,
    /// How the values can be filled in that a plan leaves open. It is no part of the JSON.
    #[serde(skip)]
    pub open_values: OpenValues,
}

/// The identity that read an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReadBy {
    /// Its ARN, as GetCallerIdentity names it.
    ///
    /// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
    pub arn: String,
    /// The profile that its credentials came from. Left out where they came from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The Region that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// One trail as DescribeTrails lists it, with its status and its selectors.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ObservedTrail {
    /// The DescribeTrails item.
    #[serde(deserialize_with = "object")]
    pub trail: TrailDescription,
    /// The GetTrailStatus response; `None` if it was not observed.
    #[serde(default, deserialize_with = "optional_object")]
    pub status: Option<TrailStatus>,
    /// The selectors in the GetEventSelectors response; `None` if it was not observed.
    #[serde(default, deserialize_with = "selectors")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<EventSelectors>"))]
    pub event_selectors: Option<Vec<Selector>>,
    /// What was read with a role of another account, because the account itself may not.
    #[serde(default, deserialize_with = "optional_object")]
    pub read_through: Option<ReadThrough>,
    /// Calls about this trail that failed.
    #[serde(default, deserialize_with = "failures")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Unreadable>>"))]
    pub unreadable: Vec<Unreadable>,
    /// What a plan leaves open about this trail, in words. The words decide nothing: an open part is
    /// not observed, or stands in a selector as [`LEFT_OPEN`].
    #[serde(default, deserialize_with = "left_open")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Unknown>>"))]
    pub open: Vec<Unknown>,
    /// Where the trail is written, if it is planned in a file whose lines are known.
    #[serde(default, deserialize_with = "optional_object")]
    pub place: Option<Place>,
    /// Where its selectors are written, as far as that is known.
    #[serde(default, deserialize_with = "selector_places")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<SelectorPlace>>"))]
    pub selector_places: Vec<SelectorPlace>,
}

/// The members of a DescribeTrails item that the rule needs.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
#[cfg_attr(feature = "schema", schemars(extend("additionalProperties" = true)))]
pub struct TrailDescription {
    /// `TrailARN`.
    #[serde(default, rename = "TrailARN")]
    pub arn: Option<String>,
    /// `Name`.
    #[serde(default)]
    pub name: Option<String>,
    /// `HomeRegion`.
    #[serde(default)]
    pub home_region: Option<String>,
    /// `IsMultiRegionTrail`.
    #[serde(default)]
    pub is_multi_region_trail: Option<bool>,
    /// `IsOrganizationTrail`.
    #[serde(default)]
    pub is_organization_trail: Option<bool>,
    /// `HasCustomEventSelectors`.
    #[serde(default)]
    pub has_custom_event_selectors: Option<bool>,
    /// `RecursiveLogging`; absent means on.
    #[serde(default)]
    pub recursive_logging: RecursiveLogging,
    /// `S3BucketName`, where the trail delivers its log files.
    #[serde(default)]
    pub s3_bucket_name: Option<String>,
}

/// Whether a trail records CloudTrail's own deliveries of log files.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-recursive-logging.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecursiveLogging {
    /// `true`, or absent.
    #[default]
    On,
    /// `false`: the trail leaves them out.
    Off,
    /// A plan leaves it open.
    LeftOpen,
}

impl<'de> Deserialize<'de> for RecursiveLogging {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected true or false")]
        enum Written {
            Known(Option<bool>),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Known(None | Some(true)) => Ok(Self::On),
            Written::Known(Some(false)) => Ok(Self::Off),
            Written::Text(text) if text == LEFT_OPEN => Ok(Self::LeftOpen),
            Written::Text(_) => Err(D::Error::custom("expected true or false")),
        }
    }
}

/// What was read of a trail with a role of another account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReadThrough {
    /// The role.
    #[serde(default)]
    pub role_arn: Option<String>,
    /// The calls that were made with it; empty if the snapshot does not tell, so that any may be.
    #[serde(default)]
    pub calls: Vec<String>,
}

/// The members of a GetTrailStatus response that the rule needs.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html>
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
#[cfg_attr(feature = "schema", schemars(extend("additionalProperties" = true)))]
pub struct TrailStatus {
    /// `IsLogging`.
    #[serde(default)]
    pub is_logging: Option<bool>,
    /// `LatestDeliveryError`: the trail logs, but its log files do not arrive.
    #[serde(default)]
    pub latest_delivery_error: Option<String>,
}

/// A call to AWS that failed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unreadable {
    /// The operation: `GetEventSelectors`.
    pub call: String,
    /// AWS's error code: `AccessDeniedException`.
    #[serde(default)]
    pub code: Option<String>,
    /// AWS's message.
    #[serde(default)]
    pub message: Option<String>,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed", self.call)?;
        if let Some(code) = &self.code {
            write!(f, " with {code}")?;
        }
        Ok(())
    }
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    match u64::deserialize(deserializer)? {
        1 => Ok(1),
        other => {
            Err(D::Error::custom(format_args!("schemaVersion {other} is not supported, only 1")))
        }
    }
}

fn default_partition() -> String {
    "aws".to_string()
}

fn failures<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Unreadable>, D::Error> {
    optional_objects(deserializer).map(Option::unwrap_or_default)
}

fn left_open<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Unknown>, D::Error> {
    optional_objects(deserializer).map(Option::unwrap_or_default)
}

fn selector_places<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<SelectorPlace>, D::Error> {
    optional_objects(deserializer).map(Option::unwrap_or_default)
}

fn selectors<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<Selector>>, D::Error> {
    Ok(optional_object(deserializer)?.map(EventSelectors::into_selectors))
}

/// A text that is not a snapshot, an array of them, or a sequence of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InputError(String);

impl From<serde_json::Error> for InputError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl Snapshot {
    /// Reads one snapshot from JSON.
    ///
    /// # Errors
    /// Where the text is not JSON or not a snapshot: what is wrong, in which member, line and column.
    pub fn from_json(text: &str) -> Result<Self, InputError> {
        // Naming members costs time, so it is done where there is an error to tell.
        let read = serde_json::from_str(text).map(|Object(snapshot)| snapshot);
        read.or_else(|_| Ok(serde_json::from_str(text).map(|Located(Object(snapshot))| snapshot)?))
    }

    /// Reads a file's snapshots: one, a JSON array of them, or one after the other (one per line).
    ///
    /// # Errors
    /// Where the text holds none, is not JSON or not snapshots: what is wrong, in which member,
    /// line and column.
    pub fn all_from_json(text: &str) -> Result<Vec<Self>, InputError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let snapshots = match documents(text, |document| document) {
            Ok(snapshots) => snapshots,
            // Naming members costs time, so it is done where there is an error to tell.
            Err(_) => documents(text, |Located(document)| document)?,
        };
        if snapshots.is_empty() && text.trim_start().is_empty() {
            return Err(InputError("no snapshot: the input is empty".to_string()));
        }
        Ok(snapshots)
    }
}

/// The snapshots of documents that stand one after the other, each read in one way.
fn documents<'de, T: Deserialize<'de>>(
    text: &'de str,
    unwrap: impl Fn(T) -> OneOrMany<Snapshot>,
) -> Result<Vec<Snapshot>, serde_json::Error> {
    let mut snapshots = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter() {
        match unwrap(document?) {
            OneOrMany::One(Object(snapshot)) => snapshots.push(snapshot),
            OneOrMany::Many(many) => {
                snapshots.extend(many.into_iter().map(|Object(snapshot)| snapshot));
            }
        }
    }
    Ok(snapshots)
}
