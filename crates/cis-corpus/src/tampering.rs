//! Kinds of tampering with a trail's bucket, each by name.

use std::io::Read as _;

use cis_logs::Time;
use cis_logs::digest::HOUR;
use cis_logs::digest::content::hash_of;
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

use crate::bucket::{Bucket, Plan, records};
use crate::digests::{Chain, Delivered, Log, MakingError, SigningKey, gzip, log};

/// A kind of tampering.
#[derive(Clone, Copy, Debug)]
pub struct Tampering {
    /// Its name.
    pub name: &'static str,
    /// What is done, in words.
    pub what: &'static str,
    /// Does it.
    apply: fn(&mut Scene<'_>) -> Result<(), MakingError>,
}

/// Where tampering takes place: twelve hours of a trail.
#[derive(Debug)]
pub struct Scene<'k> {
    /// The bucket.
    pub bucket: Bucket,
    /// The chain in it.
    pub plan: Plan,
    /// The key that CloudTrail signs with.
    pub key: &'k SigningKey,
    /// A key that someone else has.
    pub other: &'k SigningKey,
    digests: Vec<String>,
    logs: Vec<String>,
}

impl<'k> Scene<'k> {
    /// The scene before anything is done.
    ///
    /// # Errors
    /// Where the chain cannot be made.
    pub fn whole(key: &'k SigningKey, other: &'k SigningKey) -> Result<Self, MakingError> {
        Self::of(Plan::of_twelve_hours(), key, other)
    }

    fn of(plan: Plan, key: &'k SigningKey, other: &'k SigningKey) -> Result<Self, MakingError> {
        let mut bucket = Bucket::default();
        plan.fill(key, &mut bucket)?;
        let (digests, logs) = (bucket.digests(), bucket.logs());
        Ok(Self { bucket, plan, key, other, digests, logs })
    }

    /// The scene once this was done.
    ///
    /// # Errors
    /// Where it cannot be done.
    pub fn after(
        tampering: &Tampering,
        key: &'k SigningKey,
        other: &'k SigningKey,
    ) -> Result<Self, MakingError> {
        let mut scene = Self::whole(key, other)?;
        (tampering.apply)(&mut scene)?;
        Ok(scene)
    }

    fn digest(&self, hour: usize) -> String {
        self.digests.get(hour).cloned().unwrap_or_default()
    }

    fn log(&self, number: usize) -> String {
        self.logs.get(number).cloned().unwrap_or_default()
    }

    fn change_bytes(&mut self, key: &str, change: impl FnOnce(&mut Vec<u8>)) {
        if let Some(file) = self.bucket.files.get_mut(key) {
            change(&mut file.bytes);
        }
    }

    fn change_content(
        &mut self,
        key: &str,
        change: impl FnOnce(String) -> String,
    ) -> Result<(), MakingError> {
        let content = change(self.content(key)?);
        let bytes = gzip(content.as_bytes(), 6)?;
        self.change_bytes(key, |old| *old = bytes);
        Ok(())
    }

    fn content(&self, key: &str) -> Result<String, MakingError> {
        let bytes = self.bucket.files.get(key).map(|file| file.bytes.as_slice());
        let mut content = String::new();
        MultiGzDecoder::new(bytes.unwrap_or_default()).read_to_string(&mut content)?;
        Ok(content)
    }

    fn change_digest(
        &mut self,
        hour: usize,
        change: impl FnOnce(&mut Value),
    ) -> Result<(), MakingError> {
        let key = self.digest(hour);
        self.change_content(&key, |content| {
            let mut digest: Value = serde_json::from_str(&content).unwrap_or_default();
            change(&mut digest);
            digest.to_string()
        })
    }

    fn remove(&mut self, key: &str) {
        self.bucket.files.remove(key);
    }

    /// Removes digests and the log files that they name.
    fn remove_hours(&mut self, hours: impl Iterator<Item = usize>) -> Result<(), MakingError> {
        for hour in hours {
            let key = self.digest(hour);
            let digest: Value = serde_json::from_str(&self.content(&key)?).unwrap_or_default();
            for log in digest["logFiles"].as_array().into_iter().flatten() {
                self.remove(log["s3Object"].as_str().unwrap_or_default());
            }
            self.remove(&key);
        }
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) {
        if let Some(file) = self.bucket.files.remove(from) {
            self.bucket.files.insert(to.to_string(), file);
        }
    }

