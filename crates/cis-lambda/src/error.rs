//! Why an invocation failed. Each kind has a name that stays, for alarms and for people.

use std::time::Duration;

use cis_aws::{Failure, RoleError};
use cis_rules::report::Report;
use cis_rules::snapshot::InputError;

use crate::event::EventError;
use crate::parameters::ParameterError;
use crate::ports::{PutError, ReadError};
use crate::security_hub::ImportError;

/// Why an invocation failed. Nothing was reported to AWS Config, whose last result stays, unless
/// the error is that reporting itself failed or ran out of time. Then some evaluations may have been
/// taken, the account's first; each is right by itself, and Lambda's next try puts all of them again.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RuleError {
    /// The event is not what AWS Config sends.
    #[error("the event is malformed: {0}")]
    InvalidEvent(#[from] EventError),
    /// The rule's parameters are not valid.
    #[error("the rule's parameters are not valid: {0}")]
    InvalidParameters(#[from] ParameterError),
    /// The rule belongs to another account than what was read, or than the credentials.
    #[error("the rule belongs to account `{rule}`, but {what} account `{other}`")]
    WrongAccount {
        /// The rule's account.
        rule: String,
        /// What belongs to another account.
        what: &'static str,
        /// The other account.
        other: String,
    },
    /// The role in the event's account could not be assumed.
    #[error(transparent)]
    RoleNotAssumed(RoleError),
    /// AWS answered, but not in the shape that its reference describes.
    #[error("what was read of the account is not a snapshot: {0}")]
    InvalidSnapshot(#[from] InputError),
    /// The trails could not be listed, and an account that cannot be decided is to be an error.
    #[error("the account's trails could not be listed: {reason}")]
    TrailsUnreadable {
        /// The call that failed and how, or the annotation.
        reason: String,
        /// What is known all the same.
        report: Box<Report>,
        /// What came of importing that as findings, where it was to be imported.
        imported: Option<Box<Result<usize, ImportError>>>,
    },
    /// The account cannot be decided, and that is to be an error.
    #[error("{annotation}")]
    Indeterminate {
        /// The annotation that would have been put.
        annotation: String,
        /// What is known all the same.
        report: Box<Report>,
        /// What came of importing that as findings, where it was to be imported.
        imported: Option<Box<Result<usize, ImportError>>>,
    },
    /// Trails are to be reported on, but the rule's results could never be listed, so those of
    /// trails that are gone would stay.
    #[error(
        "the rule's name `{name}` has {length} characters, and AWS Config lists results of rules \
         with at most {} characters: give the rule a shorter name, or `ReportOn` `account`",
        crate::retire::LONGEST_RULE_NAME
    )]
    RuleNameTooLong {
        /// The name.
        name: String,
        /// How many characters it has.
        length: usize,
    },
    /// The rule's results could not be listed, so it is not known which are to be retired.
    #[error("nothing was put, for the rule's earlier results could not be listed: {0}")]
    ResultsUnreadable(Failure),
    /// The evaluation was not put.
    #[error("the evaluation could not be put: {0}")]
    PutEvaluationsFailed(#[from] PutError),
    /// The account was to be remediated, and was not.
    #[cfg(feature = "function")]
    #[error(transparent)]
    Remediation(crate::remediation::RemediationError),
    /// The function's timeout was near. Of what was being put, AWS Config has all, some or nothing.
    #[error("{}", out_of_time(*given, waiting, cause.as_deref()))]
    DeadlineExceeded {
        /// How long the invocation had.
        given: Duration,
        /// The calls that had no answer when all was stopped.
        waiting: Vec<String>,
        /// What failed because calls were given less time than usual; none where all was stopped.
        cause: Option<Box<RuleError>>,
    },
}

impl RuleError {
    /// The error's name, which does not change between versions.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::InvalidEvent(_) => "InvalidEvent",
            Self::InvalidParameters(_) => "InvalidParameters",
            Self::WrongAccount { .. } => "WrongAccount",
            Self::RoleNotAssumed(_) => "RoleNotAssumed",
            Self::InvalidSnapshot(_) => "InvalidSnapshot",
            Self::TrailsUnreadable { .. } => "TrailsUnreadable",
            Self::Indeterminate { .. } => "Indeterminate",
            Self::RuleNameTooLong { .. } => "RuleNameTooLong",
            Self::ResultsUnreadable(_) => "ResultsUnreadable",
            Self::PutEvaluationsFailed(_) => "PutEvaluationsFailed",
            #[cfg(feature = "function")]
            Self::Remediation(error) => error.error_type(),
            Self::DeadlineExceeded { .. } => "DeadlineExceeded",
        }
    }

    /// Says what came of importing the findings of an account that is not decided.
    pub(crate) fn import_was(&mut self, came: Result<usize, ImportError>) {
        if let Self::TrailsUnreadable { imported, .. } | Self::Indeterminate { imported, .. } = self
        {
            *imported = Some(Box::new(came));
        }
    }

    /// What came of importing findings although nothing was put.
    #[must_use]
    pub fn imported(&self) -> Option<&Result<usize, ImportError>> {
        match self {
            Self::TrailsUnreadable { imported, .. } | Self::Indeterminate { imported, .. } => {
                imported.as_deref()
            }
            Self::DeadlineExceeded { cause: Some(cause), .. } => cause.imported(),
            _ => None,
        }
    }

    /// What is known of the account, where it was read but not decided.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::TrailsUnreadable { report, .. } | Self::Indeterminate { report, .. } => {
                Some(report)
            }
            Self::DeadlineExceeded { cause: Some(cause), .. } => cause.report(),
            _ => None,
        }
    }
}

impl From<ReadError> for RuleError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Role(error) => Self::RoleNotAssumed(error),
            ReadError::Snapshot(error) => Self::InvalidSnapshot(error),
        }
    }
}

/// The timeout that is long enough for every try of the calls that follow one another: assuming a
/// role, listing the trails, reading them, and putting the evaluation.
const ENOUGH: Duration = Duration::from_secs(120);

fn out_of_time(given: Duration, waiting: &[String], cause: Option<&RuleError>) -> String {
    let happened = match cause {
        Some(cause) => format!(
            "calls were given up early, to end before the function's timeout, {:.1} s: {cause}",
            given.as_secs_f64()
        ),
        None => {
            let waiting = match waiting {
                [] => String::new(),
                calls => format!(", waiting for {}", calls.join(", ")),
            };
            let given = given.as_secs_f64();
            format!("stopped after {given:.1} s, before the function's timeout{waiting}")
        }
    };
    let advice = if given + Duration::from_secs(1) < ENOUGH {
        "set the function's timeout to 120 s or more"
    } else {
        "the timeout is long enough for every retry, but AWS answers slowly or not at all"
    };
    format!("{happened}; {advice}")
}
