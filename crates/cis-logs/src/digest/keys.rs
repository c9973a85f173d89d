//! CloudTrail's public keys, and whether they verify a signature.

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use pkcs1::RsaPublicKey;
use pkcs1::der::Decode as _;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde::Deserialize;
use spki::SubjectPublicKeyInfoRef;

/// The object identifier of RSA keys: <https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1>
const RSA: spki::ObjectIdentifier = spki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Public keys by fingerprint.
#[derive(Clone, Debug, Default)]
pub struct PublicKeys {
    keys: BTreeMap<String, Key>,
}

#[derive(Clone, Debug)]
struct Key {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// Why keys cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The text is not what ListPublicKeys answers.
    #[error("it is no answer of `aws cloudtrail list-public-keys`: {0}")]
    Malformed(String),
    /// A key is none.
    #[error(
        "key {number} (fingerprint `{fingerprint}`) is no RSA public key in DER, as PKCS #1 or as \
         SubjectPublicKeyInfo, with 2048 bits or more"
    )]
    Key {
        /// Which one, counted from 1.
        number: usize,
        /// The fingerprint that was given with it.
        fingerprint: String,
    },
    /// A key is not the one that its fingerprint is of.
    #[error(
        "key {number} has the fingerprint `{actual}`, not `{given}` as is said of it: the key was \
         changed, list the keys again"
    )]
    Fingerprint {
        /// Which one, counted from 1.
        number: usize,
        /// The fingerprint that was given with it.
        given: String,
        /// Its fingerprint.
        actual: String,
    },
}

/// The answer of ListPublicKeys.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Whole {
        // AWS's sample of an answer has it in lower case.
        #[serde(rename = "PublicKeyList", alias = "publicKeyList")]
        keys: Vec<Listed>,
    },
    List(Vec<Listed>),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    value: String,
    #[serde(default)]
    fingerprint: Option<String>,
}

impl PublicKeys {
    /// Adds the keys of an answer of `aws cloudtrail list-public-keys`, or of its list.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html>
    ///
    /// # Errors
    /// Where it is none, or a key in it cannot be taken.
    pub fn add_json(&mut self, text: &[u8]) -> Result<(), KeysError> {
        let answer: Answer = serde_json::from_slice(text).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Data => {
                    "there must be a `PublicKeyList` of keys, each with a `Value`".to_string()
                }
                _ => error.to_string(),
            };
            KeysError::Malformed(what)
        })?;
        let (Answer::Whole { keys } | Answer::List(keys)) = answer;
        for (number, listed) in (1..).zip(keys) {
            let der = base64(&listed.value);
            self.add(number, der.as_deref(), listed.fingerprint)?;
        }
        Ok(())
    }

    /// Adds a key in DER.
    ///
    /// # Errors
    /// Where it cannot be taken; it is called the first.
    pub fn add_der(&mut self, der: &[u8], fingerprint: Option<String>) -> Result<(), KeysError> {
        self.add(1, Some(der), fingerprint)
    }

    fn add(
        &mut self,
        number: usize,
        der: Option<&[u8]>,
        given: Option<String>,
    ) -> Result<(), KeysError> {
        let no_key = || KeysError::Key { number, fingerprint: given.clone().unwrap_or_default() };
        let der = der.ok_or_else(no_key)?;
        let key = Key::from_der(der).ok_or_else(no_key)?;
        let actual = fingerprint(der);
        if let Some(given) = given
            && !given.eq_ignore_ascii_case(&actual)
        {
            return Err(KeysError::Fingerprint { number, given, actual });
        }
        self.keys.insert(actual, key);
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether the key with this fingerprint made the signature (in hexadecimal digits) of this
    /// message: RSA PKCS #1 v1.5 over SHA-256. None where there is no such key.
    #[must_use]
    pub fn verify(&self, fingerprint: &str, message: &str, signature: &str) -> Option<bool> {
        let key = self.keys.get(&fingerprint.to_ascii_lowercase())?;
        let Ok(signature) = hex::decode(signature.trim()) else { return Some(false) };
        let components = RsaPublicKeyComponents { n: &key.modulus, e: &key.exponent };
        let verified =
            components.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature);
        Some(verified.is_ok())
    }

    /// Whether there is a key with this fingerprint.
    #[must_use]
    pub fn has(&self, fingerprint: &str) -> bool {
        self.keys.contains_key(&fingerprint.to_ascii_lowercase())
    }
}

impl Key {
    /// An RSA key in either of the encodings that CloudTrail's answers have: PKCS #1, which AWS
    /// documents, and SubjectPublicKeyInfo, which one of the keys in AWS's own sample has:
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html>
    fn from_der(der: &[u8]) -> Option<Self> {
        let key = match RsaPublicKey::from_der(der) {
            Ok(key) => key,
            Err(_) => {
                let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
                if info.algorithm.oid != RSA {
                    return None;
                }
                RsaPublicKey::from_der(info.subject_public_key.as_bytes()?).ok()?
            }
        };
        let (modulus, exponent) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
        if !(256..=1024).contains(&modulus.len()) {
            return None;
        }
        Some(Self { modulus: modulus.to_vec(), exponent: exponent.to_vec() })
    }
}

/// The fingerprint of a key: the MD5 of its DER as CloudTrail gives it. It holds for every key in
/// AWS's sample, in either encoding.
fn fingerprint(der: &[u8]) -> String {
    hex::encode(Md5::digest(der))
}

/// The bytes of a text in base64.
fn base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let text: String = text.split_ascii_whitespace().collect();
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample of an answer in AWS's user guide; its third key is a SubjectPublicKeyInfo:
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html>
    const SAMPLE: &str = include_str!("../../data/list-public-keys.json");

    fn error(text: &str) -> String {
        PublicKeys::default().add_json(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn aws_sample_has_keys_in_both_encodings_and_their_fingerprints_are_md5() {
        let mut keys = PublicKeys::default();
        keys.add_json(SAMPLE.as_bytes()).unwrap();
        assert_eq!(keys.len(), 3);
        assert!(keys.has("31E8B5433410DFB61A9DC45CC65B22FF"));
        assert_eq!(
            keys.verify("31e8b5433410dfb61a9dc45cc65b22ff", "x", &"00".repeat(256)),
            Some(false)
        );
        assert_eq!(keys.verify("31e8b5433410dfb61a9dc45cc65b22ff", "x", "no digits"), Some(false));
        assert_eq!(keys.verify("31e8b5433410dfb61a9dc45cc65b2200", "x", "00"), None);
    }

    #[test]
    fn a_changed_key_or_fingerprint_is_refused() {
        let changed = SAMPLE.replacen("31e8b543", "31e8b542", 1);
        assert!(error(&changed).starts_with("key 3 has the fingerprint `31e8b543"));
        let changed = SAMPLE.replacen("AqlzPJb", "AqlzPJc", 1);
        assert!(error(&changed).contains("not `31e8b5433410dfb61a9dc45cc65b22ff`"));
        let changed = SAMPLE.replacen("MIIBIjAN", "MIIBIjAM", 1);
        assert!(error(&changed).starts_with("key 3 (fingerprint `31e8b543"));
    }

    #[test]
    fn what_is_no_answer_is_said_to_be_none() {
        for (text, expected) in [
            ("{}", "there must be a `PublicKeyList`"),
            ("[{}]", "there must be a `PublicKeyList`"),
            ("{", "EOF while parsing"),
            ("[{\"Value\":\"MIIB\"}]", "key 1 (fingerprint ``) is no RSA public key"),
        ] {
            assert!(error(text).contains(expected), "{text}: {}", error(text));
        }
    }
}
