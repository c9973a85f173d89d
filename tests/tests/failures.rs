//! What goes wrong at AWS: an error, or a report that says so, but never a false verdict.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::event::scheduled;
use e2e::servers::{Standin, world_of};
use e2e::trails::{ACCOUNT, account, all_s3, all_s3_but, arn, s3_where, trail};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";

/// A function and the account that it evaluates.
struct Scene {
    standin: Standin,
    bootstrap: Bootstrap,
}

impl Scene {
    fn new(trails: &[Value]) -> Result<Self> {
        Self::with(trails, &[])
    }

    /// With two tries a call, where all of them are to fail: the rest would only be waiting.
    fn impatient(trails: &[Value]) -> Result<Self> {
        Self::with(trails, &[("AWS_MAX_ATTEMPTS", "2")])
    }

    fn with(trails: &[Value], variables: &[(&str, &str)]) -> Result<Self> {
        let standin = Standin::with(&world_of(&account(trails)))?;
        let bootstrap = Bootstrap::start_with(&standin.url(), HOME, variables)?;
        Ok(Self { standin, bootstrap })
    }

    fn event(parameters: &Value) -> Value {
        scheduled(ACCOUNT, HOME, "aws", parameters)
    }

    /// Invokes, and says what is stored for the account: compliance and annotation.
    fn put(&mut self, parameters: &Value) -> Result<(String, String)> {
        self.bootstrap.invoke_to_answer(&Self::event(parameters))?;
        self.standin.check_models()?;
        let stored = self.standin.evaluations()?;
        assert_eq!(stored.len(), 1, "{stored:?}");
        let evaluations = &stored[0]["evaluations"];
        assert_eq!(evaluations.as_array().map(Vec::len), Some(1), "{evaluations}");
        let text = |member: &str| evaluations[0][member].as_str().unwrap_or_default().to_string();
        Ok((text("ComplianceType"), text("Annotation")))
    }

    /// Invokes, which must fail with nothing put; the error's type and message.
    fn fail(&mut self, parameters: &Value) -> Result<(String, String)> {
        let failed = self.bootstrap.invoke_to_fail(&Self::event(parameters))?;
        self.standin.check_models()?;
        assert_eq!(self.standin.evaluations()?, Vec::<Value>::new(), "nothing is put");
        Ok((failed.error_type, failed.message))
    }
}

fn main_trail() -> Value {
    trail(HOME, "main", &all_s3())
}

fn denied(operation: &str) -> Value {
    json!({"operation": operation, "code": "AccessDeniedException", "message": "not yours to see"})
}

#[test]
fn denied_selectors_of_the_only_trail_leave_the_account_undecided() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    scene.standin.set_faults(&json!([denied("GetEventSelectors")]))?;
    let (kind, message) = scene.fail(&json!({}))?;
    assert_eq!(kind, "Indeterminate");
    assert!(message.contains(&arn(HOME, "main")), "{message}");
    assert!(message.contains("event selectors"), "{message}");
    assert_eq!(scene.standin.outcomes_of("PutEvaluations")?, Vec::<String>::new());

    for choice in ["NON_COMPLIANT", "NOT_APPLICABLE"] {
        let (compliance, annotation) = scene.put(&json!({"OnUnreadable": choice}))?;
        assert_eq!(compliance, choice);
        assert!(annotation.contains("AccessDeniedException"), "{annotation}");
    }
    Ok(())
}

/// Nothing fails here, and that is the point: an error would keep the COMPLIANT of before.
#[test]
fn an_ambiguous_selector_takes_the_place_of_the_last_compliant() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    assert_eq!(scene.put(&json!({}))?.0, "COMPLIANT");

    let ambiguous = s3_where(&json!({"Field": "newField", "Equals": ["x"]}));
    let mut scene = Scene::new(&[trail(HOME, "main", &ambiguous)])?;
    let (compliance, annotation) = scene.put(&json!({}))?;
    assert_eq!(compliance, "NON_COMPLIANT");
    assert!(annotation.starts_with("INDETERMINATE: "), "{annotation}");
    assert!(annotation.contains("`newField`"), "{annotation}");

    let mut scene = Scene::new(&[trail(HOME, "main", &ambiguous)])?;
    assert_eq!(scene.fail(&json!({"OnIndeterminate": "ERROR"}))?.0, "Indeterminate");
    Ok(())
}

