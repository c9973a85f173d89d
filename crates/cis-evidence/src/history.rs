//! The history of logging: who changed what is recorded, and what was not recorded since.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::HOUR;
use crate::account::{Observation, Trails};
use crate::answer::{CallSummary, Effect, HistoryEntry, TrailSummary, Unrecorded};
use crate::call::{Call, Change, TrailChange};
use crate::sentences;
use crate::state::Said;
use crate::steps::{self, Line};
use crate::unrecorded::{Compared, Interval};

/// The history of all accounts.
#[derive(Debug)]
pub struct History {
    pub(crate) calls: Vec<Call>,
    pub(crate) trails: Trails,
    log_buckets: BTreeSet<String>,
}

impl History {
    /// Rebuilds the history from calls in any order, and from what snapshots show. Calls that were
    /// delivered twice count once; two that differ are two, whatever their `eventID` is.
    #[must_use]
    pub fn new(mut calls: Vec<Call>, observations: &[Observation]) -> Self {
        calls.sort_by(|one, other| {
            let key = |call: &Call| {
                (call.time, rank(call), call.event_id.clone(), call.event_name.clone())
            };
            key(one).cmp(&key(other))
        });
        calls.dedup();
        let trails = Trails::new(&calls, observations);
        Self { calls, trails, log_buckets: BTreeSet::new() }
    }

    /// The same with buckets of which it is known otherwise that trails deliver to them.
    #[must_use]
    pub fn with_log_buckets(self, log_buckets: BTreeSet<String>) -> Self {
        Self { log_buckets, ..self }
    }

    /// The calls, with what each did, and what was not recorded since.
    #[must_use]
    pub fn told(&self) -> (Vec<HistoryEntry>, Vec<Unrecorded>) {
        let mut entries: Vec<(usize, HistoryEntry)> = Vec::new();
        let mut unrecorded = Vec::new();
        for line in self.trails.lines.values() {
            let compared = Compared::new(line);
            for (position, step) in line.steps.iter().enumerate() {
                if let Some((index, call)) =
                    step.call.and_then(|index| Some((index, self.calls.get(index)?)))
                {
                    entries.push((index, changed(line, &compared, position, call)));
                }
            }
            let intervals = compared.intervals();
            unrecorded.extend(
                intervals.into_iter().filter_map(|found| self.interval(line, &compared, found)),
            );
        }
        for (index, call) in self.calls.iter().enumerate() {
            entries.extend(self.other(call).map(|entry| (index, entry)));
        }
        entries.sort_by_key(|(index, _)| *index);
        unrecorded.sort_by(|one, other| {
            let key = |found: &Unrecorded| {
                (
                    found.from,
                    found.trail.clone(),
                    found.answer,
                    found.what,
                    found.kind,
                    found.description.clone(),
                )
            };
            key(one).cmp(&key(other))
        });
        (entries.into_iter().map(|(_, entry)| entry).collect(), unrecorded)
    }

    /// The trails, as they are when the logs end.
    #[must_use]
    pub fn trails(&self) -> Vec<TrailSummary> {
        let summary = |line: &Line| {
            let state = line.steps.last().map_or(&line.before, |step| &step.state);
            let is_change = |said: &Said| matches!(said, Said::Changed(_));
            TrailSummary {
                arn: line.id.to_string(),
                exists: state.exists,
                is_logging: state.is_logging,
                is_multi_region: state.is_multi_region,
                s3_bucket_name: state.bucket.clone(),
                event_selectors: state.selectors.clone(),
                management: state.management(),
                changes: line.steps.iter().filter(|step| is_change(&step.said)).count(),
            }
        };
        self.trails.lines.values().map(summary).collect()
    }

    /// Whether a snapshot of the time of the calls lists an account's trails: one of another time does
    /// not say which trails there were.
    fn are_listed(&self, account_id: &str) -> bool {
        let calls = self.calls.iter().filter(|call| call.account_id == account_id);
        let times = calls.map(|call| call.time);
        let (Some(first), Some(last)) = (times.clone().min(), times.max()) else { return false };
        let listed = self.trails.listed(account_id).iter();
        let (first, last) = (first.plus(-HOUR), last.plus(HOUR));
        listed.into_iter().any(|time| (first..=last).contains(time))
    }

    /// An interval in words.
    fn interval(
        &self,
        line: &Line,
        compared: &Compared<'_>,
        interval: Interval,
    ) -> Option<Unrecorded> {
        let call = |step: usize| {
            let call = line.steps.get(step)?.call?;
            self.calls.get(call).map(summary)
        };
        let begun = line.steps.get(interval.from)?.time;
        let account = &line.id.account_id;
        let others: Vec<Value> = self
            .trails
            .of(account)
            .filter(|other| other.id != line.id)
            .filter_map(|other| other.at(begun).trail(&other.id, false))
            .collect();
        let by_others = compared.by_others(&interval, &others, self.are_listed(account));
        let Interval { missing, from, to, .. } = interval;
        let mut found = Unrecorded {
            trail: line.id.to_string(),
            from: begun,
            to: to.and_then(|step| line.steps.get(step)).map(|step| step.time),
            what: missing.what,
            kind: missing.kind,
            description: missing.description,
            answer: missing.answer,
            by_others,
            caused_by: call(from),
            ended_by: to.and_then(call),
            sentence: String::new(),
        };
        found.sentence = sentences::unrecorded(&found);
        Some(found)
    }

