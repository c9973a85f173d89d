//! Who made a request, by the record's `userIdentity`.
//!
//! An absent `arn` does not mean an anonymous caller: AWS services, other accounts and users of IAM
//! Identity Center have none either.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

/// Who made a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// What the caller is.
    #[serde(rename = "type")]
    pub caller_type: CallerType,
    /// `userIdentity.arn`.
    pub arn: Option<String>,
    /// `userIdentity.accountId`.
    pub account_id: Option<String>,
    /// The AWS service that made the request, by itself or with this identity: `invokedBy`.
    pub service: Option<String>,
}

/// What a caller is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CallerType {
    /// The account's root user.
    Root,
    /// An IAM user.
    IamUser,
    /// A session of a role.
    AssumedRole,
    /// A session from GetFederationToken.
    FederatedUser,
    /// A session that a web identity provider vouched for.
    WebIdentity,
    /// A user of IAM Identity Center with a bearer token.
    IdentityCenter,
    /// An AWS service.
    AwsService,
    /// A principal of another account.
    OtherAccount,
    /// An unsigned request.
    Anonymous,
    /// The record does not tell.
    #[default]
    Unknown,
}

impl CallerType {
    /// All types.
    pub const ALL: [Self; 10] = [
        Self::Root,
        Self::IamUser,
        Self::AssumedRole,
        Self::FederatedUser,
        Self::WebIdentity,
        Self::IdentityCenter,
        Self::AwsService,
        Self::OtherAccount,
        Self::Anonymous,
        Self::Unknown,
    ];

    /// The type's name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::IamUser => "iam-user",
            Self::AssumedRole => "assumed-role",
            Self::FederatedUser => "federated-user",
            Self::WebIdentity => "web-identity",
            Self::IdentityCenter => "identity-center",
            Self::AwsService => "aws-service",
            Self::OtherAccount => "other-account",
            Self::Anonymous => "anonymous",
            Self::Unknown => "unknown",
        }
    }
}

/// The members of `userIdentity` that tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity<'a> {
    /// `type`.
    pub identity_type: Option<&'a str>,
    /// `arn`.
    pub arn: Option<&'a str>,
    /// `accountId`.
    pub account_id: Option<&'a str>,
    /// `invokedBy`.
    pub invoked_by: Option<&'a str>,
    /// Whether the session has a `webIdFederationData.federatedProvider`.
    pub has_web_identity: bool,
}

/// What old records of console requests have as `invokedBy`: a person, and no service.
const CONSOLE: &str = "signin.amazonaws.com";

impl Identity<'_> {
    pub(super) fn caller(&self) -> Caller {
        Caller {
            caller_type: self.caller_type(),
            arn: self.arn.filter(|arn| !arn.is_empty()).map(String::from),
            account_id: self.account_id.filter(|account| !account.is_empty()).map(String::from),
            service: self.invoked_by.filter(|service| *service != CONSOLE).map(String::from),
        }
    }

    /// What the caller is.
    #[must_use]
    pub fn caller_type(&self) -> CallerType {
        match self.identity_type {
            Some("AWSService") => return CallerType::AwsService,
            None if self.invoked_by.is_some_and(|service| service != CONSOLE) => {
                return CallerType::AwsService;
            }
            _ if self.account_id == Some("anonymous") => return CallerType::Anonymous,
            _ => {}
        }
        match self.identity_type {
            Some("Root") => CallerType::Root,
            Some("IAMUser") => CallerType::IamUser,
            Some("AssumedRole") if self.has_web_identity => CallerType::WebIdentity,
            Some("AssumedRole" | "Role") => CallerType::AssumedRole,
            Some("FederatedUser") => CallerType::FederatedUser,
            Some("WebIdentityUser" | "SAMLUser") => CallerType::WebIdentity,
            Some("IdentityCenterUser") => CallerType::IdentityCenter,
            Some("AWSAccount") => CallerType::OtherAccount,
            _ => self.arn.map_or(CallerType::Unknown, by_arn),
        }
    }
}

