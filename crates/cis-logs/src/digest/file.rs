//! One digest file: its members, checked.

use serde::{Deserialize, Deserializer};

use super::content::{Hash, hash_of};
use super::name::Object;
use crate::Time;

/// The only signature algorithm that digests have:
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html>
pub const SIGNATURE_ALGORITHM: &str = "SHA256withRSA";

/// The only hash algorithm that digests have; its source is that of [`SIGNATURE_ALGORITHM`].
pub const HASH_ALGORITHM: &str = "SHA-256";

/// A digest file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// When its time starts.
    pub start: Time,
    /// When its time ends.
    pub end: Time,
    /// The end as the file writes it, which is what was signed.
    pub end_text: String,
    /// Where it was delivered.
    pub object: Object,
    /// The fingerprint of the key that signed it.
    pub fingerprint: String,
    /// The digest before; none where CloudTrail began or resumed digests with this one.
    pub previous: Option<Previous>,
    /// The signature of the digest before as the file writes it, which is signed too.
    pub previous_signature: Option<String>,
    /// The log files that were delivered.
    pub logs: Vec<NamedLog>,
    /// The SHA-256 of the whole content.
    pub hash: Hash,
}

/// What a digest says of the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// Where it was delivered.
    pub object: Object,
    /// The SHA-256 of its content.
    pub hash: Option<Hash>,
}

/// A log file that a digest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLog {
    /// Where it was delivered.
    pub object: Object,
    /// The SHA-256 of its content.
    pub hash: Hash,
}

