//! The transcript in `docs/logs.md` is what the command writes.

use std::fs;

use tempfile::TempDir;

use super::command::{file, run};
use super::{blinded, deliver};

const BEGIN: &str =
    "<!-- the tests write the transcript -->\n```text\n$ trailproof logs AWSLogs/\n";

#[test]
fn the_documented_transcript_is_what_is_written() {
    let folder = TempDir::new().unwrap();
    deliver(folder.path(), "1500", &blinded());
    let ran = run(&["logs", folder.path().to_str().unwrap()], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let path = file("../../docs/logs.md");
    let text = fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once(BEGIN).unwrap();
    let (documented, tail) = rest.split_once("```").unwrap();
    if std::env::var_os("TRAILPROOF_BLESS").is_some() {
        fs::write(&path, format!("{head}{BEGIN}{}```{tail}", ran.stdout)).unwrap();
    } else {
        assert_eq!(documented, ran.stdout, "TRAILPROOF_BLESS=1 writes docs/logs.md");
    }
}
