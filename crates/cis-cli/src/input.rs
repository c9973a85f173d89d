//! Reading files: whole, as text, with one clear message where that fails.

use std::fs::File;
use std::io::{self, Read};

use cis_plan::Kind;
use cis_rules::record::event::Event;
use cis_rules::record::wire;
use cis_rules::snapshot::Snapshot;

use crate::args::FileOrStdin;
use crate::outcome::{Failure, reason};

/// The largest input that is read, so that a device or an endless pipe is refused and not waited for.
const LARGEST: u64 = 1 << 30;

/// Reads a file's snapshots.
///
/// # Errors
/// Where the file cannot be read, or does not hold at least one snapshot and nothing else.
pub(crate) fn snapshots(source: &FileOrStdin) -> Result<Vec<Snapshot>, Failure> {
    let text = text(source)?;
    snapshots_in(&text, source)
}

/// Reads the snapshots in a file's text.
///
/// # Errors
/// Where the text does not hold at least one snapshot and nothing else.
pub(crate) fn snapshots_in(text: &str, source: &FileOrStdin) -> Result<Vec<Snapshot>, Failure> {
    let snapshots = Snapshot::all_from_json(text).map_err(|error| {
        Failure::Refused(match Kind::of(text) {
            Kind::Plan => format!("{source}: not a snapshot, but a Terraform plan: use `--plan`"),
            Kind::Template if text.contains("Resources") => {
                format!("{source}: not a snapshot, but a CloudFormation template: use `--template`")
            }
            Kind::Template | Kind::Snapshot => format!("{source}: {error}"),
        })
    })?;
    if snapshots.is_empty() {
        return Err(Failure::Refused(format!("{source}: no snapshot: the array is empty")));
    }
    Ok(snapshots)
}

/// Reads a file that must hold exactly one snapshot.
///
/// # Errors
/// Where the file cannot be read, or holds anything else.
pub(crate) fn snapshot(source: &FileOrStdin) -> Result<Snapshot, Failure> {
    only(snapshots(source)?, source)
}

/// The only snapshot of a file.
///
/// # Errors
/// Where there are several.
pub(crate) fn only(mut all: Vec<Snapshot>, source: &FileOrStdin) -> Result<Snapshot, Failure> {
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only),
        (_, rest) => Err(Failure::Refused(format!(
            "{source}: holds {} snapshots, but only one can be looked at",
            rest + 1
        ))),
    }
}

/// Reads a file's CloudTrail records.
///
/// # Errors
/// Where the file cannot be read, or does not hold at least one record and nothing else.
pub(crate) fn events(source: &FileOrStdin) -> Result<Vec<Event>, Failure> {
    wire::events(&text(source)?).map_err(|error| Failure::Refused(format!("{source}: {error}")))
}

/// Reads a file that must hold one JSON document.
///
/// # Errors
/// Where the file cannot be read or is not JSON.
pub(crate) fn json(source: &FileOrStdin) -> Result<serde_json::Value, Failure> {
    let text = text(source)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    serde_json::from_str(text).map_err(|error| Failure::Refused(format!("{source}: {error}")))
}

/// Reads a file as text.
///
/// # Errors
/// Where the file cannot be read, is not UTF-8, or is larger than 1 GiB.
pub(crate) fn text(source: &FileOrStdin) -> Result<String, Failure> {
    let bytes = match source {
        FileOrStdin::Stdin => limited(io::stdin().lock()),
        FileOrStdin::File(path) => File::open(path).and_then(limited),
    }
    .map_err(|error| Failure::Refused(format!("cannot read {source}: {}", reason(&error))))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::Refused(format!("{source}: the input is larger than 1 GiB")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let (line, column) = position_after(before);
        Failure::Refused(format!("{source}: the text is not UTF-8 at line {line} column {column}"))
    })
}

fn limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The line and the column, in bytes from 1, of what follows this text.
fn position_after(text: &[u8]) -> (usize, usize) {
    let line = 1 + text.iter().filter(|&&byte| byte == b'\n').count();
    let column = 1 + text.iter().rev().take_while(|&&byte| byte != b'\n').count();
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_lines_and_columns_from_1() {
        assert_eq!(position_after(b""), (1, 1));
        assert_eq!(position_after(b"ab\ncd"), (2, 3));
        assert_eq!(position_after(b"ab\n"), (2, 1));
    }

    #[test]
    fn a_directory_is_named_in_the_message() {
        let error = text(&FileOrStdin::File("/".into())).unwrap_err();
        assert_eq!(error.to_string(), "cannot read `/`: is a directory");
    }
}
