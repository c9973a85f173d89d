//! Importing findings into Security Hub.
//!
//! AWS Config passes a rule's verdict on to Security Hub, but no annotation with it, and leaves out
//! rules that are linked to a service, as those of conformance packs and organizations are. So the
//! function imports findings of its own, where the parameter `SecurityHub` asks for it. What AWS
//! Config was told stands whatever comes of that: an import that fails is a value to be logged, and
//! never an error of the invocation.
//!
//! The client is one signed request over the SDK's own orchestrator, HTTP client, retries and
//! credentials, and not the crate `aws-sdk-securityhub`: that one has a type for every member of
//! every resource that any finding can name, and takes nearly two minutes of a release build, for
//! one call. Findings and this call add 48 KB to the zipped function. What the types would have
//! checked, the tests check against the service model.
//!
//! Sources: <https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-internal-providers.html>,
//! <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html>

#[cfg(feature = "put")]
mod client;
mod findings;

use std::fmt;
use std::future::Future;

use cis_aws::{Access, Failure};
use cis_findings::asff::Finding;

#[cfg(feature = "put")]
pub use client::SecurityHub;
pub(crate) use findings::findings;

/// Imports findings.
pub trait ImportFindings {
    /// Imports findings of the rule's account into Security Hub in the rule's Region; how many.
    ///
    /// # Errors
    /// Where Security Hub did not take every finding.
    fn import(
        &self,
        access: &Access,
        findings: &[Finding],
    ) -> impl Future<Output = Result<usize, ImportError>> + Send;
}

/// Why findings were not imported. Nothing depends on them, so that nothing else fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Security Hub is off in this account and Region, or the role may not call it.
    #[error(
        "{0}; where Security Hub is off in this account and Region, turn it on, or set the rule's \
         parameter `SecurityHub` to `off`"
    )]
    InvalidAccess(Failure),
    /// The call failed.
    #[error(transparent)]
    Call(Failure),
    /// The call succeeded, but its `FailedFindings` was not empty.
    #[error("Security Hub did not take {} of {of} findings: {}", .failed.len(), listed(.failed))]
    NotTaken {
        /// The findings that were not taken, and why.
        failed: Vec<FailedFinding>,
        /// How many findings there were.
        of: usize,
    },
}

impl ImportError {
    /// AWS's code for an account and Region in which Security Hub is off.
    const INVALID_ACCESS: &str = "InvalidAccessException";

    /// The error's name, which does not change between versions.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::InvalidAccess(_) => "SecurityHubInvalidAccess",
            Self::Call(_) => "SecurityHubCallFailed",
            Self::NotTaken { .. } => "SecurityHubFindingsNotTaken",
        }
    }
}

impl From<Failure> for ImportError {
    fn from(failure: Failure) -> Self {
        if failure.code == Self::INVALID_ACCESS {
            Self::InvalidAccess(failure)
        } else {
            Self::Call(failure)
        }
    }
}

/// A finding that Security Hub did not take.
///
/// Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_ImportFindingsError.html>
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FailedFinding {
    /// What identifies the finding.
    pub id: String,
    /// AWS's code.
    #[serde(rename = "ErrorCode")]
    pub code: String,
    /// AWS's message.
    #[serde(rename = "ErrorMessage")]
    pub message: String,
}

impl fmt::Display for FailedFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` with {}: {}", self.id, self.code, self.message)
    }
}

fn listed(failed: &[FailedFinding]) -> String {
    failed.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: &str) -> Failure {
        Failure { call: "BatchImportFindings", code: code.to_owned(), message: "m".to_owned() }
    }

    #[test]
    fn a_hub_that_is_off_is_told_apart_with_what_to_do() {
        let off = ImportError::from(failure("InvalidAccessException"));
        assert_eq!(off.error_type(), "SecurityHubInvalidAccess");
        assert!(off.to_string().contains("`SecurityHub` to `off`"), "{off}");
        let denied = ImportError::from(failure("AccessDeniedException"));
        assert_eq!(denied.error_type(), "SecurityHubCallFailed");
        assert_eq!(denied.to_string(), "BatchImportFindings failed with AccessDeniedException: m");
    }

    #[test]
    fn findings_that_were_not_taken_are_named() {
        let failed = |id: &str| FailedFinding {
            id: id.to_owned(),
            code: "InvalidInput".to_owned(),
            message: "why".to_owned(),
        };
        let error = ImportError::NotTaken { failed: vec![failed("a"), failed("b")], of: 3 };
        assert_eq!(
            error.to_string(),
            "Security Hub did not take 2 of 3 findings: `a` with InvalidInput: why; `b` with \
             InvalidInput: why"
        );
    }
}
