//! The function with its role, its log, and the queue that keeps the events that it failed on.

use serde_json::json;

use super::boundary::{CONCURRENCY, HEADING, KEY, ROLE_PATH, boundary};
use super::failures::{self, BUS};
use super::{alarms, boundary as demanded, notices};
use crate::FUNCTION_TIMEOUT;
use crate::intrinsic::{Items, Property, attribute, only_if, reference};
use crate::policy::{PolicyDocument, Statement, policy};
use crate::resources::{Code, EventInvokeConfig, LambdaFunction, LogGroup, LoggingConfig, Role};
use crate::template::{Input, Resource, Template, uses};

/// The function's logical name.
pub(crate) const FUNCTION: &str = "Function";

/// The parameter that says which metrics the function writes.
pub(crate) const METRICS: &str = "Metrics";

/// How long logs may be kept, in days.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
pub(crate) const RETENTIONS: [u32; 12] = [7, 14, 30, 60, 90, 120, 180, 365, 400, 731, 1827, 3653];

/// What is heard of a function by default. It costs the same in every account that has one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    /// Whether there are alarms.
    pub(crate) alarms: bool,
    /// Which metrics there are.
    pub(crate) metrics: cis_lambda::published::Published,
}

/// Where there is one function.
pub(crate) const OF_ONE: Heard =
    Heard { alarms: true, metrics: cis_lambda::published::Published::Success };

/// Where there is one in each account of an organization.
pub(crate) const OF_MANY: Heard =
    Heard { alarms: false, metrics: cis_lambda::published::Published::None };

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
                     the function. Its readers need s3:GetObjectVersion.",
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
pub(crate) fn add_operation_inputs(template: &mut Template, heard: Heard) {
    let metrics = Input::text(
        "Which metrics the function writes: none, success (whether an evaluation was put), or all. \
         Its log has the numbers in any case.",
    );
    template.inputs(
        "Operation",
        vec![
            (
                "LogRetentionInDays",
                Input::text("How long the function's log is kept.").one_of(RETENTIONS).or("90"),
            ),
            notices::topic(),
            alarms::create_alarms(heard.alarms),
            (
                METRICS,
                metrics
                    .one_of(cis_lambda::published::Published::ALL.map(|it| it.name()))
                    .or(heard.metrics.name()),
            ),
        ],
    );
    template.inputs(HEADING, demanded::inputs());
}

/// Adds the function, allowed what these statements allow, and everything around it.
pub(crate) fn add(template: &mut Template, allowed: Items<Statement>) {
    template.resource(
        FUNCTION,
        Resource::new(
            "The rule's code. It has no network of its own; what it is told comes with each event.",
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
                reserved_concurrent_executions: only_if(&uses(CONCURRENCY), reference(CONCURRENCY))
                    .into(),
                environment: json!({
                    "Variables": {cis_lambda::published::VARIABLE: reference(METRICS)},
                }),
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
                path: Some(reference(ROLE_PATH).into()),
                role_name: None,
                description: "The function of the S3 object-level logging rule",
                permissions_boundary: boundary(),
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
            &LogGroup {
                retention_in_days: reference("LogRetentionInDays").into(),
                kms_key_id: only_if(&uses(KEY), reference(KEY)).into(),
            },
        )
        .not_kept(),
    );
    notices::add_role(template);
    failures::add(template);
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
                    "OnFailure": {"Destination": attribute(BUS, "Arn")},
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
            "hand on events that failed with all their retries",
            &["events:PutEvents"],
            vec![attribute(BUS, "Arn").into()],
        )),
    ]
}
