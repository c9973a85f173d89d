//! A topic that the rules and alarms of one account, or of an organization's, may publish to.

use serde_json::json;

use super::header;
use crate::constructs::boundary::{KEY, key_input};
use crate::intrinsic::{Function, json, only_if, reference, sub};
use crate::policy::{PolicyDocument, Statement};
use crate::resources::{Subscription, Topic, TopicPolicy};
use crate::template::{Input, Resource, Template, uses};

const ORGANIZATION: &str = "OrganizationId";
const EMAIL: &str = "Email";

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "The topic of the S3 object-level logging rules",
        &header(
            "Who is told of accounts that do not comply, of failures and of alarms. Deploy it once, in \
             the Region of the rules and in any account of the organization. Its output is the other \
             templates' AlarmTopicArn.",
        ),
    );
    let organization =
        Input::text("The organization whose accounts may publish. Empty: this account only.");
    let email = Input::text("An address that is told by mail, once it confirms. Empty: none.");
    template.inputs(
        "The topic",
        vec![
            (
                ORGANIZATION,
                organization.like("^(o-[a-z0-9]{10,32})?$", "an organization's id").or(""),
            ),
            (EMAIL, email.like("^([^@ ]+@[^@ ]+)?$", "an address of mail").or("")),
            key_input(
                "A KMS key for the topic. Its policy must let cloudwatch.amazonaws.com and the \
                 NoticeRole of each stack use it. Empty: the topic is not encrypted with a key.",
            ),
        ],
    );
    template.resource(
        "Topic",
        Resource::new(
            "One for all accounts: each message says which it is about.",
            &Topic { kms_master_key_id: only_if(&uses(KEY), reference(KEY)).into() },
        ),
    );
    template.resource(
        "TopicPolicy",
        Resource::new(
            "Alarms publish as CloudWatch, from this account or from any of the organization's. Events \
             are published in the role that each stack has for it.",
            &TopicPolicy {
                topics: [reference("Topic").into()],
                policy_document: PolicyDocument::new(vec![
                    of_alarms().into(),
                    only_if(&uses(ORGANIZATION), of_roles()).into(),
                ]),
            },
        ),
    );
    template.resource(
        "Subscription",
        Resource::new(
            "Tells an address by mail.",
            &Subscription {
                topic_arn: reference("Topic").into(),
                protocol: "email",
                endpoint: reference(EMAIL).into(),
            },
        )
        .when("UsesEmail"),
    );
    template.output(
        "AlarmTopicArn",
        "The topic, for the parameter of this name.",
        reference("Topic"),
    );
    template
}

/// CloudWatch says of which alarm it speaks. Whether it also says of which organization is not
/// documented, so that is asked only where it does.
///
/// Sources: <https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
fn of_alarms() -> Function {
    let of = |account: &str| {
        let alarms =
            format!("arn:${{AWS::Partition}}:cloudwatch:${{AWS::Region}}:{account}:alarm:*");
        let principal = json!({"Service": "cloudwatch.amazonaws.com"});
        Statement::allow_to(principal, "sns:Publish", reference("Topic"))
            .where_arn_like("aws:SourceArn", sub(alarms))
    };
    let organization = reference(ORGANIZATION);
    let any = of("*").where_equal_if_there("aws:SourceOrgID", organization);
    Function::If(uses(ORGANIZATION), json(any), json(of("${AWS::AccountId}")))
}

/// The organization's roles, which EventBridge assumes. This account's roles need no more than their
/// own policies.
fn of_roles() -> Statement {
    Statement::allow_to(json!({"AWS": "*"}), "sns:Publish", reference("Topic"))
        .where_equal("aws:PrincipalOrgID", reference(ORGANIZATION))
}
