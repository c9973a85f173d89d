//! The verification of log files: whatever lies in a bucket, it ends, and proves nothing that was not
//! signed.

use std::collections::BTreeMap;
use std::io::{self, Read};

use cis_logs::Time;
use cis_logs::digest::keys::PublicKeys;
use cis_logs::digest::name::{LogName, Object};
use cis_logs::digest::report::{Outcome, Verification};
use cis_logs::digest::store::{SIGNATURE, Store, StoredFile};
use cis_logs::digest::{Options, verify};

use crate::files::files;

/// The name of the file with the public keys in an input.
const KEYS: &str = "keys.json";

/// 2 March 2026: a day after the digests of the seeds.
const NOW: Time = Time::from_seconds(1_772_409_600);

/// A bucket in memory, whose digests have their signatures beside them.
struct Bucket {
    all: Vec<StoredFile>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Bucket {
    fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        let object =
            |key: &String| StoredFile::Object(Object { bucket: "b".to_string(), key: key.clone() });
        Self { all: files.keys().map(object).collect(), files }
    }

    fn content(&self, file: &StoredFile, end: &str) -> Option<&[u8]> {
        let StoredFile::Object(object) = file else { return None };
        self.files.get(&format!("{}{end}", object.key)).map(Vec::as_slice)
    }
}

impl Store for Bucket {
    fn files(&self) -> &[StoredFile] {
        &self.all
    }

    fn open(&self, file: &StoredFile) -> io::Result<Box<dyn Read + '_>> {
        match self.content(file, "") {
            Some(content) => Ok(Box::new(content)),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn signature(&self, file: &StoredFile) -> io::Result<Option<String>> {
        let kept = self.content(file, SIGNATURE);
        Ok(kept.map(|text| String::from_utf8_lossy(text).trim().to_string()))
    }
}

fn valid(found: &Verification) -> u64 {
    found.chains.iter().map(|chain| chain.log_files.valid).sum()
}

fn has_proof(found: &Verification) -> bool {
    found.outcome == Outcome::Proved
        || valid(found) > 0
        || found.chains.iter().any(|chain| !chain.proved.is_empty())
}

pub(crate) fn digests(data: &[u8]) {
    let mut all = files(&String::from_utf8_lossy(data), KEYS);
    let mut keys = PublicKeys::default();
    let has_keys = all.remove(KEYS).is_some_and(|text| keys.add_json(&text).is_ok());
    let bucket = Bucket::of(all);
    let mut options = Options::everything(NOW);
    let found = verify(&bucket, &keys, &options);
    assert!(has_keys || !has_proof(&found), "without keys nothing is proved: {found:?}");
    assert!(valid(&found) <= bucket.all.len() as u64 * found.chains.len() as u64);

    let unsigned = verify(&bucket, &PublicKeys::default(), &options);
    assert!(!has_proof(&unsigned), "without keys nothing is proved: {unsigned:?}");

    // Where everything is proved, a change of the log files is found.
    if found.outcome == Outcome::Proved && valid(&found) > 0 {
        let mut changed = bucket.files.clone();
        for (key, content) in &mut changed {
            let name = key.rsplit('/').next().unwrap_or_default();
            if LogName::parse(name).is_some() {
                content.push(b' ');
            }
        }
        let altered = verify(&Bucket::of(changed), &keys, &options);
        assert_eq!(altered.outcome, Outcome::Broken, "changed log files pass: {altered:?}");
        assert_eq!(valid(&altered), 0, "changed log files are valid: {altered:?}");
    }

    // A key that is unknown although all are known is a fault: this may only make it worse.
    options.are_keys_complete = true;
    let strict = verify(&bucket, &keys, &options);
    assert!(strict.outcome != Outcome::Proved || found.outcome == Outcome::Proved);
    assert_eq!(valid(&strict), valid(&found));
}
