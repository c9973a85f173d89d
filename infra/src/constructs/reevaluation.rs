//! Minutes, not a day: the rules are evaluated again when a trail is changed.
//!
//! CloudTrail tells EventBridge of the call, EventBridge starts a state machine, and that calls
//! StartConfigRulesEvaluation. No code of ours runs in between, so there is none to keep up.
//!
//! * No loop: the pattern takes calls that change trails, and an evaluation changes none.
//! * Throttled: AWS Config takes one start a minute, and refuses the rest as well as starts while an
//!   evaluation is under way, which may have begun before the change. Calls that failed are not taken,
//!   so attempts that are denied start nothing.
//! * Nothing is lost to the throttle without a word: a start that is refused is tried again, at random
//!   times, for ten minutes. If it is refused all that time, the execution fails, and that is told.
//!
//! Sources: <https://docs.aws.amazon.com/config/latest/APIReference/API_StartConfigRulesEvaluation.html>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html>

use serde_json::json;

use super::boundary::boundary;
use super::config_rule::wanted;
use super::failures::dead_letters;
use super::notices::{TOPIC, to_topic};
use crate::RULES;
use crate::intrinsic::{Function, Items, Property, attribute, differs, equals, reference, sub};
use crate::policy::{PolicyDocument, Statement, policy};
use crate::resources::{EventRule, Role, StateMachine, Target};
use crate::template::{Resource, Template};

/// The condition that a changed trail has the rules evaluated.
pub(crate) const CONDITION: &str = "ReevaluatesOnTrailChange";

/// The calls that can blind a trail, and those that can end it.
const CALLS: [&str; 6] = [
    "PutEventSelectors",
    "StopLogging",
    "DeleteTrail",
    "UpdateTrail",
    "CreateTrail",
    "StartLogging",
];

/// AWS Config's refusal, as Step Functions names it: once a minute is enough, or one is under way.
const REFUSED: &str = "Config.LimitExceededException";

/// The longest that the first try after a refusal waits, in seconds. Each wait is a random part of
/// its longest, so that starts which were refused together do not meet again.
const FIRST_WAIT: u32 = 60;

/// The longest that any of them waits.
const LONGEST_WAIT: u32 = 120;

/// How many there are. The longest waits add up to twenty minutes, and so do the random ones to ten.
const WAITS: u32 = 11;

/// The condition that somebody is told where no evaluation was started.
const TELLS: &str = "TellsOfReevaluation";

/// Adds the rule of EventBridge, the state machine, their roles, and what tells of its failures.
pub(crate) fn add(template: &mut Template) {
    template.resource(
        "TrailChanged",
        Resource::new(
            "Calls that change trails, in the Region where they are made: a trail's home Region. \
             CloudTrail sends them only while some trail logs management write events.",
            &EventRule {
                description: "Has the S3 object-level logging rules evaluated when a trail changes",
                event_bus_name: None,
                event_pattern: json!({
                    "source": ["aws.cloudtrail"],
                    "detail-type": ["AWS API Call via CloudTrail"],
                    "detail": {
                        "eventSource": ["cloudtrail.amazonaws.com"],
                        "eventName": CALLS,
                        // Calls that failed changed nothing.
                        "errorCode": [{"exists": false}],
                    },
                }),
                targets: vec![Target {
                    id: "Reevaluation",
                    arn: reference("Reevaluation").into(),
                    role_arn: Some(attribute("TrailChangedRole", "Arn").into()),
                    dead_letter_config: Some(dead_letters()),
                    input_transformer: None,
                }],
            },
        )
        .when(CONDITION),
    );
    template.resource(
        "TrailChangedRole",
        Resource::new(
            "EventBridge may start the state machine.",
            &Role {
                path: None,
                role_name: None,
                description: "Starts the re-evaluation of the S3 object-level logging rules",
                permissions_boundary: boundary(),
                assume_role_policy_document: PolicyDocument::of_service_here(
                    "events.amazonaws.com",
                ),
                policies: policy(
                    "start",
                    vec![Property::Known(Statement::allow(
                        "start the state machine",
                        &["states:StartExecution"],
                        vec![reference("Reevaluation").into()],
                    ))],
                ),
            },
        )
        .when(CONDITION),
    );
    template.resource("Reevaluation", state_machine().when(CONDITION));
    template.resource(
        "ReevaluationRole",
        Resource::new(
            "The state machine may have these rules evaluated, and no others.",
            &Role {
                path: None,
                role_name: None,
                description: "Has the S3 object-level logging rules evaluated",
                permissions_boundary: boundary(),
                assume_role_policy_document: PolicyDocument::of_service_here(
                    "states.amazonaws.com",
                ),
                policies: policy(
                    "evaluate",
                    vec![Property::Known(Statement::allow(
                        "have the rules evaluated",
                        &["config:StartConfigRulesEvaluation"],
                        RULES
                            .iter()
                            .map(|rule| wanted(rule, rule_arn(rule)).into())
                            .collect::<Items<String>>(),
                    ))],
                ),
            },
        )
        .when(CONDITION),
    );
    tell(template);
}

