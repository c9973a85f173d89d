//! Exact sets of strings, as they arise from `Equals`, `StartsWith`, `EndsWith` and their negations.
//!
//! A [`Partition`] is the partition of a language by a finite list of such tests: two strings are in
//! one class when every test answers alike for both. Every class that the partition lists has a
//! member, so a [`StringSet`], which is a set of classes, is empty exactly when it has no class, and
//! two sets are equal exactly when they have the same classes. What a test means is written down in
//! one place only, [`Operator::compares`](crate::aws::selector::Operator::compares).

mod affixes;
mod arn;
mod bits;
mod grid;
mod order;
mod partition;
pub mod region;
mod string_set;

pub use affixes::{Affix, AffixRange, Affixes};
pub use bits::Bits;
pub use grid::Grid;
pub use partition::{Comparisons, Language, Partition, Singleton};
pub use string_set::{Class, StringSet};
