//! One invocation, from the event to the evaluation.

use std::time::{SystemTime, UNIX_EPOCH};

use cis_aws::Access;
use cis_findings::asff::Finding;
use cis_rules::evaluate;
use cis_rules::question::{Date, Question};
use cis_rules::report::Report;
use cis_rules::snapshot::Snapshot;
use serde_json::Value;

use crate::conclusion::Conclusion;
use crate::error::RuleError;
use crate::evaluation::{Evaluation, PutRequest};
use crate::event::Event;
use crate::organization::access;
use crate::parameters::{Parameters, ReportOn, UndecidedPolicy};
use crate::ports::{PutEvaluations, ReadAccount};
use crate::retire::{retired, rule_name};
use crate::security_hub::{ImportError, ImportFindings, findings};
use crate::trails::Rows;

/// The rule, with what reads accounts, what puts evaluations and what imports findings.
#[derive(Clone, Debug)]
pub struct Rule<A, E, F> {
    accounts: A,
    evaluations: E,
    findings: F,
    region: String,
    today: fn() -> Date,
}

/// What an event asks about its account on a day, in the order of the answers.
///
/// # Errors
/// Where the event or the rule's parameters are not valid.
pub fn questions(event: &Value, today: Date) -> Result<Vec<Question>, RuleError> {
    let event = Event::from_json(event)?;
    Ok(Parameters::from_json(&event.parameters, today)?.questions)
}

/// The day by the machine's clock. A clock that is set before 1970 or after 9999 gives the last day
/// there is, on which every exception that ends has ended.
#[must_use]
pub fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let date = since.ok().and_then(|since| Date::of_unix_time(since.as_secs()));
    date.unwrap_or(Date::LAST)
}

/// An invocation that succeeded.
#[derive(Clone, Debug, PartialEq)]
pub struct Handled {
    /// What was put.
    pub request: PutRequest,
    /// Why.
    pub report: Report,
    /// The same as findings, where the rule's parameters ask for them.
    pub findings: Vec<Finding>,
    /// What came of importing the findings, where any were: how many Security Hub took.
    pub imported: Option<Result<usize, ImportError>>,
}

impl<A: ReadAccount, E: PutEvaluations, F: ImportFindings> Rule<A, E, F> {
    /// A rule with these ports. `region` is where the account is read when the rule's ARN does not
    /// say it.
    #[must_use]
    pub fn new(accounts: A, evaluations: E, findings: F, region: impl Into<String>) -> Self {
        Self { accounts, evaluations, findings, region: region.into(), today }
    }

    /// The rule, with another calendar than the machine's: what says which day it is.
    #[must_use]
    pub fn on(self, today: fn() -> Date) -> Self {
        Self { today, ..self }
    }

    /// Evaluates the account that an event names, puts the results, and imports the findings that
    /// the rule's parameters ask for. An import that fails is no error. Where the account cannot be
    /// decided and that is an error, nothing is put, and findings that say so are imported.
    ///
    /// # Errors
    /// Where the event or the rule's parameters are not valid, where the account cannot be decided
    /// and that is to be an error, and where the evaluation cannot be put. See [`RuleError`].
    pub async fn handle(&self, event: Value) -> Result<Handled, RuleError> {
        self.handle_for(event, None).await
    }

