//! What one pass over the logs collects for the questions about logging: a few words of every record,
//! and the calls that are about logging whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Call, Moment};

/// What was read of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The time of its first event.
    pub first: Moment,
    /// The time of its last event.
    pub last: Moment,
    /// The time of its first event on an S3 object.
    pub first_object: Option<Moment>,
}

/// What a record says, as far as the questions about logging need it of every record.
#[derive(Clone, Copy, Debug)]
pub struct Glance<'a> {
    /// `recipientAccountId`, or the account in the file's path.
    pub account_id: &'a str,
    /// `eventTime`.
    pub time: Moment,
    /// Whether it is a data event of S3.
    pub is_data: bool,
    /// The bucket, where it is one of S3's events, data or management, that names one. `None` also
    /// where CloudTrail itself made the request.
    pub bucket: Option<&'a str>,
}

/// What was seen of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    pub(crate) data_events: u64,
    pub(crate) last_data_event: Option<Moment>,
    /// How many management events name it, by the day, counted from 1970 on.
    pub(crate) management: BTreeMap<i64, u64>,
    pub(crate) last_management_event: Option<Moment>,
}

/// What a pass collects. It does not depend on the order of records and files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collected {
    /// The calls that are about logging.
    pub calls: Vec<Call>,
    /// What was read of each account.
    pub accounts: BTreeMap<String, Coverage>,
    /// What was seen of each account's buckets.
    pub(crate) buckets: BTreeMap<String, BTreeMap<String, Mentions>>,
    /// The hours in which files were delivered, by account and Region.
    pub(crate) hours: BTreeMap<(String, String), BTreeSet<Moment>>,
    /// How many events of S3 there are.
    pub of_s3: u64,
    /// The buckets that CloudTrail itself looks after: trails deliver to them.
    pub log_buckets: BTreeSet<String>,
}

impl Collected {
    /// Takes a record in.
    pub fn record(&mut self, glance: Glance<'_>) {
        let Glance { account_id, time, is_data, bucket } = glance;
        match self.accounts.get_mut(account_id) {
            Some(coverage) => coverage.extend(time, is_data),
            None => {
                let coverage =
                    Coverage { first: time, last: time, first_object: is_data.then_some(time) };
                self.accounts.insert(account_id.to_string(), coverage);
            }
        }
        let Some(bucket) = bucket.filter(|bucket| !bucket.is_empty()) else { return };
        // Names are copied only where they are new.
        if !self.buckets.contains_key(account_id) {
            self.buckets.insert(account_id.to_string(), BTreeMap::new());
        }
        let Some(buckets) = self.buckets.get_mut(account_id) else { return };
        if !buckets.contains_key(bucket) {
            buckets.insert(bucket.to_string(), Mentions::default());
        }
        let Some(mentions) = buckets.get_mut(bucket) else { return };
        if is_data {
            mentions.data_events += 1;
            mentions.last_data_event = mentions.last_data_event.max(Some(time));
        } else {
            *mentions.management.entry(time.days()).or_default() += 1;
            mentions.last_management_event = mentions.last_management_event.max(Some(time));
        }
    }

    /// Notes a bucket in which CloudTrail itself made a request.
    pub fn log_bucket(&mut self, bucket: &str) {
        if !self.log_buckets.contains(bucket) {
            self.log_buckets.insert(bucket.to_string());
        }
    }

    /// Takes a file in.
    pub fn file(&mut self, account_id: &str, region: &str, delivered: Moment) {
        let place = (account_id.to_string(), region.to_string());
        self.hours.entry(place).or_default().insert(delivered.hour());
    }

    /// Takes in what another thread collected.
    pub fn merge(&mut self, other: Self) {
        self.calls.extend(other.calls);
        self.of_s3 += other.of_s3;
        self.log_buckets.extend(other.log_buckets);
        for (account, theirs) in other.accounts {
            let ours = self.accounts.entry(account).or_insert(theirs);
            ours.first = ours.first.min(theirs.first);
            ours.last = ours.last.max(theirs.last);
            ours.first_object =
                [ours.first_object, theirs.first_object].into_iter().flatten().min();
        }
        let theirs = other.buckets.into_iter().flat_map(|(account, buckets)| {
            buckets.into_iter().map(move |(bucket, theirs)| (account.clone(), bucket, theirs))
        });
        for (account, bucket, theirs) in theirs {
            let ours = self.buckets.entry(account).or_default().entry(bucket).or_default();
            ours.data_events += theirs.data_events;
            ours.last_data_event = ours.last_data_event.max(theirs.last_data_event);
            ours.last_management_event =
                ours.last_management_event.max(theirs.last_management_event);
            for (day, count) in theirs.management {
                *ours.management.entry(day).or_default() += count;
            }
        }
        for (place, theirs) in other.hours {
            self.hours.entry(place).or_default().extend(theirs);
        }
    }
}

impl Coverage {
    fn extend(&mut self, time: Moment, is_data: bool) {
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        if is_data {
            self.first_object = Some(self.first_object.map_or(time, |first| first.min(time)));
        }
    }
}
