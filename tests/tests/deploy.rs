//! A user deploys what `infra/README.md` describes, with the AWS CLI and the commands that are
//! written there, and moto has what the templates say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::process::Command;

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::deployer::may_deploy;
use e2e::event::scheduled;
use e2e::process::aws_environment;
use e2e::runtime_api::{Answer, RuntimeApi};
use e2e::setup;
use e2e::trails::all_s3;
use e2e::walk::{ACCOUNT, REGION, Walk, blocks_of, documented, zip};
use serde_json::{Value, json};

/// The types of resources in the templates that moto's CloudFormation makes.
const MADE: [&str; 11] = [
    "AWS::CloudWatch::Dashboard",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SSM::Document",
    "AWS::StepFunctions::StateMachine",
];

/// Those that it does not know. The requests that they stand for are checked against botocore's
/// models instead.
const NOT_MADE: [&str; 13] = [
    "AWS::CloudFormation::StackSet",
    "AWS::CloudWatch::Alarm",
    "AWS::Config::ConfigRule",
    "AWS::Config::ConfigurationAggregator",
    "AWS::Config::ConformancePack",
    "AWS::Config::OrganizationConfigRule",
    "AWS::Config::OrganizationConformancePack",
    "AWS::Config::RemediationConfiguration",
    "AWS::Config::StoredQuery",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
];

/// The stack of most commands.
const STACK: &str = "s3-object-level-logging";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn parsed(value: &Value) -> Result<Value> {
    Ok(serde_json::from_str(text(value))?)
}

fn templates() -> Result<BTreeMap<String, String>> {
    let mut templates = BTreeMap::new();
    for file in fs::read_dir(xtask::root().join("infra/templates"))? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        templates.insert(name, fs::read_to_string(&path)?);
    }
    Ok(templates)
}

#[test]
fn one_account() -> Result {
    let mut walk = Walk::start("one-account")?;
    let first = [("Before", 0), ("One account", 0), ("Views", 1)];
    walk.follow(&first)?;
    let said = walk.follow(&[("One account", 1)])?;
    assert!(said.contains("NON_COMPLIANT"), "what the command says: {said}");
    assert!(said.contains("cis-3-9-s3-object-level-read-logging\tCOMPLIANT"), "{said}");
    moto_makes_what_it_is_known_to(&walk)?;

    let made = walk.resources(STACK)?;
    let function = &made["Function"];
    let arn = function_is_the_programs(&mut walk, &made)?;
    let allowed = allowed_of(&mut walk, &made["FunctionRole"], "function")?;
    let group = format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{}:*", made["Log"]);
    assert_eq!(allowed["logs:PutLogEvents"], json!([group]));
    assert!(!allowed.contains_key("sts:AssumeRole"), "no role is named: {allowed:?}");
    invoked_for_rules_of(&mut walk, function, ACCOUNT)?;
    failures_are_kept(&mut walk, &made, &arn)?;
    trails_that_change_are_evaluated(&mut walk, &made)?;
    alarms_look_at_this_function(&walk, function)?;
    the_dashboard_is_json(&mut walk, function)?;
    the_program_answers_both_rules(&mut walk, &arn)?;

    assert!(may_deploy(&mut walk, "rule", STACK)? > 100);
    assert!(may_deploy(&mut walk, "dashboard", &format!("{STACK}-dashboard"))? > 8);
    the_queue_is_emptied(&mut walk, &made)?;

    let log = walk.call("logs", "describe_log_groups", json!({}))?;
    // moto keeps the number as CloudFormation's text.
    assert_eq!(log["logGroups"][0]["retentionInDays"], "90");

    walk.follow(&[("Updating", 0)])?;
    let updated = walk.call("lambda", "get_function", json!({"FunctionName": function}))?;
    let location = text(&updated["Code"]["Location"]);
    assert!(location.contains("trailproof/0.3.0/bootstrap.zip"), "{location}");
    let parameters = walk.call("cloudformation", "describe_stacks", json!({"StackName": STACK}))?;
    let parameters = parameters["Stacks"][0]["Parameters"].to_string();
    assert!(parameters.contains("arn:aws:sns:us-east-1:111122223333:security"), "{parameters}");

    walk.follow(&[("Removing", 0)])?;
    let functions = walk.call("lambda", "list_functions", json!({}))?;
    assert_eq!(functions["Functions"], json!([]));
    assert_eq!(walk.call("iam", "list_roles", json!({}))?["Roles"], json!([]));
    assert_eq!(walk.call("sqs", "list_queues", json!({}))?.get("QueueUrls"), None);
    assert_eq!(walk.call("events", "list_rules", json!({}))?["Rules"], json!([]));
    Ok(())
}

