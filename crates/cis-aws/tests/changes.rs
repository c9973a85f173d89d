//! Calls that change a trail, through the real SDK to a server on the loopback interface.

use std::io;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudtrail::config::{Credentials, SharedCredentialsProvider};
use cis_aws::{Changer, http_client};
use loopback::{Answer, Server};
use serde_json::json;

const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";

fn config(url: &str) -> SdkConfig {
    let credentials = Credentials::new("testing", "testing", None, None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .http_client(http_client())
        .region(Region::new("us-east-1"))
        .retry_config(RetryConfig::standard().with_max_attempts(5))
        .build()
}

#[tokio::test]
async fn a_request_is_sent_as_it_is_given_and_to_its_region() -> io::Result<()> {
    let server = Server::start(|_| Answer::ok(&json!({}))).await?;
    let changer = Changer::new(&config(server.url()));
    // Members that no SDK knows, and an order that no map has.
    let request = r#"{"TrailName":"main","Later":[1.50],"AdvancedEventSelectors":[{"FieldSelectors":[{"Matches":["é"],"Field":"x"}]}]}"#;
    for call in [
        "PutEventSelectors",
        "UpdateTrail",
        "StartLogging",
        "StopLogging",
        "CreateTrail",
        "DeleteTrail",
    ] {
        assert_eq!(changer.call(call, "eu-west-1", request).await, Ok(()), "{call}");
        let sent = server.requests_for(call);
        assert_eq!(sent.len(), 1, "{call}");
        assert_eq!((sent[0].body.as_str(), sent[0].region()), (request, "eu-west-1"), "{call}");
    }
    let unknown = changer.call("DeleteBucket", "eu-west-1", "{}").await;
    assert_eq!(unknown.map_err(|failure| failure.code), Err("UnknownOperation".to_owned()));
    assert_eq!(server.requests().len(), 6);
    Ok(())
}

#[tokio::test]
async fn a_call_that_fails_is_not_made_again() -> io::Result<()> {
    for (status, code) in [
        (400, "ThrottlingException"),
        (400, "ConflictException"),
        (400, "InvalidEventSelectorsException"),
        (500, "InternalServerError"),
        (503, "ServiceUnavailable"),
    ] {
        let body = json!({"__type": code, "message": "no"}).to_string();
        let server = Server::start(move |_| Answer::new(status, body.clone())).await?;
        let changer = Changer::new(&config(server.url()));
        let failed = changer.call("PutEventSelectors", "eu-west-1", "{}").await;
        assert_eq!(failed.map_err(|failure| failure.code), Err(code.to_owned()));
        assert_eq!(server.requests().len(), 1, "{code}");
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_not_the_services_is_no_success() -> io::Result<()> {
    for body in ["", "[]", "<html>"] {
        let server = Server::start(move |_| Answer::new(200, body)).await?;
        let changer = Changer::new(&config(server.url()));
        let failed = changer.call("StartLogging", "eu-west-1", "{}").await;
        assert!(failed.is_err(), "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn tags_tell_the_stack() -> io::Result<()> {
    let server = Server::start(|_| {
        let tags =
            json!([{"Key": "aws:cloudformation:stack-name", "Value": "audit"}, {"Key": "x"}]);
        Answer::ok(&json!({"ResourceTagList": [{"ResourceId": TRAIL, "TagsList": tags}]}))
    })
    .await?;
    let tags = Changer::new(&config(server.url())).tags("eu-west-1", TRAIL).await;
    let expected = [("aws:cloudformation:stack-name", "audit"), ("x", "")];
    let expected: Vec<_> =
        expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    assert_eq!(tags, Ok(expected));
    assert_eq!(server.requests()[0].region(), "eu-west-1");
    Ok(())
}
