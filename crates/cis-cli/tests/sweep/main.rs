//! Sweeps of organizations: which accounts are read, as whom, how often, and what is kept.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]
#![expect(clippy::panic, reason = "what a helper does not expect fails the test")]

#[path = "../command/mod.rs"]
mod command;
mod listing;
mod progress;
mod recorded;
mod resuming;
mod shared;
mod thousand;
mod world;
