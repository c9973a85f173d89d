//! Whatever bytes are given as YAML: they are read the same each time or refused at a place, and
//! what is resolved in them (aliases, merge keys, comments that are set apart) takes bounded time.

use std::time::{Duration, Instant};

use cis_plan::{PlanError, Setting};

/// Far more than the slowest document of a fuzzer's size takes, one with as many aliases as are read,
/// under a sanitizer and on a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

/// Reads a template that is no JSON.
pub(crate) fn yaml(data: &[u8]) {
    let Ok(text) = cis_plan::text_of(data) else { return };
    // What stands behind the first line keeps it from being read as JSON.
    let text = format!("# YAML\n{text}");
    let setting = Setting { region: Some("us-east-1".to_string()), ..Setting::default() };
    let start = Instant::now();
    let read = cis_plan::template(&text, &setting);
    assert!(start.elapsed() < LONGEST, "reading took {:?}", start.elapsed());
    assert_eq!(read, cis_plan::template(&text, &setting), "reading is not repeatable");
    if let Err(PlanError::Syntax { what, line, column }) = read {
        assert!(!what.is_empty());
        assert!(line >= 1 && column >= 1, "{what} at line {line} column {column}");
        assert!(line <= lines(&text) + 1, "{what} at line {line}");
    }
}

/// The lines of a text as YAML counts them: a carriage return by itself ends one, too.
fn lines(text: &str) -> usize {
    text.replace("\r\n", "\n").split(['\n', '\r']).count()
}
