//! Makes CloudTrail log files by chance, from a seed, as large and as many as a measurement needs.
//!
//! The files lie in CloudTrail's own folders and have its names; their records have the members, the
//! sizes and the mixture of callers that published records have. The same [`Settings`] make the same
//! files, byte by byte, in the same order.
//!
//! ```
//! use cis_corpus::{Corpus, Settings};
//!
//! let settings = Settings { files: 3, ..Settings::default() };
//! for file in Corpus::new(settings) {
//!     println!("{}: {} records", file.key, file.records);
//! }
//! ```
//!
//! [`digested`] makes the digests that prove a corpus, [`digests`] one by one, [`bucket`] a small bucket
//! with both, and [`tampering`] tampers with it. [`gear`] is what the programs share.

pub mod bucket;
pub mod digested;
pub mod digests;
mod event;
pub mod gear;
mod identity;
pub mod tampering;
mod words;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use cis_logs::Time;
use fastrand::Rng;
use flate2::{Compression, GzBuilder};

/// What is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which of all corpora with these settings it is.
    pub seed: u64,
    /// How many files a trail delivers.
    pub files: u64,
    /// How many bytes a file has on average, before compression.
    pub bytes: usize,
    /// Whether every file has about that many. Otherwise most have fewer and some many more.
    pub is_even: bool,
    /// How many files are delivered in a day.
    pub files_per_day: u64,
    /// When the first file is delivered.
    pub start: Time,
    /// The accounts.
    pub accounts: Vec<String>,
    /// The Regions.
    pub regions: Vec<String>,
    /// The organization whose trail it is.
    pub organization: Option<String>,
    /// Of a hundred files, how many a second trail delivers once more, some minutes later.
    pub twice: u8,
}

impl Default for Settings {
    /// A hundred files of one account and two Regions.
    fn default() -> Self {
        Self {
            seed: 1,
            files: 100,
            bytes: 11_000,
            is_even: false,
            files_per_day: 6_000,
            start: Time::of_day(2026, 3, 1).unwrap_or(Time::from_seconds(0)),
            accounts: vec!["111122223333".to_string()],
            regions: vec!["us-east-1".to_string(), "eu-west-1".to_string()],
            organization: None,
            twice: 0,
        }
    }
}

impl Settings {
    /// Corpus A: few files, as large as CloudTrail makes them, 2 GB in all. With a share of less than 1,
    /// fewer.
    #[must_use]
    pub fn large(share: f64) -> Self {
        Self {
            files: part(40, share),
            bytes: 50_000_000,
            is_even: true,
            files_per_day: 40,
            ..Self::default()
        }
    }

    /// Corpus B: 200,000 files of 11 KB, the average of published logs. With a share of less than 1,
    /// fewer.
    #[must_use]
    pub fn small(share: f64) -> Self {
        Self {
            files: part(200_000, share),
            accounts: vec!["111122223333".to_string(), "444455556666".to_string()],
            ..Self::default()
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares are small")]
fn part(whole: u32, share: f64) -> u64 {
    (f64::from(whole) * share).ceil() as u64
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its key in a bucket: `AWSLogs/…`.
    pub key: String,
    /// When it is delivered.
    pub delivered: Time,
    /// Its text, before compression.
    pub text: String,
    /// How many records it has.
    pub records: u64,
    /// When its oldest event was.
    pub oldest: Time,
    /// When its newest event was.
    pub newest: Time,
}

impl File {
    /// The file, compressed as it is delivered.
    ///
    /// # Errors
    /// Never: memory takes everything.
    pub fn compressed(&self) -> io::Result<Vec<u8>> {
        let mut encoder = GzBuilder::new().write(Vec::new(), Compression::default());
        encoder.write_all(self.text.as_bytes())?;
        encoder.finish()
    }
}

/// The files of a corpus, in the order of their delivery but for those that come twice.
#[derive(Clone, Debug)]
pub struct Corpus {
    settings: Settings,
    random: Rng,
    made: u64,
    again: Option<File>,
}

impl Corpus {
    /// The corpus with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let random = Rng::with_seed(settings.seed);
        Self { settings, random, made: 0, again: None }
    }

    /// Writes all files to a folder; how many bytes of text there are.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn write_to(self, folder: &Path) -> io::Result<u64> {
        let mut bytes = 0;
        for file in self {
            let path = folder.join(&file.key);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, file.compressed()?)?;
            bytes += file.text.len() as u64;
        }
        Ok(bytes)
    }

    fn make(&mut self) -> File {
        let Self { settings, random, made, .. } = self;
        let day_seconds = 86_400;
        let seconds = *made * day_seconds / settings.files_per_day.max(1);
        let delivered = settings.start.plus(i64::try_from(seconds).unwrap_or(i64::MAX));
        // Names have minutes.
        let delivered = delivered.plus(-(delivered.seconds().rem_euclid(60)));
        let account = pick(random, &settings.accounts);
        let region = pick(random, &settings.regions);
        let size = if settings.is_even {
            settings.bytes
        } else {
            // Of sizes that are distributed so, the average is the middle one's double.
            let share = -random.f64().max(1e-9).ln();
            scaled(settings.bytes, share)
        };
        let mut text = String::with_capacity(size + 4_096);
        text.push_str("{\"Records\":[");
        let (mut records, mut oldest, mut newest) = (0, delivered, None);
        while records == 0 || text.len() < size {
            if records > 0 {
                text.push(',');
            }
            let time = delivered.plus(-random.i64(20..600));
            event::write(&mut text, random, &event::Place { account, region, time });
            records += 1;
            oldest = oldest.min(time);
            newest = newest.max(Some(time));
        }
        text.push_str("]}");
        let key = key(settings.organization.as_deref(), account, region, delivered, random);
        *made += 1;
        File { key, delivered, text, records, oldest, newest: newest.unwrap_or(delivered) }
    }
}

impl Iterator for Corpus {
    type Item = File;

    fn next(&mut self) -> Option<File> {
        if let Some(again) = self.again.take() {
            return Some(again);
        }
        if self.made >= self.settings.files {
            return None;
        }
        let file = self.make();
        if self.random.u8(0..100) < self.settings.twice {
            let delivered = file.delivered.plus(60 * self.random.i64(0..=10));
            let mut parts = file.key.split('/').skip(1);
            let organization = self.settings.organization.as_deref().and_then(|_| parts.next());
            let (account, region) = (parts.next().unwrap_or(""), parts.nth(1).unwrap_or(""));
            let key = key(organization, account, region, delivered, &mut self.random);
            self.again = Some(File { key, delivered, ..file.clone() });
        }
        Some(file)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sizes are small"
)]
fn scaled(bytes: usize, share: f64) -> usize {
    (bytes as f64 * share) as usize
}

fn pick<'a>(random: &mut Rng, texts: &'a [String]) -> &'a str {
    random.choice(texts).map_or("", String::as_str)
}

/// Where a log file lies.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html>
fn key(
    organization: Option<&str>,
    account: &str,
    region: &str,
    delivered: Time,
    random: &mut Rng,
) -> String {
    let time = delivered.to_string();
    let part = |range: std::ops::Range<usize>| time.get(range).unwrap_or("");
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    let (hour, minute) = (part(11..13), part(14..16));
    let organization = organization.map(|id| format!("{id}/")).unwrap_or_default();
    let unique = words::alphanumeric(random, 16);
    format!(
        "AWSLogs/{organization}{account}/CloudTrail/{region}/{year}/{month}/{day}/\
         {account}_CloudTrail_{region}_{year}{month}{day}T{hour}{minute}Z_{unique}.json.gz"
    )
}
