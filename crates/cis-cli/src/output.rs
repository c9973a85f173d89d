//! Standard output: buffered, and flushed where an error can still be told.

use std::io::{self, BufWriter, Seek as _, SeekFrom, StdoutLock, Write as _};

use tempfile::SpooledTempFile;

use crate::outcome::{Failure, reason};

/// Standard output while it is written to.
pub(crate) type Stdout = BufWriter<StdoutLock<'static>>;

/// Writes to standard output and flushes it.
///
/// # Errors
/// Where the output cannot be written, or what is to be written cannot be made.
pub(crate) fn to_stdout<T, E>(write: impl FnOnce(&mut Stdout) -> Result<T, E>) -> Result<T, Failure>
where
    Failure: From<E>,
{
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = write(&mut out).map_err(Failure::from).and_then(|value| {
        out.flush()?;
        Ok(value)
    });
    // What is left in the buffer after an error is not written again.
    let (_stdout, _rest) = out.into_parts();
    written
}

/// How much of what is held back stays in memory; the rest goes to a file without a name, which the
/// system removes.
const IN_MEMORY: usize = 8 << 20;

/// What is held back until all of it is there.
pub(crate) type Held = BufWriter<SpooledTempFile>;

/// One that is empty, for a part of what is written: several of them are held at once.
pub(crate) fn held() -> Held {
    with_room(IN_MEMORY / 8)
}

fn with_room(in_memory: usize) -> Held {
    BufWriter::with_capacity(1 << 16, SpooledTempFile::new(in_memory))
}

/// Appends what was held to something else that is held.
///
/// # Errors
/// Where it cannot be read or written.
pub(crate) fn append(out: &mut Held, held: Held) -> io::Result<()> {
    let mut held = held.into_inner().map_err(io::IntoInnerError::into_error)?;
    held.seek(SeekFrom::Start(0))?;
    io::copy(&mut held, out).map(drop)
}

/// Writes to standard output once all of it is there: a fault in the last account comes before the
/// first answer, and no account is read twice.
///
/// # Errors
/// Where what is to be written cannot be made, held back or written.
pub(crate) fn to_stdout_at_once<T>(
    write: impl FnOnce(&mut Held) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut held = with_room(IN_MEMORY);
    let written = write(&mut held).map_err(|failure| match failure {
        Failure::Output { error, .. } => cannot_hold(&error),
        refused @ Failure::Refused(_) => refused,
    })?;
    let mut held = held.into_inner().map_err(|error| cannot_hold(error.error()))?;
    held.seek(SeekFrom::Start(0)).map_err(|error| cannot_hold(&error))?;
    to_stdout(|out| io::copy(&mut held, out))?;
    Ok(written)
}

fn cannot_hold(error: &io::Error) -> Failure {
    Failure::Refused(format!(
        "cannot keep the answers in a temporary file: {}: set `TMPDIR` to a folder with room",
        reason(error)
    ))
}
