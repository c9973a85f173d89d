//! Resource types that are trails, that bring trails, or that may.

use super::resources::Resource;
use crate::node::Node;

/// `aws_cloudtrail` of the AWS provider.
pub(super) const TRAIL: &str = "aws_cloudtrail";
/// The trail of the AWS Cloud Control provider.
pub(super) const CLOUD_CONTROL_TRAIL: &str = "awscc_cloudtrail_trail";
/// Any resource of Cloud Control's, by its CloudFormation type.
pub(super) const CLOUD_CONTROL: &str = "aws_cloudcontrolapi_resource";
/// CloudFormation's name of a trail.
pub(super) const CLOUDFORMATION_TRAIL: &str = "AWS::CloudTrail::Trail";

/// Whether resources of a type are trails.
pub(super) fn is_trail(kind: &str) -> bool {
    matches!(kind, TRAIL | CLOUD_CONTROL_TRAIL)
}

/// Whether resources of a type belong to an AWS account.
pub(super) fn is_of_aws(kind: &str) -> bool {
    kind.starts_with("aws_") || kind.starts_with("awscc_")
}

/// What a resource brings trails as, in a form that is not read here.
///
/// Sources: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>,
/// <https://registry.terraform.io/providers/hashicorp/awscc/latest/docs>
pub(super) fn brings_trails(kind: &str) -> Option<&'static str> {
    match kind {
        "aws_cloudformation_stack" | "awscc_cloudformation_stack" => Some("the stack"),
        "aws_cloudformation_stack_set" | "awscc_cloudformation_stack_set" => Some("the stack set"),
        "aws_cloudformation_stack_set_instance" | "aws_cloudformation_stack_instances" => {
            Some("the stack set instance")
        }
        "aws_serverlessapplicationrepository_cloudformation_stack" => Some("the application"),
        "aws_servicecatalog_provisioned_product"
        | "awscc_servicecatalog_cloudformation_provisioned_product" => {
            Some("the provisioned product")
        }
        "aws_controltower_landing_zone" | "awscc_controltower_landing_zone" => {
            Some("the landing zone")
        }
        "aws_controltower_baseline" | "awscc_controltower_enabled_baseline" => Some("the baseline"),
        _ if is_of_aws(kind) => None,
        _ if WITHOUT_TRAILS.contains(&kind.split('_').next().unwrap_or_default()) => None,
        _ => Some("the resource of a type that is not known here,"),
    }
}

/// Providers that make nothing in AWS accounts that could be a trail, by what their types start
/// with.
const WITHOUT_TRAILS: [&str; 38] = [
    "acme",
    "archive",
    "auth0",
    "azapi",
    "azuread",
    "azurerm",
    "cloudflare",
    "cloudinit",
    "consul",
    "datadog",
    "docker",
    "external",
    "fastly",
    "github",
    "gitlab",
    "google",
    "grafana",
    "helm",
    "http",
    "kubectl",
    "kubernetes",
    "local",
    "mongodbatlas",
    "mysql",
    "newrelic",
    "null",
    "okta",
    "opsgenie",
    "pagerduty",
    "postgresql",
    "random",
    "snowflake",
    "splunk",
    "template",
    "terraform",
    "time",
    "tls",
    "vault",
];

/// Whether a resource is a trail, brings trails, or may.
pub(super) fn may_have_trails(resource: &Resource<'_>) -> bool {
    is_trail(resource.kind)
        || brings_trails(resource.kind).is_some()
        || resource.kind == CLOUD_CONTROL
            && cloud_control_type(resource).is_none_or(is_planned_trail)
}

fn is_planned_trail(kind: &str) -> bool {
    kind == CLOUDFORMATION_TRAIL || crate::template::brings_trails(kind).is_some()
}

/// The CloudFormation type of a Cloud Control resource, where it is known.
pub(super) fn cloud_control_type<'a>(resource: &Resource<'a>) -> Option<&'a str> {
    resource.values?.get("type_name").and_then(Node::text)
}
