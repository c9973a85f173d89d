//! Trails, organizations, Regions, keys and copies of all kinds.

use std::fs;
use std::path::Path;

use cis_corpus::bucket::{Bucket, Plan, records};
use cis_corpus::digested::Digested;
use cis_corpus::digests::{Chain, Delivered, Encoding, SigningKey, Trail, list_of_keys, log};
use cis_corpus::{Corpus, Settings};
use cis_logs::Time;
use cis_logs::digest::keys::PublicKeys;
use cis_logs::digest::name::Object;
use cis_logs::digest::report::{Kind, Outcome, Verification};
use cis_logs::digest::store::Folder;
use cis_logs::digest::{HOUR, Options, verify};

use crate::memory::{KEY, Memory, OTHER, Where, keys};

fn plan() -> Plan {
    Plan::of_twelve_hours()
}

fn filled(plans: &[&Plan]) -> Bucket {
    let mut bucket = Bucket::default();
    for plan in plans {
        plan.fill(&KEY, &mut bucket).unwrap();
    }
    bucket
}

fn with_trail(change: impl FnOnce(&mut Trail)) -> Plan {
    let mut plan = plan();
    change(&mut plan.trail);
    plan
}

/// All that is there, half an hour after the last digest's end.
fn everything() -> Options {
    Options::everything(plan().end().plus(HOUR / 2))
}

fn in_s3(bucket: &Bucket, options: &Options) -> Verification {
    verify(&Memory::of(bucket, Where::S3), &keys(), options)
}

fn faults(found: &Verification) -> Vec<Kind> {
    found.faults.iter().map(|fault| fault.kind).collect()
}

#[test]
fn prefixes_and_organizations_are_part_of_the_layout() {
    let prefixed = with_trail(|trail| trail.prefix = "a/AWSLogs-not/b".to_string());
    let member = with_trail(|trail| trail.organization = Some("o-exampleorgid".to_string()));
    // The member account has a trail of the same name of its own.
    let bucket = filled(&[&prefixed, &member, &plan()]);
    for place in [Where::S3, Where::CopyWithMetadata] {
        let found = verify(&Memory::of(&bucket, place), &keys(), &everything());
        let organizations: Vec<Option<&str>> =
            found.chains.iter().map(|chain| chain.organization.as_deref()).collect();
        // The prefix is not known of a chain: both are in one place, and only the keys differ.
        assert_eq!(organizations, [None, Some("o-exampleorgid")], "{place:?}");
        assert_eq!(found.chains[1].digests.valid, 12, "{place:?}");
    }
}

#[test]
fn two_trails_in_one_folder_are_two_chains() {
    let bucket = filled(&[&plan(), &with_trail(|trail| trail.name = "second_trail".to_string())]);
    // Both name their log files alike here, so the second one's stand for both.
    let found = in_s3(&bucket, &everything());
    assert_eq!(found.outcome, Outcome::Proved, "{found:#?}");
    let trails: Vec<&str> = found.chains.iter().map(|chain| chain.trail.as_str()).collect();
    assert_eq!(trails, ["main", "second_trail"]);

    let mut lacking = bucket.clone();
    let key = lacking.digests().into_iter().find(|key| key.contains("second_trail")).unwrap();
    lacking.files.remove(&key);
    let options = Options { from: Some(plan().start), ..everything() };
    let found = in_s3(&lacking, &options);
    assert_eq!(faults(&found), [Kind::DigestMissing]);
    assert_eq!(found.faults[0].trail.as_deref(), Some("second_trail"));
    let only = Options { trails: vec!["main".to_string()], ..options };
    assert_eq!(in_s3(&lacking, &only).outcome, Outcome::Proved);
}

#[test]
fn only_what_is_asked_for_is_looked_at_and_must_be_there() {
    let west = with_trail(|trail| trail.region = "us-west-2".to_string());
    let other = with_trail(|trail| trail.account_id = "444455556666".to_string());
    let mut bucket = filled(&[&plan(), &west, &other]);
    let key = bucket.logs().into_iter().find(|key| key.contains("us-west-2")).unwrap();
    bucket.files.remove(&key);
    assert_eq!(faults(&in_s3(&bucket, &everything())), [Kind::LogMissing]);
    let of = |accounts: &[&str], regions: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let options =
            Options { accounts: owned(accounts), regions: owned(regions), ..everything() };
        let found = in_s3(&bucket, &options);
        (faults(&found), found.chains.len())
    };
    assert_eq!(of(&[], &["us-east-1"]), (vec![], 2));
    assert_eq!(of(&["444455556666"], &[]), (vec![], 1));
    assert_eq!(of(&["444455556666"], &["us-west-2"]).0, [Kind::NoDigests, Kind::NoDigests]);
    assert_eq!(of(&[], &["us-east-1", "eu-west-1"]), (vec![Kind::NoDigests], 2));
    let trails = Options { trails: vec!["gone".to_string()], ..everything() };
    assert_eq!(faults(&in_s3(&bucket, &trails)), [Kind::NoDigests]);
}

