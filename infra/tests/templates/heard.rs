//! What people are told, and what it costs.

use serde_json::{Value, json};

use crate::read::{committed, of_type, with_every_branch};
use infra::{ORGANIZATION_PREFIX, RULES};

const README: &str = include_str!("../../README.md");

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// Properties of a rule of EventBridge that a template has.
fn event_rule(template: &str, name: &str) -> Value {
    let template = with_every_branch(&committed()[template]);
    let rule = &template["Resources"][name];
    assert_eq!(rule["Type"], "AWS::Events::Rule", "{name}");
    rule["Properties"].clone()
}

/// AWS's example of the event, with the annotation that real ones have.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html>
fn compliance_change(rule: &str, compliance: &str) -> Value {
    json!({
        "version": "0", "id": "12345678-1234-1234-1234-111122223333",
        "detail-type": "Config Rules Compliance Change", "source": "aws.config",
        "account": "111122223333", "time": "2026-11-21T22:42:53Z", "region": "us-east-1",
        "resources": [],
        "detail": {
            "resourceId": "111122223333", "awsRegion": "us-east-1", "awsAccountId": "111122223333",
            "configRuleName": rule, "recordVersion": "1.0",
            "configRuleARN": "arn:aws:config:us-east-1:111122223333:config-rule/config-rule-0123",
            "messageType": "ComplianceChangeNotification",
            "newEvaluationResult": {
                "evaluationResultIdentifier": {
                    "evaluationResultQualifier": {
                        "configRuleName": rule, "resourceType": "AWS::::Account",
                        "resourceId": "111122223333",
                    },
                    "orderingTimestamp": "2026-11-21T22:41:34.000Z",
                },
                "complianceType": compliance,
                "resultRecordedTime": "2026-11-21T22:42:52.000Z",
                "configRuleInvokedTime": "2026-11-21T22:41:34.000Z",
                "annotation": "NON_COMPLIANT: PutObject on \"a\" is lost",
            },
            "notificationCreationTime": "2026-11-21T22:42:53.000Z",
            "resourceType": "AWS::::Account",
        },
    })
}

/// EventBridge's matching, of what the patterns here have: exact values, prefixes and absence.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html>
fn matches(pattern: &Value, event: &Value) -> bool {
    match pattern {
        Value::Object(members) => {
            members.iter().all(|(name, pattern)| matches(pattern, &event[name.as_str()]))
        }
        Value::Array(choices) => choices.iter().any(|choice| match choice {
            Value::Object(by) if by.contains_key("prefix") => {
                let sub = by["prefix"]["Fn::Sub"].as_str();
                let prefix = sub.unwrap_or_else(|| text(&by["prefix"]));
                let prefix = prefix.replace("${RuleNamePrefix}", "corp-");
                event.as_str().is_some_and(|text| text.starts_with(&prefix))
            }
            Value::Object(by) if by.contains_key("exists") => event.is_null() != by["exists"],
            exact => exact == event,
        }),
        other => panic!("{other} is no pattern"),
    }
}

/// The message that a target's transformer makes of an event: each variable stands for its JSON.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html>
fn message(target: &Value, event: &Value) -> Value {
    let transformer = &target["InputTransformer"];
    let mut message = text(&transformer["InputTemplate"]).to_owned();
    for (name, path) in transformer["InputPathsMap"].as_object().unwrap() {
        let pointer = text(path).replacen('$', "", 1).replace('.', "/");
        let value = event.pointer(&pointer).unwrap_or_else(|| panic!("the event has no {path}"));
        message = message.replace(&format!("<{name}>"), &value.to_string());
    }
    serde_json::from_str(&message).unwrap_or_else(|error| panic!("{error}: {message}"))
}