/// What is to be done where the alarm on failed events rings.
fn the_queue_is_emptied(walk: &mut Walk, made: &BTreeMap<String, String>) -> Result {
    let queue = json!({"QueueUrl": made["FailedEvents"], "MessageBody": "an event"});
    walk.call("sqs", "send_message", queue)?;
    walk.follow(&[("When an alarm rings", 0)])?;
    let asked = json!({
        "QueueUrl": made["FailedEvents"], "AttributeNames": ["ApproximateNumberOfMessages"],
    });
    let left = walk.call("sqs", "get_queue_attributes", asked)?;
    assert_eq!(left["Attributes"]["ApproximateNumberOfMessages"], "0");
    Ok(())
}

/// The table above, so that a newer moto shows where it knows more.
fn moto_makes_what_it_is_known_to(walk: &Walk) -> Result {
    let mut seen = BTreeSet::new();
    for template in templates()?.values() {
        let types = template.lines().filter_map(|line| line.trim().strip_prefix("Type: AWS::"));
        seen.extend(types.map(|kind| format!("AWS::{kind}")));
    }
    let (made, not_made): (Vec<_>, Vec<_>) = seen.iter().partition(|kind| walk.moto.makes(kind));
    assert_eq!(made, MADE);
    assert_eq!(not_made, NOT_MADE);
    Ok(())
}

/// The function is configured for what its zip holds; its ARN.
fn function_is_the_programs(walk: &mut Walk, made: &BTreeMap<String, String>) -> Result<String> {
    let name = json!({"FunctionName": made["Function"]});
    let has = walk.call("lambda", "get_function_configuration", name)?;
    let zip = fs::File::open(zip()?)?;
    assert_eq!(has["CodeSize"], zip.metadata()?.len(), "what was uploaded is deployed");
    let mut zip = zip::ZipArchive::new(zip)?;
    assert_eq!(zip.len(), 1);
    // On `provided` runtimes the program is `bootstrap`, whatever the handler's name.
    let mut program = zip.by_name("bootstrap")?;
    assert_eq!(program.unix_mode().map(|mode| mode & 0o111), Some(0o111), "it can be started");
    let mut bytes = Vec::new();
    program.read_to_end(&mut bytes)?;
    assert_eq!(has["Handler"], "bootstrap");
    assert_eq!(has["Runtime"], "provided.al2023");
    assert_eq!((&has["MemorySize"], &has["Timeout"]), (&json!(256), &json!(120)));
    assert!(text(&has["Role"]).ends_with(&format!("role/trailproof/{}", made["FunctionRole"])));
    // What moto ignores of a function, its request has.
    assert_eq!(has["Architectures"], json!(["x86_64"]), "moto takes the architecture by now");
    assert_eq!(has.get("LoggingConfig"), None, "moto takes the log by now");
    let asked = walk.request("CreateFunction", "Function")?;
    assert_eq!(asked["Architectures"], json!(["arm64"]));
    assert_eq!(asked["LoggingConfig"], json!({"LogFormat": "JSON", "LogGroup": made["Log"]}));
    assert_eq!(asked["Code"]["S3Key"], "trailproof/0.2.0/bootstrap.zip");
    assert_eq!(has["Environment"]["Variables"], json!({"TRAILPROOF_METRICS": "success"}));
    let variables = has["Environment"]["Variables"].as_object().cloned().unwrap_or_default();
    assert_eq!(unread(variables.keys().map(String::as_str), &bytes), [""; 0]);
    assert_eq!(unread(["AWS_LAMBDA_LOG_LEVEL", "TRAILPROOF_MODE"], &bytes), ["TRAILPROOF_MODE"]);
    Ok(text(&has["FunctionArn"]).to_owned())
}

