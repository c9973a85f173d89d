//! How an account is read: which calls, where, and that nothing of the answers is lost.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::cli::{Aws, Ran, trailproof};
use e2e::event::{scheduled, trail_changed};
use e2e::servers::{Standin, world_of};
use e2e::trails::{ACCOUNT, account, all_s3, all_s3_but, arn, s3_where, trail, trail_of};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";
const FAR: &str = "eu-west-1";
const MANAGEMENT: &str = "999988887777";

fn run(standin: &Standin, arguments: &[&str]) -> Result<Ran> {
    let url = standin.url();
    trailproof(Aws { endpoint: &url, region: HOME }, arguments, "")
}

fn audit(standin: &Standin, arguments: &[&str]) -> Result<(i32, Value)> {
    let ran = run(standin, &[&["audit", "--format", "json"], arguments].concat())?;
    standin.check_models()?;
    let mut report = ran.json()?;
    Ok((ran.code, report["results"][0].take()))
}

fn invoke(standin: &Standin, event: &Value) -> Result<Value> {
    Bootstrap::start(&standin.url(), HOME)?.invoke_to_answer(event)?;
    standin.check_models()?;
    Ok(standin.evaluations()?[0]["evaluations"].clone())
}

/// Region and input of an operation's calls, in a stable order.
fn asked(standin: &Standin, operation: &str) -> Result<Vec<(String, String)>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let mut asked: Vec<_> = standin
        .calls_of(operation)?
        .iter()
        .map(|call| (text(&call["region"]), call["input"].to_string()))
        .collect();
    asked.sort();
    Ok(asked)
}

#[test]
fn each_trail_is_asked_for_by_arn_in_its_home_region() -> Result {
    let near = trail(HOME, "near", &all_s3_but("arn:aws:s3:::payroll/"));
    let far = trail(FAR, "far", &all_s3());
    let standin = Standin::with(&world_of(&account(&[near, far])))?;
    let event = scheduled(ACCOUNT, HOME, "aws", &json!({}));
    assert_eq!(invoke(&standin, &event)?[0]["ComplianceType"], "COMPLIANT");

    let home = |region: &str, member: &str, name: &str| {
        (region.to_string(), format!("{{\"{member}\":\"{}\"}}", arn(region, name)))
    };
    assert_eq!(
        asked(&standin, "GetEventSelectors")?,
        [home(FAR, "TrailName", "far"), home(HOME, "TrailName", "near")],
    );
    assert_eq!(
        asked(&standin, "GetTrailStatus")?,
        [home(FAR, "Name", "far"), home(HOME, "Name", "near")],
    );
    assert_eq!(asked(&standin, "DescribeTrails")?.len(), 1);
    assert_eq!(asked(&standin, "DescribeTrails")?[0].0, HOME);
    let services: Vec<Value> =
        standin.calls()?.iter().map(|call| call["operation"].clone()).collect();
    assert_eq!(services.len(), 6, "and PutEvaluations, and nothing else: {services:?}");
    Ok(())
}

#[test]
fn the_function_reads_and_reports_in_the_rule_s_region() -> Result {
    let mut seen_from_far = account(&[trail(HOME, "main", &all_s3())]);
    seen_from_far["region"] = json!(FAR);
    let standin = Standin::with(&world_of(&seen_from_far))?;
    let event = scheduled(ACCOUNT, FAR, "aws", &json!({}));
    assert_eq!(invoke(&standin, &event)?[0]["ComplianceType"], "COMPLIANT");
    assert_eq!(asked(&standin, "DescribeTrails")?[0].0, FAR);
    assert_eq!(asked(&standin, "PutEvaluations")?[0].0, FAR);
    assert_eq!(asked(&standin, "GetTrailStatus")?[0].0, HOME);
    Ok(())
}

#[test]
fn selectors_that_the_summary_denies_are_read_all_the_same() -> Result {
    let mut denied = trail(HOME, "denied", &all_s3());
    denied["trail"]["HasCustomEventSelectors"] = json!(false);
    let standin = Standin::with(&world_of(&account(&[denied])))?;
    assert_eq!(audit(&standin, &[])?.0, 0);
    assert_eq!(asked(&standin, "GetEventSelectors")?.len(), 1);
    Ok(())
}

#[test]
fn default_selectors_that_may_not_be_read_log_no_data_events() -> Result {
    let mut plain = trail(HOME, "plain", &json!([]));
    plain["trail"]["HasCustomEventSelectors"] = json!(false);
    let mut world = world_of(&account(&[plain]));
    world["faults"] = json!([{
        "operation": "GetEventSelectors",
        "code": "AccessDeniedException",
        "message": "not authorized",
    }]);
    let standin = Standin::with(&world)?;
    let (code, result) = audit(&standin, &[])?;
    assert_eq!((code, &result["verdict"]), (1, &json!("NON_COMPLIANT")));
    Ok(())
}

