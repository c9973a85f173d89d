//! Planned accounts: a CloudFormation template or a Terraform plan, read as a snapshot.
//!
//! A plan says less than an account: values come from other stacks, from parameters without a
//! default, from resources that do not exist yet. What cannot be told from the file stays unknown,
//! in the sense of the rule: it is never surely logged, and never surely lost.
//!
//! Nothing here reads files or asks AWS.

mod error;
pub mod files;
mod json;
mod kind;
mod node;
mod opens;
mod selectors;
mod template;
mod terraform;
mod trail;
mod value;
mod yaml;

use std::collections::BTreeMap;

use cis_rules::snapshot::Snapshot;

pub use crate::error::PlanError;
pub use crate::kind::Kind;

/// The account that stands in a report where nobody said which it is.
pub const NO_ACCOUNT: &str = "000000000000";

/// What a plan is for, as far as the file does not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// The account's id; where it is missing, `AWS::AccountId` is not known.
    pub account_id: Option<String>,
    /// The Region; where it is missing, `AWS::Region` is not known.
    pub region: Option<String>,
    /// The partition; where it is missing, the Region's, or `aws`.
    pub partition: Option<String>,
    /// Values of a template's parameters, in place of their defaults.
    pub parameters: BTreeMap<String, String>,
}

impl Setting {
    /// The partition: as given, or the Region's, or `aws`.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
    #[must_use]
    pub fn partition(&self) -> &str {
        let region = self.region.as_deref().unwrap_or_default();
        match &self.partition {
            Some(partition) => partition,
            None if region.starts_with("cn-") => "aws-cn",
            None if region.starts_with("us-gov-") => "aws-us-gov",
            None => "aws",
        }
    }
}

/// Reads a CloudFormation template, YAML or JSON.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>
///
/// # Errors
/// Where the text is not YAML or JSON, is no template, or says of a trail what cannot be.
pub fn template(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    template::read(text, setting)
}

/// Reads a Terraform plan, the output of `terraform show -json`.
///
/// Source: <https://developer.hashicorp.com/terraform/internals/json-format>
///
/// # Errors
/// Where the text is not JSON, is no plan, or says of a trail what cannot be.
pub fn plan(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    terraform::read(text, setting)
}
