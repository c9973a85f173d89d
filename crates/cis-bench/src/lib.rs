//! How long the engine takes: accounts to measure it with, and a search for the slowest one that AWS
//! allows.

mod change;
pub mod configuration;
pub mod family;
pub mod search;
mod words;

use std::process::ExitCode;

/// How a measuring program ends: what went wrong is said on standard error.
#[must_use]
pub fn exit_code(done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}
