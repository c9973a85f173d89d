//! The rule as a Lambda function.
//!
//! An error is answered as an error: Lambda retries the invocation and counts it, and AWS Config
//! keeps its last result.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime};

use cis_aws::{Access, Budget, Requests};
use cis_rules::question::Kind;
use cis_rules::report::{Report, Verdict};
use cis_rules::snapshot::Snapshot;
use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use serde_json::{Value, json};

use crate::deadline::Deadline;
use crate::error::RuleError;
use crate::event::{is_account_id, own_account};
use crate::logs;
use crate::metrics::{Outcome, Published};
use crate::ports::{PutError, PutEvaluations, ReadAccount, ReadError};
use crate::rule::{Handled, Rule};
use crate::security_hub::{ImportError, ImportFindings};

/// The function: the rule, stopped in time, with a log and metrics.
#[derive(Debug)]
pub struct Function<A, E, F> {
    rule: Rule<Counting<A>, E, F>,
    unreadable_trails: Arc<AtomicU64>,
    budget: Budget,
    requests: Requests,
    published: Published,
}

impl<A: ReadAccount + Sync, E: PutEvaluations, F: ImportFindings> Function<A, E, F> {
    /// A function with the rule's ports and its own Region. `budget` and `requests` are those of
    /// the configuration that the ports have their clients from.
    #[must_use]
    pub fn new(
        accounts: A,
        evaluations: E,
        findings: F,
        region: impl Into<String>,
        budget: Budget,
        requests: Requests,
    ) -> Self {
        let unreadable_trails = Arc::<AtomicU64>::default();
        let counting = Counting { accounts, unreadable_trails: Arc::clone(&unreadable_trails) };
        let rule = Rule::new(counting, evaluations, findings, region);
        let published = Published::default();
        Self { rule, unreadable_trails, budget, requests, published }
    }

    /// The same, with only these of its numbers as metrics.
    #[must_use]
    pub const fn publishing(mut self, published: Published) -> Self {
        self.published = published;
        self
    }

    /// Answers one invocation with the evaluations that were put. Logs what was put, or what went
    /// wrong, and then the metrics.
    ///
    /// The function's own account, which its credentials are of, is taken from its ARN. An event of
    /// another account is an error.
    ///
    /// # Errors
    /// As [`Rule::handle_for`], and where the function's timeout comes first. Evaluations may then
    /// be under way, and AWS Config may store them: each is right in any case, for nothing is put
    /// that was not decided, and a retry puts it again with the same time.
    pub async fn respond(&self, event: LambdaEvent<Value>) -> Result<Value, Failed> {
        let LambdaEvent { payload, context } = event;
        logs::of_request(&context.request_id);
        let start = Instant::now();
        let sent = self.requests.sent();
        self.unreadable_trails.store(0, Ordering::Relaxed);
        let text = |member: &str| payload.get(member)?.as_str().map(str::to_owned);
        let rule = text("configRuleName").filter(|name| name.len() <= LONGEST_RULE_NAME);
        let account = text("accountId").filter(|id| is_account_id(id));

        let handled = self.in_time(payload, &context).await;

        let outcome = Outcome {
            function: &context.env_config.function_name,
            request_id: &context.request_id,
            rule: rule.as_deref(),
            account: account.as_deref(),
            succeeded: handled.is_ok(),
            report: match &handled {
                Ok(handled) => Some(&handled.report),
                Err(error) => error.report(),
            },
            unreadable_trails: self.unreadable_trails.load(Ordering::Relaxed),
            api_calls: self.requests.sent() - sent,
            duration: start.elapsed(),
            published: self.published,
        };
        match &handled {
            Ok(handled) => log_success(handled, &outcome),
            Err(error) => log_failure(error, &outcome),
        }
        logs::write_line(&outcome.document(SystemTime::now()).to_string());
        handled
            .map(|handled| json!({"Evaluations": handled.request.evaluations}))
            .map_err(Failed::from)
    }

    /// Handles the event unless the time for it ends first.
    async fn in_time(&self, payload: Value, context: &Context) -> Result<Handled, RuleError> {
        let deadline = Deadline::of(context);
        self.budget.end_at(deadline.end);
        let mut work =
            pin!(self.rule.handle_for(payload, own_account(&context.invoked_function_arn)));
        match tokio::time::timeout_at(deadline.end.into(), work.as_mut()).await {
            Ok(Err(error)) if self.budget.hurried() => Err(RuleError::DeadlineExceeded {
                given: deadline.given,
                waiting: Vec::new(),
                cause: Some(Box::new(error)),
            }),
            Ok(handled) => handled,
            // Asked before the work is dropped, and its requests with it.
            Err(_) => Err(RuleError::DeadlineExceeded {
                given: deadline.given,
                waiting: self.requests.waiting(),
                cause: None,
            }),
        }
    }
}

