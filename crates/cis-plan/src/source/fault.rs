//! Why an expression has no value.

use crate::error::PlanError;

use super::value::{Val, Why};

/// What evaluating gives.
pub(super) type Answer<T> = Result<T, Fault>;

/// Why there is no value.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// It is not known what the value is.
    Open(Why),
    /// Terraform would refuse the expression, and `try` and `can` see that.
    Wrong(String),
    /// The source is not read any further.
    Refused(Box<PlanError>),
}

impl Fault {
    /// The source is more than is read.
    pub(super) fn refused(what: impl Into<String>) -> Self {
        Self::Refused(Box::new(PlanError::Kind(what.into())))
    }

    /// Terraform would refuse the expression.
    pub(super) fn wrong<T>(what: impl Into<String>) -> Answer<T> {
        Err(Self::Wrong(what.into()))
    }

    /// With the place of what is wrong.
    pub(super) fn at(self, place: &str) -> Self {
        match self {
            Self::Wrong(what) => Self::Refused(Box::new(PlanError::shape(place, what))),
            Self::Refused(error) => match *error {
                PlanError::Kind(what) => Self::Refused(Box::new(PlanError::shape(place, what))),
                error => Self::Refused(Box::new(error)),
            },
            open @ Self::Open(_) => open,
        }
    }

    /// The error, where it is one.
    pub(super) fn into_error(self) -> PlanError {
        match self {
            Self::Refused(error) => *error,
            Self::Wrong(what) => PlanError::Kind(what),
            Self::Open(why) => PlanError::Kind(why.reason.clone()),
        }
    }
}

impl From<PlanError> for Fault {
    fn from(error: PlanError) -> Self {
        Self::Refused(Box::new(error))
    }
}

/// The value, or that it is not known.
pub(super) fn or_open(answer: Answer<Val>) -> Answer<Val> {
    match answer {
        Err(Fault::Open(why)) => Ok(Val::Open(why)),
        answer => answer,
    }
}
