//! `trailproof fix`: the smallest safe change that makes an account COMPLIANT. It changes nothing,
//! unless it is told to.

mod apply;
mod folder;

use std::path::{Path, PathBuf};

use cis_fix::{Account, Fix, Members, Options, Tags, Volume, Warning, WarningKind, fix};
use cis_rules::question::{BucketName, Kind, Question};
use cis_rules::snapshot::Snapshot;

use crate::args::{FileOrStdin, QuestionArgs};
use crate::config::ConfigArgs;
use crate::format::{Format, FormatArgs};
use crate::live::{Live, block_on};
use crate::outcome::{Done, Failure};
use crate::output::to_stdout;
use crate::parallel::in_order;
use crate::source::{Changeable, SourceArgs};
use crate::text::{Commands, Page};
use crate::{input, json, text};

const EXIT_CODES: &str = "\
Exit codes:
  0  every account has a fix, or needs none
  2  usage or input error
  3  some account has no fix; the answer says why";

/// Print the smallest safe change that makes an account COMPLIANT: whole requests, how to undo them,
/// and a proof of what they lead to. Without `--apply` nothing is changed
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(flatten)]
    source: SourceArgs,

    #[command(flatten)]
    question: QuestionArgs,

    #[command(flatten)]
    config: ConfigArgs,

    /// Take the alternative of this number in place of the smallest change
    #[arg(long, value_name = "N", default_value_t = 0)]
    choose: usize,

    /// How many S3 events of the asked kinds there are in a month, such as 2000000 or
    /// 1000000-5000000: the answer then says what the change costs
    #[arg(long, value_name = "COUNT", value_parser = |text: &str| text.parse::<Volume>())]
    monthly_events: Option<Volume>,

    /// The same from a file: the answer of `trailproof logs --format json`, of `aws ce
    /// get-cost-and-usage` by service and usage type, or of `aws cloudwatch get-metric-data` on S3's
    /// request metrics
    #[arg(long, value_name = "FILE", conflicts_with = "monthly_events")]
    volume: Option<FileOrStdin>,

    /// The bucket of a new trail, where one must be made
    #[arg(long, value_name = "BUCKET")]
    log_bucket: Option<BucketName>,

    /// Write the requests, the commands, the way back, and the text of Terraform and CloudFormation
    /// to files in this folder, which must be empty or new
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,

    /// Make the calls in the live account: it is read again first, and nothing is called where it is
    /// not as it was when the fix was made. The folder keeps the way back; after an interruption the
    /// same command goes on
    #[arg(long, requires = "out")]
    apply: bool,

    /// Make the calls without asking
    #[arg(long, requires = "apply")]
    yes: bool,

    #[command(flatten)]
    format: FormatArgs,
}

/// Plans and writes what to change.
///
/// # Errors
/// Where an account cannot be read, there is no such alternative, or something cannot be written.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    let questions = args.question.questions(&args.config.read()?);
    if let (true, Some(folder)) = (args.apply, &args.out)
        && let Some(plan) = apply::earlier(folder)?
    {
        return apply::run(&plan, &questions, &args.source.connect()?, folder, args.yes, false);
    }
    let read = if args.source.is_live() { None } else { Some(args.source.read_whole()?) };
    if args.apply && read.iter().flatten().any(|it| matches!(it, Changeable::Planned(_))) {
        return Err(Failure::Refused(
            "`--apply` changes an account: what is planned is changed in its source, and `--out` \
             writes the text for it"
                .to_string(),
        ));
    }
    let live =
        if args.apply || args.source.is_live() { Some(args.source.connect()?) } else { None };
    let accounts = match (read, &live) {
        (Some(read), _) => read,
        (None, Some(live)) => vec![Changeable::Observed(observed(live)?)],
        (None, None) => Vec::new(),
    };
    let options = Options {
        choice: args.choose,
        volume: volume(args, &questions)?,
        log_bucket: args.log_bucket.as_ref().map(ToString::to_string),
        tags: live.as_ref().map(|live| tags(live, &accounts)).unwrap_or_default(),
    };
    if let (true, Some(folder), Some(live)) = (args.apply, &args.out, &live) {
        return make(args, &accounts, &questions, &options, live, folder);
    }
    let work = |account: &Changeable| match account {
        Changeable::Observed(account) => chosen(account, &questions, &options),
        Changeable::Planned(snapshot) => match Account::from_planned(snapshot) {
            Some(account) => chosen(&account, &questions, &options),
            None => Ok(planned(snapshot, &questions)),
        },
    };
    let fixes = in_order(&accounts, work).collect::<Result<Vec<Fix>, Failure>>()?;
    let folders = match &args.out {
        Some(folder) => folder::write(folder, &fixes)?,
        None => vec![None; fixes.len()],
    };
    let is_whole = fixes.iter().all(Fix::is_fixed);
    match args.format.format {
        Format::Json => to_stdout(|out| json::list(out, "fixes", fixes.iter().map(json::text)))?,
        Format::Text => to_stdout(|out| -> std::io::Result<()> {
            let mut page = Page::new(out, args.format.is_coloured()).wide(text::columns());
            for (index, (fix, folder)) in fixes.iter().zip(&folders).enumerate() {
                if index > 0 {
                    page.blank()?;
                }
                let commands = match folder {
                    Some(folder) => Commands::InFolder(folder),
                    None => Commands::Inline,
                };
                text::fix(&mut page, fix, commands)?;
            }
            Ok(())
        })?,
    }
    Ok(Done::Fixed { is_whole })
}

