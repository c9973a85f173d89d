//! Where accounts come from: observed live, recorded in snapshots, or planned in templates and plans.

mod whole;

use cis_plan::{Kind, Setting, SourceOptions, SourceValue};
use cis_rules::snapshot::Snapshot;

use crate::accounts::{Accounts, Part};
use crate::args::FileOrStdin;
use crate::given::{self, Given, How};
use crate::input::{self, Content};
use crate::live::{self, LiveArgs};
use crate::outcome::Failure;
use crate::waiting::Waiting;
pub(crate) use whole::Changeable;

/// Which accounts are looked at.
#[derive(Debug, clap::Args)]
pub(crate) struct SourceArgs {
    /// Files and folders, in whatever form: snapshots, CloudFormation templates, `cdk.out`,
    /// Terraform plans and states in JSON, folders with Terraform source, what `pulumi preview
    /// --json` and `pulumi stack export` print, answers of `aws cloudtrail describe-trails`,
    /// `get-trail-status` and `get-event-selectors`; `-` for standard input. Without any, the live
    /// account is read
    #[arg(value_name = "PATH", conflicts_with = "profile")]
    paths: Vec<FileOrStdin>,

    /// All templates that are given are of one account
    #[arg(long, requires = "paths")]
    together: bool,

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
    /// `AWS::AccountId` is not known, and the report says 000000000000. Of the live account: the one
    /// that it must be, or nothing is read
    #[arg(long, value_name = "ID", value_parser = account)]
    account: Option<String>,

    /// The partition that a template or plan is for. Default: the one that a plan names, else that
    /// of `--region`, else aws
    #[arg(long, value_name = "NAME", value_parser = partition)]
    partition: Option<String>,

    /// A value of a template's parameter, in place of its default; may be repeated
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,

    /// A value of a variable of Terraform source, over those of `--var-file`; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = parameter)]
    variables: Vec<(String, String)>,

    /// A file with values of variables of Terraform source, its path relative to the folder as
    /// with `terraform -chdir`; may be repeated
    #[arg(long = "var-file", value_name = "FILE")]
    variable_files: Vec<String>,
}

