//! `trailproof audit`: answers for the live account, for snapshots, or for plans.

use cis_rules::evaluate;
use cis_rules::question::Question;
use cis_rules::snapshot::Snapshot;
use clap::ValueEnum;

use crate::args::{ColorArgs, QuestionArgs};
use crate::findings::{self, Form};
use crate::outcome::{Failure, Tally};
use crate::output::to_stdout;
use crate::parallel::in_order;
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

    /// How answers are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    color: ColorArgs,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// The report as JSON (schemaVersion 1)
    Json,
    /// Findings for Security Hub CSPM: an array in the AWS Security Finding Format
    Asff,
    /// Findings for other tools: an array of OCSF Compliance Findings
    Ocsf,
}

/// Audits and writes the answers: accounts in the order of the input, kinds in the order given.
///
/// # Errors
/// Where an account cannot be read or the answers cannot be written.
pub(crate) fn run(args: &Args) -> Result<Tally, Failure> {
    let snapshots = args.source.read()?;
    let questions = args.question.questions();
    match args.format {
        Format::Text => write_text(&snapshots, &questions, args.color.is_coloured()),
        Format::Json => write_json(&snapshots, &questions),
        Format::Asff => write_findings(&snapshots, &questions, Form::Asff),
        Format::Ocsf => write_findings(&snapshots, &questions, Form::Ocsf),
    }
}

/// Every question about every account.
fn asked<'a, A>(
    accounts: &'a [A],
    questions: &'a [Question],
) -> impl Iterator<Item = (&'a A, &'a Question)> {
    accounts
        .iter()
        .flat_map(move |account| questions.iter().map(move |question| (account, question)))
}

fn write_text(
    snapshots: &[Snapshot],
    questions: &[Question],
    is_coloured: bool,
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    to_stdout(|out| {
        let mut page = Page::new(out, is_coloured);
        let results = in_order(asked(snapshots, questions), |(snapshot, question)| {
            (snapshot, question, evaluate(snapshot, question))
        });
        for (index, (snapshot, question, result)) in results.enumerate() {
            if index > 0 {
                page.blank()?;
            }
            tally.add(result.verdict);
            text::account(&mut page, snapshot, question, &result)?;
        }
        text::total(&mut page, &tally)
    })?;
    Ok(tally)
}

fn write_json(snapshots: &[Snapshot], questions: &[Question]) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let results = in_order(asked(snapshots, questions), |(snapshot, question)| {
        let result = evaluate(snapshot, question);
        (result.verdict, json::text(&result))
    });
    let results = results.map(|(verdict, text)| {
        tally.add(verdict);
        text
    });
    to_stdout(|out| json::report(out, results))?;
    Ok(tally)
}

fn write_findings(
    snapshots: &[Snapshot],
    questions: &[Question],
    form: Form,
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let accounts = findings::accounts(snapshots)?;
    let findings = in_order(asked(&accounts, questions), |(account, question)| {
        let result = evaluate(account.snapshot(), question);
        (result.verdict, json::text(&account.finding(form, question, &result)))
    });
    let findings = findings.map(|(verdict, text)| {
        tally.add(verdict);
        text
    });
    to_stdout(|out| json::array(out, findings))?;
    Ok(tally)
}
