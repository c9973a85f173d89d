//! `trailproof audit`: answers for the live account, for snapshots, or for plans.

use cis_rules::question::Question;
use cis_rules::snapshot::Snapshot;

use crate::args::{Format, FormatArgs, QuestionArgs};
use crate::outcome::{Failure, Tally};
use crate::output::to_stdout;
use crate::source::SourceArgs;
use crate::text::Page;
use crate::{json, text};

/// Answer whether every S3 object-level event is logged: for the live account, for snapshots, or
/// for what a template or a plan would make
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: SourceArgs,

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
    let snapshots = args.source.read()?;
    let questions = args.question.questions();
    write(&snapshots, &questions, args.format)
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
