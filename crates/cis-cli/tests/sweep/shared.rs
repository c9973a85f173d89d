//! The organization's trail: read once with its owner's credentials, and given to all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use loopback::Answer;
use serde_json::json;

use super::world::{MANAGEMENT, Site, World, caller, id, trail};

#[tokio::test(flavor = "multi_thread")]
async fn the_organizations_trail_is_read_once_for_all_members() {
    let site = Site::of(World::of(20)).await;
    let (results, ran) = site.results(&["--keep", "sweep.jsonl"]);
    assert!(results.iter().all(|result| result["verdict"] == "COMPLIANT"), "{results:?}");
    assert_eq!((results.len(), ran.code), (21, Some(0)));
    for (operation, member) in [("GetTrailStatus", "Name"), ("GetEventSelectors", "TrailName")] {
        let requests = site.server.requests_for(operation);
        let arn = "arn:aws:cloudtrail:us-east-1:999988887777:trail/main";
        let of_shared = requests.iter().filter(|request| request.json()[member] == arn).count();
        assert_eq!((of_shared, site.asked(operation, MANAGEMENT)), (1, 1), "{operation}");
    }
    let snapshots = site.snapshots("sweep.jsonl");
    let shared = |account: &str| {
        let snapshot = snapshots.iter().find(|snapshot| snapshot["accountId"] == account);
        snapshot.unwrap()["trails"].as_array().unwrap().last().unwrap().clone()
    };
    let member = shared(&id(3));
    assert_eq!(member["readThrough"], json!({"calls": ["GetTrailStatus", "GetEventSelectors"]}));
    assert_eq!(member["status"], json!({"IsLogging": true}));
    assert_eq!(shared(MANAGEMENT).get("readThrough"), None, "it is its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_opt_in_region_only_the_member_itself_can_say_that_it_sends_anything() {
    let mut world = World::of(4);
    world.organization_trail = Some("eu-south-1");
    world.member(1).is_blind = true;
    let site = Site::of(world).await;
    let (results, _) = site.results(&[]);
    let verdicts: Vec<&str> = results.iter().map(|it| it["verdict"].as_str().unwrap()).collect();
    assert_eq!(
        verdicts,
        ["COMPLIANT", "INDETERMINATE", "COMPLIANT", "COMPLIANT", "COMPLIANT"],
        "{results:?}"
    );
    let unknown = &results[1]["unknowns"][0];
    assert!(unknown["reason"].as_str().unwrap().contains("not enabled by default"), "{unknown}");
    assert_eq!(site.server.requests_for("GetEventSelectors").len(), 3, "two trails of members");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_cannot_be_entered_is_asked_once_and_members_say_what_they_can() {
    let mut world = World::of(6);
    world.organization_trail = None;
    // A trail of an account for which there is no role.
    let foreign = super::world::trail("777766665555", "us-east-1", true, false);
    for number in 0..6 {
        world.member(number).trails = vec![foreign.clone()];
    }
    let site = Site::of(world).await;
    let (results, ran) = site.results(&["--exclude", MANAGEMENT]);
    assert!(results.iter().all(|result| result["verdict"] == "INDETERMINATE"), "{results:?}");
    assert_eq!(ran.code, Some(3));
    let settled = results[0]["unknowns"][0]["settledBy"].as_str().unwrap();
    assert!(settled.contains("777766665555"), "{settled}");
    let roles = site.server.requests_for("AssumeRole");
    let of_owner = roles.iter().filter(|request| request.body.contains("777766665555")).count();
    assert_eq!(of_owner, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_slows_a_sweep_and_loses_nothing() {
    let site = Site::with(World::of(40), |request, number| {
        let throttled = |code: &str| Answer::error(code, "Rate exceeded");
        match request.operation() {
            "DescribeTrails" if number % 5 == 0 => Some(throttled("ThrottlingException")),
            "AssumeRole" if number % 4 == 0 => Some(Answer::new(
                400,
                "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>\
                 <Message>Rate exceeded</Message></Error></ErrorResponse>",
            )),
            _ => None,
        }
    })
    .await;
    let (results, ran) = site.results(&[]);
    let compliant = results.iter().filter(|result| result["verdict"] == "COMPLIANT").count();
    assert_eq!((compliant, ran.code), (41, Some(0)), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_account_is_asked_more_than_ten_times_in_a_second() {
    let mut world = World::of(3);
    for number in 0..3 {
        let own = |count: usize| {
            let mut own = trail(&id(number), "us-east-1", false, false);
            let arn = format!("arn:aws:cloudtrail:us-east-1:{}:trail/t{count}", id(number));
            own["trail"]["TrailARN"] = arn.clone().into();
            own["eventSelectors"]["TrailARN"] = arn.into();
            own
        };
        // Trails of several Regions, for which there are two calls each.
        world.member(number).trails = (0..9).map(own).collect();
    }
    let times = Arc::new(Mutex::new(BTreeMap::<String, Vec<Instant>>::new()));
    let seen = Arc::clone(&times);
    let site = Site::with(world, move |request, _| {
        if request.headers.contains_key("x-amz-target") {
            let now = Instant::now();
            seen.lock().unwrap().entry(caller(request)).or_default().push(now);
        }
        None
    })
    .await;
    let (_, ran) = site.results(&["--include", &format!("{},{},{}", id(0), id(1), id(2))]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let times = times.lock().unwrap();
    for number in 0..3 {
        let times = &times[&id(number)];
        assert_eq!(times.len(), 1 + 2 * 9);
        let second = Duration::from_secs(1);
        let most = times.iter().map(|start| {
            times.iter().filter(|time| **time >= *start && **time - *start < second).count()
        });
        assert!(most.max().unwrap() <= 10, "{times:?}");
    }
}
