//! Chains of digests, signed as CloudTrail signs them, by a key that is made here.
//!
//! Sources: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html>

use std::io::{self, Write as _};

use base64::Engine as _;
use cis_logs::Time;
use cis_logs::digest::content::{Hash, hash_of};
use cis_logs::digest::name::Object;
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest as _, Md5};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::PrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::EncodePublicKey as _;
use serde_json::{Value, json};

/// Why a chain cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MakingError {
    /// The key cannot be made.
    #[error("no key can be made: {0}")]
    Key(String),
    /// A digest cannot be signed.
    #[error("a digest cannot be signed")]
    Signature,
    /// A file cannot be compressed.
    #[error("a file cannot be compressed: {0}")]
    Compression(#[from] io::Error),
}

/// How a public key is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As AWS documents it.
    Pkcs1,
    /// As one of the keys in AWS's own sample is.
    SubjectPublicKeyInfo,
}

/// A key that signs digests.
#[derive(Debug)]
pub struct SigningKey {
    pair: RsaKeyPair,
    public: Vec<u8>,
}

impl SigningKey {
    /// The key of a seed, with 2048 bits.
    ///
    /// # Errors
    /// Where no key can be made.
    pub fn from_seed(seed: u64, encoding: Encoding) -> Result<Self, MakingError> {
        let failed = |error: &dyn std::fmt::Display| MakingError::Key(error.to_string());
        let mut chance = ChaCha20Rng::seed_from_u64(seed);
        let key = PrivateKey::new(&mut chance, 2048).map_err(|error| failed(&error))?;
        let der = key.to_pkcs1_der().map_err(|error| failed(&error))?;
        let pair = RsaKeyPair::from_der(der.as_bytes()).map_err(|error| failed(&error))?;
        let public = match encoding {
            Encoding::Pkcs1 => pair.public().as_ref().to_vec(),
            Encoding::SubjectPublicKeyInfo => {
                let info = key.to_public_key().to_public_key_der();
                info.map_err(|error| failed(&error))?.into_vec()
            }
        };
        Ok(Self { pair, public })
    }

    /// The public key in DER.
    #[must_use]
    pub fn public_der(&self) -> &[u8] {
        &self.public
    }

    /// The public key's fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(Md5::digest(&self.public))
    }

    /// The signature of a text, in hexadecimal digits.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn sign(&self, text: &str) -> Result<String, MakingError> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let chance = ring::rand::SystemRandom::new();
        self.pair
            .sign(&RSA_PKCS1_SHA256, &chance, text.as_bytes(), &mut signature)
            .map_err(|_error| MakingError::Signature)?;
        Ok(hex::encode(signature))
    }

    /// The key as ListPublicKeys gives it.
    #[must_use]
    pub fn listed(&self, from: Time, to: Time) -> Value {
        json!({
            "Value": base64::engine::general_purpose::STANDARD.encode(&self.public),
            "ValidityStartTime": from.seconds(),
            "ValidityEndTime": to.seconds(),
            "Fingerprint": self.fingerprint(),
        })
    }
}

/// What ListPublicKeys answers, where these are the keys.
#[must_use]
pub fn list_of_keys(keys: &[Value]) -> Value {
    json!({ "PublicKeyList": keys })
}

/// A trail, as far as the places of its files show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// The bucket.
    pub bucket: String,
    /// The prefix of the keys; empty for none.
    pub prefix: String,
    /// The organization, where it is an organization's trail.
    pub organization: Option<String>,
    /// The account whose activity is recorded.
    pub account_id: String,
    /// The Region whose activity is recorded.
    pub region: String,
    /// The trail's name.
    pub name: String,
    /// The trail's home Region.
    pub home_region: String,
}

impl Trail {
    /// A trail of one account in its home Region.
    #[must_use]
    pub fn new(account_id: &str, region: &str, name: &str) -> Self {
        Self {
            bucket: "trail-logs".to_string(),
            prefix: String::new(),
            organization: None,
            account_id: account_id.to_string(),
            region: region.to_string(),
            name: name.to_string(),
            home_region: region.to_string(),
        }
    }

    fn folder(&self, kind: &str, time: Time) -> String {
        let Self { prefix, account_id, region, .. } = self;
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let organization = self.organization.as_ref().map(|id| format!("{id}/"));
        let organization = organization.unwrap_or_default();
        let text = time.to_string();
        let day = text.get(..10).unwrap_or_default().replace('-', "/");
        format!("{prefix}AWSLogs/{organization}{account_id}/{kind}/{region}/{day}")
    }

    /// The key of a log file that is delivered at this time.
    #[must_use]
    pub fn log_key(&self, delivered: Time, unique: &str) -> String {
        let Self { account_id, region, .. } = self;
        let minute = in_name(delivered).get(..13).unwrap_or_default().to_string();
        let folder = self.folder("CloudTrail", delivered);
        format!("{folder}/{account_id}_CloudTrail_{region}_{minute}Z_{unique}.json.gz")
    }

    /// The key of the digest that ends at this time.
    #[must_use]
    pub fn digest_key(&self, end: Time, is_backfill: bool) -> String {
        let Self { account_id, region, name, home_region, .. } = self;
        let folder = self.folder("CloudTrail-Digest", end);
        let backfill = if is_backfill { "_backfill" } else { "" };
        let time = in_name(end);
        format!(
            "{folder}/{account_id}_CloudTrail-Digest_{region}_{name}_{home_region}_{time}{backfill}\
             .json.gz"
        )
    }
}

