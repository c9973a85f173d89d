//! Every action of every template, by what needs it.

use e2e::organization::MANAGEMENT;
use e2e::policies::{ACCOUNT, HOME};
use serde_json::{Value, json};

use crate::need::{Need, Without, need, refused};
use crate::place::{MEMBER, MEMBER_ROLE, Place, TOPIC};

/// What evaluating an account needs, whatever the rule's parameters.
pub(crate) const EVALUATING: [Need; 4] = [
    need("cloudtrail:DescribeTrails", Without::Undecided("TrailsUnreadable")),
    need("cloudtrail:GetTrailStatus", Without::Undecided("Indeterminate")).but_not(
        "cloudtrail",
        "get_trail_status",
        |_| vec![json!({"Name": event_data_store()})],
    ),
    need("cloudtrail:GetEventSelectors", Without::Undecided("Indeterminate")).but_not(
        "cloudtrail",
        "get_event_selectors",
        |_| vec![json!({"TrailName": event_data_store()})],
    ),
    need("config:PutEvaluations", Without::Failure("PutEvaluationsFailed")),
];

/// What CloudFormation's own calls take, in the order in which `aws cloudformation deploy` and then
/// `delete-stack` make them. None of them is allowed on a stack of another name.
pub(crate) const DEPLOYING: [Need; 6] = [
    refused("cloudformation:CreateChangeSet", "cloudformation", "create_change_set", |_| {
        vec![change("s3-object-level-logging-topic")]
    })
    .but_not("cloudformation", "create_change_set", |_| vec![change("another")]),
    on_the_stack("cloudformation:DescribeChangeSet", "describe_change_set", |_| {
        vec![json!({"StackName": "s3-object-level-logging-topic", "ChangeSetName": "change"})]
    }),
    on_the_stack("cloudformation:ExecuteChangeSet", "execute_change_set", |_| {
        vec![json!({"StackName": "s3-object-level-logging-topic", "ChangeSetName": "change"})]
    }),
    on_the_stack("cloudformation:DescribeStacks", "describe_stacks", |_| {
        vec![json!({"StackName": "s3-object-level-logging-topic"})]
    }),
    on_the_stack("cloudformation:DescribeStackEvents", "describe_stack_events", |_| {
        vec![json!({"StackName": "s3-object-level-logging-topic"})]
    }),
    on_the_stack("cloudformation:DeleteStack", "delete_stack", |_| {
        vec![json!({"StackName": "s3-object-level-logging-topic"})]
    })
    .but_not("cloudformation", "delete_stack", |_| vec![json!({"StackName": "another"})]),
];

/// A call of CloudFormation.
const fn on_the_stack(
    action: &'static str,
    method: &'static str,
    parameters: fn(&Place) -> Vec<Value>,
) -> Need {
    refused(action, "cloudformation", method, parameters)
}

/// A template that makes nothing, for CloudFormation's own calls.
pub(crate) const NOTHING: &str =
    "Resources:\n  Nothing:\n    Type: AWS::CloudFormation::WaitConditionHandle\n";

/// A new stack, as a change set.
fn change(stack: &str) -> Value {
    json!({
        "StackName": stack, "ChangeSetName": "change", "ChangeSetType": "CREATE",
        "TemplateBody": NOTHING,
    })
}

/// What `ReportOn` `account+trails` needs besides.
pub(crate) const REPORTING_ON_TRAILS: [Need; 1] =
    [need("config:GetComplianceDetailsByConfigRule", Without::Failure("ResultsUnreadable"))];

/// What `SecurityHub` `asff` needs besides.
pub(crate) const IMPORTING: [Need; 1] = [need("securityhub:BatchImportFindings", Without::Warning)
    .but_not("securityhub", "batch_import_findings", |_| {
        vec![finding("111122223333", "default"), finding(ACCOUNT, "another")]
    })];

/// What `OrganizationTrailRoleArn` needs besides.
pub(crate) const READING_THE_ORGANIZATION_TRAIL: [Need; 1] =
    [assuming(MANAGEMENT, Without::Undecided("Indeterminate"))];

/// What `MemberRoleName` needs.
pub(crate) const ASSUMING_THE_MEMBER_ROLE: [Need; 1] =
    [assuming(MEMBER_ROLE, Without::Failure("RoleNotAssumed"))];

/// What the role that reads the organization trail needs itself.
pub(crate) const READER_S: [Need; 2] = [
    need("cloudtrail:GetTrailStatus", Without::Undecided("Indeterminate")).but_not(
        "cloudtrail",
        "get_trail_status",
        |_| vec![json!({"Name": "another"})],
    ),
    need("cloudtrail:GetEventSelectors", Without::Undecided("Indeterminate")).but_not(
        "cloudtrail",
        "get_event_selectors",
        |_| vec![json!({"TrailName": "another"})],
    ),
];

