//! `trailproof diff`: what two snapshots of an account log differently, or what got worse between two
//! sweeps.

mod index;
mod sweeps;

use std::str::FromStr;

use cis_plan::Setting;
use cis_rules::diff::diff;
use cis_rules::question::Deliveries;
use cis_rules::snapshot::Snapshot;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::accounts::{Accounts, Part};
use crate::args::FileOrStdin;
use crate::format::{Format, FormatArgs};
use crate::outcome::{Done, Failure};
use crate::output::to_stdout;
use crate::source::{RegionArgs, SettingArgs};
use crate::text::Page;
use crate::{json, source, text};

const EXIT_CODES: &str = "\
Exit codes:
  0  all that was surely logged before is surely logged now
  1  something that was surely logged before is not surely logged now; of two sweeps, in some account
     or in one that is gone
  2  usage or input error";

/// Compare two snapshots of an account, or what templates and plans would make of it: what was surely
/// logged before and is not now, and the other way round. Two spellings of one meaning differ in nothing.
/// Of two files of many accounts, as `sweep` writes them, what got worse is told, account by account
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// The snapshot, CloudFormation template or Terraform plan before, `-` for standard input
    before: FileOrStdin,

    /// The snapshot, template or plan after, `-` for standard input
    after: FileOrStdin,

    /// Compare files of accounts, even where each has only one
    #[arg(long)]
    sweeps: bool,

    /// Whether CloudTrail's own log deliveries are compared, too: ignore or require
    #[arg(
        long,
        value_name = "CHOICE",
        default_value = "ignore",
        value_parser = PossibleValuesParser::new(Deliveries::ALL.map(Deliveries::name))
            .try_map(|name| Deliveries::from_str(&name))
    )]
    cloudtrail_deliveries: Deliveries,

    #[command(flatten)]
    setting: SettingArgs,

    #[command(flatten)]
    region: RegionArgs,

    #[command(flatten)]
    format: FormatArgs,
}

/// Compares and writes the difference.
///
/// # Errors
/// Where a snapshot cannot be read, they are of different accounts, or the difference cannot be
/// written.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    let sources = [&args.before, &args.after];
    if sources == [&FileOrStdin::Stdin, &FileOrStdin::Stdin] {
        return Err(Failure::Refused(
            "standard input was given twice: it is one of the snapshots".to_string(),
        ));
    }
    let setting = args.setting.setting(args.region.region());
    let options = args.setting.source_options();
    let (accounts, mut given) = source::several(&args.before, &setting, &options)?;
    if args.sweeps || accounts.are_more_than(1) {
        let (after, other) = source::several(&args.after, &setting, &options)?;
        args.setting.check(&given, false)?;
        args.setting.check(&other, false)?;
        return sweeps::run(args, &accounts, &after);
    }
    let before = accounts.only(&args.before.to_string())?;
    let (accounts, other) =
        source::several(&args.after, &of_account_in(setting, &before), &options)?;
    if accounts.are_more_than(1) {
        args.setting.check(&given, false)?;
        args.setting.check(&other, false)?;
        return sweeps::run(args, &Accounts::new(vec![Part::Held(vec![before])]), &accounts);
    }
    let after = accounts.only(&args.after.to_string())?;
    given.has_templates |= other.has_templates;
    given.has_planned |= other.has_planned;
    given.has_source |= other.has_source;
    args.setting.check(&given, false)?;
    let difference = diff(&before, &after, args.cloudtrail_deliveries)
        .map_err(|mismatch| Failure::Refused(mismatch.to_string()))?;
    to_stdout(|out| match args.format.format {
        Format::Json => json::document(out, &difference),
        Format::Text => {
            let mut page = Page::new(out, args.format.is_coloured());
            text::difference(&mut page, [&before, &after], &difference)
        }
    })?;
    Ok(Done::Compared { is_loss: difference.is_loss() })
}

/// What is planned after a snapshot is planned for the snapshot's account, unless another is given.
fn of_account_in(setting: Setting, before: &Snapshot) -> Setting {
    if before.planned || setting.account_id.is_some() {
        return setting;
    }
    let account_id = Some(before.account_id.clone());
    let partition = setting.partition.or_else(|| Some(before.partition.clone()));
    Setting { account_id, partition, ..setting }
}
