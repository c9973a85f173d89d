//! What one trail does with a record: its selectors, and the facts that let it count or not.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::doubts::doubts;
use crate::aws::field::RecordField;
use crate::aws::partition::is_enabled_by_default;
use crate::aws::record::Record;
use crate::aws::selector::Selector;
use crate::aws::snapshot::{Cause, ObservedTrail, RecursiveLogging, Snapshot, Unreadable};
use crate::aws::unknown::Unknown;
use crate::spec::matching::Match;
use crate::spec::question::{BucketName, Question};
use crate::spec::scope::is_delivery;

const LIST: &str = "DescribeTrails";
const STATUS: &str = "GetTrailStatus";
const SELECTORS: &str = "GetEventSelectors";
const READ_SELECTORS: &str = "allow cloudtrail:GetEventSelectors on the trail; an organization trail's \
                              can be read in the management account";

/// Why a single-Region trail does not count.
pub(crate) const SINGLE_REGION: &str = "it is a single-Region trail";

/// Why a trail that does not log does not count.
pub(crate) const STOPPED: &str = "it is stopped";

/// How the doubt begins whether a trail is a multi-Region one.
pub(crate) const WHETHER_MULTI_REGION: &str = "whether it is multi-Region";

/// A trail as the rule sees it.
#[derive(Clone, Debug)]
pub struct Trail<'a> {
    /// The trail's ARN, or its name where the ARN was not observed.
    pub arn: &'a str,
    /// The partition of the trail's ARN.
    pub partition: &'a str,
    /// Whether what the trail records counts for the account: it is logging, is this account's own
    /// or the organization's, and meets what the question demands of trails.
    pub records: Match,
    /// The Regions whose events it records.
    pub reach: Reach<'a>,
    /// The selectors; `None` if they were not observed.
    pub selectors: Option<&'a [Selector]>,
    /// Whether a trail without observed selectors may log data events.
    pub may_have_selectors: bool,
    /// Whether CloudTrail's own deliveries of log files are recorded: `RecursiveLogging`.
    pub records_deliveries: Match,
    /// Why the trail does not count.
    pub disqualified: Vec<String>,
    /// What about the trail is not known, and how to learn it.
    pub doubts: Vec<Unknown>,
    /// Whether the doubts are what a plan leaves open: they come before any about the selectors,
    /// in which some of them stand.
    pub is_left_open: bool,
}

/// The Regions whose events a trail records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach<'a> {
    /// Every Region that is enabled.
    EveryRegion,
    /// Its home Region only, where that is known.
    HomeRegion(Option<&'a str>),
    /// At least its home Region, where that is known.
    Unknown(Option<&'a str>),
}

impl Reach<'_> {
    /// Whether it has the events of a Region; `None` stands for a Region that is not known.
    #[must_use]
    pub fn has(self, region: Option<&str>) -> Match {
        match self {
            Self::EveryRegion => Match::Surely,
            Self::HomeRegion(Some(home)) => Match::from_fact(region.map(|region| region == home)),
            Self::HomeRegion(None) => Match::Maybe,
            Self::Unknown(home) if home.is_some() && home == region => Match::Surely,
            Self::Unknown(_) => Match::Maybe,
        }
    }
}

/// What a question demands of a trail before it counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Demands<'q> {
    /// Where it is not empty, the buckets to which a trail must deliver.
    pub trusted_log_buckets: &'q [BucketName],
    /// Whether a trail must deliver its log files.
    pub delivery: bool,
}

impl<'q> Demands<'q> {
    /// The demands of a question.
    #[must_use]
    pub fn of(question: &'q Question) -> Self {
        Self {
            trusted_log_buckets: &question.trusted_log_buckets,
            delivery: question.require_delivery,
        }
    }
}

impl Trail<'_> {
    /// Whether the trail counts for the verdict: for that it must be multi-Region, too.
    #[must_use]
    pub fn counts(&self) -> Match {
        self.records.min(match self.reach {
            Reach::EveryRegion => Match::Surely,
            Reach::HomeRegion(_) => Match::No,
            Reach::Unknown(_) => Match::Maybe,
        })
    }

    /// Whether it records one Region only, which is not known.
    pub(crate) const fn is_of_unknown_region(&self) -> bool {
        matches!(self.reach, Reach::HomeRegion(None))
    }

    /// What about the selectors AWS does not document, unless a plan leaves open what they are.
    pub(crate) fn selector_doubts(&self) -> Vec<Unknown> {
        let selectors = self.selectors.filter(|_| !self.is_left_open);
        selectors.map(doubts).unwrap_or_default()
    }
}

