//! Standard output: buffered, and flushed where an error can still be told.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use crate::outcome::Failure;

/// Writes to standard output and flushes it.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn to_stdout<T>(
    write: impl FnOnce(&mut BufWriter<StdoutLock<'static>>) -> io::Result<T>,
) -> Result<T, Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = write(&mut out).and_then(|value| {
        out.flush()?;
        Ok(value)
    });
    // What is left in the buffer after an error is not written again.
    let (_stdout, _rest) = out.into_parts();
    Ok(written?)
}
