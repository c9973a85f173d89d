//! What an aggregator of AWS Config has recorded of the accounts, in place of reading them, or beside it.

use std::collections::HashMap;
use std::io::Write as _;

use cis_aws::{Aggregator, Failure as CallFailure, Source};
use cis_rules::question::{Kind, Question};
use cis_rules::report::Verdict;
use cis_sweep::recorded::{RecordedAccount, RecordedCompliance, Row, StaleSource};

use super::reading::Read;
use super::{Args, Started, skipped, start, sweep, told};
use crate::accounts::Accounts;
use crate::format::AnswerFormat;
use crate::live::block_on;
use crate::outcome::{Failure, Tally};
use crate::output::to_stdout;
use crate::text::{self, Page};
use crate::{json, spreadsheet};

/// The columns of a spreadsheet.
const COLUMNS: [&str; 7] =
    ["compliance", "freshness", "account", "name", "verdict", "agrees", "reason"];

/// An aggregator, and the rule that is looked for.
#[derive(Debug, clap::Args)]
pub(super) struct AggregatorArgs {
    /// Do not read accounts, but what this aggregator of AWS Config, in the caller's account and Region,
    /// has recorded of them; accounts that it misses or could not update are named
    #[arg(long, value_name = "NAME")]
    from_aggregator: Option<String>,

    /// The rule's name, without what organization rules and conformance packs append to it. Default:
    /// the name in this project's templates
    #[arg(long, value_name = "NAME", requires = "from_aggregator")]
    rule: Option<String>,

    /// Read the accounts, too, and put both side by side
    #[arg(long, requires = "from_aggregator")]
    compare: bool,
}

impl AggregatorArgs {
    /// Whether an aggregator is to be asked.
    pub(super) const fn is_given(&self) -> bool {
        self.from_aggregator.is_some()
    }
}

/// The name of the rule in this project's templates.
const fn rule_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Write => "cis-3-8-s3-object-level-write-logging",
        Kind::Read => "cis-3-9-s3-object-level-read-logging",
    }
}

/// What was asked and answered.
struct Asked {
    started: Started,
    rows: Vec<Row>,
    stale: Vec<StaleSource>,
    swept: Option<(Accounts, Read)>,
}

/// Reads what is recorded, and writes it.
///
/// # Errors
/// Where more than one kind is asked about, the format has no place for it, or the aggregator cannot be
/// read.
pub(super) fn run(args: &Args) -> Result<Tally, Failure> {
    let questions = args.answers.questions();
    let [question] = questions.as_slice() else {
        return Err(Failure::Refused(
            "`--from-aggregator`: a rule asks about one kind: give one `--kind`".to_string(),
        ));
    };
    let format = args.answers.format();
    if !matches!(format, AnswerFormat::Text | AnswerFormat::Json | AnswerFormat::Csv) {
        return Err(Failure::Refused(
            "`--from-aggregator`: what is recorded has no proof and no lost event: give `--format` \
             text, json or csv"
                .to_string(),
        ));
    }
    if args.output.is_some() && !args.aggregator.compare {
        return Err(Failure::Refused(
            "`--output`: no account is read, unless `--compare` is given".to_string(),
        ));
    }
    let name = args.aggregator.from_aggregator.as_deref().unwrap_or_default();
    let rule = args.aggregator.rule.as_deref().unwrap_or_else(|| rule_of(question.kind));
    let asked = block_on(ask(args, name, rule))??;
    let verdicts = match &asked.swept {
        Some((accounts, _)) => verdicts(accounts, question)?,
        None => HashMap::new(),
    };
    let recorded = RecordedCompliance::new(
        (name, rule),
        question.kind,
        &asked.started.selected.read,
        (&asked.rows, &asked.stale),
        &verdicts,
    );
    write(args, &recorded)?;
    skipped(args, &asked.started.selected)?;
    if let Some((_, read)) = &asked.swept {
        told(&asked.started, *read);
    }
    let mut tally = Tally::default();
    recorded.recorded.iter().for_each(|account| tally.add(account.standing()));
    Ok(tally)
}

