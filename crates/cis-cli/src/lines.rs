//! A file of snapshots, one per line, that is too large to be held: it is read line by line, as
//! often as it takes.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Seek as _, SeekFrom, Write as _};

use cis_rules::snapshot::Snapshot;
use serde::de::IgnoredAny;

use crate::args::FileOrStdin;
use crate::input;
use crate::outcome::{Failure, reason};

/// The lines of a file.
#[derive(Debug)]
pub(crate) struct Lines {
    source: FileOrStdin,
    file: File,
}

/// One line.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    source: &'a FileOrStdin,
    number: usize,
    bytes: Vec<u8>,
}

impl Lines {
    /// The line that begins at this byte; its number is for messages.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn at(&self, start: u64, length: usize, number: usize) -> Result<Line<'_>, Failure> {
        let mut bytes = vec![0; length];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(start))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|error| input::cannot_read(&self.source, &error))?;
        Ok(Line { source: &self.source, number, bytes })
    }

    /// The lines of a file that can be read again.
    pub(crate) const fn of_file(source: FileOrStdin, file: File) -> Self {
        Self { source, file }
    }

    /// The lines of what can be read only once: they are kept in a file without a name, which the
    /// system removes.
    ///
    /// # Errors
    /// Where it cannot be read or kept.
    pub(crate) fn of_stream(source: FileOrStdin, mut stream: impl Read) -> Result<Self, Failure> {
        let kept = |error: io::Error| {
            let why = reason(&error);
            Failure::Refused(format!(
                "cannot keep {source} in a temporary file: {why}: write it to a file, and give that"
            ))
        };
        let mut file = tempfile::tempfile().map_err(kept)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => buffer.get(..read).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(input::cannot_read(&source, &error)),
            };
            file.write_all(read).map_err(kept)?;
        }
        let length = file.stream_position().map_err(kept)?;
        input::bounded(&source, length)?;
        Ok(Self { source, file })
    }

    /// The lines, from the first one on; a line that cannot be read is the last one.
    pub(crate) fn read(&self) -> impl Iterator<Item = Result<Line<'_>, Failure>> {
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        let mut start = Some(reader.seek(SeekFrom::Start(0)));
        let mut number = 0;
        let mut has_failed = false;
        std::iter::from_fn(move || {
            if has_failed {
                return None;
            }
            let mut bytes = Vec::new();
            let read = match start.take() {
                Some(Err(error)) => Err(error),
                Some(Ok(_)) | None => reader.read_until(b'\n', &mut bytes),
            };
            number += 1;
            match read {
                Ok(0) => None,
                Ok(_) => Some(Ok(Line { source: &self.source, number, bytes })),
                Err(error) => {
                    has_failed = true;
                    Some(Err(input::cannot_read(&self.source, &error)))
                }
            }
        })
    }
}

impl Line<'_> {
    /// The line's length in bytes, with its end.
    pub(crate) const fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The snapshots on the line: mostly one, none on an empty line.
    ///
    /// # Errors
    /// Where the line holds anything else: what is wrong, with the line and the column.
    pub(crate) fn snapshots(&self) -> Result<Vec<Snapshot>, Failure> {
        let Self { source, number, bytes } = self;
        let text = str::from_utf8(bytes).map_err(|error| {
            let column = error.valid_up_to() + 1;
            Failure::Refused(format!(
                "{source}: the text is not UTF-8 at line {number} column {column}"
            ))
        })?;
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        Snapshot::all_from_json(text).map_err(|error| {
            if serde_json::from_str::<IgnoredAny>(text).is_err_and(|error| error.is_eof()) {
                return Failure::Refused(format!(
                    "{source}: line {number} holds no whole snapshot, but the first line does, so \
                     each line must: `jq -c .` writes one per line"
                ));
            }
            // The same line at its place in the file, so that the message names that.
            let at_its_place = format!("{}{text}", "\n".repeat(number - 1));
            let error = Snapshot::all_from_json(&at_its_place).err().unwrap_or(error);
            Failure::Refused(format!("{source}: {error}"))
        })
    }
}
