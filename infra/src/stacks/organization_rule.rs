//! The rules in every account of an organization, with one central function and no pack.

use cis_lambda::event::SCHEDULED;
use cis_lambda::parameters::EVENT_KINDS;

use super::header;
use super::organization_conformance_pack::{asked, excluded, excluded_accounts};
use crate::RULES;
use crate::constructs::config_rule::wanted_kinds;
use crate::constructs::pack_body::{FUNCTION_ARN, function_arn};
use crate::inputs::{FREQUENCY, frequency, input, names, rule_parameters_text};
use crate::intrinsic::reference;
use crate::resources::{OrganizationConfigRule, OrganizationCustomRuleMetadata};
use crate::template::{Resource, Template};

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "The S3 object-level logging rules for an organization",
        &header(
            "Rules in every account of the organization. Deploy it in the management account or in an \
             account that is registered for config-multiaccountsetup.amazonaws.com, after \
             central-function.yaml there and member-role.yaml in every account.",
        ),
    );
    template.inputs("The rules", vec![function_arn(), frequency(), excluded()]);
    let kinds = vec![(EVENT_KINDS.name, input(&EVENT_KINDS))];
    template.inputs("The question", [kinds, asked()].concat());
    for (rule, wanted) in wanted_kinds() {
        for condition in wanted {
            template.condition(rule.condition, condition);
        }
    }
    for rule in &RULES {
        let resource = OrganizationConfigRule {
            organization_config_rule_name: rule.name,
            excluded_accounts: excluded_accounts(),
            organization_custom_rule_metadata: OrganizationCustomRuleMetadata {
                description: rule.description(),
                lambda_function_arn: reference(FUNCTION_ARN).into(),
                organization_config_rule_trigger_types: vec![SCHEDULED],
                maximum_execution_frequency: reference(FREQUENCY).into(),
                input_parameters: rule_parameters_text(&template, rule, &names(&asked())).into(),
            },
        };
        let resource = Resource::new(rule.comment, &resource);
        template.resource(rule.logical_name, resource.when(rule.condition));
    }
    template
}
