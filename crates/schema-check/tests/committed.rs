//! The committed schemas are what the types say.

use std::path::Path;

use cis_fix::Fixes;
use cis_rules::schema::{Document, written};
use schema_check::COMMITTED;

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    let of_rules = Document::ALL.map(|document| (document.name(), document.schema()));
    let of_fixes = ("fix", written::<Fixes>("fix"));
    let all: Vec<_> = of_rules.into_iter().chain([of_fixes]).collect();
    assert!(COMMITTED.iter().map(|(name, _)| name).eq(all.iter().map(|(name, _)| name)));
    for (name, schema) in all {
        let path = folder.join(format!("{name}.json"));
        let made = format!("{schema:#}\n");
        if std::env::var_os("TRAILPROOF_BLESS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            made == committed,
            "docs/schemas/{}.json differs from the types; run with TRAILPROOF_BLESS=1, and read the \
             difference",
            name
        );
    }
}
