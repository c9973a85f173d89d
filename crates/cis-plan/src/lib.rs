//! Accounts in the forms in which people hold them: CloudFormation templates, Terraform plans and
//! source, what Pulumi prints,
//! answers of the AWS CLI, read as snapshots.
//!
//! A plan says less than an account: values come from other stacks, from parameters without a
//! default, from resources that do not exist yet. What cannot be told from the file stays unknown,
//! in the sense of the rule: it is never surely logged, and never surely lost.
//!
//! Nothing here reads files or asks AWS.

mod answers;
mod assembly;
mod assumed;
mod calls;
mod completions;
mod encoding;
mod error;
pub mod files;
mod json;
mod kind;
mod node;
mod opens;
mod path;
mod pulumi;
mod selectors;
mod source;
mod template;
mod terraform;
mod together;
mod trail;
mod value;
mod yaml;

use std::collections::BTreeMap;

use cis_rules::partition::Partition;
use cis_rules::snapshot::Snapshot;

pub use crate::answers::AnswerFile;
pub use crate::error::PlanError;
pub use crate::kind::Kind;
pub use crate::source::{SourceOptions, SourceValue};

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
    #[must_use]
    pub fn partition(&self) -> &str {
        match (&self.partition, &self.region) {
            (Some(partition), _) => partition,
            (None, Some(region)) => Partition::of_region(region).id,
            (None, None) => "aws",
        }
    }

    /// Whether the partition is given, itself or by the Region.
    pub(crate) const fn says_partition(&self) -> bool {
        self.partition.is_some() || self.region.is_some()
    }

    /// That the Region lies in the partition.
    fn check(&self) -> Result<(), PlanError> {
        match (&self.partition, &self.region) {
            (Some(partition), Some(region)) if Partition::of_region(region).id != partition => {
                Err(PlanError::Contradiction {
                    what: "partition",
                    one: format!("`--partition` gives `{partition}`"),
                    other: format!(
                        "`--region` gives `{region}`, which is in `{}`",
                        Partition::of_region(region).id
                    ),
                })
            }
            _ => Ok(()),
        }
    }
}

/// The text of a file: UTF-8, or UTF-16 as Windows PowerShell writes it, without a byte order mark.
///
/// # Errors
/// Where the bytes are neither: where the first of them stands.
pub fn text_of(bytes: &[u8]) -> Result<String, PlanError> {
    encoding::text_of(bytes)
}

/// Reads a CloudFormation template, YAML or JSON.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>
///
/// # Errors
/// Where the text is not YAML or JSON, is no template, or says of a trail what cannot be; where a
/// parameter is given a value that the template does not allow.
pub fn template(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    setting.check()?;
    template::read(text, setting)
}

/// A template with those that it nests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NestingTemplate {
    /// The account with the trails of all of them.
    pub account: Snapshot,
    /// The paths of the nested templates that were read with it.
    pub nested: Vec<String>,
}

/// Reads a CloudFormation template that lies at a path, and with it the templates beside it that it
/// nests: those of `AWS::CloudFormation::Stack` whose `TemplateURL` is a relative path, those of
/// `AWS::Serverless::Application` whose `Location` is one, and those that the AWS CDK names in
/// `Metadata`. What lies elsewhere stays in doubt.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html>
///
/// # Errors
/// As for [`template`]; where a nested template cannot be read, nests itself or nests too deeply.
pub fn template_beside(
    text: &str,
    files: &dyn files::Files,
    path: &str,
    setting: &Setting,
) -> Result<NestingTemplate, PlanError> {
    setting.check()?;
    let (account, nested) = template::read_beside(text, files, path, setting)?;
    Ok(NestingTemplate { account, nested })
}