/// The environment variables that a program does not read: their names are nowhere in it.
fn unread<'a>(names: impl IntoIterator<Item = &'a str>, program: &[u8]) -> Vec<&'a str> {
    let is_read = |name: &str| program.windows(name.len()).any(|part| part == name.as_bytes());
    names.into_iter().filter(|name| !is_read(name)).collect()
}

/// What a role's own policy allows: resources by action.
fn allowed_of(walk: &mut Walk, role: &str, policy: &str) -> Result<BTreeMap<String, Value>> {
    let asked = json!({"RoleName": role, "PolicyName": policy});
    let document = walk.call("iam", "get_role_policy", asked)?["PolicyDocument"].take();
    let mut allowed = BTreeMap::new();
    for statement in document["Statement"].as_array().into_iter().flatten() {
        assert_eq!(statement["Effect"], "Allow");
        for action in statement["Action"].as_array().into_iter().flatten() {
            allowed.insert(text(action).to_owned(), statement["Resource"].clone());
        }
    }
    Ok(allowed)
}

/// AWS Config may invoke the function, for rules of this account alone.
fn invoked_for_rules_of(walk: &mut Walk, function: &str, account: &str) -> Result {
    let policy = walk.call("lambda", "get_policy", json!({"FunctionName": function}))?;
    let policy = parsed(&policy["Policy"])?;
    let found = policy["Statement"].as_array().into_iter().flatten().find(|statement| {
        statement["Condition"] == json!({"StringEquals": {"AWS:SourceAccount": account}})
    });
    let found = found.ok_or_else(|| format!("no statement for {account}: {policy:#}"))?;
    assert_eq!(found["Principal"], json!({"Service": "config.amazonaws.com"}));
    assert_eq!(found["Action"], "lambda:InvokeFunction");
    assert_eq!(found["Effect"], "Allow");
    Ok(())
}

/// Events that failed with all retries are in an encrypted queue that the function may write to.
fn failures_are_kept(walk: &mut Walk, made: &BTreeMap<String, String>, arn: &str) -> Result {
    let asked = json!({"QueueUrl": made["FailedEvents"], "AttributeNames": ["All"]});
    let queue = walk.call("sqs", "get_queue_attributes", asked)?["Attributes"].take();
    assert_eq!(queue["SqsManagedSseEnabled"], "true", "{queue}");
    assert_eq!(queue["MessageRetentionPeriod"], "1209600");
    let retries = walk.request("PutFunctionEventInvokeConfig", "Retries")?;
    assert!(arn.ends_with(&format!(":{}", text(&retries["FunctionName"]))), "{retries}");
    let name = &made["Failures"];
    let bus = walk.call("events", "describe_event_bus", json!({"Name": name}))?["Arn"].take();
    assert_eq!(retries["DestinationConfig"], json!({"OnFailure": {"Destination": bus}}));
    let allowed = allowed_of(walk, &made["FunctionRole"], "function")?;
    assert_eq!(allowed["events:PutEvents"], json!([bus]));
    let topic = json!("arn:aws:sns:us-east-1:111122223333:security");
    for (rule, target) in [("Failed", &queue["QueueArn"]), ("FailedTold", &topic)] {
        let asked = json!({"Rule": made[rule], "EventBusName": name});
        let targets = walk.call("events", "list_targets_by_rule", asked)?["Targets"].take();
        assert_eq!(targets[0]["Arn"], *target, "{rule}");
    }
    let policy = walk.request("SetQueueAttributes", "FailedEventsPolicy")?;
    let policy = parsed(&policy["Attributes"]["Policy"])?;
    assert_eq!(policy["Statement"][0]["Resource"], json!([queue["QueueArn"]]));
    Ok(())
}

