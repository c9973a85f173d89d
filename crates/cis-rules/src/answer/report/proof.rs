//! Proofs as reports write them.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::LeftOut;
use crate::aws::field::RecordField;

/// A proof that every record in scope is logged.
///
/// Step 0 is about the whole scope, and every step refers only to later ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proof {
    /// The steps.
    #[cfg_attr(feature = "schema", schemars(extend("minItems" = 1)))]
    pub steps: Vec<ProofStep>,
}

/// Why every record of a part of the scope is logged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ProofStep {
    /// One selector of one trail matches them all.
    Logged(LoggedBy),
    /// The part is split by the values of one field, and every part of that is logged.
    Split(Split),
    /// The records need not be logged.
    OutOfScope(LeftOut),
    /// Each of these steps shows it of one trail (mode `every`).
    Each(Vec<usize>),
}

impl ProofStep {
    /// The positions of the steps that this one rests on.
    #[must_use]
    pub fn refers_to(&self) -> Vec<usize> {
        match self {
            Self::Split(split) => split.parts.iter().map(|part| part.step).collect(),
            Self::Each(steps) => steps.clone(),
            Self::Logged(_) | Self::OutOfScope(_) => Vec::new(),
        }
    }
}

/// One selector of one trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoggedBy {
    /// The trail's ARN.
    pub trail: String,
    /// The selector's position in the trail's list, from 0.
    pub selector: usize,
    /// The selector's name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector_name: Option<String>,
}

/// A part of the scope, split by the values of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Split {
    /// The field.
    pub field: RecordField,
    /// The parts, which together are the whole.
    pub parts: Vec<ProofPart>,
}

/// One part of a split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProofPart {
    /// The field's values in this part, in words.
    pub values: String,
    /// The position of the step that shows this part.
    pub step: usize,
}
