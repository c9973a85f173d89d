//! A record's JSON: here, and only here, it is known how a record spells its members.
//!
//! Members that are not listed here are ignored: a newer minor version only adds some.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

mod identity;
mod parameters;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;

pub use self::identity::{AttributesJson, FederationJson, IdentityJson, SessionJson};
pub use self::parameters::ParametersJson;
use super::member::{Member, Object, Shape, Text};

/// A record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the member of its name")]
pub struct RecordJson<'a> {
    #[serde(borrow)]
    pub event_version: Text<'a>,
    #[serde(rename = "eventID", borrow)]
    pub event_id: Text<'a>,
    #[serde(borrow)]
    pub event_time: Text<'a>,
    #[serde(borrow)]
    pub event_name: Text<'a>,
    #[serde(borrow)]
    pub event_source: Text<'a>,
    #[serde(borrow)]
    pub event_type: Text<'a>,
    #[serde(borrow)]
    pub event_category: Text<'a>,
    #[serde(borrow)]
    pub aws_region: Text<'a>,
    #[serde(borrow)]
    pub error_code: Text<'a>,
    #[serde(borrow)]
    pub recipient_account_id: Text<'a>,
    #[serde(borrow)]
    pub user_agent: Text<'a>,
    pub read_only: Member<bool>,
    pub management_event: Member<bool>,
    pub session_credential_from_console: Member<bool>,
    #[serde(borrow)]
    pub user_identity: Member<Object<IdentityJson<'a>>>,
    #[serde(borrow)]
    pub resources: Member<Vec<Member<Object<ResourceJson<'a>>>>>,
    /// What the request's parameters are is the operation's matter, so none of them is ever wrong.
    #[serde(borrow)]
    pub request_parameters: Member<Object<ParametersJson<'a>>>,
}

/// An entry of `resources`. Some tools write its members in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the member of its name")]
pub struct ResourceJson<'a> {
    #[serde(rename = "type", borrow)]
    pub resource_type: Text<'a>,
    #[serde(rename = "ARN", alias = "arn", borrow)]
    pub arn: Text<'a>,
    #[serde(rename = "ARNPrefix", alias = "arnPrefix", alias = "arnprefix", borrow)]
    pub arn_prefix: Text<'a>,
    #[serde(alias = "accountid", borrow)]
    pub account_id: Text<'a>,
}

/// A member that is not what CloudTrail writes there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct WrongMember {
    /// Its place in the record; empty for the record itself.
    pub member: String,
    /// What is expected there.
    pub what: &'static str,
}

impl WrongMember {
    /// What is expected of a member.
    #[must_use]
    pub fn new(member: impl Into<String>, what: &'static str) -> Self {
        Self { member: member.into(), what }
    }
}

/// A value of the shape that is expected, or nothing.
fn check<'de, T: Shape<'de>>(place: &str, member: &Member<T>) -> Result<(), WrongMember> {
    match member {
        Member::Wrong => Err(WrongMember::new(place, T::EXPECTED)),
        Member::Absent | Member::Value(_) => Ok(()),
    }
}

impl<'a> RecordJson<'a> {
    /// The record in a text.
    ///
    /// # Errors
    /// Where the text is not one JSON object, or a member stands in it twice.
    pub fn read(text: &'a str) -> Result<Member<Object<Self>>, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Whether every member is of the shape that CloudTrail writes.
    ///
    /// # Errors
    /// The first member that is not.
    pub fn check(&self) -> Result<(), WrongMember> {
        for (place, text) in [
            ("eventVersion", &self.event_version),
            ("eventID", &self.event_id),
            ("eventTime", &self.event_time),
            ("eventName", &self.event_name),
            ("eventSource", &self.event_source),
            ("eventType", &self.event_type),
            ("eventCategory", &self.event_category),
            ("awsRegion", &self.aws_region),
            ("errorCode", &self.error_code),
            ("recipientAccountId", &self.recipient_account_id),
            ("userAgent", &self.user_agent),
        ] {
            check(place, text)?;
        }
        for (place, flag) in [
            ("readOnly", &self.read_only),
            ("managementEvent", &self.management_event),
            ("sessionCredentialFromConsole", &self.session_credential_from_console),
        ] {
            check(place, flag)?;
        }
        check("userIdentity", &self.user_identity)?;
        self.identity().map_or(Ok(()), IdentityJson::check)?;
        check("resources", &self.resources)?;
        for (index, entry) in self.entries().iter().enumerate() {
            let place = alloc::format!("resources[{index}]");
            check(&place, entry)?;
            if let Some(Object(resource)) = entry.value() {
                resource.check(&place)?;
            }
        }
        Ok(())
    }

    /// `userIdentity`.
    #[must_use]
    pub fn identity(&self) -> Option<&IdentityJson<'a>> {
        self.user_identity.value().map(|Object(identity)| identity)
    }

    fn entries(&self) -> &[Member<Object<ResourceJson<'a>>>] {
        self.resources.value().map_or(&[], Vec::as_slice)
    }

    /// The entries of `resources`, by their place in it.
    pub fn resources(&self) -> impl Iterator<Item = (usize, &ResourceJson<'a>)> {
        let entries = self.entries().iter().enumerate();
        entries.filter_map(|(index, entry)| Some((index, &entry.value()?.0)))
    }

    /// `requestParameters`.
    #[must_use]
    pub fn parameters(&self) -> Option<&ParametersJson<'a>> {
        self.request_parameters.value().map(|Object(parameters)| parameters)
    }
}

impl ResourceJson<'_> {
    fn check(&self, place: &str) -> Result<(), WrongMember> {
        for (member, text) in [
            ("type", &self.resource_type),
            ("ARN", &self.arn),
            ("ARNPrefix", &self.arn_prefix),
            ("accountId", &self.account_id),
        ] {
            check(&[place, member].join("."), text)?;
        }
        Ok(())
    }
}

/// A text of its own.
pub(super) fn owned(text: &Text<'_>) -> Option<String> {
    text.text().map(ToString::to_string)
}
