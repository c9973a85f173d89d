//! Any change is found, and nothing that is read makes verification fail.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cis_corpus::bucket::{Bucket, Plan};
use cis_corpus::digests::{Delivered, gzip};
use cis_logs::Time;
use cis_logs::digest::content::{LARGEST, read};
use cis_logs::digest::file::Digest;
use cis_logs::digest::keys::PublicKeys;
use cis_logs::digest::report::Outcome;
use cis_logs::digest::{Options, verify};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::memory::{KEY, Memory, Where, keys};

/// Five hours, of which the last but one has no log file.
static PLAN: LazyLock<Plan> =
    LazyLock::new(|| Plan { hours: 5, logs: 1, ..Plan::of_twelve_hours() });

static WHOLE: LazyLock<Bucket> = LazyLock::new(|| {
    let mut bucket = Bucket::default();
    PLAN.fill(&KEY, &mut bucket).unwrap();
    bucket
});

fn options() -> Options {
    let (from, to) = (PLAN.start, PLAN.end());
    Options { from: Some(from), to: Some(to), ..Options::everything(to.plus(86_400)) }
}

/// What is done to one file.
#[derive(Clone, Debug)]
enum Change {
    Bits(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Cut(Index),
    Append(Vec<u8>),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Bits(at, mask) => {
                let at = at.index(bytes.len());
                bytes[at] ^= mask;
            }
            Self::Insert(at, byte) => bytes.insert(at.index(bytes.len() + 1), *byte),
            Self::Remove(at) => drop(bytes.remove(at.index(bytes.len()))),
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Append(more) => bytes.extend(more),
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => (any::<Index>(), 1_u8..).prop_map(|(at, mask)| Change::Bits(at, mask)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        2 => any::<Index>().prop_map(Change::Remove),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => proptest::collection::vec(any::<u8>(), 1..4).prop_map(Change::Append),
    ]
}

/// What a file says once it is decompressed, where it ends there.
fn content(bytes: &[u8]) -> Option<Vec<u8>> {
    match read(bytes, LARGEST) {
        Ok((content, cis_logs::digest::content::End::Clean)) => Some(content),
        _ => None,
    }
}

fn keys_of(bucket: &Bucket) -> Vec<String> {
    bucket.files.keys().cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_changed_file_is_found_unless_its_content_is_the_same(file: Index, change in change()) {
        let mut bucket = WHOLE.clone();
        let key = keys_of(&bucket)[file.index(bucket.files.len())].clone();
        let bytes = &mut bucket.files.get_mut(&key).unwrap().bytes;
        let before = content(bytes);
        change.apply(bytes);
        let is_same = content(bytes) == before;
        let found = verify(&Memory::of(&bucket, Where::S3), &keys(), &options());
        prop_assert_eq!(found.outcome == Outcome::Proved, is_same, "{}: {:?}", key, found);
    }

    /// The content changes, and the file is compressed rightly: no checksum of gzip's gives it away.
    #[test]
    fn changed_content_is_found_by_its_hash(file: Index, change in change()) {
        let mut bucket = WHOLE.clone();
        let key = keys_of(&bucket)[file.index(bucket.files.len())].clone();
        let bytes = &mut bucket.files.get_mut(&key).unwrap().bytes;
        let mut changed = content(bytes).unwrap();
        let before = changed.clone();
        change.apply(&mut changed);
        *bytes = gzip(&changed, 6).unwrap();
        let found = verify(&Memory::of(&bucket, Where::S3), &keys(), &options());
        prop_assert_eq!(found.outcome == Outcome::Proved, changed == before, "{}", key);
    }

    /// In a copy, only the newest digest could be changed without a trace, and it is not called proved.
    #[test]
    fn in_a_copy_only_the_newest_digest_is_open(file: Index, change in change()) {
        let mut bucket = WHOLE.clone();
        let newest = bucket.digests().pop().unwrap();
        let key = keys_of(&bucket)[file.index(bucket.files.len())].clone();
        let bytes = &mut bucket.files.get_mut(&key).unwrap().bytes;
        let mut changed = content(bytes).unwrap();
        let before = changed.clone();
        change.apply(&mut changed);
        *bytes = gzip(&changed, 6).unwrap();
        let options = Options { to: None, ..options() };
        let found = verify(&Memory::of(&bucket, Where::Copy), &keys(), &options);
        let last = found.chains.first().and_then(|chain| chain.proved.last());
        prop_assert!(last.is_none_or(|last| last.to <= PLAN.end().plus(-3600)));
        if key != newest {
            prop_assert_eq!(found.outcome == Outcome::Proved, changed == before, "{}", key);
        }
    }

    #[test]
    fn a_removed_or_added_or_exchanged_file_is_found(one: Index, other: Index, kind in 0..3) {
        let mut bucket = WHOLE.clone();
        let all = keys_of(&bucket);
        let (one, other) = (&all[one.index(all.len())], &all[other.index(all.len())]);
        match kind {
            0 => drop(bucket.files.remove(one)),
            1 => {
                let copy = bucket.files[one].clone();
                bucket.files.insert(one.replace(".json.gz", "x.json.gz"), copy);
            }
            _ => {
                let (a, b) = (bucket.files[one].clone(), bucket.files[other].clone());
                bucket.files.insert(one.clone(), b);
                bucket.files.insert(other.clone(), a);
            }
        }
        // A copy of a digest under a name that no digest has is no digest.
        let is_same = (kind == 2 && one == other) || (kind == 1 && one.contains("-Digest"));
        let found = verify(&Memory::of(&bucket, Where::S3), &keys(), &options());
        prop_assert_eq!(found.outcome == Outcome::Proved, is_same, "{} {} {}", kind, one, other);
    }

    #[test]
    fn what_is_found_does_not_depend_on_threads(file: Index, change in change()) {
        let mut bucket = WHOLE.clone();
        let key = keys_of(&bucket)[file.index(bucket.files.len())].clone();
        change.apply(&mut bucket.files.get_mut(&key).unwrap().bytes);
        let store = Memory::of(&bucket, Where::Copy);
        let of = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| verify(&store, &keys(), &options()))
        };
        prop_assert_eq!(of(1), of(3));
    }
}

