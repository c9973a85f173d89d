//! Real logs, where they are: `target/logs` of the repository, which others have published.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::PathBuf;

use cis_logs::delivered::Delivered;
use cis_logs::{Accumulator, LogFile, LogRecord, Options, Selection, discover, scan};
use cis_records::{Level, RecordSummary, shapes};

/// The folder of a set of logs; `None`, and a word about it, where it is absent.
fn logs(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/logs").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: there are no logs at {}", folder.display());
    None
}

/// Counts what the fast reading says, and holds it to what the slow one does.
#[derive(Default)]
struct Held {
    records: u64,
    of_s3: u64,
    data_events: u64,
    by_name: BTreeMap<String, u64>,
}

impl Accumulator for Held {
    fn absorb(&mut self, _file: &LogFile, record: &LogRecord<'_>) {
        let summary = RecordSummary::of(&record.parse().unwrap());
        assert_eq!(record.level(), summary.level);
        assert_eq!(record.is_of_objects(), summary.level == Level::Object);
        assert_eq!(record.kind(summary.level), summary.kind);
        assert_eq!(record.caller().caller_type, summary.caller.caller_type);
        if summary.level != Level::Other {
            assert_eq!(record.bucket().as_deref(), summary.bucket.as_deref());
        }
        assert_eq!(record.event_id(), summary.event_id.as_deref());
        assert_eq!(record.event_name(), summary.event_name.as_deref());
        assert_eq!(record.event_time(), summary.event_time.as_deref());
        assert_eq!(record.aws_region(), summary.aws_region.as_deref());
        assert_eq!(record.error_code(), summary.error_code.as_deref());
        self.records += 1;
        self.of_s3 += u64::from(summary.level != Level::Other);
        self.data_events += u64::from(summary.level == Level::Object);
        *self.by_name.entry(summary.event_name.unwrap()).or_default() += 1;
    }

    fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.of_s3 += other.of_s3;
        self.data_events += other.data_events;
        for (name, count) in other.by_name {
            *self.by_name.entry(name).or_default() += count;
        }
    }
}

#[test]
fn a_lab_of_2021_is_read_as_the_slow_reader_reads_it() {
    let Some(folder) = logs("SANS-504-S3-ransomware-lab") else { return };
    let files = discover(&[folder], &Selection::default()).unwrap();
    assert_eq!(files.total(), 3_872);
    let scanned = scan(files, &Options::default(), Held::default);
    assert_eq!(scanned.faults.count(), 0);
    assert_eq!(scanned.tally.records, 30_477);
    assert_eq!(scanned.tally.copies, 6_496);
    let held = scanned.accumulated;
    assert_eq!(held.records, 23_981);
    assert_eq!(held.by_name.get("PutEventSelectors"), Some(&1));
}

#[test]
fn an_attack_of_2023_is_read_as_the_slow_reader_reads_it() {
    let Some(folder) = logs("invictus") else { return };
    let files = discover(&[folder], &Selection::default()).unwrap();
    assert_eq!(files.total(), 55);
    let scanned = scan(files, &Options::default(), Held::default);
    assert_eq!(scanned.faults.count(), 0);
    assert_eq!(scanned.tally.records, 2_900);
    let held = scanned.accumulated;
    assert_eq!((held.of_s3, held.data_events), (271, 0));
    assert_eq!(held.by_name.get("StopLogging"), Some(&3));
}

#[test]
fn the_counts_are_those_of_the_summaries_with_any_number_of_threads() {
    let Some(folder) = logs("SANS-504-S3-ransomware-lab") else { return };
    let mut seen = std::collections::BTreeSet::new();
    let mut slow: BTreeMap<(Option<String>, String, String), u64> = BTreeMap::new();
    let files = discover(std::slice::from_ref(&folder), &Selection::default()).unwrap();
    for file in files {
        let bytes = std::fs::File::open(&file.name).unwrap();
        let input = flate2::read::GzDecoder::new(bytes);
        shapes::read(input, &mut |_, record| {
            let summary = RecordSummary::of(record.unwrap());
            if seen.insert(summary.event_id.clone()) && summary.level == Level::Object {
                let caller = summary.caller.caller_type.name().to_string();
                *slow.entry((summary.bucket, summary.event_name.unwrap(), caller)).or_default() +=
                    1;
            }
            ControlFlow::Continue(())
        })
        .map(drop)
        .unwrap();
    }
    for threads in [1, 2, 7] {
        let files = discover(std::slice::from_ref(&folder), &Selection::default()).unwrap();
        let options = Options { threads: NonZeroUsize::new(threads), ..Options::default() };
        let scanned = scan(files, &options, Delivered::default);
        let mut fast = BTreeMap::new();
        for (name, bucket) in scanned.accumulated.buckets() {
            for (sort, counts) in bucket.by_sort {
                let caller = sort.caller_type.name().to_string();
                *fast.entry((name.clone(), sort.event_name, caller)).or_default() += counts.events;
            }
        }
        assert_eq!(fast, slow, "{threads} threads");
    }
}
