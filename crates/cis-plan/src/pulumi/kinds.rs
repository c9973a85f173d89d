//! Pulumi's resource types, as those of Terraform that are read.

/// Which names the properties of a resource have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// Terraform's, in camel case.
    Terraform,
    /// Terraform's, in camel case, but only those of the resource itself: what is in them is
    /// somebody else's.
    TerraformOutside,
    /// CloudFormation's, beginning with a small letter.
    CloudFormation,
    /// As they are.
    Own,
}

impl Names {
    /// A property's name as Terraform or CloudFormation writes it.
    pub(super) fn written(self, name: &str) -> String {
        match self {
            Names::Own => name.to_string(),
            Names::CloudFormation => {
                let mut letters = name.chars();
                let first = letters.next().map(|letter| letter.to_ascii_uppercase());
                first.into_iter().chain(letters).collect()
            }
            Names::Terraform | Names::TerraformOutside => match name {
                // A block that repeats is a list, and Pulumi names lists in the plural.
                "eventSelectors" => "event_selector".to_string(),
                "advancedEventSelectors" => "advanced_event_selector".to_string(),
                "dataResources" => "data_resource".to_string(),
                "fieldSelectors" => "field_selector".to_string(),
                "startsWiths" => "starts_with".to_string(),
                "endsWiths" => "ends_with".to_string(),
                "notStartsWiths" => "not_starts_with".to_string(),
                "notEndsWiths" => "not_ends_with".to_string(),
                _ => {
                    let mut words = String::with_capacity(name.len() + 4);
                    for letter in name.chars() {
                        if letter.is_ascii_uppercase() {
                            words.push('_');
                        }
                        words.push(letter.to_ascii_lowercase());
                    }
                    words
                }
            },
        }
    }
}

