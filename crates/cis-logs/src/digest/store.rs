//! Where the files lie: a local copy, or anything else that can list and open them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use walkdir::WalkDir;

use super::name::{Object, is_same_file_name, layout, organization};

/// Files to verify.
pub trait Store: Sync {
    /// All files, in an order that does not change.
    fn files(&self) -> &[StoredFile];

    /// Opens a file.
    ///
    /// # Errors
    /// Where it cannot be opened.
    fn open(&self, file: &StoredFile) -> io::Result<Box<dyn Read + '_>>;

    /// The signature that is kept with a digest, where one is: in hexadecimal digits.
    ///
    /// # Errors
    /// Where what is kept cannot be read.
    fn signature(&self, file: &StoredFile) -> io::Result<Option<String>>;

    /// Places whose files are not known, each with the reason.
    fn unreadable(&self) -> &[(String, String)] {
        &[]
    }
}

/// Where a file lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredFile {
    /// In S3.
    Object(Object),
    /// In a copy.
    Copy(PathBuf),
}

impl StoredFile {
    /// The place, for people.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Object(object) => object.to_string(),
            Self::Copy(path) => path.display().to_string(),
        }
    }

    /// The file's name without its folders.
    #[must_use]
    pub fn file_name(&self) -> Cow<'_, str> {
        match self {
            Self::Object(object) => object.file_name().into(),
            Self::Copy(path) => {
                path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default()
            }
        }
    }

    /// Whether this can be where CloudTrail delivered that object.
    ///
    /// A copy does not say its bucket, nor the prefix of its keys. What it keeps of CloudTrail's
    /// layout, from the folder `AWSLogs` on, must be the key's; a copy without that folder keeps the
    /// file's name only. A copy may have lost `.gz`.
    #[must_use]
    pub fn is_place_of(&self, object: &Object) -> bool {
        match self {
            Self::Object(place) => place == object,
            Self::Copy(path) => {
                let path = slashes(path);
                match (layout(&path), layout(&object.key)) {
                    (Some(place), Some(key)) => is_same_file_name(place, key),
                    _ => is_same_file_name(&self.file_name(), object.file_name()),
                }
            }
        }
    }

    /// The organization that the place names.
    #[must_use]
    pub fn organization(&self) -> Option<String> {
        let path = match self {
            Self::Object(object) => Cow::Borrowed(object.key.as_str()),
            Self::Copy(path) => slashes(path),
        };
        organization(&path).map(str::to_string)
    }
}

/// A path as S3 would write it.
fn slashes(path: &Path) -> Cow<'_, str> {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/").into()
    }
}

/// What the name of a file ends with that holds a digest's signature, in hexadecimal digits.
pub const SIGNATURE: &str = ".sig";

/// What the name of a file ends with that holds a digest's metadata: the answer of `aws s3api
/// head-object`.
pub const METADATA: &str = ".metadata.json";

/// A local copy: files and folders.
#[derive(Debug)]
pub struct Folder {
    files: Vec<StoredFile>,
    unreadable: Vec<(String, String)>,
}

impl Folder {
    /// The files below these paths, each once.
    #[must_use]
    pub fn read<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut found = BTreeSet::new();
        let mut unreadable = Vec::new();
        for path in paths {
            // The folders above may be those of CloudTrail's layout.
            let root = path.canonicalize().unwrap_or_else(|_error| path.to_path_buf());
            for entry in WalkDir::new(&root).follow_links(true) {
                match entry {
                    Ok(entry) if entry.file_type().is_file() => {
                        found.insert(entry.into_path());
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let place = error.path().unwrap_or(&root).display().to_string();
                        let error = error.into_io_error().map(|error| error.to_string());
                        let is_loop = || "it is in a loop of links".to_string();
                        unreadable.push((place, error.unwrap_or_else(is_loop)));
                    }
                }
            }
        }
        Self { files: found.into_iter().map(StoredFile::Copy).collect(), unreadable }
    }
}

impl Store for Folder {
    fn files(&self) -> &[StoredFile] {
        &self.files
    }

    fn unreadable(&self) -> &[(String, String)] {
        &self.unreadable
    }

    fn open(&self, file: &StoredFile) -> io::Result<Box<dyn Read + '_>> {
        match file {
            StoredFile::Copy(path) => Ok(Box::new(File::open(path)?)),
            StoredFile::Object(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn signature(&self, file: &StoredFile) -> io::Result<Option<String>> {
        let StoredFile::Copy(path) = file else { return Ok(None) };
        let beside = |end: &str| {
            let mut name = path.clone().into_os_string();
            name.push(end);
            match std::fs::read(PathBuf::from(name)) {
                Ok(content) => Ok(Some(content)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        };
        if let Some(text) = beside(SIGNATURE)? {
            return Ok(Some(String::from_utf8_lossy(&text).trim().to_string()));
        }
        match beside(METADATA)? {
            Some(content) => of_metadata(&content).map(Some),
            None => Ok(None),
        }
    }
}

/// The signature in the metadata of an object: the whole answer of `aws s3api head-object`, or its
/// member `Metadata`.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html>
fn of_metadata(content: &[u8]) -> io::Result<String> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Answer {
        Whole {
            #[serde(rename = "Metadata")]
            metadata: Metadata,
        },
        Member(Metadata),
    }
    #[derive(Deserialize)]
    struct Metadata {
        #[serde(alias = "x-amz-meta-signature")]
        signature: String,
    }
    match serde_json::from_slice(content) {
        Ok(Answer::Whole { metadata } | Answer::Member(metadata)) => Ok(metadata.signature),
        Err(_) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "its file of metadata has no `Metadata` with a `signature`, as `aws s3api head-object` \
             writes it",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_in_its_place_where_its_layout_is_that_of_the_key() {
        let key = "p/AWSLogs/1/CloudTrail/eu-west-1/2026/03/01/x.json.gz";
        let object = Object { bucket: "b".to_string(), key: key.to_string() };
        let is_place = |path: &str| StoredFile::Copy(path.into()).is_place_of(&object);
        for (path, expected) in [
            ("/copy/AWSLogs/1/CloudTrail/eu-west-1/2026/03/01/x.json.gz", true),
            ("/copy/AWSLogs/1/CloudTrail/eu-west-1/2026/03/01/x.json", true),
            ("/copy/x.json.gz", true),
            ("/copy/AWSLogs/1/CloudTrail/eu-west-1/2026/03/02/x.json.gz", false),
            ("/copy/AWSLogs/x.json.gz", false),
            ("/copy/y.json.gz", false),
        ] {
            assert_eq!(is_place(path), expected, "{path}");
        }
        assert!(StoredFile::Object(object.clone()).is_place_of(&object));
        let other = Object { bucket: "c".to_string(), ..object.clone() };
        assert!(!StoredFile::Object(other).is_place_of(&object));
    }

    #[test]
    fn a_signature_is_found_in_metadata() {
        for text in [
            r#"{"ETag":"x","Metadata":{"signature":"ab","signature-algorithm":"SHA256withRSA"}}"#,
            r#"{"signature":"ab"}"#,
            r#"{"x-amz-meta-signature":"ab"}"#,
        ] {
            assert_eq!(of_metadata(text.as_bytes()).unwrap(), "ab");
        }
        assert!(of_metadata(b"{\"Metadata\":{}}").is_err());
    }
}
