//! The role through which functions read what the organization's trail selects.

use serde_json::json;

use super::header;
use super::member_role::organization_id;
use crate::FUNCTION_ROLE_PATH;
use crate::intrinsic::{Property, attribute, reference, sub};
use crate::policy::{PolicyDocument, Statement, policy};
use crate::resources::Role;
use crate::template::{Input, Resource, Template};

const TRAILS: &str = "OrganizationTrailArns";

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "The role that reads the organization's trail for the S3 object-level logging rules",
        &header(
            "Members of an organization mostly may not read what its trail selects. Deploy this in the \
             account that owns the trail, the management account, or in a delegated administrator of \
             CloudTrail, with CAPABILITY_IAM. Its output is the rules' OrganizationTrailRoleArn.",
        ),
    );
    let trails = Input::list(
        "The ARNs of the organization's trails. No others can be read through the role.",
    )
    .like(
        "^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[A-Za-z0-9._-]{3,128}$",
        "ARNs of trails, separated by commas",
    );
    template.inputs("The organization", vec![organization_id(), (TRAILS, trails)]);
    // The functions may be in any of the accounts, so no principal can be named. The ARN in the
    // context is the role's, with its path.
    // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    let functions = format!("arn:${{AWS::Partition}}:iam::*:role{FUNCTION_ROLE_PATH}*");
    let trust = Statement::trust(json!({"AWS": "*"}))
        .where_equal("aws:PrincipalOrgID", reference("OrganizationId"))
        .where_arn_like("aws:PrincipalArn", sub(functions));
    let read = Statement::allow(
        "read whether the trail logs, and what",
        &["cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"],
        reference(TRAILS),
    );
    template.resource(
        "TrailRole",
        Resource::new(
            "For the functions' roles in the organization's accounts, which have a path of their own. No \
             other role can assume it.",
            &Role {
                path: None,
                role_name: None,
                description: "The S3 object-level logging rules read the organization's trail",
                assume_role_policy_document: PolicyDocument::new(vec![Property::Known(trust)]),
                policies: policy("read", vec![Property::Known(read)]),
            },
        ),
    );
    template.output(
        "OrganizationTrailRoleArn",
        "The role, for the parameter of this name.",
        attribute("TrailRole", "Arn"),
    );
    template
}
