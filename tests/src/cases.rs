//! The worked cases: accounts with the verdicts that they must get.

use std::fs;

use serde_json::Value;

use crate::Result;

/// One file of `cases/`.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file's name without `.json`.
    pub id: String,
    /// The account.
    pub snapshot: Value,
    /// Buckets that may stay unlogged.
    pub allow_unlogged: Vec<String>,
    expect: Value,
}

impl Case {
    /// The verdict that the case must get.
    #[must_use]
    pub fn expected(&self, kind: &str, mode: &str) -> &str {
        self.expect[kind][mode].as_str().unwrap_or_default()
    }

    /// A text member of the account.
    #[must_use]
    pub fn text(&self, member: &str) -> &str {
        self.snapshot[member].as_str().unwrap_or_default()
    }
}

/// Every case, by name.
///
/// # Errors
/// Where a file cannot be read, is not JSON, or there are none.
pub fn all() -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for file in fs::read_dir(crate::setup::directory().join("cases"))? {
        let path = file?.path();
        let mut case: Value = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        cases.push(Case {
            id: id.unwrap_or_default(),
            snapshot: case["snapshot"].take(),
            allow_unlogged: serde_json::from_value(case["allowUnlogged"].take())?,
            expect: case["expect"].take(),
        });
    }
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    if cases.is_empty() {
        return Err("tests/cases holds no case".into());
    }
    Ok(cases)
}
