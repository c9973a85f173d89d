//! A sweep that is interrupted, wherever that is, ends as one that is not.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use cis_sweep::journal::{Journal, JournalError, Settings, partial};
use proptest::prelude::*;

fn settings() -> Settings {
    Settings {
        caller_account: "999988887777".to_owned(),
        role_name: "reader".to_owned(),
        region: "us-east-1".to_owned(),
    }
}

fn id(number: usize) -> String {
    format!("{number:012}")
}

/// A snapshot of an account, as long as its number says.
fn snapshot(number: usize) -> String {
    let name = "ü".repeat(number % 7);
    format!(r#"{{"schemaVersion":1,"name":"{name}","accountId":"{}","trails":[]}}"#, id(number))
}

fn failed(number: usize, code: &str) -> String {
    let id = id(number);
    format!(
        r#"{{"schemaVersion":1,"accountId":"{id}","unreadable":[{{"call":"AssumeRole","code":"{code}"}}]}}"#
    )
}

fn text(mut file: File) -> String {
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    text
}

fn whole(count: usize) -> String {
    (0..count).map(|number| snapshot(number) + "\n").collect()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn target(&self) -> PathBuf {
        self.0.path().join("sweep.jsonl")
    }

    fn files(&self) -> usize {
        fs::read_dir(self.0.path()).unwrap().count()
    }
}

fn finish(journal: Journal, count: usize) -> String {
    let ids: Vec<String> = (0..count).map(id).collect();
    text(journal.finish(ids.iter().map(String::as_str)).unwrap())
}

fn resumed(target: &Path) -> Journal {
    Journal::resume(target, &settings()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_journal_that_is_cut_anywhere_keeps_whole_lines_and_ends_the_same(
        order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(),
        finished in 0..12_usize,
        cut in 0..2000_u64,
    ) {
        let folder = Folder::new();
        let target = folder.target();
        let mut journal = Journal::begin(&target, &settings()).unwrap();
        for number in order.iter().take(finished) {
            journal.add(&id(*number), &snapshot(*number)).unwrap();
        }
        drop(journal);
        let path = partial(&target);
        let length = fs::metadata(&path).unwrap().len();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_len(length.saturating_sub(cut)).unwrap();
        let kept = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        let kept = kept.rfind('\n').map_or("", |end| &kept[..=end]).to_owned();

        let mut journal = resumed(&target);
        for number in &order {
            let is_kept = kept.contains(&snapshot(*number));
            prop_assert_eq!(journal.is_finished(&id(*number)), is_kept);
            if !is_kept {
                journal.add(&id(*number), &snapshot(*number)).unwrap();
            }
        }
        prop_assert_eq!(finish(journal, 12), whole(12));
        prop_assert_eq!(fs::read_to_string(&target).unwrap(), whole(12));
        prop_assert_eq!(folder.files(), 1, "nothing is left beside it");
    }
}

#[test]
fn a_sweep_that_was_interrupted_is_not_overwritten() {
    let folder = Folder::new();
    let mut journal = Journal::begin(&folder.target(), &settings()).unwrap();
    journal.add(&id(1), &snapshot(1)).unwrap();
    drop(journal);
    let error = Journal::begin(&folder.target(), &settings()).unwrap_err();
    assert!(error.to_string().contains("--resume"), "{error}");
    let other = Settings { role_name: "other".to_owned(), ..settings() };
    let error = Journal::resume(&folder.target(), &other).unwrap_err();
    assert!(error.to_string().contains("the role `reader`"), "{error}");
    assert!(resumed(&folder.target()).is_finished(&id(1)));
}

#[test]
fn the_last_sweep_stays_until_the_next_one_is_whole() {
    let folder = Folder::new();
    fs::write(folder.target(), whole(3)).unwrap();
    let mut journal = Journal::begin(&folder.target(), &settings()).unwrap();
    journal.add(&id(0), &snapshot(0)).unwrap();
    assert_eq!(fs::read_to_string(folder.target()).unwrap(), whole(3));
    assert_eq!(finish(journal, 1), whole(1));
    assert_eq!(fs::read_to_string(folder.target()).unwrap(), whole(1));
}

#[test]
fn two_sweeps_do_not_write_one_file() {
    let folder = Folder::new();
    let _first = Journal::begin(&folder.target(), &settings()).unwrap();
    let error = Journal::resume(&folder.target(), &settings()).unwrap_err();
    assert!(matches!(error, JournalError::InUse(_)), "{error}");
}

#[test]
fn a_finished_sweep_that_is_resumed_reads_only_what_failed_for_a_reason_that_passes() {
    let folder = Folder::new();
    let in_trail = format!(
        r#"{{"schemaVersion":1,"accountId":"{}","trails":[{{"trail":{{}},"unreadable":[{{"call":"GetTrailStatus","code":"ThrottlingException"}}]}}]}}"#,
        id(3)
    );
    let lines =
        [snapshot(0), failed(1, "AccessDenied"), failed(2, "TimeoutError"), in_trail].join("\n");
    fs::write(folder.target(), lines.clone() + "\n").unwrap();
    let journal = resumed(&folder.target());
    let finished: Vec<bool> = (0..4).map(|number| journal.is_finished(&id(number))).collect();
    assert_eq!(finished, [true, true, false, false]);
    drop(journal);
    assert_eq!(fs::read_to_string(folder.target()).unwrap(), lines + "\n", "until it is whole");
}

#[test]
fn a_line_that_is_no_snapshot_is_named() {
    let folder = Folder::new();
    fs::write(folder.target(), whole(2) + "{\"accountId\": 7}\n" + &snapshot(3) + "\n").unwrap();
    let error = Journal::resume(&folder.target(), &settings()).unwrap_err();
    assert!(error.to_string().contains("line 3 is no snapshot"), "{error}");
    assert_eq!(folder.files(), 1, "nothing is made of it");
}

#[test]
fn accounts_that_are_not_asked_for_any_more_are_left_out() {
    let mut journal = Journal::temporary().unwrap();
    for number in [2, 0, 1] {
        journal.add(&id(number), &snapshot(number)).unwrap();
    }
    assert_eq!(finish(journal, 2), whole(2));
}
