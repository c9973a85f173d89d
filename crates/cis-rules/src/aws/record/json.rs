//! A record's JSON: the only file that knows how a record spells its members.
//!
//! Members that are not listed here are ignored: a newer minor version only adds some.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;

use super::member::{Member, Object, Shape, Text};

/// A record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the member of its name")]
pub struct RecordJson<'a> {
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

/// `userIdentity`.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the member of its name")]
pub struct IdentityJson<'a> {
    #[serde(rename = "type", borrow)]
    pub identity_type: Text<'a>,
    #[serde(borrow)]
    pub arn: Text<'a>,
    #[serde(borrow)]
    pub account_id: Text<'a>,
    #[serde(borrow)]
    pub access_key_id: Text<'a>,
    #[serde(borrow)]
    pub invoked_by: Text<'a>,
    #[serde(borrow)]
    pub session_context: Member<Object<SessionJson<'a>>>,
}

/// `userIdentity.sessionContext`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the member of its name")]
pub struct SessionJson<'a> {
    #[serde(borrow)]
    pub attributes: Member<Object<AttributesJson<'a>>>,
    #[serde(borrow)]
    pub web_id_federation_data: Member<Object<FederationJson<'a>>>,
}

/// `userIdentity.sessionContext.attributes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the member of its name")]
pub struct AttributesJson<'a> {
    #[serde(borrow)]
    pub creation_date: Text<'a>,
}

/// `userIdentity.sessionContext.webIdFederationData`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is the member of its name")]
pub struct FederationJson<'a> {
    #[serde(borrow)]
    pub federated_provider: Text<'a>,
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

/// `requestParameters`: those that say what a request of S3 is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ParametersJson<'a> {
    /// `bucketName`; in requests to S3 Control `bucket`.
    #[serde(borrow)]
    pub bucket_name: Text<'a>,
    /// `bucket`.
    #[serde(borrow)]
    pub bucket: Text<'a>,
    /// `key`.
    #[serde(borrow)]
    pub key: Text<'a>,
    /// `Key`, as S3 on Outposts spells it.
    #[serde(rename = "Key", borrow)]
    pub outposts_key: Text<'a>,
    /// `x-amz-copy-source`: what a copy is made of.
    #[serde(rename = "x-amz-copy-source", borrow)]
    pub copy_source: Text<'a>,
    /// `x-amz-grant-read`: who may read the object.
    #[serde(rename = "x-amz-grant-read", borrow)]
    pub grant_read: Text<'a>,
    /// `x-amz-grant-read-acp`: who may read its access control list.
    #[serde(rename = "x-amz-grant-read-acp", borrow)]
    pub grant_read_acp: Text<'a>,
    /// `x-amz-grant-write-acp`: who may change that list.
    #[serde(rename = "x-amz-grant-write-acp", borrow)]
    pub grant_write_acp: Text<'a>,
    /// `x-amz-grant-full-control`: who may do all that.
    #[serde(rename = "x-amz-grant-full-control", borrow)]
    pub grant_full_control: Text<'a>,
}

impl ParametersJson<'_> {
    /// Whether the request grants access by e-mail address.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html>
    #[must_use]
    pub fn grants_by_email(&self) -> bool {
        [&self.grant_read, &self.grant_read_acp, &self.grant_write_acp, &self.grant_full_control]
            .iter()
            .any(|grant| grant.text().is_some_and(|grant| grant.contains("emailAddress")))
    }
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

impl IdentityJson<'_> {
    fn check(&self) -> Result<(), WrongMember> {
        for (place, text) in [
            ("userIdentity.type", &self.identity_type),
            ("userIdentity.arn", &self.arn),
            ("userIdentity.accountId", &self.account_id),
            ("userIdentity.accessKeyId", &self.access_key_id),
            ("userIdentity.invokedBy", &self.invoked_by),
        ] {
            check(place, text)?;
        }
        check("userIdentity.sessionContext", &self.session_context)?;
        let Some(Object(session)) = self.session_context.value() else { return Ok(()) };
        check("userIdentity.sessionContext.attributes", &session.attributes)?;
        check("userIdentity.sessionContext.webIdFederationData", &session.web_id_federation_data)?;
        if let Some(provider) = self.federation() {
            check(
                "userIdentity.sessionContext.webIdFederationData.federatedProvider",
                &provider.federated_provider,
            )?;
        }
        Ok(())
    }

    fn federation(&self) -> Option<&FederationJson<'_>> {
        let Object(session) = self.session_context.value()?;
        session.web_id_federation_data.value().map(|Object(federation)| federation)
    }

    /// Whether a web identity provider vouched for the session.
    #[must_use]
    pub fn has_web_identity(&self) -> bool {
        self.federation().is_some_and(|data| data.federated_provider.text().is_some())
    }

    /// Whether the record says when the session began. An empty `sessionContext` says nothing.
    #[must_use]
    pub fn has_session(&self) -> bool {
        let session = self.session_context.value();
        let attributes = session.and_then(|Object(session)| session.attributes.value());
        attributes.is_some_and(|Object(attributes)| attributes.creation_date.text().is_some())
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