pub(crate) fn account(text: &str) -> Result<String, String> {
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
    /// Where something is given that nothing planned takes. The live account takes `--account`.
    pub(crate) fn check(&self, given: &Given, is_live: bool) -> Result<(), Failure> {
        let needs = |options: &str, files: &str| {
            Err(Failure::Refused(format!("{options}: {files} is missing, for which it is meant")))
        };
        if !self.parameters.is_empty() && !given.has_templates {
            return needs("`--parameter`", "`--template`");
        }
        let has_account = self.account.is_some() && !is_live;
        if (has_account || self.partition.is_some()) && !given.has_planned {
            return needs("`--account` or `--partition`", "`--template` or `--plan`");
        }
        let has_values = !self.variables.is_empty() || !self.variable_files.is_empty();
        if has_values && !given.has_source {
            return needs("`--var` or `--var-file`", "a folder of Terraform source");
        }
        Ok(())
    }

    /// The account that was given.
    pub(crate) fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// What is given of the variables of Terraform source.
    pub(crate) fn source_options(&self) -> SourceOptions {
        let files = self.variable_files.iter().cloned().map(SourceValue::File);
        let variables = self.variables.iter().cloned();
        let variables = variables.map(|(name, value)| SourceValue::Variable(name, value));
        SourceOptions { values: files.chain(variables).collect() }
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
        self.read_from(&self.paths, &self.snapshots)
    }

    /// Reads what is planned: these of the paths, the templates and the plans.
    ///
    /// # Errors
    /// Where one of them cannot be read.
    fn read_planned(&self, paths: &[FileOrStdin]) -> Result<Accounts, Failure> {
        self.read_from(paths, &[])
    }

    fn read_from(
        &self,
        paths: &[FileOrStdin],
        snapshots: &[FileOrStdin],
    ) -> Result<Accounts, Failure> {
        let PlannedFiles { templates, plans } = &self.planned;
        let files = [
            ("--snapshot", snapshots, Kind::Snapshot),
            ("--template", templates, Kind::Template),
            ("--plan", plans, Kind::Plan),
        ];
        let setting = self.setting.setting(self.live.region());
        let options = self.setting.source_options();
        let how =
            How { setting: &setting, options: &options, together: self.together, projects: true };
        let mut stdin_was_read = false;
        for path in paths {
            if *path == FileOrStdin::Stdin && std::mem::replace(&mut stdin_was_read, true) {
                return Err(Failure::Refused(
                    "standard input was given twice: `-` can stand once".to_string(),
                ));
            }
        }
        let waiting = (!paths.is_empty()).then(|| Waiting::for_what("the files are being read"));
        let mut given = given::read(paths, how)?;
        drop(waiting);
        given.has_templates |= !templates.is_empty();
        given.has_planned |= !templates.is_empty() || !plans.is_empty();
        let is_live = paths.is_empty() && files.iter().all(|(_, files, _)| files.is_empty());
        self.setting.check(&given, is_live)?;
        if !paths.is_empty() && self.live.region().is_some() && !given.has_planned {
            return Err(for_planned());
        }
        let mut parts = given.parts;
        for (option, files, kind) in files {
            for file in files {
                if *file == FileOrStdin::Stdin && std::mem::replace(&mut stdin_was_read, true) {
                    return Err(Failure::Refused(format!(
                        "standard input was given twice: `{option} -` can stand once"
                    )));
                }
                parts.push(accounts(file, kind, &setting)?);
            }
        }
        if parts.is_empty() {
            let _waiting = Waiting::for_what("AWS is being asked which trails the account has");
            parts.push(Part::Held(vec![live::snapshot(&self.live.read(self.setting.account())?)?]));
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
    /// The account, in whatever form: a snapshot, a CloudFormation template, `cdk.out`, a Terraform
    /// plan or state in JSON, a folder with Terraform source, a preview or an export of Pulumi, or
    /// all that `aws cloudtrail` printed of it; `-` for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<FileOrStdin>,

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
    #[arg(long, value_name = "REGION", value_parser = crate::live::region::parse)]
    region: Option<String>,
}

impl RegionArgs {
    /// The Region that was given.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}

fn for_planned() -> Failure {
    Failure::Refused("`--region` is for what does not say its own: a snapshot does".to_string())
}

impl OneSourceArgs {
    /// The files, and of which kind they are if that is said.
    fn files(&self) -> (&[FileOrStdin], Option<Kind>) {
        let OneFile { paths, snapshot, template, plan } = &self.file;
        let said = [(snapshot, Kind::Snapshot), (template, Kind::Template), (plan, Kind::Plan)];
        let mut said = said.into_iter().filter_map(|(file, kind)| Some((file.as_ref()?, kind)));
        match said.next() {
            Some((file, kind)) => (std::slice::from_ref(file), Some(kind)),
            None => (paths, None),
        }
    }

    /// Whether the account is read from standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.files().0.contains(&FileOrStdin::Stdin)
    }

    /// Reads the account.
    ///
    /// # Errors
    /// Where the files cannot be read, are of another kind, or hold several accounts.
    pub(crate) fn read(&self) -> Result<Snapshot, Failure> {
        let (files, kind) = self.files();
        let setting = self.setting.setting(self.region.region());
        let given = match (files, kind) {
            ([file], Some(kind)) => Given {
                parts: vec![accounts(file, kind, &setting)?],
                has_templates: kind == Kind::Template,
                has_planned: kind != Kind::Snapshot,
                has_source: false,
            },
            _ => {
                let options = self.setting.source_options();
                given::read(
                    files,
                    How { setting: &setting, options: &options, together: true, projects: false },
                )?
            }
        };
        self.setting.check(&given, false)?;
        if self.region.region().is_some() && !given.has_planned {
            return Err(for_planned());
        }
        let label = match files {
            [only] => only.to_string(),
            _ => "the paths".to_string(),
        };
        Accounts::new(given.parts).only(&label)
    }
}

/// The accounts of a path, and whether it takes what is said of planned infrastructure.
///
/// # Errors
/// Where the path cannot be read.
pub(crate) fn several(
    path: &FileOrStdin,
    setting: &Setting,
    options: &SourceOptions,
) -> Result<(Accounts, Given), Failure> {
    let how = How { setting, options, together: true, projects: false };
    let mut given = given::read(std::slice::from_ref(path), how)?;
    let parts = std::mem::take(&mut given.parts);
    Ok((Accounts::new(parts), given))
}

/// Reads a file of a kind that is said.
///
/// # Errors
/// Where the file cannot be read, or is of another kind.
fn accounts(file: &FileOrStdin, kind: Kind, setting: &Setting) -> Result<Part, Failure> {
    let text = match input::content(file)? {
        Content::Lines(lines) if kind == Kind::Snapshot => return Ok(Part::Lines(lines)),
        Content::Lines(_) => {
            return Err(Failure::Refused(format!("{file}: holds snapshots: use `--snapshot`")));
        }
        Content::Text(text) => text,
    };
    let planned = match kind {
        Kind::Template => Ok(vec![given::template(file, &text, setting)?]),
        Kind::Plan => cis_plan::plans(&text, setting),
        _ => return input::snapshots_in(&text, file).map(Part::Held),
    };
    let mut all = planned.map_err(|error| Failure::Refused(format!("{file}: {error}")))?;
    if let FileOrStdin::File(path) = file {
        let folder = path.parent().unwrap_or(std::path::Path::new(""));
        given::project::seen_from_here(&mut all, folder);
        let name = path.file_name().map(|name| name.display().to_string());
        all.iter_mut().for_each(|snapshot| snapshot.name.clone_from(&name));
    }
    Ok(Part::Held(all))
}
