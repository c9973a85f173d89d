//! What is made of the records, pass by pass: the second needs what the first found.

use std::borrow::Cow;
use std::sync::Arc;

use cis_evidence::{Call, Collected, Findings, Glance, Judge, Moment, is_about_logging};
use cis_logs::{Accumulator, FileOutcome, LogFile, LogRecord};
use cis_records::{Level, RecordSummary};
use serde::Deserialize;

use super::counted::Counted;

/// The first pass: what was delivered, and the calls that are about logging.
#[derive(Debug, Default)]
pub(super) struct First {
    pub(super) collected: Collected,
    pub(super) counted: Counted,
}

/// The account that received a record.
fn account<'a>(file: &'a LogFile, record: &LogRecord<'a>) -> &'a str {
    record.recipient_account_id.or(file.account.as_deref()).unwrap_or_default()
}

impl Accumulator for First {
    fn absorb(&mut self, file: &LogFile, record: &LogRecord<'_>) {
        let (source, name) =
            (record.event_source.unwrap_or_default(), record.event_name.unwrap_or_default());
        if is_about_logging(source, name)
            && let Ok(Some(call)) =
                record.parse().and_then(|parsed| Call::of(&parsed, record.raw.as_bytes()))
        {
            self.collected.calls.push(call);
        }
        let level = if cis_records::is_of_s3(source) { level(record) } else { Level::Other };
        let is_data = level == Level::Object;
        self.collected.of_s3 += u64::from(level != Level::Other);
        if let Some(time) = record.event_time.and_then(Moment::parse) {
            let bucket = if level == Level::Other { None } else { bucket(record) };
            let account_id = account(file, record);
            self.collected.record(Glance { account_id, time, is_data, bucket: bucket.as_deref() });
            if is_data && let Ok(parsed) = record.parse() {
                self.counted.add(time, &parsed, record);
            }
        }
    }

    fn file(&mut self, file: &LogFile, _outcome: &FileOutcome<'_>) {
        let delivered = file.delivered.and_then(|time| Moment::from_seconds(time.seconds()));
        if let (Some(account), Some(region), Some(delivered)) =
            (&file.account, &file.region, delivered)
        {
            self.collected.file(account, region, delivered);
        }
    }

    fn merge(&mut self, other: Self) {
        self.collected.merge(other.collected);
        self.counted.merge(other.counted);
    }
}

/// The level of a record of S3: its category tells, or else the whole record.
fn level(record: &LogRecord<'_>) -> Level {
    match (record.event_category, record.management_event) {
        (Some("Data"), _) | (None, Some(false)) => Level::Object,
        // Whether of a bucket or the account does not matter here.
        (Some("Management"), _) | (None, Some(true)) => Level::Bucket,
        _ => record.parse().map_or(Level::Other, |parsed| RecordSummary::of(&parsed).level),
    }
}

/// The bucket that a request names, unless CloudTrail itself made it: it looks after its log buckets
/// all the time.
fn bucket<'a>(record: &LogRecord<'a>) -> Option<Cow<'a, str>> {
    #[derive(Deserialize)]
    struct Parameters<'a> {
        #[serde(rename = "bucketName", borrow, default)]
        bucket_name: Option<Cow<'a, str>>,
    }
    if record.user_identity.is_some_and(|identity| identity.contains("cloudtrail.amazonaws.com")) {
        return None;
    }
    let parameters = record.request_parameters?;
    serde_json::from_str::<Parameters<'a>>(parameters).ok()?.bucket_name
}

/// The second pass: each record of an object held against the selectors of its time.
#[derive(Debug)]
pub(super) struct Second {
    pub(super) judge: Arc<Judge>,
    pub(super) findings: Findings,
}

impl Accumulator for Second {
    fn absorb(&mut self, file: &LogFile, record: &LogRecord<'_>) {
        let names_object =
            record.resources.is_some_and(|resources| resources.contains("AWS::S3::Object"));
        if names_object && let Ok(parsed) = record.parse() {
            let account = account(file, record);
            self.findings.add(&self.judge, account, &parsed, record.raw, &file.name);
        }
    }

    fn merge(&mut self, other: Self) {
        self.findings.merge(other.findings);
    }
}
