//! The committed schemas are what the types say.

use std::path::Path;

use cis_rules::schema::Document;
use schema_check::COMMITTED;

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    assert_eq!(COMMITTED.map(|(name, _)| name), Document::ALL.map(Document::name));
    for document in Document::ALL {
        let path = folder.join(format!("{}.json", document.name()));
        let made = format!("{:#}\n", document.schema());
        if std::env::var_os("TRAILPROOF_BLESS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            made == committed,
            "docs/schemas/{}.json differs from the types; run with TRAILPROOF_BLESS=1, and read the \
             difference",
            document.name()
        );
    }
}
