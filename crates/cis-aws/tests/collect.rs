//! Reading accounts through the real SDK from a server on the loopback interface.

use std::io;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudtrail::config::{Credentials, SharedCredentialsProvider};
use cis_aws::{Account, CallerError, Collector, caller, http_client};
use cis_rules::selector::Selector;
use cis_rules::snapshot::RecursiveLogging;
use loopback::{Answer, Request, Server};
use serde_json::{Value, json};

fn account() -> Account {
    Account {
        id: "111122223333".to_owned(),
        partition: "aws".to_owned(),
        region: "eu-west-1".to_owned(),
    }
}

fn config(url: &str) -> SdkConfig {
    let credentials = Credentials::new("testing", "testing", None, None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .http_client(http_client())
        .region(Region::new("eu-west-1"))
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(3)
                .with_initial_backoff(Duration::from_millis(1)),
        )
        .build()
}

fn trail(region: &str, name: &str) -> Value {
    json!({
        "Name": name,
        "TrailARN": arn(region, name),
        "HomeRegion": region,
        "IsMultiRegionTrail": true,
        "HasCustomEventSelectors": true,
    })
}

fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:cloudtrail:{region}:111122223333:trail/{name}")
}

/// A server with these trails, which all log and select nothing, unless `special` says otherwise.
async fn account_with(
    trails: Vec<Value>,
    special: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
) -> io::Result<Server> {
    Server::start(move |request| {
        special(request).unwrap_or_else(|| match request.operation() {
            "DescribeTrails" => Answer::ok(&json!({"trailList": trails})),
            "GetTrailStatus" => Answer::ok(&json!({"IsLogging": true})),
            "GetEventSelectors" => Answer::ok(&json!({
                "TrailARN": request.json()["TrailName"],
                "EventSelectors": [],
            })),
            other => Answer::error("UnknownOperationException", other),
        })
    })
    .await
}

async fn collect(server: &Server) -> Value {
    let collector = Collector::new(&config(server.url()));
    collector.collect(&account()).await.document().clone()
}

#[tokio::test]
async fn members_that_no_sdk_knows_survive() -> io::Result<()> {
    let selectors = json!({
        "TrailARN": arn("eu-west-1", "main"),
        "AdvancedEventSelectors": [{
            "Name": "all S3",
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                {"Field": "readOnly", "Matches": ["f.*"]},
            ],
            "ExceptOn": ["Sunday"],
        }],
    });
    let mut main = trail("eu-west-1", "main");
    main["RecursiveLogging"] = false.into();
    main["FutureMember"] = json!({"a": [1.5, null]});
    let status = json!({"IsLogging": true, "StartLoggingTime": 1.7e9, "FutureMember": "x"});
    let (answered, listed) = (selectors.clone(), status.clone());
    let server = account_with(vec![main.clone()], move |request| match request.operation() {
        "GetEventSelectors" => Some(Answer::ok(&answered)),
        "GetTrailStatus" => Some(Answer::ok(&listed)),
        _ => None,
    })
    .await?;

    let collected = Collector::new(&config(server.url())).collect(&account()).await;

    let mut document = collected.document().clone();
    let collected_at = document["collectedAt"].take();
    assert!(collected_at.as_str().is_some_and(|time| time.len() == 20 && time.ends_with('Z')));
    assert_eq!(
        document,
        json!({
            "schemaVersion": 1,
            "accountId": "111122223333",
            "partition": "aws",
            "region": "eu-west-1",
            "collectedAt": null,
            "trails": [{"trail": main, "status": status, "eventSelectors": selectors}],
        })
    );
    let snapshot = collected.snapshot().unwrap();
    let observed = &snapshot.trails.unwrap()[0];
    assert_eq!(observed.trail.recursive_logging, RecursiveLogging::Off);
    let Some([Selector::Advanced(selector)]) = observed.event_selectors.as_deref() else {
        panic!("not one advanced selector: {:?}", observed.event_selectors);
    };
    assert_eq!(selector.field_selectors[2].unknown_operators, ["Matches"]);
    assert!(!selector.unknown_members.is_empty());
    Ok(())
}

