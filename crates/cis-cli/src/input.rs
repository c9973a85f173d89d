//! Reading files: whole, as text, with one clear message where that fails.

use std::fs::File;
use std::io::{self, Read};

use cis_plan::Kind;
use cis_rules::snapshot::Snapshot;

use crate::args::FileOrStdin;
use crate::lines::Lines;
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
            Kind::Answers => {
                format!(
                    "{source}: not a snapshot, but answers of the AWS CLI: give the path without \
                     `--snapshot`, beside what `describe-trails`, `get-trail-status` and \
                     `get-event-selectors` of `aws cloudtrail` print"
                )
            }
            Kind::Pulumi => {
                format!(
                    "{source}: not a snapshot, but what Pulumi prints: give the path without \
                     `--snapshot`"
                )
            }
            Kind::Assembly | Kind::Template | Kind::Snapshot => {
                format!("{source}: {error}")
            }
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

/// Reads a file that must hold one JSON document.
///
/// # Errors
/// Where the file cannot be read or is not JSON.
pub(crate) fn json(source: &FileOrStdin) -> Result<serde_json::Value, Failure> {
    let text = text(source)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    serde_json::from_str(text).map_err(|error| Failure::Refused(format!("{source}: {error}")))
}

/// What a file holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// A text.
    Text(String),
    /// Snapshots, one per line, and too many to be held.
    Lines(Lines),
}

/// How much is read before it is asked whether the rest can be read line by line.
const HELD: u64 = 4 << 20;

/// Reads a file: whole, or where it is a large file of one snapshot per line, line by line.
///
/// # Errors
/// Where the file cannot be read, is not UTF-8, or is larger than 1 GiB.
pub(crate) fn content(source: &FileOrStdin) -> Result<Content, Failure> {
    match source {
        FileOrStdin::Stdin => content_of(source, io::stdin().lock(), None),
        FileOrStdin::File(path) => {
            let failed = |error| cannot_read(source, &error);
            let file = File::open(path).map_err(failed)?;
            let is_regular = file.metadata().map_err(failed)?.is_file();
            content_of(source, &file, is_regular.then_some(&file))
        }
    }
}

/// Reads a stream, which may be a file that can be read again.
fn content_of(
    source: &FileOrStdin,
    mut stream: impl Read,
    file: Option<&File>,
) -> Result<Content, Failure> {
    let failed = |error| cannot_read(source, &error);
    let mut bytes = Vec::new();
    stream.by_ref().take(HELD).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 == HELD && begins_with_a_snapshot_on_a_line(&bytes) {
        return Ok(Content::Lines(match file {
            Some(file) => {
                bounded(source, file.metadata().map_err(failed)?.len())?;
                Lines::of_file(source.clone(), file.try_clone().map_err(failed)?)
            }
            None => Lines::of_stream(source.clone(), bytes.chain(stream.take(LARGEST + 1 - HELD)))?,
        }));
    }
    stream.take(LARGEST + 1 - HELD).read_to_end(&mut bytes).map_err(failed)?;
    bounded(source, bytes.len() as u64)?;
    decoded(source, bytes).map(Content::Text)
}

fn begins_with_a_snapshot_on_a_line(bytes: &[u8]) -> bool {
    let line = bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_line = line.ends_with(b"\n");
    is_line && str::from_utf8(line).is_ok_and(|line| Kind::of(line) == Kind::Snapshot)
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
    .map_err(|error| cannot_read(source, &error))?;
    bounded(source, bytes.len() as u64)?;
    decoded(source, bytes)
}

/// That a file cannot be read, and why.
pub(crate) fn cannot_read(source: &FileOrStdin, error: &io::Error) -> Failure {
    Failure::Refused(format!("cannot read {source}: {}", reason(error)))
}

/// Refuses what is larger than is read.
///
/// # Errors
/// Where the length is.
pub(crate) fn bounded(source: &FileOrStdin, length: u64) -> Result<(), Failure> {
    if length > LARGEST {
        return Err(Failure::Refused(format!("{source}: the input is larger than 1 GiB")));
    }
    Ok(())
}

/// The text in a file's bytes: UTF-8, or UTF-16 as Windows PowerShell writes it.
///
/// # Errors
/// Where it is neither.
pub(crate) fn decoded(source: &FileOrStdin, bytes: Vec<u8>) -> Result<String, Failure> {
    // A plan as Terraform stores it is an archive.
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Failure::Refused(format!(
            "{source}: it is an archive: of a plan, give what `terraform show -json PLANFILE` prints"
        )));
    }
    if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, ..] | [_, 0, ..] = bytes.as_slice() {
        return cis_plan::text_of(&bytes)
            .map_err(|error| Failure::Refused(format!("{source}: {error}")));
    }
    utf8(source, bytes)
}

/// The text in a file's bytes.
fn utf8(source: &FileOrStdin, bytes: Vec<u8>) -> Result<String, Failure> {
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
