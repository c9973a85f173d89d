//! Standard output: buffered, and flushed where an error can still be told.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, StdoutLock, Write as _};
use std::path::Path;

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

/// One that is empty.
pub(crate) fn held() -> Held {
    BufWriter::with_capacity(1 << 16, SpooledTempFile::new(IN_MEMORY))
}

/// One that is empty, for a part of what is written: several of them are held at once.
pub(crate) fn held_part() -> Held {
    BufWriter::with_capacity(1 << 16, SpooledTempFile::new(IN_MEMORY / 8))
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

/// Writes what was held to standard output.
///
/// # Errors
/// Where it cannot be read back or written.
pub(crate) fn to_stdout_whole(held: Held) -> Result<(), Failure> {
    let mut held = rewound(held)?;
    to_stdout(|out| io::copy(&mut held, out)).map(drop)
}

/// Writes what was held to a file, in place of what that held.
///
/// # Errors
/// Where it cannot be read back or written.
pub(crate) fn to_file(held: Held, path: &Path) -> Result<(), Failure> {
    let mut held = rewound(held)?;
    let written = File::create(path).and_then(|mut file| io::copy(&mut held, &mut file));
    written
        .map(drop)
        .map_err(|error| Failure::Output { target: format!("`{}`", path.display()), error })
}

fn rewound(held: Held) -> Result<SpooledTempFile, Failure> {
    let mut held = held.into_inner().map_err(|error| cannot_hold(error.error()))?;
    held.seek(SeekFrom::Start(0)).map_err(|error| cannot_hold(&error))?;
    Ok(held)
}

/// That what is written cannot be held back.
pub(crate) fn cannot_hold(error: &io::Error) -> Failure {
    Failure::Refused(format!(
        "cannot keep the answers in a temporary file: {}: set `TMPDIR` to a folder with room",
        reason(error)
    ))
}