#[tokio::test]
async fn trails_are_asked_by_arn_in_their_home_regions_and_once() -> io::Result<()> {
    let home = trail("eu-west-1", "home");
    let shadow = trail("us-east-1", "shadow");
    let mut no_home = trail("ap-south-1", "no-home");
    no_home["HomeRegion"].take();
    let trails = vec![home.clone(), shadow.clone(), home.clone(), no_home, shadow];
    let server = account_with(trails, |_| None).await?;

    let document = collect(&server).await;

    let asked = |operation: &str, member: &str| {
        let mut asked: Vec<(String, Value)> = server
            .requests_for(operation)
            .iter()
            .map(|request| (request.region().to_owned(), request.json()[member].clone()))
            .collect();
        asked.sort_by(|a, b| a.0.cmp(&b.0));
        asked
    };
    let expected = [
        ("ap-south-1".to_owned(), json!(arn("ap-south-1", "no-home"))),
        ("eu-west-1".to_owned(), json!(arn("eu-west-1", "home"))),
        ("us-east-1".to_owned(), json!(arn("us-east-1", "shadow"))),
    ];
    assert_eq!(asked("GetTrailStatus", "Name"), expected);
    assert_eq!(asked("GetEventSelectors", "TrailName"), expected);
    assert_eq!(
        asked("DescribeTrails", "includeShadowTrails"),
        [("eu-west-1".to_owned(), json!(true))]
    );
    let names: Vec<&Value> = document["trails"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["trail"]["Name"])
        .collect();
    assert_eq!(names, ["home", "shadow", "no-home"]);
    Ok(())
}

#[tokio::test]
async fn selectors_are_asked_for_whatever_the_summary_says() -> io::Result<()> {
    for said in [Value::Bool(false), Value::Bool(true), Value::Null] {
        let mut main = trail("eu-west-1", "main");
        main["HasCustomEventSelectors"] = said;
        let server = account_with(vec![main], |_| None).await?;

        let document = collect(&server).await;

        assert!(document["trails"][0]["eventSelectors"].is_object());
        assert_eq!(server.requests().len(), 3);
    }
    Ok(())
}

#[tokio::test]
async fn a_denied_call_is_an_entry_and_the_rest_is_read() -> io::Result<()> {
    let trails = vec![trail("eu-west-1", "mine"), trail("us-east-1", "theirs")];
    let server = account_with(trails, |request| {
        let denied = request.json()["TrailName"] == arn("us-east-1", "theirs");
        denied.then(|| Answer::error("com.amazon#AccessDeniedException", "not yours"))
    })
    .await?;

    let document = collect(&server).await;

    assert!(document["trails"][0]["eventSelectors"].is_object());
    let theirs = &document["trails"][1];
    assert_eq!(theirs["status"], json!({"IsLogging": true}));
    assert_eq!(theirs["eventSelectors"], Value::Null);
    assert_eq!(
        theirs["unreadable"],
        json!([{
            "call": "GetEventSelectors",
            "code": "AccessDeniedException",
            "message": "not yours",
        }])
    );
    assert_eq!(document.get("unreadable"), None);
    Ok(())
}

#[tokio::test]
async fn trails_that_cannot_be_listed_are_said() -> io::Result<()> {
    let server =
        account_with(Vec::new(), |_| Some(Answer::error("AccessDeniedException", "no"))).await?;

    let collected = Collector::new(&config(server.url())).collect(&account()).await;

    assert_eq!(server.requests().len(), 1, "denial is not retried");
    assert_eq!(collected.document()["trails"], json!([]));
    let snapshot = collected.snapshot().unwrap();
    let [failed] = snapshot.unreadable.as_slice() else {
        panic!("not one: {:?}", snapshot.unreadable);
    };
    assert_eq!(failed.call, "DescribeTrails");
    assert_eq!(failed.code.as_deref(), Some("AccessDeniedException"));
    Ok(())
}

#[tokio::test]
async fn throttling_is_waited_out() -> io::Result<()> {
    let left = AtomicUsize::new(2);
    let server = account_with(vec![trail("eu-west-1", "main")], move |request| {
        let throttled = request.operation() == "GetEventSelectors"
            && left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                .is_ok();
        throttled.then(|| Answer::error("ThrottlingException", "Rate exceeded"))
    })
    .await?;

    let document = collect(&server).await;

    assert_eq!(server.requests_for("GetEventSelectors").len(), 3);
    assert!(document["trails"][0]["eventSelectors"].is_object());
    assert_eq!(document["trails"][0].get("unreadable"), None);
    Ok(())
}

