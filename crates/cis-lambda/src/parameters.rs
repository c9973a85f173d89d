//! The rule's parameters (AWS Config `InputParameters`), validated as a whole.

use std::fmt;

use cis_rules::question::{BucketName, Kind, Mode, Question};
use serde_json::{Map, Value};

/// What a rule may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// What it is for, as consoles show it.
    pub description: &'static str,
    /// What its value may be.
    pub values: Values,
    /// What holds where it is not given: a value, or nothing.
    pub default: &'static str,
}

/// What a parameter's value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A text of this form.
    Text(&'static str),
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(values) => f.write_str(&quoted(values.iter().copied())),
            Self::Text(form) => f.write_str(form),
        }
    }
}

/// Which events must be logged.
pub const EVENT_KINDS: Parameter = Parameter {
    name: "EventKinds",
    description: "Which S3 object-level events must be recorded.",
    values: Values::OneOf(&["write", "read", "write,read"]),
    default: "write",
};

/// How trails combine.
pub const TRAIL_MODE: Parameter = Parameter {
    name: "TrailMode",
    description: "How trails combine: any (one trail records everything alone), union (all \
                  together do), every (each one does).",
    values: Values::OneOf(&["any", "union", "every"]),
    default: "any",
};

/// Buckets that may stay unlogged.
pub const ALLOWED_UNLOGGED_BUCKETS: Parameter = Parameter {
    name: "AllowedUnloggedBuckets",
    description: "Buckets that may stay unlogged, such as the log bucket itself: exact names, \
                  separated by commas.",
    values: Values::Text("exact bucket names, separated by commas"),
    default: "",
};

/// What is reported where the account cannot be decided.
pub const ON_INDETERMINATE: Parameter = Parameter {
    name: "OnIndeterminate",
    description: "What is reported where the account can be neither proved nor refuted. ERROR \
                  fails the invocation, and AWS Config keeps its last result.",
    values: Values::OneOf(&["ERROR", "NON_COMPLIANT", "NOT_APPLICABLE"]),
    default: "ERROR",
};

/// What is reported on.
pub const REPORT_ON: Parameter = Parameter {
    name: "ReportOn",
    description: "What is reported on: the account, or the account and its trails.",
    values: Values::OneOf(&["account", "account+trails"]),
    default: "account",
};

/// The role that is assumed in the event's account.
pub const MEMBER_ROLE_NAME: Parameter = Parameter {
    name: "MemberRoleName",
    description: "The role that the function assumes in the rule's account. None where the \
                  function is deployed in each account.",
    values: Values::Text("the name of an IAM role, 1 to 64 of A-Z, a-z, 0-9 and `+=,.@_-`"),
    default: "",
};

/// The role that can read the organization trail's selectors.
pub const ORGANIZATION_TRAIL_ROLE_ARN: Parameter = Parameter {
    name: "OrganizationTrailRoleArn",
    description: "A role that may read the organization trail's selectors, which member accounts \
                  cannot read themselves.",
    values: Values::Text("the ARN of an IAM role, `arn:<partition>:iam::<account>:role/<name>`"),
    default: "",
};

/// Whether findings go to Security Hub.
pub const SECURITY_HUB: Parameter = Parameter {
    name: "SecurityHub",
    description: "Whether findings are imported into Security Hub.",
    values: Values::OneOf(&["off", "asff"]),
    default: "off",
};

/// All parameters.
pub const ALL: [Parameter; 8] = [
    EVENT_KINDS,
    TRAIL_MODE,
    ALLOWED_UNLOGGED_BUCKETS,
    ON_INDETERMINATE,
    REPORT_ON,
    MEMBER_ROLE_NAME,
    ORGANIZATION_TRAIL_ROLE_ARN,
    SECURITY_HUB,
];

/// What is reported where the account can neither be proved nor refuted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnIndeterminate {
    /// Nothing: the invocation fails and the last result stays.
    Error,
    /// That the account does not comply.
    NonCompliant,
    /// That the rule says nothing about the account.
    NotApplicable,
}

/// What is reported on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportOn {
    /// The account alone.
    Account,
    /// The account, and the trails that are at home in the rule's account and Region.
    AccountAndTrails,
}

/// Valid parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// One question for each kind of event.
    pub questions: Vec<Question>,
    /// What is reported where a question has no answer.
    pub on_indeterminate: OnIndeterminate,
    /// What is reported on.
    pub report_on: ReportOn,
    /// The name of the role that is assumed in the event's account to read and to report.
    pub member_role_name: Option<String>,
    /// The ARN of the role that can read the organization trail's selectors.
    pub organization_trail_role_arn: Option<String>,
    /// Whether findings are imported into Security Hub.
    pub import_findings: bool,
}

