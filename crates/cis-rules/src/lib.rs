//! Decides whether an AWS account's CloudTrail trails record every S3 object-level event.
#![no_std]

extern crate alloc;

pub mod controls;
pub mod matching;
pub mod question;
pub mod record;
pub mod report;
pub mod selector;
pub mod snapshot;
mod verdict;
pub use verdict::evaluate;
