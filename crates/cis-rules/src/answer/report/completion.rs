//! What a plan becomes once its open values are filled in.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Gap, Proof};

/// What a plan becomes with some values, and why the verdict holds then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// The values that are filled in. Those that are not make no difference.
    pub values: Vec<Filled>,
    /// Why every record is logged, where the verdict is COMPLIANT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// What is lost, where the verdict is NON_COMPLIANT: by all trails, or by each one something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// A value that a plan leaves open, filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Filled {
    /// What is filled in: ``parameter `Stage` ``.
    pub value_of: String,
    /// With what, in words: `` `prod` ``, `any other text`.
    pub value: String,
}