#[tokio::test]
async fn a_success_that_is_not_json_is_an_entry() -> io::Result<()> {
    for body in ["", "<html>hotel wifi</html>", "[]", "null", "{\"trailList\":", "{}"] {
        let server = account_with(Vec::new(), move |_| Some(Answer::new(200, body))).await?;
        let document = collect(&server).await;
        assert_eq!(document["trails"], json!([]), "{body}");
        assert_eq!(document["unreadable"][0]["call"], "DescribeTrails", "{body}");
    }
    for body in ["", "<html>", "[]", "{\"EventSelectors\":[", "null"] {
        let trails = vec![trail("eu-west-1", "main")];
        let server = account_with(trails, move |request| {
            (request.operation() == "GetEventSelectors").then(|| Answer::new(200, body))
        })
        .await?;
        let document = collect(&server).await;
        let entry = &document["trails"][0];
        assert_eq!(entry["eventSelectors"], Value::Null, "{body}");
        assert_eq!(entry["unreadable"][0]["call"], "GetEventSelectors", "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn no_server_and_no_answer_are_entries_with_their_causes() -> io::Result<()> {
    // A port that was free a moment ago.
    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let collector = Collector::new(&config(&format!("http://{closed}")));
    let collected = collector.collect(&account()).await;
    let failed = &collected.document()["unreadable"][0];
    assert_eq!(failed["code"], "DispatchFailure");
    let message = failed["message"].as_str().unwrap();
    assert!(message.contains("refused"), "{message}");

    let silent = Server::start(|_| Answer::new(200, "{}").after(Duration::from_secs(60))).await?;
    let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_millis(50));
    let config = config(silent.url()).into_builder().timeout_config(timeouts.build());
    let collected = Collector::new(&config.build()).collect(&account()).await;
    let failed = &collected.document()["unreadable"][0];
    assert_eq!(failed["code"], "TimeoutError", "{failed}");
    Ok(())
}

#[tokio::test]
async fn calls_run_at_once_but_not_more_than_ten() -> io::Result<()> {
    let trails: Vec<Value> = (0..23).map(|i| trail("eu-west-1", &format!("t{i:02}"))).collect();
    let listed = trails.clone();
    let server = account_with(Vec::new(), move |request| {
        let answer = match request.operation() {
            "DescribeTrails" => Answer::ok(&json!({"trailList": listed})),
            "GetTrailStatus" => Answer::ok(&json!({"IsLogging": true})),
            _ => {
                // Later trails answer sooner.
                let name = request.json()["TrailName"].to_string();
                let wait = if name.contains("t0") { 30 } else { 10 };
                Answer::ok(&json!({"EventSelectors": []})).after(Duration::from_millis(wait))
            }
        };
        Some(answer)
    })
    .await?;

    let document = collect(&server).await;

    assert_eq!(server.requests().len(), 1 + 2 * trails.len());
    assert!((4..=10).contains(&server.most_in_flight()), "{}", server.most_in_flight());
    let entries = document["trails"].as_array().unwrap();
    let read: Vec<&Value> = entries.iter().map(|entry| &entry["trail"]).collect();
    assert_eq!(read, trails.iter().collect::<Vec<_>>());
    Ok(())
}

#[tokio::test]
async fn the_caller_is_known_by_its_arn() -> io::Result<()> {
    let server = Server::start(|_| {
        Answer::new(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult>\
             <Arn>arn:aws-us-gov:sts::111122223333:assumed-role/audit/me</Arn>\
             <Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        )
    })
    .await?;
    let config = config(server.url());

    let account = caller(&config).await.unwrap();

    assert_eq!(account.id, "111122223333");
    assert_eq!(account.partition, "aws-us-gov");
    assert_eq!(account.region, "eu-west-1");
    let nowhere = config.into_builder().region(None).build();
    assert_eq!(caller(&nowhere).await, Err(CallerError::NoRegion));
    Ok(())
}
