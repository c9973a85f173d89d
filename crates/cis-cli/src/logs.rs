//! `trailproof logs`: what CloudTrail delivered, who changed what it records, and where the logs are
//! silent.

mod athena;
mod counted;
mod digests;
mod pass;
mod progress;
mod snapshots;
mod sources;
mod table;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use cis_evidence::answer::{LogsAnswer, Read, Skipped};
use cis_evidence::{Findings, History, Judge, Moment, Scope};
use cis_logs::layout::Kind;
use cis_logs::{Options, Scanned, Selection, Time, scan};
use clap::ValueEnum;

use self::pass::{First, Second};
use self::progress::Shown;
use self::sources::Places;
use crate::args::FileOrStdin;
use crate::chosen::{account, check_order, time};
use crate::format::ColorArgs;
use crate::live::bucket::BucketArgs;
use crate::live::region;
use crate::outcome::{Done, Failure, complain};
use crate::output::to_stdout;
use crate::text::Page;
use crate::{json, text};

const EXIT_CODES: &str = "\
Exit codes:
  0  everything was read
  1  a delivered record contradicts the selectors of its time
  2  usage or input error
  3  something was not read: it is named";

/// Read CloudTrail's log files: what was delivered, who changed what is recorded and what was not
/// recorded since, records that contradict the selectors, hours and buckets that are silent
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// Log files, folders with them, and buckets: `s3://BUCKET/PREFIX`
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Only events at this time or later: a day, in UTC, or a time with its offset,
    /// `2026-03-01T09:30:00+01:00`
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Time>,

    /// Only events before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<Time>,

    /// Only events of this account; may be repeated
    #[arg(long = "account", value_name = "ID", value_delimiter = ',', value_parser = account)]
    accounts: Vec<String>,

    /// Only events of this Region; may be repeated
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',', value_parser = region::parse)]
    regions: Vec<String>,

    /// A snapshot, or several, of the accounts whose logs these are: what their trails select
    #[arg(long = "snapshot", value_name = "FILE")]
    snapshots: Vec<FileOrStdin>,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Read nothing: write the table and the queries that ask Amazon Athena the same of the logs at
    /// `s3://BUCKET/PREFIX`; needs `--from`, `--account` and `--region`
    #[arg(long)]
    athena: bool,

    /// The organization whose trail delivers the logs: `o-ab12cd34ef`
    #[arg(long, value_name = "ID", requires = "athena")]
    organization: Option<String>,

    /// Keep what is fetched from buckets in this folder, and fetch nothing again that is there: a run
    /// that was interrupted goes on
    #[arg(long, value_name = "DIR")]
    resume: Option<PathBuf>,

    #[command(flatten)]
    bucket: BucketArgs,

    #[command(flatten)]
    color: ColorArgs,
}

/// How the answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document (schemaVersion 1)
    Json,
    /// What was delivered, for spreadsheets
    Csv,
    /// A page of one file, without scripts
    Html,
}

impl Args {
    fn selection(&self) -> Selection {
        Selection {
            from: self.from,
            to: self.to,
            accounts: self.accounts.iter().cloned().collect(),
            regions: self.regions.iter().cloned().collect(),
        }
    }
}

/// Reads and answers.
///
/// # Errors
/// Where a path does not exist, a snapshot cannot be read, or the answer cannot be written.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    check_order(args.from, args.to)?;
    if args.athena {
        let [path] = args.paths.as_slice() else {
            return Err(Failure::Refused("`--athena` takes one `s3://BUCKET`".to_string()));
        };
        athena::write(path, args.organization.as_deref(), &args.selection())?;
        return Ok(Done::Written);
    }
    let snapshots = snapshots::read(&args.snapshots)?;
    let answer = answer(args, &snapshots)?;
    to_stdout(|out| match args.format {
        Format::Text => text::logs(&mut Page::new(out, args.color.is_coloured()), &answer),
        Format::Json => json::document(out, &answer),
        Format::Csv => table::write(out, &answer.delivered),
        Format::Html => write!(out, "{}", cis_pages::logs(&answer)?),
    })?;
    if answer.read.records == 0 {
        complain("note", "no record was found");
    }
    for Skipped { file, reason } in answer.read.skipped.iter().take(NAMED) {
        complain("warning", &format!("`{file}`: not read to its end: {reason}"));
    }
    let is_whole = answer.read.skipped.is_empty();
    if !is_whole {
        complain("warning", &format!("{}: the answer is not whole", skipped(&answer.read)));
    }
    Ok(match (answer.contradictions.is_empty(), is_whole) {
        (false, _) => Done::Contradicted,
        (true, false) => Done::WrittenInPart,
        (true, true) => Done::Written,
    })
}

