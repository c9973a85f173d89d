//! What a line of a journal says of its account, without the account's trails.

use cis_rules::snapshot::{Cause, Unreadable};
use serde::Deserialize;

/// The members of a snapshot that say whether it is finished.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    /// The account.
    pub(super) account_id: String,
    #[serde(default)]
    unreadable: Option<Vec<Unreadable>>,
    #[serde(default)]
    trails: Option<Vec<Trail>>,
}

#[derive(Debug, Deserialize)]
struct Trail {
    #[serde(default)]
    unreadable: Option<Vec<Unreadable>>,
}

/// Reads a line.
pub(super) fn of(bytes: &[u8]) -> Result<Line, serde_json::Error> {
    serde_json::from_slice(bytes)
}

impl Line {
    /// Whether reading the account again would tell nothing else: nothing failed for a reason that
    /// passes.
    pub(super) fn is_finished(&self) -> bool {
        let of_trails = self.trails.iter().flatten().filter_map(|trail| trail.unreadable.as_ref());
        let all = self.unreadable.iter().chain(of_trails).flatten();
        !all.into_iter().any(|failed| matches!(failed.cause(), Cause::Throttled | Cause::Network))
    }
}