/// Reads a Terraform plan or state that is of one account; what `terraform show -json` writes, or a
/// state as Terraform stores it.
///
/// Source: <https://developer.hashicorp.com/terraform/internals/json-format>
///
/// # Errors
/// Where the text is not JSON, is no plan, or says of a trail what cannot be; where two places say
/// different things of the account; where trails of several accounts are planned.
pub fn plan(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    let mut all = plans(text, setting)?;
    match (all.pop(), all.as_slice()) {
        (Some(only), []) => Ok(only),
        (last, rest) => {
            let all = rest.iter().chain(&last).map(|account| format!("`{}`", account.account_id));
            Err(PlanError::Accounts(all.collect::<Vec<_>>().join(", ")))
        }
    }
}

/// Reads a Terraform plan or state: an answer for each account that it has trails of, the trails of
/// providers whose account is not known in doubt for the others.
///
/// Source: <https://developer.hashicorp.com/terraform/internals/json-format>
///
/// # Errors
/// As for [`plan`], but for several accounts.
pub fn plans(text: &str, setting: &Setting) -> Result<Vec<Snapshot>, PlanError> {
    setting.check()?;
    terraform::read(text, setting)
}

/// Reads what Pulumi prints of a stack, `pulumi preview --json` or `pulumi stack export`: an answer
/// for each account that it has trails of.
///
/// Sources: <https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/>,
/// <https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/>
///
/// # Errors
/// Where the text is not JSON, is neither of the two, or says of a trail what cannot be; where two
/// places say different things of the account.
pub fn pulumi(text: &str, setting: &Setting) -> Result<Vec<Snapshot>, PlanError> {
    setting.check()?;
    pulumi::read(text, setting)
}

/// Reads Terraform source, the folder `root` with `*.tf` and `*.tf.json`, as the plan that Terraform
/// would make of it: an answer for each account. Each trail has the file and the line where it is
/// written; the file's path is the one that `files` takes.
///
/// Source: <https://developer.hashicorp.com/terraform/language>
///
/// # Errors
/// Where a file cannot be read or is not of Terraform's language, where Terraform would refuse it,
/// or where it is more than is read.
pub fn source(
    files: &dyn files::Files,
    root: &str,
    options: &SourceOptions,
    setting: &Setting,
) -> Result<Vec<Snapshot>, PlanError> {
    setting.check()?;
    source::read(files, root, options, setting)
}

/// Puts answers of the AWS CLI together, in any number and order: `describe-trails`, `list-trails`,
/// `get-trail`, `get-trail-status`, `get-event-selectors` of `aws cloudtrail`, and
/// `aws sts get-caller-identity`. What is missing is not known, and says which command prints it.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/>
///
/// # Errors
/// Where a file is no such answer, no answer describes a trail, two answers contradict each other,
/// a status cannot be told to be of one trail, or the account cannot be told.
pub fn answers(files: &[AnswerFile<'_>], setting: &Setting) -> Result<Snapshot, PlanError> {
    setting.check()?;
    answers::read(files, setting)
}

/// The same as the text of a snapshot, with AWS's own JSON in it.
///
/// # Errors
/// As [`answers`].
pub fn answers_text(files: &[AnswerFile<'_>], setting: &Setting) -> Result<String, PlanError> {
    setting.check()?;
    answers::text(files, setting)
}

/// Reads a cloud assembly, which the AWS CDK writes to `cdk.out`: the stacks of each account
/// together, those of nested assemblies too. `manifest` is the path of its manifest.
///
/// Source: <https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-assemblies>
///
/// # Errors
/// Where a file of the assembly is missing or cannot be read, or a template is none.
pub fn assembly(
    files: &dyn files::Files,
    manifest: &str,
    setting: &Setting,
) -> Result<Vec<Snapshot>, PlanError> {
    setting.check()?;
    assembly::read(files, manifest, setting)
}

/// Puts several plans of one account together; none where there is no plan.
///
/// # Errors
/// Where they are of different accounts or partitions.
pub fn together(plans: Vec<Snapshot>) -> Result<Option<Snapshot>, PlanError> {
    together::together(plans)
}
