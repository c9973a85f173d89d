//! A bucket with a trail's files in it, which tests can tamper with.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use cis_logs::Time;
use cis_logs::digest::HOUR;
use cis_logs::digest::name::{DigestName, LogName};
use serde_json::json;

use crate::digests::{Chain, Delivered, MakingError, SigningKey, Trail, log};

/// A bucket: its files by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// The files.
    pub files: BTreeMap<String, Delivered>,
}

impl Bucket {
    /// Puts a file where it was delivered.
    pub fn put(&mut self, file: Delivered) {
        self.files.insert(file.object.key.clone(), file);
    }

    /// The keys of the digests, in the order of their times.
    #[must_use]
    pub fn digests(&self) -> Vec<String> {
        self.of(|name| DigestName::parse(name).map(|name| name.end))
    }

    /// The keys of the log files, in the order of their times.
    #[must_use]
    pub fn logs(&self) -> Vec<String> {
        self.of(|name| LogName::parse(name).map(|name| name.delivered))
    }

    fn of(&self, time: impl Fn(&str) -> Option<Time>) -> Vec<String> {
        let file_name = |key: &str| key.rsplit('/').next().unwrap_or_default().to_string();
        let mut keys: Vec<(Time, String)> = self
            .files
            .keys()
            .filter_map(|key| time(&file_name(key)).map(|time| (time, key.clone())))
            .collect();
        keys.sort();
        keys.into_iter().map(|(_, key)| key).collect()
    }

    /// Writes the files below a folder, by their keys. A copy has no metadata; where it is asked for,
    /// the signatures lie beside the digests, as `aws s3api head-object` writes metadata.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn write(&self, folder: &Path, with_metadata: bool) -> io::Result<()> {
        for (key, file) in &self.files {
            let path = folder.join(key);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, &file.bytes)?;
            if let Some(signature) = file.signature.as_ref().filter(|_| with_metadata) {
                let mut metadata = json!({
                    "signature": signature,
                    "signature-algorithm": "SHA256withRSA",
                });
                if let Some(made) = file.made {
                    metadata["backfill-generation-timestamp"] = json!(made);
                }
                let metadata = json!({"Metadata": metadata});
                let mut name = path.into_os_string();
                name.push(".metadata.json");
                fs::write(name, metadata.to_string())?;
            }
        }
        Ok(())
    }
}

/// What a chain in a bucket is like.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The trail.
    pub trail: Trail,
    /// When the first digest's time starts.
    pub start: Time,
    /// How many hours there are.
    pub hours: i64,
    /// How many log files each hour has; every fourth hour has none.
    pub logs: i64,
    /// The hours, counted from 0, during which the trail is stopped.
    pub stopped: Option<(i64, i64)>,
}

impl Plan {
    /// Twelve hours of a trail in us-east-1, with two log files in each hour that has any.
    #[must_use]
    pub fn of_twelve_hours() -> Self {
        Self {
            trail: Trail::new("111122223333", "us-east-1", "main"),
            // 2026-03-01T00:01:31Z: digests end at a time of the trail's own.
            start: Time::from_seconds(1_772_323_291),
            hours: 12,
            logs: 2,
            stopped: None,
        }
    }

    /// When the last digest's time ends.
    #[must_use]
    pub const fn end(&self) -> Time {
        self.start.plus(self.hours * HOUR)
    }

    /// Puts the chain into a bucket.
    ///
    /// # Errors
    /// Where a digest cannot be made.
    pub fn fill(&self, key: &SigningKey, bucket: &mut Bucket) -> Result<(), MakingError> {
        let mut chain = Chain::new(self.trail.clone(), key);
        for hour in 0..self.hours {
            if self.stopped.is_some_and(|(from, to)| (from..to).contains(&hour)) {
                chain.restart();
                continue;
            }
            let start = self.start.plus(hour * HOUR);
            let mut named = Vec::new();
            for number in 0..if hour % 4 == 3 { 0 } else { self.logs } {
                let delivered = start.plus(300 + number * (HOUR - 600) / self.logs);
                let unique = format!("{:0>14}{hour:0>2}", format!("L{number}"));
                let content = records(&self.trail, delivered, hour * 1000 + number);
                let events = (delivered.plus(-200), delivered.plus(-100));
                let (file, log) = log(&self.trail, delivered, &unique, content.as_bytes(), events)?;
                bucket.put(file);
                named.push(log);
            }
            bucket.put(chain.digest(start, start.plus(HOUR), &named)?);
        }
        Ok(())
    }
}

/// The content of a small log file.
#[must_use]
pub fn records(trail: &Trail, delivered: Time, number: i64) -> String {
    let Trail { account_id, region, .. } = trail;
    let record = json!({
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "accountId": account_id, "userName": "alice"},
        "eventTime": delivered.plus(-150),
        "eventSource": "s3.amazonaws.com",
        "eventName": "DeleteObject",
        "awsRegion": region,
        "eventID": format!("00000000-0000-4000-8000-{number:0>12}"),
        "readOnly": false,
        "requestParameters": {"bucketName": "payroll", "key": format!("{number}.csv")},
        "managementEvent": false,
        "recipientAccountId": account_id,
        "eventCategory": "Data",
    });
    json!({ "Records": [record] }).to_string()
}
