//! The rule as a Lambda function.
//!
//! An error is answered as an error: Lambda retries the invocation and counts it, and AWS Config
//! keeps its last result.

use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use serde_json::{Value, json};

use crate::error::RuleError;
use crate::event::is_account_id;
use crate::ports::{PutEvaluations, ReadAccount};
use crate::rule::{Handled, Rule};

/// Answers one invocation with the evaluations that were put, and logs one line of JSON to the
/// standard output: what was put, or what went wrong.
///
/// The function's own account, which its credentials are of, is taken from its ARN. An event of
/// another account is an error.
///
/// # Errors
/// As [`Rule::handle_for`].
pub async fn respond<A: ReadAccount, E: PutEvaluations>(
    rule: &Rule<A, E>,
    event: LambdaEvent<Value>,
) -> Result<Value, RuleError> {
    let own = own_account(&event.context);
    let handled = rule.handle_for(event.payload, own).await;
    println!("{}", log_line(&event.context.request_id, &handled));
    handled.map(|handled| json!({"Evaluations": handled.request.evaluations}))
}

/// The account in the function's ARN.
fn own_account(context: &Context) -> Option<&str> {
    let account = context.invoked_function_arn.split(':').nth(4)?;
    is_account_id(account).then_some(account)
}

/// What is logged. The result token is never part of it.
///
/// Source of the names that CloudWatch's JSON view knows:
/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html>
fn log_line(request_id: &str, handled: &Result<Handled, RuleError>) -> Value {
    match handled {
        Ok(Handled { request, report }) => json!({
            "level": "INFO",
            "message": "evaluated",
            "requestId": request_id,
            "evaluations": request.evaluations,
            "testMode": request.test_mode,
            "results": report.results.iter().map(|result| json!({
                "kind": result.kind,
                "verdict": result.verdict,
                "summary": result.summary,
            })).collect::<Value>(),
        }),
        Err(error) => json!({
            "level": "ERROR",
            "message": error.to_string(),
            "errorType": error.error_type(),
            "requestId": request_id,
        }),
    }
}

impl From<RuleError> for Diagnostic {
    fn from(error: RuleError) -> Self {
        Self { error_type: error.error_type().to_owned(), error_message: error.to_string() }
    }
}
