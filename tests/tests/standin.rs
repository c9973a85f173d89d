//! The stand-in itself: boto3 can use it, and it refuses what the service models forbid.

use e2e::Result;
use e2e::boto::{Boto, Outcome};
use e2e::event::{RULE_NAME, SENT_AT_SECONDS};
use e2e::servers::{Standin, world_of};
use e2e::trails::{ACCOUNT, account, all_s3, arn, trail, trail_of};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";
const ELSEWHERE: &str = "eu-west-1";

fn evaluation(compliance: &str, resource_id: &str) -> Value {
    json!({
        "ComplianceResourceType": "AWS::::Account",
        "ComplianceResourceId": resource_id,
        "ComplianceType": compliance,
        "Annotation": "as put",
        "OrderingTimestamp": SENT_AT_SECONDS,
    })
}

fn put(evaluations: &[Value]) -> Value {
    json!({"Evaluations": evaluations, "ResultToken": "token"})
}

#[test]
fn boto3_puts_evaluations_and_reads_them_back_in_pages() -> Result {
    let standin = Standin::with(&world_of(&account(&[])))?;
    let mut boto = Boto::start(&standin.url())?;
    let evaluations: Vec<Value> =
        (0..3).map(|id| evaluation("COMPLIANT", &format!("00000000000{id}"))).collect();
    let answer = boto.call(HOME, "config", "put_evaluations", put(&evaluations))?;
    assert_eq!(answer, Ok(json!({"FailedEvaluations": []})));

    let details = "get_compliance_details_by_config_rule";
    let first =
        boto.call(HOME, "config", details, json!({"ConfigRuleName": RULE_NAME, "Limit": 2}))?;
    let first = first?;
    assert_eq!(first["EvaluationResults"].as_array().map(Vec::len), Some(2));
    assert_eq!(first["EvaluationResults"][0]["Annotation"], "as put");
    let rest = boto.call(
        HOME,
        "config",
        details,
        json!({"ConfigRuleName": RULE_NAME, "Limit": 2, "NextToken": first["NextToken"]}),
    )??;
    let identifier = &rest["EvaluationResults"][0]["EvaluationResultIdentifier"];
    assert_eq!(identifier["EvaluationResultQualifier"]["ResourceId"], "000000000002");
    assert_eq!(identifier["OrderingTimestamp"], SENT_AT_SECONDS);
    assert_eq!(rest.get("NextToken"), None);
    let none = json!({"ConfigRuleName": RULE_NAME, "ComplianceTypes": ["NON_COMPLIANT"]});
    let none = boto.call(HOME, "config", details, none)??;
    assert_eq!(none["EvaluationResults"], json!([]));
    standin.check_models()
}

#[test]
fn an_older_evaluation_does_not_replace_a_newer_one() -> Result {
    let standin = Standin::with(&world_of(&account(&[])))?;
    let mut boto = Boto::start(&standin.url())?;
    let mut older = evaluation("NON_COMPLIANT", ACCOUNT);
    older["OrderingTimestamp"] = json!(SENT_AT_SECONDS - 60.0);
    let newer = evaluation("COMPLIANT", ACCOUNT);
    for one in [newer.clone(), older] {
        boto.call(HOME, "config", "put_evaluations", put(&[one]))??;
    }
    assert_eq!(standin.evaluations()?[0]["evaluations"], json!([newer]));
    Ok(())
}

