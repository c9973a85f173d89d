//! Exact sets of strings, as they arise from `Equals`, `StartsWith`, `EndsWith` and their negations.
//!
//! A [`Universe`] is the partition of a language by a finite list of such tests: two strings are in
//! one class when every test answers alike for both. Every class that the universe lists has a
//! member, so a [`StringSet`], which is a set of classes, is empty exactly when it has no class, and
//! two sets are equal exactly when they have the same classes. What a test means is written down in
//! one place only, [`Operator::compares`](crate::aws::selector::Operator::compares).

mod arn;
mod bits;
mod forest;
mod grid;
mod order;
pub mod region;
mod set;
mod universe;

pub use bits::Bits;
pub use forest::{Forest, Side, Tree};
pub use grid::Grid;
pub use set::{Class, StringSet};
pub use universe::{Language, Point, Tests, Universe};
