//! The parameter `SecurityHub`: the real function, importing findings into the stand-in.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::cli::{Aws, trailproof};
use e2e::event::{RULE_NAME, SENT_AT, scheduled};
use e2e::servers::{Standin, world_of};
use e2e::trails::{ACCOUNT, account, all_s3, all_s3_but, trail, trail_of};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";

fn lossy() -> Value {
    account(&[trail(HOME, "main", &all_s3_but("arn:aws:s3:::payroll/"))])
}

fn world_with_hub(snapshot: &Value) -> Value {
    let mut world = world_of(snapshot);
    world["hubs"] = json!([[snapshot["accountId"], snapshot["region"]]]);
    world
}

fn asked() -> Value {
    scheduled(ACCOUNT, HOME, "aws", &json!({"SecurityHub": "asff"}))
}

fn asked_at(time: &str) -> Value {
    let mut event = asked();
    let invoking = event["invokingEvent"].as_str().unwrap_or_default().replace(SENT_AT, time);
    event["invokingEvent"] = json!(invoking);
    event
}

#[test]
fn the_finding_says_what_aws_config_is_told_and_more() -> Result {
    let standin = Standin::with(&world_with_hub(&lossy()))?;
    let mut bootstrap = Bootstrap::start(&standin.url(), HOME)?;
    bootstrap.invoke_to_answer(&asked())?;
    standin.check_models()?;
    let evaluation = &standin.evaluations()?[0]["evaluations"][0];
    assert_eq!(evaluation["ComplianceType"], "NON_COMPLIANT");
    let [finding] = &standin.findings()?[..] else {
        return Err("one finding was expected".into());
    };
    assert_eq!(finding["Id"], format!("{RULE_NAME}/{ACCOUNT}/{HOME}/s3-object-level-write"));
    assert_eq!(finding["Compliance"]["Status"], "FAILED");
    assert_eq!(finding["FindingProviderFields"]["Severity"]["Label"], "MEDIUM");
    assert_eq!(finding["UpdatedAt"], SENT_AT);
    let annotation = evaluation["Annotation"].as_str().unwrap_or_default();
    // The finding has the fix in a member of its own.
    let said = annotation.split("; fix: ").next().and_then(|text| text.split_once(": "));
    let description = finding["Description"].as_str().unwrap_or_default();
    assert!(said.is_some_and(|(_, said)| description.starts_with(said)), "{annotation}");
    let fix = finding["Remediation"]["Recommendation"]["Text"].as_str().unwrap_or_default();
    assert!(fix.contains("trail/main"), "{fix}");

    let calls = standin.calls()?;
    let operations: Vec<&str> =
        calls.iter().filter_map(|call| call["operation"].as_str()).collect();
    assert_eq!(operations.last_chunk(), Some(&["PutEvaluations", "BatchImportFindings"]));
    Ok(())
}

#[test]
fn each_run_updates_the_finding_unless_it_is_older() -> Result {
    let standin = Standin::start()?;
    let mut bootstrap = Bootstrap::start(&standin.url(), HOME)?;
    let good = account(&[trail(HOME, "main", &all_s3())]);
    standin.set_world(&world_with_hub(&lossy()))?;
    for (snapshot, time, status) in [
        (lossy(), "2026-11-20T21:50:00.373Z", "FAILED"),
        (good.clone(), "2026-11-20T22:50:00.373Z", "PASSED"),
        (lossy(), "2026-11-20T20:50:00.373Z", "PASSED"),
    ] {
        standin.set_account(&snapshot)?;
        bootstrap.invoke_to_answer(&asked_at(time))?;
        let stored = Value::from(standin.findings()?);
        assert_eq!(stored[0]["Compliance"]["Status"], status, "{time}");
        assert_eq!(stored.as_array().map(Vec::len), Some(1));
    }
    Ok(())
}

#[test]
fn an_import_that_fails_is_logged_and_fails_nothing() -> Result {
    let standin = Standin::start()?;
    let fault = |code: &str| json!([{"operation": "BatchImportFindings", "code": code}]);
    for (world, faults, error_type) in [
        (world_of(&lossy()), json!([]), "SecurityHubInvalidAccess"),
        (world_with_hub(&lossy()), fault("AccessDeniedException"), "SecurityHubCallFailed"),
    ] {
        standin.set_world(&world)?;
        standin.set_faults(&faults)?;
        let mut bootstrap = Bootstrap::start(&standin.url(), HOME)?;
        bootstrap.invoke_to_answer(&asked())?;
        assert_eq!(standin.findings()?, Vec::<Value>::new());
        assert_eq!(standin.evaluations()?[0]["evaluations"][0]["ComplianceType"], "NON_COMPLIANT");
        bootstrap.logs(&["WARN", error_type])?;
    }
    Ok(())
}