/// How many events there are in a month, where that is given.
fn volume(args: &Args, questions: &[Question]) -> Result<Option<Volume>, Failure> {
    let Some(file) = &args.volume else { return Ok(args.monthly_events.clone()) };
    let kinds: Vec<Kind> = questions.iter().map(|question| question.kind).collect();
    let read = Volume::from_json(&input::text(file)?, &kinds);
    read.map(Some).map_err(|error| Failure::Refused(format!("{file}: {error}")))
}

/// Makes the calls of the fix of the only account.
fn make(
    args: &Args,
    accounts: &[Changeable],
    questions: &[Question],
    options: &Options,
    live: &Live,
    folder: &Path,
) -> Result<Done, Failure> {
    let [Changeable::Observed(before)] = accounts else {
        return Err(Failure::Refused(
            "`--apply` changes one account: give one snapshot, or none for the live account"
                .to_string(),
        ));
    };
    let fix = chosen(before, questions, options)?;
    if fix.changes.is_empty() {
        let is_whole = fix.is_fixed();
        to_stdout(|out| {
            let mut page = Page::new(out, args.format.is_coloured()).wide(text::columns());
            text::fix(&mut page, &fix, Commands::Inline)
        })?;
        return Ok(Done::Fixed { is_whole });
    }
    let plan = apply::Plan { fix, before: before.clone() };
    apply::run(&plan, questions, live, folder, args.yes, true)
}

/// The live account, with AWS's own JSON.
fn observed(live: &Live) -> Result<Account, Failure> {
    let collected = block_on(live.collect())?;
    Account::from_json(&collected.document().to_string()).map_err(|error| {
        Failure::Refused(format!("AWS's answer is not what was expected: {error}"))
    })
}

/// The tags of the live account's own trails, as far as they can be read: they tell a stack.
fn tags(live: &Live, accounts: &[Changeable]) -> Tags {
    let trails = accounts.iter().flat_map(|account| match account {
        Changeable::Observed(account) => account.snapshot().trails.as_deref().unwrap_or_default(),
        Changeable::Planned(_) => &[],
    });
    let trails: Vec<(String, String)> = trails
        .filter_map(|observed| {
            let arn = observed.trail.arn.clone()?;
            let region = observed.trail.home_region.clone()?;
            Some((region, arn))
        })
        .collect();
    let read = block_on(async {
        let changer = cis_aws::Changer::new(&live.config);
        let mut all = Tags::default();
        for (region, arn) in trails {
            if let Ok(tags) = changer.tags(&region, &arn).await {
                all.insert(arn, tags);
            }
        }
        all
    });
    // Tags that could not be read are named as such in the answer.
    read.unwrap_or_default()
}

/// The fix that was chosen.
///
/// # Errors
/// Where there is no such alternative.
fn chosen(account: &Account, questions: &[Question], options: &Options) -> Result<Fix, Failure> {
    let fix = fix(account, questions, options);
    let has_plan = !fix.changes.is_empty() || !fix.written.is_empty();
    if options.choice > fix.alternatives.len() && has_plan {
        return Err(Failure::Refused(format!(
            "`--choose {}`: {} has {} alternatives",
            options.choice,
            text::account_in_words(&fix.account_id),
            fix.alternatives.len()
        )));
    }
    Ok(fix)
}

/// What there is to say of an account whose trails are planned: the change belongs where they are
/// written.
fn planned(snapshot: &Snapshot, questions: &[Question]) -> Fix {
    let is_compliant = questions.iter().all(|question| {
        cis_rules::evaluate(snapshot, question).verdict == cis_rules::report::Verdict::Compliant
    });
    let mut warnings = Vec::new();
    if !is_compliant {
        let text = if snapshot.planned {
            "the trails are planned in a template, a plan or source that could not be read as a whole: \
             change them where they are written; `trailproof audit` says what to change"
        } else {
            "the account was read from a folder, without AWS's own JSON: give the path of the \
             snapshot itself"
        };
        warnings.push(Warning { kind: WarningKind::ManagedBy, text: text.to_string() });
    }
    Fix {
        name: snapshot.name.clone(),
        account_id: snapshot.account_id.clone(),
        kinds: questions.iter().map(|question| question.kind).collect(),
        mode: questions.first().map(|question| question.mode).unwrap_or_default(),
        changes: Vec::new(),
        after: Members::default(),
        warnings,
        cost: None,
        alternatives: Vec::new(),
        exceptions: Vec::new(),
        is_compliant,
        written: Vec::new(),
        edits: Vec::new(),
    }
}