/// A time as names of digests have it.
fn in_name(time: Time) -> String {
    time.to_string().replace(['-', ':'], "")
}

/// A file as it lies in a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Where it lies.
    pub object: Object,
    /// Its bytes, compressed.
    pub bytes: Vec<u8>,
    /// The signature in its metadata, where it is a digest.
    pub signature: Option<String>,
    /// When a backfill digest was made: more of its metadata.
    pub made: Option<Time>,
}

/// A log file, as far as a digest needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Its key.
    pub key: String,
    /// The SHA-256 of its uncompressed content.
    pub hash: Hash,
    /// The times of its oldest and its newest event.
    pub events: (Time, Time),
}

/// Makes a chain of digests, one after the other.
#[derive(Debug)]
pub struct Chain<'k> {
    trail: Trail,
    key: &'k SigningKey,
    previous: Option<Link>,
}

/// What a digest says of the one before.
#[derive(Clone, Debug)]
struct Link {
    object: Object,
    hash: Hash,
    signature: String,
}

impl<'k> Chain<'k> {
    /// The first digest is still to be made.
    #[must_use]
    pub const fn new(trail: Trail, key: &'k SigningKey) -> Self {
        Self { trail, key, previous: None }
    }

    /// The next digest does not name the one before: the trail was stopped and started.
    pub fn restart(&mut self) {
        self.previous = None;
    }

    /// From now on another key signs.
    pub const fn rotate(&mut self, key: &'k SigningKey) {
        self.key = key;
    }

    /// The digest of a time, which names these log files.
    ///
    /// # Errors
    /// Where it cannot be signed or compressed.
    pub fn digest(
        &mut self,
        start: Time,
        end: Time,
        logs: &[Log],
    ) -> Result<Delivered, MakingError> {
        self.make(start, end, logs, None)
    }

    /// The backfill digest of a time, which was made later; a chain of its own.
    ///
    /// # Errors
    /// Where it cannot be signed or compressed.
    pub fn backfill(
        &mut self,
        start: Time,
        end: Time,
        logs: &[Log],
        made: Time,
    ) -> Result<Delivered, MakingError> {
        self.make(start, end, logs, Some(made))
    }

    fn make(
        &mut self,
        start: Time,
        end: Time,
        logs: &[Log],
        made: Option<Time>,
    ) -> Result<Delivered, MakingError> {
        let Trail { bucket, account_id, .. } = &self.trail;
        let object =
            Object { bucket: bucket.clone(), key: self.trail.digest_key(end, made.is_some()) };
        let previous = self.previous.as_ref();
        let oldest = logs.iter().map(|log| log.events.0).min();
        let newest = logs.iter().map(|log| log.events.1).max();
        let content = json!({
            "awsAccountId": account_id,
            "digestStartTime": start,
            "digestEndTime": end,
            "digestS3Bucket": object.bucket,
            "digestS3Object": object.key,
            "digestPublicKeyFingerprint": self.key.fingerprint(),
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": newest,
            "oldestEventTime": oldest,
            "previousDigestS3Bucket": previous.map(|link| &link.object.bucket),
            "previousDigestS3Object": previous.map(|link| &link.object.key),
            "previousDigestHashValue": previous.map(|link| hex::encode(link.hash)),
            "previousDigestHashAlgorithm": previous.map(|_| "SHA-256"),
            "previousDigestSignature": previous.map(|link| &link.signature),
            "logFiles": logs.iter().map(|log| json!({
                "s3Bucket": object.bucket,
                "s3Object": log.key,
                "hashValue": hex::encode(log.hash),
                "hashAlgorithm": "SHA-256",
                "newestEventTime": log.events.1,
                "oldestEventTime": log.events.0,
            })).collect::<Vec<_>>(),
        })
        .to_string();
        let hash = hash_of(content.as_bytes());
        let before = previous.map_or("null", |link| link.signature.as_str());
        let text =
            format!("{end}\n{}/{}\n{}\n{before}", object.bucket, object.key, hex::encode(hash));
        let signature = self.key.sign(&text)?;
        let link = Link { object: object.clone(), hash, signature: signature.clone() };
        self.previous = Some(link);
        let bytes = gzip(content.as_bytes(), 6)?;
        Ok(Delivered { object, bytes, signature: Some(signature), made })
    }
}

/// A file in one gzip member.
///
/// # Errors
/// Where it cannot be compressed.
pub fn gzip(content: &[u8], level: u32) -> Result<Vec<u8>, MakingError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// A log file with this content, and what a digest says of it.
///
/// # Errors
/// Where it cannot be compressed.
pub fn log(
    trail: &Trail,
    delivered: Time,
    unique: &str,
    content: &[u8],
    events: (Time, Time),
) -> Result<(Delivered, Log), MakingError> {
    let key = trail.log_key(delivered, unique);
    let object = Object { bucket: trail.bucket.clone(), key: key.clone() };
    let bytes = gzip(content, 6)?;
    let file = Delivered { object, bytes, signature: None, made: None };
    Ok((file, Log { key, hash: hash_of(content), events }))
}
