//! Security Hub's client over real HTTP.
#![cfg(feature = "put")]
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_sdk_config::config::{Credentials, SharedCredentialsProvider};
use cis_aws::{Access, Account, Sessions, http_client};
use cis_findings::asff::Finding;
use cis_findings::{FindingInput, Time};
use cis_lambda::SecurityHub;
use cis_lambda::security_hub::{FailedFinding, ImportError, ImportFindings as _};
use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;
use loopback::{Answer as Reply, Server};
use serde_json::json;

fn config(url: &str) -> SdkConfig {
    let credentials =
        Credentials::new("testing", "testing", Some("session".to_owned()), None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .http_client(http_client())
        .region(Region::new("us-east-1"))
        .app_name(AppName::new("trailproof").unwrap())
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(3)
                .with_initial_backoff(Duration::from_millis(1)),
        )
        .build()
}

fn account() -> Access {
    Access::direct(Account {
        id: "123456789012".to_owned(),
        partition: "aws".to_owned(),
        region: "us-east-2".to_owned(),
    })
}

/// The findings of an account that has no trail.
fn findings(count: usize) -> Vec<Finding> {
    let snapshot =
        Snapshot::from_json(r#"{"schemaVersion":1,"accountId":"123456789012","trails":[]}"#)
            .unwrap();
    let question = Question::new(Kind::Write, Mode::Any);
    let result = evaluate(&snapshot, &question);
    let read_at = Time::parse("2026-11-21T08:00:00Z").unwrap();
    let of = |asked_by: &str| {
        Finding::new(&FindingInput {
            snapshot: &snapshot,
            question: &question,
            result: &result,
            asked_by,
            region: "us-east-2",
            read_at: &read_at,
        })
    };
    (0..count).map(|number| of(&format!("rule-{number}"))).collect()
}

async fn import(config: &SdkConfig, findings: &[Finding]) -> Result<usize, ImportError> {
    SecurityHub::new(&Sessions::new(config)).import(&account(), findings).await
}

fn taken(count: usize) -> Reply {
    Reply::ok(&json!({"FailedCount": 0, "SuccessCount": count, "FailedFindings": []}))
}

fn refused(status: u16, code: &str) -> Reply {
    let body = json!({"Code": code, "Message": "as told"});
    Reply::new(status, body.to_string()).header("x-amzn-ErrorType", code)
}

/// Security Hub, answering so the first time and well after that.
async fn recovering(first: Reply) -> io::Result<Server> {
    let asked = AtomicUsize::new(0);
    Server::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => first.clone(),
        _ => taken(1),
    })
    .await
}

/// What fails, and how often it was tried.
async fn failing(reply: Reply) -> (ImportError, usize) {
    let server = Server::start(move |_| reply.clone()).await.unwrap();
    let error = import(&config(server.url()), &findings(1)).await.unwrap_err();
    (error, server.requests().len())
}

#[tokio::test]
async fn findings_are_posted_signed_in_the_rules_region() -> io::Result<()> {
    let server = Server::start(|_| taken(2)).await?;
    let findings = findings(2);
    assert_eq!(import(&config(server.url()), &findings).await, Ok(2));
    let [request] = &server.requests()[..] else {
        panic!("one request: {:?}", server.requests());
    };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/findings/import"));
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.json(), json!({"Findings": findings}));
    let scope = "Credential=testing/";
    let authorization = &request.headers["authorization"];
    assert!(authorization.contains(scope), "{authorization}");
    assert!(authorization.contains("/us-east-2/securityhub/aws4_request"), "{authorization}");
    assert_eq!(request.headers["x-amz-security-token"], "session");
    let agent = &request.headers["x-amz-user-agent"];
    assert!(agent.contains("app/trailproof"), "{agent}");
    Ok(())
}