#[test]
fn a_region_whose_digests_end_before_those_of_others_has_lost_some() {
    let west = with_trail(|trail| trail.region = "us-west-2".to_string());
    let mut bucket = filled(&[&plan(), &west]);
    for key in bucket.files.keys().cloned().collect::<Vec<_>>() {
        let is_late = ["T09", "T10", "T11", "T12"].iter().any(|hour| key.contains(hour));
        if key.contains("/us-west-2/") && is_late {
            bucket.files.remove(&key);
        }
    }
    let found = in_s3(&bucket, &everything());
    assert_eq!(faults(&found), [Kind::EndsEarly]);
    assert_eq!(found.faults[0].region.as_deref(), Some("us-west-2"));
    assert_eq!(found.faults[0].files, 4);

    // Regions that begin with a digest that names another began together.
    for key in bucket.digests().into_iter().filter(|key| key.contains("/us-east-1/")).take(5) {
        bucket.files.remove(&key);
    }
    let found = in_s3(&bucket, &everything());
    assert_eq!(faults(&found), [Kind::DigestMissing, Kind::EndsEarly]);
    assert_eq!((found.faults[0].files, found.faults[0].unchecked), (5, 8));
}

#[test]
fn log_files_that_are_later_than_the_digests_show_that_some_are_missing() {
    let mut bucket = filled(&[&plan()]);
    let digests = bucket.digests();
    for key in digests.iter().skip(8) {
        bucket.files.remove(key);
    }
    let found = in_s3(&bucket, &everything());
    assert_eq!(faults(&found), [Kind::EndsEarly]);
    let fault = &found.faults[0];
    assert!(fault.message.contains("log files were delivered until 2026-03-01T10:31:00Z"));
    // Those of the last hour before are taken for new ones.
    assert_eq!((fault.files, fault.unchecked), (2, 2));
    let new: Vec<_> =
        found.limits.iter().filter(|limit| limit.kind == Kind::LogsNotYetDue).collect();
    assert_eq!((new.len(), new[0].files), (1, 4));
}

#[test]
fn log_files_that_are_newer_than_the_last_digest_are_not_due_yet() {
    let plan = plan();
    let mut bucket = filled(&[&plan]);
    let delivered = plan.end().plus(600);
    let content = records(&plan.trail, delivered, 1);
    let (file, _) =
        log(&plan.trail, delivered, "NewNewNewNewNew0", content.as_bytes(), (delivered, delivered))
            .unwrap();
    bucket.put(file);
    let found = in_s3(&bucket, &everything());
    assert_eq!(found.outcome, Outcome::Proved);
    let limits: Vec<Kind> = found.limits.iter().map(|limit| limit.kind).collect();
    assert_eq!(limits, [Kind::LogsNotYetDue]);
}

#[test]
fn what_is_not_due_yet_is_not_missing() {
    let plan = plan();
    let bucket = filled(&[&plan]);
    for (now, to, expected) in [
        (plan.end().plus(HOUR), plan.end().plus(HOUR), vec![]),
        (plan.end().plus(2 * HOUR), plan.end().plus(24 * HOUR), vec![]),
        (plan.end().plus(3 * HOUR), plan.end().plus(24 * HOUR), vec![Kind::EndsEarly]),
        (plan.end().plus(24 * HOUR), plan.end().plus(1), vec![]),
        (plan.end().plus(24 * HOUR), plan.end().plus(2), vec![Kind::EndsEarly]),
    ] {
        let options = Options { to: Some(to), ..Options::everything(now) };
        let found = in_s3(&bucket, &options);
        assert_eq!(faults(&found), expected, "{now} {to}");
    }
}

