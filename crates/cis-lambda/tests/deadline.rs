//! An invocation whose work does not end by itself.
#![cfg(feature = "function")]
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::future::pending;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cis_aws::{Access, Budget, Failure, Requests};
use cis_findings::asff::Finding;
use cis_lambda::RuleError;
use cis_lambda::evaluation::PutRequest;
use cis_lambda::function::Function;
use cis_lambda::ports::{ListResults, PutError, PutEvaluations, ReadAccount, ReadError, Stored};
use cis_lambda::security_hub::{ImportError, ImportFindings};
use cis_rules::snapshot::Snapshot;
use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use serde_json::{Value, json};

/// An account without trails, or one that is never read.
struct Reads(bool);

impl ReadAccount for Reads {
    async fn read(&self, access: &Access) -> Result<Snapshot, ReadError> {
        if self.0 {
            return pending().await;
        }
        let snapshot = json!({"schemaVersion": 1, "accountId": access.account.id, "trails": []});
        Ok(Snapshot::from_json(&snapshot.to_string())?)
    }
}

/// Puts that succeed at once, or never end.
struct Puts(bool);

impl ListResults for Puts {
    async fn list(&self, _: &Access, _: &str) -> Result<Vec<Stored>, Failure> {
        Ok(Vec::new())
    }
}

impl PutEvaluations for Puts {
    async fn put(&self, _: &Access, _: &PutRequest) -> Result<(), PutError> {
        if self.0 { pending().await } else { Ok(()) }
    }
}

/// Security Hub, to which nothing is to be sent.
struct NoHub;

impl ImportFindings for NoHub {
    async fn import(&self, _: &Access, _: &[Finding]) -> Result<usize, ImportError> {
        pending().await
    }
}

async fn invoke(reads: Reads, puts: Puts) -> Result<Value, cis_lambda::function::Failed> {
    let (budget, requests) = (Budget::default(), Requests::default());
    let function = Function::new(reads, puts, NoHub, "us-east-2", budget, requests);
    let event = serde_json::from_str(include_str!("events/scheduled.json")).unwrap();
    let mut context = Context::default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    context.deadline = (now + Duration::from_millis(400)).as_millis().try_into().unwrap();
    function.respond(LambdaEvent::new(without_parameters(event), context)).await
}

fn without_parameters(mut event: Value) -> Value {
    event["ruleParameters"] = "{}".into();
    event
}

#[tokio::test]
async fn work_that_does_not_end_is_stopped_before_the_timeout() {
    for (reads, puts) in [(true, false), (false, true)] {
        let failed = invoke(Reads(reads), Puts(puts)).await.unwrap_err();
        let RuleError::DeadlineExceeded { given, .. } = failed.error() else {
            panic!("{failed:?}");
        };
        assert!(*given <= Duration::from_millis(300), "a quarter is kept: {given:?}");
        assert_eq!(format!("{failed:?}"), "DeadlineExceeded", "no more is shown for debugging");
        let diagnostic = Diagnostic::from(failed);
        assert_eq!(diagnostic.error_type, "DeadlineExceeded");
        assert!(diagnostic.error_message.contains("120 s"), "{}", diagnostic.error_message);
    }
}

#[tokio::test]
async fn work_that_ends_is_answered() {
    let answer = invoke(Reads(false), Puts(false)).await.unwrap();
    assert_eq!(answer["Evaluations"][0]["ComplianceType"], "NON_COMPLIANT");
}

#[test]
fn a_deadline_says_what_was_waited_for_and_what_to_do() {
    let message = |seconds: u64, waiting: &[&str], cause| {
        let waiting = waiting.iter().map(ToString::to_string).collect();
        let given = Duration::from_millis(seconds * 1000 - 500);
        RuleError::DeadlineExceeded { given, waiting, cause }.to_string()
    };
    assert_eq!(
        message(60, &["GetTrailStatus", "GetEventSelectors"], None),
        "stopped after 59.5 s, before the function's timeout, waiting for GetTrailStatus, \
         GetEventSelectors; set the function's timeout to 120 s or more"
    );
    assert_eq!(
        message(120, &[], None),
        "stopped after 119.5 s, before the function's timeout; the timeout is long enough for \
         every retry, but AWS answers slowly or not at all"
    );
    let cause = RuleError::PutEvaluationsFailed(PutError::NotTaken(1));
    assert_eq!(
        message(10, &[], Some(Box::new(cause.clone()))),
        format!(
            "calls were given up early, to end before the function's timeout, 9.5 s: {cause}; set \
             the function's timeout to 120 s or more"
        )
    );
}
