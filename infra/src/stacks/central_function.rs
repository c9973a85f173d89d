//! One function for the rules of many accounts. It works through a role in each of them.

use cis_lambda::parameters::{MEMBER_ROLE_NAME, ORGANIZATION_TRAIL_ROLE_ARN};

use super::header;
use crate::constructs::function;
use crate::inputs::{frequency, input, input_or};
use crate::intrinsic::{Property, reference, sub};
use crate::policy::{Statement, organization_trail};
use crate::resources::Permission;
use crate::template::{Input, Resource, Template};

const ACCOUNTS: &str = "MemberAccounts";

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "The function of the S3 object-level logging rules, for many accounts",
        &header(
            "The function that organization-rule.yaml and organization-conformance-pack.yaml need. \
             Deploy it in the account and Region of those, with CAPABILITY_IAM and \
             CAPABILITY_AUTO_EXPAND (for the loop over the accounts).",
        ),
    );
    template.with_loops();
    function::add_code_inputs(&mut template);
    template.inputs("The organization", organization());
    function::add_operation_inputs(&mut template, function::OF_ONE);
    let assume = Statement::allow(
        "work in the rule's account, through the role there; another organization's role of that \
         name is out of reach",
        &["sts:AssumeRole"],
        vec![
            sub(format!("arn:${{AWS::Partition}}:iam::*:role/${{{}}}", MEMBER_ROLE_NAME.name))
                .into(),
        ],
    );
    let assume = assume.where_equal("aws:ResourceOrgID", reference("OrganizationId"));
    function::add(&mut template, vec![Property::Known(assume), organization_trail()]);
    template.resource_for_each(
        ACCOUNTS,
        "Account",
        "Permission${Account}",
        Resource::new(
            "AWS Config may invoke the function for rules of these accounts, one permission each: \
             Lambda knows no condition for an organization's rules. A function's policy holds 55 \
             of them with the stack's name in infra/README.md; for more accounts take stackset.yaml.",
            &Permission {
                function_name: reference(function::FUNCTION).into(),
                action: "lambda:InvokeFunction",
                principal: "config.amazonaws.com",
                source_account: reference("Account").into(),
            },
        ),
    );
    template
}

fn organization() -> Vec<(&'static str, Input)> {
    vec![
        (
            "OrganizationId",
            Input::text("The organization: the function may assume roles only in its accounts.")
                .like("^o-[a-z0-9]{10,32}$", "an organization's id, o- and letters and digits"),
        ),
        (ACCOUNTS, Input::list("The accounts that have the rules, this one too where it does.")),
        member_role_name(),
        (ORGANIZATION_TRAIL_ROLE_ARN.name, input(&ORGANIZATION_TRAIL_ROLE_ARN)),
        frequency(),
    ]
}

/// The role's name, which is the same in every account.
pub(super) fn member_role_name() -> (&'static str, Input) {
    (MEMBER_ROLE_NAME.name, input_or(&MEMBER_ROLE_NAME, "s3-object-level-logging-rule"))
}