#[test]
fn a_start_before_the_first_digest_is_not_proved() {
    let plan = plan();
    let mut bucket = filled(&[&plan]);
    let since = |bucket: &Bucket, from: Time| {
        let found = in_s3(bucket, &Options { from: Some(from), ..everything() });
        faults(&found)
    };
    assert_eq!(since(&bucket, plan.start), []);
    assert_eq!(since(&bucket, plan.start.plus(-1)), []);
    assert_eq!(since(&bucket, plan.start.plus(-HOUR)), [Kind::StartsLate]);
    // The second digest names the first: it was there.
    let first = bucket.digests().remove(0);
    bucket.files.remove(&first);
    assert_eq!(since(&bucket, plan.start), [Kind::DigestMissing]);
    assert_eq!(since(&bucket, plan.start.plus(HOUR)), []);
    // Nothing says how far back is asked for: the log files of that time are not proved.
    let found = in_s3(&bucket, &everything());
    assert_eq!(faults(&found), [Kind::LogUnnamed]);
    assert_eq!(found.faults[0].files, 2);
    assert!(found.limits.iter().any(|limit| limit.kind == Kind::EarlierDigests));
}

#[test]
fn an_offset_in_the_start_is_honoured() {
    let plan = plan();
    let mut bucket = filled(&[&plan]);
    // The first log file was delivered at 00:06, nine hours before 09:06 in Tokyo.
    let first = bucket.logs().remove(0);
    bucket.files.remove(&first);
    for (from, expected) in [
        ("2026-03-01T09:01:31+09:00", vec![Kind::LogMissing]),
        ("2026-03-01T10:01:31+09:00", vec![]),
        ("2026-03-01T00:01:31Z", vec![Kind::LogMissing]),
        ("2026-03-01T09:01:31Z", vec![]),
    ] {
        let options = Options { from: Time::with_offset(from), ..everything() };
        assert_eq!(faults(&in_s3(&bucket, &options)), expected, "{from}");
    }
}

#[test]
fn keys_rotate_and_come_in_both_encodings() {
    let trail = plan().trail;
    let mut bucket = Bucket::default();
    let mut chain = Chain::new(trail.clone(), &KEY);
    let start = plan().start;
    for hour in 0..6 {
        if hour == 3 {
            chain.rotate(&OTHER);
        }
        let from = start.plus(hour * HOUR);
        bucket.put(chain.digest(from, from.plus(HOUR), &[]).unwrap());
    }
    let (from, to) = (start.plus(-HOUR), start.plus(24 * HOUR));
    let listed = list_of_keys(&[KEY.listed(from, to), OTHER.listed(from, to)]);
    let mut both = PublicKeys::default();
    both.add_json(listed.to_string().as_bytes()).unwrap();
    let options = Options::everything(start.plus(6 * HOUR));
    let found = verify(&Memory::of(&bucket, Where::S3), &both, &options);
    assert_eq!((found.outcome, found.chains[0].digests.valid), (Outcome::Proved, 6));

    let found = verify(&Memory::of(&bucket, Where::S3), &keys(), &options);
    assert_eq!(found.outcome, Outcome::Undecided);
    assert_eq!((found.undecided[0].kind, found.undecided[0].files), (Kind::NoKey, 3));
    assert!(found.undecided[0].message.contains(&OTHER.fingerprint()));

    let found = verify(&Memory::of(&bucket, Where::S3), &PublicKeys::default(), &options);
    assert_eq!(found.outcome, Outcome::Undecided);
    assert!(found.undecided.iter().all(|open| open.kind == Kind::NoKeys));
    assert_eq!(found.chains[0].digests.unproved, 6);
}

#[test]
fn without_keys_what_is_wrong_is_still_wrong() {
    let mut bucket = filled(&[&plan()]);
    let key = bucket.logs().remove(4);
    bucket.files.remove(&key);
    let digest = bucket.digests().remove(7);
    let other = bucket.files[&bucket.digests()[3]].bytes.clone();
    bucket.files.get_mut(&digest).unwrap().bytes = other;
    let found = verify(&Memory::of(&bucket, Where::Copy), &PublicKeys::default(), &everything());
    assert_eq!(found.outcome, Outcome::Broken);
    assert!(faults(&found).contains(&Kind::LogMissing));
    assert!(faults(&found).contains(&Kind::DigestMoved));
    assert!(faults(&found).contains(&Kind::DigestMissing));
}

#[test]
fn a_hash_that_the_next_digest_names_is_compared_without_keys_too() {
    let mut bucket = filled(&[&plan()]);
    let key = bucket.digests().remove(5);
    let file = bucket.files.get_mut(&key).unwrap();
    let (content, _) =
        cis_logs::digest::content::read(file.bytes.as_slice(), cis_logs::digest::content::LARGEST)
            .unwrap();
    let changed = String::from_utf8(content).unwrap().replacen("\"oldest", " \"oldest", 1);
    file.bytes = cis_corpus::digests::gzip(changed.as_bytes(), 6).unwrap();
    let found = verify(&Memory::of(&bucket, Where::Copy), &PublicKeys::default(), &everything());
    assert_eq!(faults(&found), [Kind::DigestHashMismatch]);
}

