//! The evaluation as AWS Config gets it, over real HTTP.
#![cfg(feature = "function")]
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_config::config::{Credentials, SharedCredentialsProvider};
use cis_aws::{Access, Account, Failure, Role, Sessions, http_client};
use cis_lambda::ConfigService;
use cis_lambda::evaluation::{Compliance, Evaluation, PutRequest, ResultToken, Timestamp};
use cis_lambda::ports::{ListResults as _, PutError, PutEvaluations as _, Stored};
use loopback::{Answer, NEVER, Request, Server};
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
            compliance_resource_type: Evaluation::ACCOUNT.into(),
            compliance_resource_id: account.id.clone(),
            compliance_type: Compliance::NotApplicable,
            annotation: "why".to_owned(),
            ordering_timestamp: Timestamp::parse("2016-07-13T21:50:00.373Z").unwrap(),
        }],
        result_token: ResultToken::new(TOKEN.to_owned()),
        test_mode: false,
    };
    service(server).put(&Access::direct(account), &request).await
}

fn service(server: &Server) -> ConfigService {
    ConfigService::new(&Sessions::new(&config(server)))
}

/// The rule's account, met in a role.
fn in_role() -> Access {
    let (id, region) = ("123456789012".to_owned(), "us-east-2".to_owned());
    Access {
        account: Account { id, partition: "aws".to_owned(), region: region.clone() },
        role: Some(Role {
            arn: "arn:aws:iam::123456789012:role/reader".to_owned(),
            session_name: "rule".to_owned(),
            region,
            external_id: None,
        }),
        organization_role: None,
        is_after_change: false,
    }
}

/// A request of so many evaluations of trails.
fn request_of(count: usize) -> PutRequest {
    let evaluation = |number| Evaluation {
        compliance_resource_type: Evaluation::TRAIL.into(),
        compliance_resource_id: format!("trail-{number}"),
        compliance_type: Compliance::NotApplicable,
        annotation: "why".to_owned(),
        ordering_timestamp: Timestamp::parse("2016-07-13T21:50:00.373Z").unwrap(),
    };
    PutRequest {
        evaluations: (0..count).map(evaluation).collect(),
        result_token: ResultToken::new(TOKEN.to_owned()),
        test_mode: false,
    }
}

/// The ids in a PutEvaluations request.
fn ids(request: &Request) -> Vec<String> {
    let evaluations = request.json()["Evaluations"].as_array().cloned().unwrap_or_default();
    let id = |put: &Value| put["ComplianceResourceId"].as_str().unwrap_or_default().to_owned();
    evaluations.iter().map(id).collect()
}

#[tokio::test]
async fn a_hundred_evaluations_go_in_one_call_and_more_in_several() -> io::Result<()> {
    for (count, sizes) in
        [(1, vec![1]), (100, vec![100]), (101, vec![100, 1]), (250, vec![100, 100, 50])]
    {
        let server = refusing(0).await?;
        let access = Access { role: None, ..in_role() };
        service(&server).put(&access, &request_of(count)).await.unwrap();
        let put: Vec<Vec<String>> = server.requests().iter().map(ids).collect();
        assert_eq!(put.iter().map(Vec::len).collect::<Vec<_>>(), sizes);
        let expected: Vec<String> = (0..count).map(|number| format!("trail-{number}")).collect();
        assert_eq!(put.concat(), expected);
    }
    Ok(())
}

#[tokio::test]
async fn only_what_was_not_taken_is_put_again_and_the_rest_follows() -> io::Result<()> {
    let times = AtomicUsize::new(1);
    let server = Server::start(move |request| {
        let failing = times
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_ok();
        let all = request.json()["Evaluations"].as_array().cloned().unwrap_or_default();
        let failed: Vec<Value> = all
            .into_iter()
            .filter(|put| failing && put["ComplianceResourceId"] == "trail-7")
            .collect();
        Answer::ok(&json!({"FailedEvaluations": failed}))
    })
    .await?;
    let access = Access { role: None, ..in_role() };
    service(&server).put(&access, &request_of(102)).await.unwrap();
    let put: Vec<Vec<String>> = server.requests().iter().map(ids).collect();
    assert_eq!(put.len(), 3);
    assert_eq!(put[1], ["trail-7"]);
    assert_eq!(put[2], ["trail-100", "trail-101"]);
    Ok(())
}

/// A proxy or a captive portal that answers everything with an empty success.
#[tokio::test]
async fn an_empty_success_that_is_no_answer_of_aws_config_is_not_success() -> io::Result<()> {
    for body in ["", "\n", "[]", "\"ok\""] {
        let server = Server::start(move |_| Answer::new(200, body)).await?;
        let access = Access { role: None, ..in_role() };
        let error = service(&server).put(&access, &request_of(1)).await.unwrap_err();
        assert!(matches!(error, PutError::Call(_)), "{body:?}: {error}");
    }
    let server = Server::start(|_| Answer::new(200, "{}")).await?;
    let access = Access { role: None, ..in_role() };
    service(&server).put(&access, &request_of(1)).await.unwrap();
    Ok(())
}

