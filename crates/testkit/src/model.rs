//! What the rule means, a second time: naive, and apart from the library.
//!
//! It reads the JSON of an account and of a question by itself and answers about one record at a
//! time. It shares no code with the library, so that a mistake would have to be made twice to stay
//! unseen. Nothing here is fast.

mod account;
mod record;
mod selector;
mod trail;

pub use account::{Account, Coverage};
pub(crate) use record::{DOCUMENTED_SOURCES, DOCUMENTED_TYPES, is_confirmed, object_events};
pub use record::{Record, is_documented};
pub use selector::SELECTABLE;
pub(crate) use selector::meets;

/// Whether one record is logged, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// It surely is.
    pub must: bool,
    /// It is not sure that it is not.
    pub may: bool,
}

impl Bounds {
    /// Surely logged.
    pub const LOGGED: Self = Self { must: true, may: true };
    /// Surely not logged.
    pub const LOST: Self = Self { must: false, may: false };
    /// Not known.
    pub const OPEN: Self = Self { must: false, may: true };

    /// Known either way.
    #[must_use]
    pub const fn known(is_logged: bool) -> Self {
        if is_logged { Self::LOGGED } else { Self::LOST }
    }

    /// What follows from a fact that may be missing.
    #[must_use]
    pub const fn from_fact(fact: Option<bool>) -> Self {
        match fact {
            Some(is_so) => Self::known(is_so),
            None => Self::OPEN,
        }
    }

    /// Logged where both say so.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { must: self.must && other.must, may: self.may && other.may }
    }

    /// Logged where one of them says so.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self { must: self.must || other.must, may: self.may || other.may }
    }

    /// The same, not sure any more where there is a doubt.
    #[must_use]
    pub const fn doubted(self, doubt: bool) -> Self {
        if doubt { Self { must: false, may: self.may } } else { self }
    }
}