    /// The same, with credentials that are known to be of one account: unless a role is assumed in
    /// the event's account, that must be the same one, or another account's trails would make this
    /// one's verdict.
    ///
    /// # Errors
    /// As [`Rule::handle`], and where the event is of another account.
    pub async fn handle_for(
        &self,
        event: Value,
        credentials_of: Option<&str>,
    ) -> Result<Handled, RuleError> {
        let event = Event::from_json(&event)?;
        let parameters = Parameters::from_json(&event.parameters, (self.today)())?;
        let access = access(&event, &parameters, &self.region);
        if let Some(own) = credentials_of.filter(|_| access.role.is_none()) {
            same_account(&event, "the credentials belong to", own)?;
        }
        let with_trails = match parameters.report_on {
            ReportOn::Account => None,
            ReportOn::AccountAndTrails => Some(rule_name(&event)?),
        };
        let snapshot = self.accounts.read(&access).await?;
        same_account(&event, "what was read belongs to", &snapshot.account_id)?;
        let answers = parameters.questions.iter();
        let report = Report::new(answers.map(|asked| evaluate(&snapshot, asked)).collect());
        let findings = if parameters.import_findings {
            findings(&event, &access.account, &snapshot, &parameters.questions, &report)
        } else {
            Vec::new()
        };
        let mut request = match request(&event, parameters.undecided, &snapshot, &report) {
            Ok(request) => request,
            Err(mut undecided) => {
                // AWS Config keeps its last result. Security Hub must not keep an old PASSED.
                let is_test = event.result_token.is_test();
                if let Some(imported) = self.import(&access, is_test, &findings).await {
                    undecided.import_was(imported);
                }
                return Err(undecided);
            }
        };
        if let Some(rule_name) = with_trails
            && let Some(rows) =
                Rows::of(&event, &access.account, &snapshot, &report, parameters.undecided)
        {
            let retired = self.retired(&access, rule_name, &event, &rows).await?;
            request.evaluations.extend(rows.evaluations);
            request.evaluations.extend(retired);
        }
        self.evaluations.put(&access, &request).await?;
        let imported = self.import(&access, request.test_mode, &findings).await;
        Ok(Handled { request, report, findings, imported })
    }

    /// Imports the findings, after AWS Config has its evaluations. A test imports nothing.
    async fn import(
        &self,
        access: &Access,
        is_test: bool,
        findings: &[Finding],
    ) -> Option<Result<usize, ImportError>> {
        if findings.is_empty() || is_test {
            return None;
        }
        // On the heap, for the SDK's futures are large and few rules import findings.
        Some(Box::pin(self.findings.import(access, findings)).await)
    }

    /// What retires results that are not reported any more. It is known before anything is put.
    async fn retired(
        &self,
        access: &Access,
        rule_name: &str,
        event: &Event,
        rows: &Rows,
    ) -> Result<Vec<Evaluation>, RuleError> {
        match self.evaluations.list(access, rule_name).await {
            Ok(stored) => Ok(retired(&stored, event, rows)),
            // A test of a rule that is not there yet: it has no results.
            Err(failure) if event.result_token.is_test() && failure.code == NO_SUCH_RULE => {
                Ok(Vec::new())
            }
            Err(failure) => Err(RuleError::ResultsUnreadable(failure)),
        }
    }
}

/// AWS Config's code for a rule that its account and Region do not have.
const NO_SUCH_RULE: &str = "NoSuchConfigRuleException";

/// What is put: first of all, an evaluation of the account itself.
fn request(
    event: &Event,
    policy: UndecidedPolicy,
    snapshot: &Snapshot,
    report: &Report,
) -> Result<PutRequest, RuleError> {
    let conclusion = Conclusion::new(snapshot, report, policy);
    let Some(compliance) = conclusion.compliance else {
        return Err(undecided(conclusion, snapshot, report));
    };
    Ok(PutRequest {
        evaluations: vec![Evaluation {
            compliance_resource_type: Evaluation::ACCOUNT.into(),
            compliance_resource_id: event.account_id.clone(),
            compliance_type: compliance,
            annotation: conclusion.annotation,
            ordering_timestamp: event.ordering_timestamp.clone(),
        }],
        result_token: event.result_token.clone(),
        test_mode: event.result_token.is_test(),
    })
}

fn undecided(conclusion: Conclusion, snapshot: &Snapshot, report: &Report) -> RuleError {
    let report = Box::new(report.clone());
    match snapshot.unreadable.first() {
        Some(failed) => RuleError::TrailsUnreadable {
            reason: match &failed.message {
                Some(message) => format!("{failed}: {message}"),
                None => failed.to_string(),
            },
            report,
            imported: None,
        },
        None => {
            RuleError::Indeterminate { annotation: conclusion.annotation, report, imported: None }
        }
    }
}

fn same_account(event: &Event, what: &'static str, other: &str) -> Result<(), RuleError> {
    if event.account_id == other {
        return Ok(());
    }
    Err(RuleError::WrongAccount { rule: event.account_id.clone(), what, other: other.to_owned() })
}