#[test]
fn an_account_that_does_not_comply_is_told_to_the_topic_with_the_lost_event() {
    let [write, read] = RULES.map(|rule| rule.name);
    let own = [format!("corp-{write}"), format!("corp-{read}")];
    let of_members = [
        format!("{ORGANIZATION_PREFIX}{write}-abcdefgh"),
        format!("{read}-conformance-pack-abcdefghi"),
    ];
    for (template, names) in [("rule.yaml", own), ("member-role.yaml", of_members)] {
        let rule = event_rule(template, "NonCompliant");
        for name in names {
            let event = compliance_change(&name, "NON_COMPLIANT");
            assert!(matches(&rule["EventPattern"], &event), "{template}: {name}");
            let [target] = &rule["Targets"].as_array().unwrap()[..] else { panic!("{rule}") };
            assert_eq!(target["Arn"], json!({"Ref": "AlarmTopicArn"}), "{template}");
            assert_eq!(target["RoleArn"], json!({"Fn::GetAtt": "NoticeRole.Arn"}), "{template}");
            let told = message(target, &event);
            assert_eq!(told["why"], "NON_COMPLIANT: PutObject on \"a\" is lost", "{told}");
            assert_eq!(told["account"], "111122223333");
            assert_eq!(told["rule"], json!(name));
            for other in ["COMPLIANT", "NOT_APPLICABLE"] {
                let event = compliance_change(&name, other);
                assert!(!matches(&rule["EventPattern"], &event), "{template}: {other}");
            }
        }
        let stranger = compliance_change("s3-bucket-versioning-enabled", "NON_COMPLIANT");
        assert!(!matches(&rule["EventPattern"], &stranger), "{template}");
    }
    // The set gives the topic, and what the names begin with, to each account.
    let set = &committed()["stackset.yaml"]["Resources"]["Accounts"]["Properties"];
    let given = with_every_branch(&set["Parameters"]).to_string();
    for name in ["AlarmTopicArn", "RuleNamePrefix"] {
        assert!(given.contains(&format!("\"ParameterKey\":\"{name}\"")), "{name}");
    }
}

/// The record of an asynchronous invocation that failed, as it comes to a bus.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
fn failed_invocation() -> Value {
    json!({
        "version": "0", "id": "12345678-1234-1234-1234-111122223333",
        "detail-type": "Lambda Function Invocation Result - Failure", "source": "lambda",
        "account": "111122223333", "time": "2026-11-21T22:42:53Z", "region": "us-east-1",
        "resources": ["arn:aws:lambda:us-east-1:111122223333:function:f:$LATEST"],
        "detail": {
            "version": "1.0", "timestamp": "2026-11-21T22:42:53.000Z",
            "requestContext": {
                "requestId": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                "functionArn": "arn:aws:lambda:us-east-1:111122223333:function:f:$LATEST",
                "condition": "RetriesExhausted", "approximateInvokeCount": 3,
            },
            "requestPayload": {"resultToken": "the secret token"},
            "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
            "responsePayload": {"errorType": "Indeterminate", "errorMessage": "why"},
        },
    })
}