fn rule_arn(rule: &crate::Rule) -> Function {
    attribute(rule.logical_name, "Arn")
}

/// One call, tried again for ten minutes where AWS Config refuses it, and then failed.
fn state_machine() -> Resource {
    let names: Items<String> =
        RULES.iter().map(|rule| wanted(rule, reference(rule.logical_name)).into()).collect();
    let start = json!({
        "Type": "Task",
        "Resource": sub("arn:${AWS::Partition}:states:::aws-sdk:config:startConfigRulesEvaluation"),
        "Parameters": {"ConfigRuleNames": names},
        "TimeoutSeconds": 60,
        "Retry": [
            {
                "ErrorEquals": [REFUSED],
                "IntervalSeconds": FIRST_WAIT,
                "BackoffRate": 1.5,
                "MaxDelaySeconds": LONGEST_WAIT,
                "MaxAttempts": WAITS,
                "JitterStrategy": "FULL",
            },
            {
                "ErrorEquals": ["States.ALL"],
                "IntervalSeconds": 10,
                "BackoffRate": 2,
                "MaxAttempts": 4,
            },
        ],
        "End": true,
    });
    Resource::new(
        "Starts an evaluation. AWS Config refuses it within a minute of the last start, and while one \
         is under way that may have begun before the change. So it is tried again for ten minutes, and \
         fails if it is refused all that time.",
        &StateMachine {
            // Each event starts one execution, and its history is kept to be looked at.
            state_machine_type: "STANDARD",
            role_arn: attribute("ReevaluationRole", "Arn").into(),
            definition: json!({
                "StartAt": "StartConfigRulesEvaluation",
                "States": {"StartConfigRulesEvaluation": start},
            }),
        },
    )
}

/// A trail was changed, and no evaluation could be started: the schedule will see the change.
fn tell(template: &mut Template) {
    let target = to_topic(
        "Topic",
        &[
            ("account", "$.account"),
            ("region", "$.region"),
            ("execution", "$.detail.executionArn"),
            ("status", "$.detail.status"),
            ("at", "$.time"),
        ],
        "A trail was changed and not evaluated again: the next evaluation is the scheduled one",
    );
    template.condition(
        TELLS,
        Function::And(vec![
            differs(TOPIC, ""),
            equals("CreateRules", "true"),
            equals("ReevaluateOnTrailChange", "true"),
        ]),
    );
    template.resource(
        "NotReevaluated",
        Resource::new(
            "Tells the topic where a trail was changed and no evaluation could be started.",
            &EventRule {
                description: "A changed trail was not evaluated again",
                event_bus_name: None,
                event_pattern: json!({
                    "source": ["aws.states"],
                    "detail-type": ["Step Functions Execution Status Change"],
                    "detail": {
                        "stateMachineArn": [reference("Reevaluation")],
                        "status": ["FAILED", "TIMED_OUT", "ABORTED"],
                    },
                }),
                targets: vec![target],
            },
        )
        .when(TELLS),
    );
}