#[test]
fn a_restart_without_a_gap_is_only_a_limit_of_copies() {
    let mut bucket = Bucket::default();
    let mut chain = Chain::new(plan().trail, &KEY);
    let start = plan().start;
    for hour in 0..6 {
        if hour == 3 {
            chain.restart();
        }
        let from = start.plus(hour * HOUR);
        bucket.put(chain.digest(from, from.plus(HOUR), &[]).unwrap());
    }
    let options = Options::everything(start.plus(6 * HOUR));
    assert_eq!(in_s3(&bucket, &options).limits, []);
    let found = verify(&Memory::of(&bucket, Where::Copy), &keys(), &options);
    let limits: Vec<Kind> = found.limits.iter().map(|limit| limit.kind).collect();
    assert_eq!(limits, [Kind::LastBeforeRestart, Kind::NewestSignature]);
    assert_eq!((found.outcome, found.chains[0].proved.len()), (Outcome::Proved, 2));
}

#[test]
fn backfill_digests_name_what_others_lack() {
    let plan = plan();
    let mut bucket = filled(&[&plan]);
    let delivered = plan.start.plus(2 * HOUR + 1900);
    let content = records(&plan.trail, delivered, 900);
    let (file, named) =
        log(&plan.trail, delivered, "BackfillBackfill", content.as_bytes(), (delivered, delivered))
            .unwrap();
    bucket.put(file);
    assert_eq!(faults(&in_s3(&bucket, &everything())), [Kind::LogUnnamed]);

    let mut chain = Chain::new(plan.trail.clone(), &KEY);
    let at = |hour: i64| plan.start.plus(hour * HOUR);
    bucket.put(chain.backfill(at(2), at(3), &[named], at(8)).unwrap());
    let second = chain.backfill(at(4), at(5), &[], at(9)).unwrap();
    let third = chain.backfill(at(5), at(6), &[], at(9)).unwrap();
    bucket.put(second.clone());
    bucket.put(third);
    let found = in_s3(&bucket, &everything());
    assert_eq!(found.outcome, Outcome::Proved, "{found:#?}");
    assert_eq!(found.chains[0].backfill_digests.valid, 3);
    // Without metadata, each is proved by the next one only.
    let found = verify(&Memory::of(&bucket, Where::Copy), &keys(), &everything());
    assert_eq!(found.chains[0].backfill_digests.valid, 2);
    assert!(found.limits.iter().any(|limit| limit.kind == Kind::BackfillSignature));

    bucket.files.remove(&second.object.key);
    let found = in_s3(&bucket, &everything());
    assert_eq!(faults(&found), [Kind::DigestMissing]);
    assert_eq!(found.chains[0].backfill_digests.missing, 1);
}

#[test]
fn a_digest_that_names_its_log_file_twice_or_in_two_chains_is_checked_once_each() {
    let plan = plan();
    let mut bucket = filled(&[&plan, &with_trail(|trail| trail.name = "second".to_string())]);
    let found = in_s3(&bucket, &everything());
    assert_eq!((found.chains[0].log_files.valid, found.chains[1].log_files.valid), (18, 18));
    let key = bucket.logs().remove(0);
    bucket.files.remove(&key);
    assert_eq!(faults(&in_s3(&bucket, &everything())), [Kind::LogMissing, Kind::LogMissing]);
}

/// A folder for one test, removed at its end.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn on_disk(path: &Path) -> Verification {
    verify(&Folder::read([path]), &keys(), &everything())
}

#[test]
fn a_copy_on_disk_is_read_from_any_folder_of_it() {
    let bucket = filled(&[&with_trail(|trail| trail.prefix = "some/prefix".to_string())]);
    let folder = folder();
    bucket.write(folder.path(), true).unwrap();
    for below in ["", "some", "some/prefix/AWSLogs", "some/prefix/AWSLogs/111122223333"] {
        let found = on_disk(&folder.path().join(below));
        assert_eq!(found.outcome, Outcome::Proved, "{below}: {found:#?}");
        assert_eq!((found.chains[0].digests.valid, found.other_files), (12, 0), "{below}");
        assert_eq!(found.chains[0].log_files.valid, 18, "{below}");
    }
    // Both a folder and one in it: each file counts once.
    let twice = [folder.path(), &folder.path().join("some/prefix/AWSLogs")];
    let found = verify(&Folder::read(twice), &keys(), &everything());
    assert_eq!((found.outcome, found.chains[0].log_files.valid), (Outcome::Proved, 18));
}

