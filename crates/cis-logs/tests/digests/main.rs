//! Verification of chains of digests that are made here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod layouts;
mod memory;
mod properties;
mod tampering;
