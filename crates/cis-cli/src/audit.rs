//! `trailproof audit`: answers for the live account, for snapshots, or for plans.

use std::io::Write as _;

use cis_rules::question::Question;
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;
use clap::ValueEnum;

use crate::accounts::Accounts;
use crate::args::QuestionArgs;
use crate::format::{AnswerFormat, ColorArgs};
use crate::outcome::{Failure, Tally};
use crate::output::{Held, append, held, to_stdout_at_once};
use crate::source::SourceArgs;
use crate::text::Page;
use crate::{findings, json, text};

/// The most accounts that are told in more than a line where nothing else is asked for.
const FEW: usize = 5;

/// Answer whether every S3 object-level event is logged: for the live account, for snapshots, or
/// for what a template or a plan would make
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: SourceArgs,

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
    let accounts = args.source.read()?;
    let is_summary = args.summary || (!args.details && accounts.are_more_than(FEW));
    let audit = Audit {
        questions: args.question.questions(),
        form: match args.format {
            AnswerFormat::Json => Form::Json,
            AnswerFormat::Asff => Form::Asff,
            AnswerFormat::Ocsf => Form::Ocsf,
            AnswerFormat::Text if is_summary => Form::Line,
            AnswerFormat::Text if args.details => Form::Details,
            AnswerFormat::Text => Form::Brief,
        },
        only: args.only,
        is_coloured: args.color.is_coloured(),
        columns: text::columns(),
    };
    let mut tally = Tally::default();
    to_stdout_at_once(|out| audit.write(out, &accounts, &mut tally))?;
    Ok(tally)
}

/// What is asked of every account, and how it is answered.
struct Audit {
    questions: Vec<Question>,
    form: Form,
    only: Option<Only>,
    is_coloured: bool,
    columns: usize,
}

/// How one answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Asff,
    Ocsf,
    Line,
    Brief,
    Details,
}

/// The answer to one question about one account, as it is written.
type Written = Result<(Verdict, String), Failure>;

impl Audit {
    fn write(&self, out: &mut Held, accounts: &Accounts, tally: &mut Tally) -> Result<(), Failure> {
        let answers = accounts.each(|snapshot| self.answers(snapshot));
        let mut answers = answers
            .flat_map(|answers| match answers {
                Ok(answers) => answers,
                Err(failure) => vec![Err(failure)],
            })
            .inspect(|answer| {
                if let Ok((verdict, _)) = answer {
                    tally.add(*verdict);
                }
            })
            .filter(|answer| match answer {
                Ok((verdict, _)) => self.is_asked_for(*verdict),
                Err(_) => true,
            });
        match self.form {
            Form::Json => return json::report(out, answers.map(written)),
            Form::Asff | Form::Ocsf => return json::array(out, answers.map(written)),
            Form::Line => worst_first(out, &mut answers)?,
            Form::Brief | Form::Details => {
                for (index, answer) in answers.by_ref().enumerate() {
                    if index > 0 {
                        out.write_all(b"\n")?;
                    }
                    out.write_all(written(answer)?.as_bytes())?;
                }
            }
        }
        drop(answers);
        Ok(text::total(&mut Page::new(out, self.is_coloured), tally)?)
    }

    fn is_asked_for(&self, verdict: Verdict) -> bool {
        self.only.is_none() || verdict != Verdict::Compliant
    }

    /// The answers about one account, in the order of the questions.
    fn answers(&self, snapshot: &Snapshot) -> Vec<Written> {
        self.questions.iter().map(|question| self.answer(snapshot, question)).collect()
    }

    fn answer(&self, snapshot: &Snapshot, question: &Question) -> Written {
        let (result, completed) = cis_rules::evaluate_with_account(snapshot, question);
        let snapshot = completed.as_ref().unwrap_or(snapshot);
        if !self.is_asked_for(result.verdict) {
            return Ok((result.verdict, String::new()));
        }
        let text = match self.form {
            Form::Line | Form::Brief | Form::Details => {
                let mut page = Page::new(Vec::new(), self.is_coloured).wide(self.columns);
                match self.form {
                    Form::Line => text::brief::line(&mut page, snapshot, question, &result)?,
                    Form::Brief => text::brief::account(&mut page, snapshot, question, &result)?,
                    _ => text::account(&mut page, snapshot, question, &result)?,
                }
                String::from_utf8(page.into_inner()).map_err(std::io::Error::other)?
            }
            Form::Json => json::text(&result)?,
            Form::Asff => json::text(&findings::account(snapshot)?.asff(question, &result))?,
            Form::Ocsf => json::text(&findings::account(snapshot)?.ocsf(question, &result))?,
        };
        Ok((result.verdict, text))
    }
}

fn written(answer: Written) -> Result<String, Failure> {
    answer.map(|(_, text)| text)
}

/// Writes answers by their verdicts, in their order where the verdicts are the same.
fn worst_first(out: &mut Held, answers: &mut dyn Iterator<Item = Written>) -> Result<(), Failure> {
    let (mut refuted, mut open, mut proved) = (held(), held(), held());
    for answer in answers {
        let (verdict, text) = answer?;
        let kept = match verdict {
            Verdict::NonCompliant => &mut refuted,
            Verdict::Indeterminate => &mut open,
            Verdict::Compliant => &mut proved,
        };
        kept.write_all(text.as_bytes())?;
    }
    for kept in [refuted, open, proved] {
        append(out, kept)?;
    }
    Ok(())
}