/// Everything that is wrong with a rule's parameters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct ParameterError(Vec<String>);

impl Parameters {
    /// Validates a rule's parameters.
    ///
    /// # Errors
    /// Where a name or a value is not allowed: each of them, and what is.
    pub fn from_json(given: &Map<String, Value>) -> Result<Self, ParameterError> {
        let mut reader = Reader { given, problems: Vec::new() };
        reader.names();
        let kinds = reader.choice(&EVENT_KINDS);
        let mode = reader.choice(&TRAIL_MODE);
        let allow_unlogged = reader.buckets();
        let on_indeterminate = match reader.choice(&ON_INDETERMINATE) {
            "NON_COMPLIANT" => OnIndeterminate::NonCompliant,
            "NOT_APPLICABLE" => OnIndeterminate::NotApplicable,
            _ => OnIndeterminate::Error,
        };
        let report_on = match reader.choice(&REPORT_ON) {
            "account+trails" => ReportOn::AccountAndTrails,
            _ => ReportOn::Account,
        };
        let member_role_name = reader.text(&MEMBER_ROLE_NAME, is_role_name);
        let organization_trail_role_arn = reader.text(&ORGANIZATION_TRAIL_ROLE_ARN, is_role_arn);
        let import_findings = reader.choice(&SECURITY_HUB) == "asff";
        if !reader.problems.is_empty() {
            return Err(ParameterError(reader.problems));
        }
        let questions = kinds
            .split(',')
            .filter_map(|kind| kind.parse::<Kind>().ok())
            .map(|kind| Question {
                allow_unlogged: allow_unlogged.clone(),
                ..Question::new(kind, mode.parse::<Mode>().unwrap_or_default())
            })
            .collect();
        Ok(Self {
            questions,
            on_indeterminate,
            report_on,
            member_role_name,
            organization_trail_role_arn,
            import_findings,
        })
    }
}

/// Reads parameters and keeps what is wrong with them.
struct Reader<'a> {
    given: &'a Map<String, Value>,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    fn names(&mut self) {
        for name in self.given.keys() {
            if !ALL.iter().any(|parameter| parameter.name == name) {
                let names = quoted(ALL.iter().map(|parameter| parameter.name));
                self.problems.push(format!("`{name}` is not a parameter, allowed are {names}"));
            }
        }
    }

    /// A parameter's value, where it is given.
    fn value(&mut self, parameter: &Parameter) -> Option<&'a str> {
        match self.given.get(parameter.name)? {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => {
                self.refuse(parameter, &other.to_string());
                None
            }
        }
    }

    fn refuse(&mut self, parameter: &Parameter, found: &str) {
        self.problems.push(format!(
            "`{}` is `{found}`, allowed is {}{}",
            parameter.name,
            match parameter.values {
                Values::OneOf(_) => "one of ",
                Values::Text(_) => "",
            },
            parameter.values
        ));
    }

    /// One of a parameter's values.
    fn choice(&mut self, parameter: &Parameter) -> &'a str {
        let Some(text) = self.value(parameter) else {
            return parameter.default;
        };
        match parameter.values {
            Values::OneOf(values) if !values.contains(&text) => {
                self.refuse(parameter, text);
                parameter.default
            }
            _ => text,
        }
    }

    /// A text of a parameter's form; none where it is empty.
    fn text(&mut self, parameter: &Parameter, is_valid: impl Fn(&str) -> bool) -> Option<String> {
        match self.value(parameter).unwrap_or_default() {
            "" => None,
            text if is_valid(text) => Some(text.to_owned()),
            text => {
                self.refuse(parameter, text);
                None
            }
        }
    }

    fn buckets(&mut self) -> Vec<BucketName> {
        let text = self.value(&ALLOWED_UNLOGGED_BUCKETS).unwrap_or_default();
        if text.trim().is_empty() {
            return Vec::new();
        }
        let mut buckets = Vec::new();
        for name in text.split(',') {
            match name.trim().parse() {
                Ok(bucket) => buckets.push(bucket),
                Err(error) => {
                    self.problems.push(format!("`{}`: {error}", ALLOWED_UNLOGGED_BUCKETS.name))
                }
            }
        }
        buckets
    }
}

/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
fn is_role_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte))
}

fn is_role_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, "iam", "", account, resource] => {
            !partition.is_empty()
                && crate::event::is_account_id(account)
                && resource
                    .strip_prefix("role/")
                    .and_then(|path| path.rsplit('/').next())
                    .is_some_and(is_role_name)
        }
        _ => false,
    }
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
