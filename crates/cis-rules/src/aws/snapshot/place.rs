//! Where something is written.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

/// A file, and a line in it: where a planned trail is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// The file's path, as whoever reads the files names it.
    pub file: String,
    /// The line, from 1; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match self.line {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}

/// Where one of a trail's selectors is written, or a field selector of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SelectorPlace {
    /// The selector's position among all selectors of the trail, from 0.
    pub selector: usize,
    /// The field selector's position in the selector, from 0; none where the place is the whole
    /// selector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_selector: Option<usize>,
    /// The file's path, as whoever reads the files names it.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
}