/// EventBridge starts the state machine, and that has both rules evaluated.
fn trails_that_change_are_evaluated(walk: &mut Walk, made: &BTreeMap<String, String>) -> Result {
    let rule = &made["TrailChanged"];
    let pattern = walk.call("events", "describe_rule", json!({"Name": rule}))?;
    let pattern = parsed(&pattern["EventPattern"])?;
    assert_eq!(pattern["source"], json!(["aws.cloudtrail"]));
    assert!(pattern["detail"]["eventName"].to_string().contains("PutEventSelectors"), "{pattern}");
    let targets = walk.call("events", "list_targets_by_rule", json!({"Rule": rule}))?;
    let machine = &made["Reevaluation"];
    assert_eq!(targets["Targets"][0]["Arn"], json!(machine));
    assert!(text(&targets["Targets"][0]["RoleArn"]).ends_with(&made["TrailChangedRole"]));
    let starting = allowed_of(walk, &made["TrailChangedRole"], "start")?;
    assert_eq!(starting, BTreeMap::from([("states:StartExecution".to_owned(), json!([machine]))]));

    let found =
        walk.call("stepfunctions", "describe_state_machine", json!({"stateMachineArn": machine}))?;
    assert!(text(&found["roleArn"]).ends_with(&made["ReevaluationRole"]));
    let evaluated = allowed_of(walk, &made["ReevaluationRole"], "evaluate")?;
    let evaluated = evaluated["config:StartConfigRulesEvaluation"].as_array();
    let evaluated: BTreeSet<&str> = evaluated.into_iter().flatten().map(text).collect();
    assert_eq!(evaluated.len(), 2, "each rule by its ARN: {evaluated:?}");
    let names = parsed(&found["definition"])?["States"]["StartConfigRulesEvaluation"]["Parameters"]
        ["ConfigRuleNames"]
        .take();
    let rules: Vec<Value> = rules_of(walk)?.iter().map(|it| it["ConfigRuleName"].clone()).collect();
    assert_eq!(names, json!(rules));
    Ok(())
}

/// The rules that the stack has, in order.
fn rules_of(walk: &Walk) -> Result<[Value; 2]> {
    let rule =
        |name| Ok::<_, e2e::Error>(walk.request("PutConfigRule", name)?["ConfigRule"].take());
    Ok([rule("WriteRule")?, rule("ReadRule")?])
}

fn alarms_look_at_this_function(walk: &Walk, function: &str) -> Result {
    let mut alarms = 0;
    for request in walk.requests()? {
        if request["operation"] == "PutMetricAlarm" {
            let alarm = &request["input"];
            let topic = json!(["arn:aws:sns:us-east-1:111122223333:security"]);
            assert_eq!(alarm["AlarmActions"], topic, "{alarm}");
            let dimension = &alarm["Dimensions"][0];
            if dimension["Name"] == "FunctionName" {
                assert_eq!(dimension["Value"], json!(function), "{alarm}");
            }
            alarms += 1;
        }
    }
    assert_eq!(alarms, 3);
    Ok(())
}

fn the_dashboard_is_json(walk: &mut Walk, function: &str) -> Result {
    let asked = json!({"DashboardName": format!("{STACK}-dashboard")});
    let dashboard = walk.call("cloudwatch", "get_dashboard", asked)?;
    let body = parsed(&dashboard["DashboardBody"])?;
    assert_eq!(body["widgets"].as_array().map(Vec::len), Some(4));
    assert_eq!(body["widgets"][0]["properties"]["metrics"][0][3], json!(function));
    assert_eq!(body["widgets"][0]["properties"]["region"], REGION);
    Ok(())
}

/// The program, started with what Lambda tells a function of this configuration, answers the events
/// that AWS Config sends for the stack's rules.
fn the_program_answers_both_rules(walk: &mut Walk, arn: &str) -> Result {
    let rules = rules_of(walk)?;
    for rule in &rules {
        assert_eq!(rule["Source"]["SourceIdentifier"], arn);
        assert_eq!(
            rule["Source"]["SourceDetails"].as_array().map(Vec::len),
            Some(1),
            "by schedule"
        );
    }
    let name = arn.rsplit(':').next().unwrap_or_default();
    let has = walk.call("lambda", "get_function_configuration", json!({"FunctionName": name}))?;
    let mut function = start(walk, &has)?;
    for rule in &rules {
        let found = verdict(&mut function, ACCOUNT, &parsed(&rule["InputParameters"])?)?;
        assert_eq!(found, "NON_COMPLIANT", "no trail yet");
    }
    let bucket = json!({"Bucket": "trail-logs"});
    walk.call("s3", "create_bucket", bucket)?;
    let trail = json!({"Name": "all", "S3BucketName": "trail-logs", "IsMultiRegionTrail": true});
    walk.call("cloudtrail", "create_trail", trail)?;
    let selectors = json!({"TrailName": "all", "AdvancedEventSelectors": all_s3()});
    walk.call("cloudtrail", "put_event_selectors", selectors)?;
    walk.call("cloudtrail", "start_logging", json!({"Name": "all"}))?;
    for rule in &rules {
        let found = verdict(&mut function, ACCOUNT, &parsed(&rule["InputParameters"])?)?;
        assert_eq!(found, "COMPLIANT");
    }
    assert!(function.log().lines().all(|line| line.starts_with('{')), "{}", function.log());
    Ok(())
}

