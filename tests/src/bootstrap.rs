//! The real `bootstrap` binary, running as Lambda runs it.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Result;
use crate::process::{Kept, Running, aws_environment};
use crate::runtime_api::{Answer, RuntimeApi};
use crate::setup;

/// How long one invocation may hang before the test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// The function's timeout, unless a test says another.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A function process behind a Runtime API endpoint.
#[derive(Debug)]
pub struct Bootstrap {
    running: Running,
    log: Kept,
    api: RuntimeApi,
}

impl Bootstrap {
    /// Starts the function with AWS at this endpoint, in this Region.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(endpoint: &str, region: &str) -> Result<Self> {
        Self::start_with(endpoint, region, &[])
    }

    /// The same, with more environment variables.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start_with(endpoint: &str, region: &str, variables: &[(&str, &str)]) -> Result<Self> {
        Self::start_as(Command::new(setup::binary("bootstrap")?), endpoint, region, variables)
    }

    /// The same, with a function that this command starts.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start_as(
        mut command: Command,
        endpoint: &str,
        region: &str,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        aws_environment(&mut command, endpoint, region);
        Self::run(command.envs(variables.iter().copied()), RuntimeApi::start()?)
    }

    /// Starts this command as a function of this endpoint. What it is told of the function already
    /// stays.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn run(command: &mut Command, api: RuntimeApi) -> Result<Self> {
        let told: Vec<_> = command.get_envs().map(|(name, _)| name.to_owned()).collect();
        let of_function = [
            ("AWS_LAMBDA_FUNCTION_NAME", "trailproof"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/trailproof"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/21/[1]testing"),
            ("_HANDLER", "bootstrap"),
        ];
        command.env("AWS_LAMBDA_RUNTIME_API", api.address());
        command.envs(of_function.into_iter().filter(|(name, _)| !told.iter().any(|it| it == name)));
        let mut running = Running::start(command)?;
        let log = running.keep_stdout()?;
        Ok(Self { running, log, api })
    }

    /// What the function has logged to standard output so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Waits until the function has logged a line that holds all of these texts.
    ///
    /// # Errors
    /// Where it does not: what it logged.
    pub fn logs(&self, texts: &[&str]) -> Result {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let log = self.log();
            if log.lines().any(|line| texts.iter().all(|text| line.contains(text))) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err(format!("no line of the log holds {texts:?}: {}", self.log()).into())
    }

    /// Invokes the function once, in the rule's own account, and waits for what it makes of it.
    ///
    /// # Errors
    /// Where the process ends or hangs: what it wrote to standard error.
    pub fn invoke(&mut self, event: &Value) -> Result<Answer> {
        self.invoke_within(event, TIMEOUT)
    }

    /// The same, with this timeout.
    ///
    /// # Errors
    /// Where the process ends or hangs: what it wrote to standard error.
    pub fn invoke_within(&mut self, event: &Value, timeout: Duration) -> Result<Answer> {
        let rule = event["configRuleArn"].as_str().unwrap_or_default();
        let mut parts = rule.split(':').skip(1);
        let partition = parts.next().unwrap_or("aws");
        let region = parts.nth(1).unwrap_or("us-east-1");
        let account = event["accountId"].as_str().unwrap_or("111122223333");
        let arn = format!("arn:{partition}:lambda:{region}:{account}:function:trailproof");
        self.invoke_arn(&arn, event, timeout)
    }

    /// Invokes the function once as a function of this account.
    ///
    /// # Errors
    /// Where the process ends or hangs: what it wrote to standard error.
    pub fn invoke_in(
        &mut self,
        partition: &str,
        region: &str,
        account: &str,
        event: &Value,
    ) -> Result<Answer> {
        let arn = format!("arn:{partition}:lambda:{region}:{account}:function:trailproof");
        self.invoke_arn(&arn, event, TIMEOUT)
    }

    /// The endpoint.
    #[must_use]
    pub const fn api(&self) -> &RuntimeApi {
        &self.api
    }

    /// The most memory that the function ever had resident, in bytes.
    ///
    /// # Errors
    /// Where the system does not say it.
    pub fn peak_memory(&self) -> Result<u64> {
        self.running.peak_memory()
    }

    fn invoke_arn(&mut self, arn: &str, event: &Value, timeout: Duration) -> Result<Answer> {
        self.api.send(arn, event, timeout);
        self.answer()
    }

    /// Waits for what the function makes of the event that it was sent.
    ///
    /// # Errors
    /// Where the process ends or hangs: what it wrote to standard error.
    pub fn answer(&mut self) -> Result<Answer> {
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

    /// Invokes the function once, which must answer with an error.
    ///
    /// # Errors
    /// Where it does not.
    pub fn invoke_to_fail(&mut self, event: &Value) -> Result<Failed> {
        self.invoke(event)?.failed()
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

/// An error that the function reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its name.
    pub error_type: String,
    /// Its message.
    pub message: String,
}

impl Answer {
    /// The error that the answer must be.
    ///
    /// # Errors
    /// Where it is none.
    pub fn failed(self) -> Result<Failed> {
        match self {
            Self::Error(error) => Ok(Failed {
                error_type: error["errorType"].as_str().unwrap_or_default().to_string(),
                message: error["errorMessage"].as_str().unwrap_or_default().to_string(),
            }),
            Self::Response(value) => Err(format!("an error was expected, not {value:#}").into()),
        }
    }
}
