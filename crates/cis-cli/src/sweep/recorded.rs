//! What an aggregator of AWS Config has recorded of the accounts, in place of reading them, or beside it.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;

use cis_aws::{Aggregator, Failure as CallFailure, Source};
use cis_rules::question::{Kind, Question};
use cis_rules::report::Verdict;
use cis_sweep::recorded::{RecordedAccount, RecordedCompliance, Row, StaleSource};

use super::reading::Read;
use super::{Args, Started, skipped, start, sweep, told};
use crate::accounts::Accounts;
use crate::audit::Asked;
use crate::format::AnswerFormat;
use crate::live::block_on;
use crate::outcome::{Done, Failure, Tally};
use crate::output::{held, to_file, to_stdout_whole};
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

/// What was read.
struct Collected {
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
pub(super) fn run(args: &Args, asked: &Asked<'_>) -> Result<Done, Failure> {
    let [question] = asked.questions() else {
        return Err(Failure::Refused(
            "`--from-aggregator`: a rule asks about one kind: give one `--kind`".to_string(),
        ));
    };
    let output = asked.only_output().filter(|(format, _)| {
        matches!(format, AnswerFormat::Text | AnswerFormat::Json | AnswerFormat::Csv)
    });
    let Some(output) = output else {
        return Err(Failure::Refused(
            "`--from-aggregator`: what is recorded has no proof and no lost event: give one `--format`, \
             text, json or csv"
                .to_string(),
        ));
    };
    if args.keep.is_some() && !args.aggregator.compare {
        return Err(Failure::Refused(
            "`--keep`: no account is read, unless `--compare` is given".to_string(),
        ));
    }
    let name = args.aggregator.from_aggregator.as_deref().unwrap_or_default();
    let rule = args.aggregator.rule.as_deref().unwrap_or_else(|| rule_of(question.kind));
    let read = block_on(ask(args, asked, name, rule))??;
    let verdicts = match &read.swept {
        Some((accounts, _)) => verdicts(accounts, question)?,
        None => HashMap::new(),
    };
    let recorded = RecordedCompliance::new(
        (name, rule),
        question.kind,
        &read.started.selected.read,
        (&read.rows, &read.stale),
        &verdicts,
    );
    write(asked, output, &recorded)?;
    skipped(asked.is_told_in_text(), &read.started.selected)?;
    if let Some((_, count)) = &read.swept {
        told(&read.started, *count);
    }
    let mut tally = Tally::default();
    recorded.recorded.iter().for_each(|account| tally.count(account.standing(), false));
    Ok(asked.done(tally))
}

async fn ask(args: &Args, asked: &Asked<'_>, name: &str, rule: &str) -> Result<Collected, Failure> {
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
        true => Some(sweep(args, asked, &started).await?),
        false => None,
    };
    let stale = sources.into_iter().filter_map(stale).collect();
    Ok(Collected { rows, stale, swept, started })
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

fn write(
    asked: &Asked<'_>,
    (format, file): (AnswerFormat, Option<&Path>),
    recorded: &RecordedCompliance,
) -> Result<(), Failure> {
    let mut out = held();
    match format {
        AnswerFormat::Json => json::document(&mut out, recorded)?,
        AnswerFormat::Csv => {
            out.write_all(spreadsheet::row(COLUMNS)?.as_bytes())?;
            recorded.recorded.iter().try_for_each(|one| out.write_all(row(one)?.as_bytes()))?;
        }
        _ => {
            let columns = file.map_or_else(text::columns, |_| text::COLUMNS_OF_FILES);
            let is_coloured = asked.is_coloured_in(file.is_some());
            text::recorded(&mut Page::new(&mut out, is_coloured).wide(columns), recorded)?;
        }
    }
    match file {
        Some(file) => to_file(out, file),
        None => to_stdout_whole(out),
    }
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
