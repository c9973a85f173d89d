//! Accounts that are read in roles, through the real SDK from a server on the loopback interface.
//!
//! The server knows by the access key who asks, and by the account in a role's ARN whose key it
//! gives out.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::io;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudtrail::config::{Credentials, SharedCredentialsProvider};
use cis_aws::{Access, Account, Reader, Role, Sessions, http_client};
use loopback::{Answer, NEVER, Request, Server};
use serde_json::{Value, json};

const MEMBER: &str = "111122223333";
const MANAGEMENT: &str = "999988887777";

fn config(server: &Server) -> SdkConfig {
    let credentials = Credentials::new("own", "testing", None, None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(server.url())
        .http_client(http_client())
        .region(Region::new("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build()
}

fn reader(server: &Server) -> Reader {
    Reader::new(&Sessions::new(&config(server)))
}

fn role(account: &str) -> Role {
    Role {
        arn: format!("arn:aws:iam::{account}:role/reader"),
        session_name: "s3-writes".to_owned(),
        region: "eu-west-1".to_owned(),
        external_id: None,
    }
}

fn access(role: Option<Role>, organization_role: Option<Role>) -> Access {
    let account = Account {
        id: MEMBER.to_owned(),
        partition: "aws".to_owned(),
        region: "eu-west-1".to_owned(),
    };
    Access { account, role, organization_role, is_after_change: false }
}

fn session(request: &Request, ends: &str) -> Answer {
    let account = request.body.split("%3A%3A").nth(1).unwrap().split("%3A").next().unwrap();
    Answer::session(&format!("of-{account}"), ends)
}

fn denied() -> Answer {
    Answer::new(
        403,
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
         <Message>not yours</Message></Error></ErrorResponse>",
    )
}

fn arn(owner: &str) -> String {
    format!("arn:aws:cloudtrail:eu-central-1:{owner}:trail/main")
}

fn trail(owner: &str) -> Value {
    json!({
        "Name": "main",
        "TrailARN": arn(owner),
        "HomeRegion": "eu-central-1",
        "IsMultiRegionTrail": true,
        "IsOrganizationTrail": owner == MANAGEMENT,
    })
}

fn selectors() -> Value {
    json!({"TrailARN": arn(MANAGEMENT), "EventSelectors": [], "FutureMember": [1.5]})
}

/// An organization: everyone sees these trails, but only the management account may read more.
async fn organization(
    trails: Vec<Value>,
    special: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
) -> io::Result<Server> {
    let manager = format!("of-{MANAGEMENT}");
    Server::start(move |request| {
        special(request).unwrap_or_else(|| match request.operation() {
            "AssumeRole" => session(request, NEVER),
            "DescribeTrails" => Answer::ok(&json!({"trailList": trails})),
            _ if request.access_key() != manager => {
                Answer::error("AccessDeniedException", "a member")
            }
            "GetTrailStatus" => Answer::ok(&json!({"IsLogging": true, "FutureMember": "x"})),
            _ => Answer::ok(&selectors()),
        })
    })
    .await
}

async fn read(reader: &Reader, access: &Access) -> Value {
    reader.collect(access).await.unwrap().document().clone()
}

#[tokio::test]
async fn an_account_is_read_in_its_role_by_a_session_of_the_regional_endpoint() -> io::Result<()> {
    let server = organization(vec![trail(MEMBER)], |request| {
        (request.operation().starts_with("Get")).then(|| Answer::ok(&json!({})))
    })
    .await?;
    let reader = reader(&server);
    for _ in 0..2 {
        read(&reader, &access(Some(role(MEMBER)), None)).await;
    }
    let [assumed] = server.requests_for("AssumeRole").try_into().unwrap();
    assert_eq!((assumed.access_key(), assumed.region()), ("own", "eu-west-1"));
    assert!(assumed.body.contains("RoleSessionName=s3-writes"), "{}", assumed.body);
    assert!(assumed.body.contains(&format!("%3A%3A{MEMBER}%3Arole%2Freader")), "{}", assumed.body);
    let others = server.requests();
    let others: Vec<&Request> =
        others.iter().filter(|request| request.operation() != "AssumeRole").collect();
    assert_eq!(others.len(), 2 * 3);
    assert!(others.iter().all(|request| request.access_key() == format!("of-{MEMBER}")));
    Ok(())
}

#[tokio::test]
async fn a_session_that_nears_its_end_is_not_used_again() -> io::Result<()> {
    let server = organization(Vec::new(), |request| {
        let is_assumed = request.operation() == "AssumeRole";
        is_assumed.then(|| session(request, "2016-07-13T21:50:00Z"))
    })
    .await?;
    let reader = reader(&server);
    for _ in 0..2 {
        // What the SDK makes of credentials that are over does not matter here.
        let _ = reader.collect(&access(Some(role(MEMBER)), None)).await;
    }
    assert_eq!(server.requests_for("AssumeRole").len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_session_that_is_refused_is_not_used_again() -> io::Result<()> {
    let server = organization(Vec::new(), |request| {
        let is_list = request.operation() == "DescribeTrails";
        is_list.then(|| Answer::error("UnrecognizedClientException", "invalid"))
    })
    .await?;
    let reader = reader(&server);
    for _ in 0..2 {
        let document = read(&reader, &access(Some(role(MEMBER)), None)).await;
        assert_eq!(document["unreadable"][0]["code"], "UnrecognizedClientException");
    }
    assert_eq!(server.requests_for("AssumeRole").len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_session_that_may_not_read_the_organization_trail_is_not_used_again() -> io::Result<()> {
    let server = organization(vec![trail(MANAGEMENT)], |request| {
        let is_read = request.operation() == "GetEventSelectors";
        is_read.then(|| Answer::error("UnrecognizedClientException", "invalid"))
    })
    .await?;
    let reader = reader(&server);
    for _ in 0..2 {
        read(&reader, &access(None, Some(role(MANAGEMENT)))).await;
    }
    assert_eq!(server.requests_for("AssumeRole").len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_role_that_cannot_be_assumed_reads_nothing() -> io::Result<()> {
    let server =
        organization(Vec::new(), |request| (request.operation() == "AssumeRole").then(denied))
            .await?;
    let error = reader(&server).collect(&access(Some(role(MEMBER)), None)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the role arn:aws:iam::111122223333:role/reader could not be assumed: AssumeRole failed \
         with AccessDenied: not yours"
    );
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn an_organization_trail_is_read_through_the_other_role_once_for_all() -> io::Result<()> {
    let server = organization(vec![trail(MANAGEMENT)], |_| None).await?;
    let reader = reader(&server);
    let access = access(Some(role(MEMBER)), Some(role(MANAGEMENT)));
    for _ in 0..2 {
        let document = read(&reader, &access).await;
        assert_eq!(
            document["trails"],
            json!([{
                "trail": trail(MANAGEMENT),
                "status": {"IsLogging": true, "FutureMember": "x"},
                "eventSelectors": selectors(),
                "readThrough": {
                    "roleArn": role(MANAGEMENT).arn,
                    "calls": ["GetTrailStatus", "GetEventSelectors"],
                },
            }])
        );
    }
    let through = |operation: &str| {
        let mut requests = server.requests_for(operation);
        requests.retain(|request| request.access_key() == format!("of-{MANAGEMENT}"));
        requests
    };
    let ([status], [selectors]): ([Request; 1], [Request; 1]) = (
        through("GetTrailStatus").try_into().unwrap(),
        through("GetEventSelectors").try_into().unwrap(),
    );
    assert_eq!((status.region(), selectors.region()), ("eu-central-1", "eu-central-1"));
    assert_eq!(selectors.json()["TrailName"], arn(MANAGEMENT));
    let assumed = server.requests_for("AssumeRole");
    assert_eq!(assumed.len(), 2);
    read(&reader, &Access { is_after_change: true, ..access }).await;
    assert_eq!(through("GetEventSelectors").len(), 2, "a change is read anew");
    assert!(
        assumed.iter().all(|request| request.access_key() == "own"),
        "no role opens another one"
    );
    Ok(())
}

#[tokio::test]
async fn only_what_is_missing_of_organization_trails_is_read_through_the_role() -> io::Result<()> {
    // The account's own trail is unreadable as well, and stays so.
    let server = organization(vec![trail(MANAGEMENT), trail(MEMBER)], |request| {
        let is_status = request.operation() == "GetTrailStatus";
        let of_organization = request.json()["Name"] == arn(MANAGEMENT);
        (is_status && of_organization && request.access_key() == "own")
            .then(|| Answer::ok(&json!({"IsLogging": false})))
    })
    .await?;
    let document = read(&reader(&server), &access(None, Some(role(MANAGEMENT)))).await;
    let [organization, own] = document["trails"].as_array().unwrap().as_slice() else {
        panic!("not two: {document}");
    };
    assert_eq!(organization["status"], json!({"IsLogging": false}), "the account's own answer");
    assert_eq!(organization["readThrough"]["calls"], json!(["GetEventSelectors"]));
    assert_eq!(own["eventSelectors"], Value::Null);
    assert_eq!(own.get("readThrough"), None);
    assert_eq!(own["unreadable"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[tokio::test]
async fn a_role_is_not_assumed_where_everything_was_read() -> io::Result<()> {
    let server = organization(vec![trail(MANAGEMENT)], |request| {
        request.operation().starts_with("Get").then(|| Answer::ok(&json!({})))
    })
    .await?;
    read(&reader(&server), &access(None, Some(role(MANAGEMENT)))).await;
    assert!(server.requests_for("AssumeRole").is_empty());
    Ok(())
}

#[tokio::test]
async fn what_the_role_may_not_do_is_said_beside_what_the_account_may_not_do() -> io::Result<()> {
    let member =
        |call| json!({"call": call, "code": "AccessDeniedException", "message": "a member"});
    let both = [member("GetTrailStatus"), member("GetEventSelectors")];
    let through = |call: &str, code: &str, message: &str| {
        let message = format!("through {}: {message}", role(MANAGEMENT).arn);
        json!({"call": call, "code": code, "message": message})
    };

    let server = organization(vec![trail(MANAGEMENT)], |request| {
        (request.operation() == "AssumeRole").then(denied)
    })
    .await?;
    let document = read(&reader(&server), &access(None, Some(role(MANAGEMENT)))).await;
    let entry = &document["trails"][0];
    assert_eq!(entry["eventSelectors"], Value::Null);
    let [first, rest @ ..] = entry["unreadable"].as_array().unwrap().as_slice() else {
        panic!("none: {entry}");
    };
    assert_eq!(*first, through("AssumeRole", "AccessDenied", "not yours"));
    assert_eq!(rest, both);

    // A role of a wrong account gets another trail's selectors, or none.
    for (answer, code, message) in [
        (
            Answer::ok(&json!({"TrailARN": arn(MEMBER), "EventSelectors": []})),
            "InvalidResponse",
            "the response is about another trail",
        ),
        (Answer::error("TrailNotFoundException", "unknown"), "TrailNotFoundException", "unknown"),
    ] {
        let server = organization(vec![trail(MANAGEMENT)], move |request| {
            let is_manager = request.access_key() == format!("of-{MANAGEMENT}");
            (is_manager && request.operation() == "GetEventSelectors").then(|| answer.clone())
        })
        .await?;
        let document = read(&reader(&server), &access(None, Some(role(MANAGEMENT)))).await;
        let entry = &document["trails"][0];
        assert_eq!(entry["eventSelectors"], Value::Null);
        assert_eq!(entry["unreadable"][0], through("GetEventSelectors", code, message));
        assert_eq!(entry["unreadable"][1], both[1]);
        assert_eq!(entry["status"]["IsLogging"], true);
    }
    Ok(())
}
