//! Makes log files as CloudTrail writes them, with the digests that prove them, for tests and
//! measurements.

pub mod bucket;
pub mod digests;
pub mod tampering;
