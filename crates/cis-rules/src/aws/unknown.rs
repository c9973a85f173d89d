//! Facts that are not known.

use alloc::string::String;

use serde::{Deserialize, Serialize};

/// A fact that is not known, and what would settle it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Unknown {
    /// What is not known.
    pub reason: String,
    /// What to do to learn it.
    pub settled_by: String,
}
