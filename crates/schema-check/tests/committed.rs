//! The committed schemas are what the types say.

use std::path::Path;

use cis_fix::Fixes;
use cis_logs::digest::report::Verification;
use cis_rules::schema::{Document, of_written};
use cis_sweep::difference::SweepDifference;
use cis_sweep::recorded::RecordedCompliance;
use schema_check::COMMITTED;
use serde_json::Value;

/// Each document with the schema of its types.
fn made() -> Vec<(&'static str, Value)> {
    let of_rules = Document::ALL.map(|document| (document.name(), document.schema()));
    let of_logs = (cis_evidence::schema::NAME, cis_evidence::schema::schema());
    let of_digests = ("verification", of_written::<Verification>("verification"));
    let of_sweeps = ("sweep-difference", of_written::<SweepDifference>("sweep-difference"));
    let of_recorded = ("recorded", of_written::<RecordedCompliance>("recorded"));
    let of_fixes = ("fix", of_written::<Fixes>("fix"));
    of_rules.into_iter().chain([of_logs, of_digests, of_sweeps, of_recorded, of_fixes]).collect()
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    let all = made();
    assert_eq!(COMMITTED.map(|(name, _)| name).to_vec(), Vec::from_iter(all.iter().map(|it| it.0)));
    for (name, schema) in all {
        let path = folder.join(format!("{name}.json"));
        let made = format!("{schema:#}\n");
        if std::env::var_os("TRAILPROOF_BLESS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            made == committed,
            "docs/schemas/{name}.json differs from the types; run with TRAILPROOF_BLESS=1, and read \
             the difference"
        );
    }
}
