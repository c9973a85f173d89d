//! The function as the Automation document of a remediation invokes it, on trails in moto's server.

use std::time::Duration;

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::deployer::may_deploy;
use e2e::moto::{ACCOUNT, Account, HOME};
use e2e::policies;
use e2e::runtime_api::Answer;
use e2e::servers::Moto;
use e2e::trails::all_s3_but;
use e2e::walk::Walk;
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

/// Each action of the function's role, and the error that the function answers without it. Lambda
/// writes the log with the others.
const NEEDS: [(&str, &str); 10] = [
    ("logs:CreateLogStream", ""),
    ("logs:PutLogEvents", ""),
    ("cloudtrail:DescribeTrails", "TrailsUnreadable"),
    ("cloudtrail:GetTrailStatus", "TrailsUnreadable"),
    ("cloudtrail:GetEventSelectors", "TrailsUnreadable"),
    ("cloudtrail:ListTags", "ManagedElsewhere"),
    ("cloudtrail:PutEventSelectors", "Stopped"),
    ("cloudtrail:StartLogging", "Stopped"),
    ("cloudtrail:UpdateTrail", "Stopped"),
    ("cloudtrail:CreateTrail", "Stopped"),
];

/// What the function makes of an account whose trail is stopped, of one Region, and excludes a bucket;
/// or of one without a trail.
fn outcome(
    moto: &Moto,
    own: &mut policies::Account,
    role: &str,
    has_trail: bool,
) -> Result<String> {
    moto.enforce(false)?;
    for trail in own.call("cloudtrail", "describe_trails", json!({}))?["trailList"]
        .as_array()
        .into_iter()
        .flatten()
    {
        own.call("cloudtrail", "delete_trail", json!({"Name": trail["Name"]}))?;
    }
    if has_trail {
        own.create_trail("main", false, &all_s3_but("arn:aws:s3:::payroll/"))?;
        own.call("cloudtrail", "stop_logging", json!({"Name": "main"}))?;
        let one_region = json!({"Name": "main", "IsMultiRegionTrail": false});
        own.call("cloudtrail", "update_trail", one_region)?;
    }
    let session = own.assume(role)?;
    moto.enforce(true)?;
    let variables = [&session.variables()[..], &[("AWS_MAX_ATTEMPTS", "1")]].concat();
    let mut function = Bootstrap::start_with(&moto.url(), HOME, &variables)?;
    let asked = event(&json!({"apply": "true", "logBucket": "trail-logs"}));
    let answer = function.invoke_in("aws", HOME, policies::ACCOUNT, &asked)?;
    moto.enforce(false)?;
    Ok(match answer {
        Answer::Response(answer) => answer["outcome"].as_str().unwrap_or_default().to_owned(),
        Answer::Error(error) => error["errorType"].as_str().unwrap_or_default().to_owned(),
    })
}

#[test]
fn the_function_needs_each_action_of_its_role() -> Result {
    let moto = Moto::start_enforcing()?;
    let mut own = policies::Account::own(&moto)?;
    for bucket in ["code", "trail-logs"] {
        own.call("s3", "create_bucket", json!({"Bucket": bucket}))?;
    }
    let code = json!({"Bucket": "code", "Key": "bootstrap.zip", "Body": "code"});
    own.call("s3", "put_object", code)?;
    let stack = own.deploy(
        "remediation",
        "remediation.yaml",
        &json!({
            "CodeBucket": "code", "CodeKey": "bootstrap.zip", "ApplyFix": "true",
            "LogBucket": "trail-logs",
        }),
    )?;
    let role = stack["FunctionRole"].clone();
    let policy = own.policy(&role)?;
    let mut allowed: Vec<String> = policy.grants()?.into_iter().map(|it| it.action).collect();
    let mut needed: Vec<String> = NEEDS.iter().map(|(action, _)| (*action).to_owned()).collect();
    allowed.sort();
    needed.sort();
    assert_eq!(allowed, needed);
    for has_trail in [true, false] {
        assert_eq!(outcome(&moto, &mut own, &role, has_trail)?, "APPLIED", "{has_trail}");
    }
    for grant in policy.grants()? {
        let (_, without) =
            NEEDS.iter().find(|(action, _)| *action == grant.action).ok_or("no need")?;
        if without.is_empty() {
            continue;
        }
        own.put(&policy.without(&grant))?;
        let has_trail = grant.action != "cloudtrail:CreateTrail";
        assert_eq!(outcome(&moto, &mut own, &role, has_trail)?, *without, "{}", grant.action);
    }
    Ok(())
}

/// What the page says: the stack, and what Systems Manager then makes of its document.
#[test]
fn the_page_deploys_a_document_that_the_function_understands() -> Result {
    let mut walk = Walk::start("remediation")?;
    walk.follow(&[("Before", 0), ("Remediation", 0)])?;
    let made = walk.resources("s3-object-level-remediation")?;
    assert!(may_deploy(&mut walk, "remediation", "s3-object-level-remediation")? > 50);
    let asked = json!({"Name": made["Document"], "DocumentFormat": "JSON"});
    let document = walk.call("ssm", "get_document", asked)?;
    let document: Value = serde_json::from_str(document["Content"].as_str().ok_or("no content")?)?;
    let [step] = document["mainSteps"].as_array().map_or(&[][..], Vec::as_slice) else {
        return Err(format!("more than one step: {document:#}").into());
    };
    assert_eq!(step["action"], "aws:invokeLambdaFunction");
    let function = step["inputs"]["FunctionName"].as_str().unwrap_or_default();
    assert!(function.ends_with(&format!(":function:{}", made["Function"])), "{function}");

    // AWS Config gives the document parameters that it has, and the account as the resource.
    let offered = walk.request("PutRemediationConfigurations", "WriteRemediation")?;
    let offered = &offered["RemediationConfigurations"][0];
    assert_eq!(offered["TargetId"], json!(made["Document"]));
    assert_eq!(offered["ConfigRuleName"], "cis-3-8-s3-object-level-write-logging");
    assert_eq!(offered["Automatic"], false, "nothing is started by itself: {offered}");
    assert_eq!(offered["Parameters"]["AccountId"]["ResourceValue"]["Value"], "RESOURCE_ID");
    let role = offered["Parameters"]["AutomationAssumeRole"]["StaticValue"]["Values"][0].as_str();
    assert!(role.is_some_and(|it| it.ends_with(&made["AutomationRole"])), "{offered}");

    // Systems Manager fills the payload in, and the function works the change out.
    let mut payload = step["inputs"]["InputPayload"].to_string();
    for (name, parameter) in document["parameters"].as_object().into_iter().flatten() {
        let given = &offered["Parameters"][name]["StaticValue"]["Values"][0];
        let value = if name == "AccountId" {
            ACCOUNT
        } else {
            given.as_str().or(parameter["default"].as_str()).unwrap_or_default()
        };
        payload = payload.replace(&format!("{{{{ {name} }}}}"), value);
    }
    assert!(!payload.contains("{{"), "{payload}");
    let mut account = Account::at(&walk.moto.url())?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    let mut function = Bootstrap::start(&walk.moto.url(), HOME)?;
    let planned = function.invoke_to_answer(&serde_json::from_str(&payload)?)?;
    assert_eq!(planned["outcome"], "PLANNED", "{planned:#}");
    assert_eq!(planned["fix"]["changes"].as_array().map(Vec::len), Some(1), "{planned:#}");
    Ok(())
}
