//! Kinds of tampering with a trail's bucket, each by name.

mod of_digests;
mod of_logs;
mod of_trails;

use std::io::Read as _;

use cis_logs::Time;
use cis_logs::digest::HOUR;
use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::bucket::{Bucket, Plan, records};
use crate::digests::{Log, MakingError, SigningKey, gzip, log};

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
#[must_use]
pub fn all() -> Vec<Tampering> {
    [of_logs::ALL, of_digests::ALL, of_trails::ALL].concat()
}