async fn ask(args: &Args, name: &str, rule: &str) -> Result<Asked, Failure> {
    let started = start(args).await?;
    let account = &started.live.identity.account;
    let aggregator = Aggregator::new(&started.pace.keep(started.config.clone()), account, name);
    let unread = |failure: CallFailure| {
        let hint = match failure.code.as_str() {
            "NoSuchConfigurationAggregatorException" => {
                ": `--region` gives the aggregator's, and `--profile` its account's credentials"
            }
            _ => "",
        };
        Failure::Refused(format!(
            "the aggregator `{name}` of account {} in {} cannot be read: {failure}{hint}",
            account.id, account.region
        ))
    };
    let rows = aggregator.compliance(rule).await.map_err(unread)?;
    if rows.is_empty() {
        return Err(Failure::Refused(format!(
            "the aggregator `{name}` has no result of a rule `{rule}`: `--rule` gives the name of yours"
        )));
    }
    let rows = rows.into_iter().map(|row| Row {
        account_id: row.account_id,
        region: row.region,
        compliance: row.compliance,
    });
    let rows: Vec<Row> = rows.collect();
    let sources = aggregator.sources().await.map_err(unread)?;
    let swept = match args.aggregator.compare {
        true => Some(sweep(args, &started).await?),
        false => None,
    };
    let stale = sources.into_iter().filter_map(stale).collect();
    Ok(Asked { rows, stale, swept, started })
}

/// A source that could not be updated, in words.
fn stale(source: Source) -> Option<StaleSource> {
    let Source { account_id, region, status, updated, error } = source;
    if status == "SUCCEEDED" {
        return None;
    }
    let of_region = region.as_deref().map_or_else(String::new, |region| format!(" in {region}"));
    let error = error.map_or_else(String::new, |error| format!(" ({error})"));
    let since = updated.map_or_else(
        || "it was never updated".to_string(),
        |updated| format!("it was last updated at {updated}"),
    );
    let reason = format!("the aggregator's update{of_region} is {status}{error}; {since}");
    Some(StaleSource { account_id, region, reason })
}

fn verdicts(accounts: &Accounts, question: &Question) -> Result<HashMap<String, Verdict>, Failure> {
    let each = accounts.each(|snapshot| {
        (snapshot.account_id.clone(), cis_rules::evaluate(snapshot, question).verdict)
    });
    each.collect()
}

fn write(args: &Args, recorded: &RecordedCompliance) -> Result<(), Failure> {
    to_stdout(|out| match args.answers.format() {
        AnswerFormat::Json => json::document(out, recorded),
        AnswerFormat::Csv => {
            out.write_all(spreadsheet::row(COLUMNS)?.as_bytes())?;
            recorded.recorded.iter().try_for_each(|one| out.write_all(row(one)?.as_bytes()))
        }
        _ => {
            let mut page = Page::new(out, args.answers.is_coloured()).wide(text::columns());
            text::recorded(&mut page, recorded)
        }
    })
}

fn row(one: &RecordedAccount) -> std::io::Result<String> {
    let (compliance, freshness) = (word(&one.compliance)?, word(&one.freshness)?);
    spreadsheet::row([
        compliance.as_str(),
        freshness.as_str(),
        &one.account_id,
        one.name.as_deref().unwrap_or_default(),
        one.verdict.map_or("", Verdict::name),
        match one.agrees {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        },
        one.reason.as_deref().unwrap_or_default(),
    ])
}

/// A value as JSON has it, without its quotes; nothing for null.
fn word(value: &impl serde::Serialize) -> std::io::Result<String> {
    let value = value.serialize(serde_json::value::Serializer)?;
    Ok(value.as_str().unwrap_or_default().to_string())
}
