//! `trailproof audit`: answers for the live account, for snapshots, or for plans.

mod annotations;
mod answer;
mod baseline;
mod outputs;
mod page;
mod scanning;
mod sink;
mod writing;

use std::path::{Path, PathBuf};

use cis_rules::question::Question;
use cis_rules::report::SkippedAccount;
use clap::ValueEnum;

use self::answer::{Audit, Look, Telling};
use self::baseline::Baseline;
use self::outputs::{Output, OutputParser};
use crate::accounts::Accounts;
use crate::args::{FileOrStdin, QuestionArgs};
use crate::config::ConfigArgs;
use crate::format::{AnswerFormat, ColorArgs};
use crate::outcome::{Done, FailOn, Failure, Tally};
use crate::source::SourceArgs;
use crate::text;

/// What `--format` takes.
const FORMATS: &str = "\
How answers are written, and to which file; may be repeated, one format at most without a file. \
Default: text. Example: --format text --format sarif=results.sarif

Formats:
  text      for people
  json      the report (schemaVersion 1)
  csv       for spreadsheets
  markdown  a table for comments
  html      a page for the browser: totals, accounts and Regions, each with its evidence
  sarif     SARIF 2.1.0 for code scanning: what is not COMPLIANT, at its file and line
  github    annotations of a GitHub Actions job, and its summary
  gitlab    a code quality report of GitLab
  junit     JUnit's XML
  asff      findings for Security Hub CSPM: an array in the AWS Security Finding Format
  ocsf      findings for other tools: an array of OCSF Compliance Findings";

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

    #[command(flatten)]
    config: ConfigArgs,

    /// How answers are written, and to which file; may be repeated, one format at most without a file.
    /// Example: --format text --format sarif=results.sarif
    #[arg(
        long = "format",
        value_name = "FORMAT[=FILE]",
        env = "TRAILPROOF_FORMAT",
        value_delimiter = ',',
        value_parser = OutputParser,
        hide_possible_values = true,
        help = FORMATS
    )]
    formats: Vec<Output>,

    /// Write to this file in place of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Tell only what is new since an earlier run, and let nothing else fail the run: the file is what
    /// `--format json` or `--format sarif` wrote then. Example: --baseline accepted.json
    #[arg(long, value_name = "FILE", env = "TRAILPROOF_BASELINE")]
    baseline: Option<FileOrStdin>,

    /// Which verdicts give an exit code other than 0. Example: --fail-on non-compliant
    #[arg(
        long,
        value_enum,
        value_name = "VERDICT",
        default_value_t = FailOn::Indeterminate,
        env = "TRAILPROOF_FAIL_ON"
    )]
    fail_on: FailOn,

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
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    let asked = args.answers.asked()?;
    asked.answer(&args.source.read()?)
}

/// What is asked, with all of it checked before an account is read.
pub(crate) struct Asked<'a> {
    args: &'a AnswerArgs,
    outputs: Vec<Output>,
    questions: Vec<Question>,
    baseline: Baseline,
    skipped: Vec<SkippedAccount>,
}

impl AnswerArgs {
    /// What is asked.
    ///
    /// # Errors
    /// Where two answers are to go to one place, or a file that says what is asked cannot be read.
    pub(crate) fn asked(&self) -> Result<Asked<'_>, Failure> {
        let outputs = outputs::of(&self.formats, self.output.as_deref())?;
        let questions = self.question.questions(&self.config.read()?);
        let baseline = self.baseline.as_ref().map(Baseline::read).transpose()?.unwrap_or_default();
        Ok(Asked { args: self, outputs, questions, baseline, skipped: Vec::new() })
    }
}

impl Asked<'_> {
    /// The same, with accounts of a list that were not read: the report names them.
    pub(crate) fn with_skipped(self, skipped: Vec<SkippedAccount>) -> Self {
        Self { skipped, ..self }
    }

    /// One question per kind.
    pub(crate) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Whether standard output is for people, and not for programs.
    pub(crate) fn is_told_in_text(&self) -> bool {
        let is_text = |output: &Output| output.format == AnswerFormat::Text;
        self.outputs.iter().any(|output| output.file.is_none() && is_text(output))
    }

    /// The format and the file of the answers, where there is one of them only.
    pub(crate) fn only_output(&self) -> Option<(AnswerFormat, Option<&Path>)> {
        match self.outputs.as_slice() {
            [only] => Some((only.format, only.file.as_deref())),
            _ => None,
        }
    }

    /// Whether text is coloured, in a file or on standard output.
    pub(crate) fn is_coloured_in(&self, is_file: bool) -> bool {
        self.args.color.is_coloured_in(is_file)
    }

    /// How a run ends that came to these verdicts.
    pub(crate) const fn done(&self, tally: Tally) -> Done {
        Done::Judged(tally, self.args.fail_on)
    }

    /// Writes the answers about these accounts.
    ///
    /// # Errors
    /// Where an account cannot be read or the answers cannot be written.
    pub(crate) fn answer(self, accounts: &Accounts) -> Result<Done, Failure> {
        let Self { args, outputs, questions, baseline, skipped } = self;
        let is_summary = args.summary || (!args.details && accounts.are_more_than(FEW));
        let telling = if is_summary {
            Telling::Line
        } else if args.details {
            Telling::Details
        } else {
            Telling::Brief
        };
        let look = |output: &Output| Look {
            format: output.format,
            telling,
            is_coloured: args.color.is_coloured_in(output.file.is_some()),
            columns: if output.file.is_some() { text::COLUMNS_OF_FILES } else { text::columns() },
        };
        let audit = Audit {
            questions,
            looks: outputs.iter().map(look).collect(),
            is_failing_only: args.only == Some(Only::Failing),
            baseline,
            skipped,
        };
        let tally = writing::write(&audit, &outputs, accounts)?;
        Ok(Done::Judged(tally, args.fail_on))
    }
}
