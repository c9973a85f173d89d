//! The `trailproof` command, run as a user runs it.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::Result;
use crate::process::aws_environment;
use crate::setup;

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// Standard output as JSON.
    ///
    /// # Errors
    /// Where it is not JSON: all that was written.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.stdout).map_err(|error| format!("{error}: {self:?}").into())
    }
}

/// Where a run finds AWS: nowhere, unless a test says otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Aws<'a> {
    /// The endpoint's URL.
    pub endpoint: &'a str,
    /// The Region.
    pub region: &'a str,
}

/// An endpoint at which nothing listens, tried once.
pub const NO_AWS: Aws<'static> = Aws { endpoint: "http://127.0.0.1:9", region: "us-east-1" };

/// Runs `trailproof` with these arguments and this standard input.
///
/// # Errors
/// Where it cannot be run, is ended by a signal, or writes what is not text, or JSON that is not
/// what its schema says.
pub fn trailproof(aws: Aws<'_>, arguments: &[&str], input: &str) -> Result<Ran> {
    let mut command = Command::new(setup::binary("trailproof")?);
    aws_environment(&mut command, aws.endpoint, aws.region);
    if aws.endpoint == NO_AWS.endpoint {
        command.env("AWS_MAX_ATTEMPTS", "1");
    }
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut pipe = child.stdin.take().ok_or("no standard input")?;
    let input = input.to_string();
    // A run that does not read its input closes the pipe: that is no failure.
    let writer = thread::spawn(move || drop(pipe.write_all(input.as_bytes())));
    let output = child.wait_with_output()?;
    drop(writer.join());
    let stdout = String::from_utf8(output.stdout)?;
    schema_check::check_output(&stdout).map_err(|wrong| format!("{arguments:?}: {wrong}"))?;
    Ok(Ran {
        code: output.status.code().ok_or("ended by a signal")?,
        stdout,
        stderr: String::from_utf8(output.stderr)?,
    })
}
