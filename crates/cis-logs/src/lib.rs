//! CloudTrail's log files and digest files where they lie.

pub mod digest;
