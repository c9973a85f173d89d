//! `trailproof.toml`: what a project asks, and what it excepts.
//!
//! The file is looked for in the working folder and then in each folder above it. Options on the command
//! line come before it.

mod clock;
mod reading;

use std::path::{Path, PathBuf};

use cis_rules::question::{Date, Deliveries, Exception, ExceptionState, Kind, Mode};

use crate::args::FileOrStdin;
use crate::input;
use crate::outcome::{Failure, complain};

/// What the file is called.
pub(crate) const FILE_NAME: &str = "trailproof.toml";

/// Which file is read, and on which day its exceptions are judged.
#[derive(Debug, clap::Args)]
pub(crate) struct ConfigArgs {
    /// Read kinds, mode, deliveries and exceptions from this file, in place of the `trailproof.toml` in
    /// the working folder or in the nearest folder above it. Example: --config ci/trailproof.toml
    #[arg(long, value_name = "FILE", env = "TRAILPROOF_CONFIG")]
    config: Option<PathBuf>,

    /// Read no `trailproof.toml`, whatever names one
    #[arg(long)]
    no_config: bool,

    /// Judge exceptions as on this day, in place of today (UTC): what ends by then does not count.
    /// Example: --as-of 2027-01-01
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

/// What a `trailproof.toml` says, on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// Which events must be logged.
    pub(crate) kinds: Option<Vec<Kind>>,
    /// How trails combine.
    pub(crate) mode: Option<Mode>,
    /// Whether CloudTrail's own deliveries must be logged.
    pub(crate) deliveries: Option<Deliveries>,
    /// The exceptions, as they stand on that day.
    pub(crate) exceptions: Vec<Exception>,
    /// The day.
    pub(crate) today: Date,
}

impl Config {
    /// What holds without a file.
    pub(crate) const fn none(today: Date) -> Self {
        Self { kinds: None, mode: None, deliveries: None, exceptions: Vec::new(), today }
    }
}

impl ConfigArgs {
    /// The day on which exceptions are judged.
    pub(crate) fn today(&self) -> Result<Date, Failure> {
        self.as_of.map_or_else(clock::today, Ok)
    }

    /// Reads the file, if there is one, and warns of exceptions that end soon or have ended.
    ///
    /// # Errors
    /// Where it cannot be read, or says what it must not: with the line and the column.
    pub(crate) fn read(&self) -> Result<Config, Failure> {
        let today = self.today()?;
        let path = match &self.config {
            _ if self.no_config => None,
            Some(path) => Some(path.clone()),
            None => nearest()?,
        };
        let Some(path) = path else { return Ok(Config::none(today)) };
        let source = FileOrStdin::File(path);
        let text = input::text(&source)?;
        let config = reading::config(&text, today)
            .map_err(|fault| Failure::Refused(format!("{source}: {fault}")))?;
        if self.config.is_none() {
            complain("note", &format!("{source} is read: `--no-config` leaves it out"));
        }
        config.exceptions.iter().filter_map(warning).for_each(|text| complain("warning", &text));
        Ok(config)
    }
}

/// What is to be known of an exception that does not simply count.
pub(crate) fn warning(exception: &Exception) -> Option<String> {
    let what = cis_findings::exception::subject(exception);
    let last = exception.expires?;
    match exception.state {
        ExceptionState::Active => None,
        ExceptionState::ExpiresSoon => Some(format!(
            "the exception of {what} ends after {last}: renew it, or record what it leaves out"
        )),
        ExceptionState::Expired => {
            Some(format!("the exception of {what} expired on {last} and does not count"))
        }
    }
}

/// The nearest file of the name, in the working folder or above it.
fn nearest() -> Result<Option<PathBuf>, Failure> {
    let folder = std::env::current_dir().map_err(|error| {
        Failure::Refused(format!(
            "the working folder cannot be read, and so no `{FILE_NAME}` be found: {}: give \
             `--no-config`",
            crate::outcome::reason(&error)
        ))
    })?;
    Ok(folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| is_there(path)))
}

/// A file that cannot be looked at counts as one that is there: reading it says why.
fn is_there(path: &Path) -> bool {
    path.try_exists().unwrap_or(true) && !path.is_dir()
}
