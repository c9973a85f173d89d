//! `trailproof snapshot`: writes what the live account's trails record, to be audited anywhere.

use std::io::Write as _;
use std::path::PathBuf;

use cis_aws::Collected;
use cis_rules::snapshot::{ObservedTrail, Unreadable};

use crate::json;
use crate::live::{self, LiveArgs};
use crate::outcome::{Done, Failure, complain};
use crate::output::to_stdout;
use crate::waiting::Waiting;

/// Read the live account's trails and write a snapshot, which `audit` and `invoke` accept
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    live: LiveArgs,

    /// The account that it must be: of another one nothing is read
    #[arg(long, value_name = "ID", value_parser = crate::source::account)]
    account: Option<String>,

    /// Fail where something could not be read, with exit code 3
    #[arg(long)]
    strict: bool,
}

/// Collects and writes. What could not be read is in the snapshot, and a warning names it.
///
/// # Errors
/// Where it is not known which account to read, or the snapshot cannot be written.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    let _waiting = Waiting::for_what("AWS is being asked which trails the account has");
    let collected = args.live.read(args.account.as_deref())?;
    let text = json::pretty(collected.document());
    match &args.output {
        None => to_stdout(|out| out.write_all(text.as_bytes()))?,
        Some(path) => std::fs::write(path, text)
            .map_err(|error| Failure::Output { target: format!("`{}`", path.display()), error })?,
    }
    let warnings = warnings(&collected);
    for warning in &warnings {
        complain("warning", warning);
    }
    Ok(if args.strict && !warnings.is_empty() { Done::WrittenInPart } else { Done::Written })
}

fn warnings(collected: &Collected) -> Vec<String> {
    let snapshot = match live::snapshot(collected) {
        Ok(snapshot) => snapshot,
        Err(failure) => return vec![failure.to_string()],
    };
    let account = snapshot.unreadable.iter().map(|call| unread("the account", call));
    let trails = snapshot.trails.iter().flatten().flat_map(|observed| {
        let name = name(observed);
        observed.unreadable.iter().map(move |call| unread(name, call))
    });
    account.chain(trails).collect()
}

fn name(observed: &ObservedTrail) -> &str {
    let trail = &observed.trail;
    trail.arn.as_deref().or(trail.name.as_deref()).unwrap_or("a trail without an ARN")
}

fn unread(what: &str, call: &Unreadable) -> String {
    match &call.message {
        Some(message) => format!("{what} was not read in full: {call}: {message}"),
        None => format!("{what} was not read in full: {call}"),
    }
}
