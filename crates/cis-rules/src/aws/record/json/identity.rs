//! Who made a request, as a record spells it.

use serde::Deserialize;

use super::{WrongMember, check};
use crate::aws::record::member::{Member, Object, Text};

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

impl IdentityJson<'_> {
    pub(super) fn check(&self) -> Result<(), WrongMember> {
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
