//! The ways in which a trail's set of selectors can be made to take every event of some kinds.
//!
//! The ways are offered with the smallest first, and none is trusted: the planner has the engine
//! decide the account as each would leave it.

mod advanced;
mod basic;
mod convert;

pub(crate) use advanced::every_object;

use cis_rules::question::BucketName;
use cis_rules::{Deliveries, Kind};

use crate::selectors::SelectorSet;

/// What a set must take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Want<'a> {
    /// The kinds of events that are missing.
    pub(crate) kinds: &'a [Kind],
    /// Buckets that may stay unlogged.
    pub(crate) allowed: &'a [BucketName],
    /// Whether CloudTrail's own deliveries are asked for.
    pub(crate) deliveries: Deliveries,
    /// The trail's partition.
    pub(crate) partition: &'a str,
    /// The bucket that the trail delivers to.
    pub(crate) log_bucket: Option<&'a str>,
}

impl Want<'_> {
    /// The kinds in words: `write`, `write and read`.
    pub(crate) fn kinds_in_words(&self) -> String {
        self.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" and ")
    }

    /// Whether the trail's own log bucket may stay unlogged.
    pub(crate) fn allows_log_bucket(&self) -> bool {
        self.log_bucket.is_some_and(|bucket| self.allowed.iter().any(|it| it.as_str() == bucket))
    }

    /// The start of the ARNs in each bucket that may stay unlogged.
    pub(crate) fn allowed_starts(&self) -> Vec<String> {
        let starts = self.allowed.iter().map(|bucket| self.objects_of(bucket.as_str()));
        starts.collect()
    }

    /// The start of the ARNs of a bucket's objects.
    pub(crate) fn objects_of(&self, bucket: &str) -> String {
        format!("arn:{}:s3:::{bucket}/", self.partition)
    }
}

/// What is done to a set. The order is that of preference, where everything else is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EditKind {
    /// A condition is made narrower, so that it leaves out only what may be left out.
    NarrowCondition,
    /// The conditions on the trail's own log bucket go, and `RecursiveLogging` is set to false.
    OwnLogBucket,
    /// One more advanced selector, which leaves out the buckets that may stay unlogged.
    SelectorWithExceptions,
    /// One more advanced selector.
    AdvancedSelector,
    /// One more entry in a basic selector of the same kind.
    BasicEntry,
    /// One more entry in a basic selector of both kinds that has data resources already.
    SharedBasicEntry,
    /// One more basic selector.
    BasicSelector,
    /// One more entry in a basic selector of both kinds that has no data resources.
    WiderBasicEntry,
    /// The conditions of a selector go.
    RemoveConditions,
    /// The same set in advanced selectors, and one more.
    Conversion,
    /// The same, leaving out the buckets that may stay unlogged.
    ConversionWithExceptions,
}

impl EditKind {
    /// Whether basic selectors become advanced ones.
    pub(crate) const fn is_conversion(self) -> bool {
        matches!(self, Self::Conversion | Self::ConversionWithExceptions)
    }

    /// What is done, in words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::NarrowCondition => "narrow a condition",
            Self::OwnLogBucket => "RecursiveLogging false in place of an excluded log bucket",
            Self::SelectorWithExceptions => "one more selector, without the excepted buckets",
            Self::AdvancedSelector => "one more selector",
            Self::BasicEntry => "an entry in a basic selector",
            Self::SharedBasicEntry | Self::WiderBasicEntry => {
                "an entry in a basic selector of both kinds"
            }
            Self::BasicSelector => "one more basic selector",
            Self::RemoveConditions => "remove conditions",
            Self::Conversion => "convert basic selectors to advanced ones",
            Self::ConversionWithExceptions => {
                "convert basic selectors to advanced ones, without the excepted buckets"
            }
        }
    }
}

/// A set after an edit.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    /// What is done.
    pub(crate) kind: EditKind,
    /// The whole set.
    pub(crate) set: SelectorSet,
    /// Why, in a sentence.
    pub(crate) why: String,
}

/// Every way to edit a set, the smallest first.
pub(crate) fn edits(set: &SelectorSet, want: &Want<'_>) -> Vec<Edit> {
    let mut edits = match set {
        SelectorSet::Basic(selectors) => {
            let mut edits = basic::edits(selectors, want);
            edits.extend(convert::edits(selectors, want));
            edits
        }
        SelectorSet::Advanced(selectors) => advanced::edits(selectors, want),
    };
    edits.sort_by_key(|edit| edit.kind);
    edits
}
