//! The PutEvaluations request, as AWS Config spells it.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// An event's own time.
pub use cis_findings::Time as Timestamp;

/// A PutEvaluations request. Its JSON is what the AWS CLI takes as `--cli-input-json`, up to the
/// 100 evaluations that one call may have; more of them are put in several calls.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutRequest {
    /// The evaluations.
    pub evaluations: Vec<Evaluation>,
    /// What names the rule and its invocation.
    pub result_token: ResultToken,
    /// Whether AWS Config shall only check the request and store nothing.
    pub test_mode: bool,
}

/// One resource's compliance.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Evaluation {
    /// The resource's type.
    pub compliance_resource_type: Cow<'static, str>,
    /// The resource's id.
    pub compliance_resource_id: String,
    /// Whether the resource complies.
    pub compliance_type: Compliance,
    /// Why, in 1 to 256 characters of ASCII.
    pub annotation: String,
    /// The time that orders a rule's evaluations of one resource.
    pub ordering_timestamp: Timestamp,
}

impl Evaluation {
    /// The type of the resource that an account is; its id is the account's.
    pub const ACCOUNT: &'static str = "AWS::::Account";
    /// The type of the resource that a trail is; its id is the trail's name.
    pub const TRAIL: &'static str = "AWS::CloudTrail::Trail";
    /// The longest annotation, in characters.
    pub const ANNOTATION_LENGTH: usize = 256;
}

/// What PutEvaluations takes as a result. AWS Config refuses `INSUFFICIENT_DATA` here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Compliance {
    /// The resource complies.
    Compliant,
    /// The resource does not comply.
    NonCompliant,
    /// The rule says nothing about the resource.
    NotApplicable,
}

impl Compliance {
    /// The result as AWS Config spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compliant => "COMPLIANT",
            Self::NonCompliant => "NON_COMPLIANT",
            Self::NotApplicable => "NOT_APPLICABLE",
        }
    }
}

/// The token of one invocation. Who holds it can report results, so it is not shown in messages.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ResultToken(String);

impl ResultToken {
    /// The token that stands for a test, by the convention of the AWS Config Rules Development Kit.
    pub const TEST: &'static str = "TESTMODE";

    /// The token of this text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, to be sent to AWS Config and nowhere else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the invocation is a test.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.0 == Self::TEST
    }
}

impl fmt::Debug for ResultToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResultToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_request_is_spelled_as_aws_config_spells_it() {
        let request = PutRequest {
            evaluations: vec![Evaluation {
                compliance_resource_type: Evaluation::ACCOUNT.into(),
                compliance_resource_id: "111122223333".to_owned(),
                compliance_type: Compliance::NonCompliant,
                annotation: "DeleteObject is lost".to_owned(),
                ordering_timestamp: Timestamp::parse("2026-11-21T09:00:00.250+01:00").unwrap(),
            }],
            result_token: ResultToken::new("TESTMODE".to_owned()),
            test_mode: true,
        };
        assert_eq!(
            serde_json::to_value(&request).unwrap(),
            json!({
                "Evaluations": [{
                    "ComplianceResourceType": "AWS::::Account",
                    "ComplianceResourceId": "111122223333",
                    "ComplianceType": "NON_COMPLIANT",
                    "Annotation": "DeleteObject is lost",
                    "OrderingTimestamp": "2026-11-21T08:00:00.25Z",
                }],
                "ResultToken": "TESTMODE",
                "TestMode": true,
            })
        );
    }

    #[test]
    fn names_are_the_serialized_ones() {
        for compliance in
            [Compliance::Compliant, Compliance::NonCompliant, Compliance::NotApplicable]
        {
            assert_eq!(serde_json::to_value(compliance).unwrap(), compliance.name());
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let token = ResultToken::new("very secret".to_owned());
        assert!(!format!("{token:?}").contains("secret"));
        assert!(!token.is_test());
    }

    #[test]
    fn a_text_that_is_no_time_is_refused() {
        for text in ["", "yesterday", "2026-11-21", "2026-13-01T00:00:00Z"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
