//! Why a call to AWS failed, and what to do about it.

use alloc::string::{String, ToString};

use super::Unreadable;

/// The most characters of a message that are repeated: AWS's own are shorter.
const LONGEST: usize = 1000;

/// The code of credentials that belong to another account than was to be read: not one of AWS's.
pub const OTHER_ACCOUNT: &str = "OtherAccount";

/// Why a call failed, as its code tells.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/CommonErrors.html> and
/// <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A policy does not allow it.
    Denied,
    /// The credentials were valid once.
    Expired,
    /// AWS does not know the access key, or the session token.
    UnknownKey,
    /// The signature is wrong: the secret key is another one's, or the clock is wrong.
    Signature,
    /// There were too many requests.
    Throttled,
    /// No answer came.
    Network,
    /// Something else.
    Other,
}

impl Cause {
    /// The cause that an error code tells. Services spell the same cause in several ways.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match code {
            "AccessDenied"
            | "AccessDeniedException"
            | "UnauthorizedOperation"
            | "AuthorizationError"
            | "NotAuthorized"
            | "ForbiddenException" => Self::Denied,
            "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => Self::Expired,
            "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "InvalidAccessKeyId"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException" => Self::UnknownKey,
            "SignatureDoesNotMatch"
            | "InvalidSignatureException"
            | "IncompleteSignature"
            | "IncompleteSignatureException"
            | "RequestExpired"
            | "RequestTimeTooSkewed" => Self::Signature,
            "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottled"
            | "RequestLimitExceeded"
            | "TooManyRequestsException"
            | "SlowDown" => Self::Throttled,
            "DispatchFailure" | "TimeoutError" | "ResponseError" | "RequestTimeout" => {
                Self::Network
            }
            _ => Self::Other,
        }
    }
}

impl Unreadable {
    /// AWS's message in brackets, as it names the policy that denies a call; empty without one.
    #[must_use]
    pub fn said(&self) -> String {
        match self.message.as_deref().map(str::trim).filter(|message| !message.is_empty()) {
            Some(message) => {
                let message: String = message.chars().take(LONGEST).collect();
                alloc::format!(" (AWS: {message})")
            }
            None => String::new(),
        }
    }

    /// Why it failed; denied where the snapshot has no code, which is what most often is so.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.code.as_deref().map_or(Cause::Denied, Cause::of_code)
    }

    /// What makes the call succeed, by its cause, with AWS's message.
    #[must_use]
    pub fn settled_by(&self) -> String {
        let call = &self.call;
        let settles = match self.cause() {
            Cause::Denied if call == "AssumeRole" => {
                "let the role trust the caller, and allow the caller sts:AssumeRole".to_string()
            }
            Cause::Denied => alloc::format!("allow cloudtrail:{call}"),
            Cause::Expired => "renew the credentials, which have expired".to_string(),
            Cause::UnknownKey => "use credentials that AWS knows".to_string(),
            Cause::Signature => {
                "see that the clock is right and the secret key belongs to the access key"
                    .to_string()
            }
            Cause::Throttled => "wait until other programs ask AWS less often".to_string(),
            Cause::Other if self.code.as_deref() == Some(OTHER_ACCOUNT) => {
                "give credentials that belong to the account".to_string()
            }
            Cause::Network => "see that the endpoint can be reached".to_string(),
            Cause::Other => alloc::format!("make {call} succeed"),
        };
        alloc::format!("{settles} and read the account again{}", self.said())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(code: Option<&str>) -> String {
        let code = code.map(ToString::to_string);
        Unreadable { call: "DescribeTrails".to_string(), code, message: None }.settled_by()
    }

    #[test]
    fn a_role_that_cannot_be_assumed_is_settled_where_it_is_denied() {
        let failed = |code: &str| Unreadable {
            call: "AssumeRole".to_string(),
            code: Some(code.to_string()),
            message: Some("not authorized".to_string()),
        };
        let said = failed("AccessDenied").settled_by();
        assert!(
            said.contains("sts:AssumeRole") && said.contains("(AWS: not authorized)"),
            "{said}"
        );
        assert!(!said.contains("cloudtrail"), "{said}");
        let said = failed(OTHER_ACCOUNT).settled_by();
        assert!(said.contains("belong to the account"), "{said}");
    }

    #[test]
    fn only_a_denied_call_is_settled_by_a_permission() {
        for code in [None, Some("AccessDenied"), Some("AccessDeniedException")] {
            assert!(settled(code).starts_with("allow cloudtrail:DescribeTrails"), "{code:?}");
        }
        for (code, word) in [
            ("ExpiredTokenException", "renew"),
            ("UnrecognizedClientException", "knows"),
            ("InvalidSignatureException", "clock"),
            ("ThrottlingException", "less often"),
            ("DispatchFailure", "reached"),
            ("InternalFailure", "make DescribeTrails succeed"),
        ] {
            let said = settled(Some(code));
            assert!(said.contains(word) && !said.contains("allow"), "{code}: {said}");
        }
    }
}
