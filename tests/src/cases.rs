//! The worked cases: accounts with the verdicts that they must get.

use std::fs;

use serde_json::{Map, Value};

use crate::Result;

/// What `deliveries` means where a case does not say it.
const IGNORE: &str = "ignore";

/// One file of `cases/`.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file's name without `.json`.
    pub id: String,
    /// The account.
    pub snapshot: Value,
    /// Buckets that may stay unlogged.
    pub allow_unlogged: Vec<String>,
    /// Whether CloudTrail's own log deliveries must be logged: `ignore` or `require`.
    pub deliveries: String,
    expect: Value,
}

impl Case {
    /// The option of the command that asks for CloudTrail's own log deliveries, where the case does.
    #[must_use]
    pub fn deliveries_option(&self) -> Vec<&str> {
        match self.deliveries.as_str() {
            IGNORE => Vec::new(),
            other => vec!["--cloudtrail-deliveries", other],
        }
    }

    /// The case's question as parameters of the rule, but for the kind and the mode.
    #[must_use]
    pub fn parameters(&self) -> Map<String, Value> {
        let mut parameters = Map::new();
        if !self.allow_unlogged.is_empty() {
            parameters
                .insert("AllowedUnloggedBuckets".to_string(), self.allow_unlogged.join(",").into());
        }
        if self.deliveries != IGNORE {
            parameters.insert("CloudTrailDeliveries".to_string(), self.deliveries.clone().into());
        }
        parameters
    }

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
            deliveries: case["deliveries"].as_str().unwrap_or(IGNORE).to_string(),
            expect: case["expect"].take(),
        });
    }
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    if cases.is_empty() {
        return Err("tests/cases holds no case".into());
    }
    Ok(cases)
}
