//! The fields of a CloudTrail data event record that a trail's selectors can look at.

pub mod event;
pub mod wire;

use alloc::string::String;

/// How a record names its resource in `resources[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The entry has an `ARN`.
    Arn(String),
    /// The entry has an `ARNPrefix` instead, as in `ListObjects` and `DeleteObjects`.
    ArnPrefix(String),
}

impl Resource {
    /// An object by its ARN; an empty key stands for records with an `ARNPrefix`.
    #[must_use]
    pub fn of_object(arn: String) -> Self {
        let is_keyless = arn.split_once('/').is_some_and(|(_, key)| key.is_empty());
        if is_keyless { Self::ArnPrefix(arn) } else { Self::Arn(arn) }
    }

    /// The ARN or the ARN prefix.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Arn(text) | Self::ArnPrefix(text) => text,
        }
    }
}

/// A CloudTrail record, reduced to the fields that selectors compare.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// `eventCategory`: `Data`, `Management`, …
    pub event_category: String,
    /// `resources[].type` of the resource that `resource` names.
    pub resource_type: String,
    /// `readOnly`: `true` or `false`.
    pub read_only: String,
    /// `eventName`.
    pub event_name: String,
    /// `eventSource`.
    pub event_source: String,
    /// `eventType`.
    pub event_type: String,
    /// `resources[].ARN` or `resources[].ARNPrefix`.
    pub resource: Resource,
    /// `userIdentity.arn`; absent for anonymous callers, AWS services and some cross-account copies.
    pub user_identity_arn: Option<String>,
    /// `sessionCredentialFromConsole`; present, with the value `true`, only in console sessions.
    pub session_credential_from_console: Option<String>,
}