/// What a type is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The configuration of a provider.
    Provider,
    /// It makes nothing, or nothing in AWS that could be a trail.
    Nothing,
    /// A resource of this type of Terraform's.
    Terraform(&'static str, Names),
    /// Any resource of Cloud Control's, by its CloudFormation type.
    Extension,
    /// It is in an AWS account, and brings no trails.
    OfAws(&'static str),
    /// A bucket, as this type of Terraform's.
    Bucket(&'static str),
    /// It may bring trails: as what.
    Brings(&'static str),
    /// It may bring trails: as what; what it runs stands in it.
    Runs(&'static str),
}

impl Kind {
    /// Whether a resource read as this is a trail, brings trails, or may.
    pub(super) fn may_have_trails(self) -> bool {
        !matches!(
            self,
            Self::Provider
                | Self::Nothing
                | Self::OfAws(_)
                | Self::Bucket(_)
                | Self::Terraform(_, Names::Own)
        )
    }
}

/// A trail of the provider AWS.
pub(super) const TRAIL: &str = "aws_cloudtrail";
/// A trail of the provider AWS Native.
pub(super) const NATIVE_TRAIL: &str = "awscc_cloudtrail_trail";

/// What a type is read as.
///
/// Sources: <https://www.pulumi.com/registry/packages/aws/api-docs/>,
/// <https://www.pulumi.com/registry/packages/aws-native/api-docs/>
pub(super) fn of(kind: &str) -> Kind {
    use Kind::{Brings, Bucket, Extension, Nothing, OfAws, Provider, Runs, Terraform};
    use Names::{CloudFormation, Own, TerraformOutside};
    let package = kind.split(':').next().unwrap_or_default();
    match kind {
        "aws:cloudtrail/trail:Trail" => Terraform(TRAIL, Names::Terraform),
        "aws-native:cloudtrail:Trail" => Terraform(NATIVE_TRAIL, CloudFormation),
        "aws:cloudcontrol/resource:Resource" => {
            Terraform("aws_cloudcontrolapi_resource", TerraformOutside)
        }
        "aws-native:index:ExtensionResource" => Extension,
        "aws:cloudformation/stack:Stack" => Terraform("aws_cloudformation_stack", TerraformOutside),
        "aws-native:cloudformation:Stack" => {
            Terraform("awscc_cloudformation_stack", TerraformOutside)
        }
        "aws:cloudformation/stackSet:StackSet" => {
            Terraform("aws_cloudformation_stack_set", TerraformOutside)
        }
        "aws-native:cloudformation:StackSet" => {
            Terraform("awscc_cloudformation_stack_set", TerraformOutside)
        }
        "aws:cloudformation/stackSetInstance:StackSetInstance"
        | "aws:cloudformation/stackInstances:StackInstances" => {
            Terraform("aws_cloudformation_stack_set_instance", TerraformOutside)
        }
        "aws:serverlessrepository/cloudFormationStack:CloudFormationStack" => {
            Terraform("aws_serverlessapplicationrepository_cloudformation_stack", TerraformOutside)
        }
        "aws:servicecatalog/provisionedProduct:ProvisionedProduct" => {
            Terraform("aws_servicecatalog_provisioned_product", TerraformOutside)
        }
        "aws-native:servicecatalog:CloudFormationProvisionedProduct" => {
            Terraform("awscc_servicecatalog_cloudformation_provisioned_product", TerraformOutside)
        }
        "aws:controltower/landingZone:LandingZone" => {
            Terraform("aws_controltower_landing_zone", TerraformOutside)
        }
        "aws-native:controltower:LandingZone" => {
            Terraform("awscc_controltower_landing_zone", TerraformOutside)
        }
        "aws:controltower/baseline:Baseline" => {
            Terraform("aws_controltower_baseline", TerraformOutside)
        }
        "aws-native:controltower:EnabledBaseline" => {
            Terraform("awscc_controltower_enabled_baseline", TerraformOutside)
        }
        "aws:lambda/invocation:Invocation" => Terraform("aws_lambda_invocation", Own),
        "aws-native:cloudformation:CustomResourceEmulator" => Terraform("terraform_data", Own),
        _ if kind.starts_with("pulumi:providers:") => Provider,
        "aws:s3/bucket:Bucket" | "aws:s3/bucketV2:BucketV2" => Bucket("aws_s3_bucket"),
        "aws-native:s3:Bucket" => Bucket("awscc_s3_bucket"),
        _ if package == "aws" => OfAws("aws_resource"),
        _ if package == "aws-native" => OfAws("awscc_resource"),
        _ if package == "command" => Terraform("terraform_data", Own),
        _ if package.starts_with("pulumi-") => Runs("the resource of a dynamic provider"),
        // Controllers in a cluster make AWS resources of such objects.
        _ if package == "kubernetes" && kind.contains("cloudtrail") => Brings("the object"),
        _ if WITHOUT_TRAILS.contains(&package) => Nothing,
        _ => Brings("the resource of a type that is not known here,"),
    }
}

/// Packages that make nothing in AWS accounts that could be a trail.
///
/// Source: <https://www.pulumi.com/registry/>
const WITHOUT_TRAILS: [&str; 49] = [
    "archive",
    "auth0",
    "azure",
    "azure-native",
    "azuread",
    "cloudflare",
    "cloudinit",
    "consul",
    "datadog",
    "digitalocean",
    "dnsimple",
    "docker",
    "docker-build",
    "external",
    "fastly",
    "gcp",
    "github",
    "gitlab",
    "google-native",
    "grafana",
    "hcloud",
    "kafka",
    "keycloak",
    "kubernetes",
    "linode",
    "local",
    "mongodbatlas",
    "mysql",
    "newrelic",
    "nomad",
    "null",
    "okta",
    "opsgenie",
    "pagerduty",
    "postgresql",
    "pulumi",
    "pulumiservice",
    "rabbitmq",
    "random",
    "rancher2",
    "snowflake",
    "splunk",
    "tailscale",
    "time",
    "time-provider",
    "tls",
    "vault",
    "venafi",
    "vsphere",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_language_that_is_meant() {
        for (name, terraform, cloudformation) in [
            ("isMultiRegionTrail", "is_multi_region_trail", "IsMultiRegionTrail"),
            ("s3BucketName", "s3_bucket_name", "S3BucketName"),
            ("advancedEventSelectors", "advanced_event_selector", "AdvancedEventSelectors"),
            ("notStartsWith", "not_starts_with", "NotStartsWith"),
            ("notStartsWiths", "not_starts_with", "NotStartsWiths"),
            ("endsWiths", "ends_with", "EndsWiths"),
            ("notEquals", "not_equals", "NotEquals"),
            ("type", "type", "Type"),
            ("", "", ""),
        ] {
            assert_eq!(Names::Terraform.written(name), terraform);
            assert_eq!(Names::CloudFormation.written(name), cloudformation);
            assert_eq!(Names::Own.written(name), name);
        }
    }

    #[test]
    fn types_are_told_apart_by_what_they_bring() {
        for (kind, expected) in [
            ("aws:cloudtrail/trail:Trail", Kind::Terraform(TRAIL, Names::Terraform)),
            ("aws:cloudtrail/eventDataStore:EventDataStore", Kind::OfAws("aws_resource")),
            ("aws-native:cloudtrail:Trail", Kind::Terraform(NATIVE_TRAIL, Names::CloudFormation)),
            ("aws-native:s3:Bucket", Kind::Bucket("awscc_s3_bucket")),
            ("aws:s3/bucketV2:BucketV2", Kind::Bucket("aws_s3_bucket")),
            ("aws:s3/bucketPolicy:BucketPolicy", Kind::OfAws("aws_resource")),
            ("aws-native:cloudformation:Macro", Kind::OfAws("awscc_resource")),
            (
                "aws-native:controltower:EnabledBaseline",
                Kind::Terraform("awscc_controltower_enabled_baseline", Names::TerraformOutside),
            ),
            ("command:remote:Command", Kind::Terraform("terraform_data", Names::Own)),
            ("pulumi-python:dynamic:Resource", Kind::Runs("the resource of a dynamic provider")),
            ("kubernetes:core/v1:Namespace", Kind::Nothing),
            ("kubernetes:cloudtrail.services.k8s.aws/v1alpha1:Trail", Kind::Brings("the object")),
            ("pulumi:providers:aws", Kind::Provider),
            ("pulumi:pulumi:StackReference", Kind::Nothing),
            ("random:index/randomId:RandomId", Kind::Nothing),
            ("", Kind::Brings("the resource of a type that is not known here,")),
        ] {
            assert_eq!(of(kind), expected, "{kind}");
        }
    }
}