#[test]
fn a_hub_that_is_busy_is_asked_again() -> Result {
    let standin = Standin::with(&world_with_hub(&lossy()))?;
    standin.set_faults(&json!([{
        "operation": "BatchImportFindings", "code": "LimitExceededException", "status": 429,
        "times": 2,
    }]))?;
    Bootstrap::start(&standin.url(), HOME)?.invoke_to_answer(&asked())?;
    assert_eq!(standin.outcomes_of("BatchImportFindings")?.len(), 3);
    assert_eq!(standin.findings()?.len(), 1);
    Ok(())
}

#[test]
fn nothing_is_imported_that_was_not_asked_for() -> Result {
    let standin = Standin::with(&world_with_hub(&lossy()))?;
    let mut bootstrap = Bootstrap::start(&standin.url(), HOME)?;
    bootstrap.invoke_to_answer(&scheduled(ACCOUNT, HOME, "aws", &json!({})))?;
    let mut test = asked();
    test["resultToken"] = json!("TESTMODE");
    bootstrap.invoke_to_answer(&test)?;
    assert_eq!(standin.outcomes_of("PutEvaluations")?, ["OK", "OK"]);
    assert_eq!(standin.outcomes_of("BatchImportFindings")?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_members_findings_are_imported_in_the_member() -> Result {
    let member = "444455556666";
    let mut snapshot = account(&[trail_of(member, HOME, "main", &all_s3())]);
    snapshot["accountId"] = json!(member);
    let mut world = world_with_hub(&snapshot);
    world["caller"] = json!(ACCOUNT);
    world["accounts"] = json!([account(&[]), snapshot]);
    world["roles"] = json!([format!("arn:aws:iam::{member}:role/trailproof")]);
    let standin = Standin::with(&world)?;
    let parameters = json!({"SecurityHub": "asff", "MemberRoleName": "trailproof"});
    let event = scheduled(member, HOME, "aws", &parameters);
    let mut bootstrap = Bootstrap::start(&standin.url(), HOME)?;
    bootstrap.invoke_in("aws", HOME, ACCOUNT, &event)?;
    standin.check_models()?;
    let findings = standin.findings()?;
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["AwsAccountId"], member);
    assert_eq!(findings[0]["Compliance"]["Status"], "PASSED");
    assert_eq!(standin.calls_of("BatchImportFindings")?[0]["accountId"], member);
    Ok(())
}

#[test]
fn invoke_imports_what_the_function_imports_and_only_live() -> Result {
    let standin = Standin::with(&world_with_hub(&lossy()))?;
    Bootstrap::start(&standin.url(), HOME)?.invoke_to_answer(&asked())?;
    let by_function = standin.findings()?;
    let aws = Aws { endpoint: &standin.url(), region: HOME };
    let event = asked().to_string();
    let run = |arguments: &[&str]| {
        trailproof(aws, &[&["invoke", "--event", "-"], arguments].concat(), &event)
    };

    standin.set_world(&world_with_hub(&lossy()))?;
    let shown = run(&["--format", "json"])?.json()?;
    assert_eq!(shown["batchImportFindings"]["Findings"][0]["AwsAccountId"], ACCOUNT);
    assert!(run(&[])?.stdout.contains("\nBatchImportFindings request:\n"));
    assert_eq!(standin.calls()?, Vec::<Value>::new());

    let live = run(&["--live", "--format", "json"])?;
    assert_eq!((live.code, live.stderr.as_str()), (1, ""), "{live:?}");
    assert_eq!(live.json()?["batchImportFindings"]["Findings"], json!(by_function));
    assert_eq!(standin.findings()?, by_function);

    standin.set_world(&world_of(&lossy()))?;
    let off = run(&["--live"])?;
    assert_eq!(off.code, 1, "the verdict's own");
    assert!(off.stderr.starts_with("warning: the findings were not imported: "), "{off:?}");
    Ok(())
}
