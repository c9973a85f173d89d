//! Remediation: works out the smallest change that makes the account COMPLIANT, and makes it where
//! the event asks for that.
//!
//! AWS Config starts an Automation document of Systems Manager, whose only step invokes this
//! function, so the plan, its proof and the calls are those of `trailproof fix`. AWS Config may start
//! a remediation for an account that complies, so the account is read and decided first.
//!
//! Source: <https://docs.aws.amazon.com/config/latest/developerguide/remediation.html>

mod request;
mod service;

use std::time::SystemTime;

use aws_config::SdkConfig;
use cis_aws::{Account as Place, Budget, Changer};
use cis_fix::apply::{Outcome, State, apply};
use cis_fix::{Account, Fix, Options, Tags, WarningKind, fix};
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};

use crate::deadline::Deadline;
use crate::event::{EventError, own_account};
use crate::function::Failed;
use crate::logs;
use crate::parameters::ParameterError;
use crate::{RuleError, today};
pub use request::{Request, is_remediation};
use service::Connected;

/// Why an account was not remediated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemediationError {
    /// The event is not one of the Automation document.
    #[error("the event is malformed: {0}")]
    InvalidEvent(#[from] EventError),
    /// What the event asks is not valid.
    #[error("the document's parameters are not valid: {0}")]
    InvalidParameters(#[from] ParameterError),
    /// The event is about another account than the function's own.
    #[error("the event is of account `{asked}`, but the function belongs to account `{own}`")]
    WrongAccount {
        /// The account that was asked for.
        asked: String,
        /// The function's.
        own: String,
    },
    /// The account could not be read.
    #[error("nothing was changed, for the account could not be read: {0}")]
    Unreadable(String),
    /// There is no change that the function can make.
    #[error("nothing was changed: {0}")]
    NoFix(String),
    /// The change is refused, for something else owns the trail.
    #[error(
        "nothing was changed: {0}; where the change is to be made all the same, set \
         AllowManagedTrails to true"
    )]
    Managed(String),
    /// The calls were not all made.
    #[error("{0}")]
    Stopped(String),
}

impl RemediationError {
    /// The error's name, which does not change between versions.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::InvalidEvent(_) => "InvalidEvent",
            Self::InvalidParameters(_) => "InvalidParameters",
            Self::WrongAccount { .. } => "WrongAccount",
            Self::Unreadable(_) => "TrailsUnreadable",
            Self::NoFix(_) => "NoFix",
            Self::Managed(_) => "ManagedElsewhere",
            Self::Stopped(_) => "Stopped",
        }
    }
}

/// Remediates the function's own account.
#[derive(Clone, Debug)]
pub struct Remediation {
    config: SdkConfig,
    budget: Budget,
}

impl Remediation {
    /// A remediation with the function's credentials. `budget` is the configuration's.
    #[must_use]
    pub const fn new(config: SdkConfig, budget: Budget) -> Self {
        Self { config, budget }
    }

    /// Answers an event with what was found out and done: the outcome, and the fix with the way back.
    ///
    /// # Errors
    /// Where the account does not comply afterwards, so that the Automation's step fails. No call is
    /// made after the time for the invocation ends.
    pub async fn respond(&self, event: LambdaEvent<Value>) -> Result<Value, Failed> {
        let LambdaEvent { payload, context } = event;
        logs::of_request(&context.request_id);
        let answer = self.remediate(&payload, &context).await;
        match &answer {
            Ok(answer) => tracing::info!(outcome = answer["outcome"].as_str(), "remediated"),
            Err(error) => {
                tracing::error!(errorType = error.error_type(), "the remediation failed");
                tracing::debug!(errorMessage = %error, "the error that is answered");
            }
        }
        answer.map_err(|error| Failed::from(RuleError::Remediation(error)))
    }

    async fn remediate(
        &self,
        payload: &Value,
        context: &Context,
    ) -> Result<Value, RemediationError> {
        let request = Request::from_json(payload, today())?;
        let own = own_account(&context.invoked_function_arn).unwrap_or_default();
        if own != request.account_id {
            return Err(RemediationError::WrongAccount {
                asked: request.account_id,
                own: own.to_owned(),
            });
        }
        let deadline = Deadline::of(context);
        self.budget.end_at(deadline.end);
        let arn = &context.invoked_function_arn;
        let place = Place {
            id: request.account_id.clone(),
            partition: arn.split(':').nth(1).unwrap_or_default().to_owned(),
            region: self.config.region().map(ToString::to_string).unwrap_or_default(),
        };
        let mut service = Connected::new(&self.config, place, deadline.end);
        let account = service.account().await.map_err(RemediationError::Unreadable)?;
        // A plan for what was not wholly read could repeat what is there.
        if let Some(unread) = unread(&account) {
            return Err(RemediationError::Unreadable(unread));
        }
        let options = Options {
            log_bucket: request.log_bucket.as_ref().map(ToString::to_string),
            tags: tags(&account, service.changer()).await,
            ..Options::default()
        };
        let planned = fix(&account, &request.questions, &options);
        if !request.is_applied || planned.changes.is_empty() {
            return plan(&planned);
        }
        refuse_others(&planned, &request)?;
        // What is put on record before the calls outlives an invocation that is cut off.
        logs::write_line(&way_back(&planned).to_string());
        let questions = request.questions;
        let run = tokio::task::spawn_blocking(move || {
            let outcome = apply(&planned, &account, &questions, &mut service);
            (outcome, planned)
        });
        let (outcome, planned) =
            run.await.map_err(|error| RemediationError::Stopped(error.to_string()))?;
        applied(&outcome, &planned)
    }
}

