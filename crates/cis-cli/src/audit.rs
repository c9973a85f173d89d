//! `trailproof audit`: answers for the live account, or for snapshots.

use cis_rules::question::Question;
use cis_rules::snapshot::Snapshot;

use crate::args::{FileOrStdin, Format, FormatArgs, QuestionArgs};
use crate::live::{self, LiveArgs};
use crate::outcome::{Failure, Tally};
use crate::output::to_stdout;
use crate::text::Page;
use crate::{input, json, text};

/// Answer whether every S3 object-level event is logged: for the live account, or for snapshots
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Read snapshots instead of the live account, `-` for standard input; may be repeated. A file
    /// holds one snapshot, an array of them, or one per line
    #[arg(long = "snapshot", value_name = "FILE", conflicts_with = "live_account")]
    snapshots: Vec<FileOrStdin>,

    #[command(flatten)]
    live: LiveArgs,

    #[command(flatten)]
    question: QuestionArgs,

    #[command(flatten)]
    format: FormatArgs,
}

/// Audits and writes the answers: accounts in the order of the input, kinds in the order given.
///
/// # Errors
/// Where an account cannot be read or the answers cannot be written.
pub(crate) fn run(args: &Args) -> Result<Tally, Failure> {
    let snapshots = if args.snapshots.is_empty() {
        vec![live::snapshot(&args.live.read()?)?]
    } else {
        from_files(&args.snapshots)?
    };
    let questions = args.question.questions();
    write(&snapshots, &questions, args.format)
}

fn from_files(sources: &[FileOrStdin]) -> Result<Vec<Snapshot>, Failure> {
    let mut all = Vec::new();
    let mut stdin_was_read = false;
    for source in sources {
        if *source == FileOrStdin::Stdin && std::mem::replace(&mut stdin_was_read, true) {
            return Err(Failure::Refused(
                "standard input was given twice: `--snapshot -` can stand once".to_string(),
            ));
        }
        all.extend(input::snapshots(source)?);
    }
    Ok(all)
}

fn write(
    snapshots: &[Snapshot],
    questions: &[Question],
    format: FormatArgs,
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let answers = snapshots.iter().flat_map(|snapshot| {
        questions.iter().map(move |question| (snapshot, cis_rules::evaluate(snapshot, question)))
    });
    let tally = &mut tally;
    to_stdout(|out| match format.format {
        Format::Json => json::report(
            out,
            answers.map(|(_, result)| {
                tally.add(result.verdict);
                result
            }),
        ),
        Format::Text => {
            let mut page = Page::new(out, format.is_coloured());
            for (index, (snapshot, result)) in answers.enumerate() {
                if index > 0 {
                    page.blank()?;
                }
                tally.add(result.verdict);
                text::account(&mut page, snapshot, &result)?;
            }
            text::total(&mut page, tally)
        }
    })?;
    Ok(*tally)
}
