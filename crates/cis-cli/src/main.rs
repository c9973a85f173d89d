//! `trailproof`: proves whether an account's CloudTrail trails record every S3 object-level event.
//!
//! One file per subcommand; [`text`] and [`json`] write what others decided.

mod accounts;
mod args;
mod audit;
mod chosen;
mod completions;
mod config;
mod diff;
mod disk;
mod events;
mod explain;
mod findings;
mod fix;
mod format;
mod given;
mod input;
mod invoke;
mod json;
mod lines;
mod live;
mod log_file;
mod logs;
mod outcome;
mod output;
mod parallel;
mod recipients;
mod records;
mod schema;
mod snapshot;
mod source;
mod spreadsheet;
mod sweep;
mod table;
mod text;
mod tips;
mod variables;
mod verify;
mod waiting;

use std::process::ExitCode;

use clap::builder::BoolishValueParser;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::outcome::{Done, Failure, Loudness};

/// Ten thousand accounts are millions of small pieces of memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EXIT_CODES: &str = "\
Exit codes:
  0  every verdict is COMPLIANT, or of an account that `trailproof.toml` excepts
  1  some verdict is NON_COMPLIANT
  2  usage or input error
  3  no verdict is NON_COMPLIANT, but some verdict is INDETERMINATE";

/// Proves whether an AWS account's CloudTrail trails record every S3 object-level event, or shows
/// one event that would be lost.
#[derive(Debug, Parser)]
#[command(name = "trailproof", version = env!("TRAILPROOF_VERSION"), after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Write no notes, warnings and progress to standard error, only errors
    #[arg(
        long,
        short,
        global = true,
        env = "TRAILPROOF_QUIET",
        value_parser = BoolishValueParser::new()
    )]
    quiet: bool,

    /// Write to standard error what is behind an error too, such as what the AWS SDK says
    #[arg(
        long,
        short,
        global = true,
        env = "TRAILPROOF_VERBOSE",
        value_parser = BoolishValueParser::new()
    )]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Audit(audit::Args),
    Explain(explain::Args),
    Diff(diff::Args),
    Fix(fix::Args),
    Events(events::Args),
    Recipients(recipients::Args),
    Records(records::Args),
    Logs(logs::Args),
    Verify(verify::Args),
    Snapshot(snapshot::Args),
    Sweep(sweep::Args),
    Schema(schema::Args),
    Invoke(invoke::Args),
    Completions(completions::CompletionsArgs),
    Man(completions::ManArgs),
}

impl Command {
    fn run(&self) -> Result<Done, Failure> {
        match self {
            Self::Audit(args) => audit::run(args),
            Self::Explain(args) => explain::run(args),
            Self::Diff(args) => diff::run(args),
            Self::Fix(args) => fix::run(args),
            Self::Events(args) => events::run(args).map(|()| Done::Written),
            Self::Recipients(args) => recipients::run(args).map(|()| Done::Written),
            Self::Records(args) => records::run(args),
            Self::Logs(args) => logs::run(args),
            Self::Verify(args) => verify::run(args),
            Self::Snapshot(args) => snapshot::run(args),
            Self::Sweep(args) => sweep::run(args),
            Self::Schema(args) => schema::run(args).map(|()| Done::Written),
            Self::Invoke(args) => invoke::run(args).map(Done::Answered),
            Self::Completions(args) => {
                completions::completions(args, Cli::command()).map(|()| Done::Written)
            }
            Self::Man(args) => completions::man(args, Cli::command()).map(|()| Done::Written),
        }
    }
}

/// What the command line and the variables say.
fn parsed() -> Result<Cli, clap::Error> {
    let mut command = variables::without_empty(Cli::command());
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    match variables::excluded(&mut command, &matches) {
        Some(error) => Err(error),
        None => Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command)),
    }
}

fn main() -> ExitCode {
    let cli = parsed().unwrap_or_else(|error| {
        variables::with_variable(tips::with_tip(error)).exit();
    });
    outcome::be(match (cli.quiet, cli.verbose) {
        (_, true) => Loudness::Verbose,
        (true, false) => Loudness::Quiet,
        (false, false) => Loudness::Usual,
    });
    match cli.command.run() {
        Ok(done) => done.exit_code(),
        Err(failure) => failure.report(),
    }
}