#[test]
fn denied_selectors_beside_a_good_trail_do_no_harm() -> Result {
    let mut scene = Scene::new(&[main_trail(), trail(HOME, "other", &all_s3())])?;
    let mut fault = denied("GetEventSelectors");
    fault["input"] = json!({"TrailName": arn(HOME, "other")});
    scene.standin.set_faults(&json!([fault]))?;
    assert_eq!(scene.put(&json!({}))?.0, "COMPLIANT");
    assert_eq!(scene.standin.outcomes_of("GetEventSelectors")?.len(), 2);
    Ok(())
}

#[test]
fn a_denied_status_leaves_the_account_undecided() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    scene.standin.set_faults(&json!([denied("GetTrailStatus")]))?;
    let (kind, message) = scene.fail(&json!({}))?;
    assert_eq!(kind, "Indeterminate");
    assert!(message.contains("whether it is logging"), "{message}");
    Ok(())
}

#[test]
fn a_trail_that_loses_events_whatever_its_status_is_non_compliant() -> Result {
    let mut scene = Scene::new(&[trail(HOME, "main", &all_s3_but("arn:aws:s3:::payroll/"))])?;
    scene.standin.set_faults(&json!([denied("GetTrailStatus")]))?;
    let (compliance, annotation) = scene.put(&json!({}))?;
    assert_eq!(compliance, "NON_COMPLIANT");
    assert!(annotation.contains("payroll"), "{annotation}");
    Ok(())
}

#[test]
fn trails_that_cannot_be_listed_are_an_error() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    scene.standin.set_faults(&json!([denied("DescribeTrails")]))?;
    let (kind, message) = scene.fail(&json!({}))?;
    assert_eq!(kind, "TrailsUnreadable");
    assert!(message.contains("DescribeTrails"), "{message}");
    assert!(message.contains("not yours to see"), "{message}");
    let (compliance, _) = scene.put(&json!({"OnUnreadable": "NOT_APPLICABLE"}))?;
    assert_eq!(compliance, "NOT_APPLICABLE");
    Ok(())
}

#[test]
fn throttling_is_waited_out() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    let throttled = |operation, times| json!({"operation": operation, "code": "ThrottlingException", "message": "Rate exceeded", "times": times});
    scene.standin.set_faults(&json!([
        throttled("DescribeTrails", 1),
        throttled("GetEventSelectors", 2),
        throttled("PutEvaluations", 1),
    ]))?;
    assert_eq!(scene.put(&json!({}))?.0, "COMPLIANT");
    let outcomes = |operation| scene.standin.outcomes_of(operation);
    assert_eq!(outcomes("DescribeTrails")?, ["ThrottlingException", "OK"]);
    assert_eq!(
        outcomes("GetEventSelectors")?,
        ["ThrottlingException", "ThrottlingException", "OK"]
    );
    assert_eq!(outcomes("PutEvaluations")?, ["ThrottlingException", "OK"]);
    Ok(())
}

#[test]
fn throttling_without_end_leaves_the_account_undecided() -> Result {
    let mut scene = Scene::impatient(&[main_trail()])?;
    scene
        .standin
        .set_faults(&json!([{"operation": "GetEventSelectors", "code": "ThrottlingException"}]))?;
    let (kind, message) = scene.fail(&json!({}))?;
    assert_eq!(kind, "Indeterminate");
    assert!(message.contains("event selectors"), "{message}");
    assert_eq!(scene.standin.outcomes_of("GetEventSelectors")?, ["ThrottlingException"; 2]);
    Ok(())
}

#[test]
fn server_errors_are_tried_again_and_then_are_errors() -> Result {
    let mut scene = Scene::impatient(&[main_trail()])?;
    let broken = |operation, times: Option<u8>| json!({"operation": operation, "code": "InternalFailure", "times": times});
    scene.standin.set_faults(&json!([broken("PutEvaluations", None)]))?;
    assert_eq!(scene.fail(&json!({}))?.0, "PutEvaluationsFailed");
    scene.standin.set_faults(&json!([broken("DescribeTrails", None)]))?;
    let (kind, message) = scene.fail(&json!({}))?;
    assert_eq!(kind, "TrailsUnreadable");
    assert!(message.contains("InternalFailure"), "{message}");
    scene.standin.set_faults(&json!([
        broken("DescribeTrails", Some(1)),
        broken("GetTrailStatus", Some(1)),
        broken("PutEvaluations", Some(1)),
    ]))?;
    assert_eq!(scene.put(&json!({}))?.0, "COMPLIANT", "the same process recovers");
    Ok(())
}

