//! `trailproof audit`: answers for the live account, for snapshots, or for plans.

use std::io::Write as _;

use cis_rules::question::Question;
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;

use crate::accounts::Accounts;
use crate::args::QuestionArgs;
use crate::format::{AnswerFormat, ColorArgs};
use crate::outcome::{Failure, Tally};
use crate::output::{Held, to_stdout_at_once};
use crate::source::SourceArgs;
use crate::text::Page;
use crate::{findings, json, text};

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

    #[command(flatten)]
    color: ColorArgs,
}

/// Audits and writes the answers: accounts in the order of the input, kinds in the order given.
///
/// # Errors
/// Where an account cannot be read or the answers cannot be written.
pub(crate) fn run(args: &Args) -> Result<Tally, Failure> {
    let accounts = args.source.read()?;
    let audit = Audit {
        questions: args.question.questions(),
        format: args.format,
        is_coloured: args.color.is_coloured(),
    };
    let mut tally = Tally::default();
    to_stdout_at_once(|out| audit.write(out, &accounts, &mut tally))?;
    Ok(tally)
}

/// What is asked of every account, and how it is answered.
struct Audit {
    questions: Vec<Question>,
    format: AnswerFormat,
    is_coloured: bool,
}

/// The answer to one question about one account, as it is written.
type Written = Result<(Verdict, String), Failure>;

impl Audit {
    fn write(&self, out: &mut Held, accounts: &Accounts, tally: &mut Tally) -> Result<(), Failure> {
        let answers = accounts.each(|snapshot| self.answers(snapshot));
        let mut texts = answers
            .flat_map(|answers| match answers {
                Ok(answers) => answers,
                Err(failure) => vec![Err(failure)],
            })
            .map(|answer| {
                let (verdict, text) = answer?;
                tally.add(verdict);
                Ok(text)
            });
        match self.format {
            AnswerFormat::Json => json::report(out, texts),
            AnswerFormat::Asff | AnswerFormat::Ocsf => json::array(out, texts),
            AnswerFormat::Text => {
                for (index, text) in texts.by_ref().enumerate() {
                    if index > 0 {
                        out.write_all(b"\n")?;
                    }
                    out.write_all(text?.as_bytes())?;
                }
                drop(texts);
                Ok(text::total(&mut Page::new(out, self.is_coloured), tally)?)
            }
        }
    }

    /// The answers about one account, in the order of the questions.
    fn answers(&self, snapshot: &Snapshot) -> Vec<Written> {
        self.questions.iter().map(|question| self.answer(snapshot, question)).collect()
    }

    fn answer(&self, snapshot: &Snapshot, question: &Question) -> Written {
        let (result, completed) = cis_rules::evaluate_with_account(snapshot, question);
        let snapshot = completed.as_ref().unwrap_or(snapshot);
        let text = match self.format {
            AnswerFormat::Text => {
                let mut page = Page::new(Vec::new(), self.is_coloured);
                text::account(&mut page, snapshot, question, &result)?;
                String::from_utf8(page.into_inner()).map_err(std::io::Error::other)?
            }
            AnswerFormat::Json => json::text(&result)?,
            AnswerFormat::Asff => {
                json::text(&findings::account(snapshot)?.asff(question, &result))?
            }
            AnswerFormat::Ocsf => {
                json::text(&findings::account(snapshot)?.ocsf(question, &result))?
            }
        };
        Ok((result.verdict, text))
    }
}
