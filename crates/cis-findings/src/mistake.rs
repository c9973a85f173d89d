//! The mistake behind a NON_COMPLIANT, seen from what the selectors mean: which trail, which
//! condition, and what kind of slip it is.
//!
//! The verdict does not rest on it. It is how the verdict is told: cause, effect and fix begin with it.

mod remedy;
mod selectors;
mod telling;

use cis_rules::question::{Kind, Question};
use cis_rules::report::{AccountResult, Gap, TrailResult, Verdict};
use cis_rules::selector::{BasicSelector, FieldSelector};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

pub use self::remedy::{Line, remedy};
pub use self::telling::{hint, name, not_equals, other_trails, place, sentence, values};
use crate::evidence::{example, trails_with_results};
use crate::identity::{self, Lost};
use crate::repair::{TrailRepair, to_change};

/// The mistake that an answer is told by.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake<'a> {
    /// What kind it is.
    pub slip: Slip<'a>,
    /// The trail, if there is one.
    pub trail: Option<(&'a ObservedTrail, &'a TrailResult)>,
    /// Where in the trail's selectors, if it is in them.
    pub at: Option<At<'a>>,
    /// Whether the mistake is a setting of the trail, and its selectors lose events as well.
    pub has_selectors_too: bool,
    /// What is lost by it.
    pub lost: Option<&'a Gap>,
}

/// A place in the selectors of a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<'a> {
    /// The selector, counted from 0.
    pub selector: usize,
    /// Its name.
    pub name: Option<&'a str>,
    /// The field selector in it, counted from 0, and what it says; `None` of a basic selector.
    pub condition: Option<(usize, &'a FieldSelector)>,
    /// The basic selector, if it is one.
    pub basic: Option<&'a BasicSelector>,
}

/// The kinds of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip<'a> {
    /// There is no trail.
    NoTrail,
    /// The trail is another account's, and is no organization trail.
    AnotherAccounts,
    /// The trail is stopped.
    Stopped,
    /// The trail records one Region.
    SingleRegion,
    /// The trail delivers to a bucket that is not among the trusted ones.
    UntrustedBucket(&'a str),
    /// The trail's latest log file was not delivered: the error.
    NotDelivered(&'a str),
    /// CloudTrail's own deliveries are asked for, and the trail leaves them out.
    DeliveriesLeftOut,
    /// No selector is about S3 objects.
    NoDataEvents,
    /// The selectors take the other kind of events only.
    OtherKind(Kind),
    /// The start of a bucket's name stands where a bucket was meant: no slash at the end.
    NoSlash {
        /// What stands as the bucket's name.
        bucket: &'a str,
    },
    /// A condition leaves out these buckets.
    LeavesOutBuckets {
        /// Their names.
        buckets: Vec<&'a str>,
        /// Whether it is the trail's own log bucket and no other.
        is_own_log_bucket: bool,
    },
    /// `NotEquals` with the ARN of a bucket: it leaves out only records that name no object.
    NotEqualsBucket {
        /// The value.
        value: &'a str,
    },
    /// Only these buckets or objects are taken, so no future one is: the values.
    OnlySome {
        /// The values, as written.
        values: Vec<&'a str>,
    },
    /// The values are of another partition: they take nothing.
    OtherPartition {
        /// A value.
        value: &'a str,
        /// The trail's partition.
        partition: &'a str,
    },
    /// A `*`, which is an ordinary character.
    Star {
        /// The value.
        value: &'a str,
    },
    /// Event names, one by one, as AWS has them today.
    TodaysNames,
    /// Names of events of the other kind.
    NamesOfOtherKind {
        /// A name.
        name: &'a str,
    },
    /// Only some event names.
    SomeNames,
    /// A condition leaves out event names.
    LeavesOutNames {
        /// The names.
        names: Vec<&'a str>,
    },
    /// Only console sessions.
    ConsoleOnly,
    /// Console sessions are left out.
    NoConsole,
    /// Some callers are left out, or only some are taken.
    Callers,
    /// Another condition narrows a selector.
    Narrowed,
    /// Several conditions, or none that can be named.
    Several,
}

impl Slip<'_> {
    /// A stable name, for programs.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::NoTrail => "no-trail",
            Self::AnotherAccounts => "trail-of-another-account",
            Self::Stopped => "trail-stopped",
            Self::SingleRegion => "single-region-trail",
            Self::UntrustedBucket(_) => "untrusted-log-bucket",
            Self::NotDelivered(_) => "delivery-error",
            Self::DeliveriesLeftOut => "deliveries-left-out",
            Self::NoDataEvents => "no-s3-data-events",
            Self::OtherKind(_) => "other-kind-only",
            Self::NoSlash { .. } => "prefix-without-slash",
            Self::LeavesOutBuckets { is_own_log_bucket: true, .. } => "own-log-bucket-left-out",
            Self::LeavesOutBuckets { .. } => "buckets-left-out",
            Self::NotEqualsBucket { .. } => "not-equals-bucket",
            Self::OnlySome { .. } => "some-buckets-only",
            Self::OtherPartition { .. } => "other-partition",
            Self::Star { .. } => "star-in-value",
            Self::TodaysNames => "event-names-one-by-one",
            Self::NamesOfOtherKind { .. } => "event-names-of-other-kind",
            Self::SomeNames => "some-event-names-only",
            Self::LeavesOutNames { .. } => "event-names-left-out",
            Self::ConsoleOnly => "console-only",
            Self::NoConsole => "console-left-out",
            Self::Callers => "callers-left-out",
            Self::Narrowed => "narrowed",
            Self::Several => "not-selected",
        }
    }
}

