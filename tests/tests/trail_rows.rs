//! `ReportOn=account+trails`: rows for trails, and what becomes of them when trails go.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::boto::Boto;
use e2e::event::{RULE_NAME, SENT_AT, SENT_AT_SECONDS, scheduled, trail_changed};
use e2e::servers::{Standin, world_of};
use e2e::trails::{ACCOUNT, account, all_s3, all_s3_but, trail, trail_of};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";
const TRAIL: &str = "AWS::CloudTrail::Trail";

/// A function that reports on trails, and AWS as it goes on from event to event.
struct Scene {
    standin: Standin,
    bootstrap: Bootstrap,
}

impl Scene {
    fn new(trails: &[Value]) -> Result<Self> {
        let standin = Standin::with(&world_of(&account(trails)))?;
        let variables = [("AWS_MAX_ATTEMPTS", "2")];
        let bootstrap = Bootstrap::start_with(&standin.url(), HOME, &variables)?;
        Ok(Self { standin, bootstrap })
    }

    /// Stores results, as another version of the rule may have put them.
    fn store(&self, resource_type: &str, ids: &[String], seconds: f64) -> Result {
        let mut boto = Boto::start(&self.standin.url())?;
        for batch in ids.chunks(100) {
            let put = |id: &String| {
                json!({
                    "ComplianceResourceType": resource_type,
                    "ComplianceResourceId": id,
                    "ComplianceType": "COMPLIANT",
                    "OrderingTimestamp": seconds,
                })
            };
            let evaluations: Vec<Value> = batch.iter().map(put).collect();
            let request = json!({"Evaluations": evaluations, "ResultToken": "token"});
            boto.call(HOME, "config", "put_evaluations", request)??;
        }
        Ok(())
    }

    /// Makes these the account's trails; what is stored stays.
    fn change_trails(&self, trails: &[Value]) -> Result {
        self.standin.set_account(&account(trails))
    }

    /// What is stored, as `id compliance`, in order of the ids.
    fn stored(&self) -> Result<Vec<String>> {
        self.standin.check_models()?;
        let stored = self.standin.evaluations()?;
        let rows =
            stored.iter().flat_map(|rule| rule["evaluations"].as_array().into_iter().flatten());
        let text = |row: &Value, member: &str| row[member].as_str().unwrap_or_default().to_owned();
        let mut rows: Vec<String> = rows
            .map(|row| {
                let id = text(row, "ComplianceResourceId");
                format!("{id} {}", text(row, "ComplianceType"))
            })
            .collect();
        rows.sort();
        Ok(rows)
    }

    fn puts(&self) -> Result<Vec<Value>> {
        self.standin.calls_of("PutEvaluations")
    }
}

/// A scheduled event this many seconds after the first one.
fn later(seconds: u32) -> Value {
    with_time(&format!("2026-11-20T21:50:{seconds:02}.373Z"), &json!({}))
}

fn with_time(time: &str, parameters: &Value) -> Value {
    let mut parameters = parameters.clone();
    parameters["ReportOn"] = json!("account+trails");
    let mut event = scheduled(ACCOUNT, HOME, "aws", &parameters);
    let invoking = event["invokingEvent"].as_str().unwrap_or_default().replace(SENT_AT, time);
    event["invokingEvent"] = json!(invoking);
    event
}

fn good(name: &str) -> Value {
    trail(HOME, name, &all_s3())
}

fn lossy(name: &str) -> Value {
    trail(HOME, name, &all_s3_but("arn:aws:s3:::payroll/"))
}

#[test]
fn trails_come_and_go_and_no_row_outlives_its_trail() -> Result {
    let elsewhere = trail("eu-west-1", "elsewhere", &all_s3());
    let mut organization = trail_of("999988887777", HOME, "organization", &all_s3());
    organization["trail"]["IsOrganizationTrail"] = json!(true);
    let mut scene = Scene::new(&[good("main"), lossy("narrow"), elsewhere, organization])?;
    scene.bootstrap.invoke_to_answer(&later(0))?;
    let account = |compliance: &str| format!("{ACCOUNT} {compliance}");
    assert_eq!(
        scene.stored()?,
        [account("COMPLIANT"), "main COMPLIANT".into(), "narrow NOT_APPLICABLE".into()]
    );

    scene.change_trails(&[lossy("narrow")])?;
    scene.bootstrap.invoke_to_answer(&later(10))?;
    let gone = [
        account("NON_COMPLIANT"),
        "main NOT_APPLICABLE".to_owned(),
        "narrow NOT_APPLICABLE".to_owned(),
    ];
    assert_eq!(scene.stored()?, gone);

    // An event that was under way for long says nothing against a newer one.
    scene.change_trails(&[good("main"), lossy("narrow")])?;
    scene.bootstrap.invoke_to_answer(&later(5))?;
    assert_eq!(scene.stored()?, gone);

    scene.bootstrap.invoke_to_answer(&later(20))?;
    scene.change_trails(&[])?;
    scene.bootstrap.invoke_to_answer(&later(15))?;
    assert!(scene.stored()?.contains(&"main COMPLIANT".to_owned()), "a newer row is not retired");
    Ok(())
}

