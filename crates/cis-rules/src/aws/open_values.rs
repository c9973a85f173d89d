//! Values that a plan leaves open until deployment, and the ways to fill them in.
//!
//! A template says `Ref: LogBucket` of a bucket whose name AWS makes up, or has a parameter without
//! a value. A completion gives each such value one of its possible values. What reads plans knows
//! the ways; [`evaluate`](crate::evaluate) goes through them.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

use super::snapshot::Snapshot;

/// The ways to fill in what a plan leaves open.
pub trait Completions: fmt::Debug + Send + Sync {
    /// The buckets that the plan makes.
    fn buckets(&self) -> Vec<PlannedBucket>;

    /// What the plan's values can be compared with: bucket names, and texts in selectors.
    fn mentions(&self) -> Vec<String>;

    /// An open value that can make a difference, with all ways to fill it in. There is none where
    /// all such values are filled in, or what is left cannot be enumerated.
    fn split(&self, asked: &Asked<'_>) -> Option<Split>;
}

/// What matters of the question, and of plans of the same account.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Bucket names and texts of selectors beside those of the plan itself.
    pub mentions: &'a [String],
    /// The plan's own names of the buckets that are asked about.
    pub buckets: &'a [String],
    /// Whether it matters which bucket a trail delivers to.
    pub log_buckets: bool,
    /// The work that may still be done for the answer.
    pub budget: &'a Budget,
}

/// How much work may be done for one answer, in nodes of a plan that are read or texts that are
/// compared. It ends what a plan of many large parts would make last for hours.
#[derive(Debug)]
pub struct Budget(Cell<u64>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(4_000_000_000))
    }
}

impl Budget {
    /// Takes so much work off; false where there is no more.
    #[must_use]
    pub fn spend(&self, work: u64) -> bool {
        self.0.set(self.0.get().saturating_sub(work));
        !self.is_spent()
    }

    /// Whether there is no more.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}

/// A bucket that a plan makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedBucket {
    /// The plan's own name for it: a logical id (`LogBucket`) or an address (`aws_s3_bucket.logs`).
    pub own_name: String,
    /// Its name; none where the plan leaves that open.
    pub name: Option<String>,
}

/// An open value, with ways to fill it in that together are all there are.
#[derive(Clone, Debug)]
pub struct Split {
    /// What it is, as a noun: ``parameter `Stage` ``.
    pub what: String,
    /// How a user can give it a value.
    pub settled_by: String,
    /// The ways.
    pub ways: Vec<Way>,
}

/// One way to fill in an open value.
#[derive(Clone, Debug)]
pub struct Way {
    /// The value in words: `` `prod` ``, `any other text`.
    pub value: String,
    /// The text that stands for all values like it, with what takes its place in sentences.
    pub stand_in: Option<StandIn>,
    /// The account, so filled in.
    pub account: Snapshot,
}

/// A text that was made up for a value that nothing mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// The text: `log-bucket-made-at-deployment`.
    pub text: String,
    /// What it stands for: `${LogBucket}`.
    pub shown: String,
}

/// What a snapshot knows of its own completions: nothing, where it is no plan. It adds nothing to
/// what the snapshot says, so all are equal.
#[derive(Clone, Default)]
pub struct OpenValues(Option<Arc<dyn Completions>>);

impl OpenValues {
    /// The values that these completions fill in.
    #[must_use]
    pub fn new(completions: Arc<dyn Completions>) -> Self {
        Self(Some(completions))
    }

    /// The completions; none where no value is open.
    #[must_use]
    pub fn completions(&self) -> Option<&Arc<dyn Completions>> {
        self.0.as_ref()
    }
}

impl fmt::Debug for OpenValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "OpenValues(..)" } else { "OpenValues(none)" })
    }
}

impl PartialEq for OpenValues {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for OpenValues {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_ends_with_the_work_that_uses_it_up() {
        let budget = Budget(Cell::new(10));
        assert!(budget.spend(9) && !budget.is_spent());
        assert!(!budget.spend(1) && budget.is_spent());
        assert!(!budget.spend(0) && !Budget::default().is_spent());
    }

    #[derive(Debug)]
    struct Nothing;

    impl Completions for Nothing {
        fn buckets(&self) -> Vec<PlannedBucket> {
            Vec::new()
        }

        fn mentions(&self) -> Vec<String> {
            Vec::new()
        }

        fn split(&self, _: &Asked<'_>) -> Option<Split> {
            None
        }
    }

    #[test]
    fn open_values_tell_no_two_snapshots_apart() {
        assert_eq!(OpenValues::new(Arc::new(Nothing)), OpenValues::default());
    }
}
