//! What an account's trails do, and the verdict that follows.

use serde_json::Value;

use super::record::Scope;
use super::selector::{list, texts};
use super::trail::{Demands, Trail};
use super::{Bounds, Record};

/// An account, and what is asked about it.
#[derive(Debug)]
pub struct Account {
    partition: String,
    is_read: bool,
    allowed: Vec<String>,
    requires_deliveries: bool,
    trails: Vec<Trail>,
    is_listed: bool,
}

/// What is known once all records were tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Some record is not surely logged.
    pub is_open: bool,
    /// Some record is surely lost.
    pub is_lost: bool,
    /// Some record is surely lost that AWS documents.
    pub is_documented_lost: bool,
}

impl Coverage {
    /// Takes one more record into account.
    pub fn add(&mut self, logged: Bounds, is_documented: bool) {
        self.is_open |= !logged.must;
        self.is_lost |= !logged.may;
        self.is_documented_lost |= !logged.may && is_documented;
    }

    /// The verdict on these trails alone.
    #[must_use]
    pub const fn verdict(self) -> &'static str {
        match (self.is_open, self.is_lost) {
            (false, _) => "COMPLIANT",
            (true, true) => "NON_COMPLIANT",
            (true, false) => "INDETERMINATE",
        }
    }
}

impl Account {
    /// An account as a snapshot, and a question with the members `kind`, `allowUnlogged`,
    /// `deliveries`, `trustedLogBuckets` and `requireDelivery`.
    #[must_use]
    pub fn new(snapshot: &Value, question: &Value) -> Self {
        let demands = Demands {
            trusted_log_buckets: texts(&question["trustedLogBuckets"]),
            delivery: question["requireDelivery"] == true,
        };
        let is_list =
            |failed: &Value| failed["call"] == "DescribeTrails" || failed["call"] == "ListTrails";
        let mut observed: Vec<&Value> = Vec::new();
        for trail in list(&snapshot["trails"]) {
            // A trail that is listed twice is one trail.
            if !observed.contains(&trail) {
                observed.push(trail);
            }
        }
        Self {
            partition: snapshot["partition"].as_str().unwrap_or("aws").to_owned(),
            is_read: question["kind"] == "read",
            allowed: texts(&question["allowUnlogged"]),
            requires_deliveries: question["deliveries"] == "require",
            trails: observed.iter().map(|trail| Trail::new(trail, snapshot, &demands)).collect(),
            is_listed: snapshot["trails"].is_array() && !list(&snapshot["unreadable"]).any(is_list),
        }
    }

    /// How many trails it has.
    #[must_use]
    pub const fn trails(&self) -> usize {
        self.trails.len()
    }

    /// A trail's ARN.
    #[must_use]
    pub fn arn(&self, trail: usize) -> &str {
        &self.trails[trail].arn
    }

    /// Whether a record must be logged.
    #[must_use]
    pub fn in_scope(&self, record: &Record) -> bool {
        let scope = Scope {
            partition: &self.partition,
            is_read: self.is_read,
            allowed: &self.allowed,
            requires_deliveries: self.requires_deliveries,
        };
        scope.has(record)
    }

    /// Whether a record counts as logged by a trail, for the verdict.
    #[must_use]
    pub fn counts(&self, trail: usize, record: &Record) -> Bounds {
        self.trails[trail].counts(record)
    }

    /// Whether a trail records a record.
    #[must_use]
    pub fn records(&self, trail: usize, record: &Record) -> Bounds {
        self.trails[trail].records(record)
    }

    /// What each selector of a trail does with a record.
    #[must_use]
    pub fn selectors(&self, trail: usize, record: &Record) -> Vec<Bounds> {
        self.trails[trail].selectors(record)
    }

    /// Whether some trails all surely lose a witness. A witness that names no Region stands for a
    /// record of a Region that no single-Region trail has; it may do so only where it is not known
    /// which Region one of them has.
    #[must_use]
    pub fn is_lost(&self, witness: &Record, trails: core::ops::Range<usize>) -> bool {
        let trails = &self.trails[trails];
        if witness.get("awsRegion").is_some() {
            return trails.iter().all(|trail| !trail.records(witness).may);
        }
        let elsewhere = witness.clone().with("awsRegion", Some("xx-other-1"));
        trails.iter().any(|trail| trail.is_of_unknown_region())
            && trails
                .iter()
                .all(|trail| trail.is_of_unknown_region() || !trail.records(&elsewhere).may)
    }

    /// What is known of the account, from what its trails do: one that is not listed may log anything.
    #[must_use]
    pub const fn listed(&self, known: Bounds) -> Bounds {
        if self.is_listed { known } else { known.or(Bounds::OPEN) }
    }

    /// The account's verdict in a mode, from what each trail does alone and all do together.
    #[must_use]
    pub fn verdict(&self, mode: &str, alone: &[Coverage], together: Coverage) -> &'static str {
        let all = |verdict: &str| alone.iter().all(|trail| trail.verdict() == verdict);
        let any = |verdict: &str| alone.iter().any(|trail| trail.verdict() == verdict);
        match mode {
            _ if !self.is_listed => "INDETERMINATE",
            _ if alone.is_empty() => "NON_COMPLIANT",
            "any" if any("COMPLIANT") => "COMPLIANT",
            "any" if all("NON_COMPLIANT") => "NON_COMPLIANT",
            "every" if any("NON_COMPLIANT") => "NON_COMPLIANT",
            "every" if all("COMPLIANT") => "COMPLIANT",
            "union" => together.verdict(),
            _ => "INDETERMINATE",
        }
    }
}