/// The program as a function of this configuration.
fn start(walk: &Walk, has: &Value) -> Result<Bootstrap> {
    let mut command = Command::new(setup::binary(text(&has["Handler"]))?);
    aws_environment(&mut command, &walk.moto.url(), REGION);
    let asked = walk.request("CreateFunction", "Function")?;
    command
        .env("AWS_LAMBDA_FUNCTION_NAME", text(&has["FunctionName"]))
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", has["MemorySize"].to_string())
        .env("AWS_LAMBDA_LOG_GROUP_NAME", text(&asked["LoggingConfig"]["LogGroup"]))
        .env("AWS_LAMBDA_LOG_FORMAT", text(&asked["LoggingConfig"]["LogFormat"]))
        .env("_HANDLER", text(&has["Handler"]));
    for (name, value) in has["Environment"]["Variables"].as_object().into_iter().flatten() {
        command.env(name, text(value));
    }
    Bootstrap::run(&mut command, RuntimeApi::start()?)
}

/// What the function says of an account, in AWS Config's test mode: moto takes no other.
fn verdict(function: &mut Bootstrap, account: &str, parameters: &Value) -> Result<String> {
    let mut event = scheduled(account, REGION, "aws", parameters);
    event["resultToken"] = json!("TESTMODE");
    let answer = match function.invoke_in("aws", REGION, ACCOUNT, &event)? {
        Answer::Response(answer) => answer,
        Answer::Error(error) => return Err(format!("{parameters}: {error:#}").into()),
    };
    assert_eq!(answer["Evaluations"][0]["ComplianceResourceId"], account);
    Ok(text(&answer["Evaluations"][0]["ComplianceType"]).to_owned())
}

/// What the page says of a moto that was taught nothing.
#[test]
fn one_account_in_moto_as_it_is() -> Result {
    let mut walk = Walk::start_as_it_is("as-it-is")?;
    // The block before it starts moto's server.
    walk.follow(&[("Before", 0), ("Without an account", 1)])?;
    let made = walk.resources(STACK)?;
    invoked_for_rules_of(&mut walk, &made["Function"], ACCOUNT)?;
    let rules = walk.call("config", "describe_config_rules", json!({}))?;
    assert_eq!(rules["ConfigRules"], json!([]), "moto makes rules by now");
    let refused = walk.follow(&[("Removing", 0), ("One account", 0)]).map_err(|it| it.to_string());
    assert!(refused.is_err_and(|it| it.contains("undefined resource WriteRule")));
    Ok(())
}

/// A release's files, and no Rust on the PATH.
#[test]
fn from_a_release_folder_to_a_deployed_rule() -> Result {
    let mut walk = Walk::start("release")?;
    let root = walk.directory().join("sources");
    fs::create_dir_all(&root)?;
    for file in ["LICENSE", "Cargo.lock"] {
        fs::copy(xtask::root().join(file), root.join(file))?;
    }
    std::os::unix::fs::symlink(xtask::root().join("infra"), root.join("infra"))?;
    fs::write(root.join("CHANGELOG.md"), "# Changelog\n\n## [1.2.3] - 2026-12-01\n\n- This.\n")?;
    let function = fs::read(setup::binary("bootstrap")?)?;
    let programs = xtask::package::Arch::ALL.map(|(arch, _)| xtask::release::Programs {
        arch,
        function: function.clone(),
        command: b"the command".to_vec(),
    });
    let files = xtask::release::assembled(&root, "1.2.3", &programs, &[])?;
    let page = walk.directory().join("page");
    xtask::release::write(&page, &files)?;

    walk.follow_without_rust(("From a release", 0), &page)?;
    let made = walk.resources(STACK)?;
    let name = json!({"FunctionName": made["Function"]});
    let has = walk.call("lambda", "get_function", name)?;
    let location = text(&has["Code"]["Location"]);
    assert!(location.contains("trailproof/1.2.3/bootstrap-arm64.zip"), "{location}");
    let size = has["Configuration"]["CodeSize"].as_u64();
    assert_eq!(size, files["bootstrap-arm64.zip"].len().try_into().ok());
    assert_eq!(rules_of(&walk)?.len(), 2);
    walk.follow(&[("Removing", 0)])?;
    Ok(())
}