#[test]
fn a_deleted_trail_s_own_event_retires_its_row() -> Result {
    let mut scene = Scene::new(&[good("main"), good("second")])?;
    let parameters = json!({"ReportOn": "account+trails"});
    let changed = trail_changed(ACCOUNT, HOME, "aws", &parameters);
    scene.bootstrap.invoke_to_answer(&changed)?;
    assert_eq!(
        scene.stored()?,
        [&format!("{ACCOUNT} COMPLIANT"), "main COMPLIANT", "second COMPLIANT"]
    );

    scene.change_trails(&[good("second")])?;
    let mut deleted = changed;
    let invoking = deleted["invokingEvent"].as_str().unwrap_or_default();
    let invoking = invoking
        .replace(
            "\"configurationItemStatus\":\"OK\"",
            "\"configurationItemStatus\":\"ResourceDeleted\"",
        )
        .replace("2026-11-20T21:49:30.000Z", "2026-11-20T21:49:31.000Z");
    deleted["invokingEvent"] = json!(invoking);
    scene.bootstrap.invoke_to_answer(&deleted)?;
    assert_eq!(
        scene.stored()?,
        [&format!("{ACCOUNT} COMPLIANT"), "main NOT_APPLICABLE", "second COMPLIANT"]
    );
    Ok(())
}

#[test]
fn many_stale_rows_are_listed_over_pages_and_retired_in_batches() -> Result {
    let mut scene = Scene::new(&[good("main")])?;
    let old: Vec<String> = (0..230).map(|number| format!("old-{number:03}")).collect();
    scene.store(TRAIL, &old, SENT_AT_SECONDS - 60.0)?;
    let buckets = ["bucket".to_owned()];
    scene.store("AWS::S3::Bucket", &buckets, SENT_AT_SECONDS - 60.0)?;
    let before = scene.puts()?.len();

    scene.bootstrap.invoke_to_answer(&later(0))?;
    let stored = scene.stored()?;
    assert_eq!(stored.len(), 1 + 1 + 230 + 1);
    let retired = stored.iter().filter(|row| row.ends_with(" NOT_APPLICABLE")).count();
    assert_eq!(retired, 231, "every trail that is not there, and what is no trail");
    let lists = scene.standin.calls_of("GetComplianceDetailsByConfigRule")?;
    assert_eq!(lists.len(), 3);
    assert_eq!(lists[0]["input"]["ConfigRuleName"], RULE_NAME);
    let sizes: Vec<Option<usize>> = scene.puts()?[before..]
        .iter()
        .map(|put| put["input"]["Evaluations"].as_array().map(Vec::len))
        .collect();
    assert_eq!(sizes, [Some(100), Some(100), Some(33)]);
    let first = &scene.puts()?[before]["input"]["Evaluations"][0];
    assert_eq!(first["ComplianceResourceId"], ACCOUNT, "the account comes first");

    scene.bootstrap.invoke_to_answer(&later(1))?;
    assert_eq!(scene.puts()?.len(), before + 4, "what is retired is not retired again");
    Ok(())
}

#[test]
fn what_cannot_be_listed_to_its_end_retires_nothing_and_puts_nothing() -> Result {
    let mut scene = Scene::new(&[good("main")])?;
    let old: Vec<String> = (0..150).map(|number| format!("old-{number:03}")).collect();
    scene.store(TRAIL, &old, SENT_AT_SECONDS - 60.0)?;
    let before = scene.stored()?;
    for code in ["AccessDeniedException", "ThrottlingException", "InternalFailure"] {
        scene.standin.set_faults(&json!([{
            "operation": "GetComplianceDetailsByConfigRule",
            "input": {"NextToken": "100"},
            "code": code,
        }]))?;
        let failed = scene.bootstrap.invoke_to_fail(&later(0))?;
        assert_eq!(failed.error_type, "ResultsUnreadable");
        assert!(failed.message.contains(code), "{}", failed.message);
        assert_eq!(scene.stored()?, before);
    }
    Ok(())
}

