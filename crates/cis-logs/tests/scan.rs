//! Whole scans: of every fault, with every number of threads, of files in every order.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use cis_logs::delivered::{Bucket, Delivered};
use cis_logs::layout::Kind;
use cis_logs::{FaultKind, Options, Scanned, Selection, discover, scan};
use flate2::Compression;
use flate2::write::GzEncoder;

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn record(id: &str, time: &str, bucket: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","accountId":"111122223333"}},"eventTime":"{time}","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1","requestParameters":{{"bucketName":"{bucket}","key":"k"}},"additionalEventData":{{"bytesTransferredOut":5.0}},"eventID":"{id}","readOnly":true,"managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data"}}"#
    )
}

fn log(records: &[String]) -> String {
    format!("{{\"Records\":[{}]}}", records.join(","))
}

fn name(time: &str, unique: &str) -> String {
    format!("111122223333_CloudTrail_eu-west-1_{time}_{unique}.json.gz")
}

fn scanned(paths: &[PathBuf], selection: Selection, threads: usize) -> Scanned<Delivered> {
    let files = discover(paths, &selection).unwrap();
    let threads = NonZeroUsize::new(threads);
    scan(files, &Options { threads, selection, progress: None }, Delivered::default)
}

fn all(folder: &Path) -> Scanned<Delivered> {
    scanned(&[folder.to_path_buf()], Selection::default(), 2)
}

fn events(scanned: &Scanned<Delivered>) -> u64 {
    scanned.accumulated.buckets().values().map(|bucket| bucket.whole().events).sum()
}

#[test]
fn every_fault_is_named_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        log(&[record("a", "2026-03-01T09:25:00Z", "b"), record("b", "2026-03-01T09:26:00Z", "b")]);
    let good = compressed(&text);
    let broken = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 0x55;
        bytes
    };
    let behind = [good.clone(), good.clone()].concat();
    let cut = log(&[record("c", "2026-03-01T09:25:00Z", "b"), "{\"eventName\":".to_string()]);
    let not_json = "{\"Records\":[1;2]}";
    let no_records = format!("{{\"Records\":[5,{}]}}", record("d", "2026-03-01T09:25:00Z", "b"));
    let spaces = compressed(&" ".repeat(20 << 20));
    let more_behind = format!("{text}{text}");
    for (unique, bytes, kind) in [
        ("0good", good.clone(), None),
        ("1cut", good[..good.len() / 2].to_vec(), Some(FaultKind::Truncated)),
        ("2crc", broken(good.len() - 6), Some(FaultKind::Corrupt)),
        ("3deflate", broken(20), Some(FaultKind::Corrupt)),
        ("4behind", behind, Some(FaultKind::Behind)),
        ("5cut", compressed(&cut[..cut.len() - 2]), Some(FaultKind::Truncated)),
        ("6json", compressed(not_json), Some(FaultKind::Corrupt)),
        ("7none", compressed(&no_records), Some(FaultKind::NoRecords)),
        ("8bomb", spaces, Some(FaultKind::NotCloudTrails)),
        ("9other", compressed("{\"configurationItems\":[]}"), Some(FaultKind::NotCloudTrails)),
        ("9empty", Vec::new(), Some(FaultKind::NotCloudTrails)),
        ("9behind", compressed(&more_behind), Some(FaultKind::Corrupt)),
        ("9plain", text.clone().into_bytes(), None),
    ] {
        let path = folder.path().join(name("20260301T0930Z", unique));
        fs::write(&path, bytes).unwrap();
        let one = scanned(std::slice::from_ref(&path), Selection::default(), 1);
        let found: Vec<_> = one.faults.iter().collect();
        assert_eq!(
            found.iter().map(|fault| fault.kind).collect::<Vec<_>>(),
            Vec::from_iter(kind),
            "{unique}: {found:?}"
        );
        assert!(found.iter().all(|fault| fault.file == path.display().to_string()));
    }
    let whole = all(folder.path());
    assert_eq!(whole.faults.count(), 11);
    // `a` and `b` once, although five files have them; `c` and `d` before and after what is wrong.
    assert_eq!(events(&whole), 4);
}

