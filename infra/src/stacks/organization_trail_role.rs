//! The role through which functions read what the organization's trail selects.

use serde_json::json;

use super::header;
use super::member_role::organization_id;
use crate::FUNCTION_ROLE_PATH;
use crate::constructs::boundary::{HEADING, boundary, boundary_input};
use crate::intrinsic::{Property, attribute, reference, sub};
use crate::policy::{PolicyDocument, Statement, policy};
use crate::resources::Role;
use crate::template::{Input, Resource, Template};

const TRAILS: &str = "OrganizationTrailArns";

/// The parameter that says which roles are trusted.
const TRUSTED: &str = "TrustedRolePattern";

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
    let trusted = Input::text(
        "Which roles may assume this one, in any account of the organization: role, their path and \
         their name, with * for any text. Functions that these templates did not make have other \
         paths, such as role/AWSAccelerator-*.",
    )
    // Some characters before the first wildcard, or every role of the organization could.
    .like(
        "^role/[A-Za-z0-9+=,.@_-]{3}[A-Za-z0-9+=,.@_/*?-]*$",
        "role/ and a path or name that begins with three characters which are no wildcards",
    )
    .or(&format!("role{FUNCTION_ROLE_PATH}*"));
    let inputs = vec![organization_id(), (TRAILS, trails), (TRUSTED, trusted)];
    template.inputs("The organization", inputs);
    template.inputs(HEADING, vec![boundary_input()]);
    // The functions may be in any of the accounts, so no principal can be named. The ARN in the
    // context is the role's, with its path.
    // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    let functions = format!("arn:${{AWS::Partition}}:iam::*:${{{TRUSTED}}}");
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
            "For the functions' roles in the organization's accounts, which have a path of their own, \
             or names that begin alike. No other role can assume it.",
            &Role {
                path: None,
                role_name: None,
                description: "The S3 object-level logging rules read the organization's trail",
                permissions_boundary: boundary(),
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
