//! What people are told: EventBridge hands events to the topic, with what happened in the message.
//!
//! An account that does not comply only changes a colour in AWS Config, and a function that fails
//! leaves the last result standing. Events cost nothing for an account in which nothing happens,
//! so they are there with every topic, whether there are alarms or not.
//!
//! The topic may be another account's, of the same Region. EventBridge then needs a role as well as
//! the topic's policy.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html>

use serde_json::{Value, json};

use super::boundary::{boundary, kms_statement};
use crate::intrinsic::{Items, Property, Text, attribute, reference};
use crate::policy::{PolicyDocument, Statement, policy};
use crate::resources::{EventRule, Role, Target};
use crate::template::{Input, Resource, Template};

/// The parameter that names the topic.
pub(crate) const TOPIC: &str = "AlarmTopicArn";

/// The condition that there is a topic.
pub(crate) const CONDITION: &str = "UsesAlarmTopicArn";

/// The role in which EventBridge publishes.
const ROLE: &str = "NoticeRole";

/// The topic, as a parameter.
pub(crate) fn topic() -> (&'static str, Input) {
    let input = Input::text(
        "An SNS topic of this Region that is told of accounts that do not comply, of failures, and \
         of alarms. Without one they only change state.",
    );
    let pattern = "^(arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)?$";
    (TOPIC, input.like(pattern, "a topic's ARN").or(""))
}

/// Adds the rule of EventBridge on rules of AWS Config whose names begin so.
///
/// The verdict's change is what AWS Config tells, once: not each evaluation of an account that
/// still does not comply. The annotation, which has the lost event, is in it.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html>
pub(crate) fn add_non_compliant(template: &mut Template, names: &[Text]) {
    let names: Vec<Value> = names.iter().map(|name| json!({"prefix": name})).collect();
    let target = to_topic(
        "Topic",
        &[
            ("account", "$.detail.awsAccountId"),
            ("region", "$.detail.awsRegion"),
            ("rule", "$.detail.configRuleName"),
            ("at", "$.detail.newEvaluationResult.resultRecordedTime"),
            ("why", "$.detail.newEvaluationResult.annotation"),
        ],
        "An account is NON_COMPLIANT for an S3 object-level logging rule",
    );
    template.resource(
        "NonCompliant",
        Resource::new(
            "Tells the topic when an account becomes NON_COMPLIANT, with the event that is lost.",
            &EventRule {
                description: "An account does not comply with an S3 object-level logging rule",
                event_bus_name: None,
                event_pattern: json!({
                    "source": ["aws.config"],
                    "detail-type": ["Config Rules Compliance Change"],
                    "detail": {
                        "messageType": ["ComplianceChangeNotification"],
                        "configRuleName": names,
                        "newEvaluationResult": {"complianceType": ["NON_COMPLIANT"]},
                    },
                }),
                targets: vec![target],
            },
        )
        .when(CONDITION),
    );
}

/// The topic as a target: a JSON object of what happened and these parts of the event. The parts
/// must be in every such event, for what is missing would leave no JSON.
pub(crate) fn to_topic(id: &'static str, parts: &[(&str, &str)], what: &str) -> Target {
    let paths: Value =
        parts.iter().map(|(name, path)| ((*name).to_owned(), Value::from(*path))).collect();
    let members: Vec<String> =
        parts.iter().map(|(name, _)| format!("\"{name}\": <{name}>")).collect();
    let template = format!("{{\"what\": {}, {}}}", Value::from(what), members.join(", "));
    Target {
        id,
        arn: reference(TOPIC).into(),
        role_arn: Some(attribute(ROLE, "Arn").into()),
        dead_letter_config: None,
        input_transformer: Some(json!({"InputPathsMap": paths, "InputTemplate": template})),
    }
}

/// Adds the role in which EventBridge publishes.
pub(crate) fn add_role(template: &mut Template) {
    let publish =
        Statement::allow("tell the topic", &["sns:Publish"], vec![reference(TOPIC).into()]);
    let encrypt = kms_statement("publish to a topic that this key encrypts");
    let allowed: Items<Statement> = vec![Property::Known(publish), encrypt];
    template.resource(
        ROLE,
        Resource::new(
            "EventBridge may publish to the topic.",
            &Role {
                path: None,
                role_name: None,
                description: "Tells the topic of the S3 object-level logging rules",
                permissions_boundary: boundary(),
                assume_role_policy_document: PolicyDocument::of_service_here(
                    "events.amazonaws.com",
                ),
                policies: policy("publish", allowed),
            },
        )
        .when(CONDITION),
    );
}
