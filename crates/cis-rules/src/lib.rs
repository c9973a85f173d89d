//! Decides whether an AWS account's CloudTrail trails record every S3 object-level event.
//!
//! [`evaluate`] answers a [`question::Question`] about a [`snapshot::Snapshot`]: COMPLIANT with a
//! proof that a checker accepted, NON_COMPLIANT with a record that the matcher finds lost, or
//! INDETERMINATE with what is not known.
//!
//! The crate is pure: no input or output, no clock, no environment, no AWS SDK.
#![no_std]

extern crate alloc;

mod answer;
mod aws;
mod engine;
mod sets;
mod spec;

pub use answer::evaluate::{evaluate, evaluate_with_account};
pub use answer::{diff, explain, report};
pub use aws::field::RecordField;
pub use aws::{catalogue, controls, field, open_values, partition, record, selector, snapshot};
pub use spec::question;

/// The inside, for tests, fuzz targets and benchmarks: it changes without notice.
#[doc(hidden)]
pub mod internals {
    pub use crate::engine::{compile, gaps, problem, proof, search, witness};
    /// The string sets.
    pub mod sets {
        pub use crate::sets::*;
    }
    pub use crate::sets::region;
    pub use crate::spec::{matching, scope, trail};
}
