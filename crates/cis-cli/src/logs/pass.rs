//! What is made of the records, pass by pass: the second needs what the first found.

use std::collections::BTreeSet;

use cis_evidence::answer::Skipped;
use cis_evidence::{Call, Collected, Findings, Glance, Moment, Reader, is_about_logging};
use cis_logs::delivered::Delivered;
use cis_logs::{Accumulator, FileOutcome, LogFile, LogRecord, Time};
use cis_records::Level;

/// The first pass: what was delivered, and the calls that are about logging.
#[derive(Debug, Default)]
pub(super) struct First {
    pub(super) collected: Collected,
    pub(super) delivered: Delivered,
    pub(super) unreadable: Unreadable,
    /// Copies of records of S3.
    pub(super) copies_of_s3: u64,
}

/// Records that are about logging and cannot be read, the first of them by file.
#[derive(Debug, Default)]
pub(super) struct Unreadable {
    pub(super) first: BTreeSet<Skipped>,
    pub(super) has_more: bool,
}

/// How many are kept.
const KEPT: usize = 1_000;

impl Unreadable {
    fn add(&mut self, file: &LogFile, reason: String) {
        let reason = format!("a record about logging is wrong: {reason}");
        self.first.insert(Skipped { file: file.name.clone(), reason });
        self.cut();
    }

    fn merge(&mut self, other: Self) {
        self.first.extend(other.first);
        self.has_more |= other.has_more;
        self.cut();
    }

    fn cut(&mut self) {
        while self.first.len() > KEPT {
            self.first.pop_last();
            self.has_more = true;
        }
    }
}

/// The call that a record is of.
fn call(record: &LogRecord<'_>) -> Result<Option<Call>, String> {
    Call::of(&record.parse()?, record.raw())
}

/// The account that received a record.
fn account<'a>(file: &'a LogFile, record: &LogRecord<'a>) -> &'a str {
    record.recipient_account_id().or(file.account.as_deref()).unwrap_or_default()
}

fn moment(time: Time) -> Option<Moment> {
    Moment::from_seconds(time.seconds())
}

impl Accumulator for First {
    fn absorb(&mut self, file: &LogFile, record: &LogRecord<'_>) {
        self.delivered.absorb(file, record);
        let source = record.event_source().unwrap_or_default();
        let name = record.event_name().unwrap_or_default();
        if is_about_logging(source, name) {
            match call(record) {
                Ok(call) => self.collected.calls.extend(call),
                Err(reason) => self.unreadable.add(file, reason),
            }
        }
        let level = record.level();
        self.collected.of_s3 += u64::from(level != Level::Other);
        let Some(time) = record.time().and_then(moment) else { return };
        let bucket = match level {
            Level::Other | Level::Account => None,
            Level::Bucket | Level::Object => record.bucket(),
        };
        let is_of_cloudtrail = bucket.is_some() && is_of_cloudtrail(record);
        if let Some(bucket) = bucket.as_deref().filter(|_| is_of_cloudtrail) {
            self.collected.log_bucket(bucket);
        }
        self.collected.record(Glance {
            account_id: account(file, record),
            time,
            is_data: level == Level::Object,
            bucket: bucket.as_deref().filter(|_| !is_of_cloudtrail),
        });
    }

    fn copy(&mut self, _file: &LogFile, record: &LogRecord<'_>) {
        self.copies_of_s3 += u64::from(record.level() != Level::Other);
    }

    fn file(&mut self, file: &LogFile, _outcome: &FileOutcome<'_>) {
        let delivered = file.delivered.and_then(moment);
        if let (Some(account), Some(region), Some(delivered)) =
            (&file.account, &file.region, delivered)
        {
            self.collected.file(account, region, delivered);
        }
    }

    fn merge(&mut self, other: Self) {
        self.collected.merge(other.collected);
        self.delivered.merge(other.delivered);
        self.unreadable.merge(other.unreadable);
        self.copies_of_s3 += other.copies_of_s3;
    }
}

/// Whether CloudTrail itself made the request: it looks after its log buckets all the time.
fn is_of_cloudtrail(record: &LogRecord<'_>) -> bool {
    const CLOUDTRAIL: &[u8] = b"\"cloudtrail.amazonaws.com\"";
    let identity = record.user_identity().unwrap_or_default();
    memchr::memmem::find(identity, CLOUDTRAIL).is_some()
}

/// The second pass: each record of an object held against the selectors of its time.
#[derive(Debug)]
pub(super) struct Second<'j> {
    pub(super) reader: &'j Reader<'j>,
    pub(super) findings: Findings,
}

impl Accumulator for Second<'_> {
    fn absorb(&mut self, file: &LogFile, record: &LogRecord<'_>) {
        if record.level() == Level::Object
            && let Ok(parsed) = record.parse()
        {
            let account = account(file, record);
            self.findings.add(self.reader, account, &parsed, record.raw(), &file.name);
        }
    }

    fn merge(&mut self, other: Self) {
        self.findings.merge(other.findings);
    }
}
