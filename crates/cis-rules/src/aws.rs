//! What AWS says: selectors, records, accounts as they were observed, S3's events, the controls.

pub(crate) mod bucket_name;
pub mod catalogue;
pub mod controls;
pub mod field;
pub mod open_values;
pub mod partition;
pub mod record;
pub mod selector;
pub mod snapshot;
pub(crate) mod unknown;
