//! Which accounts CloudTrail offers a copy of an event: the requester's, and the bucket owner's.
//!
//! "A copy" is what an account's trails may record: their own selectors still decide. The owner of the
//! object, where that is a third account, is named as a recipient by no text of AWS's.

mod rules;

use cis_rules::record::caller::{Caller, CallerType};
use cis_rules::record::json::RecordJson;
use serde::{Deserialize, Serialize};

pub use self::rules::{Case, RULES};
use crate::{Level, subject};

/// What an account is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Copy {
    /// The whole event.
    Full,
    /// The event without some members.
    Redacted,
    /// Nothing.
    None,
    /// AWS's texts do not tell, or what they ask for is not known.
    Unknown,
}

impl Copy {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Redacted => "redacted",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// Who receives a copy, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipients {
    /// What the requester's account is offered.
    pub requester: Copy,
    /// What the bucket owner's account is offered.
    pub bucket_owner: Copy,
    /// What a redacted copy lacks.
    pub redacted_fields: &'static [&'static str],
    /// The rule.
    pub rule: &'static str,
    /// AWS's page that says it.
    pub source: &'static str,
    /// What an older edition of AWS's page said, where that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older_text: Option<OlderText>,
}

/// What an older edition of AWS's page said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OlderText {
    /// What the bucket owner's account was offered.
    pub bucket_owner: Copy,
    /// The page and its edition.
    pub source: &'static str,
}

/// Who made a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requester {
    /// A principal of this account.
    Account(String),
    /// Whoever it was, the request was not signed.
    Anonymous,
    /// An AWS service.
    Service,
    /// It is not known.
    Unknown,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It was not refused, though it may have failed.
    #[default]
    Allowed,
    /// Access was denied.
    Denied,
    /// The policy of a VPC endpoint denied it.
    EndpointPolicy,
    /// It was redirected (301).
    Redirect,
    /// Its credentials were not valid.
    AuthenticationFailed,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 5] = [
        Self::Allowed,
        Self::Denied,
        Self::EndpointPolicy,
        Self::Redirect,
        Self::AuthenticationFailed,
    ];

    /// The outcome's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::EndpointPolicy => "endpoint-policy",
            Self::Redirect => "redirect",
            Self::AuthenticationFailed => "authentication-failed",
        }
    }
}

/// A request, as far as it matters to who receives a copy of its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The level of its event.
    pub level: Level,
    /// Who made it.
    pub requester: Requester,
    /// The account that owns the bucket, where that is known.
    pub bucket_owner: Option<String>,
    /// The account that owns the object, where that is known.
    pub object_owner: Option<String>,
    /// Whether the bucket owner may do to the object what was requested; it may where it owns it.
    pub owner_has_permission: Option<bool>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it grants access by e-mail address.
    pub grants_by_email: bool,
}

impl Request {
    /// The request that a record is about, as far as the record says it.
    #[must_use]
    pub fn of(record: &RecordJson<'_>, caller: &Caller) -> Self {
        let account = || caller.account_id.clone().map_or(Requester::Unknown, Requester::Account);
        let name = record.event_name.text().unwrap_or_default();
        Self {
            level: subject::level(record),
            requester: match caller.caller_type {
                CallerType::Anonymous => Requester::Anonymous,
                CallerType::AwsService => Requester::Service,
                _ => account(),
            },
            bucket_owner: subject::bucket_owner(record).map(String::from),
            object_owner: None,
            owner_has_permission: None,
            outcome: match record.error_code.text() {
                _ if name.starts_with(cis_rules::catalogue::AUTHENTICATION) => {
                    Outcome::AuthenticationFailed
                }
                Some("AccessDenied") => Outcome::Denied,
                _ => Outcome::Allowed,
            },
            grants_by_email: record.parameters().is_some_and(|told| told.grants_by_email()),
        }
    }

    /// Who receives a copy of its event.
    #[must_use]
    pub fn recipients(&self) -> Recipients {
        self.case().recipients()
    }

    /// The case that the rules have for it.
    #[must_use]
    pub fn case(&self) -> Case {
        match self.outcome {
            Outcome::EndpointPolicy => return Case::EndpointPolicy,
            Outcome::Redirect => return Case::Redirect,
            Outcome::AuthenticationFailed => return Case::AuthenticationFailed,
            Outcome::Allowed | Outcome::Denied => {}
        }
        let requester = match &self.requester {
            Requester::Anonymous => return Case::Anonymous,
            Requester::Service => return Case::Service,
            Requester::Unknown => return Case::NotKnown,
            Requester::Account(account) => account,
        };
        match &self.bucket_owner {
            None if self.outcome == Outcome::Denied => Case::NotKnown,
            None => Case::OwnerNotKnown,
            Some(owner) if owner == requester => Case::SameAccount,
            Some(_) if self.level != Level::Object => Case::OtherLevel,
            Some(_) if self.outcome == Outcome::Denied => Case::Denied,
            Some(_) if self.grants_by_email => Case::GrantByEmail,
            Some(owner) => {
                let owns = self.object_owner.as_ref().map(|object| object == owner);
                match self.owner_has_permission.or(owns.filter(|owns| *owns)) {
                    Some(true) => Case::OwnerMay,
                    Some(false) => Case::OwnerMayNot,
                    None => Case::OwnerPerhapsMay,
                }
            }
        }
    }
}