#[tokio::test]
async fn a_batch_that_fails_is_an_error_that_ends_the_putting() -> io::Result<()> {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::ok(&json!({"FailedEvaluations": []})),
        _ => Answer::error("InvalidResultTokenException", "over"),
    })
    .await?;
    let access = Access { role: None, ..in_role() };
    let error = service(&server).put(&access, &request_of(250)).await.unwrap_err();
    assert!(matches!(error, PutError::Call(_)), "{error}");
    assert_eq!(server.requests().len(), 2);
    Ok(())
}

#[tokio::test]
async fn everything_is_put_and_listed_in_the_rules_account_by_one_session() -> io::Result<()> {
    let server = Server::start(|request| match request.operation() {
        "AssumeRole" => Answer::session("session", NEVER),
        "PutEvaluations" => Answer::ok(&json!({"FailedEvaluations": []})),
        _ => Answer::ok(&json!({"EvaluationResults": []})),
    })
    .await?;
    let service = service(&server);
    service.list(&in_role(), "rule").await.unwrap();
    service.put(&in_role(), &request_of(1)).await.unwrap();
    let requests = server.requests();
    let operations: Vec<&str> = requests.iter().map(Request::operation).collect();
    assert_eq!(operations, ["AssumeRole", "GetComplianceDetailsByConfigRule", "PutEvaluations"]);
    assert!(requests.iter().all(|request| request.region() == "us-east-2"));
    for request in &requests[1..] {
        let signed = &request.headers["authorization"];
        assert!(signed.contains("Credential=session/"), "{signed}");
    }
    Ok(())
}

#[tokio::test]
async fn a_role_that_cannot_be_assumed_puts_nothing() -> io::Result<()> {
    let server = Server::start(|_| {
        Answer::new(
            403,
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
             <Message>no</Message></Error></ErrorResponse>",
        )
    })
    .await?;
    let error = service(&server).put(&in_role(), &request_of(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "AssumeRole failed with AccessDenied: no");
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

/// A page of results, of trails with these names.
fn page(names: &[&str], next: Option<&str>) -> Value {
    let result = |name: &&str| {
        json!({"EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": "rule",
                "ResourceType": "AWS::CloudTrail::Trail",
                "ResourceId": name,
            },
            "OrderingTimestamp": 1_468_446_600.373,
        }})
    };
    let results: Vec<Value> = names.iter().map(result).collect();
    json!({"EvaluationResults": results, "NextToken": next})
}

async fn list(server: &Server) -> Result<Vec<Stored>, Failure> {
    let access = Access { role: None, ..in_role() };
    service(server).list(&access, "rule").await
}

#[tokio::test]
async fn results_are_listed_over_all_pages() -> io::Result<()> {
    let server = Server::start(|request| {
        Answer::ok(&match request.json()["NextToken"].as_str() {
            None => page(&["a", "b"], Some("second")),
            Some("second") => page(&[], Some("third")),
            _ => page(&["c"], None),
        })
    })
    .await?;
    let listed = list(&server).await.unwrap();
    let ids: Vec<&str> = listed.iter().map(|stored| stored.resource_id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert!(listed.iter().all(|stored| stored.resource_type == Evaluation::TRAIL));
    let time = listed[0].ordering_timestamp.unwrap();
    assert!((time.as_secs_f64() - 1_468_446_600.373).abs() < 1e-6, "{time}");
    assert_eq!(
        server.requests()[0].json(),
        json!({
            "ConfigRuleName": "rule",
            "ComplianceTypes": ["COMPLIANT", "NON_COMPLIANT"],
            "Limit": 100,
        })
    );
    assert_eq!(server.requests()[2].json()["NextToken"], "third");
    Ok(())
}

#[tokio::test]
async fn a_list_that_is_not_whole_is_an_error() -> io::Result<()> {
    let mut no_id = page(&["a"], None);
    no_id["EvaluationResults"][0]["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"] =
        Value::Null;
    for (first, second, code) in [
        (
            page(&["a"], Some("2")),
            Answer::error("AccessDeniedException", "no"),
            "AccessDeniedException",
        ),
        (page(&["a"], Some("2")), Answer::ok(&page(&["b"], Some("2"))), "InvalidResponse"),
        (no_id, Answer::ok(&page(&[], None)), "InvalidResponse"),
    ] {
        let server = Server::start(move |request| match request.json()["NextToken"].as_str() {
            None => Answer::ok(&first),
            Some(_) => second.clone(),
        })
        .await?;
        assert_eq!(list(&server).await.unwrap_err().code, code);
    }
    Ok(())
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
