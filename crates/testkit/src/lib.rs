//! What tests, fuzz targets and benchmarks share: accounts, questions and records by chance, and a
//! naive model of what the rule means.
//!
//! The generators take the names, the values and the examples of a record's fields from the table of
//! fields, [`cis_rules::field`], so that a new field or a new example is tried everywhere. The
//! [`model`] shares nothing with the library.

#![expect(
    clippy::unwrap_used,
    reason = "what is unwrapped here was made here, and a test fails by panicking"
)]

pub mod accounts;
pub mod brute;
pub mod chance;
pub mod model;
pub mod question;
pub mod records;
pub mod selectors;
pub mod texts;