#[test]
fn evaluations_that_aws_config_does_not_take_are_put_once_more() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    let failing = |times: Option<u8>| json!([{"operation": "PutEvaluations", "failEvaluations": true, "times": times}]);
    scene.standin.set_faults(&failing(None))?;
    let (kind, _) = scene.fail(&json!({}))?;
    assert_eq!(kind, "PutEvaluationsFailed");
    assert_eq!(scene.standin.outcomes_of("PutEvaluations")?, ["OK", "OK"], "tried twice");

    scene.standin.set_faults(&failing(Some(1)))?;
    assert_eq!(scene.put(&json!({}))?.0, "COMPLIANT");
    let puts = scene.standin.calls_of("PutEvaluations")?;
    assert_eq!(puts.len(), 4);
    assert_eq!(puts[2]["input"], puts[3]["input"], "the very same report again");
    Ok(())
}

#[test]
fn a_token_that_aws_config_refuses_is_an_error_that_does_not_show_it() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    let mut event = Scene::event(&json!({}));
    event["resultToken"] = json!("stale-token-1234");
    scene.standin.set_faults(&json!([{
        "operation": "PutEvaluations",
        "code": "InvalidResultTokenException",
        "message": "the token stale-token-1234 is not valid",
    }]))?;
    let failed = scene.bootstrap.invoke_to_fail(&event)?;
    assert_eq!(failed.error_type, "PutEvaluationsFailed");
    assert!(failed.message.contains("InvalidResultTokenException"), "{}", failed.message);
    assert!(!failed.message.contains("stale-token-1234"), "{}", failed.message);
    assert!(!scene.bootstrap.log().contains("stale-token-1234"));
    Ok(())
}

#[test]
fn bad_rule_parameters_are_named_before_anything_is_called() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    let bad = [
        (json!({"EventKind": "write"}), ["EventKind", "EventKinds"]),
        (json!({"EventKinds": "writes"}), ["writes", "`write`"]),
        (json!({"TrailMode": "ANY"}), ["ANY", "`any`"]),
        (json!({"AllowedUnloggedBuckets": "logs-*"}), ["AllowedUnloggedBuckets", "logs-*"]),
        (json!({"OnIndeterminate": "COMPLIANT"}), ["COMPLIANT", "`NOT_APPLICABLE`"]),
    ];
    for (parameters, named) in bad {
        let (kind, message) = scene.fail(&parameters)?;
        assert_eq!(kind, "InvalidParameters", "{parameters}");
        for name in named {
            assert!(message.contains(name), "{parameters}: {message}");
        }
    }
    assert_eq!(scene.standin.calls()?, Vec::<Value>::new());
    assert_eq!(scene.put(&json!({}))?.0, "COMPLIANT", "the process still serves");
    Ok(())
}

#[test]
fn an_event_that_aws_config_does_not_send_is_an_error() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    let good = Scene::event(&json!({}));
    let without = |member: &str| {
        let mut event = good.clone();
        event.as_object_mut().map(|members| members.remove(member));
        event
    };
    let with = |member: &str, value: Value| {
        let mut event = good.clone();
        event[member] = value;
        event
    };
    let bad = [
        (json!({}), "accountId"),
        (json!([]), "object"),
        (without("invokingEvent"), "invokingEvent"),
        (without("resultToken"), "resultToken"),
        (with("accountId", json!("1234")), "accountId"),
        (with("invokingEvent", json!("{")), "invokingEvent"),
        (with("invokingEvent", json!("{\"messageType\":\"Other\"}")), "Other"),
        (with("ruleParameters", json!("[]")), "ruleParameters"),
    ];
    for (event, named) in bad {
        let failed = scene.bootstrap.invoke_to_fail(&event)?;
        assert_eq!(failed.error_type, "InvalidEvent", "{event}");
        assert!(failed.message.contains(named), "{event}: {}", failed.message);
    }
    assert_eq!(scene.standin.calls()?, Vec::<Value>::new());
    Ok(())
}

#[test]
fn a_rule_of_another_account_is_refused() -> Result {
    let mut scene = Scene::new(&[main_trail()])?;
    let event = Scene::event(&json!({}));
    let answer = scene.bootstrap.invoke_in("aws", HOME, "999988887777", &event)?;
    let failed = answer.failed()?;
    assert_eq!(failed.error_type, "WrongAccount");
    assert!(failed.message.contains("999988887777"), "{}", failed.message);
    assert_eq!(scene.standin.evaluations()?, Vec::<Value>::new());
    Ok(())
}
