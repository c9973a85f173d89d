//! What is asked of a verification.

use super::name::ChainId;
use super::time::HOUR;
use crate::Time;

/// How long after its time a digest may still be on its way: it is made once the hour is over, and
/// its delivery takes a while.
pub const DUE: i64 = 2 * HOUR;

/// What is asked of a verification.
#[derive(Clone, Debug)]
pub struct Options {
    /// From when on; as far back as there are digests where it is not given.
    pub from: Option<Time>,
    /// Until when; as far as there are digests where it is not given.
    pub to: Option<Time>,
    /// The present: digests that are not due yet are not missing.
    pub now: Time,
    /// Whether CloudTrail gave all of its keys of the time: then one that is not among them is not
    /// CloudTrail's.
    pub are_keys_complete: bool,
    /// Only these accounts; all where there is none.
    pub accounts: Vec<String>,
    /// Only these Regions; all where there is none.
    pub regions: Vec<String>,
    /// Only trails of these names; all where there is none.
    pub trails: Vec<String>,
}

impl Options {
    /// Everything that is there.
    #[must_use]
    pub const fn everything(now: Time) -> Self {
        Self {
            from: None,
            to: None,
            now,
            are_keys_complete: false,
            accounts: Vec::new(),
            regions: Vec::new(),
            trails: Vec::new(),
        }
    }

    /// Whether files of this account and Region are asked for.
    pub(super) fn takes(&self, account_id: &str, region: &str) -> bool {
        let is_one = |asked: &[String], given: &str| {
            asked.is_empty() || asked.iter().any(|asked| asked == given)
        };
        is_one(&self.accounts, account_id) && is_one(&self.regions, region)
    }

    /// Whether this chain is asked for.
    pub(super) fn takes_chain(&self, id: &ChainId) -> bool {
        self.takes(&id.account_id, &id.region)
            && (self.trails.is_empty() || self.trails.contains(&id.trail))
    }

    /// Whether some of this time is asked for.
    pub(super) fn touches(&self, start: Time, end: Time) -> bool {
        self.from.is_none_or(|from| end > from) && self.to.is_none_or(|to| start < to)
    }

    /// The part of this time that is asked for.
    pub(super) fn within(&self, start: Time, end: Time) -> Option<(Time, Time)> {
        let start = self.from.map_or(start, |from| from.max(start));
        let end = self.to.map_or(end, |to| to.min(end));
        (start < end).then_some((start, end))
    }
}
