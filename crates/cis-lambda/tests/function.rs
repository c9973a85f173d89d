//! The function over real HTTP: the evaluation as AWS Config gets it, and the binary as Lambda
//! starts it.
#![cfg(feature = "function")]
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::io;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_config::config::{Credentials, SharedCredentialsProvider};
use cis_aws::{Account, http_client};
use cis_lambda::ConfigService;
use cis_lambda::evaluation::{Compliance, Evaluation, PutRequest, ResultToken, Timestamp};
use cis_lambda::ports::{PutError, PutEvaluations as _};
use loopback::{Answer, Request, Server};
use serde_json::{Value, json};

const TOKEN: &str = "a token that nobody shall see";

fn config(server: &Server) -> SdkConfig {
    let credentials = Credentials::new("testing", "testing", None, None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(server.url())
        .http_client(http_client())
        .region(Region::new("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build()
}

async fn put(server: &Server) -> Result<(), PutError> {
    let account = Account {
        id: "123456789012".to_owned(),
        partition: "aws".to_owned(),
        region: "us-east-2".to_owned(),
    };
    let request = PutRequest {
        evaluations: vec![Evaluation {
            compliance_resource_type: Evaluation::ACCOUNT,
            compliance_resource_id: account.id.clone(),
            compliance_type: Compliance::NotApplicable,
            annotation: "why".to_owned(),
            ordering_timestamp: Timestamp::parse("2016-07-13T21:50:00.373Z").unwrap(),
        }],
        result_token: ResultToken::new(TOKEN.to_owned()),
        test_mode: false,
    };
    ConfigService::new(&config(server)).put(&account, &request).await
}

/// AWS Config, not taking the evaluations the first `times`.
async fn refusing(times: usize) -> io::Result<Server> {
    let asked = AtomicUsize::new(0);
    Server::start(move |request| {
        let failed = if asked.fetch_add(1, Ordering::SeqCst) < times {
            request.json()["Evaluations"].clone()
        } else {
            json!([])
        };
        Answer::ok(&json!({"FailedEvaluations": failed}))
    })
    .await
}

#[tokio::test]
async fn aws_config_gets_the_evaluation_in_the_rules_region() -> io::Result<()> {
    let server = refusing(0).await?;
    assert_eq!(put(&server).await, Ok(()));
    let [request] = server.requests().try_into().unwrap();
    assert_eq!(request.operation(), "PutEvaluations");
    assert_eq!(request.region(), "us-east-2");
    assert_eq!(
        request.json(),
        json!({
            "Evaluations": [{
                "ComplianceResourceType": "AWS::::Account",
                "ComplianceResourceId": "123456789012",
                "ComplianceType": "NOT_APPLICABLE",
                "Annotation": "why",
                "OrderingTimestamp": 1_468_446_600.373,
            }],
            "ResultToken": TOKEN,
            "TestMode": false,
        })
    );
    Ok(())
}

#[tokio::test]
async fn what_aws_config_does_not_take_is_put_once_more() -> io::Result<()> {
    let server = refusing(1).await?;
    assert_eq!(put(&server).await, Ok(()));
    let [first, second] = server.requests().try_into().unwrap();
    assert_eq!(first.body, second.body);

    let server = refusing(usize::MAX).await?;
    assert_eq!(put(&server).await, Err(PutError::NotTaken(1)));
    assert_eq!(server.requests().len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_message_that_repeats_the_token_is_redacted() -> io::Result<()> {
    let server = Server::start(|_| {
        let message = format!("Value '{TOKEN}' at 'resultToken' failed to satisfy constraint");
        Answer::error("ValidationException", &message)
    })
    .await?;
    let error = put(&server).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "PutEvaluations failed with ValidationException: Value '(result token)' at \
         'resultToken' failed to satisfy constraint"
    );
    Ok(())
}

/// The binary, stopped when it goes out of scope.
struct Bootstrap(Child);

impl Drop for Bootstrap {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the binary against a server that is both Lambda's Runtime API, with one invocation, and
/// AWS; what the binary answered, with the end of the path that it answered to.
async fn run(event: Value) -> io::Result<(Server, String, Value)> {
    let invocations = AtomicUsize::new(0);
    let server = Server::start(move |request| match request.operation() {
        "DescribeTrails" => Answer::ok(&json!({"trailList": []})),
        "PutEvaluations" => Answer::ok(&json!({"FailedEvaluations": []})),
        _ if request.path.ends_with("/next") => {
            let answer = Answer::ok(&event)
                .header("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
                .header("lambda-runtime-deadline-ms", "99999999999999")
                .header(
                    "lambda-runtime-invoked-function-arn",
                    "arn:aws:lambda:us-east-2:123456789012:function:rule",
                );
            match invocations.fetch_add(1, Ordering::SeqCst) {
                0 => answer,
                _ => answer.after(Duration::from_secs(3600)),
            }
        }
        _ => Answer::new(202, "{}"),
    })
    .await?;
    let child = Command::new(env!("CARGO_BIN_EXE_bootstrap"))
        .env_clear()
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_REGION", "us-east-2")
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_LAMBDA_RUNTIME_API", server.host())
        .env("AWS_LAMBDA_FUNCTION_NAME", "rule")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "group")
        .spawn()?;
    let _bootstrap = Bootstrap(child);
    let answered = |request: &Request| {
        request.method == "POST"
            && (request.path.ends_with("/response") || request.path.ends_with("/error"))
    };
    for _ in 0..1000 {
        if let Some(answer) = server.requests().iter().find(|request| answered(request)) {
            let end = answer.path.rsplit('/').next().unwrap_or_default();
            return Ok((server, end.to_owned(), answer.json()));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err(io::Error::other("the function did not answer within 10 seconds"))
}

fn scheduled() -> Value {
    let mut event: Value = serde_json::from_str(include_str!("events/scheduled.json")).unwrap();
    event["ruleParameters"] = "{}".into();
    event
}

#[tokio::test]
async fn the_binary_answers_an_invocation() -> io::Result<()> {
    let (server, end, answer) = run(scheduled()).await?;
    assert_eq!(end, "response", "{answer}");
    assert_eq!(answer["Evaluations"][0]["ComplianceType"], "NON_COMPLIANT");
    assert!(!answer.to_string().contains("myResultToken"));
    let [request] = server.requests_for("PutEvaluations").try_into().unwrap();
    assert_eq!(request.json()["ResultToken"], "myResultToken");
    let agent = &request.headers["user-agent"];
    assert!(agent.contains("app/trailproof"), "{agent}");
    Ok(())
}

#[tokio::test]
async fn the_binary_answers_an_error_as_an_error() -> io::Result<()> {
    let mut event = scheduled();
    event["accountId"] = "210987654321".into();
    event["configRuleArn"] = "arn:aws:config:us-east-2:210987654321:config-rule/r".into();
    let (server, end, answer) = run(event).await?;
    assert_eq!(end, "error");
    assert_eq!(answer["errorType"], "WrongAccount", "{answer}");
    assert!(server.requests_for("DescribeTrails").is_empty());
    assert!(server.requests_for("PutEvaluations").is_empty());
    Ok(())
}
