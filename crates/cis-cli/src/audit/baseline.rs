//! What an earlier run found: a report or a SARIF log of it. Only what is new is told, and counts.

use std::collections::HashSet;

use cis_findings::{identity, sarif};
use cis_rules::report::{AccountResult, Report, Verdict};
use serde_json::Value;

use crate::args::FileOrStdin;
use crate::input;
use crate::outcome::Failure;

/// The items that an earlier run found, by their names.
#[derive(Debug, Default)]
pub(super) struct Baseline(HashSet<String>);

impl Baseline {
    /// Reads what `--format json` or `--format sarif` wrote.
    ///
    /// # Errors
    /// Where the file cannot be read or is neither.
    pub(super) fn read(source: &FileOrStdin) -> Result<Self, Failure> {
        let document = input::json(source)?;
        let refused = |why: &str| Failure::Refused(format!("{source}: no baseline: {why}"));
        if let Some(runs) = document.get("runs").and_then(Value::as_array) {
            let results = runs.iter().filter_map(|run| run.get("results")?.as_array()).flatten();
            let names: Option<HashSet<String>> =
                results.map(|result| Some(fingerprint(result)?.to_string())).collect();
            return names.map(Self).ok_or_else(|| {
                refused("a result of the SARIF log is not of trailproof, or of an older version")
            });
        }
        if document.get("results").is_none() {
            return Err(refused(
                "it is neither a report nor a SARIF log; `trailproof audit --format json` writes one",
            ));
        }
        let report: Report = serde_json::from_value(document)
            .map_err(|error| refused(&format!("the report cannot be read: {error}")))?;
        Ok(Self(report.results.iter().flat_map(identity::names).collect()))
    }

    /// Whether an item was found before.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether an answer that is not COMPLIANT has nothing but what was found before.
    pub(super) fn knows(&self, result: &AccountResult) -> bool {
        result.verdict != Verdict::Compliant
            && identity::names(result).iter().all(|name| self.has(name))
    }
}

fn fingerprint(result: &Value) -> Option<&str> {
    result.get("partialFingerprints")?.get(sarif::FINGERPRINT)?.as_str()
}
