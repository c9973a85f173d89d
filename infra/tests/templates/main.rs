//! The committed templates: as made, as linted, and as AWS takes them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what a helper cannot read fails the test")]

mod cdk;
mod committed;
mod contract;
mod deployer;
mod evaluate;
mod guard;
mod heard;
mod landing_zones;
mod limits;
mod lint;
mod read;
mod terraform;
