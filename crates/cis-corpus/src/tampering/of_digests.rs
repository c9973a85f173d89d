//! Tampering with single digests.

use cis_logs::digest::content::hash_of;
use serde_json::{Value, json};

use super::{Scene, Tampering};
use crate::bucket::records;
use crate::digests::{Chain, Delivered, MakingError, gzip, log};

/// The kinds.
pub(super) const ALL: &[Tampering] = &[
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
