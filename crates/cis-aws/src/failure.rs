//! A call to AWS that failed, as data.

use std::error::Error;
use std::fmt::Write as _;

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use cis_rules::snapshot::Cause;
use serde_json::{Value, json};

/// A call to AWS that failed: which one, with what code, and what was said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{call} failed with {code}: {message}")]
pub struct Failure {
    /// The operation: `GetEventSelectors`.
    pub call: &'static str,
    /// AWS's error code, such as `AccessDeniedException`; where AWS gave none, `TimeoutError`,
    /// `DispatchFailure` (no response, or no credentials), `ConstructionFailure`, `ResponseError`
    /// or `ServiceError`.
    pub code: String,
    /// AWS's message, or what went wrong from the outermost cause to the innermost.
    pub message: String,
}

impl Failure {
    /// The code of a response that is a success but not what the operation answers.
    pub const INVALID_RESPONSE: &'static str = "InvalidResponse";

    /// The code of a session that belongs to another account than it was opened for.
    pub const OTHER_ACCOUNT: &'static str = cis_rules::snapshot::OTHER_ACCOUNT;

    /// Whether the same call may succeed in a minute: there were too many, or no answer came.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(Cause::of_code(&self.code), Cause::Throttled | Cause::Network)
    }

    /// Whether no answer came.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        Cause::of_code(&self.code) == Cause::Network
    }

    /// Why this call failed.
    #[must_use]
    pub fn of<E>(call: &'static str, error: &SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let code = error.code().unwrap_or(match error {
            SdkError::ConstructionFailure(_) => "ConstructionFailure",
            SdkError::TimeoutError(_) => "TimeoutError",
            SdkError::DispatchFailure(_) => "DispatchFailure",
            SdkError::ResponseError(_) => "ResponseError",
            _ => "ServiceError",
        });
        logged(call, code);
        Self {
            call,
            code: code.to_owned(),
            message: error.message().map_or_else(|| chain(error), str::to_owned),
        }
    }

    /// The failure of a request that had no answer from an endpoint.
    pub(crate) fn of_endpoint(self, url: &str) -> Self {
        Self { message: format!("no answer from {url}: {}", self.message), ..self }
    }

    /// A success that is not what the operation answers.
    pub(crate) fn invalid(call: &'static str, message: impl Into<String>) -> Self {
        logged(call, Self::INVALID_RESPONSE);
        Self { call, code: Self::INVALID_RESPONSE.to_owned(), message: message.into() }
    }

    /// The failure as an entry of a snapshot's `unreadable`.
    pub(crate) fn to_json(&self) -> Value {
        json!({"call": self.call, "code": self.code, "message": self.message})
    }
}

/// Which call failed and how. AWS's message is not logged here: it may hold ARNs, or repeat what the
/// caller has to keep to itself.
fn logged(call: &str, code: &str) {
    tracing::warn!(call, code, "a call to AWS failed");
}

/// An error and its causes, outermost first.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
