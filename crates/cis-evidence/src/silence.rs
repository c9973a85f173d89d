//! Where the logs are silent: hours without files, and buckets that stopped appearing.

use std::collections::BTreeMap;

use crate::answer::{Proof, Silence, SilentBucket, SilentHours, Unrecorded};
use crate::collected::{Collected, Mentions};
use crate::{DAY, HOUR, Moment};

/// How many runs of hours are listed.
const KEPT: usize = 500;

/// How long a bucket's data events must have stopped before management events that name it are told.
const QUIET: i64 = DAY;

/// What a digest says of log files that were delivered in its time.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestSummary {
    /// `awsAccountId`.
    pub account_id: String,
    /// The Region of the log files.
    pub aws_region: String,
    /// `digestStartTime`.
    pub from: Moment,
    /// `digestEndTime`.
    pub to: Moment,
    /// How many log files it names that are not among those that were read.
    pub files_missing: u64,
    /// How many log files it names.
    pub files: u64,
}

/// Where the logs are silent.
#[must_use]
pub fn silence(
    collected: &Collected,
    digests: &[DigestSummary],
    unrecorded: &[Unrecorded],
) -> Silence {
    let last = collected.hours.values().filter_map(|hours| hours.last()).max().copied();
    let mut hours: Vec<SilentHours> = Vec::new();
    for ((account_id, aws_region), seen) in &collected.hours {
        let after_last = last.map(|last| last.plus(HOUR));
        let mut previous: Option<Moment> = None;
        for &hour in seen.iter().chain(&after_last) {
            if let Some(before) = previous.filter(|before| before.plus(HOUR) < hour) {
                hours.push(run(account_id, aws_region, before.plus(HOUR), hour, digests));
            }
            previous = Some(hour);
        }
    }
    hours.sort_by(|one, other| {
        let key = |run: &SilentHours| {
            (
                core::cmp::Reverse(run.hours),
                run.account_id.clone(),
                run.aws_region.clone(),
                run.from,
            )
        };
        (one.proof, key(one)).cmp(&(other.proof, key(other)))
    });
    let more_hours = hours.len() > KEPT;
    hours.truncate(KEPT);
    let buckets = collected.buckets.iter().flat_map(|(account_id, buckets)| {
        let of = |(bucket, mentions): (&String, &Mentions)| {
            silent_bucket(account_id, bucket, mentions, unrecorded)
        };
        buckets.iter().filter_map(of)
    });
    Silence { hours, more_hours, buckets: buckets.collect() }
}

/// A run of hours, and what digests say of it.
fn run(
    account_id: &str,
    aws_region: &str,
    from: Moment,
    to: Moment,
    digests: &[DigestSummary],
) -> SilentHours {
    let of_run: Vec<&DigestSummary> = digests
        .iter()
        .filter(|digest| digest.account_id == account_id && digest.aws_region == aws_region)
        .filter(|digest| digest.from < to && digest.to > from)
        .collect();
    let files_missing = of_run.iter().map(|digest| digest.files_missing).sum();
    let proof = if files_missing > 0 {
        Proof::FilesMissing
    } else if is_covered(from, to, &of_run) {
        Proof::NothingDelivered
    } else {
        Proof::None
    };
    SilentHours {
        account_id: account_id.to_string(),
        aws_region: aws_region.to_string(),
        from,
        to,
        hours: u64::try_from((to.seconds() - from.seconds()) / HOUR).unwrap_or_default(),
        proof,
        files_missing,
    }
}

/// Whether digests leave no second of a time out.
fn is_covered(from: Moment, to: Moment, digests: &[&DigestSummary]) -> bool {
    let mut times: BTreeMap<Moment, Moment> = BTreeMap::new();
    for digest in digests {
        let end = times.entry(digest.from).or_insert(digest.to);
        *end = (*end).max(digest.to);
    }
    let mut reached = from;
    for (start, end) in times {
        if start > reached {
            return false;
        }
        reached = reached.max(end);
    }
    reached >= to
}

fn silent_bucket(
    account_id: &str,
    bucket: &str,
    mentions: &Mentions,
    unrecorded: &[Unrecorded],
) -> Option<SilentBucket> {
    let last_data_event = mentions.last_data_event?;
    let last_management_event = mentions.last_management_event?;
    if last_management_event < last_data_event.plus(QUIET) {
        return None;
    }
    let since = mentions.management.range(last_data_event.days() + 1..);
    let begun_since = |found: &&Unrecorded| {
        found.from >= last_data_event.plus(-DAY) && found.to.is_none_or(|to| to > last_data_event)
            || found.from <= last_data_event
                && found.to.is_none_or(|to| to > last_data_event.plus(DAY))
    };
    Some(SilentBucket {
        account_id: account_id.to_string(),
        bucket: bucket.to_string(),
        data_events: mentions.data_events,
        last_data_event,
        last_management_event,
        management_events_since: since.map(|(_, count)| count).sum(),
        may_be_because: unrecorded
            .iter()
            .filter(|found| found.what != crate::answer::What::Management)
            .filter(begun_since)
            .map(|found| found.sentence.clone())
            .collect(),
    })
}
