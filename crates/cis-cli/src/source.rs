//! Where accounts come from: observed live, recorded in snapshots, or planned in templates and plans.

use std::path::Path;

use cis_plan::{Kind, Setting};
use cis_rules::snapshot::Snapshot;

use crate::accounts::{Accounts, Part};
use crate::args::FileOrStdin;
use crate::input::{self, Content};
use crate::live::{self, LiveArgs};
use crate::outcome::Failure;

/// Which accounts are looked at.
#[derive(Debug, clap::Args)]
pub(crate) struct SourceArgs {
    /// Read snapshots instead of the live account, `-` for standard input; may be repeated. A file
    /// holds one snapshot, an array of them, or one per line
    #[arg(long = "snapshot", value_name = "FILE", conflicts_with = "live_account")]
    snapshots: Vec<FileOrStdin>,

    #[command(flatten)]
    planned: PlannedFiles,

    #[command(flatten)]
    setting: SettingArgs,

    #[command(flatten)]
    live: LiveArgs,
}

/// Files of planned infrastructure.
#[derive(Debug, clap::Args)]
#[group(id = "planned_files", multiple = true)]
struct PlannedFiles {
    /// Read what a CloudFormation template (YAML or JSON) would make, `-` for standard input; may
    /// be repeated. `--region` says where; without it `AWS::Region` is not known
    #[arg(long = "template", value_name = "FILE", conflicts_with = "profile")]
    templates: Vec<FileOrStdin>,

    /// Read what a Terraform plan (the output of `terraform show -json`) would make, `-` for
    /// standard input; may be repeated
    #[arg(long = "plan", value_name = "FILE", conflicts_with = "profile")]
    plans: Vec<FileOrStdin>,
}

/// What planned infrastructure is for; `--region` belongs to it too.
#[derive(Debug, clap::Args)]
pub(crate) struct SettingArgs {
    /// The account that a template or plan is for. Default: the one that a plan names; else
    /// `AWS::AccountId` is not known, and the report says 000000000000
    #[arg(long, value_name = "ID", value_parser = account)]
    account: Option<String>,

    /// The partition that a template or plan is for. Default: the one that a plan names, else that
    /// of `--region`, else aws
    #[arg(long, value_name = "NAME", value_parser = partition)]
    partition: Option<String>,

    /// A value of a template's parameter, in place of its default; may be repeated
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
}

fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_string())
    } else {
        Err("an account id has 12 digits".to_string())
    }
}

fn partition(text: &str) -> Result<String, String> {
    if text.starts_with("aws") && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    {
        Ok(text.to_string())
    } else {
        Err("a partition is `aws`, `aws-cn`, `aws-us-gov` or the like".to_string())
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_string(), value.to_string())),
        _ => Err("expected NAME=VALUE".to_string()),
    }
}

impl SettingArgs {
    /// What is given is for planned infrastructure; nothing else may stand without it.
    ///
    /// # Errors
    /// Where something is given that nothing planned takes.
    pub(crate) fn check(&self, has_templates: bool, has_plans: bool) -> Result<(), Failure> {
        let needs = |options: &str, files: &str| {
            Err(Failure::Refused(format!("{options}: {files} is missing, for which it is meant")))
        };
        if !self.parameters.is_empty() && !has_templates {
            return needs("`--parameter`", "`--template`");
        }
        if (self.account.is_some() || self.partition.is_some()) && !has_templates && !has_plans {
            return needs("`--account` or `--partition`", "`--template` or `--plan`");
        }
        Ok(())
    }

    /// What is given, with the Region.
    pub(crate) fn setting(&self, region: Option<&str>) -> Setting {
        Setting {
            account_id: self.account.clone(),
            region: region.map(str::to_string),
            partition: self.partition.clone(),
            parameters: self.parameters.iter().cloned().collect(),
        }
    }
}

impl SourceArgs {
    /// Reads the accounts: those of snapshots, of templates, of plans; without any, the live one.
    ///
    /// # Errors
    /// Where one of them cannot be read: then there is no answer about the others either.
    pub(crate) fn read(&self) -> Result<Accounts, Failure> {
        let PlannedFiles { templates, plans } = &self.planned;
        let files = [
            ("--snapshot", &self.snapshots, Kind::Snapshot),
            ("--template", templates, Kind::Template),
            ("--plan", plans, Kind::Plan),
        ];
        self.setting.check(!templates.is_empty(), !plans.is_empty())?;
        let mut stdin_was_read = false;
        let setting = self.setting.setting(self.live.region());
        let mut parts = Vec::new();
        for (option, files, kind) in files {
            for file in files {
                if *file == FileOrStdin::Stdin && std::mem::replace(&mut stdin_was_read, true) {
                    return Err(Failure::Refused(format!(
                        "standard input was given twice: `{option} -` can stand once"
                    )));
                }
                parts.push(accounts(file, Some(kind), &setting)?);
            }
        }
        if parts.is_empty() {
            parts.push(Part::Held(vec![live::snapshot(&self.live.read()?)?]));
        }
        Ok(Accounts::new(parts))
    }
}