#[test]
fn a_failure_is_kept_and_told_without_an_alarm_and_without_the_token() {
    for name in ["rule.yaml", "central-function.yaml"] {
        let template = with_every_branch(&committed()[name]);
        let resources = &template["Resources"];
        let destination = &resources["Retries"]["Properties"]["DestinationConfig"]["OnFailure"];
        assert_eq!(destination["Destination"], json!({"Fn::GetAtt": "Failures.Arn"}), "{name}");
        let (kept, told) = (event_rule(name, "Failed"), event_rule(name, "FailedTold"));
        for rule in [&kept, &told] {
            let bus = json!({"Fn::GetAtt": "Failures.Name"});
            assert_eq!(rule["EventBusName"], bus, "never the default bus");
            assert!(matches(&rule["EventPattern"], &failed_invocation()), "{name}");
        }
        let (queue, topic) = (&kept["Targets"][0], &told["Targets"][0]);
        assert_eq!(queue["Arn"], json!({"Fn::GetAtt": "FailedEvents.Arn"}));
        assert_eq!(queue.get("InputTransformer"), None, "the queue has the whole event");
        let told = message(topic, &failed_invocation());
        assert!(!told.to_string().contains("token"), "{told}");
        assert_eq!(told["condition"], "RetriesExhausted");
        let policy = &resources["FailedEventsPolicy"]["Properties"];
        assert_eq!(policy["Queues"], json!([{"Ref": "FailedEvents"}]), "{name}");
        let statement = &policy["PolicyDocument"]["Statement"][0];
        assert_eq!(statement["Principal"], json!({"Service": "events.amazonaws.com"}));
        let rules = text(&statement["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]);
        assert!(rules.ends_with(":${AWS::AccountId}:rule/*"), "this account's only: {rules}");
        assert_eq!(
            resources["FailedEvents"]["Properties"]["MessageRetentionPeriod"],
            14 * 24 * 3600,
            "{name}"
        );
    }
}

#[test]
fn a_re_evaluation_that_is_refused_is_tried_for_ten_minutes_and_then_told() {
    let template = with_every_branch(&committed()["rule.yaml"]);
    let machine = &template["Resources"]["Reevaluation"]["Properties"]["Definition"];
    let start = &machine["States"]["StartConfigRulesEvaluation"];
    assert_eq!(start.get("Catch"), None, "a refusal that stays is a failure");
    let retry = &start["Retry"][0];
    assert_eq!(retry["ErrorEquals"], json!(["Config.LimitExceededException"]));
    assert_eq!(retry["JitterStrategy"], "FULL");
    let number = |member: &str| retry[member].as_f64().unwrap();
    let (mut wait, mut all) = (number("IntervalSeconds"), 0.0);
    for _ in 0..retry["MaxAttempts"].as_u64().unwrap() {
        all += f64::min(wait, number("MaxDelaySeconds"));
        wait *= number("BackoffRate");
    }
    // With full jitter a wait is half as long as its longest, on average.
    assert!((570.0..=660.0).contains(&(all / 2.0)), "{all}");

    let rule = event_rule("rule.yaml", "NotReevaluated");
    let event = json!({
        "source": "aws.states", "detail-type": "Step Functions Execution Status Change",
        "account": "111122223333", "region": "us-east-1", "time": "2026-11-21T22:42:53Z",
        "detail": {
            "status": "FAILED", "stateMachineArn": {"Ref": "Reevaluation"},
            "executionArn": "arn:aws:states:us-east-1:111122223333:execution:m:e",
        },
    });
    assert!(matches(&rule["EventPattern"], &event), "{rule}");
    assert_eq!(message(&rule["Targets"][0], &event)["status"], "FAILED");
    let changed = event_rule("rule.yaml", "TrailChanged");
    let kept = &changed["Targets"][0]["DeadLetterConfig"]["Arn"];
    assert_eq!(*kept, json!({"Fn::GetAtt": "FailedEvents.Arn"}), "what cannot be handed on");
}

/// CloudWatch's price of an alarm of a month, and of a metric that has data in every hour of it; AWS
/// Config's of an evaluation.
///
/// Sources: <https://aws.amazon.com/cloudwatch/pricing/>, <https://aws.amazon.com/config/pricing/>
const ALARM: f64 = 0.10;
const METRIC: f64 = 0.30;
const EVALUATION: f64 = 0.001;
const HOURS_OF_A_MONTH: f64 = 720.0;

/// What one rule that is evaluated daily costs in a month: evaluations, alarms, metrics.
fn costs(accounts: f64, alarms: f64, metrics: f64) -> [f64; 3] {
    // A metric is paid for the hours that have data.
    let metric = METRIC * 30.0 / HOURS_OF_A_MONTH;
    [accounts * 30.0 * EVALUATION, accounts * alarms * ALARM, accounts * metrics * metric]
}

/// Alarms and metrics that a template makes by default.
fn default_of(template: &str) -> (f64, f64) {
    let templates = committed();
    let default = |name: &str| text(&templates[template]["Parameters"][name]["Default"]).to_owned();
    let alarms = of_type(&templates["rule.yaml"], "AWS::CloudWatch::Alarm").len();
    let published = cis_lambda::published::Published::named(&default("Metrics")).unwrap();
    let alarms = if default("CreateAlarms") == "true" { alarms } else { 0 };
    (alarms as f64, published.metrics().len() as f64)
}

#[test]
fn the_cost_table_adds_up_and_the_default_costs_a_tenth_of_all() {
    let (one, many) = (default_of("rule.yaml"), default_of("stackset.yaml"));
    let all = (3.0, cis_lambda::published::METRICS.len() as f64);
    let mut rows = 0;
    for line in README.lines().filter(|line| line.starts_with("| ") && line.contains("` | $")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let number = |cell: &str| cell.replace(['$', ','], "").parse::<f64>().unwrap();
        let (alarms, metrics) = match cells[1] {
            "`rule.yaml`" => one,
            "`stackset.yaml`" => many,
            "`CreateAlarms=true Metrics=success`" => (all.0, 1.0),
            "`CreateAlarms=true Metrics=all`" => all,
            other => panic!("{other} in {line}"),
        };
        let costs = costs(number(cells[0]), alarms, metrics);
        for (cell, cost) in cells[2..5].iter().zip(costs) {
            assert!((number(cell) - cost).abs() < 0.005, "{cost} in {line}");
        }
        let total: f64 = costs.iter().sum();
        assert!((number(cells[5]) - total).abs() < 0.01, "{total} in {line}");
        rows += 1;
    }
    assert_eq!(rows, 5, "1, 200 and 2,000 accounts, and 200 with more");
    // Six alarms and seven metrics were what each account had before.
    let before: f64 = costs(200.0, 6.0, 7.0).iter().sum();
    let now: f64 = costs(200.0, many.0, many.1).iter().sum();
    assert!(now <= before / 10.0, "{now} and {before}");
}

#[test]
fn silence_is_heard_only_where_its_metric_is_written() {
    for name in ["rule.yaml", "central-function.yaml"] {
        let template = &committed()[name];
        let alarm = &template["Resources"]["SilenceAlarm"];
        let condition = &template["Conditions"][text(&alarm["Condition"])]["Fn::And"];
        assert!(condition.to_string().contains("\"Fn::Not\""), "{name}: {condition}");
        assert_eq!(template["Parameters"]["Metrics"]["Default"], "success", "{name}");
        assert_eq!(template["Parameters"]["CreateAlarms"]["Default"], "true", "{name}");
        let variables = &template["Resources"]["Function"]["Properties"]["Environment"];
        let asked = &variables["Variables"][cis_lambda::published::VARIABLE];
        assert_eq!(*asked, json!({"Ref": "Metrics"}), "{name}");
    }
}

/// CloudWatch publishes as itself, from any account of the organization; stacks in their roles.
#[test]
fn the_topic_takes_what_alarms_and_stacks_of_the_organization_publish() {
    let template = &committed()["topic.yaml"];
    let statements = &template["Resources"]["TopicPolicy"]["Properties"]["PolicyDocument"];
    let branches = statements["Statement"][0]["Fn::If"].as_array().unwrap();
    assert_eq!(branches[0], "UsesOrganizationId");
    for (branch, account) in [(&branches[1], "*"), (&branches[2], "${AWS::AccountId}")] {
        assert_eq!(branch["Principal"], json!({"Service": "cloudwatch.amazonaws.com"}));
        let alarms = text(&branch["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]);
        assert!(alarms.ends_with(&format!(":{account}:alarm:*")), "{alarms}");
    }
    let roles = &statements["Statement"][1]["Fn::If"][1];
    let organization = json!({"aws:PrincipalOrgID": {"Ref": "OrganizationId"}});
    assert_eq!(roles["Condition"], json!({"StringEquals": organization}));
}
