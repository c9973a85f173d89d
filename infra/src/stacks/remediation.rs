//! Remediation of the rules of `rule.yaml`: an Automation document whose last step invokes a function
//! with the same code as the rule's, in a role of its own.
//!
//! AWS Config attaches a remediation to rules of the account only: not to those of organization rules,
//! and to those of conformance packs only inside of the pack.
//!
//! Sources: <https://docs.aws.amazon.com/config/latest/developerguide/remediation.html>,
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html>

use cis_lambda::parameters::{
    ALLOWED_UNLOGGED_BUCKETS, CLOUDTRAIL_DELIVERIES, EVENT_KINDS, Parameter, REQUIRE_DELIVERY,
    TRAIL_MODE, TRUSTED_LOG_BUCKETS,
};
use serde_json::{Map, Value, json};

use super::header;
use crate::RULES;
use crate::constructs::boundary::{CONCURRENCY, KEY, boundary, boundary_input, key_input};
use crate::constructs::config_rule::{name_prefix, wanted_kinds};
use crate::constructs::function::{RETENTIONS, add_code_inputs};
use crate::inputs::{input, inputs};
use crate::intrinsic::{
    Function, Items, Property, Text, attribute, equals, json, only_if, reference, sub,
};
use crate::policy::{PolicyDocument, Statement, policy};
use crate::resources::{
    AutomationDocument, Code, LambdaFunction, LogGroup, LoggingConfig, RemediationConfiguration,
    Role,
};
use crate::template::{Input, Resource, Template, uses};

/// Whether the calls are made, or only worked out.
const APPLY: &str = "ApplyFix";
const ALLOW_MANAGED: &str = "AllowManagedTrails";
const LOG_BUCKET: &str = "LogBucket";
const AUTOMATIC: &str = "Automatic";
const APPROVERS: &str = "Approvers";

/// The conditions that the calls are made, and that AWS Config starts remediations by itself.
const APPLIES: &str = "AppliesFix";
const STARTS: &str = "StartsByItself";

/// Longer than reading, calling and reading back take with all retries; Systems Manager waits 300
/// seconds at most.
const TIMEOUT: u32 = 240;

/// The parameters of the rule that say what complies.
const QUESTION: [&Parameter; 5] = [
    &TRAIL_MODE,
    &ALLOWED_UNLOGGED_BUCKETS,
    &CLOUDTRAIL_DELIVERIES,
    &TRUSTED_LOG_BUCKETS,
    &REQUIRE_DELIVERY,
];

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "Remediation for the S3 object-level logging rules of one account",
        &header(
            "Works out the smallest change that makes the account COMPLIANT, and makes it where \
             ApplyFix is true. Deploy it after rule.yaml, in the same account and Region, with \
             CAPABILITY_IAM. Nothing else needs it.",
        ),
    );
    add_code_inputs(&mut template);
    let mut question = vec![(EVENT_KINDS.name, input(&EVENT_KINDS))];
    question.extend(inputs(&QUESTION));
    question.push(name_prefix());
    template.inputs("The question, as in rule.yaml", question);
    template.inputs("What may be changed", changes());
    template.inputs("Operation", operation());
    for (rule, wanted) in wanted_kinds() {
        for condition in wanted {
            template.condition(rule.condition, condition);
        }
    }
    template.condition(APPLIES, equals(APPLY, "true"));
    template.condition(STARTS, equals(AUTOMATIC, "true"));
    function(&mut template);
    document(&mut template);
    for rule in &RULES {
        let name = match rule.kind {
            cis_rules::question::Kind::Write => "WriteRemediation",
            cis_rules::question::Kind::Read => "ReadRemediation",
        };
        template.resource(name, remediation(&template, rule).when(rule.condition));
    }
    template.output("DocumentName", "The Automation document.", reference("Document"));
    template
}

fn changes() -> Vec<(&'static str, Input)> {
    vec![
        (
            APPLY,
            Input::switch(
                "Whether the calls are made. false only works them out: the execution's output has \
                 them, with the way back.",
                false,
            ),
        ),
        (
            ALLOW_MANAGED,
            Input::switch(
                "Whether a trail is changed, too, that a stack or a landing zone owns, which may \
                 undo it.",
                false,
            ),
        ),
        (
            LOG_BUCKET,
            Input::text(
                "The bucket of a new trail, where one must be made. Empty: none is made. Its policy \
                 must let CloudTrail write.",
            )
            .like("^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$", "the name of a bucket")
            .or(""),
        ),
        (
            AUTOMATIC,
            Input::switch(
                "Whether AWS Config starts it by itself. false: somebody starts it, in the console \
                 or by StartRemediationExecution.",
                false,
            ),
        ),
        (
            APPROVERS,
            Input::text(
                "Who must approve each execution first: ARNs of users or roles, with commas between \
                 them. Empty: nobody.",
            )
            .like("^(arn:[a-z-]+:(iam|sts)::[0-9]{12}:[A-Za-z0-9+=,.@_/-]+)?$", "ARNs of IAM")
            .or(""),
        ),
    ]
}