/// What Security Hub has of the rules is archived by the command that is written there.
#[test]
fn removing_archives_the_findings() -> Result {
    let mut walk = Walk::start("findings")?;
    let product = format!("arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default");
    let finding = json!({
        "SchemaVersion": "2018-10-08",
        "Id": format!("rule/{ACCOUNT}/{REGION}/s3-object-level-write"),
        "ProductArn": product,
        "GeneratorId": "trailproof/s3-object-level-write",
        "AwsAccountId": ACCOUNT,
        "CreatedAt": "2026-11-01T00:00:00Z",
        "UpdatedAt": "2026-11-01T00:00:00Z",
        "Title": "title",
        "Description": "description",
        "Resources": [{"Type": "AwsAccount", "Id": format!("AWS::::Account:{ACCOUNT}")}],
        "FindingProviderFields": {"Severity": {"Label": "MEDIUM"}, "Types": ["Software"]},
        "Compliance": {"Status": "PASSED"},
        "RecordState": "ACTIVE",
    });
    walk.call("securityhub", "batch_import_findings", json!({"Findings": [finding]}))?;
    walk.follow(&[("Removing", 3)])?;
    let put = parsed(&json!(fs::read_to_string(walk.directory().join("findings.json"))?))?;
    assert_eq!(put[0]["RecordState"], "ARCHIVED");
    for member in ["Id", "ProductArn", "GeneratorId", "Resources", "FindingProviderFields"] {
        assert_eq!(put[0][member], finding[member], "{member}");
    }
    // Security Hub takes only what is newer.
    assert!(text(&put[0]["UpdatedAt"]) > text(&finding["UpdatedAt"]), "{put}");
    Ok(())
}

#[test]
fn a_conformance_pack() -> Result {
    let mut walk = Walk::start("pack")?;
    walk.follow(&[("Before", 0), ("With conformance packs", 0)])?;
    // Nothing makes the pack's rules here, and the reader hears of it.
    let said = walk.follow(&[("With conformance packs", 1)]).map_err(|it| it.to_string());
    let said = said.err().ok_or("there is no rule")?;
    assert!(said.contains("NON_COMPLIANT") && said.contains("there is no rule here"), "{said}");
    let function = &walk.resources(STACK)?["Function"];
    let pack = walk.request("PutConformancePack", "Pack")?;
    pack_uses(&pack, function)?;
    let mut rules = walk.requests()?;
    rules.retain(|request| request["operation"] == "PutConfigRule");
    assert_eq!(rules, [Value::Null; 0], "the pack's rules are the only ones");
    may_deploy(&mut walk, "conformance-pack", &format!("{STACK}-pack"))?;
    Ok(())
}

/// A pack's template has a parameter for each value that it is given, this function among them.
fn pack_uses(pack: &Value, function: &str) -> Result {
    let body = text(&pack["TemplateBody"]);
    let given = pack["ConformancePackInputParameters"].as_array().ok_or("no parameters")?;
    for parameter in given {
        let name = text(&parameter["ParameterName"]);
        assert!(body.contains(&format!("\n  {name}:\n")), "{name} is no parameter of {body}");
    }
    let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}");
    assert!(given.contains(&json!({"ParameterName": "FunctionArn", "ParameterValue": arn})));
    Ok(())
}

