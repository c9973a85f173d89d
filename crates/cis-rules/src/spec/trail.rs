//! What one trail does with a record: its selectors, and the facts that let it count or not.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::doubts::doubts;
use crate::answer::report::Unknown;
use crate::aws::record::Record;
use crate::aws::selector::Selector;
use crate::aws::snapshot::ObservedTrail;
use crate::spec::matching::Match;

/// The event that `RecursiveLogging` false suppresses: CloudTrail's own delivery of log files.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-recursive-logging.html>
pub const DELIVERY_EVENT: &str = "PutObject";

/// The doubt about a trail with `RecursiveLogging` false that concerns [`DELIVERY_EVENT`] alone.
pub(crate) const DELIVERY_BUCKET_UNKNOWN: &str =
    "RecursiveLogging is off and the trail's S3 bucket is not known";

const LIST: &str = "DescribeTrails";
const STATUS: &str = "GetTrailStatus";
const SELECTORS: &str = "GetEventSelectors";

/// A trail as the rule sees it.
#[derive(Clone, Debug)]
pub struct Trail<'a> {
    /// The trail's ARN, or its name where the ARN was not observed.
    pub arn: &'a str,
    /// The partition of the trail's ARN.
    pub partition: &'a str,
    /// Whether the trail counts: multi-Region, logging, and this account's own or the organization's.
    pub counts: Match,
    /// The selectors; none where they were not observed.
    pub selectors: Option<&'a [Selector]>,
    /// Whether a trail without observed selectors may log data events.
    pub may_have_selectors: bool,
    /// What the trail leaves out although its selectors match.
    pub suppressed: Suppressed,
    /// Why the trail does not count.
    pub disqualified: Vec<String>,
    /// What about the trail is not known, and how to learn it.
    pub doubts: Vec<Unknown>,
    /// Whether the doubts are what a plan leaves open: they come before any about the selectors,
    /// in which some of them stand.
    pub is_left_open: bool,
}

impl Trail<'_> {
    /// What about the selectors AWS does not document, unless a plan leaves open what they are.
    pub(crate) fn selector_doubts(&self) -> Vec<Unknown> {
        let selectors = self.selectors.filter(|_| !self.is_left_open);
        selectors.map(doubts).unwrap_or_default()
    }
}

/// The records that a trail leaves out although its selectors match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppressed {
    /// None.
    Nothing,
    /// Deliveries into the trail's own bucket: [`DELIVERY_EVENT`] on ARNs that start so.
    DeliveriesInto(String),
    /// Deliveries into the trail's own bucket, which is not known.
    DeliveriesSomewhere,
}

impl<'a> Trail<'a> {
    /// An observed trail, seen from an account.
    #[must_use]
    pub fn new(observed: &'a ObservedTrail, account_id: &str, account_partition: &'a str) -> Self {
        let trail = &observed.trail;
        let arn = trail.arn.as_deref();
        let mut parts = arn.unwrap_or_default().split(':');
        let partition = parts.nth(1).unwrap_or(account_partition);
        let own = arn.map(|_| parts.nth(2) == Some(account_id));
        let is_logging = observed.status.as_ref().and_then(|status| status.is_logging);
        let mut seen = Self {
            arn: arn.or(trail.name.as_deref()).unwrap_or_default(),
            partition,
            counts: Match::Surely,
            selectors: observed.event_selectors.as_deref(),
            may_have_selectors: trail.has_custom_event_selectors != Some(false),
            suppressed: match (trail.recursive_logging, &trail.s3_bucket_name) {
                (None | Some(true), _) => Suppressed::Nothing,
                (Some(false), Some(bucket)) => {
                    Suppressed::DeliveriesInto(alloc::format!("arn:{partition}:s3:::{bucket}/"))
                }
                (Some(false), None) => Suppressed::DeliveriesSomewhere,
            },
            disqualified: Vec::new(),
            doubts: Vec::new(),
            is_left_open: !observed.open.is_empty(),
        };
        seen.note_other_failures(observed);
        let multi_region = ("whether it is multi-Region", LIST);
        seen.demand(
            trail.is_multi_region_trail,
            "it is a single-Region trail",
            multi_region,
            observed,
        );
        seen.demand(is_logging, "it is stopped", ("whether it is logging", STATUS), observed);
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
        (question, call): (&str, &str),
        observed: &ObservedTrail,
    ) {
        self.counts = self.counts.min(Match::from_fact(fact));
        match fact {
            Some(true) => {}
            Some(false) => self.disqualified.push(otherwise.to_string()),
            None => self.doubt(
                alloc::format!("{question} is not known{}", because(observed, call)),
                alloc::format!("read it with {call}, by the trail's full ARN in its home Region"),
            ),
        }
    }

    fn doubt(&mut self, reason: impl Into<String>, settled_by: impl Into<String>) {
        self.doubts.push(Unknown { reason: reason.into(), settled_by: settled_by.into() });
    }

    /// What failed besides the reading itself, such as the assuming of a role to read in: it comes
    /// first, for it is why the rest is not known.
    fn note_other_failures(&mut self, observed: &ObservedTrail) {
        let known_calls = [LIST, STATUS, SELECTORS];
        for failed in &observed.unreadable {
            if !known_calls.contains(&failed.call.as_str()) {
                self.doubt(failed.to_string(), alloc::format!("make {} succeed", failed.call));
            }
        }
    }

    fn note_doubts(&mut self, observed: &ObservedTrail) {
        if self.selectors.is_none() && self.may_have_selectors {
            self.doubt(
                alloc::format!("its event selectors are not known{}", because(observed, SELECTORS)),
                "allow cloudtrail:GetEventSelectors on the trail; an organization trail's can be read in the management account",
            );
        }
        if self.suppressed == Suppressed::DeliveriesSomewhere {
            self.doubt(DELIVERY_BUCKET_UNKNOWN, "read S3BucketName with DescribeTrails");
        }
    }

    /// Whether the trail logs a record: any selector matches, the trail counts, and nothing is suppressed.
    #[must_use]
    pub fn logs(&self, record: &Record) -> Match {
        let matched = match self.selectors {
            Some(selectors) => selectors
                .iter()
                .map(|selector| selector.matches(record, self.partition))
                .max()
                .unwrap_or(Match::No),
            None => Match::known(self.may_have_selectors).doubted(true),
        };
        matched.min(self.counts).min(self.lets_through(record))
    }

    /// Whether a record is none of those that are left out although selectors match.
    pub(crate) fn lets_through(&self, record: &Record) -> Match {
        if record.event_name != DELIVERY_EVENT {
            return Match::Surely;
        }
        match &self.suppressed {
            Suppressed::Nothing => Match::Surely,
            Suppressed::DeliveriesInto(prefix) => {
                Match::known(!record.resource.text().starts_with(prefix.as_str()))
            }
            Suppressed::DeliveriesSomewhere => Match::Maybe,
        }
    }
}

/// Why a call's answer is not known, where it failed.
fn because(observed: &ObservedTrail, call: &str) -> String {
    let failed = observed.unreadable.iter().find(|failed| failed.call == call);
    failed.map(|failed| alloc::format!(": {failed}")).unwrap_or_default()
}
