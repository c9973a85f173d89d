//! What becomes of an invocation that failed with all its retries: it is kept, and told.
//!
//! Lambda hands it to a bus of the stack's own, and that to the queue and to the topic. The event
//! holds the token that lets its holder report a result, so it never comes to the account's default
//! bus, where other rules may take everything, and never into the message.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>

use serde_json::json;

use super::boundary::KEY;
use super::notices::{CONDITION, to_topic};
use crate::intrinsic::{Property, Text, attribute, only_if, reference, sub};
use crate::policy::{PolicyDocument, Statement};
use crate::resources::{EventBus, EventRule, Queue, QueuePolicy, Target};
use crate::template::{Resource, Template, uses};

/// The bus's logical name.
pub(crate) const BUS: &str = "Failures";

/// The queue's logical name.
pub(crate) const QUEUE: &str = "FailedEvents";

/// The longest that SQS keeps a message: no holiday is longer.
const FOURTEEN_DAYS: u32 = 14 * 24 * 60 * 60;

/// Adds the bus, the queue, and what leads from the one to the other and to the topic.
pub(crate) fn add(template: &mut Template) {
    template.resource(
        BUS,
        Resource::new(
            "Where Lambda puts events that failed with all their retries. It is for nothing else.",
            &EventBus { name: sub("${AWS::StackName}-failures").into() },
        ),
    );
    template.resource(
        QUEUE,
        Resource::new(
            "Keeps events that failed with all their retries, and changes of trails that could not \
             be handed on. An event holds the token that lets its holder report a result, so the \
             queue is encrypted.",
            &Queue {
                message_retention_period: FOURTEEN_DAYS,
                sqs_managed_sse_enabled: no_key(),
                kms_master_key_id: only_if(&uses(KEY), reference(KEY)).into(),
            },
        )
        .not_kept(),
    );
    // Any rule of this account: the rule for changed trails is on the default bus, and its name
    // is not known before the queue is there.
    let rules = sub("arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*");
    let events = json!({"Service": "events.amazonaws.com"});
    let keep = Statement::allow_to(events, "sqs:SendMessage", attribute(QUEUE, "Arn"))
        .where_arn_like("aws:SourceArn", rules);
    template.resource(
        "FailedEventsPolicy",
        Resource::new(
            "Rules of EventBridge in this account may write to the queue.",
            &QueuePolicy {
                queues: [reference(QUEUE).into()],
                policy_document: PolicyDocument::new(vec![Property::Known(keep)]),
            },
        ),
    );
    let queue = Target {
        id: "Queue",
        arn: attribute(QUEUE, "Arn").into(),
        role_arn: None,
        dead_letter_config: None,
        input_transformer: None,
    };
    template.resource(
        "Failed",
        Resource::new("Keeps what failed, the whole event, in the queue.", &on_bus(queue)),
    );
    template.resource(
        "FailedTold",
        Resource::new("Tells the topic that something failed.", &on_bus(told())).when(CONDITION),
    );
}

/// What takes all that comes to the bus.
fn on_bus(target: Target) -> EventRule {
    EventRule {
        description: "Invocations of the S3 object-level logging rules that failed",
        event_bus_name: Some(attribute(BUS, "Name").into()),
        event_pattern: json!({"source": ["lambda"]}),
        targets: vec![target],
    }
}

/// What the topic is told: which function, and where, but neither the event nor its token.
fn told() -> Target {
    to_topic(
        "Topic",
        &[
            ("account", "$.account"),
            ("region", "$.region"),
            ("function", "$.detail.requestContext.functionArn"),
            ("condition", "$.detail.requestContext.condition"),
            ("at", "$.time"),
        ],
        "An S3 object-level logging rule failed with all retries: AWS Config shows an old result. \
         The function's log and its queue of failed events say why",
    )
}

/// SQS's own encryption where no key is given; the two exclude each other.
fn no_key() -> Property<bool> {
    let nothing = crate::intrinsic::json(reference(crate::intrinsic::NO_VALUE));
    crate::intrinsic::Function::If(uses(KEY), nothing, true.into()).into()
}

/// The queue, as what a target that cannot be reached hands its events to.
pub(crate) fn dead_letters() -> serde_json::Value {
    let arn: Text = attribute(QUEUE, "Arn").into();
    json!({"Arn": arn})
}