#[tokio::test]
async fn more_findings_than_a_call_takes_are_imported_in_several() -> io::Result<()> {
    let server =
        Server::start(|request| taken(request.json()["Findings"].as_array().map_or(0, Vec::len)))
            .await?;
    assert_eq!(import(&config(server.url()), &findings(201)).await, Ok(201));
    let sizes: Vec<usize> = server
        .requests()
        .iter()
        .map(|request| request.json()["Findings"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(sizes, [100, 100, 1]);
    assert_eq!(import(&config(server.url()), &[]).await, Ok(0));
    assert_eq!(server.requests().len(), 3);
    Ok(())
}

#[tokio::test]
async fn what_passes_by_is_tried_again() -> io::Result<()> {
    for first in [
        refused(429, "LimitExceededException"),
        refused(400, "ThrottlingException"),
        refused(500, "InternalException"),
        Reply::new(503, ""),
    ] {
        let server = recovering(first).await?;
        assert_eq!(import(&config(server.url()), &findings(1)).await, Ok(1));
        assert_eq!(server.requests().len(), 2);
    }
    Ok(())
}

#[tokio::test]
async fn a_hub_that_is_off_is_asked_once() {
    let (error, tries) = failing(refused(401, "InvalidAccessException")).await;
    assert_eq!(tries, 1);
    let ImportError::InvalidAccess(failure) = error else {
        panic!("{error}");
    };
    assert_eq!((failure.call, failure.message.as_str()), ("BatchImportFindings", "as told"));
}

#[tokio::test]
async fn a_call_that_fails_says_why() {
    for (reply, code, tries) in [
        (refused(400, "InvalidInputException"), "InvalidInputException", 1),
        (refused(403, "AccessDeniedException:http://internal/"), "AccessDeniedException", 1),
        (Reply::error("ns#UnrecognizedClientException", "m"), "UnrecognizedClientException", 1),
        (refused(500, "InternalException"), "InternalException", 3),
        (Reply::new(404, "<html>"), "ServiceError", 1),
        (Reply::new(200, "<html>"), "ResponseError", 1),
        (Reply::ok(&json!({"SuccessCount": 1})), "ResponseError", 1),
        (Reply::ok(&json!({"FailedCount": 1, "SuccessCount": 0})), "InvalidResponse", 1),
    ] {
        let (error, tried) = failing(reply).await;
        assert_eq!(error.error_type(), "SecurityHubCallFailed", "{error}");
        assert!(
            error.to_string().starts_with(&format!("BatchImportFindings failed with {code}: ")),
            "{error}"
        );
        assert_eq!(tried, tries, "{code}");
    }
}

#[tokio::test]
async fn findings_that_were_not_taken_are_told_of_every_batch() -> io::Result<()> {
    let server = Server::start(|request| {
        let all = request.json()["Findings"].as_array().cloned().unwrap_or_default();
        let first = json!([{"Id": all[0]["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": "m"}]);
        Reply::ok(&json!({
            "FailedCount": 1, "SuccessCount": all.len() - 1, "FailedFindings": first,
        }))
    })
    .await?;
    let error = import(&config(server.url()), &findings(101)).await.unwrap_err();
    let failed = |number: usize| FailedFinding {
        id: format!("rule-{number}/123456789012/us-east-2/s3-object-level-write"),
        code: "InvalidInput".to_owned(),
        message: "m".to_owned(),
    };
    assert_eq!(error, ImportError::NotTaken { failed: vec![failed(0), failed(100)], of: 101 });
    Ok(())
}

#[tokio::test]
async fn what_does_not_answer_is_given_up() -> io::Result<()> {
    let never = Server::start(|_| taken(1).after(Duration::from_secs(3600))).await?;
    let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_millis(200)).build();
    let hurried = config(never.url()).into_builder().timeout_config(timeouts).build();
    let nobody = config("http://127.0.0.1:9");
    let anonymous = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url("http://127.0.0.1:9")
        .http_client(http_client())
        .build();
    let nowhere = config("not a url");
    for (config, code) in [
        (hurried, "TimeoutError"),
        (nobody, "DispatchFailure"),
        (anonymous, "ConstructionFailure"),
        (nowhere, "DispatchFailure"),
    ] {
        let error = import(&config, &findings(1)).await.unwrap_err();
        let ImportError::Call(failure) = &error else {
            panic!("{error}");
        };
        assert_eq!(failure.code, code, "{error}");
        assert_ne!(failure.message, "", "{error:?}");
    }
    Ok(())
}
