//! Tools that some commands need and that nothing here installs silently.

use std::process::{Command, Stdio};

use crate::step::Failure;

/// Makes sure that a subcommand of cargo is there.
///
/// # Errors
/// Where it cannot be started: how to install it.
pub fn needs(subcommand: &str) -> Result<(), Failure> {
    // Not the program by its own name: some take cargo's word for the subcommand first.
    if succeeds(Command::new("cargo").args([subcommand, "--version"])) {
        Ok(())
    } else {
        let program = format!("cargo-{subcommand}");
        Err(Failure::new(format!("`{program}` is needed: `cargo install {program}`")))
    }
}

/// Makes sure that a Rust toolchain is there.
///
/// # Errors
/// Where it is not: how to install it.
pub fn needs_toolchain(name: &str) -> Result<(), Failure> {
    if succeeds(Command::new("rustc").args([&format!("+{name}"), "--version"])) {
        Ok(())
    } else {
        let install = format!("rustup toolchain install {name}");
        Err(Failure::new(format!("the toolchain `{name}` is needed: `{install}`")))
    }
}

/// Whether a command can be started and succeeds; what it writes is not shown.
#[must_use]
pub fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_how_to_get_it() {
        let message = needs("no-such-tool").unwrap_err().to_string();
        let install = "`cargo install cargo-no-such-tool`";
        assert_eq!(message, format!("`cargo-no-such-tool` is needed: {install}"));
        let message = needs_toolchain("no-such-channel").unwrap_err().to_string();
        assert!(message.ends_with("`rustup toolchain install no-such-channel`"), "{message}");
    }

    #[test]
    fn what_is_there_is_enough() {
        needs("clippy").unwrap();
    }
}