    fn hour(&self, hour: i64) -> Time {
        self.plan.start.plus(hour * HOUR)
    }

    /// A log file that CloudTrail did not deliver, put into the bucket.
    fn forge_log(&mut self, hour: i64) -> Result<Log, MakingError> {
        let delivered = self.hour(hour).plus(1200);
        let content = records(&self.plan.trail, delivered, 666);
        let events = (delivered, delivered);
        let (file, log) =
            log(&self.plan.trail, delivered, "ForgedForged0000", content.as_bytes(), events)?;
        self.bucket.put(file);
        Ok(log)
    }
}

/// The kinds of tampering.
pub const ALL: &[Tampering] = &[
    Tampering {
        name: "log-changed",
        what: "an event in a log file is changed",
        apply: |it| {
            let key = it.log(3);
            it.change_content(&key, |content| content.replace("alice", "mallo"))
        },
    },
    Tampering {
        name: "log-deleted",
        what: "a log file is deleted",
        apply: |it| {
            let key = it.log(3);
            it.remove(&key);
            Ok(())
        },
    },
    Tampering {
        name: "log-emptied",
        what: "a log file is made empty",
        apply: |it| {
            let key = it.log(3);
            it.change_bytes(&key, Vec::clear);
            Ok(())
        },
    },
    Tampering {
        name: "log-cut",
        what: "the end of a log file is cut off",
        apply: |it| {
            let key = it.log(3);
            it.change_bytes(&key, |bytes| bytes.truncate(bytes.len() - 20));
            Ok(())
        },
    },
    Tampering {
        name: "log-checksum",
        what: "the checksum at the end of a log file is changed",
        apply: |it| {
            let key = it.log(3);
            it.change_bytes(&key, |bytes| {
                if let Some(byte) = bytes.iter_mut().rev().nth(6) {
                    *byte ^= 1;
                }
            });
            Ok(())
        },
    },
    Tampering {
        name: "log-appended",
        what: "a second gzip member is put behind a log file",
        apply: |it| {
            let key = it.log(3);
            let more = gzip(b"{\"Records\":[]}", 6)?;
            it.change_bytes(&key, |bytes| bytes.extend(more));
            Ok(())
        },
    },
    Tampering {
        name: "log-exchanged",
        what: "a log file gets the content of another one",
        apply: |it| {
            let bytes = it.bucket.files.get(&it.log(4)).map(|file| file.bytes.clone());
            let key = it.log(3);
            it.change_bytes(&key, |old| *old = bytes.unwrap_or_default());
            Ok(())
        },
    },
    Tampering {
        name: "log-added",
        what: "a log file is added that no digest names",
        apply: |it| it.forge_log(4).map(drop),
    },
    Tampering {
        name: "log-moved",
        what: "a log file is moved to another day's folder",
        apply: |it| {
            let key = it.log(3);
            it.rename(&key, &key.replace("/03/01/", "/03/02/"));
            Ok(())
        },
    },
    Tampering {
        name: "log-renamed",
        what: "a log file gets another name",
        apply: |it| {
            let key = it.log(3);
            it.rename(&key, &key.replace(".json.gz", "X.json.gz"));
            Ok(())
        },
    },
    Tampering {
        name: "log-compressed-again",
        what: "a log file is compressed again, its content is the same",
        apply: |it| {
            let key = it.log(3);
            let bytes = gzip(it.content(&key)?.as_bytes(), 1)?;
            it.change_bytes(&key, |old| *old = bytes);
            Ok(())
        },
    },
    Tampering {
        name: "log-decompressed",
        what: "a log file is stored without compression, its content is the same",
        apply: |it| {
            let key = it.log(3);
            let content = it.content(&key)?;
            it.change_bytes(&key, |old| *old = content.into_bytes());
            Ok(())
        },
    },
    Tampering {
        name: "digest-changed",
        what: "a log file is deleted, and its entry in the digest",
        apply: |it| {
            let key = it.log(6);
            it.remove(&key);
            it.change_digest(4, |digest| {
                if let Some(logs) = digest["logFiles"].as_array_mut() {
                    logs.retain(|log| log["s3Object"] != key.as_str());
                }
            })
        },
    },
    Tampering {
        name: "digest-hash-changed",
        what: "a log file is changed, and its hash in the digest",
        apply: |it| {
            let key = it.log(6);
            it.change_content(&key, |content| content.replace("alice", "mallo"))?;
            let hash = hex::encode(hash_of(it.content(&key)?.as_bytes()));
            it.change_digest(4, |digest| digest["logFiles"][0]["hashValue"] = json!(hash))
        },
    },
    Tampering {
        name: "digest-time-changed",
        what: "a digest's end is set ten minutes earlier",
        apply: |it| {
            let end = it.hour(5).plus(-600);
            it.change_digest(4, |digest| digest["digestEndTime"] = json!(end))
        },
    },
    Tampering {
        name: "digest-deleted",
        what: "a digest is deleted",
        apply: |it| {
            let key = it.digest(5);
            it.remove(&key);
            Ok(())
        },
    },
    Tampering {
        name: "three-digests-deleted",
        what: "three digests in a row are deleted",
        apply: |it| {
            for hour in [4, 5, 6] {
                let key = it.digest(hour);
                it.remove(&key);
            }
            Ok(())
        },
    },
    Tampering {
        name: "hour-deleted",
        what: "a digest and the log files that it names are deleted",
        apply: |it| it.remove_hours([5].into_iter()),
    },
    Tampering {
        name: "newest-deleted",
        what: "the newest four digests and their log files are deleted",
        apply: |it| it.remove_hours(8..12),
    },
    Tampering {
        name: "oldest-deleted",
        what: "the oldest three digests and their log files are deleted",
        apply: |it| it.remove_hours(0..3),
    },
    Tampering {
        name: "digests-deleted",
        what: "all digests are deleted, the log files stay",
        apply: |it| {
            for hour in 0..12 {
                let key = it.digest(hour);
                it.remove(&key);
            }
            Ok(())
        },
    },
    Tampering {
        name: "everything-deleted",
        what: "all digests and log files are deleted",
        apply: |it| {
            it.bucket.files.clear();
            Ok(())
        },
    },
    Tampering {
        name: "digest-moved",
        what: "a digest is moved to another day's folder",
        apply: |it| {
            let key = it.digest(5);
            it.rename(&key, &key.replace("/03/01/", "/03/02/"));
            Ok(())
        },
    },
    Tampering {
        name: "digests-exchanged",
        what: "two digests exchange their places",
        apply: |it| {
            let (one, other) = (it.digest(4), it.digest(5));
            let (a, b) = (it.bucket.files.remove(&one), it.bucket.files.remove(&other));
            it.bucket.files.extend(b.map(|file| (one, file)));
            it.bucket.files.extend(a.map(|file| (other, file)));
            Ok(())
        },
    },
    Tampering {
        name: "digest-cut",
        what: "the end of a digest is cut off",
        apply: |it| {
            let key = it.digest(5);
            it.change_bytes(&key, |bytes| bytes.truncate(bytes.len() - 20));
            Ok(())
        },
    },
    Tampering {
        name: "digest-no-json",
        what: "a digest is no JSON",
        apply: |it| {
            let key = it.digest(5);
            it.change_content(&key, |content| content.replacen('{', "", 1))
        },
    },
    Tampering {
        name: "digest-appended",
        what: "a second gzip member is put behind a digest",
        apply: |it| {
            let key = it.digest(5);
            let more = gzip(b"{}", 6)?;
            it.change_bytes(&key, |bytes| bytes.extend(more));
            Ok(())
        },
    },
    Tampering {
        name: "digest-added",
        what: "a log file is added with a digest for it, which names its predecessor rightly",
        apply: |it| {
            let log = it.forge_log(6)?;
            let (start, end) = (it.hour(6), it.hour(6).plus(1800));
            let before = it.digest(5);
            let mut chain = Chain::new(it.plan.trail.clone(), it.other);
            let mut forged = chain.digest(start, end, &[log])?;
            forged.signature = None;
            it.bucket.put(forged);
            let hash = hex::encode(hash_of(it.content(&before)?.as_bytes()));
            let signature = it.bucket.files.get(&before).and_then(|file| file.signature.clone());
            let (trail, fingerprint) = (it.plan.trail.clone(), it.key.fingerprint());
            let key = trail.digest_key(end, false);
            it.change_content(&key, |content| {
                let mut digest: Value = serde_json::from_str(&content).unwrap_or_default();
                digest["digestPublicKeyFingerprint"] = json!(fingerprint);
                digest["previousDigestS3Bucket"] = json!(trail.bucket);
                digest["previousDigestS3Object"] = json!(before);
                digest["previousDigestHashValue"] = json!(hash);
                digest["previousDigestHashAlgorithm"] = json!("SHA-256");
                digest["previousDigestSignature"] = json!(signature);
                digest.to_string()
            })
        },
    },
    Tampering {
        name: "newest-forged",
        what: "the newest digest is signed by someone else in CloudTrail's name",
        apply: |it| forge_newest(it, true),
    },
    Tampering {
        name: "newest-of-another-key",
        what: "the newest digest is signed by someone else in their own name",
        apply: |it| forge_newest(it, false),
    },
    Tampering {
        name: "signature-changed",
        what: "the newest digest's signature in its metadata is changed",
        apply: |it| {
            let key = it.digest(11);
            if let Some(file) = it.bucket.files.get_mut(&key) {
                file.signature = Some("00".repeat(256));
            }
            Ok(())
        },
    },
    Tampering {
        name: "old-signature-changed",
        what: "an older digest's signature in its metadata is changed",
        apply: |it| {
            let key = it.digest(5);
            if let Some(file) = it.bucket.files.get_mut(&key) {
                file.signature = Some("00".repeat(256));
            }
            Ok(())
        },
    },
    Tampering {
        name: "previous-hash",
        what: "a digest that is signed rightly names another hash of the one before",
        apply: |it| {
            let key = it.digest(11);
            it.change_digest(11, |digest| {
                digest["previousDigestHashValue"] = json!("00".repeat(32));
            })?;
            let content = it.content(&key)?;
            let digest = cis_logs::digest::file::Digest::parse(content.as_bytes());
            let text = digest.map(|digest| digest.string_to_sign()).unwrap_or_default();
            let signature = it.key.sign(&text)?;
            if let Some(file) = it.bucket.files.get_mut(&key) {
                file.signature = Some(signature);
            }
            Ok(())
        },
    },
    Tampering {
        name: "stopped",
        what: "the trail is stopped for three hours and started again",
        apply: |it| stop(it),
    },
    Tampering {
        name: "stopped-and-deleted",
        what: "the trail is stopped and started again, and the last hour before is deleted",
        apply: |it| {
            stop(it)?;
            it.remove_hours([3].into_iter())
        },
    },
    Tampering {
        name: "backfill-log-changed",
        what: "a log file that a backfill digest names is changed",
        apply: |it| {
            let delivered = it.hour(2).plus(1900);
            let content = records(&it.plan.trail, delivered, 900);
            let events = (delivered, delivered);
            let unique = "BackfillBackfill";
            let (file, log) = log(&it.plan.trail, delivered, unique, content.as_bytes(), events)?;
            let key = file.object.key.clone();
            it.bucket.put(file);
            let mut chain = Chain::new(it.plan.trail.clone(), it.key);
            let (start, end, made) = (it.hour(2), it.hour(3), it.hour(8));
            it.bucket.put(chain.backfill(start, end, &[log], made)?);
            it.change_content(&key, |content| content.replace("alice", "mallo"))
        },
    },
];

