//! `trailproof explain`: what decides whether an event is logged, or what the verdict rests on.

mod event;

use cis_rules::explain::{Answer, explain};
use cis_rules::record::event::Event;
use cis_rules::snapshot::Snapshot;

use crate::args::{FileOrStdin, QuestionArgs};
use crate::config::ConfigArgs;
use crate::format::{Format, FormatArgs};
use crate::outcome::{Done, Failure, Tally, complain};
use crate::output::to_stdout;
use crate::source::OneSourceArgs;
use crate::text::Page;
use crate::{json, log_file, text};

const EXIT_CODES: &str = "\
Exit codes:
  0  every event is logged by some trail
  1  some event is surely not logged
  2  usage or input error, or no record is about an S3 object
  3  no event is surely not logged, but of some it is not known
With --proof they are those of `audit`.";

/// Explain what decides whether an event is logged, or what the verdict rests on
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
#[command(group = clap::ArgGroup::new("subject").required(true).args(["record", "event_name", "proof"]))]
pub(crate) struct Args {
    #[command(flatten)]
    source: OneSourceArgs,

    /// CloudTrail's records, `-` for standard input, in every shape that `trailproof records` reads: a
    /// log file, compressed or not, one record, an array of them, one per line
    #[arg(long, value_name = "FILE")]
    record: Option<FileOrStdin>,

    #[command(flatten)]
    event: event::EventArgs,

    /// Show which selector takes which piece of all events, or what is lost and why
    #[arg(long)]
    proof: bool,

    #[command(flatten)]
    question: QuestionArgs,

    #[command(flatten)]
    config: ConfigArgs,

    #[command(flatten)]
    format: FormatArgs,
}

/// Explains and writes the answers.
///
/// # Errors
/// Where the account or the records cannot be read or the answers cannot be written.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    if args.source.is_stdin() && args.record == Some(FileOrStdin::Stdin) {
        return Err(Failure::Refused(
            "standard input was given twice: it is the account or the records".to_string(),
        ));
    }
    let snapshot = args.source.read()?;
    let events = match (&args.record, args.event.event(&snapshot.partition)) {
        (Some(source), _) => log_file::events(source)?,
        (None, Some(event)) => vec![event],
        (None, None) => return evidence(&snapshot, args).map(Done::Answered),
    };
    let worst = explain_all(&snapshot, &events, args.format)?;
    if worst.is_none() {
        complain("error", "no record is a data event on an S3 object");
    }
    Ok(Done::Explained(worst))
}

/// Writes every explanation; the worst answer.
fn explain_all(
    snapshot: &Snapshot,
    events: &[Event],
    format: FormatArgs,
) -> Result<Option<Answer>, Failure> {
    let mut answers: Vec<Option<Answer>> = Vec::new();
    let explained = events.iter().map(|event| {
        let explanation = explain(snapshot, event);
        (event, explanation)
    });
    let noted = &mut answers;
    to_stdout(|out| match format.format {
        Format::Json => json::explanations(
            out,
            snapshot,
            explained.map(|(_, explanation)| {
                noted.push(explanation.answer);
                explanation
            }),
        ),
        Format::Text => {
            let mut page = Page::new(out, format.is_coloured());
            for (index, (event, explanation)) in explained.enumerate() {
                if index > 0 {
                    page.blank()?;
                }
                noted.push(explanation.answer);
                text::event(&mut page, snapshot, event, &explanation)?;
            }
            text::total_events(&mut page, noted)
        }
    })?;
    Ok(answers.into_iter().flatten().min())
}

/// Writes what each verdict rests on.
fn evidence(snapshot: &Snapshot, args: &Args) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let questions = args.question.questions(&args.config.read()?);
    let results = questions.iter().map(|question| {
        let (result, completed) = cis_rules::evaluate_with_account(snapshot, question);
        tally.add(&result);
        (question, result, completed)
    });
    to_stdout(|out| match args.format.format {
        Format::Json => json::report(out, results.map(|(_, result, _)| json::text(&result))),
        Format::Text => {
            let mut page = Page::new(out, args.format.is_coloured());
            for (index, (question, result, completed)) in results.enumerate() {
                if index > 0 {
                    page.blank()?;
                }
                let snapshot = completed.as_ref().unwrap_or(snapshot);
                text::evidence(&mut page, snapshot, question, &result)?;
            }
            Ok(())
        }
    })?;
    Ok(tally)
}
