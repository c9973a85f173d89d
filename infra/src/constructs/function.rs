//! The function with its role, its log, and the queue that keeps the events that it failed on.

use serde_json::json;

use super::alarms;
use crate::intrinsic::{Items, Property, attribute, only_if, reference, sub};
use crate::policy::{PolicyDocument, Statement, policy};
use crate::resources::{
    Code, EventInvokeConfig, LambdaFunction, LogGroup, LoggingConfig, Queue, Role,
};
use crate::template::{Input, Resource, Template};
use crate::{FUNCTION_ROLE_PATH, FUNCTION_TIMEOUT};

/// The function's logical name.
pub(crate) const FUNCTION: &str = "Function";

/// How long logs may be kept, in days.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const RETENTIONS: [u32; 12] = [7, 14, 30, 60, 90, 120, 180, 365, 400, 731, 1827, 3653];

const FOUR_DAYS: u32 = 4 * 24 * 60 * 60;

/// Adds the parameters that say where the code is.
pub(crate) fn add_code_inputs(template: &mut Template) {
    template.inputs(
        "The function's code",
        vec![
            (
                "CodeBucket",
                Input::text("The bucket that holds bootstrap.zip, in the Region of this stack.")
                    .like("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "the name of a bucket"),
            ),
            ("CodeKey", Input::text("The key of bootstrap.zip in that bucket.")),
            (
                "CodeVersion",
                Input::text(
                    "The version of that object, where the bucket keeps versions. A new one updates \
                     the function.",
                )
                .or(""),
            ),
            (
                "Architecture",
                Input::text("What bootstrap.zip was built for.")
                    .one_of(["arm64", "x86_64"])
                    .or("arm64"),
            ),
        ],
    );
}

/// Adds the parameters of running the function.
pub(crate) fn add_operation_inputs(template: &mut Template) {
    template.inputs(
        "Operation",
        vec![
            (
                "LogRetentionInDays",
                Input::text("How long the function's log is kept.").one_of(RETENTIONS).or("90"),
            ),
            (
                "AlarmTopicArn",
                Input::text(
                    "An SNS topic that the alarms notify. Without one they only change state.",
                )
                .like("^(arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)?$", "a topic's ARN")
                .or(""),
            ),
        ],
    );
}

/// Adds the function, allowed what these statements allow, and everything around it.
pub(crate) fn add(template: &mut Template, allowed: Items<Statement>) {
    template.resource(
        FUNCTION,
        Resource::new(
            "The rule's code. It has no network of its own and no environment; what it is told comes \
             with each event.",
            &LambdaFunction {
                description: "Proves whether CloudTrail records every S3 object-level event",
                runtime: "provided.al2023",
                architectures: [reference("Architecture").into()],
                handler: "bootstrap",
                code: Code {
                    s3_bucket: reference("CodeBucket").into(),
                    s3_key: reference("CodeKey").into(),
                    s3_object_version: only_if("UsesCodeVersion", reference("CodeVersion")).into(),
                },
                role: attribute("FunctionRole", "Arn").into(),
                memory_size: 256,
                timeout: FUNCTION_TIMEOUT,
                logging_config: LoggingConfig {
                    log_format: "JSON",
                    log_group: reference("Log").into(),
                },
            },
        ),
    );
    template.resource(
        "FunctionRole",
        Resource::new(
            "What the function may do, and nothing else.",
            &Role {
                path: Some(FUNCTION_ROLE_PATH),
                role_name: None,
                description: "The function of the S3 object-level logging rule",
                assume_role_policy_document: PolicyDocument::of_service("lambda.amazonaws.com"),
                policies: policy("function", own_allowed().into_iter().chain(allowed).collect()),
            },
        ),
    );
    template.resource(
        "Log",
        Resource::new(
            "Made here, so that it ends with the stack, is not kept for ever, and the function needs \
             no right to make one.",
            &LogGroup { retention_in_days: reference("LogRetentionInDays").into() },
        )
        .not_kept(),
    );
    template.resource(
        "FailedEvents",
        Resource::new(
            "The dead-letter queue: events that failed with all their retries. An event holds the \
             token that lets its holder report a result, so the queue is encrypted.",
            &Queue { message_retention_period: FOUR_DAYS, sqs_managed_sse_enabled: true },
        )
        .not_kept(),
    );
    template.resource(
        "Retries",
        Resource::new(
            "AWS Config invokes the function asynchronously. An event that is older than the shortest \
             frequency is not worth retrying: the next one comes first.",
            &EventInvokeConfig {
                function_name: reference(FUNCTION).into(),
                qualifier: "$LATEST",
                maximum_retry_attempts: 2,
                maximum_event_age_in_seconds: 3600,
                destination_config: json!({
                    "OnFailure": {"Destination": attribute("FailedEvents", "Arn")},
                }),
            },
        ),
    );
    alarms::add(template);
    template.output("FunctionArn", "The function.", attribute(FUNCTION, "Arn"));
    template.output("FunctionName", "The function's name.", reference(FUNCTION));
    template.output("FunctionRoleArn", "The function's role.", attribute("FunctionRole", "Arn"));
    template.output(
        "FailedEventsName",
        "The queue of failed events.",
        attribute("FailedEvents", "QueueName"),
    );
}

/// What any function of the rule is allowed: to log, and to keep what failed.
fn own_allowed() -> Items<Statement> {
    vec![
        Property::Known(Statement::allow(
            "write the function's log",
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            vec![attribute("Log", "Arn").into()],
        )),
        Property::Known(Statement::allow(
            "keep events that failed with all their retries",
            &["sqs:SendMessage"],
            vec![attribute("FailedEvents", "Arn").into()],
        )),
    ]
}

/// Any AWS Config rule of an account, in this Region. Rules of conformance packs and organization
/// rules have a path before their id, so no more of the ARN can be given.
pub(crate) fn rules_of(account: &str) -> Property<String> {
    sub(format!("arn:${{AWS::Partition}}:config:${{AWS::Region}}:${{{account}}}:config-rule/*"))
        .into()
}
