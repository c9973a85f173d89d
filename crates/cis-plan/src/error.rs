//! Why a plan cannot be read.

/// A text that is not the plan it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The text is not of the format.
    #[error("{what} at line {line} column {column}")]
    Syntax {
        /// What is wrong.
        what: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The text is of the format, but is something else.
    #[error("{0}")]
    Kind(String),
    /// A part is not what it should be.
    #[error("in `{path}`: {what}")]
    Shape {
        /// Where.
        path: String,
        /// What is wrong.
        what: String,
    },
    /// Two places say different things of the account that is planned.
    #[error("contradictory {what}: {one}, but {other}")]
    Contradiction {
        /// Of what: `partition`, `account`, `Region`.
        what: &'static str,
        /// What the first place says, and where that is.
        one: String,
        /// What the other says, and where.
        other: String,
    },
    /// A parameter was given a value that the template does not allow.
    #[error("parameter `{name}` cannot be `{value}`: {allowed}")]
    NotAllowed {
        /// The parameter.
        name: String,
        /// The value.
        value: String,
        /// What the template allows.
        allowed: String,
    },
    /// Trails of several accounts are planned, and one is asked for.
    #[error("the plan has trails of several accounts ({0}): say which with `--account`")]
    Accounts(String),
    /// A parameter was given that the template does not have.
    #[error("the template has no parameter `{0}`")]
    NoParameter(String),
}

impl PlanError {
    pub(crate) fn shape(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Shape { path: path.into(), what: what.into() }
    }
}
