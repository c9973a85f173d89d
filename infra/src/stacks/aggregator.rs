//! The organization's view: an aggregator over all accounts and Regions, and saved queries.

use super::header;
use crate::constructs::boundary::{HEADING, boundary, boundary_input};
use crate::constructs::config_rule::name_prefix;
use crate::intrinsic::{Property, attribute, reference, sub};
use crate::policy::{PolicyDocument, Statement, policy};
use crate::resources::{ConfigurationAggregator, OrganizationAggregationSource, Role, StoredQuery};
use crate::template::{Input, Resource, Template};
use crate::{ORGANIZATION_PREFIX, RULES, Rule};

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "The S3 object-level logging rules' results of an organization in one view",
        &header(
            "An aggregator and saved queries. Deploy it once, in the management account or in an \
             account that is registered for config.amazonaws.com, with CAPABILITY_IAM. An \
             organization that has an aggregator needs no second one; the queries work with any.",
        ),
    );
    let name = Input::text("The aggregator's name.").or("s3-object-level-logging");
    let create = Input::switch("Whether to make an aggregator, besides the queries.", true);
    let inputs = vec![("CreateAggregator", create), ("AggregatorName", name)];
    template.inputs("The aggregator", inputs);
    template.inputs("The rules", vec![name_prefix()]);
    template.inputs(HEADING, vec![boundary_input()]);
    template.condition("Aggregates", crate::intrinsic::equals("CreateAggregator", "true"));
    let list = Statement::allow(
        "find the organization's accounts; none of these calls takes a resource",
        &[
            "organizations:DescribeOrganization",
            "organizations:ListAccounts",
            "organizations:ListAWSServiceAccessForOrganization",
            "organizations:ListDelegatedAdministrators",
        ],
        vec!["*".into()],
    );
    template.resource(
        "AggregatorRole",
        Resource::new(
            "AWS Config may find the accounts: what the managed policy AWSConfigRoleForOrganizations \
             allows.",
            &Role {
                path: None,
                role_name: None,
                description: "Lets AWS Config find the organization's accounts",
                permissions_boundary: boundary(),
                assume_role_policy_document: PolicyDocument::of_service("config.amazonaws.com"),
                policies: policy("organization", vec![Property::Known(list)]),
            },
        )
        .when("Aggregates"),
    );
    template.resource(
        "Aggregator",
        Resource::new(
            "All accounts and all Regions, those of tomorrow included.",
            &ConfigurationAggregator {
                configuration_aggregator_name: reference("AggregatorName").into(),
                organization_aggregation_source: OrganizationAggregationSource {
                    role_arn: attribute("AggregatorRole", "Arn").into(),
                    all_aws_regions: true,
                },
            },
        )
        .when("Aggregates"),
    );
    for (rule, logical_name) in RULES.iter().zip(["WriteQuery", "ReadQuery"]) {
        let comment = "Verdicts by account. An account's entry holds those of all its account-level \
                       rules: look at this rule's own. The recorder must record \
                       AWS::Config::ResourceCompliance.";
        template.resource(logical_name, Resource::new(comment, &verdicts(rule)));
    }
    template.resource(
        "TrailQuery",
        Resource::new("The trails themselves, for whoever has to repair one.", &trails()),
    );
    template
}

/// The results of a rule under all the names that it has: as it is and in a conformance pack, where
/// AWS Config appends to it, and as an organization's rule, where it also puts something before it.
fn verdicts(rule: &Rule) -> StoredQuery {
    let name = "configuration.configRuleList.configRuleName";
    let (own, base, prefix) = (rule.prefixed(), rule.name, ORGANIZATION_PREFIX);
    StoredQuery {
        query_name: format!("s3-object-level-{}-logging", rule.kind),
        query_description: format!("Accounts with the results of {base}"),
        query_expression: sub(format!(
            "SELECT accountId, awsRegion, configuration.complianceType, \
             configuration.configRuleList \
             WHERE resourceType = 'AWS::Config::ResourceCompliance' \
             AND configuration.targetResourceType = 'AWS::::Account' \
             AND ({name} LIKE '{own}%' OR {name} LIKE '{prefix}{base}%')"
        ))
        .into(),
    }
}

fn trails() -> StoredQuery {
    StoredQuery {
        query_name: "s3-object-level-logging-trails".to_owned(),
        query_description: "Trails by account, with what AWS Config records of them".to_owned(),
        query_expression: "SELECT accountId, awsRegion, resourceName, arn, \
                           configuration.isMultiRegionTrail, configuration.isOrganizationTrail, \
                           configuration.hasCustomEventSelectors \
                           WHERE resourceType = 'AWS::CloudTrail::Trail'"
            .into(),
    }
}
