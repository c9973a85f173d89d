//! Processes that end with the test that started them.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::Value;

use crate::Result;

/// Where the AWS clients of a process find their endpoint, keys and Region, and nothing else.
pub fn aws_environment(command: &mut Command, endpoint: &str, region: &str) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let nowhere = Path::new("/nonexistent");
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", nowhere)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_REGION", region)
        .env("AWS_DEFAULT_REGION", region)
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        // Nobody else uses the role that reads an organization's trail.
        .env("TRAILPROOF_LONGEST_WAIT", "0")
        .env("AWS_CONFIG_FILE", nowhere.join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", nowhere.join("credentials"));
}

/// A process that is killed, by its own id, when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stderr: Kept,
}

impl Running {
    /// Starts a process; what it writes to standard error is kept for failure messages.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let stderr = Kept::default();
        if let Some(pipe) = child.stderr.take() {
            stderr.keep(pipe);
        }
        Ok(Self { child, stderr })
    }

    /// The pipes to and from the process; they can be taken once.
    ///
    /// # Errors
    /// Where they were taken before.
    pub fn pipes(&mut self) -> Result<(ChildStdin, BufReader<ChildStdout>)> {
        let pipes = self.child.stdin.take().zip(self.child.stdout.take());
        let (input, output) = pipes.ok_or("the pipes were taken before")?;
        Ok((input, BufReader::new(output)))
    }

    /// Keeps what the process writes to standard output, instead of `pipes`.
    ///
    /// # Errors
    /// Where the pipe was taken before.
    pub fn keep_stdout(&mut self) -> Result<Kept> {
        let pipe = self.child.stdout.take();
        let kept = Kept::default();
        kept.keep(pipe.ok_or("the pipe was taken before")?);
        Ok(kept)
    }

    /// What the process has written to standard error so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// The most memory that the process ever had resident, in bytes.
    ///
    /// Source: `VmHWM`, <https://docs.kernel.org/filesystems/proc.html>
    ///
    /// # Errors
    /// Where the system does not say it.
    pub fn peak_memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(kilobytes.ok_or("no VmHWM")?.trim().parse::<u64>()? * 1024)
    }

    /// Whether the process still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a process has written to a pipe.
#[derive(Clone, Debug, Default)]
pub struct Kept(Arc<Mutex<String>>);

impl Kept {
    /// All of it so far.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, pipe: impl Read + Send + 'static) {
        let kept = self.clone();
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(std::io::Result::ok) {
                let mut text = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(&line);
                text.push('\n');
            }
        });
    }
}

/// A server in Python that prints `{"port": …}` once it listens, and ends when its input does.
#[derive(Debug)]
pub struct PythonServer {
    /// Its port on the loopback interface.
    pub port: u16,
    /// The line that it printed.
    pub said: Value,
    _input: ChildStdin,
    _running: Running,
}

impl PythonServer {
    /// Starts a module or script of the tests.
    ///
    /// # Errors
    /// Where it cannot be started or does not say its port.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let mut command = python(arguments)?;
        let mut running = Running::start(&mut command)?;
        let (input, mut output) = running.pipes()?;
        let mut line = String::new();
        output.read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let port = said["port"]
            .as_u64()
            .and_then(|port| u16::try_from(port).ok())
            .ok_or_else(|| format!("{arguments:?} did not start: {line}{}", running.stderr()))?;
        Ok(Self { port, said, _input: input, _running: running })
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// The tests' Python, in the tests' directory, with an environment that holds no one's settings.
///
/// # Errors
/// Where the Python environment cannot be made.
pub fn python(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(crate::setup::python()?);
    aws_environment(&mut command, "http://127.0.0.1:9", "us-east-1");
    command
        .current_dir(crate::setup::directory())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(arguments);
    Ok(command)
}
