//! The digests of a whole corpus: a chain for each account and Region, hour by hour.

use std::collections::BTreeMap;

use cis_logs::Time;
use cis_logs::digest::HOUR;
use cis_logs::digest::content::hash_of;

use crate::File;
use crate::digests::{Chain, Delivered, Log, MakingError, SigningKey, Trail};

/// Collects the log files of a corpus, and makes the digests that name them.
///
/// ```
/// use cis_corpus::digested::Digested;
/// use cis_corpus::{Corpus, Settings};
///
/// let mut digested = Digested::default();
/// for file in Corpus::new(Settings { files: 3, ..Settings::default() }) {
///     digested.add(&file);
/// }
/// assert_eq!(digested.log_files(), 3);
/// ```
#[derive(Debug, Default)]
pub struct Digested {
    organization: Option<String>,
    logs: BTreeMap<(String, String), BTreeMap<i64, Vec<Log>>>,
}

impl Digested {
    /// Names a log file in the digest of the hour in which it was delivered.
    pub fn add(&mut self, file: &File) {
        let name = file.key.rsplit('/').next().unwrap_or_default();
        let mut parts = name.split('_');
        let (account, region) =
            (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        let folder = file.key.split('/').nth(1).filter(|folder| folder.starts_with("o-"));
        self.organization = folder.map(str::to_string);
        let place = (account.to_string(), region.to_string());
        let hour = file.delivered.seconds().div_euclid(HOUR);
        let log = Log {
            key: file.key.clone(),
            hash: hash_of(file.text.as_bytes()),
            events: (file.oldest, file.newest),
        };
        self.logs.entry(place).or_default().entry(hour).or_default().push(log);
    }

    /// How many log files there are.
    #[must_use]
    pub fn log_files(&self) -> usize {
        self.logs.values().flat_map(BTreeMap::values).map(Vec::len).sum()
    }

    /// The digests, of a trail with this name in each account: one for each hour from the first log
    /// file of any account and Region to the last.
    ///
    /// # Errors
    /// Where a digest cannot be signed or compressed.
    pub fn digests(&self, trail: &str, key: &SigningKey) -> Result<Vec<Delivered>, MakingError> {
        let hours = || self.logs.values().flat_map(|hours| hours.keys().copied());
        let (Some(first), Some(last)) = (hours().min(), hours().max()) else {
            return Ok(Vec::new());
        };
        let mut digests = Vec::new();
        for ((account, region), logs) in &self.logs {
            let trail = Trail {
                organization: self.organization.clone(),
                home_region: "us-east-1".to_string(),
                ..Trail::new(account, region, trail)
            };
            let mut chain = Chain::new(trail, key);
            for hour in first..=last {
                let start = Time::from_seconds(hour * HOUR);
                let named = logs.get(&hour).map(Vec::as_slice).unwrap_or_default();
                digests.push(chain.digest(start, start.plus(HOUR), named)?);
            }
        }
        Ok(digests)
    }
}
