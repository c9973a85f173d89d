//! `trailproof schema`.

mod command;

use command::{file, run};

const NAMES: [&str; 4] = ["snapshot", "report", "explanation", "difference"];

#[test]
fn each_document_has_a_schema_which_is_the_committed_file() {
    for name in NAMES {
        let ran = run(&["schema", name], b"");
        let committed = file(&format!("../../docs/schemas/{name}.json"));
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert_eq!(ran.stdout, std::fs::read_to_string(committed).unwrap());
    }
}

#[test]
fn an_unknown_document_is_refused_with_the_list_of_those_that_are_known() {
    let ran = run(&["schema", "verdict"], b"");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains(&NAMES.join(", ")), "{ran:?}");
}
