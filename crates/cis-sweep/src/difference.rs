//! What got worse between two sweeps: the shape that every program reads (schemaVersion 1).

use cis_rules::diff::Difference;
use cis_rules::snapshot::Snapshot;
use serde::{Deserialize, Serialize};

/// What got worse between two sweeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SweepDifference {
    /// The version of this shape: 1.
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::version"))]
    pub schema_version: u32,
    /// Accounts in both sweeps that lost something: it was surely logged before and is not surely logged
    /// now. In the order of the sweep before.
    pub worse: Vec<Difference>,
    /// Accounts that are only in the sweep before.
    pub vanished: Vec<Vanished>,
    /// Accounts that are only in the sweep after.
    pub new: Vec<Known>,
    /// How many accounts there are of each sort.
    pub totals: Totals,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Known {
    /// The 12-digit account id.
    pub account_id: String,
    /// Its label.
    pub name: Option<String>,
}

/// An account of which the sweep after says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Vanished {
    /// The 12-digit account id.
    pub account_id: String,
    /// Its label.
    pub name: Option<String>,
    /// Whether something of it was surely logged before, of which it is not known whether it still is.
    pub was_logged: bool,
}

/// How many accounts there are of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Accounts in both sweeps.
    pub compared: usize,
    /// Those of them that lost something.
    pub worse: usize,
    /// Those that lost nothing and gained something.
    pub better: usize,
    /// Those that lost and gained nothing.
    pub same: usize,
    /// Accounts that are only in the sweep before.
    pub vanished: usize,
    /// Accounts that are only in the sweep after.
    pub new: usize,
}

impl Totals {
    /// Counts an account of both sweeps.
    pub const fn compare(&mut self, is_loss: bool, is_gain: bool) {
        self.compared += 1;
        *match (is_loss, is_gain) {
            (true, _) => &mut self.worse,
            (false, true) => &mut self.better,
            (false, false) => &mut self.same,
        } += 1;
    }
}

impl SweepDifference {
    /// The version that this library writes.
    pub const SCHEMA_VERSION: u32 = 1;
}

/// An account of which nothing is known but its id: what a sweep says of one that it does not have.
#[must_use]
pub fn unobserved(snapshot: &Snapshot) -> Snapshot {
    Snapshot {
        trails: None,
        unreadable: Vec::new(),
        read_by: None,
        collected_at: None,
        ..snapshot.clone()
    }
}
