//! What one CloudTrail record of S3 says: its level and kind, the bucket, key and objects, who
//! called, and who else received a copy.
//!
//! Pure: it reads bytes that others give it, and opens nothing. It knows no verdict.

pub mod catalogue;
mod level;

pub use level::{InvalidLevel, Level};
