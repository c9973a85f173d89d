//! `trailproof invoke --live`: the same as the function, with the caller's own credentials.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::boto::Boto;
use e2e::cli::{Aws, Ran, trailproof};
use e2e::event::scheduled;
use e2e::servers::{Moto, Standin, world_of};
use e2e::trails::{ACCOUNT, account, all_s3, all_s3_but, trail};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";
const WITH_EVENT: [&str; 6] = ["invoke", "--live", "--event", "-", "--format", "json"];

fn lossy() -> Value {
    account(&[trail(HOME, "main", &all_s3_but("arn:aws:s3:::payroll/"))])
}

fn run(endpoint: &str, arguments: &[&str], event: &Value) -> Result<Ran> {
    let aws = Aws { endpoint, region: HOME };
    trailproof(aws, arguments, &event.to_string())
}

#[test]
fn it_puts_what_the_function_puts() -> Result {
    let standin = Standin::start()?;
    let mut bootstrap = Bootstrap::start(&standin.url(), HOME)?;
    for (snapshot, parameters, compliance, code) in [
        (lossy(), json!({}), "NON_COMPLIANT", 1),
        (lossy(), json!({"AllowedUnloggedBuckets": "payroll"}), "COMPLIANT", 0),
        (
            account(&[trail(HOME, "main", &all_s3())]),
            json!({"EventKinds": "write,read"}),
            "COMPLIANT",
            0,
        ),
        (account(&[]), json!({"TrailMode": "every"}), "NON_COMPLIANT", 1),
    ] {
        let event = scheduled(ACCOUNT, HOME, "aws", &parameters);
        standin.set_world(&world_of(&snapshot))?;
        bootstrap.invoke_to_answer(&event)?;
        let by_function = standin.evaluations()?;

        standin.set_world(&world_of(&snapshot))?;
        let ran = run(&standin.url(), &WITH_EVENT, &event)?;
        standin.check_models()?;
        assert_eq!((ran.code, ran.stderr.as_str()), (code, ""), "{ran:?}");
        assert_eq!(standin.evaluations()?, by_function);
        assert_eq!(by_function[0]["evaluations"][0]["ComplianceType"], compliance);
        let shown = &ran.json()?["putEvaluations"];
        assert_eq!(shown["Evaluations"][0]["ComplianceType"], compliance);
        assert_eq!(shown["ResultToken"], "(not shown)");
    }
    Ok(())
}

#[test]
fn its_own_event_stores_nothing() -> Result {
    let moto = Moto::start()?;
    let mut user = Boto::start(&moto.url())?;
    user.call(HOME, "s3", "create_bucket", json!({"Bucket": "trail-logs"}))??;
    let main = json!({"Name": "main", "S3BucketName": "trail-logs", "IsMultiRegionTrail": true});
    user.call(HOME, "cloudtrail", "create_trail", main)??;
    let selectors = json!({"TrailName": "main", "AdvancedEventSelectors": all_s3()});
    user.call(HOME, "cloudtrail", "put_event_selectors", selectors)??;
    user.call(HOME, "cloudtrail", "start_logging", json!({"Name": "main"}))??;
    let ran = run(&moto.url(), &["invoke", "--live", "--format", "json"], &Value::Null)?;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let shown = &ran.json()?["putEvaluations"];
    assert_eq!(shown["TestMode"], true);
    assert_eq!(shown["Evaluations"][0]["ComplianceResourceId"], "123456789012");

    let standin = Standin::with(&world_of(&lossy()))?;
    let ran = run(&standin.url(), &["invoke", "--live"], &Value::Null)?;
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(standin.calls_of("PutEvaluations")?[0]["input"]["TestMode"], true);
    assert_eq!(standin.evaluations()?, Vec::<Value>::new());
    standin.check_models()
}

#[test]
fn without_live_it_calls_nobody() -> Result {
    let standin = Standin::with(&world_of(&lossy()))?;
    let ran = run(&standin.url(), &["invoke"], &Value::Null)?;
    assert_eq!(ran.code, 1, "the embedded sample loses events");
    let ran = run(&standin.url(), &["invoke", "--snapshot", "-"], &lossy())?;
    assert_eq!(ran.code, 1);
    let event = scheduled("111122223333", HOME, "aws", &json!({}));
    run(&standin.url(), &["invoke", "--event", "-"], &event)?;
    assert_eq!(standin.calls()?, Vec::<Value>::new());
    Ok(())
}

#[test]
fn an_undecided_account_is_not_reported() -> Result {
    let mut world = world_of(&account(&[trail(HOME, "main", &all_s3())]));
    world["faults"] = json!([{"operation": "GetEventSelectors", "code": "AccessDeniedException"}]);
    let standin = Standin::with(&world)?;
    let ran = run(&standin.url(), &WITH_EVENT, &scheduled(ACCOUNT, HOME, "aws", &json!({})))?;
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(ran.json()?["putEvaluations"], Value::Null);
    assert!(ran.stderr.starts_with("error: nothing was put: "), "{}", ran.stderr);
    assert_eq!(standin.evaluations()?, Vec::<Value>::new());
    Ok(())
}

#[test]
fn what_cannot_be_put_is_an_error() -> Result {
    let mut world = world_of(&lossy());
    world["faults"] = json!([{"operation": "PutEvaluations", "code": "AccessDeniedException"}]);
    let standin = Standin::with(&world)?;
    let event = scheduled(ACCOUNT, HOME, "aws", &json!({}));
    let ran = run(&standin.url(), &WITH_EVENT, &event)?;
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("AccessDeniedException"), "{}", ran.stderr);

    let other = scheduled("999988887777", HOME, "aws", &json!({}));
    let ran = run(&standin.url(), &WITH_EVENT, &other)?;
    assert_eq!(ran.code, 2, "an event of another account: {ran:?}");
    assert!(ran.stderr.contains("999988887777"), "{}", ran.stderr);
    assert_eq!(standin.evaluations()?, Vec::<Value>::new());
    Ok(())
}
