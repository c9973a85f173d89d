//! Which of Terraform's resources and attributes have what a template's have.

use std::collections::BTreeMap;

use infra::terraform::snake;
use serde_json::{Map, Value};

/// Which resources of Terraform are which of a template.
pub(super) const RESOURCES: [(&str, &[&str]); 23] = [
    ("Function", &["aws_lambda_function.function"]),
    ("FunctionRole", &["aws_iam_role.function", "aws_iam_role_policy.function"]),
    ("Log", &["aws_cloudwatch_log_group.function"]),
    ("NoticeRole", &["aws_iam_role.notice[0]", "aws_iam_role_policy.notice[0]"]),
    ("Failures", &["aws_cloudwatch_event_bus.failures"]),
    ("FailedEvents", &["aws_sqs_queue.failed_events"]),
    ("FailedEventsPolicy", &["aws_sqs_queue_policy.failed_events"]),
    ("Failed", &["aws_cloudwatch_event_rule.failed", "aws_cloudwatch_event_target.failed_queue"]),
    // One rule with two targets in the module, and two rules in the template.
    (
        "FailedTold",
        &["aws_cloudwatch_event_rule.failed", "aws_cloudwatch_event_target.failed_topic[0]"],
    ),
    ("Retries", &["aws_lambda_function_event_invoke_config.function"]),
    ("FailedEventsAlarm", &["aws_cloudwatch_metric_alarm.failed_events[0]"]),
    ("LostEventsAlarm", &["aws_cloudwatch_metric_alarm.lost_events[0]"]),
    ("SilenceAlarm", &["aws_cloudwatch_metric_alarm.silence[0]"]),
    ("Permission", &["aws_lambda_permission.config"]),
    ("WriteRule", &["RULE[\"write\"]"]),
    ("ReadRule", &["RULE[\"read\"]"]),
    (
        "TrailChanged",
        &[
            "aws_cloudwatch_event_rule.trail_changed[0]",
            "aws_cloudwatch_event_target.trail_changed[0]",
        ],
    ),
    (
        "TrailChangedRole",
        &["aws_iam_role.trail_changed[0]", "aws_iam_role_policy.trail_changed[0]"],
    ),
    ("Reevaluation", &["aws_sfn_state_machine.reevaluation[0]"]),
    ("ReevaluationRole", &["aws_iam_role.reevaluation[0]", "aws_iam_role_policy.reevaluation[0]"]),
    (
        "NotReevaluated",
        &[
            "aws_cloudwatch_event_rule.not_reevaluated[0]",
            "aws_cloudwatch_event_target.not_reevaluated[0]",
        ],
    ),
    (
        "NonCompliant",
        &[
            "aws_cloudwatch_event_rule.non_compliant[0]",
            "aws_cloudwatch_event_target.non_compliant[0]",
        ],
    ),
    ("MemberRole", &["aws_iam_role.member", "aws_iam_role_policy.member"]),
];

/// What templates' functions refer to, as an attribute.
pub(super) const REFERENCES: [(&str, &str, &str); 19] = [
    ("Log", "aws_cloudwatch_log_group.function", "name"),
    ("Log.Arn", "aws_cloudwatch_log_group.function", "arn"),
    ("Function", "aws_lambda_function.function", "function_name"),
    ("Function.Arn", "aws_lambda_function.function", "arn"),
    ("FunctionArn", "aws_lambda_function.function", "arn"),
    ("FunctionRole.Arn", "aws_iam_role.function", "arn"),
    ("NoticeRole.Arn", "aws_iam_role.notice[0]", "arn"),
    ("TrailChangedRole.Arn", "aws_iam_role.trail_changed[0]", "arn"),
    ("ReevaluationRole.Arn", "aws_iam_role.reevaluation[0]", "arn"),
    ("Failures.Arn", "aws_cloudwatch_event_bus.failures", "arn"),
    ("Failures.Name", "aws_cloudwatch_event_bus.failures", "name"),
    ("FailedEvents", "aws_sqs_queue.failed_events", "url"),
    ("FailedEvents.Arn", "aws_sqs_queue.failed_events", "arn"),
    ("FailedEvents.QueueName", "aws_sqs_queue.failed_events", "name"),
    ("Reevaluation", "aws_sfn_state_machine.reevaluation[0]", "arn"),
    ("WriteRule", "aws_config_config_rule.rule[\"write\"]", "name"),
    ("WriteRule.Arn", "aws_config_config_rule.rule[\"write\"]", "arn"),
    ("ReadRule", "aws_config_config_rule.rule[\"read\"]", "name"),
    ("ReadRule.Arn", "aws_config_config_rule.rule[\"read\"]", "arn"),
];

