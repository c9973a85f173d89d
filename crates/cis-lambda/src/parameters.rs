//! The rule's parameters (AWS Config `InputParameters`), validated as a whole.

mod table;

use std::fmt;
use std::str::FromStr;

use cis_rules::question::{AllowedBucket, BucketName, Date, Deliveries, Kind, Mode, Question};
use serde_json::{Map, Value};

pub use table::*;

/// What is put where a verdict is INDETERMINATE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUndecided {
    /// Nothing: the invocation fails and the last result stays.
    Error,
    /// That the account does not comply.
    NonCompliant,
    /// That the rule says nothing about the account.
    NotApplicable,
}

/// What is put where a verdict is INDETERMINATE, by what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndecidedPolicy {
    /// Where AWS does not document what the configuration means: reading again settles nothing.
    pub indeterminate: OnUndecided,
    /// Where calls failed that could settle it.
    pub unreadable: OnUndecided,
}

/// What is reported on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportOn {
    /// The account.
    Account,
    /// The account, and the trails that are at home in the rule's account and Region.
    AccountAndTrails,
}

/// Valid parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// One question for each kind of event.
    pub questions: Vec<Question>,
    /// What is put where a question has no answer.
    pub undecided: UndecidedPolicy,
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
    /// Validates a rule's parameters, as they stand on a day: buckets that may stay unlogged can have a
    /// last one.
    ///
    /// # Errors
    /// Where a name or a value is not allowed: each of them, and what is.
    pub fn from_json(given: &Map<String, Value>, today: Date) -> Result<Self, ParameterError> {
        let mut reader = Reader { given, problems: Vec::new() };
        reader.names();
        let kinds = reader.choice(&EVENT_KINDS);
        let mode: Mode = reader.choice(&TRAIL_MODE).parse().unwrap_or_default();
        let allowed: Vec<AllowedBucket> = reader.list(&ALLOWED_UNLOGGED_BUCKETS);
        let deliveries: Deliveries =
            reader.choice(&CLOUDTRAIL_DELIVERIES).parse().unwrap_or_default();
        let trusted_log_buckets: Vec<BucketName> = reader.list(&TRUSTED_LOG_BUCKETS);
        let require_delivery = reader.choice(&REQUIRE_DELIVERY) == "true";
        let undecided = UndecidedPolicy {
            indeterminate: reader.on_undecided(&ON_INDETERMINATE),
            unreadable: reader.on_undecided(&ON_UNREADABLE),
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
            .map(|kind| {
                let mut question = Question {
                    deliveries,
                    trusted_log_buckets: trusted_log_buckets.clone(),
                    require_delivery,
                    ..Question::new(kind, mode)
                };
                question.allow(&allowed, today);
                question
            })
            .collect();
        Ok(Self {
            questions,
            undecided,
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

    fn on_undecided(&mut self, parameter: &Parameter) -> OnUndecided {
        match self.choice(parameter) {
            "NON_COMPLIANT" => OnUndecided::NonCompliant,
            "NOT_APPLICABLE" => OnUndecided::NotApplicable,
            _ => OnUndecided::Error,
        }
    }

    /// A text of a parameter's form; `None` for an empty one.
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

    /// The items of a text, separated by commas.
    fn list<T: FromStr<Err: fmt::Display>>(&mut self, parameter: &Parameter) -> Vec<T> {
        let text = self.value(parameter).unwrap_or_default();
        if text.trim().is_empty() {
            return Vec::new();
        }
        let mut items = Vec::new();
        for item in text.split(',') {
            match item.trim().parse() {
                Ok(item) => items.push(item),
                Err(error) => self.problems.push(format!("`{}`: {error}", parameter.name)),
            }
        }
        items
    }
}

/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
fn is_role_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(is_in_role_name)
}

fn is_in_role_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte)
}

/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
fn is_role_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
        return false;
    };
    let is_partition = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    let path: Vec<&str> = resource.split('/').collect();
    let ["role", folders @ .., name] = path.as_slice() else {
        return false;
    };
    !partition.is_empty()
        && partition.bytes().all(is_partition)
        && crate::event::is_account_id(account)
        && folders.iter().all(|folder| !folder.is_empty() && folder.bytes().all(is_in_role_name))
        && is_role_name(name)
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
