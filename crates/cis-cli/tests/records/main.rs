//! The commands about S3's events and records.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../command/mod.rs"]
mod command;
mod conditions;
mod events;
mod explained;
#[cfg(target_os = "linux")]
mod memory;
mod real;
mod recipients;
mod unreadable;
mod written;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use command::file;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// The log file of the page about records.
fn log() -> PathBuf {
    file("../../docs/data/log-file.json")
}

/// A record of GetObject on this key.
fn record(key: &str) -> Value {
    json!({
        "eventVersion": "1.11", "eventID": "e-1", "eventTime": "2026-03-01T09:30:00Z",
        "eventCategory": "Data", "managementEvent": false, "readOnly": true,
        "eventName": "GetObject", "eventSource": "s3.amazonaws.com", "eventType": "AwsApiCall",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"},
        "requestParameters": {"bucketName": "payroll", "key": key},
    })
}

/// Bytes as CloudTrail compresses them.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Writes a file, and the folders that it is in.
fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_string()
}