#[test]
fn a_copy_may_be_flat_or_decompressed() {
    let bucket = filled(&[&plan()]);
    let folder = folder();
    for (key, file) in &bucket.files {
        let name = key.rsplit('/').next().unwrap().trim_end_matches(".gz");
        let (content, _) = cis_logs::digest::content::read(file.bytes.as_slice(), 1 << 20).unwrap();
        fs::write(folder.path().join(name), content).unwrap();
    }
    let found = on_disk(folder.path());
    assert_eq!(found.outcome, Outcome::Proved, "{found:#?}");
    assert_eq!((found.chains[0].digests.valid, found.chains[0].log_files.valid), (11, 18));
}

#[test]
fn a_signature_may_be_kept_in_a_file_of_its_own() {
    let bucket = filled(&[&plan()]);
    let folder = folder();
    bucket.write(folder.path(), false).unwrap();
    assert_eq!(on_disk(folder.path()).chains[0].digests.unproved, 1);
    let newest = bucket.digests().pop().unwrap();
    let signature = bucket.files[&newest].signature.clone().unwrap();
    let beside = folder.path().join(format!("{newest}.sig"));
    fs::write(&beside, format!("{signature}\n")).unwrap();
    assert_eq!(on_disk(folder.path()).chains[0].digests.valid, 12);
    fs::write(&beside, "00").unwrap();
    assert_eq!(faults(&on_disk(folder.path())), [Kind::DigestAltered]);
    fs::remove_file(&beside).unwrap();
    fs::write(folder.path().join(format!("{newest}.metadata.json")), "{}").unwrap();
    let found = on_disk(folder.path());
    assert_eq!(found.outcome, Outcome::Undecided);
    assert!(found.undecided[0].message.contains("its file of metadata has no `Metadata`"));
}

#[test]
fn two_copies_in_one_folder_prove_each_other_only_where_they_are_whole() {
    let mut bucket = filled(&[&plan()]);
    let folder = folder();
    bucket.write(&folder.path().join("one"), true).unwrap();
    let (log, digest) = (bucket.logs().remove(3), bucket.digests().remove(5));
    bucket.files.remove(&log);
    bucket.files.get_mut(&digest).unwrap().bytes.truncate(40);
    bucket.write(&folder.path().join("two"), true).unwrap();
    let found = on_disk(folder.path());
    // What one copy lacks, the other has; what is broken is said.
    assert_eq!(faults(&found), [Kind::DigestCorrupt]);
    assert!(found.faults[0].file.as_deref().unwrap().contains("/two/"));
    assert_eq!(found.chains[0].digests.valid, 12);
}

#[test]
fn a_corpus_is_proved_by_its_digests() {
    let settings = Settings {
        files: 60,
        bytes: 2_000,
        twice: 30,
        organization: Some("o-exampleorgid".to_string()),
        accounts: vec!["111122223333".to_string(), "444455556666".to_string()],
        ..Settings::default()
    };
    let mut digested = Digested::default();
    let mut bucket = Bucket::default();
    for file in Corpus::new(settings) {
        digested.add(&file);
        let object = Object { bucket: "trail-logs".to_string(), key: file.key.clone() };
        let bytes = file.compressed().unwrap();
        bucket.put(Delivered { object, bytes, signature: None, made: None });
    }
    let digests = digested.digests("main", &KEY).unwrap();
    digests.into_iter().for_each(|digest| bucket.put(digest));
    let options = Options::everything(Time::of_day(2026, 4, 1).unwrap());
    let found = in_s3(&bucket, &options);
    assert_eq!(found.outcome, Outcome::Proved, "{found:#?}");
    let valid: u64 = found.chains.iter().map(|chain| chain.log_files.valid).sum();
    assert!(valid > 60, "{valid}");
    assert_eq!(usize::try_from(valid).unwrap(), digested.log_files());
    assert_eq!(found.chains.len(), 4);
}

#[test]
fn keys_of_2048_bits_are_made_of_a_seed() {
    let again = SigningKey::from_seed(1, Encoding::Pkcs1).unwrap();
    assert_eq!(again.fingerprint(), KEY.fingerprint());
    assert_ne!(again.fingerprint(), OTHER.fingerprint());
}
