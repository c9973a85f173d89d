//! boto3, as a user would use it.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};

use serde_json::{Value, json};

use crate::Result;
use crate::process::{Running, aws_environment, python};

/// What a call came to: its answer, or AWS's error code.
pub type Outcome = std::result::Result<Value, String>;

/// The credentials of an assumed role.
#[derive(Clone, Debug)]
pub struct Session {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
}

impl Session {
    /// The environment variables in which AWS's clients look for them.
    #[must_use]
    pub fn variables(&self) -> [(&str, &str); 3] {
        [
            ("AWS_ACCESS_KEY_ID", &self.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &self.secret_access_key),
            ("AWS_SESSION_TOKEN", &self.session_token),
        ]
    }
}

/// A Python process that makes boto3 calls.
#[derive(Debug)]
pub struct Boto {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    running: Running,
}

impl Boto {
    /// Starts boto3 against a server.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(endpoint: &str) -> Result<Self> {
        Self::with_keys(endpoint, "testing")
    }

    /// Starts boto3 with another access key, such as one that AssumeRole gave.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn with_keys(endpoint: &str, access_key: &str) -> Result<Self> {
        Self::with_variables(endpoint, &[("AWS_ACCESS_KEY_ID", access_key)])
    }

    /// Starts boto3 in a session of a role.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn in_session(endpoint: &str, session: &Session) -> Result<Self> {
        Self::with_variables(endpoint, &session.variables())
    }

    fn with_variables(endpoint: &str, variables: &[(&str, &str)]) -> Result<Self> {
        let mut command = python(&[])?;
        aws_environment(&mut command, endpoint, "us-east-1");
        command.envs(variables.iter().copied()).arg("drivers/boto_calls.py");
        let mut running = Running::start(&mut command)?;
        let (input, output) = running.pipes()?;
        Ok(Self { input, output, running })
    }

    /// Assumes a role.
    ///
    /// # Errors
    /// Where that is refused.
    pub fn assume(&mut self, role_arn: &str) -> Result<Session> {
        let asked = json!({"RoleArn": role_arn, "RoleSessionName": "testing"});
        let given = self.call("us-east-1", "sts", "assume_role", asked)??;
        let text =
            |member: &str| given["Credentials"][member].as_str().unwrap_or_default().to_owned();
        Ok(Session {
            access_key_id: text("AccessKeyId"),
            secret_access_key: text("SecretAccessKey"),
            session_token: text("SessionToken"),
        })
    }

    /// Makes one call.
    ///
    /// # Errors
    /// Where boto3 itself fails, for example because a parameter is not in its model.
    pub fn call(
        &mut self,
        region: &str,
        service: &str,
        method: &str,
        parameters: Value,
    ) -> Result<Outcome> {
        self.send(&json!({
            "region": region, "service": service, "method": method, "parameters": parameters,
        }))
    }

    /// Makes one call without boto3's own validation, to see what the server says.
    ///
    /// # Errors
    /// Where boto3 itself fails.
    pub fn call_unchecked(
        &mut self,
        region: &str,
        service: &str,
        method: &str,
        parameters: Value,
    ) -> Result<Outcome> {
        self.send(&json!({
            "region": region, "service": service, "method": method, "parameters": parameters,
            "validate": false,
        }))
    }

    fn send(&mut self, request: &Value) -> Result<Outcome> {
        writeln!(self.input, "{request}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line)
            .map_err(|_| format!("boto3 failed on {request}: {}", self.running.stderr()))?;
        Ok(match answer.get("ok") {
            Some(value) => Ok(value.clone()),
            None => Err(answer["error"]["code"].as_str().unwrap_or_default().to_string()),
        })
    }
}
