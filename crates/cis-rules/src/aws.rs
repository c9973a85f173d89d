//! What AWS says: selectors, records, accounts as they were observed, S3's events, the controls.

pub mod catalogue;
pub mod controls;
pub mod record;
pub mod selector;
pub mod snapshot;