/// The attributes of a type, each as `Property` where Terraform only spells it otherwise, or as
/// `Property.Member=attribute[0].member`.
const ATTRIBUTES: [(&str, &str); 14] = [
    (
        "aws_lambda_function",
        "Description Runtime Architectures Handler Role MemorySize Timeout \
         Code.S3Bucket=s3_bucket Code.S3Key=s3_key Code.S3ObjectVersion=s3_object_version \
         ReservedConcurrentExecutions Environment.Variables=environment[0].variables \
         LoggingConfig.LogFormat=logging_config[0].log_format \
         LoggingConfig.LogGroup=logging_config[0].log_group",
    ),
    (
        "aws_iam_role",
        "Path Description PermissionsBoundary RoleName=name \
         AssumeRolePolicyDocument=assume_role_policy",
    ),
    ("aws_iam_role_policy", "Policies[0].PolicyName=name Policies[0].PolicyDocument=policy"),
    ("aws_cloudwatch_log_group", "RetentionInDays KmsKeyId"),
    ("aws_cloudwatch_event_bus", ""),
    (
        "aws_sqs_queue",
        "MessageRetentionPeriod=message_retention_seconds SqsManagedSseEnabled \
         KmsMasterKeyId",
    ),
    ("aws_sqs_queue_policy", "Queues[0]=queue_url PolicyDocument=policy"),
    ("aws_cloudwatch_event_rule", "Description EventPattern EventBusName"),
    (
        "aws_cloudwatch_event_target",
        "EventBusName Targets[0].Id=target_id Targets[0].Arn=arn Targets[0].RoleArn=role_arn \
         Targets[0].DeadLetterConfig.Arn=dead_letter_config[0].arn \
         Targets[0].InputTransformer.InputPathsMap=input_transformer[0].input_paths \
         Targets[0].InputTransformer.InputTemplate=input_transformer[0].input_template",
    ),
    (
        "aws_lambda_function_event_invoke_config",
        "FunctionName Qualifier MaximumRetryAttempts MaximumEventAgeInSeconds \
         DestinationConfig.OnFailure.Destination=destination_config[0].on_failure[0].destination",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        "AlarmDescription Namespace MetricName Dimensions Statistic Period EvaluationPeriods \
         ComparisonOperator Threshold TreatMissingData AlarmActions",
    ),
    ("aws_sfn_state_machine", "Definition RoleArn StateMachineType=type"),
    (
        "aws_config_config_rule",
        "ConfigRuleName=name Description InputParameters \
         Scope.ComplianceResourceTypes=scope[0].compliance_resource_types \
         Source.Owner=source[0].owner Source.SourceIdentifier=source[0].source_identifier \
         Source.SourceDetails=source[0].source_detail",
    ),
    (
        "aws_config_organization_custom_rule",
        "OrganizationConfigRuleName=name ExcludedAccounts \
         OrganizationCustomRuleMetadata.Description=description \
         OrganizationCustomRuleMetadata.LambdaFunctionArn=lambda_function_arn \
         OrganizationCustomRuleMetadata.OrganizationConfigRuleTriggerTypes=trigger_types \
         OrganizationCustomRuleMetadata.MaximumExecutionFrequency=maximum_execution_frequency \
         OrganizationCustomRuleMetadata.InputParameters=input_parameters",
    ),
];

/// Attributes in which the order says nothing.
const SETS: [&str; 3] = ["source[0].source_detail", "trigger_types", "excluded_accounts"];

/// Pairs of a path in properties and one in attributes.
pub(super) fn pairs(kind: &str) -> Vec<(&'static str, String)> {
    if kind == "aws_lambda_permission" {
        return ["FunctionName", "Action", "Principal", "SourceAccount"]
            .map(|it| (it, snake(it)))
            .into();
    }
    let (_, pairs) = ATTRIBUTES.iter().find(|(its, _)| *its == kind).unwrap();
    let pair = |text: &'static str| match text.split_once('=') {
        Some((property, attribute)) => (property, attribute.to_owned()),
        None => (text, snake(text)),
    };
    pairs.split_whitespace().map(pair).collect()
}

/// What is at a path such as `a[0].b`.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, part| match part.split_once('[') {
        Some((name, index)) => &value[name][index.trim_end_matches(']').parse::<usize>().unwrap()],
        None => &value[part],
    })
}

/// A value in the one form that both have: CloudFormation takes numbers as texts and documents as
/// objects, and Terraform writes what is not given as null, and documents as texts.
pub(super) fn plain(path: &str, value: &Value) -> Value {
    let plain_here = |value: &Value| plain("", value);
    let mut made = match value {
        Value::Bool(false) => Value::Null,
        Value::Number(number) if number.as_f64() == Some(-1.0) => Value::Null,
        Value::Number(_) | Value::Bool(true) => Value::from(value.to_string()),
        Value::String(text) if text.is_empty() => Value::Null,
        Value::String(text) if text.starts_with('{') && !text.contains('<') => {
            serde_json::from_str(text).map(|it: Value| plain_here(&it)).unwrap()
        }
        Value::Array(items) if path == "dimensions" => {
            let pairs = items
                .iter()
                .map(|it| (it["Name"].as_str().unwrap().to_owned(), it["Value"].clone()));
            pairs.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(plain_here).filter(|it| !it.is_null()).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, it)| {
                let name = if path == "source_detail" { snake(name) } else { name.clone() };
                (name, plain_here(it))
            });
            let members: BTreeMap<_, _> = members.filter(|(_, it)| !it.is_null()).collect();
            members.into_iter().collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    };
    if path == "source[0].source_detail"
        && let Value::Array(items) = value
    {
        made = items.iter().map(|it| plain("source_detail", it)).collect();
    }
    if SETS.contains(&path)
        && let Value::Array(items) = &mut made
    {
        items.sort_by_key(Value::to_string);
    }
    if made == Value::Array(Vec::new()) || made == Value::Object(Map::new()) {
        return Value::Null;
    }
    made
}
