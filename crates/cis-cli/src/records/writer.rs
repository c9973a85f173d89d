//! Rows in the three formats.

use std::io::{self, Write};

use cis_records::RecordSummary;
use cis_rules::question::Kind;

use super::Format;
use super::row::{Copies, Row};
use crate::json;
use crate::spreadsheet::Spreadsheet;
use crate::table::Table;

/// Writes rows.
#[derive(Debug)]
pub(super) enum Writer<W: Write> {
    Text(Table<W, 7>),
    Jsonl(W),
    Csv { sheet: Box<Spreadsheet<W>>, has_recipients: bool },
}

const HEAD: [&str; 7] = ["TIME", "LEVEL", "KIND", "EVENT", "BUCKET/KEY", "ERROR", "CALLER"];

/// The titles of a spreadsheet's columns: the members of the JSON, those of the caller one by one.
const TITLES: [&str; 22] = [
    "eventTime",
    "eventName",
    "level",
    "kind",
    "bucket",
    "key",
    "callerType",
    "callerArn",
    "callerAccountId",
    "callerService",
    "temporaryCredentials",
    "console",
    "errorCode",
    "awsRegion",
    "eventSource",
    "eventID",
    "objects",
    "file",
    "requesterAccount",
    "requesterCopy",
    "bucketOwnerAccount",
    "bucketOwnerCopy",
];

/// How many of the titles are about who received a copy.
const OF_RECIPIENTS: usize = 4;

impl<W: Write> Writer<W> {
    /// A writer, which has written the head.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(super) fn new(format: Format, has_recipients: bool, out: W) -> io::Result<Self> {
        Ok(match format {
            Format::Text => {
                let mut table = Table::new(out, [20, 7, 5, 20, 36, 12, 0]);
                table.row(HEAD)?;
                Self::Text(table)
            }
            Format::Jsonl => Self::Jsonl(out),
            Format::Csv => {
                let left_out = if has_recipients { 0 } else { OF_RECIPIENTS };
                let titles: Vec<&str> = TITLES.into_iter().take(TITLES.len() - left_out).collect();
                Self::Csv { sheet: Box::new(Spreadsheet::new(out, &titles)?), has_recipients }
            }
        })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(super) fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        match self {
            Self::Text(table) => text(table, row),
            Self::Jsonl(out) => json::document(out, row),
            Self::Csv { sheet, has_recipients } => csv(sheet, row, *has_recipients),
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv { sheet, .. } => sheet.finish(),
            Self::Text(_) | Self::Jsonl(_) => Ok(()),
        }
    }
}

fn text<W: Write>(table: &mut Table<W, 7>, row: &Row<'_>) -> io::Result<()> {
    let summary = &row.summary;
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_string());
    let target = match (&summary.bucket, &summary.key) {
        (Some(bucket), Some(key)) => format!("{bucket}/{key}"),
        (bucket, _) => or_none(bucket),
    };
    let mut caller = summary.caller.to_string();
    if summary.console {
        caller += " in the console";
    }
    table.row([
        &or_none(&summary.event_time),
        summary.level.name(),
        summary.kind.map_or("-", Kind::name),
        &or_none(&summary.event_name),
        &target,
        &or_none(&summary.error_code),
        &caller,
    ])?;
    let Some(copies) = &row.copies else { return Ok(()) };
    let Copies { requester_account, bucket_owner_account, recipients } = copies;
    let (requester, owner) = (recipients.requester.name(), recipients.bucket_owner.name());
    let of =
        |account: &Option<String>| account.clone().map_or_else(String::new, |id| format!(" {id}"));
    table.line(&format!(
        "    copies: requester{}: {requester}; bucket owner{}: {owner}",
        of(requester_account),
        of(bucket_owner_account)
    ))
}

fn csv<W: Write>(
    sheet: &mut Spreadsheet<W>,
    row: &Row<'_>,
    has_recipients: bool,
) -> io::Result<()> {
    let RecordSummary {
        event_id,
        event_time,
        event_name,
        event_source,
        aws_region,
        level,
        kind,
        bucket,
        key,
        objects,
        caller,
        temporary_credentials,
        console,
        error_code,
    } = &row.summary;
    let boolean = |value: Option<bool>| match value {
        None => "",
        Some(true) => "true",
        Some(false) => "false",
    };
    let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
    let mut cells = vec![
        text(event_time),
        text(event_name),
        level.name().to_string(),
        kind.map_or("", Kind::name).to_string(),
        text(bucket),
        text(key),
        caller.caller_type.name().to_string(),
        text(&caller.arn),
        text(&caller.account_id),
        text(&caller.service),
        boolean(*temporary_credentials).to_string(),
        boolean(Some(*console)).to_string(),
        text(error_code),
        text(aws_region),
        text(event_source),
        text(event_id),
        objects.join(" "),
        row.file(),
    ];
    if has_recipients {
        cells.extend(match &row.copies {
            Some(copies) => [
                text(&copies.requester_account),
                copies.recipients.requester.name().to_string(),
                text(&copies.bucket_owner_account),
                copies.recipients.bucket_owner.name().to_string(),
            ],
            None => Default::default(),
        });
    }
    sheet.row(cells.iter().map(String::as_str))
}
