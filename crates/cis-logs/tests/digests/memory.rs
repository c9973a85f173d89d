//! A store in memory, and the keys that everything here is signed with.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::LazyLock;

use cis_corpus::bucket::Bucket;
use cis_corpus::digests::{Encoding, SigningKey};
use cis_logs::digest::keys::PublicKeys;
use cis_logs::digest::name::Object;
use cis_logs::digest::store::{Store, StoredFile};

/// CloudTrail's key.
pub(crate) static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::from_seed(1, Encoding::Pkcs1).unwrap());

/// Someone else's key.
pub(crate) static OTHER: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::from_seed(2, Encoding::SubjectPublicKeyInfo).unwrap());

/// The public key that goes with [`KEY`].
pub(crate) fn keys() -> PublicKeys {
    let mut keys = PublicKeys::default();
    keys.add_der(KEY.public_der(), Some(KEY.fingerprint())).unwrap();
    keys
}

/// Where the files of a bucket are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// In S3, with their metadata.
    S3,
    /// In a copy, without metadata.
    Copy,
    /// In a copy, with the signatures beside the digests.
    CopyWithMetadata,
}

/// Files in memory.
pub(crate) struct Memory {
    files: Vec<StoredFile>,
    bytes: BTreeMap<String, Vec<u8>>,
    signatures: BTreeMap<String, String>,
}

impl Memory {
    pub(crate) fn of(bucket: &Bucket, place: Where) -> Self {
        let mut memory =
            Self { files: Vec::new(), bytes: BTreeMap::new(), signatures: BTreeMap::new() };
        for (key, file) in &bucket.files {
            let stored = match place {
                Where::S3 => StoredFile::Object(Object {
                    bucket: file.object.bucket.clone(),
                    key: key.clone(),
                }),
                Where::Copy | Where::CopyWithMetadata => {
                    StoredFile::Copy(format!("/copy/{key}").into())
                }
            };
            memory.bytes.insert(stored.place(), file.bytes.clone());
            if let Some(signature) = file.signature.as_ref().filter(|_| place != Where::Copy) {
                memory.signatures.insert(stored.place(), signature.clone());
            }
            memory.files.push(stored);
        }
        memory
    }
}

impl Store for Memory {
    fn files(&self) -> &[StoredFile] {
        &self.files
    }

    fn open(&self, file: &StoredFile) -> io::Result<Box<dyn Read + '_>> {
        let bytes = self.bytes.get(&file.place()).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(bytes.as_slice()))
    }

    fn signature(&self, file: &StoredFile) -> io::Result<Option<String>> {
        Ok(self.signatures.get(&file.place()).cloned())
    }
}