#[test]
fn every_account_of_an_organization() -> Result {
    let (mut walk, member) = Walk::start_in_organization("organization")?;
    walk.follow(&[
        ("Before", 0),
        ("The organization's trail", 0),
        ("Every account of an organization", 0),
        ("Views", 0),
        ("Who is told", 0),
    ])?;
    topic_takes_what_the_organization_tells(&mut walk)?;

    let role = &walk.resources("s3-object-level-logging-trail")?["TrailRole"];
    let organization = walk.call("organizations", "describe_organization", json!({}))?;
    let organization = &organization["Organization"]["Id"];
    let trust = walk.call("iam", "get_role", json!({"RoleName": role}))?;
    assert_eq!(
        trust["Role"]["AssumeRolePolicyDocument"]["Statement"],
        json!([{
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": ["sts:AssumeRole"],
            "Condition": {
                "StringEquals": {"aws:PrincipalOrgID": organization},
                "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/trailproof/*"},
            },
        }])
    );
    let trail = json!(["arn:aws:cloudtrail:us-east-1:111122223333:trail/organization"]);
    let read = ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"];
    let read = read.map(|action| (action.to_owned(), trail.clone()));
    assert_eq!(allowed_of(&mut walk, role, "read")?, BTreeMap::from(read));

    let policy = walk.call("s3", "get_bucket_policy", json!({"Bucket": "my-code"}))?;
    let policy = parsed(&policy["Policy"])?;
    let condition = json!({"StringEquals": {"aws:PrincipalOrgID": organization}});
    assert_eq!(policy["Statement"][0]["Condition"], condition);

    // The set has made the member's function and its rules, in the member alone.
    let set = walk.request("CreateStackSet", "Accounts")?;
    assert_eq!(set["PermissionModel"], "SERVICE_MANAGED");
    let found = walk.follow(&[("Every account of an organization", 1)])?;
    assert_eq!(found, "", "nothing failed");
    // The set does not reach the management account, whose rule is not made here.
    let without = walk.follow(&[("Every account of an organization", 2)])?;
    let no_result =
        |kind: &str| format!("{ACCOUNT} has no result of s3-object-level-{kind}-logging");
    assert_eq!(without.trim(), [no_result("write"), no_result("read")].join("\n"));
    let function = walk.request("CreateFunction", "Function")?;
    let role = format!("arn:aws:iam::{member}:role/trailproof/");
    assert!(text(&function["Role"]).starts_with(&role), "{function}");
    let [write, read] = rules_of(&walk)?;
    let arn =
        format!("arn:aws:lambda:{REGION}:{member}:function:{}", text(&function["FunctionName"]));
    for (rule, kind) in [(write, "write"), (read, "read")] {
        assert_eq!(rule["Source"]["SourceIdentifier"], json!(arn));
        assert_eq!(parsed(&rule["InputParameters"])?["EventKinds"], kind);
    }

    let view = walk.request("PutConfigurationAggregator", "Aggregator")?;
    let aggregator = &walk.resources("s3-object-level-logging-view")?["AggregatorRole"];
    let source = &view["OrganizationAggregationSource"];
    assert_eq!(source["AllAwsRegions"], true);
    assert!(text(&source["RoleArn"]).ends_with(aggregator), "{view}");
    assert_eq!(allowed_of(&mut walk, aggregator, "organization")?.len(), 4);

    for (template, part) in [
        ("stackset", ""),
        ("organization-trail-role", "-trail"),
        ("aggregator", "-view"),
        ("topic", "-topic"),
    ] {
        may_deploy(&mut walk, template, &format!("{STACK}{part}"))?;
    }

    walk.follow(&[("Updating", 1), ("Removing", 0)])?;
    let set = walk.request("CreateStackSet", "updated Accounts")?;
    assert!(text(&set["TemplateURL"]).ends_with("/trailproof/0.3.0/rule.yaml"), "{set}");
    let key = json!({
        "ParameterKey": "CodeKey",
        "ParameterValue": "trailproof/0.3.0/bootstrap.zip",
    });
    assert!(set["Parameters"].as_array().is_some_and(|all| all.contains(&key)), "{set}");
    Ok(())
}

/// The topic's policy is for the organization's roles and for CloudWatch.
fn topic_takes_what_the_organization_tells(walk: &mut Walk) -> Result {
    let organization = walk.call("organizations", "describe_organization", json!({}))?;
    let topic = walk.resources("s3-object-level-logging-topic")?["Topic"].clone();
    let set = walk.request("SetTopicAttributes", "TopicPolicy")?;
    assert_eq!(set["TopicArn"], json!(topic));
    let policy = parsed(&set["AttributeValue"])?;
    assert_eq!(policy["Statement"].as_array().map(Vec::len), Some(2));
    let condition =
        json!({"StringEquals": {"aws:PrincipalOrgID": organization["Organization"]["Id"]}});
    assert_eq!(policy["Statement"][1]["Condition"], condition);
    assert_eq!(policy["Statement"][1]["Resource"], json!([topic]));
    let subscribed = walk.request("Subscribe", "Subscription")?;
    assert_eq!(subscribed["Endpoint"], "security@example.com");
    Ok(())
}