/// How many files that were not read are named on standard error.
const NAMED: usize = 10;

fn skipped(read: &Read) -> String {
    let at_least = if read.more_skipped { "at least " } else { "" };
    format!("not read to their ends: {at_least}{} files", read.skipped.len())
}

/// The answer about the logs.
fn answer(args: &Args, snapshots: &[serde_json::Value]) -> Result<LogsAnswer, Failure> {
    let selection = args.selection();
    let places = Places::of(&args.paths, &args.bucket, args.resume.clone())?;
    let Scanned {
        accumulated: First { collected, delivered, unreadable, copies_of_s3 },
        tally,
        faults,
        left_out,
    } = pass(&places, "reading", &selection, First::default)?;
    let coverage = collected.accounts.values();
    let first = coverage.clone().map(|coverage| coverage.first).min();
    let last = coverage.map(|coverage| coverage.last).max();
    let otherwise = last.or_else(|| Moment::from_seconds(0));
    let observations: Vec<_> = snapshots
        .iter()
        .filter_map(|snapshot| cis_evidence::Observation::of(snapshot, otherwise?))
        .collect();
    let history = History::new(collected.calls.clone(), &observations)
        .with_log_buckets(collected.log_buckets.clone());
    let regions: BTreeSet<String> = args.regions.iter().cloned().collect();
    let scope = Scope {
        accounts: collected.accounts.clone(),
        regions: (!regions.is_empty()).then_some(regions),
    };
    let judge = Judge::new(&history, &scope);
    let findings = if judge.has_periods() {
        let reader = judge.reader();
        let begin = || Second { reader: &reader, findings: Findings::default() };
        pass(&places, "judging", &selection, begin)?.accumulated.findings
    } else {
        Findings::default()
    };
    let (contradictions, more_contradictions) = findings.contradictions();
    let mut judged = findings.judged;
    judged.unknowns = judge.unknowns().to_vec();
    let has_digests = left_out.by_kind.contains_key(&Kind::Digest);
    let (entries, unrecorded) = history.told();
    let mut silence = cis_evidence::silence(&collected, &[], &unrecorded);
    if has_digests && !silence.hours.is_empty() {
        let digests = digests::summaries(&places, &selection, &silence.hours)?;
        silence = cis_evidence::silence(&collected, &digests, &unrecorded);
    }
    Ok(LogsAnswer {
        schema_version: LogsAnswer::SCHEMA_VERSION,
        read: Read {
            files: tally.files,
            bytes: tally.bytes,
            records: tally.records,
            events: tally.records - tally.copies - tally.not_selected,
            of_s3: collected.of_s3,
            records_of_s3: collected.of_s3 + copies_of_s3,
            duplicates: tally.copies,
            first,
            last,
            skipped: faults
                .iter()
                .map(|fault| Skipped {
                    file: fault.file.clone(),
                    reason: format!("{}: {}", fault.kind, fault.what),
                })
                .chain(unreadable.first)
                .collect(),
            more_skipped: unreadable.has_more || faults.count() > faults.iter().count() as u64,
            left_out: left_out
                .by_kind
                .iter()
                .map(|(kind, (count, _))| (kind.name().to_string(), *count))
                .collect(),
        },
        delivered: counted::delivered(&delivered),
        trails: history.trails(),
        history: entries,
        judged,
        contradictions,
        more_contradictions,
        assumptions: findings.assumptions,
        silence,
        unrecorded,
    })
}

/// Reads all files once.
fn pass<A: cis_logs::Accumulator>(
    places: &Places,
    what: &'static str,
    selection: &Selection,
    begin: impl Fn() -> A + Sync,
) -> Result<Scanned<A>, Failure> {
    let (files, total) = places.files(selection)?;
    let shown = Shown::new(what, total);
    let options = Options {
        selection: selection.clone(),
        progress: Some(shown.progress()),
        ..Options::default()
    };
    Ok(shown.during(|| scan(files, &options, begin)))
}
