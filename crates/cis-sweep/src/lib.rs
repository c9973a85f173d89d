//! Sweeping the accounts of an organization: which of them are read, how many at a time, what is
//! finished when a sweep is interrupted, and what got worse between two sweeps.
//!
//! Nothing here asks AWS. A list of accounts comes from a file ([`list`]) or from AWS Organizations;
//! [`selection`] says which of them are read and which are skipped; [`limit`] how many are read at a
//! time; [`journal`] keeps what was read, so that a later run goes on from there; [`difference`] is what
//! two sweeps differ in, and [`recorded`] what AWS Config has recorded of the same accounts.

pub mod account;
pub mod difference;
pub mod journal;
pub mod limit;
pub mod list;
pub mod recorded;
pub mod selection;

/// The schema of a `schemaVersion`.
#[cfg(feature = "schema")]
fn version(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({"type": "integer", "const": 1})
}