#[test]
fn an_organization_s_trail_counts_where_its_selectors_can_be_read() -> Result {
    let mut organization = trail_of(MANAGEMENT, HOME, "organization", &all_s3());
    organization["trail"]["IsOrganizationTrail"] = json!(true);
    let mut world = world_of(&account(&[organization]));
    let standin = Standin::with(&world)?;
    assert_eq!(audit(&standin, &[])?.0, 0);

    let theirs = format!("arn:aws:cloudtrail:{HOME}:{MANAGEMENT}:trail/organization");
    world["faults"] = json!([{
        "operation": "GetEventSelectors",
        "input": {"TrailName": theirs},
        "code": "CloudTrailARNInvalidException",
        "message": "AccountID in ARN is wrong",
    }]);
    standin.set_world(&world)?;
    let (code, result) = audit(&standin, &[])?;
    assert_eq!((code, &result["verdict"]), (3, &json!("INDETERMINATE")));
    let unknowns = result["unknowns"].to_string();
    assert!(unknowns.contains("CloudTrailARNInvalidException"), "{unknowns}");
    Ok(())
}

#[test]
fn an_operator_that_nobody_knows_yet_is_not_dropped() -> Result {
    let selectors = s3_where(&json!({"Field": "resources.ARN", "NotContains": ["payroll"]}));
    let mut world = world_of(&account(&[trail(HOME, "main", &selectors)]));
    world["beyondModel"] = json!(["GetEventSelectors"]);
    let standin = Standin::with(&world)?;
    let (code, result) = audit(&standin, &[])?;
    assert_eq!((code, &result["verdict"]), (3, &json!("INDETERMINATE")));
    let unknowns = result["unknowns"].to_string();
    assert!(unknowns.contains("NotContains"), "{unknowns}");

    let snapshot = run(&standin, &["snapshot"])?.json()?;
    assert_eq!(
        snapshot["trails"][0]["eventSelectors"]["AdvancedEventSelectors"], selectors,
        "AWS's own JSON, unchanged",
    );
    Ok(())
}

#[test]
fn a_snapshot_holds_what_aws_said() -> Result {
    let described = account(&[trail(HOME, "main", &all_s3()), trail(FAR, "far", &all_s3())]);
    let standin = Standin::with(&world_of(&described))?;
    let ran = run(&standin, &["snapshot"])?;
    assert_eq!(ran.code, 0);
    let snapshot = ran.json()?;
    for member in ["schemaVersion", "accountId", "partition", "region"] {
        assert_eq!(snapshot[member], described[member], "{member}");
    }
    for (found, said) in [(0, 0), (1, 1)] {
        let (found, said) = (&snapshot["trails"][found], &described["trails"][said]);
        assert_eq!(found["trail"], said["trail"]);
        assert_eq!(found["eventSelectors"], said["eventSelectors"]);
        assert_eq!(found["status"]["IsLogging"], true);
    }
    Ok(())
}

#[test]
fn what_cannot_be_read_is_in_the_snapshot() -> Result {
    let mut world = world_of(&account(&[trail(HOME, "main", &all_s3())]));
    world["faults"] = json!([
        {"operation": "GetEventSelectors", "code": "AccessDeniedException", "message": "no"},
    ]);
    let standin = Standin::with(&world)?;
    let ran = run(&standin, &["snapshot"])?;
    assert_eq!(ran.code, 0);
    let snapshot = ran.json()?;
    assert_eq!(snapshot["trails"][0]["eventSelectors"], Value::Null);
    assert_eq!(
        snapshot["trails"][0]["unreadable"],
        json!([{"call": "GetEventSelectors", "code": "AccessDeniedException", "message": "no"}]),
    );
    assert!(ran.stderr.contains("GetEventSelectors"), "{}", ran.stderr);
    Ok(())
}

#[test]
fn a_change_is_ordered_by_its_capture_time() -> Result {
    let standin = Standin::with(&world_of(&account(&[trail(HOME, "main", &all_s3())])))?;
    let put = invoke(&standin, &trail_changed(ACCOUNT, HOME, "aws", &json!({})))?;
    assert_eq!(put[0]["ComplianceResourceType"], "AWS::::Account");
    assert_eq!(put[0]["OrderingTimestamp"], 1_795_211_370, "2026-11-20T21:49:30Z");
    Ok(())
}

#[test]
fn of_two_kinds_the_worse_verdict_is_put_first() -> Result {
    let writes = s3_where(&json!({"Field": "readOnly", "Equals": ["false"]}));
    let standin = Standin::with(&world_of(&account(&[trail(HOME, "main", &writes)])))?;
    let event = scheduled(ACCOUNT, HOME, "aws", &json!({"EventKinds": "write,read"}));
    let put = invoke(&standin, &event)?;
    assert_eq!(put[0]["ComplianceType"], "NON_COMPLIANT");
    let annotation = put[0]["Annotation"].as_str().unwrap_or_default();
    assert!(annotation.starts_with("NON_COMPLIANT for read events: "), "{annotation}");
    assert_eq!(put.as_array().map(Vec::len), Some(1));
    Ok(())
}

#[test]
fn denied_trails_are_undecided_for_the_command_too() -> Result {
    let mut world = world_of(&account(&[]));
    world["faults"] = json!([{"operation": "DescribeTrails", "code": "AccessDeniedException"}]);
    let standin = Standin::with(&world)?;
    let (code, result) = audit(&standin, &[])?;
    assert_eq!((code, &result["verdict"]), (3, &json!("INDETERMINATE")));
    Ok(())
}