#[test]
fn an_account_that_is_read_in_part_retires_nothing() -> Result {
    let mut scene = Scene::new(&[good("main"), good("second")])?;
    scene.bootstrap.invoke_to_answer(&later(0))?;
    let before = scene.stored()?;

    // Of the second trail nothing more is known: its row stays what it was.
    let denied = |operation: &str, input: Value| json!({"operation": operation, "input": input, "code": "AccessDeniedException"});
    let selectors = json!({"TrailName": e2e::trails::arn(HOME, "second")});
    scene.standin.set_faults(&json!([denied("GetEventSelectors", selectors)]))?;
    scene.bootstrap.invoke_to_answer(&later(10))?;
    assert_eq!(scene.stored()?, before);
    let last = scene.puts()?.pop().unwrap_or_default();
    assert_eq!(last["input"]["Evaluations"].as_array().map(Vec::len), Some(2), "{last:#}");

    // Of no trail anything is known.
    scene.standin.set_faults(&json!([denied("DescribeTrails", json!({}))]))?;
    let lists = scene.standin.calls_of("GetComplianceDetailsByConfigRule")?.len();
    let reported = with_time(SENT_AT, &json!({"OnUnreadable": "NOT_APPLICABLE"}));
    scene.bootstrap.invoke_to_answer(&reported)?;
    scene.bootstrap.invoke_to_fail(&later(20))?;
    assert_eq!(scene.standin.calls_of("GetComplianceDetailsByConfigRule")?.len(), lists);
    let trails = |rows: Vec<String>| {
        let mut rows = rows;
        rows.retain(|row| !row.starts_with(ACCOUNT));
        rows
    };
    assert_eq!(trails(scene.stored()?), trails(before));
    Ok(())
}

#[test]
fn rows_that_aws_config_does_not_take_are_put_again_and_then_an_error() -> Result {
    let mut scene = Scene::new(&[good("main"), good("second")])?;
    let failing = |times: Option<u8>| json!([{"operation": "PutEvaluations", "failEvaluations": ["second"], "times": times}]);
    scene.standin.set_faults(&failing(Some(1)))?;
    scene.bootstrap.invoke_to_answer(&later(0))?;
    let puts = scene.puts()?;
    let ids = |put: &Value| {
        let evaluations = put["input"]["Evaluations"].as_array().cloned().unwrap_or_default();
        evaluations.iter().map(|one| one["ComplianceResourceId"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        puts.iter().map(ids).collect::<Vec<_>>(),
        [vec![json!(ACCOUNT), json!("main"), json!("second")], vec![json!("second")]]
    );
    assert_eq!(scene.stored()?.len(), 3);

    scene.standin.set_faults(&failing(None))?;
    let failed = scene.bootstrap.invoke_to_fail(&later(10))?;
    assert_eq!(failed.error_type, "PutEvaluationsFailed");
    // What was taken is right, and the same event again makes it whole.
    scene.standin.set_faults(&json!([]))?;
    scene.bootstrap.invoke_to_answer(&later(10))?;
    let times = |stored: &Value| {
        let rows = stored["evaluations"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| row["OrderingTimestamp"].as_f64()).collect::<Vec<_>>()
    };
    assert_eq!(times(&scene.standin.evaluations()?[0]), [Some(SENT_AT_SECONDS + 10.0); 3]);
    Ok(())
}

#[test]
fn a_putting_that_ends_midway_is_made_whole_by_the_next_try() -> Result {
    let mut scene = Scene::new(&[good("main")])?;
    let old: Vec<String> = (0..150).map(|number| format!("old-{number:03}")).collect();
    scene.store(TRAIL, &old, SENT_AT_SECONDS - 60.0)?;
    // This row is in the second batch.
    scene.standin.set_faults(&json!([
        {"operation": "PutEvaluations", "failEvaluations": ["old-099"]},
    ]))?;
    let failed = scene.bootstrap.invoke_to_fail(&later(0))?;
    assert_eq!(failed.error_type, "PutEvaluationsFailed");
    let stored = scene.stored()?;
    assert!(stored.contains(&format!("{ACCOUNT} COMPLIANT")));
    assert!(stored.contains(&"old-000 NOT_APPLICABLE".to_owned()));
    assert!(stored.contains(&"old-099 COMPLIANT".to_owned()));

    scene.standin.set_faults(&json!([]))?;
    scene.bootstrap.invoke_to_answer(&later(0))?;
    let stored = scene.stored()?;
    assert_eq!(stored.iter().filter(|row| row.ends_with(" COMPLIANT")).count(), 2, "{stored:?}");
    Ok(())
}

#[test]
fn a_rule_whose_results_cannot_be_listed_is_refused_before_anything_is_called() -> Result {
    let mut scene = Scene::new(&[good("main")])?;
    let mut event = later(0);
    event["configRuleName"] = json!("r".repeat(65));
    let failed = scene.bootstrap.invoke_to_fail(&event)?;
    assert_eq!(failed.error_type, "RuleNameTooLong");
    assert_eq!(scene.standin.calls()?, Vec::<Value>::new());
    Ok(())
}