/// What the shape of an ARN tells of a caller whose type is missing or new.
fn by_arn(arn: &str) -> CallerType {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    if resource == "root" {
        CallerType::Root
    } else if resource.starts_with("user/") {
        CallerType::IamUser
    } else if resource.starts_with("assumed-role/") {
        CallerType::AssumedRole
    } else if resource.starts_with("federated-user/") {
        CallerType::FederatedUser
    } else {
        CallerType::Unknown
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let through = |f: &mut fmt::Formatter<'_>| match &self.service {
            Some(service) => write!(f, " through {service}"),
            None => Ok(()),
        };
        if let Some(arn) = self.arn.as_ref().filter(|arn| !arn.is_empty()) {
            f.write_str(arn)?;
            return through(f);
        }
        let account = |f: &mut fmt::Formatter<'_>| match &self.account_id {
            Some(account) => write!(f, " {account}"),
            None => Ok(()),
        };
        match self.caller_type {
            CallerType::AwsService => match &self.service {
                Some(service) => write!(f, "the AWS service {service}"),
                None => f.write_str("an AWS service"),
            },
            CallerType::Anonymous => f.write_str("an anonymous caller"),
            CallerType::OtherAccount => {
                f.write_str("another account")?;
                account(f)
            }
            CallerType::IdentityCenter => f.write_str("an IAM Identity Center user"),
            CallerType::Unknown => f.write_str("a caller that the record does not tell"),
            CallerType::Root => f.write_str("a root user, without an ARN"),
            CallerType::IamUser => f.write_str("an IAM user, without an ARN"),
            CallerType::AssumedRole => f.write_str("a session of a role, without an ARN"),
            CallerType::FederatedUser => f.write_str("a federated user, without an ARN"),
            CallerType::WebIdentity => f.write_str("a web identity, without an ARN"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn told(identity: Identity<'_>) -> (CallerType, String) {
        let caller = identity.caller();
        (caller.caller_type, caller.to_string())
    }

    #[test]
    fn a_caller_without_an_arn_is_told_by_what_else_the_record_says() {
        let none = Identity::default();
        for (identity, caller_type, words) in [
            (
                Identity {
                    identity_type: Some("AWSService"),
                    invoked_by: Some("cloudtrail.amazonaws.com"),
                    ..none
                },
                CallerType::AwsService,
                "the AWS service cloudtrail.amazonaws.com",
            ),
            (
                Identity { invoked_by: Some("batchoperations.s3.amazonaws.com"), ..none },
                CallerType::AwsService,
                "the AWS service batchoperations.s3.amazonaws.com",
            ),
            (
                Identity {
                    identity_type: Some("AWSAccount"),
                    account_id: Some("anonymous"),
                    ..none
                },
                CallerType::Anonymous,
                "an anonymous caller",
            ),
            (
                Identity {
                    identity_type: Some("AWSAccount"),
                    account_id: Some("444455556666"),
                    ..none
                },
                CallerType::OtherAccount,
                "another account 444455556666",
            ),
            (
                Identity { identity_type: Some("IdentityCenterUser"), ..none },
                CallerType::IdentityCenter,
                "an IAM Identity Center user",
            ),
            (none, CallerType::Unknown, "a caller that the record does not tell"),
        ] {
            assert_eq!(told(identity), (caller_type, words.to_string()));
        }
    }

    #[test]
    fn the_shape_of_an_arn_tells_where_the_type_does_not() {
        for (arn, caller_type) in [
            ("arn:aws:iam::111122223333:root", CallerType::Root),
            ("arn:aws:iam::111122223333:user/alice", CallerType::IamUser),
            ("arn:aws:sts::111122223333:assumed-role/app/session", CallerType::AssumedRole),
            ("arn:aws:sts::111122223333:federated-user/bob", CallerType::FederatedUser),
            ("arn:aws:iam::111122223333:rooted", CallerType::Unknown),
        ] {
            let identity = Identity { arn: Some(arn), ..Identity::default() };
            assert_eq!(told(identity), (caller_type, arn.to_string()));
        }
    }

    #[test]
    fn a_type_has_the_same_name_in_texts_and_in_json() {
        for caller_type in CallerType::ALL {
            let json = serde_json::to_value(caller_type).unwrap();
            assert_eq!(json.as_str(), Some(caller_type.name()));
        }
    }

    #[test]
    fn a_person_in_the_console_of_2019_is_no_service() {
        let identity = Identity {
            identity_type: Some("IAMUser"),
            arn: Some("arn:aws:iam::111122223333:user/alice"),
            invoked_by: Some("signin.amazonaws.com"),
            ..Identity::default()
        };
        assert_eq!(identity.caller().service, None);
        let through = Identity { invoked_by: Some("athena.amazonaws.com"), ..identity };
        assert_eq!(
            told(through),
            (
                CallerType::IamUser,
                "arn:aws:iam::111122223333:user/alice through athena.amazonaws.com".to_string()
            )
        );
    }

    #[test]
    fn a_web_identity_is_told_from_other_roles() {
        let role = Identity { identity_type: Some("AssumedRole"), ..Identity::default() };
        assert_eq!(told(role).0, CallerType::AssumedRole);
        assert_eq!(told(Identity { has_web_identity: true, ..role }).0, CallerType::WebIdentity);
    }
}