/// The first call that failed, of the account or of a trail.
fn unread(account: &Account) -> Option<String> {
    let snapshot = account.snapshot();
    let of_trails = snapshot.trails.iter().flatten().flat_map(|trail| &trail.unreadable);
    let failed = snapshot.unreadable.iter().chain(of_trails).next()?;
    Some(failed.to_string())
}

/// The answer where nothing is called.
fn plan(fix: &Fix) -> Result<Value, RemediationError> {
    if !fix.is_fixed() {
        let why: Vec<&str> = fix.warnings.iter().map(|warning| warning.text.as_str()).collect();
        return Err(RemediationError::NoFix(why.join("; ")));
    }
    Ok(answer(if fix.changes.is_empty() { "COMPLIANT" } else { "PLANNED" }, fix))
}

/// Calls that are another account's to make, or that something else would undo.
fn refuse_others(fix: &Fix, request: &Request) -> Result<(), RemediationError> {
    if let Some(other) = fix.changes.iter().find(|change| change.account_id != fix.account_id) {
        return Err(RemediationError::NoFix(format!(
            "the trail belongs to account {}: remediate it there",
            other.account_id
        )));
    }
    let managed = fix.warnings.iter().find(|warning| warning.kind == WarningKind::ManagedBy);
    match managed {
        Some(warning) if !request.allows_managed => {
            Err(RemediationError::Managed(warning.text.clone()))
        }
        _ => Ok(()),
    }
}

/// The answer once calls were made.
fn applied(outcome: &Outcome, fix: &Fix) -> Result<Value, RemediationError> {
    let stopped = |text: String| Err(RemediationError::Stopped(text));
    match outcome {
        Outcome::Applied { is_proved: true, .. } => Ok(answer("APPLIED", fix)),
        Outcome::Applied { is_proved: false, .. } => stopped(
            "the calls were made and read back, but the account as it was read is not COMPLIANT"
                .to_owned(),
        ),
        Outcome::Stale { differences, .. } => stopped(format!(
            "nothing was changed, for the account changed meanwhile: {}",
            differences.join("; ")
        )),
        Outcome::Stopped { at, why, states } => {
            let place = at.map(|number| format!("at call {number}: ")).unwrap_or_default();
            let Some(states) = states else {
                return stopped(format!(
                    "{place}{why}; what is true now is not known: the account could not be read"
                ));
            };
            let states = fix.changes.iter().zip(states).map(|(change, state)| {
                let is = match state {
                    State::Old => "as before",
                    State::New => "as after the call",
                    State::Other => "neither: somebody else changed it",
                };
                format!("{} on {}: {is}", change.call.name(), change.trail())
            });
            stopped(format!("{place}{why}; {}", states.collect::<Vec<_>>().join("; ")))
        }
    }
}

fn answer(outcome: &str, fix: &Fix) -> Value {
    json!({"schemaVersion": 1, "outcome": outcome, "fix": fix})
}

/// The line of log that keeps the way back.
fn way_back(fix: &Fix) -> Value {
    let undo: Vec<Value> = fix
        .changes
        .iter()
        .map(|change| {
            json!({"call": change.call.name(), "region": change.region, "undo": change.undo})
        })
        .collect();
    json!({
        "timestamp": logs::timestamp(SystemTime::now()), "level": logs::level_to_be_kept(),
        "message": "calls are about to be made, and can be undone", "changes": undo,
    })
}

/// The tags of the account's trails, as far as they can be read: they tell a stack.
async fn tags(account: &Account, changer: &Changer) -> Tags {
    let mut all = Tags::default();
    for observed in account.snapshot().trails.iter().flatten() {
        let (Some(arn), Some(region)) = (&observed.trail.arn, &observed.trail.home_region) else {
            continue;
        };
        // Tags that could not be read are named as such by the fix.
        if let Ok(tags) = changer.tags(region, arn).await {
            all.insert(arn.clone(), tags);
        }
    }
    all
}
