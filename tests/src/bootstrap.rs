//! The real `bootstrap` binary, running as Lambda runs it.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Result;
use crate::process::{Running, aws_environment};
use crate::runtime_api::{Answer, RuntimeApi};
use crate::setup;

/// How long one invocation may hang before the test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A function process behind a Runtime API endpoint.
#[derive(Debug)]
pub struct Bootstrap {
    running: Running,
    api: RuntimeApi,
}

impl Bootstrap {
    /// Starts the function with AWS at this endpoint, in this Region.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(endpoint: &str, region: &str) -> Result<Self> {
        let api = RuntimeApi::start()?;
        let mut command = Command::new(setup::binary("bootstrap")?);
        aws_environment(&mut command, endpoint, region);
        command
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", "trailproof")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/trailproof")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/21/[1]testing")
            .env("_HANDLER", "bootstrap");
        let running = Running::start(&mut command)?;
        Ok(Self { running, api })
    }

    /// Invokes the function once and waits for what it makes of the event.
    ///
    /// # Errors
    /// Where the process ends or hangs: what it wrote to standard error.
    pub fn invoke(&mut self, event: &Value) -> Result<Answer> {
        self.api.send(event);
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(answer) = self.api.answer(Duration::from_millis(200))? {
                return Ok(answer);
            }
            if !self.running.is_running() {
                return Err(format!("bootstrap has ended: {}", self.running.stderr()).into());
            }
        }
        Err(format!("bootstrap hangs: {}", self.running.stderr()).into())
    }

    /// Invokes the function once, which must answer with an error: the error's message.
    ///
    /// # Errors
    /// Where it does not.
    pub fn invoke_to_fail(&mut self, event: &Value) -> Result<String> {
        match self.invoke(event)? {
            Answer::Error(error) => Ok(error["errorMessage"]
                .as_str()
                .unwrap_or_default()
                .to_string()),
            Answer::Response(value) => Err(format!("an error was expected, not {value:#}").into()),
        }
    }

    /// Invokes the function once, which must answer well: the answer.
    ///
    /// # Errors
    /// Where it does not: the error that it reported.
    pub fn invoke_to_answer(&mut self, event: &Value) -> Result<Value> {
        match self.invoke(event)? {
            Answer::Response(value) => Ok(value),
            Answer::Error(error) => Err(format!("an answer was expected, not {error:#}").into()),
        }
    }
}
