//! The function as the Automation document of a remediation invokes it, on trails in moto's server.

use std::time::Duration;

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::moto::{ACCOUNT, Account, HOME};
use e2e::servers::Moto;
use e2e::trails::all_s3_but;
use serde_json::{Value, json};

fn selectors(account: &mut Account) -> Result<Value> {
    let mut shown = account.call(HOME, "get_event_selectors", json!({"TrailName": "main"}))?;
    Ok(shown["AdvancedEventSelectors"].take())
}

/// What the document asks of the function, with these members.
fn event(members: &Value) -> Value {
    let mut event = json!({
        "remediation": "fix", "accountId": ACCOUNT, "apply": "false",
        "allowManagedTrails": "false", "logBucket": "", "EventKinds": "write",
    });
    for (name, value) in members.as_object().into_iter().flatten() {
        event[name] = value.clone();
    }
    event
}

#[test]
fn the_fix_is_worked_out_and_made_only_where_that_is_asked() -> Result {
    let moto = Moto::start_corrected()?;
    let mut account = Account::at(&moto.url())?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    account.call(HOME, "stop_logging", json!({"Name": "main"}))?;
    let before = selectors(&mut account)?;
    let mut function = Bootstrap::start(&moto.url(), HOME)?;

    let planned = function.invoke_to_answer(&event(&json!({})))?;
    assert_eq!(planned["outcome"], "PLANNED", "{planned:#}");
    assert_eq!(planned["fix"]["changes"].as_array().map(Vec::len), Some(2), "{planned:#}");
    assert_eq!(selectors(&mut account)?, before);
    assert_eq!(account.audit(&[])?.0, 1);

    let applied = function.invoke_to_answer(&event(&json!({"apply": "true"})))?;
    assert_eq!(applied["outcome"], "APPLIED", "{applied:#}");
    assert_eq!(applied["fix"]["changes"], planned["fix"]["changes"]);
    assert_ne!(selectors(&mut account)?, before);
    assert_eq!(account.audit(&[])?.0, 0);
    // The way back was logged before the first call.
    let log = function.log();
    let undo = log.find("can be undone").ok_or("no way back in the log")?;
    assert!(log.find("a call is about to be made").is_some_and(|call| undo < call), "{log}");

    // AWS Config may start a remediation of an account that complies.
    let again = function.invoke_to_answer(&event(&json!({"apply": "true"})))?;
    assert_eq!((&again["outcome"], &again["fix"]["changes"]), (&json!("COMPLIANT"), &json!([])));
    Ok(())
}

#[test]
fn a_stack_s_trail_is_changed_only_where_that_is_allowed() -> Result {
    let moto = Moto::start_corrected()?;
    let mut account = Account::at(&moto.url())?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    let trail = format!("arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/main");
    let tag = json!({"Key": "aws:cloudformation:stack-name", "Value": "logging"});
    account.call(HOME, "add_tags", json!({"ResourceId": trail, "TagsList": [tag]}))?;
    let before = selectors(&mut account)?;
    let mut function = Bootstrap::start(&moto.url(), HOME)?;
    let refused = function.invoke_to_fail(&event(&json!({"apply": "true"})))?;
    assert_eq!(refused.error_type, "ManagedElsewhere", "{refused:?}");
    assert!(refused.message.contains("the stack logging"), "{refused:?}");
    assert_eq!(selectors(&mut account)?, before);
    let allowed = event(&json!({"apply": "true", "allowManagedTrails": "true"}));
    assert_eq!(function.invoke_to_answer(&allowed)?["outcome"], "APPLIED");
    assert_eq!(account.audit(&[])?.0, 0);
    Ok(())
}

#[test]
fn what_cannot_be_remediated_is_an_error_and_changes_nothing() -> Result {
    let moto = Moto::start_corrected()?;
    let mut account = Account::at(&moto.url())?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    let before = selectors(&mut account)?;
    let mut function = Bootstrap::start(&moto.url(), HOME)?;
    let apply = event(&json!({"apply": "true"}));
    let other = function.invoke_in("aws", HOME, "999988887777", &apply)?.failed()?;
    assert_eq!(other.error_type, "WrongAccount", "{other:?}");
    let unknown = function.invoke_to_fail(&event(&json!({"Kinds": "write"})))?;
    assert_eq!(unknown.error_type, "InvalidParameters", "{unknown:?}");
    let malformed = function.invoke_to_fail(&event(&json!({"apply": "yes"})))?;
    assert_eq!(malformed.error_type, "InvalidEvent", "{malformed:?}");
    // No call is begun that could not be looked at afterwards.
    let short = function.invoke_within(&apply, Duration::from_secs(8))?.failed()?;
    assert_eq!(short.error_type, "Stopped", "{short:?}");
    assert!(short.message.contains("time is nearly over"), "{short:?}");
    assert!(short.message.contains("as before"), "{short:?}");
    assert_eq!(selectors(&mut account)?, before);
    Ok(())
}