/// Values that are nearly what a member of a digest may be.
fn nearly() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!("")),
        Just(json!(0)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null])),
        Just(json!("null")),
        Just(json!("2026-03-01T00:01:31Z")),
        Just(json!("9999-12-31T23:59:59-23:59")),
        Just(json!("0000-01-01T00:00:00+23:59")),
        Just(json!("2026-03-01T24:00:00Z")),
        Just(json!("SHA256withRSA")),
        Just(json!("SHA-256")),
        Just(json!("00".repeat(32))),
        Just(json!("0".repeat(63))),
        Just(json!("\u{e9}".repeat(32))),
        Just(
            json!([{"s3Bucket": "b", "s3Object": "", "hashValue": "", "hashAlgorithm": "SHA-256"}])
        ),
        "[A-Za-z0-9:/_.-]{0,40}".prop_map(Value::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Members of digests are exchanged, and the digest signed again: what is left open is said, and
    /// nothing panics.
    #[test]
    fn a_digest_with_odd_members_is_judged(
        hour: Index,
        changes in proptest::collection::vec((any::<Index>(), nearly()), 1..3),
        is_signed: bool,
        is_twice: bool,
    ) {
        let mut bucket = WHOLE.clone();
        let digests = bucket.digests();
        let key = &digests[hour.index(digests.len())];
        let file = bucket.files.get_mut(key).unwrap();
        let before = content(&file.bytes).unwrap();
        let mut members: Value = serde_json::from_slice(&before).unwrap();
        let all = members.as_object_mut().unwrap();
        let names: Vec<String> = all.keys().cloned().collect();
        for (member, value) in changes {
            all.insert(names[member.index(names.len())].clone(), value);
        }
        let mut text = members.to_string();
        if is_twice {
            text = text.replacen('{', "{\"digestS3Bucket\":\"trail-logs\",", 1);
        }
        let is_same = text.as_bytes() == before;
        file.bytes = gzip(text.as_bytes(), 6).unwrap();
        if is_signed && let Ok(digest) = Digest::parse(text.as_bytes()) {
            file.signature = Some(KEY.sign(&digest.string_to_sign()).unwrap());
        }
        for place in [Where::S3, Where::Copy] {
            let found = verify(&Memory::of(&bucket, place), &keys(), &options());
            if place == Where::S3 && !is_signed {
                prop_assert_eq!(found.outcome == Outcome::Proved, is_same, "{}", text);
            }
        }
    }

    #[test]
    fn no_bytes_make_reading_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _digest = Digest::parse(&bytes);
        let _keys = PublicKeys::default().add_json(&bytes);
        let _key = PublicKeys::default().add_der(&bytes, None);
        let _time = Time::with_offset(&String::from_utf8_lossy(&bytes));
        let mut bucket = WHOLE.clone();
        let key = bucket.digests()[2].clone();
        bucket.files.get_mut(&key).unwrap().bytes = bytes;
        let found = verify(&Memory::of(&bucket, Where::S3), &keys(), &options());
        prop_assert_eq!(found.outcome, Outcome::Broken);
    }

    /// Names that are nearly those of digests and log files, in folders that are nearly CloudTrail's.
    #[test]
    fn no_name_makes_it_fail(
        names in proptest::collection::vec(
            "(AWSLogs/|o-a/|1/|//|CloudTrail-Digest/)*(1|_|111122223333)?(_CloudTrail(-Digest)?_|_)\
             (us-east-1|_|)(_|\u{e9})?(main_|_)?(us-east-1_)?(20260301T0[0-3]0131Z|Z|_T|2026)?\
             (_backfill|_AbC)?(\\.json)?(\\.gz)?(\\.sig)?",
            1..8,
        ),
        content in proptest::option::of(Just(b"{}".to_vec())),
    ) {
        let mut bucket = Bucket { files: BTreeMap::new() };
        for name in names {
            let object = cis_logs::digest::name::Object { bucket: "b".into(), key: name.clone() };
            let bytes = content.clone().unwrap_or_default();
            bucket.files.insert(name, Delivered { object, bytes, signature: None, made: None });
        }
        let everything = Options::everything(PLAN.end());
        for place in [Where::S3, Where::Copy] {
            for options in [everything.clone(), options()] {
                let found = verify(&Memory::of(&bucket, place), &keys(), &options);
                prop_assert_ne!(found.outcome, Outcome::Proved);
            }
        }
    }
}
