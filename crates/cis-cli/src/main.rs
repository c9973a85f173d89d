//! `trailproof`: proves whether an account's CloudTrail trails record every S3 object-level event.
//!
//! One file per subcommand; [`text`] and [`json`] write what others decided.

mod accounts;
mod args;
mod audit;
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
mod near;
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
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::outcome::{Done, Failure};

/// Ten thousand accounts are millions of small pieces of memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EXIT_CODES: &str = "\
Exit codes:
  0  every verdict is COMPLIANT
  1  some verdict is NON_COMPLIANT
  2  usage or input error
  3  no verdict is NON_COMPLIANT, but some verdict is INDETERMINATE";

/// Proves whether an AWS account's CloudTrail trails record every S3 object-level event, or shows
/// one event that would be lost.
#[derive(Debug, Parser)]
#[command(name = "trailproof", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
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
}

impl Command {
    fn run(&self) -> Result<Done, Failure> {
        match self {
            Self::Audit(args) => audit::run(args).map(Done::Answered),
            Self::Explain(args) => explain::run(args),
            Self::Diff(args) => diff::run(args),
            Self::Fix(args) => fix::run(args),
            Self::Events(args) => events::run(args).map(|()| Done::Written),
            Self::Recipients(args) => recipients::run(args).map(|()| Done::Written),
            Self::Records(args) => records::run(args),
            Self::Logs(args) => logs::run(args),
            Self::Verify(args) => verify::run(args),
            Self::Snapshot(args) => snapshot::run(args),
            Self::Sweep(args) => sweep::run(args).map(Done::Answered),
            Self::Schema(args) => schema::run(args).map(|()| Done::Written),
            Self::Invoke(args) => invoke::run(args).map(Done::Answered),
        }
    }
}

fn main() -> ExitCode {
    match Cli::parse().command.run() {
        Ok(done) => done.exit_code(),
        Err(failure) => failure.report(),
    }
}