fn stop(it: &mut Scene<'_>) -> Result<(), MakingError> {
    let plan = Plan { stopped: Some((4, 7)), ..it.plan.clone() };
    *it = Scene::of(plan, it.key, it.other)?;
    Ok(())
}

/// Replaces the newest digest by one that names a log file that was added.
fn forge_newest(it: &mut Scene<'_>, in_its_name: bool) -> Result<(), MakingError> {
    let log = it.forge_log(11)?;
    let key = it.digest(11);
    let fingerprint = if in_its_name { it.key.fingerprint() } else { it.other.fingerprint() };
    let named = json!({
        "s3Bucket": it.plan.trail.bucket,
        "s3Object": log.key,
        "hashValue": hex::encode(log.hash),
        "hashAlgorithm": "SHA-256",
        "newestEventTime": log.events.1,
        "oldestEventTime": log.events.0,
    });
    it.change_digest(11, |digest| {
        digest["digestPublicKeyFingerprint"] = json!(fingerprint);
        digest["logFiles"] = json!([named]);
    })?;
    let content = it.content(&key)?;
    let digest = cis_logs::digest::file::Digest::parse(content.as_bytes());
    let text = digest.map(|digest| digest.string_to_sign()).unwrap_or_default();
    let signature = it.other.sign(&text)?;
    if let Some(Delivered { signature: kept, .. }) = it.bucket.files.get_mut(&key) {
        *kept = Some(signature);
    }
    Ok(())
}
