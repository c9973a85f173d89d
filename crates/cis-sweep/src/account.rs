//! An account that is listed, and whether it can be read.

use core::fmt;

/// An account of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its 12-digit id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its state.
    pub state: State,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        match &self.name {
            Some(name) => write!(f, " ({name})"),
            None => Ok(()),
        }
    }
}

/// The state of an account in its organization.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is in use.
    Active,
    /// It is being made.
    PendingActivation,
    /// AWS has closed it for others, or it was closed and can be reopened.
    Suspended,
    /// It is being closed.
    PendingClosure,
    /// It is closed.
    Closed,
    /// The list names none, or one that is not known here. Such an account is tried.
    Unknown(Option<String>),
}

impl State {
    /// The state that a list names: AWS's `State`, or its older `Status`.
    #[must_use]
    pub fn of(name: Option<&str>) -> Self {
        match name {
            Some("ACTIVE") => Self::Active,
            Some("PENDING_ACTIVATION") => Self::PendingActivation,
            Some("SUSPENDED") => Self::Suspended,
            Some("PENDING_CLOSURE") => Self::PendingClosure,
            Some("CLOSED") => Self::Closed,
            other => Self::Unknown(other.map(str::to_owned)),
        }
    }

    /// Whether roles of the account may be assumable.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        matches!(self, Self::Active | Self::Unknown(_))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "ACTIVE",
            Self::PendingActivation => "PENDING_ACTIVATION",
            Self::Suspended => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::Closed => "CLOSED",
            Self::Unknown(Some(name)) => name,
            Self::Unknown(None) => "unknown",
        })
    }
}

/// Whether a text is an account's id: 12 digits.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_accounts_that_are_surely_not_in_use_are_skipped() {
        for name in ["PENDING_ACTIVATION", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"] {
            let state = State::of(Some(name));
            assert!(!state.is_readable(), "{name}");
            assert_eq!(state.to_string(), name);
        }
        for name in [Some("ACTIVE"), Some("DORMANT"), Some("active"), None] {
            assert!(State::of(name).is_readable(), "{name:?}");
        }
    }
}
