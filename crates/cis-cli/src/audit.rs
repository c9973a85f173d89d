//! `trailproof audit`: answers for the live account, for snapshots, or for plans.

mod answer;
mod writing;

use cis_rules::question::Question;
use clap::ValueEnum;

use self::answer::{Audit, Telling};
use crate::accounts::Accounts;
use crate::args::QuestionArgs;
use crate::format::{AnswerFormat, ColorArgs};
use crate::outcome::{Failure, Tally};
use crate::output::to_stdout_at_once;
use crate::source::SourceArgs;
use crate::text;

/// The most accounts that are told in more than a line where nothing else is asked for.
const FEW: usize = 5;

/// Answer whether every S3 object-level event is logged: for the live account, for snapshots, or
/// for what a template or a plan would make
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: SourceArgs,

    #[command(flatten)]
    answers: AnswerArgs,
}

/// What is asked of accounts, and how it is answered.
#[derive(Debug, clap::Args)]
pub(crate) struct AnswerArgs {
    #[command(flatten)]
    question: QuestionArgs,

    /// How answers are written
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    format: AnswerFormat,

    /// Everything that is known, in text: each trail, the proof, the commands
    #[arg(long)]
    details: bool,

    /// A line for each answer, in text, the worst first; the default for more than five accounts
    #[arg(long, conflicts_with = "details")]
    summary: bool,

    /// Only some of the answers; the totals and the exit code are of all
    #[arg(long, value_enum, value_name = "WHICH")]
    only: Option<Only>,

    #[command(flatten)]
    color: ColorArgs,
}

/// Which answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    /// Those that are not COMPLIANT
    Failing,
}

/// Audits and writes the answers: accounts in the order of the input, kinds in the order given; in a
/// summary the worst first.
///
/// # Errors
/// Where an account cannot be read or the answers cannot be written.
pub(crate) fn run(args: &Args) -> Result<Tally, Failure> {
    args.answers.write(&args.source.read()?)
}

impl AnswerArgs {
    /// What is asked: one question per kind.
    pub(crate) fn questions(&self) -> Vec<Question> {
        self.question.questions()
    }

    /// Whether answers are for people, and not for programs.
    pub(crate) fn is_text(&self) -> bool {
        self.format == AnswerFormat::Text
    }

    /// How answers are written.
    pub(crate) const fn format(&self) -> AnswerFormat {
        self.format
    }

    /// Whether text is coloured.
    pub(crate) fn is_coloured(&self) -> bool {
        self.color.is_coloured()
    }

    /// Writes the answers about these accounts.
    ///
    /// # Errors
    /// Where an account cannot be read or the answers cannot be written.
    pub(crate) fn write(&self, accounts: &Accounts) -> Result<Tally, Failure> {
        let is_summary = self.summary || (!self.details && accounts.are_more_than(FEW));
        let audit = Audit {
            questions: self.questions(),
            format: self.format,
            telling: if is_summary {
                Telling::Line
            } else if self.details {
                Telling::Details
            } else {
                Telling::Brief
            },
            is_failing_only: self.only == Some(Only::Failing),
            is_coloured: self.color.is_coloured(),
            columns: text::columns(),
        };
        let mut tally = Tally::default();
        to_stdout_at_once(|out| writing::write(&audit, out, accounts, &mut tally))?;
        Ok(tally)
    }
}