#[test]
fn a_central_function() -> Result {
    let (mut walk, member) = Walk::start_in_organization("central")?;
    let steps: Vec<_> = (0..5).map(|step| ("A central function", step)).collect();
    walk.follow(&[&[("Before", 0)], &steps[..]].concat())?;

    let made = walk.resources("s3-object-level-logging-function")?;
    let function = &made["Function"];
    for account in [ACCOUNT, member.as_str()] {
        invoked_for_rules_of(&mut walk, function, account)?;
    }
    let allowed = allowed_of(&mut walk, &made["FunctionRole"], "function")?;
    let assumed = json!(["arn:aws:iam::*:role/s3-object-level-logging-rule"]);
    assert_eq!(allowed["sts:AssumeRole"], assumed);
    let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}");
    let has =
        walk.call("lambda", "get_function_configuration", json!({"FunctionName": function}))?;
    let mut running = start(&walk, &has)?;
    for name in ["WriteRule", "ReadRule"] {
        let rule = walk.request("PutOrganizationConfigRule", name)?;
        let rule = &rule["OrganizationCustomRuleMetadata"];
        assert_eq!(rule["LambdaFunctionArn"], json!(arn));
        // The function works in both accounts, through the role that the commands made there.
        let parameters = parsed(&rule["InputParameters"])?;
        for account in [ACCOUNT, member.as_str()] {
            assert_eq!(verdict(&mut running, account, &parameters)?, "NON_COMPLIANT");
        }
    }
    pack_uses(&walk.request("PutOrganizationConformancePack", "Pack")?, function)?;

    let role = json!({"RoleName": "s3-object-level-logging-rule"});
    let trust = walk.call("iam", "get_role", role)?;
    let trust = &trust["Role"]["AssumeRolePolicyDocument"]["Statement"][0];
    assert_eq!(trust["Principal"], json!({"AWS": has["Role"]}));
    for (template, part) in [
        ("central-function", "function"),
        ("member-role", "role"),
        ("organization-rule", "rules"),
        ("organization-conformance-pack", "pack"),
    ] {
        may_deploy(&mut walk, template, &format!("{STACK}-{part}"))?;
    }
    walk.follow(&[("Removing", 1)])?;
    assert_eq!(walk.call("iam", "list_roles", json!({}))?["Roles"], json!([]));
    Ok(())
}

/// What the front page shows is the beginning of the same.
#[test]
fn the_front_page_has_the_same_commands() {
    let front = &blocks_of(include_str!("../../README.md"))["Deploying it"];
    let page = documented();
    let same = [page["Before"][0].as_str(), page["One account"][0].as_str()].join("\n");
    assert!(front.iter().all(|block| same.starts_with(block)), "{front:?}");
    assert_eq!(front.len(), 1);
}

/// `aws cloudformation deploy` leaves out values for parameters that a template does not have, and
/// says nothing. So a word that is misspelt here would be no error.
#[test]
fn commands_give_parameters_that_the_templates_have() -> Result {
    let templates = templates()?;
    let mut named = BTreeSet::new();
    for block in documented().values().flatten() {
        for command in block.replace("\\\n", " ").split("aws cloudformation deploy ").skip(1) {
            let command = command.lines().next().unwrap_or_default();
            let words: Vec<&str> = command.split_whitespace().collect();
            let given = words.iter().skip_while(|word| **word != "--template-file").nth(1);
            let file = given.ok_or_else(|| format!("no template in {command}"))?;
            // In a release's folder they lie at hand.
            let file = file.strip_prefix("infra/templates/").unwrap_or(file);
            let template = &templates[file];
            named.insert(file.to_owned());
            let given = words.iter().skip_while(|word| **word != "--parameter-overrides");
            for name in given.filter_map(|word| word.split_once('=')).map(|(name, _)| name) {
                let declared = format!("\n  {name}:\n    Description: ");
                assert!(template.contains(&declared), "{file} has no parameter {name}");
            }
        }
    }
    assert_eq!(named, templates.into_keys().collect(), "each template has its command");
    Ok(())
}
