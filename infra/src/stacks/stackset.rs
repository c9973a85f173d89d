//! `rule.yaml` in every account of an organization: the function is where it works, so nothing
//! crosses accounts, and no policy grows with their number.

use cis_lambda::parameters::EVENT_KINDS;
use serde_json::json;

use super::organization_conformance_pack::{EXCLUDED, excluded, excluded_accounts};
use super::{header, parameters};
use crate::constructs::config_rule::name_prefix;
use crate::constructs::function;
use crate::inputs::{frequency, input, inputs};
use crate::intrinsic::{only_if, reference};
use crate::resources::{StackParameter, StackSet};
use crate::template::{Input, Resource, Template, uses};

/// The parameters that are of the set itself.
const OWN: [&str; 5] = ["TemplateUrl", "OrganizationalUnitIds", EXCLUDED, "Region", "CallAs"];

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "The S3 object-level logging rules in every account of an organization",
        &header(
            "A StackSet that puts rule.yaml into every account of the chosen units, and into those \
             that join later. Deploy it in the organization's management account, or in a delegated \
             administrator of CloudFormation StackSets. The set does not reach the management account: \
             deploy rule.yaml there by itself.",
        ),
    );
    template.inputs("Where", places());
    function::add_code_inputs(&mut template);
    let mut asked = vec![(EVENT_KINDS.name, input(&EVENT_KINDS))];
    asked.extend(inputs(&parameters()));
    asked.push(name_prefix());
    asked.push(frequency());
    template.inputs("The question", asked);
    function::add_operation_inputs(&mut template, function::OF_MANY);
    let parameters = template.handing_on(&OWN, |name, value| StackParameter {
        parameter_key: name.to_owned(),
        parameter_value: value.into(),
    });
    template.resource(
        "Accounts",
        Resource::new(
            "One account after another, the failure of one stopping none of the others. The stack is \
             made even where every account failed, so look at the instances afterwards.",
            &StackSet {
                stack_set_name: reference("AWS::StackName").into(),
                description: "The S3 object-level logging rules",
                permission_model: "SERVICE_MANAGED",
                call_as: reference("CallAs").into(),
                capabilities: ["CAPABILITY_IAM"],
                auto_deployment: json!({"Enabled": true, "RetainStacksOnAccountRemoval": false}),
                managed_execution: json!({"Active": true}),
                operation_preferences: json!({
                    "FailureTolerancePercentage": 100,
                    "MaxConcurrentPercentage": 25,
                }),
                stack_instances_group: json!([{
                    "DeploymentTargets": {
                        "OrganizationalUnitIds": reference("OrganizationalUnitIds"),
                        "AccountFilterType": only_if(&uses(EXCLUDED), "DIFFERENCE"),
                        "Accounts": excluded_accounts(),
                    },
                    "Regions": [reference("Region")],
                }]),
                template_url: reference("TemplateUrl").into(),
                parameters,
            },
        ),
    );
    template
}

fn places() -> Vec<(&'static str, Input)> {
    vec![
        ("TemplateUrl", Input::text("Where rule.yaml was put: the https URL of an S3 object.")),
        (
            "OrganizationalUnitIds",
            Input::list("The organization's units, or its root (r-...) for all accounts."),
        ),
        (
            "Region",
            Input::text(
                "The Region of the rule: the one that is home to the trails. CodeBucket and \
                 AlarmTopicArn are in it. A second Region takes a second set, with a bucket and a \
                 topic there.",
            )
            .like("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", "a Region"),
        ),
        excluded(),
        (
            "CallAs",
            Input::text("DELEGATED_ADMIN where this account is not the management account.")
                .one_of(["SELF", "DELEGATED_ADMIN"])
                .or("SELF"),
        ),
    ]
}
