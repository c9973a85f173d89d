//! The commands about S3's events and records.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../command/mod.rs"]
mod command;
mod events;
