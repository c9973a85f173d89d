//! Running a command, and saying clearly which one failed.

use std::error::Error;
use std::fmt;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Why a command did not succeed, in words for the person who ran it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with this message.
    #[must_use]
    pub const fn new(message: String) -> Self {
        Self(message)
    }

    /// The same failure with its reason, or what to do, before it.
    #[must_use]
    pub fn because(self, reason: &str) -> Self {
        Self(format!("{reason}: {}", self.0))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failure {}

/// Runs a command, its output going where ours goes.
///
/// # Errors
/// Where it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let status =
        command.status().map_err(|error| Failure::new(format!("`{}`: {error}", shown(command))))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{}`: {status}", shown(command))))
    }
}

/// Runs a command and shows what it writes only where it fails, as part of why.
///
/// # Errors
/// Where it cannot be started or does not succeed.
pub fn quietly(command: &mut Command) -> Result<(), Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("`{}`: {error}", shown(command))))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("`{}`: {}: {}", shown(command), output.status, said.trim())))
}

/// Runs one named step, saying when it starts and how long it took.
///
/// # Errors
/// Where the step fails: its name and why.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    eprintln!("==> {name}");
    let start = Instant::now();
    let done = work().map_err(|failure| failure.because(&format!("step `{name}` failed")))?;
    eprintln!("    {name}: {} s", start.elapsed().as_secs());
    Ok(done)
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_named_with_its_command() {
        let failed = step("lists", || run(Command::new("ls").arg("/nonexistent/place")));
        let message = failed.unwrap_err().to_string();
        assert!(
            message.starts_with("step `lists` failed: `ls /nonexistent/place`: exit status: "),
            "{message}"
        );
    }

    #[test]
    fn a_quiet_command_says_what_it_said_where_it_fails() {
        quietly(Command::new("sh").args(["-c", "echo much >&2"])).unwrap();
        let failed = quietly(Command::new("sh").args(["-c", "echo ' why ' >&2; exit 3"]));
        let message = failed.unwrap_err().to_string();
        assert!(message.ends_with("exit status: 3: why"), "{message}");
        let message = quietly(&mut Command::new("no-such-command")).unwrap_err();
        assert!(message.to_string().starts_with("`no-such-command`: No such file"));
    }

    #[test]
    fn a_command_that_is_not_there_is_named() {
        let message = run(&mut Command::new("no-such-command")).unwrap_err();
        assert!(message.to_string().starts_with("`no-such-command`: No such file"));
    }

    #[test]
    fn what_a_step_gives_is_given_on() {
        assert_eq!(step("counts", || Ok(3)).unwrap(), 3);
    }
}