#[test]
fn evaluations_that_aws_config_refuses_are_refused() -> Result {
    let standin = Standin::with(&world_of(&account(&[])))?;
    let mut boto = Boto::start(&standin.url())?;
    let good = evaluation("COMPLIANT", ACCOUNT);
    let with = |member: &str, value: Value| {
        let mut changed = good.clone();
        changed[member] = value;
        put(&[changed])
    };
    let mut no_time = good.clone();
    no_time.as_object_mut().ok_or("an object")?.remove("OrderingTimestamp");
    let refused = [
        (put(&vec![good.clone(); 101]), "ValidationException"),
        (put(&[no_time]), "ValidationException"),
        (with("Annotation", json!("")), "ValidationException"),
        (with("Annotation", json!("é".repeat(257))), "ValidationException"),
        (with("ComplianceType", json!("ERROR")), "ValidationException"),
        (with("ComplianceResourceId", json!("x".repeat(769))), "ValidationException"),
        (with("ComplianceType", json!("INSUFFICIENT_DATA")), "InvalidParameterValueException"),
        (with("ComplianceResourceType", json!("AWS::Nothing")), "InvalidParameterValueException"),
        (json!({"Evaluations": [good], "ResultToken": "another"}), "InvalidResultTokenException"),
    ];
    for (parameters, code) in refused {
        let answer = boto.call_unchecked(HOME, "config", "put_evaluations", parameters.clone())?;
        assert_eq!(answer, Err(code.to_string()), "{parameters}");
    }
    let elsewhere =
        boto.call(ELSEWHERE, "config", "put_evaluations", put(std::slice::from_ref(&good)))?;
    assert_eq!(elsewhere, Err("InvalidResultTokenException".to_string()));
    assert_eq!(standin.evaluations()?, Vec::<Value>::new());

    let longest = put(&[json!({
        "ComplianceResourceType": "AWS::CloudTrail::Trail",
        "ComplianceResourceId": "x".repeat(768),
        "ComplianceType": "NOT_APPLICABLE",
        "Annotation": "é".repeat(256),
        "OrderingTimestamp": 0,
    })]);
    boto.call(HOME, "config", "put_evaluations", longest)??;
    boto.call(HOME, "config", "put_evaluations", put(&vec![good; 100]))??;
    assert_eq!(standin.evaluations()?[0]["evaluations"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[test]
fn test_mode_checks_but_stores_nothing() -> Result {
    let standin = Standin::with(&world_of(&account(&[])))?;
    let mut boto = Boto::start(&standin.url())?;
    let request = |compliance| {
        let evaluations = [evaluation(compliance, ACCOUNT)];
        json!({"Evaluations": evaluations, "ResultToken": "TESTMODE", "TestMode": true})
    };
    let good = boto.call(HOME, "config", "put_evaluations", request("COMPLIANT"))?;
    assert_eq!(good, Ok(json!({"FailedEvaluations": []})));
    let bad = boto.call(HOME, "config", "put_evaluations", request("INSUFFICIENT_DATA"))?;
    assert_eq!(bad, Err("InvalidParameterValueException".to_string()));
    assert_eq!(standin.evaluations()?, Vec::<Value>::new());
    Ok(())
}

#[test]
fn a_rule_name_of_more_than_64_characters_cannot_be_asked_about() -> Result {
    let standin = Standin::with(&world_of(&account(&[])))?;
    let mut boto = Boto::start(&standin.url())?;
    let details = "get_compliance_details_by_config_rule";
    let mut ask = |name: String| {
        boto.call_unchecked(HOME, "config", details, json!({"ConfigRuleName": name}))
    };
    assert_eq!(ask("r".repeat(65))?, Err("ValidationException".to_string()));
    assert_eq!(ask("r".repeat(64))?, Err("NoSuchConfigRuleException".to_string()));
    Ok(())
}

#[test]
fn faults_strike_the_calls_that_they_name_as_often_as_they_say() -> Result {
    let first = arn(HOME, "first");
    let trails = [trail(HOME, "first", &all_s3()), trail(HOME, "second", &all_s3())];
    let standin = Standin::with(&world_of(&account(&trails)))?;
    standin.set_faults(&json!([
        {"operation": "GetEventSelectors", "input": {"TrailName": first}, "code": "AccessDeniedException"},
        {"operation": "GetTrailStatus", "code": "ThrottlingException", "times": 1},
        {"operation": "PutEvaluations", "failEvaluations": true, "times": 1},
    ]))?;
    let mut boto = Boto::start(&standin.url())?;
    let mut selectors = |name: &str| {
        boto.call(HOME, "cloudtrail", "get_event_selectors", json!({"TrailName": name}))
            .map(|outcome| outcome.map(|_| ()))
    };
    assert_eq!(selectors(&first)?, Err("AccessDeniedException".to_string()));
    assert_eq!(selectors(&first)?, Err("AccessDeniedException".to_string()));
    assert_eq!(selectors("second")?, Ok(()));
    let mut status = || boto.call(HOME, "cloudtrail", "get_trail_status", json!({"Name": "first"}));
    assert_eq!(status()?, Err("ThrottlingException".to_string()));
    assert_eq!(status()??["IsLogging"], true);
    let one = evaluation("COMPLIANT", ACCOUNT);
    let failed =
        boto.call(HOME, "config", "put_evaluations", put(std::slice::from_ref(&one)))??;
    assert_eq!(failed, json!({"FailedEvaluations": [one]}));
    assert_eq!(standin.evaluations()?, Vec::<Value>::new());
    let stored =
        boto.call(HOME, "config", "put_evaluations", put(std::slice::from_ref(&one)))??;
    assert_eq!(stored, json!({"FailedEvaluations": []}));

    let other = "444455556666";
    standin.set_faults(&json!([{"operation": "PutEvaluations", "failEvaluations": [ACCOUNT]}]))?;
    let both = put(&[one.clone(), evaluation("COMPLIANT", other)]);
    let failed = boto.call(HOME, "config", "put_evaluations", both)??;
    assert_eq!(failed, json!({"FailedEvaluations": [one]}));
    assert_eq!(standin.evaluations()?[0]["evaluations"][1]["ComplianceResourceId"], other);
    Ok(())
}

#[test]
fn a_fault_that_aws_cannot_answer_with_is_refused() -> Result {
    let standin = Standin::start()?;
    let fault = |code| standin.set_faults(&json!([{"operation": "GetTrailStatus", "code": code}]));
    fault("TrailNotFoundException")?;
    let refused = fault("NoSuchConfigRuleException").map_err(|error| error.to_string());
    assert!(
        refused.as_ref().is_err_and(|error| error.contains("GetTrailStatus never answers")),
        "{refused:?}"
    );
    Ok(())
}

#[test]
fn a_role_s_session_belongs_to_the_role_s_account() -> Result {
    let member = "444455556666";
    let role = format!("arn:aws:iam::{member}:role/audit");
    let mut world = world_of(&account(&[]));
    let mut other = account(&[trail_of(member, HOME, "theirs", &all_s3())]);
    other["accountId"] = json!(member);
    world["accounts"] = json!([account(&[trail(HOME, "ours", &all_s3())]), other]);
    world["roles"] = json!([role]);
    let standin = Standin::with(&world)?;
    let mut boto = Boto::start(&standin.url())?;
    let mut assume = |role: &str| {
        let parameters = json!({"RoleArn": role, "RoleSessionName": "audit-session"});
        boto.call(HOME, "sts", "assume_role", parameters)
    };
    assert_eq!(assume(&format!("{role}-other"))?, Err("AccessDenied".to_string()));
    let session = assume(&role)??;
    assert_eq!(
        session["AssumedRoleUser"]["Arn"],
        format!("arn:aws:sts::{member}:assumed-role/audit/audit-session")
    );
    let key = session["Credentials"]["AccessKeyId"].as_str().ok_or("no key")?;
    let mut as_member = Boto::with_keys(&standin.url(), key)?;
    for (who, is) in [(&mut boto, ACCOUNT), (&mut as_member, member)] {
        let identity = who.call(HOME, "sts", "get_caller_identity", json!({}))??;
        assert_eq!(identity["Account"], is);
    }
    let theirs = as_member.call(HOME, "cloudtrail", "list_trails", json!({}))??;
    assert_eq!(theirs["Trails"][0]["Name"], "theirs");
    assert_eq!(theirs["Trails"].as_array().map(Vec::len), Some(1));
    standin.check_models()
}

#[test]
fn a_role_opens_for_the_account_that_it_trusts_alone() -> Result {
    let role = format!("arn:aws:iam::{ACCOUNT}:role/audit");
    let assume = |trusted: &str| -> Result<Outcome> {
        let mut world = world_of(&account(&[]));
        world["roles"] = json!([{"arn": role, "trusts": trusted}]);
        let standin = Standin::with(&world)?;
        let mut boto = Boto::start(&standin.url())?;
        let parameters = json!({"RoleArn": role, "RoleSessionName": "audit-session"});
        boto.call(HOME, "sts", "assume_role", parameters)
    };
    assert!(assume(ACCOUNT)?.is_ok());
    assert_eq!(assume("444455556666")?, Err("AccessDenied".to_string()));
    Ok(())
}

#[test]
fn an_account_is_replaced_and_what_was_put_stays() -> Result {
    let standin = Standin::with(&world_of(&account(&[trail(HOME, "first", &all_s3())])))?;
    let mut boto = Boto::start(&standin.url())?;
    boto.call(HOME, "config", "put_evaluations", put(&[evaluation("COMPLIANT", ACCOUNT)]))??;
    standin.set_account(&account(&[trail(HOME, "second", &all_s3())]))?;
    let listed = boto.call(HOME, "cloudtrail", "describe_trails", json!({}))??;
    assert_eq!(listed["trailList"][0]["Name"], "second");
    assert_eq!(listed["trailList"].as_array().map(Vec::len), Some(1));
    assert_eq!(standin.evaluations()?.len(), 1);
    Ok(())
}

#[test]
fn trails_are_listed_in_pages() -> Result {
    let trails: Vec<Value> =
        ["one", "two", "three"].iter().map(|name| trail(HOME, name, &all_s3())).collect();
    let mut world = world_of(&account(&trails));
    world["pageSize"] = json!(2);
    let standin = Standin::with(&world)?;
    let mut boto = Boto::start(&standin.url())?;
    let page = boto.call(HOME, "cloudtrail", "list_trails", json!({}))??;
    assert_eq!(page["Trails"].as_array().map(Vec::len), Some(2));
    let rest = json!({"NextToken": page["NextToken"]});
    let rest = boto.call(HOME, "cloudtrail", "list_trails", rest)??;
    assert_eq!(
        rest,
        json!({"Trails": [
            {"TrailARN": arn(HOME, "three"), "Name": "three", "HomeRegion": HOME},
        ]})
    );
    Ok(())
}

#[test]
fn an_answer_beyond_the_model_is_given_only_on_request() -> Result {
    let newer = json!([{"Name": "newer", "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.ARN", "Contains": ["x"]},
    ]}]);
    let mut world = world_of(&account(&[trail(HOME, "main", &newer)]));
    let standin = Standin::with(&world)?;
    let mut boto = Boto::start(&standin.url())?;
    let parameters = json!({"TrailName": "main"});
    let refused = boto.call(HOME, "cloudtrail", "get_event_selectors", parameters.clone())?;
    assert_eq!(refused, Err("500".to_string()));
    assert_eq!(standin.outcomes_of("GetEventSelectors")?, ["StandinBroken"]);
    assert!(standin.check_models().is_err(), "the broken answer is remembered");

    world["beyondModel"] = json!(["GetEventSelectors"]);
    standin.set_world(&world)?;
    boto.call(HOME, "cloudtrail", "get_event_selectors", parameters)??;
    standin.check_models()
}

#[test]
fn an_account_that_nobody_described_has_no_valid_keys() -> Result {
    let standin = Standin::with(&world_of(&account(&[])))?;
    let mut boto = Boto::with_keys(&standin.url(), "testing_999988887777_0")?;
    let answer = boto.call(HOME, "cloudtrail", "describe_trails", json!({}))?;
    assert_eq!(answer, Err("UnrecognizedClientException".to_string()));
    Ok(())
}
