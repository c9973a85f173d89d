//! Standard output: buffered, and flushed where an error can still be told.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use crate::outcome::Failure;

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