#[test]
fn what_lies_beside_the_logs_is_counted_by_kind() {
    let folder = tempfile::tempdir().unwrap();
    let account = folder.path().join("AWSLogs/111122223333");
    let text = log(&[record("a", "2026-03-01T09:25:00Z", "b")]);
    for (path, bytes) in [
        ("CloudTrail/eu-west-1/2026/03/01", compressed(&text)),
        ("CloudTrail-Digest/eu-west-1/2026/03/01", b"digest".to_vec()),
        ("CloudTrail-Insight/eu-west-1/2026/03/01", b"insight".to_vec()),
        ("Config/eu-west-1/2026/3/1", b"config".to_vec()),
    ] {
        let path = account.join(path);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join(name("20260301T0930Z", "A")), bytes).unwrap();
    }
    fs::write(account.join("CloudTrail/notes.txt"), "mine").unwrap();
    let whole = all(folder.path());
    assert_eq!((events(&whole), whole.faults.count()), (1, 0), "{:?}", whole.faults);
    let kinds: BTreeMap<Kind, u64> =
        whole.left_out.by_kind.iter().map(|(kind, (count, _))| (*kind, *count)).collect();
    let one_each = [Kind::Digest, Kind::Insights, Kind::OtherService, Kind::Unknown];
    assert_eq!(kinds, one_each.map(|kind| (kind, 1)).into());
}

#[cfg(unix)]
#[test]
fn links_in_a_loop_and_two_ways_to_a_folder_are_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    fs::create_dir(&logs).unwrap();
    let text = log(&[record("a", "2026-03-01T09:25:00Z", "b")]);
    fs::write(logs.join(name("20260301T0930Z", "A")), compressed(&text)).unwrap();
    std::os::unix::fs::symlink(folder.path(), logs.join("up")).unwrap();
    std::os::unix::fs::symlink(&logs, folder.path().join("again")).unwrap();
    let paths = [folder.path().to_path_buf(), logs];
    let whole = scanned(&paths, Selection::default(), 2);
    assert_eq!((whole.tally.files, whole.tally.copies, whole.faults.count()), (1, 0, 0));
}

#[test]
fn event_time_decides_and_file_times_only_narrow() {
    let folder = tempfile::tempdir().unwrap();
    for (unique, delivered, time) in [
        ("A", "20260301T0930Z", "2026-03-01T09:25:00Z"),
        ("B", "20260302T0003Z", "2026-03-01T23:58:00Z"),
        ("C", "20260302T0930Z", "2026-03-02T09:25:00Z"),
        ("D", "20260305T0930Z", "2026-03-05T09:25:00Z"),
    ] {
        let text = log(&[record(unique, time, unique)]);
        fs::write(folder.path().join(name(delivered, unique)), compressed(&text)).unwrap();
    }
    let day = |text: &str| Some(text.parse().unwrap());
    let selection =
        Selection { from: day("2026-03-01"), to: day("2026-03-02"), ..Selection::default() };
    let some = scanned(&[folder.path().to_path_buf()], selection, 2);
    let buckets: Vec<_> = some.accumulated.buckets().into_keys().flatten().collect();
    assert_eq!(buckets, ["A", "B"]);
    // The last one cannot hold anything of that day, so it is not opened.
    assert_eq!((some.tally.files, some.left_out.not_selected, some.tally.not_selected), (3, 1, 1));
    let others =
        Selection { accounts: ["444455556666".to_string()].into(), ..Selection::default() };
    assert_eq!(events(&scanned(&[folder.path().to_path_buf()], others, 2)), 0);
}

/// Files that two trails deliver, with the same events in each.
fn doubled(folder: &Path) -> u64 {
    let mut events = 0;
    for hour in 0..24_u32 {
        for minute in (0..60_u32).step_by(5) {
            let records: Vec<String> = (0..20)
                .map(|index| {
                    events += 1;
                    let time = format!("2026-03-01T{hour:02}:{minute:02}:{index:02}Z");
                    record(&format!("{hour}-{minute}-{index}"), &time, &format!("b{}", index % 3))
                })
                .collect();
            for (delay, unique) in [(0, "A"), (7, "B")] {
                let at = hour * 60 + minute + 4 + delay;
                let delivered =
                    format!("202603{:02}T{:02}{:02}Z", 1 + at / 1440, at / 60 % 24, at % 60);
                let path = folder.join(name(&delivered, &format!("{unique}{hour}{minute}")));
                fs::write(path, compressed(&log(&records))).unwrap();
            }
        }
    }
    events
}

