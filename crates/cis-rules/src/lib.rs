//! Decides whether an AWS account's CloudTrail trails record every S3 object-level event.
//!
//! [`evaluate`] answers a [`question::Question`] about a [`snapshot::Snapshot`]: COMPLIANT with a
//! proof that a checker accepted, NON_COMPLIANT with a record that the matcher finds lost, or
//! INDETERMINATE with what is not known.
//!
//! The crate is pure: no input or output, no clock, no environment, no AWS SDK.
#![no_std]

extern crate alloc;

pub mod catalogue;
pub mod controls;
pub mod coverage;
pub mod diff;
mod doubts;
pub mod explain;
pub mod footprint;
pub mod matching;
pub mod partition;
pub mod question;
pub mod record;
pub mod region;
pub mod report;
pub mod scope;
pub mod selector;
pub mod snapshot;
pub mod strings;
mod template;
pub mod trail;
mod verdict;
mod words;

pub use verdict::evaluate;
