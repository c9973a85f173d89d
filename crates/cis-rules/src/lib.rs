//! Decides whether an AWS account's CloudTrail trails record every S3 object-level event.
#![no_std]

extern crate alloc;

pub mod catalogue;
pub mod controls;
pub mod footprint;
pub mod matching;
pub mod question;
pub mod record;
pub mod region;
pub mod report;
pub mod scope;
pub mod selector;
pub mod snapshot;
pub mod strings;
mod verdict;
pub use verdict::evaluate;
pub mod trail;
pub mod coverage;
