//! The role through which a central function works in a member account.

use cis_lambda::parameters::MEMBER_ROLE_NAME;
use serde_json::json;

use super::central_function::member_role_name;
use super::header;
use crate::constructs::boundary::{HEADING, boundary, boundary_input, key_input};
use crate::constructs::notices;
use crate::inputs::inputs;
use crate::intrinsic::{Property, Text, reference};
use crate::policy::{PolicyDocument, Statement, add_evaluating, deciding_parameters, policy};
use crate::resources::Role;
use crate::template::{Input, Resource, Template};
use crate::{ORGANIZATION_PREFIX, RULES, Rule};

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "The role of a central function of the S3 object-level logging rules",
        &header(
            "Deploy it in every account that has the rules, as a StackSet or by hand, after \
             central-function.yaml and with CAPABILITY_NAMED_IAM.",
        ),
    );
    template.inputs(
        "The function",
        vec![
            (
                "FunctionRoleArn",
                Input::text("The function's role: the output FunctionRoleArn of its stack.").like(
                    "^arn:[a-z-]+:iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]+$",
                    "the ARN of an IAM role",
                ),
            ),
            organization_id(),
            member_role_name(),
        ],
    );
    template.inputs("The question", inputs(&deciding_parameters()));
    template.inputs("Operation", vec![notices::topic()]);
    template.inputs(
        HEADING,
        vec![boundary_input(), key_input("The KMS key of the topic, where it has one.")],
    );
    let trust = Statement::trust(json!({"AWS": reference("FunctionRoleArn")}))
        .where_equal("aws:PrincipalOrgID", reference("OrganizationId"));
    let allowed = add_evaluating(&mut template);
    template.resource(
        "MemberRole",
        Resource::new(
            "For the function's role, while it is in the organization. No other role can assume it.",
            &Role {
                path: None,
                role_name: Some(reference(MEMBER_ROLE_NAME.name).into()),
                description: "The S3 object-level logging rules, evaluated by a central function",
                permissions_boundary: boundary(),
                assume_role_policy_document: PolicyDocument::new(vec![Property::Known(trust)]),
                policies: policy("evaluate", allowed),
            },
        ),
    );
    notices::add_role(&mut template);
    notices::add_non_compliant(&mut template, &names());
    template
}

/// What the names of a member's rules begin with: those of packs, and of the organization.
fn names() -> Vec<Text> {
    let prefixes = ["", ORGANIZATION_PREFIX];
    let of = |rule: &Rule| prefixes.map(|prefix| format!("{prefix}{}", rule.name).as_str().into());
    RULES.iter().flat_map(of).collect()
}

/// The organization that a role is for.
pub(super) fn organization_id() -> (&'static str, Input) {
    let input = Input::text("The organization that the function's account is in.");
    (
        "OrganizationId",
        input.like("^o-[a-z0-9]{10,32}$", "an organization's id, o- and letters and digits"),
    )
}
