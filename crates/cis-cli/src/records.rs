//! `trailproof records`: what CloudTrail's records say of S3, one line each.

mod condition;
mod files;
mod row;
mod writer;

use std::io::{BufRead as _, Write};
use std::ops::ControlFlow;

use cis_records::shapes::Misplaced;
use cis_records::{Level, RecordSummary};
use clap::ValueEnum;

use self::condition::Condition;
use self::files::{Faults, Source};
use self::row::{Copies, Row};
use self::writer::Writer;
use crate::args::FileOrStdin;
use crate::live::bucket::BucketArgs;
use crate::log_file;
use crate::outcome::{Done, Failure, complain};
use crate::output::to_stdout;

const EXIT_CODES: &str = "\
A condition is FIELD=VALUE, FIELD!=VALUE or FIELD^=PREFIX; a time is also compared by >=, <=, > and <, \
and may be a day. The fields are bucket, key, object (the ARN of any object), caller (its type), arn, \
account, service, event, source, region, time, error, level, kind. An empty VALUE is that of a record \
which lacks the field: `error=` chooses what succeeded, `error!=` what failed.

Exit codes:
  0  everything was read
  2  usage or input error
  3  something could not be read: standard error names it";

/// Write what CloudTrail's records say of S3: level, kind, bucket, key, objects, caller, outcome
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// Files, compressed or not, folders, `-` for standard input: log files, records, arrays, one per
    /// line, events of EventBridge, subscriptions of CloudWatch Logs, answers of `lookup-events`; or
    /// `s3://BUCKET/PREFIX`, of which log files are read
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<FileOrStdin>,

    /// Only records of which this holds; may be repeated, and then all must hold
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<Condition>,

    /// Records of other services, too
    #[arg(long)]
    all: bool,

    /// Say of each record which accounts received a copy, as `trailproof recipients` does
    #[arg(long)]
    recipients: bool,

    #[command(flatten)]
    bucket: BucketArgs,

    /// How records are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object per line
    Jsonl,
    /// For spreadsheets
    Csv,
}

/// How many records were read and written.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    read: usize,
    written: usize,
}

/// Reads and writes.
///
/// # Errors
/// Where a path does not exist, or the records cannot be written.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    if args.paths.iter().filter(|path| **path == FileOrStdin::Stdin).count() > 1 {
        return Err(Failure::Refused("standard input was given twice".to_string()));
    }
    let sources = files::open(&args.paths, &args.bucket)?;
    let mut faults = Faults::default();
    let counts = to_stdout(|out| write(args, sources, out, &mut faults))?;
    if counts.written == 0 {
        complain("note", &nothing(args, counts));
    }
    faults.report();
    Ok(if faults.is_empty() { Done::Written } else { Done::WrittenInPart })
}

fn nothing(args: &Args, counts: Counts) -> String {
    match (counts.read, args.conditions.is_empty(), args.all) {
        (0, ..) => "no record was found".to_string(),
        (read, true, false) => {
            format!("{read} records were read, and none is of S3: `--all` writes the others, too")
        }
        (read, ..) => format!("{read} records were read, and none is asked for"),
    }
}

fn write<W: Write>(
    args: &Args,
    sources: Vec<Source>,
    out: &mut W,
    faults: &mut Faults,
) -> Result<Counts, Failure> {
    let mut writer = Writer::new(args.format, args.recipients, out)?;
    let mut counts = Counts::default();
    files::each(sources, faults, |source, opening, faults| {
        let mut input = match opening {
            Ok(input) => input,
            Err(why) => {
                faults.of_file(source, &why);
                return Ok(());
            }
        };
        // CloudTrail writes no empty file; a pipe from which nothing comes is another matter.
        if *source != FileOrStdin::Stdin && input.fill_buf().is_ok_and(<[u8]>::is_empty) {
            faults.of_file(source, "it is empty");
            return Ok(());
        }
        let mut failed = None;
        let read = log_file::read(source, input, &mut |place, found| {
            let record = match found {
                Ok(record) => record,
                Err(what) => {
                    faults.of_record(source, &Misplaced { place, what });
                    return ControlFlow::Continue(());
                }
            };
            counts.read += 1;
            let summary = RecordSummary::of(record);
            let is_asked_for = (args.all || summary.level != Level::Other)
                && args.conditions.iter().all(|condition| condition.holds(&summary));
            if !is_asked_for {
                return ControlFlow::Continue(());
            }
            counts.written += 1;
            let has_recipients = args.recipients && summary.level != Level::Other;
            let copies = has_recipients.then(|| Copies::of(record, &summary));
            match writer.row(&Row { summary, copies, file: source }) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        if let Err(fault) = read {
            faults.of_file(source, &fault.to_string());
        }
        faults.end_of_file(source);
        failed.map_or(Ok(()), |error| Err(Failure::from(error)))
    })?;
    writer.finish()?;
    Ok(counts)
}
