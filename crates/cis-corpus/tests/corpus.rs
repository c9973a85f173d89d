//! A corpus is the same each time, and its records are CloudTrail's.

use std::collections::BTreeSet;

use cis_corpus::{Corpus, Settings};
use cis_logs::delivered::Delivered;
use cis_logs::layout::{Kind, Place};
use cis_logs::{Options, Selection, Time, discover, scan};
use cis_records::{RecordSummary, shapes};

#[test]
fn the_same_settings_make_the_same_files_and_another_seed_others() {
    let settings = Settings { files: 20, twice: 50, ..Settings::default() };
    let files: Vec<_> = Corpus::new(settings.clone()).collect();
    assert_eq!(Corpus::new(settings.clone()).collect::<Vec<_>>(), files);
    assert_ne!(Corpus::new(Settings { seed: 2, ..settings }).collect::<Vec<_>>(), files);
    assert!(files.len() > 20);
    let keys: BTreeSet<&String> = files.iter().map(|file| &file.key).collect();
    assert_eq!(keys.len(), files.len());
}

#[test]
fn every_record_is_read_and_every_file_is_as_it_says() {
    let organization = Some("o-ab12cd34ef".to_string());
    for file in Corpus::new(Settings { files: 200, organization, ..Settings::default() }) {
        let place = Place::of(&file.key);
        assert_eq!((place.kind, place.delivered), (Kind::Log, Some(file.delivered)));
        assert_eq!(place.organization, Some("o-ab12cd34ef"));
        let mut times = Vec::new();
        shapes::read(file.text.as_bytes(), &mut |_, record| {
            let record = record.unwrap();
            let summary = RecordSummary::of(record);
            assert_eq!(record.recipient_account_id.text(), place.account);
            assert_eq!(summary.aws_region.as_deref(), place.region);
            times.push(Time::of_record(summary.event_time.unwrap()).unwrap());
            std::ops::ControlFlow::Continue(())
        })
        .map(drop)
        .unwrap();
        assert_eq!(times.len() as u64, file.records);
        assert_eq!(times.iter().min(), Some(&file.oldest));
        assert_eq!(times.iter().max(), Some(&file.newest));
        assert!(file.newest < file.delivered);
    }
}

#[test]
fn small_files_have_the_average_that_is_asked_for() {
    let files: Vec<_> = Corpus::new(Settings { files: 2_000, ..Settings::default() }).collect();
    let average = files.iter().map(|file| file.text.len()).sum::<usize>() / files.len();
    assert!((10_000..13_500).contains(&average), "{average}");
}

#[test]
fn what_is_delivered_twice_counts_once() {
    let once = Settings { files: 300, files_per_day: 100, ..Settings::default() };
    let folder = tempfile::tempdir().unwrap();
    let mut events = 0;
    let mut twice = 0;
    let mut seen = BTreeSet::new();
    for file in Corpus::new(Settings { twice: 40, ..once }) {
        let path = folder.path().join(&file.key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.compressed().unwrap()).unwrap();
        if seen.insert(file.text) {
            events += file.records;
        } else {
            twice += file.records;
        }
    }
    let files = discover(&[folder.path().to_path_buf()], &Selection::default()).unwrap();
    let scanned = scan(files, &Options::default(), Delivered::default);
    assert!(twice > 0);
    assert_eq!((scanned.tally.records, scanned.tally.copies), (events + twice, twice));
    assert_eq!((scanned.faults.count(), scanned.tally.late), (0, 0));
}