impl<'a> Mistake<'a> {
    /// The mistake to tell an answer by; `None` where the verdict is not NON_COMPLIANT.
    #[must_use]
    pub fn of(
        snapshot: &'a Snapshot,
        question: &'a Question,
        result: &'a AccountResult,
    ) -> Option<Self> {
        if result.verdict != Verdict::NonCompliant {
            return None;
        }
        let trail = to_change(snapshot, result).into_iter().next();
        let lost = match trail {
            Some((_, trail)) => Some(lost_by(result, trail)?),
            None => result.gaps.first(),
        };
        Some(Self::behind(snapshot, question, trail, lost))
    }

    /// Each mistake behind a NON_COMPLIANT, with the item that it is: one for each region that a trail
    /// loses. Empty where the verdict is another one.
    #[must_use]
    pub fn all(
        snapshot: &'a Snapshot,
        question: &'a Question,
        result: &'a AccountResult,
    ) -> Vec<(Self, Lost<'a>)> {
        if result.verdict != Verdict::NonCompliant {
            return Vec::new();
        }
        let to_change = to_change(snapshot, result).into_iter().next();
        let of_item = |item: Lost<'a>| {
            let mut trails = trails_with_results(snapshot, result);
            let trail = match item.trail {
                Some(lost) => trails.find(|(_, trail)| std::ptr::eq(*trail, lost)),
                None => to_change,
            };
            (Self::behind(snapshot, question, trail, item.gap), item)
        };
        identity::lost(result).into_iter().map(of_item).collect()
    }

    /// The mistake because of which a trail loses this.
    fn behind(
        snapshot: &'a Snapshot,
        question: &'a Question,
        trail: Option<(&'a ObservedTrail, &'a TrailResult)>,
        lost: Option<&'a Gap>,
    ) -> Self {
        let none = Self { slip: Slip::NoTrail, trail, at: None, has_selectors_too: false, lost };
        let Some((observed, _)) = trail else { return none };
        let repair = TrailRepair::of(snapshot, question, observed);
        match (of_settings(&repair), lost) {
            (Some(slip), _) => Self { slip, has_selectors_too: repair.selectors.is_some(), ..none },
            (None, Some(gap)) => {
                let (slip, at) = selectors::slip(snapshot, question, observed, gap);
                Self { slip, at, ..none }
            }
            (None, None) => Self { slip: Slip::Several, ..none },
        }
    }

    /// The selectors of the trail that come nearest to the event that is lost, each with its condition
    /// that keeps it out; in the trail's order, the mistake's own last. Empty where a setting is the mistake.
    #[must_use]
    pub fn path(&self, snapshot: &'a Snapshot, question: &'a Question) -> Vec<At<'a>> {
        let (Some((observed, _)), Some(gap), Some(own)) = (self.trail, self.lost, self.at) else {
            return Vec::new();
        };
        let mut all = selectors::path(snapshot, question, observed, gap);
        all.retain(|at| at.selector != own.selector);
        all.push(own);
        all
    }
}

/// The ARN of a bucket that stands in a `NotEquals` of some trail: whoever wrote it most often meant to
/// leave out the bucket, and leaves out no object of it.
#[must_use]
pub fn not_equals_bucket(snapshot: &Snapshot) -> Option<&str> {
    let selectors = snapshot.trails.iter().flatten().flat_map(|trail| &trail.event_selectors);
    selectors.flatten().find_map(selectors::not_equals_bucket)
}

/// What is lost, of the trail first: its own loss is what its selectors explain.
#[must_use]
pub fn lost_by<'a>(result: &'a AccountResult, trail: &'a TrailResult) -> Option<&'a Gap> {
    let of_every_trail = || example(result).map(|(_, gap)| gap);
    trail.gaps.first().or_else(of_every_trail)
}

/// The setting because of which a trail records nothing that counts, whatever it selects.
fn of_settings<'a>(repair: &TrailRepair<'a>) -> Option<Slip<'a>> {
    let trail = &repair.observed.trail;
    if !repair.is_own && trail.is_organization_trail == Some(false) {
        return Some(Slip::AnotherAccounts);
    }
    let bucket = trail.s3_bucket_name.as_deref();
    let settings = [
        repair.start.then_some(Slip::Stopped),
        repair.extend.then_some(Slip::SingleRegion),
        bucket.filter(|_| repair.untrusted_bucket).map(Slip::UntrustedBucket),
        repair.delivery_error.map(Slip::NotDelivered),
        // Where its selectors lose more than that, they come first.
        (repair.log_deliveries && repair.selectors.is_none()).then_some(Slip::DeliveriesLeftOut),
    ];
    settings.into_iter().flatten().next()
}