/// Why a file's content is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// It is no JSON object with the members of a digest.
    #[error("it is no digest: {0}")]
    Malformed(String),
    /// It is made with an algorithm that is not known here.
    #[error("it uses the algorithm `{0}`, which is not known: use a newer version of trailproof")]
    Algorithm(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object with the members of a digest")]
struct Members {
    digest_start_time: String,
    digest_end_time: String,
    #[serde(rename = "digestS3Bucket")]
    bucket: String,
    #[serde(rename = "digestS3Object")]
    key: String,
    digest_public_key_fingerprint: String,
    digest_signature_algorithm: String,
    #[serde(rename = "previousDigestS3Bucket", default)]
    previous_bucket: Option<String>,
    #[serde(rename = "previousDigestS3Object", default)]
    previous_key: Option<String>,
    #[serde(default)]
    previous_digest_hash_value: Option<String>,
    #[serde(default)]
    previous_digest_hash_algorithm: Option<String>,
    // It may be null, but must be there.
    #[serde(deserialize_with = "Option::deserialize")]
    previous_digest_signature: Option<String>,
    #[serde(deserialize_with = "list_or_null")]
    log_files: Vec<LogMembers>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object with the members of a log file")]
struct LogMembers {
    #[serde(rename = "s3Bucket")]
    bucket: String,
    #[serde(rename = "s3Object")]
    key: String,
    hash_value: String,
    hash_algorithm: String,
}

fn list_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LogMembers>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

impl Digest {
    /// Reads a digest's uncompressed content. Members that are not known are ignored, a member that
    /// stands twice is not.
    ///
    /// # Errors
    /// Where it is no digest, or one with an algorithm that is not known.
    pub fn parse(content: &[u8]) -> Result<Self, DigestError> {
        let members: Members = serde_json::from_slice(content)
            .map_err(|error| DigestError::Malformed(error.to_string()))?;
        if members.digest_signature_algorithm != SIGNATURE_ALGORITHM {
            return Err(DigestError::Algorithm(members.digest_signature_algorithm));
        }
        let time = |member: &str, text: &str| {
            Time::with_offset(text)
                .ok_or_else(|| DigestError::Malformed(format!("`{member}` is `{text}`, no time")))
        };
        let start = time("digestStartTime", &members.digest_start_time)?;
        let end = time("digestEndTime", &members.digest_end_time)?;
        if end < start {
            let what = format!("it ends at {end}, before it starts at {start}");
            return Err(DigestError::Malformed(what));
        }
        let previous = match (members.previous_bucket, members.previous_key) {
            (Some(bucket), Some(key)) => {
                let algorithm = members.previous_digest_hash_algorithm.as_deref();
                let hash = members
                    .previous_digest_hash_value
                    .map(|value| {
                        let algorithm = algorithm.unwrap_or_default();
                        hash_value("previousDigestHashValue", &value, algorithm)
                    })
                    .transpose()?;
                Some(Previous { object: Object { bucket, key }, hash })
            }
            (None, None) => None,
            _ => {
                let what =
                    "only one of `previousDigestS3Bucket` and `previousDigestS3Object` is null";
                return Err(DigestError::Malformed(what.to_string()));
            }
        };
        let logs = members.log_files.into_iter().map(|log| {
            let hash = hash_value("hashValue", &log.hash_value, &log.hash_algorithm)?;
            Ok(NamedLog { object: Object { bucket: log.bucket, key: log.key }, hash })
        });
        Ok(Self {
            start,
            end,
            end_text: members.digest_end_time,
            object: Object { bucket: members.bucket, key: members.key },
            fingerprint: members.digest_public_key_fingerprint,
            previous,
            previous_signature: members.previous_digest_signature,
            logs: logs.collect::<Result<_, _>>()?,
            hash: hash_of(content),
        })
    }

    /// What CloudTrail signed: the end of its time, where it lies, the SHA-256 of its content, and
    /// the signature of the digest before or the word `null`.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html#cloudtrail-log-file-custom-validation-data-signing-string-summary>
    #[must_use]
    pub fn string_to_sign(&self) -> String {
        let Object { bucket, key } = &self.object;
        let hash = hex::encode(self.hash);
        let previous = self.previous_signature.as_deref().unwrap_or("null");
        format!("{}\n{bucket}/{key}\n{hash}\n{previous}", self.end_text)
    }
}

fn hash_value(member: &str, text: &str, algorithm: &str) -> Result<Hash, DigestError> {
    if algorithm != HASH_ALGORITHM {
        return Err(DigestError::Algorithm(algorithm.to_string()));
    }
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).map_err(|_error| {
        DigestError::Malformed(format!("`{member}` is `{text}`, no SHA-256 in hexadecimal digits"))
    })?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn members() -> Value {
        json!({
            "awsAccountId": "111122223333",
            "digestStartTime": "2026-03-01T09:01:31Z",
            "digestEndTime": "2026-03-01T10:01:31Z",
            "digestS3Bucket": "logs",
            "digestS3Object": "AWSLogs/x",
            "digestPublicKeyFingerprint": "31e8b5433410dfb61a9dc45cc65b22ff",
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": null,
            "oldestEventTime": null,
            "previousDigestS3Bucket": null,
            "previousDigestS3Object": null,
            "previousDigestHashValue": null,
            "previousDigestHashAlgorithm": null,
            "previousDigestSignature": null,
            "logFiles": [],
        })
    }

    #[test]
    fn the_first_digest_signs_the_word_null() {
        let content = members().to_string();
        let digest = Digest::parse(content.as_bytes()).unwrap();
        let hash = hex::encode(hash_of(content.as_bytes()));
        let expected = format!("2026-03-01T10:01:31Z\nlogs/AWSLogs/x\n{hash}\nnull");
        assert_eq!(digest.string_to_sign(), expected);
    }

    #[test]
    fn members_that_are_missing_or_nearly_right_are_named() {
        let cases: [(&str, Option<Value>, &str); 12] = [
            ("digestStartTime", None, "digestStartTime"),
            ("digestEndTime", Some(json!("today")), "`digestEndTime` is `today`"),
            ("digestEndTime", Some(json!("2026-03-01T09:01:30Z")), "before it starts"),
            ("digestS3Bucket", Some(Value::Null), "string"),
            ("digestPublicKeyFingerprint", None, "digestPublicKeyFingerprint"),
            ("digestSignatureAlgorithm", Some(json!("SHA512withRSA")), "`SHA512withRSA`"),
            ("previousDigestSignature", None, "previousDigestSignature"),
            ("previousDigestS3Bucket", Some(json!("logs")), "only one of"),
            ("logFiles", None, "logFiles"),
            ("logFiles", Some(json!([{"s3Bucket": "logs"}])), "s3Object"),
            ("logFiles", Some(json!("none")), "sequence"),
            (
                "logFiles",
                Some(json!([{"s3Bucket": "b", "s3Object": "k", "hashAlgorithm": "SHA-256",
                             "hashValue": "abcd"}])),
                "`hashValue` is `abcd`",
            ),
        ];
        for (member, value, expected) in cases {
            let mut changed = members();
            let all = changed.as_object_mut().unwrap();
            match value {
                Some(value) => drop(all.insert(member.to_string(), value)),
                None => drop(all.remove(member)),
            }
            let error = Digest::parse(changed.to_string().as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{member}: {error}");
        }
    }

    #[test]
    fn a_member_that_stands_twice_is_refused() {
        let twice = members().to_string().replacen('{', "{\"logFiles\":[],", 1);
        assert!(matches!(Digest::parse(twice.as_bytes()), Err(DigestError::Malformed(_))));
    }

    #[test]
    fn unknown_members_are_ignored() {
        let more = members().to_string().replacen('{', "{\"digestOfTomorrow\":[1],", 1);
        assert!(Digest::parse(more.as_bytes()).is_ok());
    }
}