/// The one account that is looked at.
#[derive(Debug, clap::Args)]
pub(crate) struct OneSourceArgs {
    #[command(flatten)]
    file: OneFile,

    #[command(flatten)]
    setting: SettingArgs,

    #[command(flatten)]
    region: RegionArgs,
}

/// The file of one account.
#[derive(Debug, clap::Args)]
#[group(id = "source", required = true, multiple = false)]
struct OneFile {
    /// The account, `-` for standard input
    #[arg(long, value_name = "FILE")]
    snapshot: Option<FileOrStdin>,

    /// What a CloudFormation template (YAML or JSON) would make, `-` for standard input
    #[arg(long, value_name = "FILE")]
    template: Option<FileOrStdin>,

    /// What a Terraform plan (the output of `terraform show -json`) would make, `-` for standard
    /// input
    #[arg(long, value_name = "FILE")]
    plan: Option<FileOrStdin>,
}

/// The Region of planned infrastructure, where no live account is read.
#[derive(Debug, clap::Args)]
pub(crate) struct RegionArgs {
    /// The Region that a template or plan is for; without it `AWS::Region` is not known
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

impl RegionArgs {
    /// The Region that was given.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}

impl OneSourceArgs {
    fn file(&self) -> Option<(&FileOrStdin, Kind)> {
        let OneFile { snapshot, template, plan } = &self.file;
        let snapshot = snapshot.as_ref().map(|file| (file, Kind::Snapshot));
        let template = template.as_ref().map(|file| (file, Kind::Template));
        snapshot.or(template).or_else(|| plan.as_ref().map(|file| (file, Kind::Plan)))
    }

    /// Whether the account is read from standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.file().is_some_and(|(file, _)| *file == FileOrStdin::Stdin)
    }

    /// Reads the account.
    ///
    /// # Errors
    /// Where the file cannot be read, is of another kind, or holds several accounts.
    pub(crate) fn read(&self) -> Result<Snapshot, Failure> {
        let Some((file, kind)) = self.file() else {
            return Err(Failure::Refused("no account is given".to_string()));
        };
        let is_planned = kind != Kind::Snapshot;
        self.setting.check(kind == Kind::Template, kind == Kind::Plan)?;
        if self.region.region().is_some() && !is_planned {
            return Err(Failure::Refused(
                "`--region` is for templates and plans: a snapshot says its own".to_string(),
            ));
        }
        one(file, Some(kind), &self.setting.setting(self.region.region()))
    }
}

/// Reads a file's only account; what kind of file it is its content says, unless that is given.
///
/// # Errors
/// Where the file cannot be read, is of another kind, or holds several accounts.
pub(crate) fn one(
    file: &FileOrStdin,
    kind: Option<Kind>,
    setting: &Setting,
) -> Result<Snapshot, Failure> {
    Accounts::new(vec![accounts(file, kind, setting)?]).only(&file.to_string())
}

/// Reads a file's accounts; what kind of file it is its content says, unless that is given.
///
/// # Errors
/// Where the file cannot be read, or is of another kind.
fn accounts(file: &FileOrStdin, kind: Option<Kind>, setting: &Setting) -> Result<Part, Failure> {
    let takes_lines = matches!(kind, None | Some(Kind::Snapshot));
    let text = match input::content(file)? {
        Content::Lines(lines) if takes_lines => return Ok(Part::Lines(lines)),
        Content::Lines(_) => {
            return Err(Failure::Refused(format!("{file}: holds snapshots: use `--snapshot`")));
        }
        Content::Text(text) => text,
    };
    let planned = match kind.unwrap_or_else(|| Kind::of(&text)) {
        Kind::Snapshot => return input::snapshots_in(&text, file).map(Part::Held),
        Kind::Template => cis_plan::template(&text, setting),
        Kind::Plan => cis_plan::plan(&text, setting),
    };
    let mut snapshot = planned.map_err(|error| Failure::Refused(format!("{file}: {error}")))?;
    if let FileOrStdin::File(path) = file {
        snapshot.name = path.file_name().map(Path::new).map(|name| name.display().to_string());
    }
    Ok(Part::Held(vec![snapshot]))
}
