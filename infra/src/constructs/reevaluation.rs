//! Minutes, not a day: the rules are evaluated again when a trail is changed.
//!
//! CloudTrail tells EventBridge of the call, EventBridge starts a state machine, and that calls
//! StartConfigRulesEvaluation. No code of ours runs in between, so there is none to keep up.
//!
//! * No loop: the pattern takes calls that change trails, and an evaluation changes none.
//! * Throttled: AWS Config takes one start a minute and refuses the rest. Calls that failed are not
//!   taken, so attempts that are denied start nothing.
//! * Nothing is lost to the throttle: a start that is refused is tried again after the minute. If
//!   it is refused then too, another one was started within that minute, after the change.
//!
//! Sources: <https://docs.aws.amazon.com/config/latest/APIReference/API_StartConfigRulesEvaluation.html>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html>

use serde_json::json;

use super::alarms::{Counted, at_first};
use super::config_rule::wanted;
use crate::RULES;
use crate::intrinsic::{Items, Property, attribute, reference, sub};
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

/// A little more than the minute within which AWS Config takes no second start.
const AFTER_THE_MINUTE: u32 = 65;

/// Adds the rule of EventBridge, the state machine, their roles, and alarms on both.
pub(crate) fn add(template: &mut Template) {
    template.resource(
        "TrailChanged",
        Resource::new(
            "Calls that change trails, in the Region where they are made: a trail's home Region. \
             CloudTrail sends them only while some trail logs management write events.",
            &EventRule {
                description: "Has the S3 object-level logging rules evaluated when a trail changes",
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
                    role_arn: attribute("TrailChangedRole", "Arn").into(),
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
    add_alarms(template);
}

fn rule_arn(rule: &crate::Rule) -> crate::intrinsic::Function {
    attribute(rule.logical_name, "Arn")
}

/// One call, tried again after the minute. What AWS Config refuses twice was started meanwhile.
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
                "IntervalSeconds": AFTER_THE_MINUTE,
                "BackoffRate": 1,
                "MaxAttempts": 2,
            },
            {
                "ErrorEquals": ["States.ALL"],
                "IntervalSeconds": 10,
                "BackoffRate": 2,
                "MaxAttempts": 4,
            },
        ],
        "Catch": [{"ErrorEquals": [REFUSED], "Next": "StartedMeanwhile"}],
        "End": true,
    });
    Resource::new(
        "Starts an evaluation. One is taken a minute; what is refused is tried again after it, so \
         that the last change is seen too.",
        &StateMachine {
            // Each event starts one execution, and its history is kept to be looked at.
            state_machine_type: "STANDARD",
            role_arn: attribute("ReevaluationRole", "Arn").into(),
            definition: json!({
                "StartAt": "StartConfigRulesEvaluation",
                "States": {
                    "StartConfigRulesEvaluation": start,
                    "StartedMeanwhile": {"Type": "Succeed"},
                },
            }),
        },
    )
}

fn add_alarms(template: &mut Template) {
    template.resource(
        "ReevaluationAlarm",
        at_first(
            "A trail was changed, and no evaluation could be started.",
            Counted {
                description: "A changed trail was not evaluated again: the start failed.",
                namespace: "AWS/States",
                metric: "ExecutionsFailed",
                statistic: "Sum",
                dimension: ("StateMachineArn", reference("Reevaluation").into()),
            },
        )
        .when(CONDITION),
    );
    template.resource(
        "TrailChangedAlarm",
        at_first(
            "A trail was changed, and the state machine could not be started.",
            Counted {
                description: "A changed trail was not evaluated again: EventBridge failed.",
                namespace: "AWS/Events",
                metric: "FailedInvocations",
                statistic: "Sum",
                dimension: ("RuleName", reference("TrailChanged").into()),
            },
        )
        .when(CONDITION),
    );
}