impl<'a> Trail<'a> {
    /// An observed trail, seen from an account.
    #[must_use]
    pub fn new(observed: &'a ObservedTrail, snapshot: &'a Snapshot, demands: Demands<'_>) -> Self {
        let trail = &observed.trail;
        let arn = trail.arn.as_deref();
        let mut parts = arn.unwrap_or_default().split(':');
        let partition = parts.nth(1).unwrap_or(&snapshot.partition);
        let of_arn = parts.nth(1).filter(|region| !region.is_empty());
        let own = arn.map(|_| parts.next() == Some(snapshot.account_id.as_str()));
        let home = trail.home_region.as_deref().or(of_arn);
        let mut seen = Self {
            arn: arn.or(trail.name.as_deref()).unwrap_or_default(),
            partition,
            records: Match::Surely,
            reach: match trail.is_multi_region_trail {
                Some(true) => Reach::EveryRegion,
                Some(false) => Reach::HomeRegion(home),
                None => Reach::Unknown(home),
            },
            selectors: observed.event_selectors.as_deref(),
            may_have_selectors: trail.has_custom_event_selectors != Some(false),
            records_deliveries: match trail.recursive_logging {
                RecursiveLogging::On => Match::Surely,
                RecursiveLogging::Off => Match::No,
                RecursiveLogging::LeftOpen => Match::Maybe,
            },
            disqualified: Vec::new(),
            doubts: Vec::new(),
            is_left_open: !observed.open.is_empty(),
        };
        seen.note_other_failures(observed);
        match seen.reach {
            Reach::EveryRegion => {}
            Reach::HomeRegion(_) => seen.disqualified.push(SINGLE_REGION.into()),
            Reach::Unknown(_) => seen.doubt_fact((WHETHER_MULTI_REGION, LIST), observed),
        }
        let is_logging = observed.status.as_ref().and_then(|status| status.is_logging);
        seen.demand(is_logging, STOPPED, ("whether it is logging", STATUS), observed);
        seen.note_opt_in_region(observed, home);
        let organization = match own {
            Some(true) => Some(true),
            Some(false) => trail.is_organization_trail,
            None => trail.is_organization_trail.filter(|yes| *yes),
        };
        seen.demand(
            organization,
            "it belongs to another account and is not an organization trail",
            ("whether it is this account's own or the organization's", LIST),
            observed,
        );
        seen.note_demands(observed, demands);
        seen.note_doubts(observed);
        if seen.is_left_open {
            seen.doubts.clone_from(&observed.open);
        }
        seen
    }

    fn demand(
        &mut self,
        fact: Option<bool>,
        otherwise: &str,
        question: (&str, &str),
        observed: &ObservedTrail,
    ) {
        self.records = self.records.min(Match::from_fact(fact));
        match fact {
            Some(true) => {}
            Some(false) => self.disqualified.push(otherwise.to_string()),
            None => self.doubt_fact(question, observed),
        }
    }

    fn doubt_fact(&mut self, (question, call): (&str, &str), observed: &ObservedTrail) {
        self.doubt(
            alloc::format!("{question} is not known{}", because(observed, call)),
            settling(
                observed,
                call,
                alloc::format!("read it with {call}, by the trail's full ARN in its home Region"),
            ),
        );
    }

    /// Doubts a status that another account read in a Region that this account may not have enabled.
    fn note_opt_in_region(&mut self, observed: &ObservedTrail, home: Option<&str>) {
        // Where the calls are not told, any may have been made so.
        let is_read_through = observed.read_through.as_ref().is_some_and(|read| {
            read.calls.is_empty() || read.calls.iter().any(|call| call == STATUS)
        });
        if !is_read_through || home.is_some_and(|home| is_enabled_by_default(home, self.partition))
        {
            return;
        }
        self.records = self.records.min(Match::Maybe);
        let region = home.unwrap_or("a Region that is not known");
        self.doubt(
            alloc::format!(
                "its status was read by another account, and its home Region, {region}, is not \
                 enabled by default: a member that has not enabled it sends nothing"
            ),
            "read GetTrailStatus from the account itself",
        );
    }

