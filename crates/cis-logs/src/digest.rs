//! Whether log files are what CloudTrail delivered, proved by its digest files.
//!
//! Every hour CloudTrail writes a digest file for each trail, account and Region: the names and
//! SHA-256 hashes of the log files that it delivered in that hour, the name and the hash of the
//! digest before, and that digest's signature. So the digests of a trail in a Region are a chain, and
//! a digest is proved by the signature that the next one repeats.
//!
//! [`verify`] reads a [`Store`](store::Store) of files and gives a
//! [`Verification`](report::Verification): faults, what could not be decided, and the time that is
//! proved.
//!
//! Sources: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html>

mod chain;
pub mod content;
pub mod file;
mod inventory;
pub mod keys;
mod links;
mod logs;
pub mod name;
mod options;
mod reading;
pub mod report;
pub mod store;
mod time;
mod trust;
mod unnamed;
mod verify;

pub use options::{DUE, Options};
pub use time::HOUR;
pub use verify::{signed, verify};