#[test]
fn the_answer_depends_on_neither_threads_nor_order_and_copies_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let count = doubled(folder.path());
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut first: Option<BTreeMap<Option<String>, Bucket>> = None;
    for threads in [1, 2, 3, 8] {
        paths.rotate_left(97);
        for given in [paths.clone(), vec![folder.path().to_path_buf()]] {
            let whole = scanned(&given, Selection::default(), threads);
            assert_eq!(whole.tally.copies, count);
            assert_eq!((whole.tally.records, whole.tally.late), (2 * count, 0));
            let buckets = whole.accumulated.buckets();
            assert_eq!(&buckets, first.get_or_insert_with(|| buckets.clone()));
        }
    }
    let buckets = first.unwrap();
    assert_eq!(buckets.values().map(|bucket| bucket.whole().events).sum::<u64>(), count);
    assert_eq!(buckets.values().map(|bucket| bucket.whole().bytes_out).sum::<u64>(), 5 * count);
}

#[test]
fn a_record_with_the_id_of_another_is_not_hidden_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let time = "2026-03-01T09:25:00Z";
    for (unique, bucket) in [("A", "decoy"), ("B", "payroll"), ("C", "payroll")] {
        let text = log(&[record("same", time, bucket)]);
        fs::write(folder.path().join(name("20260301T0930Z", unique)), compressed(&text)).unwrap();
    }
    let whole = all(folder.path());
    assert_eq!((events(&whole), whole.tally.copies), (2, 1));
}

#[test]
fn a_record_that_is_larger_than_what_is_read_at_once_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(700_000);
    let records: Vec<String> = (0..5)
        .map(|index| {
            record(&index.to_string(), "2026-03-01T09:25:00Z", "b")
                .replace("\"key\":\"k\"", &format!("\"key\":\"{long}\""))
        })
        .collect();
    fs::write(folder.path().join(name("20260301T0930Z", "A")), compressed(&log(&records))).unwrap();
    let whole = all(folder.path());
    assert_eq!((events(&whole), whole.faults.count()), (5, 0));
}

/// A text that never ends its record would fill the memory.
#[test]
fn a_record_that_is_too_large_is_given_up_and_what_stands_before_it_is_read() {
    let largest = usize::try_from(cis_records::shapes::LARGEST_RECORD).unwrap();
    for (length, expected, kind) in
        [(largest - (1 << 20), 2, None), (largest + (1 << 20), 1, Some(FaultKind::NotCloudTrails))]
    {
        let folder = tempfile::tempdir().unwrap();
        let key = format!("\"key\":\"{}\"", "x".repeat(length));
        let [small, large] = ["a", "b"].map(|id| record(id, "2026-03-01T09:25:00Z", "b"));
        let text = log(&[small, large.replace("\"key\":\"k\"", &key)]);
        fs::write(folder.path().join(name("20260301T0930Z", "A")), compressed(&text)).unwrap();
        let whole = all(folder.path());
        assert_eq!(events(&whole), expected, "{length}");
        let kinds: Vec<_> = whole.faults.iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds, Vec::from_iter(kind), "{length}");
    }
}

#[test]
fn records_without_an_id_and_those_that_came_late_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let with_id = |id| record(id, "2026-03-01T09:25:00Z", "b");
    let without = with_id("a").replace("\"eventID\":\"a\",", "");
    for (time, records) in [
        // Without an id nothing tells copies from events that look alike.
        ("20260301T0930Z", vec![without.clone(), without, with_id("b")]),
        ("20260306T0930Z", vec![with_id("c"), with_id("d")]),
    ] {
        fs::write(folder.path().join(name(time, "A")), compressed(&log(&records))).unwrap();
    }
    let whole = all(folder.path());
    assert_eq!((whole.tally.without_id, whole.tally.late), (2, 2));
    assert_eq!((events(&whole), whole.tally.copies), (5, 0));
}

#[test]
fn files_whose_names_tell_no_time_are_read_and_their_copies_found() {
    let folder = tempfile::tempdir().unwrap();
    let one = record("a", "2026-03-01T09:25:00Z", "b");
    fs::write(folder.path().join("events.json"), log(std::slice::from_ref(&one))).unwrap();
    fs::write(
        folder.path().join("more.jsonl"),
        format!("{one}\n{}\n", record("c", "2026-03-01T09:25:00Z", "b")),
    )
    .unwrap();
    fs::write(folder.path().join(name("20260309T0930Z", "A")), compressed(&log(&[one]))).unwrap();
    for threads in [1, 2] {
        let whole = scanned(&[folder.path().to_path_buf()], Selection::default(), threads);
        assert_eq!((whole.tally.files, events(&whole), whole.faults.count()), (3, 2, 0));
    }
}