    /// The entry of a call that changed no trail.
    fn other(&self, call: &Call) -> Option<HistoryEntry> {
        let (about, trails, effect) = match &call.change {
            Change::Trail(id, _) if call.succeeded() => {
                // It stands with the steps of its trail.
                let _told = id;
                return None;
            }
            Change::Trail(id, _) => (Some(id.to_string()), vec![id.to_string()], Effect::Failed),
            Change::Bucket(bucket) => {
                let trails =
                    self.trails_with(|state| state.bucket.as_deref() == Some(bucket.as_str()));
                (Some(bucket.clone()), trails, Effect::Endangers)
            }
            Change::Key(key) => {
                let is_it = |known: &str| !known.is_empty() && is_same_key(known, key);
                let trails = self.trails_with(|state| state.key.as_deref().is_some_and(is_it));
                (Some(key.clone()), trails, Effect::Endangers)
            }
            Change::Unnamed => (None, Vec::new(), Effect::Failed),
        };
        let is_of_cloudtrail = matches!(call.change, Change::Trail(..) | Change::Unnamed);
        let is_log_bucket =
            matches!(&call.change, Change::Bucket(bucket) if self.log_buckets.contains(bucket));
        // Other buckets and keys have nothing to do with logging.
        if trails.is_empty() && !is_of_cloudtrail && !is_log_bucket {
            return None;
        }
        let effect = if call.succeeded() { effect } else { Effect::Failed };
        if matches!(call.change, Change::Unnamed) && !crate::call::is_of_trails(&call.event_name) {
            return None;
        }
        Some(finished(HistoryEntry {
            call: summary(call),
            error_code: call.error_code.clone(),
            error_message: call.error_message.clone(),
            about,
            trails,
            effect,
            changes: Vec::new(),
            management_before: None,
            management_after: None,
            sentence: String::new(),
        }))
    }

    /// The trails that were once so.
    fn trails_with(&self, is_so: impl Fn(&crate::state::State) -> bool) -> Vec<String> {
        let is_once =
            |line: &&Line| is_so(&line.before) || line.steps.iter().any(|step| is_so(&step.state));
        let found: BTreeSet<String> =
            self.trails.lines.values().filter(is_once).map(|line| line.id.to_string()).collect();
        found.into_iter().collect()
    }
}

/// The order of calls of one second: CloudTrail's times have no more than seconds.
fn rank(call: &Call) -> usize {
    match &call.change {
        Change::Trail(_, change) => steps::rank(change),
        Change::Bucket(_) | Change::Key(_) | Change::Unnamed => 0,
    }
}

/// Whether two names of a key are of one: each is an ARN or what stands at its end.
fn is_same_key(one: &str, other: &str) -> bool {
    let id = |key: &str| key.rsplit_once('/').map_or(key, |(_, id)| id).to_string();
    id(one) == id(other)
}

fn finished(mut entry: HistoryEntry) -> HistoryEntry {
    entry.sentence = sentences::entry(&entry);
    entry
}

/// The entry of a call that changed a trail.
fn changed(line: &Line, compared: &Compared<'_>, step: usize, call: &Call) -> HistoryEntry {
    // The state before the first step stands first.
    let changes =
        compared.difference(step, step + 1).map(|found| found.account).unwrap_or_default();
    let changes: Vec<_> =
        changes.into_iter().filter(|change| change.is_loss() || change.is_gain()).collect();
    let before = line.before(step);
    let after = line.steps.get(step).map_or(before, |step| &step.state);
    let (management_before, management_after) = (before.management(), after.management());
    let is_lost = changes.iter().any(|change| change.is_loss())
        || matches!((management_before, management_after),
            (Some(before), Some(after)) if after.write < before.write || after.read < before.read);
    let is_gained = changes.iter().any(|change| change.is_gain())
        || matches!((management_before, management_after),
            (Some(before), Some(after)) if after.write > before.write || after.read > before.read);
    let change = match &call.change {
        Change::Trail(_, change) => Some(change),
        _ => None,
    };
    let effect = match change {
        Some(TrailChange::Logging(false) | TrailChange::Delete) => Effect::Loses,
        Some(TrailChange::Logging(true)) if before.is_logging == Some(true) => Effect::Same,
        Some(TrailChange::Logging(true)) => Effect::Gains,
        Some(TrailChange::Selectors(_) | TrailChange::Update(_)) if after.is_off() => Effect::Same,
        Some(TrailChange::Create(_)) => Effect::Same,
        _ if is_lost => Effect::Loses,
        Some(TrailChange::Selectors(_))
            if before.selectors.is_none() || after.selectors.is_none() =>
        {
            Effect::Unknown
        }
        _ if is_gained => Effect::Gains,
        _ => Effect::Same,
    };
    let mut entry = finished(HistoryEntry {
        call: summary(call),
        error_code: None,
        error_message: None,
        about: Some(line.id.to_string()),
        trails: vec![line.id.to_string()],
        effect,
        changes,
        management_before,
        management_after,
        sentence: String::new(),
    });
    if after.is_off() && before.is_off() && effect == Effect::Same {
        entry.sentence += "; the trail does not log";
    }
    entry
}

/// Who made a call, and when.
pub(crate) fn summary(call: &Call) -> CallSummary {
    CallSummary {
        event_id: call.event_id.clone(),
        event_time: call.time,
        event_name: call.event_name.clone(),
        account_id: call.account_id.clone(),
        aws_region: call.aws_region.clone(),
        caller: call.caller.clone(),
        source_ip_address: call.source_ip_address.clone(),
        user_agent: call.user_agent.clone(),
    }
}