fn operation() -> Vec<(&'static str, Input)> {
    let concurrency = Input::text(
        "How many invocations may run at a time, reserved for the function. Empty: as many as the \
         account has.",
    );
    vec![
        (
            "LogRetentionInDays",
            Input::text("How long the function's log, with the ways back, is kept.")
                .one_of(RETENTIONS)
                .or("365"),
        ),
        boundary_input(),
        key_input(
            "A KMS key for the log. Empty: a key of AWS. The key's policy must let CloudWatch Logs \
             use it.",
        ),
        (CONCURRENCY, concurrency.like("^([1-9][0-9]{0,3})?$", "a number from 1 on").or("")),
    ]
}

/// The function with its role and its log.
fn function(template: &mut Template) {
    template.resource(
        "Function",
        Resource::new(
            "The code of the rule, in a role that may change trails where ApplyFix is true. The \
             rule's own function never may.",
            &LambdaFunction {
                description: "Remediates accounts that do not record every S3 object-level event",
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
                timeout: TIMEOUT,
                reserved_concurrent_executions: only_if(&uses(CONCURRENCY), reference(CONCURRENCY))
                    .into(),
                environment: Value::Null,
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
                path: None,
                role_name: None,
                description: "Remediates S3 object-level logging",
                permissions_boundary: boundary(),
                assume_role_policy_document: PolicyDocument::of_service("lambda.amazonaws.com"),
                policies: policy("function", allowed()),
            },
        ),
    );
    template.resource(
        "Log",
        Resource::new(
            "Holds the way back of each change, so it outlives the stack.",
            &LogGroup {
                retention_in_days: reference("LogRetentionInDays").into(),
                kms_key_id: only_if(&uses(KEY), reference(KEY)).into(),
            },
        )
        .kept(),
    );
}

fn allowed() -> Items<Statement> {
    let trails = || {
        let arn = "arn:${AWS::Partition}:cloudtrail:*:${AWS::AccountId}:trail/*";
        vec![Text::from(sub(arn))]
    };
    let any_trail = || vec![Text::from(sub("arn:${AWS::Partition}:cloudtrail:*:*:trail/*"))];
    let log = || vec![Text::from(attribute("Log", "Arn"))];
    vec![
        Property::Known(Statement::allow(
            "write the function's log",
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            log(),
        )),
        Property::Known(Statement::allow(
            "list the account's trails",
            &["cloudtrail:DescribeTrails"],
            vec![Text::from("*")],
        )),
        Property::Known(Statement::allow(
            "read whether each trail logs, and what",
            &["cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"],
            any_trail(),
        )),
        Property::Known(Statement::allow(
            "see whether a stack owns a trail",
            &["cloudtrail:ListTags"],
            trails(),
        )),
        only_if(
            APPLIES,
            Statement::allow(
                "make the change",
                &[
                    "cloudtrail:PutEventSelectors",
                    "cloudtrail:StartLogging",
                    "cloudtrail:UpdateTrail",
                ],
                trails(),
            ),
        )
        .into(),
        only_if(
            &uses(LOG_BUCKET),
            Statement::allow(
                "make a trail where there is none",
                &["cloudtrail:CreateTrail"],
                trails(),
            ),
        )
        .into(),
    ]
}

/// What the document is told, the name of each parameter in the event, and the stack's parameter that
/// has its value.
fn told() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut told = vec![(EVENT_KINDS.name, EVENT_KINDS.name, "What complies: kinds of events.")];
    told.extend(QUESTION.map(|it| (it.name, it.name, it.description)));
    told.extend([
        ("apply", APPLY, "Whether the calls are made."),
        ("allowManagedTrails", ALLOW_MANAGED, "Whether a stack's trail is changed, too."),
        ("logBucket", LOG_BUCKET, "The bucket of a new trail."),
    ]);
    told
}

