//! Stacks that are made in a role of whoever deploys.

use e2e::Result;
use e2e::boto::{Boto, Outcome};
use e2e::policies::HOME;
use serde_json::json;

use crate::place::{ORGANIZATION, TOPIC};

/// A template, with the parameters that it is given.
pub(crate) struct Deployment {
    pub(crate) template: &'static str,
    text: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    /// Actions without each of which the stack is not made.
    pub(crate) measured: &'static [&'static str],
}

impl Deployment {
    /// Makes the stack, with a number in its name.
    pub(crate) fn make(&self, session: &mut Boto, number: usize) -> Result<Outcome> {
        let given = self.parameters.iter();
        let given = given.map(|(key, value)| json!({"ParameterKey": key, "ParameterValue": value}));
        let stack = json!({
            "StackName": format!("s3-object-level-{}-{number}", self.template),
            "TemplateBody": self.text,
            "Parameters": given.collect::<Vec<_>>(),
            "Capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        });
        session.call_unchecked(HOME, "cloudformation", "create_stack", stack)
    }
}

const CODE: [(&str, &str); 2] =
    [("CodeBucket", "my-code"), ("CodeKey", "trailproof/bootstrap.zip")];

/// Deployments whose policy is measured. The first one is measured action by action.
pub(crate) const DEPLOYMENTS: [Deployment; 6] = [
    Deployment {
        template: "rule",
        text: include_str!("../../../infra/templates/rule.yaml"),
        parameters: &[
            CODE[0],
            CODE[1],
            ("EventKinds", "write,read"),
            ("AlarmTopicArn", TOPIC),
            ("ReservedConcurrency", "2"),
        ],
        measured: &[
            "config:DescribeConfigRules",
            "config:PutConfigRule",
            "events:CreateEventBus",
            "events:DescribeEventBus",
            "events:DescribeRule",
            "events:ListTagsForResource",
            "events:PutRule",
            "events:PutTargets",
            "events:TagResource",
            "iam:CreateRole",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:PassRole",
            "iam:PutRolePolicy",
            "lambda:CreateFunction",
            "lambda:GetFunction",
            "lambda:GetFunctionCodeSigningConfig",
            "lambda:GetFunctionRecursionConfig",
            "lambda:GetRuntimeManagementConfig",
            "lambda:PutFunctionConcurrency",
            "lambda:TagResource",
            "logs:CreateLogGroup",
            "logs:DescribeIndexPolicies",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
            "logs:GetDataProtectionPolicy",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "s3:GetObject",
            "s3:GetObjectVersion",
            "sqs:CreateQueue",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ListQueueTags",
            "states:CreateStateMachine",
            "states:DescribeStateMachine",
            "states:TagResource",
        ],
    },
    Deployment {
        template: "central-function",
        text: include_str!("../../../infra/templates/central-function.yaml"),
        parameters: &[
            CODE[0],
            CODE[1],
            ("OrganizationId", ORGANIZATION),
            ("MemberAccounts", "111122223333"),
            ("AlarmTopicArn", TOPIC),
        ],
        measured: &[],
    },
    Deployment {
        template: "member-role",
        text: include_str!("../../../infra/templates/member-role.yaml"),
        parameters: &[
            ("OrganizationId", ORGANIZATION),
            ("FunctionRoleArn", "arn:aws:iam::111122223333:role/trailproof/function"),
            ("AlarmTopicArn", TOPIC),
        ],
        // The role has a name of its own, so it is made once.
        measured: &[],
    },
    Deployment {
        template: "topic",
        text: include_str!("../../../infra/templates/topic.yaml"),
        parameters: &[("OrganizationId", ORGANIZATION)],
        measured: &["sns:CreateTopic"],
    },
    Deployment {
        template: "aggregator",
        text: include_str!("../../../infra/templates/aggregator.yaml"),
        parameters: &[],
        measured: &["iam:CreateRole"],
    },
    Deployment {
        template: "dashboard",
        text: include_str!("../../../infra/templates/dashboard.yaml"),
        parameters: &[("FunctionName", "function"), ("FailedEventsName", "queue")],
        measured: &[],
    },
];
