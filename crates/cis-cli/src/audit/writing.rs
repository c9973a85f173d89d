//! All answers, made once and written in each place.

use std::env;
use std::fs::OpenOptions;
use std::io::Write as _;

use super::answer::Audit;
use super::outputs::Output;
use super::sink::{Finished, Sink};
use crate::accounts::Accounts;
use crate::outcome::{Failure, Tally};
use crate::output::{cannot_hold, to_file, to_stdout_whole};
use crate::waiting::{Bar, Waiting};

/// Audits and writes the answers, once all of them are there: a fault in the last account comes before
/// the first answer, and no account is read twice.
///
/// # Errors
/// Where an account cannot be read, or the answers cannot be written.
pub(super) fn write(
    audit: &Audit,
    outputs: &[Output],
    accounts: &Accounts,
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let finished = answers(audit, accounts, &mut tally).map_err(|failure| match failure {
        Failure::Output { error, .. } => cannot_hold(&error),
        refused @ Failure::Refused(_) => refused,
    })?;
    for (Finished { out, summary }, output) in finished.into_iter().zip(outputs) {
        match &output.file {
            Some(file) => to_file(out, file)?,
            None => to_stdout_whole(out)?,
        }
        summary.map_or(Ok(()), |text| job_summary(&text))?;
    }
    Ok(tally)
}

fn answers(
    audit: &Audit,
    accounts: &Accounts,
    tally: &mut Tally,
) -> Result<Vec<Finished>, Failure> {
    let looks = audit.looks.iter();
    let mut sinks: Vec<Sink> =
        looks.map(|look| Sink::new(audit, *look)).collect::<Result<_, _>>()?;
    let bar = Bar::over(accounts.count());
    let _waiting = bar.is_none().then(|| Waiting::for_what("the answers are being decided"));
    for answers in accounts.each(|snapshot| audit.answers(snapshot)) {
        for answer in answers? {
            let piece = answer?;
            if piece.is_known {
                tally.known += 1;
            } else {
                tally.count(piece.verdict, piece.is_excepted);
            }
            for (sink, part) in sinks.iter_mut().zip(piece.parts) {
                sink.add(piece.verdict, part)?;
            }
        }
        bar.one_more();
    }
    bar.end();
    sinks.into_iter().map(|sink| sink.finish(tally)).collect()
}

/// Appends to the summary of a job of GitHub Actions, where this is one.
fn job_summary(text: &str) -> Result<(), Failure> {
    let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let written = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::Output {
        target: format!(
            "`{}`, which `GITHUB_STEP_SUMMARY` names",
            std::path::Path::new(&path).display()
        ),
        error,
    })
}
