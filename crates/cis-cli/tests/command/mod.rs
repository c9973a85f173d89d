//! Running the command as a user does.
#![allow(dead_code, reason = "each test uses some of them")]
#![expect(clippy::unwrap_used, reason = "where the command cannot be run the test has failed")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run wrote, and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Exit code 2, no answer, and exactly one message that holds these texts.
    pub(crate) fn is_refused(&self, says: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(2), ""), "{self:?}");
        assert_eq!(self.stderr.matches("error: ").count(), 1, "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        for text in says {
            assert!(self.stderr.contains(text), "`{text}` is missing: {self:?}");
        }
    }
}

/// The command, with nothing of this machine's AWS configuration.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
    command
        .args(arguments)
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("HOME", "/nonexistent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the command with this standard input. What it writes as JSON must be what its schema says.
pub(crate) fn run(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = command(arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _closed_early = writer.join().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let checked = schema_check::check_output(&stdout);
    assert!(checked.is_ok(), "{arguments:?}: {checked:?}");
    Ran { code: output.status.code(), stdout, stderr: String::from_utf8(output.stderr).unwrap() }
}

/// A file of this crate.
pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The sample account.
pub(crate) fn account() -> serde_json::Value {
    let text = std::fs::read_to_string(file("sample/account.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}
