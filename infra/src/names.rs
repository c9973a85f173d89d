//! Names, limits and numbers that several templates share.

use cis_rules::controls::controls;
use cis_rules::question::Kind;

/// The most characters of a rule's base name.
///
/// AWS Config appends up to 27 characters to the names of rules in conformance packs, and answers
/// GetComplianceDetailsByConfigRule for names of at most 64.
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_GetComplianceDetailsByConfigRule.html>
pub const LONGEST_RULE_NAME: usize = 37;

/// The name of the rule for write events.
pub const WRITE_RULE_NAME: &str = "cis-3-8-s3-object-level-write-logging";

/// The name of the rule for read events.
pub const READ_RULE_NAME: &str = "cis-3-9-s3-object-level-read-logging";

/// What AWS Config puts before the name of an organization's rule in the member accounts.
pub const ORGANIZATION_PREFIX: &str = "OrgConfigRule-";

/// A rule of AWS Config that the templates make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The kind of event that it is about.
    pub kind: Kind,
    /// Its name.
    pub name: &'static str,
    pub(crate) logical_name: &'static str,
    /// The condition that it is wanted.
    pub(crate) condition: &'static str,
    pub(crate) comment: &'static str,
}

/// The rules: one for each kind, so that each control has its own verdict.
pub const RULES: [Rule; 2] = [
    Rule {
        kind: Kind::Write,
        name: WRITE_RULE_NAME,
        logical_name: "WriteRule",
        condition: "AsksForWriteEvents",
        comment: "Is every S3 object-level write event recorded?",
    },
    Rule {
        kind: Kind::Read,
        name: READ_RULE_NAME,
        logical_name: "ReadRule",
        condition: "AsksForReadEvents",
        comment: "Is every S3 object-level read event recorded?",
    },
];

impl Rule {
    /// The name with the prefix that a parameter gives.
    pub(crate) fn prefixed(&self) -> String {
        format!("${{{RULE_NAME_PREFIX}}}{}", self.name)
    }

    /// The rule's description, with its numbers in the newest benchmark and in Security Hub.
    #[must_use]
    pub fn description(&self) -> String {
        let mut text = format!(
            "Proves that CloudTrail records every S3 object-level {} event, or names one that is \
             lost.",
            self.kind.name()
        );
        let controls = controls(self.kind);
        for control in [controls.first(), controls.last()].into_iter().flatten() {
            let version =
                control.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            text.push_str(&format!(" {}{version}: {}.", control.standard, control.id));
        }
        text
    }
}

/// The parameter that the rules' names begin with.
pub const RULE_NAME_PREFIX: &str = "RuleNamePrefix";

/// The most characters of that prefix: with it, AWS Config still lists a rule's results.
pub const LONGEST_PREFIX: usize = 64 - LONGEST_RULE_NAME;

/// The path of the functions' roles, unless another one is given. It is what the role that reads the
/// organization's trail knows them by: CloudFormation makes other names in each account.
pub const FUNCTION_ROLE_PATH: &str = "/trailproof/";

/// How often a rule may be evaluated, and how many hours that is, the shortest first.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_SourceDetail.html>
pub const FREQUENCIES: [(&str, u32); 5] = [
    ("One_Hour", 1),
    ("Three_Hours", 3),
    ("Six_Hours", 6),
    ("Twelve_Hours", 12),
    ("TwentyFour_Hours", 24),
];

/// How long the function may take, in seconds. The collector keeps its calls within it.
pub const FUNCTION_TIMEOUT: u32 = 120;

/// The namespace of the function's own metrics.
pub const METRIC_NAMESPACE: &str = "Trailproof";

/// Their dimension.
pub const METRIC_DIMENSION: &str = "FunctionName";

/// The metric that is 1 where an evaluation was put, and 0 where the invocation failed.
pub const EVALUATION_SUCCEEDED: &str = "EvaluationSucceeded";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_names_leave_room_for_what_aws_config_appends() {
        for rule in RULES {
            assert!(rule.name.len() <= LONGEST_RULE_NAME, "{}", rule.name);
        }
    }
}
