//! Which credentials are used for an account: the caller's own, or those of roles.

use crate::account::Account;

/// A role that is assumed, and how its sessions are called.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Role {
    /// The role's ARN.
    pub arn: String,
    /// The sessions' name, which CloudTrail shows in the role's account: 2 to 64 of `A-Za-z0-9`
    /// and `_+=,.@-`.
    pub session_name: String,
    /// The Region whose STS endpoint is asked.
    pub region: String,
    /// What the role's trust policy may ask of an account other than its own: `sts:ExternalId`.
    pub external_id: Option<String>,
}

/// An account, and as whom it is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The account.
    pub account: Account,
    /// The role in the account; without one, the caller's own credentials are the account's.
    pub role: Option<Role>,
    /// The role that reads organization trails where the account may not. It is assumed with the
    /// caller's own credentials, and only when there is something to read.
    pub organization_role: Option<Role>,
    /// Whether something has just changed, so that what was read for another account is too old.
    pub is_after_change: bool,
}

impl Access {
    /// An account that is met with the caller's own credentials.
    #[must_use]
    pub const fn direct(account: Account) -> Self {
        Self { account, role: None, organization_role: None, is_after_change: false }
    }
}