/// The longest name that AWS Config gives a rule.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html>
const LONGEST_RULE_NAME: usize = 128;

/// Reads accounts, and counts what could not be read.
#[derive(Debug)]
struct Counting<A> {
    accounts: A,
    unreadable_trails: Arc<AtomicU64>,
}

impl<A: ReadAccount + Sync> ReadAccount for Counting<A> {
    async fn read(&self, access: &Access) -> Result<Snapshot, ReadError> {
        let snapshot = self.accounts.read(access).await?;
        let trails = snapshot.trails.iter().flatten();
        let unreadable = trails.filter(|trail| !trail.unreadable.is_empty()).count();
        let unlisted = usize::from(!snapshot.unreadable.is_empty());
        let count = u64::try_from(unreadable + unlisted).unwrap_or(u64::MAX);
        self.unreadable_trails.fetch_add(count, Ordering::Relaxed);
        Ok(snapshot)
    }
}

fn log_success(handled: &Handled, outcome: &Outcome<'_>) {
    let evaluations = &handled.request.evaluations;
    tracing::info!(
        compliance = evaluations.first().map(|evaluation| evaluation.compliance_type.name()),
        evaluations = evaluations.len(),
        testMode = handled.request.test_mode,
        write = verdict(outcome.report, Kind::Write),
        read = verdict(outcome.report, Kind::Read),
        trails = trails(outcome.report),
        unreadableTrails = outcome.unreadable_trails,
        apiCalls = outcome.api_calls,
        "evaluated"
    );
    for evaluation in evaluations {
        tracing::debug!(annotation = evaluation.annotation, "evaluation");
    }
    if let Some(imported) = &handled.imported {
        log_import(imported);
    }
}

/// A warning where an import failed, for the invocation did not.
fn log_import(imported: &Result<usize, ImportError>) {
    let error = match imported {
        Ok(findings) => {
            return tracing::info!(findings, "findings were imported into Security Hub");
        }
        Err(error) => error,
    };
    let code = match error {
        ImportError::InvalidAccess(failure) | ImportError::Call(failure) => {
            Some(failure.code.as_str())
        }
        ImportError::NotTaken { failed, .. } => failed.first().map(|first| first.code.as_str()),
    };
    tracing::warn!(
        errorType = error.error_type(),
        code,
        "findings were not imported into Security Hub"
    );
    tracing::debug!(errorMessage = %error, "why they were not");
}

fn log_failure(error: &RuleError, outcome: &Outcome<'_>) {
    let (cause, waiting) = match error {
        RuleError::DeadlineExceeded { waiting, cause, .. } => {
            (cause.as_deref(), Some(waiting.join(", ")).filter(|waiting| !waiting.is_empty()))
        }
        _ => (None, None),
    };
    let failure = match cause.unwrap_or(error) {
        RuleError::RoleNotAssumed(error) => Some(&error.failure),
        RuleError::ResultsUnreadable(failure)
        | RuleError::PutEvaluationsFailed(PutError::Call(failure)) => Some(failure),
        _ => None,
    };
    tracing::error!(
        errorType = error.error_type(),
        cause = cause.map(RuleError::error_type),
        call = failure.map(|failure| failure.call),
        code = failure.map(|failure| failure.code.as_str()),
        waitingFor = waiting,
        write = verdict(outcome.report, Kind::Write),
        read = verdict(outcome.report, Kind::Read),
        trails = trails(outcome.report),
        unreadableTrails = outcome.unreadable_trails,
        apiCalls = outcome.api_calls,
        "the invocation failed"
    );
    tracing::debug!(errorMessage = %error, "the error that is answered");
    if let Some(imported) = error.imported() {
        log_import(imported);
    }
}

/// What was found out about events of this kind, where the rule asks about them.
fn verdict(report: Option<&Report>, kind: Kind) -> Option<&'static str> {
    let result = report?.results.iter().find(|result| result.kind == kind)?;
    Some(Verdict::name(result.verdict))
}

fn trails(report: Option<&Report>) -> Option<usize> {
    report?.results.first().map(|result| result.trails.len())
}

/// The error that is answered. Its debug form is its type only: Lambda's runtime
/// logs that, and the message is for the answer.
pub struct Failed(RuleError);

impl Failed {
    /// Why the invocation failed.
    #[must_use]
    pub const fn error(&self) -> &RuleError {
        &self.0
    }
}

impl From<RuleError> for Failed {
    fn from(error: RuleError) -> Self {
        Self(error)
    }
}

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.error_type())
    }
}

impl From<Failed> for Diagnostic {
    fn from(Failed(error): Failed) -> Self {
        Self { error_type: error.error_type().to_owned(), error_message: error.to_string() }
    }
}