    fn note_demands(&mut self, observed: &ObservedTrail, demands: Demands<'_>) {
        let bucket = observed.trail.s3_bucket_name.as_deref();
        if !demands.trusted_log_buckets.is_empty() {
            let is_trusted = bucket.map(|bucket| {
                demands.trusted_log_buckets.iter().any(|trusted| trusted.as_str() == bucket)
            });
            let otherwise = alloc::format!(
                "it delivers to `{}`, which is no trusted log bucket",
                bucket.unwrap_or_default()
            );
            self.demand(is_trusted, &otherwise, ("to which bucket it delivers", LIST), observed);
        }
        if demands.delivery {
            // A status without the member is one without an error.
            let error = observed.status.as_ref().map(|status| {
                status.latest_delivery_error.as_deref().filter(|error| !error.is_empty())
            });
            let otherwise = alloc::format!(
                "its latest log file was not delivered: {}",
                error.flatten().unwrap_or_default()
            );
            self.demand(
                error.map(|error| error.is_none()),
                &otherwise,
                ("whether it delivers its log files", STATUS),
                observed,
            );
        }
    }

    fn doubt(&mut self, reason: impl Into<String>, settled_by: impl Into<String>) {
        self.doubts.push(Unknown { reason: reason.into(), settled_by: settled_by.into() });
    }

    /// Calls that failed besides those that read the trail, such as AssumeRole. They come first:
    /// they are why the rest is not known.
    fn note_other_failures(&mut self, observed: &ObservedTrail) {
        let known_calls = [LIST, STATUS, SELECTORS];
        for failed in &observed.unreadable {
            if !known_calls.contains(&failed.call.as_str()) {
                let settled_by = alloc::format!("make {} succeed{}", failed.call, failed.said());
                self.doubt(failed.to_string(), settled_by);
            }
        }
    }

    fn note_doubts(&mut self, observed: &ObservedTrail) {
        if self.selectors.is_none() && self.may_have_selectors {
            self.doubt(
                alloc::format!("its event selectors are not known{}", because(observed, SELECTORS)),
                settling(observed, SELECTORS, READ_SELECTORS.to_string()),
            );
        }
    }

    /// Whether the trail records a record: a selector matches it, the trail has events of its Region,
    /// and the trail does not leave it out as one of CloudTrail's deliveries.
    #[must_use]
    pub fn logs(&self, record: &Record) -> Match {
        self.selects(record).min(self.reach.has(record.get(RecordField::AwsRegion)))
    }

    /// The same, wherever the record's event took place.
    #[must_use]
    pub fn selects(&self, record: &Record) -> Match {
        let matched = match self.selectors {
            Some(selectors) => selectors
                .iter()
                .map(|selector| selector.matches(record, self.partition))
                .max()
                .unwrap_or(Match::No),
            None => Match::known(self.may_have_selectors).doubted(true),
        };
        matched.min(self.records).min(self.lets_through(record))
    }

    /// Whether the trail keeps a record that its selectors match: it may leave out deliveries.
    pub(crate) fn lets_through(&self, record: &Record) -> Match {
        if is_delivery(record) { self.records_deliveries } else { Match::Surely }
    }
}

/// Why a call's answer is not known, where it failed.
fn because(observed: &ObservedTrail, call: &str) -> String {
    failed(observed, call).map(|failed| alloc::format!(": {failed}")).unwrap_or_default()
}

/// What makes a call succeed: `usually` where a permission is missing, else by what it failed with.
fn settling(observed: &ObservedTrail, call: &str, usually: String) -> String {
    match failed(observed, call) {
        None => usually,
        Some(failed) => match failed.cause() {
            Cause::Denied | Cause::Other => usually + &failed.said(),
            _ => failed.settled_by(),
        },
    }
}

fn failed<'a>(observed: &'a ObservedTrail, call: &str) -> Option<&'a Unreadable> {
    observed.unreadable.iter().find(|failed| failed.call == call)
}