fn document(template: &mut Template) {
    let mut parameters = Map::from_iter([
        (
            "AutomationAssumeRole".to_owned(),
            json!({
                "type": "AWS::IAM::Role::Arn", "description": "The role of the execution.",
                "default": attribute("AutomationRole", "Arn"),
            }),
        ),
        (
            "AccountId".to_owned(),
            json!({
                "type": "String", "description": "The account, which must be this one.",
                "allowedPattern": "^[0-9]{12}$",
            }),
        ),
    ]);
    let mut payload = Map::from_iter([
        ("remediation".to_owned(), json!("fix")),
        ("accountId".to_owned(), json!("{{ AccountId }}")),
    ]);
    for (member, parameter, description) in told() {
        parameters.insert(
            parameter.to_owned(),
            json!({
                "type": "String", "description": description, "default": reference(parameter),
            }),
        );
        payload.insert(member.to_owned(), json!(format!("{{{{ {parameter} }}}}")));
    }
    let approve = json!({
        "name": "Approve",
        "action": "aws:approve",
        "onFailure": "Abort",
        "inputs": {
            "Message": "May the trails of this account be changed so that every S3 object-level event \
                        is recorded?",
            "MinRequiredApprovals": 1,
            "Approvers": Function::Split(",".to_owned(), Box::new(reference(APPROVERS))),
        },
    });
    let invoke = json!({
        "name": "Fix",
        "action": "aws:invokeLambdaFunction",
        // A second try would plan again, on an account that the first may have changed.
        "maxAttempts": 1,
        "timeoutSeconds": TIMEOUT + 30,
        "onFailure": "Abort",
        "isEnd": true,
        "inputs": {"FunctionName": attribute("Function", "Arn"), "InputPayload": payload},
        "outputs": [{"Name": "Answer", "Selector": "$.Payload", "Type": "String"}],
    });
    template.resource(
        "Document",
        Resource::new(
            "What AWS Config starts. The plan, its proof and the calls are the function's.",
            &AutomationDocument {
                document_type: "Automation",
                document_format: "YAML",
                update_method: "NewVersion",
                content: json!({
                    "schemaVersion": "0.3",
                    "description": "The smallest change after which CloudTrail records every S3 \
                                    object-level event, worked out, proved, and made where that is \
                                    asked.",
                    "assumeRole": "{{ AutomationAssumeRole }}",
                    "parameters": parameters,
                    "mainSteps": [only_if(&uses(APPROVERS), approve), invoke],
                    "outputs": ["Fix.Answer"],
                }),
            },
        ),
    );
    template.resource(
        "AutomationRole",
        Resource::new(
            "Systems Manager may invoke the function, for executions of this account.",
            &Role {
                path: None,
                role_name: None,
                description: "Starts the remediation of S3 object-level logging",
                permissions_boundary: boundary(),
                assume_role_policy_document: PolicyDocument::of_service_here("ssm.amazonaws.com"),
                policies: policy(
                    "invoke",
                    vec![Property::Known(Statement::allow(
                        "invoke the function",
                        &["lambda:InvokeFunction"],
                        vec![attribute("Function", "Arn").into()],
                    ))],
                ),
            },
        ),
    );
}

/// A rule's remediation. Its values are fixed, but for the resource's id, which is the account's.
fn remediation(template: &Template, rule: &crate::Rule) -> Resource {
    let fixed = |value: Function| json!({"StaticValue": {"Values": [value]}});
    let mut parameters = Map::from_iter([
        ("AutomationAssumeRole".to_owned(), fixed(attribute("AutomationRole", "Arn"))),
        ("AccountId".to_owned(), json!({"ResourceValue": {"Value": "RESOURCE_ID"}})),
    ]);
    for (_, parameter, _) in told() {
        let value = if parameter == EVENT_KINDS.name {
            json!({"StaticValue": {"Values": [rule.kind.name()]}})
        } else {
            json(template.if_given(parameter, fixed(reference(parameter))))
        };
        parameters.insert(parameter.to_owned(), value);
    }
    Resource::new(
        "Offered for the account where the rule says that it does not comply.",
        &RemediationConfiguration {
            config_rule_name: sub(rule.prefixed()).into(),
            resource_type: "AWS::::Account",
            target_type: "SSM_DOCUMENT",
            target_id: reference("Document").into(),
            automatic: reference(AUTOMATIC).into(),
            maximum_automatic_attempts: only_if(STARTS, 1).into(),
            retry_attempt_seconds: only_if(STARTS, 3600).into(),
            parameters: Value::Object(parameters),
        },
    )
}