/// What Lambda does with the function's role.
pub(crate) const RUNNING: [Need; 3] = [
    refused("logs:CreateLogStream", "logs", "create_log_stream", |place| {
        vec![log_stream(place.id("Log"))]
    })
    .but_not("logs", "create_log_stream", |place| vec![log_stream(&place.other("Log"))]),
    refused("logs:PutLogEvents", "logs", "put_log_events", |place| {
        vec![log_events(place.id("Log"))]
    })
    .but_not("logs", "put_log_events", |place| vec![log_events(&place.other("Log"))]),
    refused("events:PutEvents", "events", "put_events", |place| {
        vec![event_on(place.id("Failures"))]
    })
    .but_not("events", "put_events", |place| vec![event_on(&place.other("Failures"))]),
];

/// What Step Functions does with the state machine's role. It names both rules in one call; moto
/// compares one resource.
pub(crate) const EVALUATING_AGAIN: [Need; 1] = [refused(
    "config:StartConfigRulesEvaluation",
    "config",
    "start_config_rules_evaluation",
    |place| vec![rule(place.id("WriteRule")), rule(place.id("ReadRule"))],
)
.but_not("config", "start_config_rules_evaluation", |place| vec![rule(&place.other("WriteRule"))])];

/// What EventBridge does with its role.
pub(crate) const STARTING: [Need; 1] =
    [refused("states:StartExecution", "stepfunctions", "start_execution", |place| {
        vec![json!({"stateMachineArn": place.id("Reevaluation")})]
    })
    .but_not("stepfunctions", "start_execution", |place| {
        vec![json!({"stateMachineArn": place.other("Reevaluation")})]
    })];

/// What EventBridge does with the role that tells the topic.
pub(crate) const TELLING: [Need; 1] =
    [refused("sns:Publish", "sns", "publish", |_| vec![notice(TOPIC)]).but_not(
        "sns",
        "publish",
        |_| vec![notice(&format!("{TOPIC}-2"))],
    )];

/// What AWS Config does with the aggregator's role.
pub(crate) const AGGREGATING: [Need; 4] = [
    listing("organizations:DescribeOrganization", "describe_organization"),
    listing("organizations:ListAccounts", "list_accounts"),
    listing(
        "organizations:ListAWSServiceAccessForOrganization",
        "list_aws_service_access_for_organization",
    ),
    listing("organizations:ListDelegatedAdministrators", "list_delegated_administrators"),
];

/// Everything that is needed.
pub(crate) const ALL: [&[Need]; 11] = [
    &EVALUATING,
    &REPORTING_ON_TRAILS,
    &IMPORTING,
    &READING_THE_ORGANIZATION_TRAIL,
    &ASSUMING_THE_MEMBER_ROLE,
    &READER_S,
    &RUNNING,
    &EVALUATING_AGAIN,
    &STARTING,
    &TELLING,
    &AGGREGATING,
];

const fn assuming(on: &'static str, without: Without) -> Need {
    let need = need("sts:AssumeRole", without).but_not("sts", "assume_role", |place| {
        vec![
            assumed(&format!("{}-2", place.reader)),
            assumed(&place.reader.replace(MANAGEMENT, MEMBER)),
            assumed(&format!("arn:aws:iam::{MEMBER}:role/{MEMBER_ROLE}-2")),
        ]
    });
    Need { on, ..need }
}

const fn listing(action: &'static str, method: &'static str) -> Need {
    refused(action, "organizations", method, |_| vec![json!({})])
}

fn event_data_store() -> String {
    format!(
        "arn:aws:cloudtrail:{HOME}:{ACCOUNT}:eventdatastore/11112222-3333-4444-5555-666677778888"
    )
}

fn finding(account: &str, product: &str) -> Value {
    let product = format!("arn:aws:securityhub:{HOME}:{account}:product/{account}/{product}");
    json!({"Findings": [{"ProductArn": product}]})
}

fn assumed(role: &str) -> Value {
    json!({"RoleArn": role, "RoleSessionName": "testing"})
}

fn rule(name: &str) -> Value {
    json!({"ConfigRuleNames": [name]})
}

fn log_stream(group: &str) -> Value {
    json!({"logGroupName": group, "logStreamName": "of the function"})
}

fn log_events(group: &str) -> Value {
    let mut events = log_stream(group);
    events["logEvents"] = json!([{"timestamp": 1_795_211_400_373_u64, "message": "a line"}]);
    events
}

fn event_on(bus: &str) -> Value {
    let event = json!({
        "Source": "lambda", "DetailType": "failure", "Detail": "{}", "EventBusName": bus,
    });
    json!({"Entries": [event]})
}

fn notice(topic: &str) -> Value {
    json!({"TopicArn": topic, "Message": "an account does not comply"})
}
