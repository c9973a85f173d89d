//! The two servers that stand for AWS: moto, and the tests' own stand-in.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Result;
use crate::http;
use crate::process::PythonServer;

/// moto's server, with the errors corrected that would mislead any reader of trails.
#[derive(Debug)]
pub struct Moto(PythonServer);

impl Moto {
    /// Starts a fresh moto.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start() -> Result<Self> {
        PythonServer::start(&["drivers/moto_corrected.py", "--as-is"]).map(Self)
    }

    /// Starts a fresh moto that describes trails rightly.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start_corrected() -> Result<Self> {
        PythonServer::start(&["drivers/moto_corrected.py"]).map(Self)
    }

    /// Starts a fresh moto that describes trails rightly, makes the templates' stacks, and can
    /// enforce policies; see `drivers/moto_enforcing.py`.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start_enforcing() -> Result<Self> {
        PythonServer::start(&["drivers/moto_enforcing.py"]).map(Self)
    }

    /// From now on allows what policies allow, or else everything.
    ///
    /// # Errors
    /// Where moto does not answer.
    pub fn enforce(&self, policies: bool) -> Result {
        // How many calls are still free.
        let free = if policies { "0" } else { "inf" };
        http::request(self.0.port, "POST", "/moto-api/reset-auth", free).map(|_| ())
    }

    /// Forgets everything that was created.
    ///
    /// # Errors
    /// Where moto does not answer.
    pub fn reset(&self) -> Result {
        http::request(self.0.port, "POST", "/moto-api/reset", "").map(|_| ())
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }
}

/// moto's server in plain HTTP and behind TLS, as it is.
#[derive(Debug)]
pub struct MotoTwice {
    server: PythonServer,
    directory: Directory,
}

impl MotoTwice {
    /// Starts a fresh moto.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start() -> Result<Self> {
        let name = format!("trailproof-moto-{}", std::process::id());
        let directory = Directory(std::env::temp_dir().join(name));
        fs::create_dir_all(&directory.0)?;
        let path = directory.0.to_str().ok_or("a path that is no text")?;
        let server = PythonServer::start(&["drivers/moto_twice.py", path])?;
        Ok(Self { server, directory })
    }

    /// Its URL in plain HTTP.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Its URL behind TLS.
    #[must_use]
    pub fn tls_url(&self) -> String {
        format!("https://127.0.0.1:{}", self.server.said["tlsPort"])
    }

    /// The authorities that its clients are to trust.
    #[must_use]
    pub fn bundle(&self) -> PathBuf {
        self.directory.0.join("bundle.pem")
    }
}

/// A directory of its own, removed at the end.
#[derive(Debug)]
struct Directory(PathBuf);

impl Drop for Directory {
    fn drop(&mut self) {
        // What is left behind is in the system's temporary directory.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// moto's server with what its CloudFormation lacks for the templates; see
/// `drivers/moto_deploying.py`.
#[derive(Debug)]
pub struct MotoDeploying(PythonServer);

impl MotoDeploying {
    /// Starts a fresh moto. The file gets the requests that it does not make by itself.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(requests: &Path) -> Result<Self> {
        let requests = requests.to_str().ok_or("a path that is no text")?;
        PythonServer::start(&["drivers/moto_deploying.py", requests]).map(Self)
    }

    /// Starts a fresh moto as it is.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start_as_it_is() -> Result<Self> {
        PythonServer::start(&["drivers/moto_corrected.py", "--as-is"]).map(Self)
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Whether moto makes resources of this type by itself.
    #[must_use]
    pub fn makes(&self, kind: &str) -> bool {
        self.0.said["makes"].as_array().is_some_and(|makes| makes.iter().any(|it| it == kind))
    }
}

/// The tests' own stand-in for AWS; see `standin/__init__.py`.
#[derive(Debug)]
pub struct Standin(PythonServer);

impl Standin {
    /// Starts an empty stand-in.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start() -> Result<Self> {
        PythonServer::start(&["-m", "standin"]).map(Self)
    }

    /// Starts a stand-in with this world.
    ///
    /// # Errors
    /// Where it does not start or refuses the world.
    pub fn with(world: &Value) -> Result<Self> {
        let standin = Self::start()?;
        standin.set_world(world)?;
        Ok(standin)
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Its port on the loopback interface.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.0.port
    }

    /// Replaces everything: accounts, rules, tokens, roles, faults, what was put, the log of calls.
    ///
    /// # Errors
    /// Where the stand-in refuses the world.
    pub fn set_world(&self, world: &Value) -> Result {
        self.put("world", world)
    }

    /// Replaces the faults.
    ///
    /// # Errors
    /// Where the stand-in refuses a fault, for example one that AWS could not answer with.
    pub fn set_faults(&self, faults: &Value) -> Result {
        self.put("faults", faults)
    }

    /// Replaces one account's trails, and nothing else.
    ///
    /// # Errors
    /// Where the stand-in refuses the account.
    pub fn set_account(&self, account: &Value) -> Result {
        self.put("account", account)
    }

    /// Every call so far: service, operation, region, accountId, input, outcome.
    ///
    /// # Errors
    /// Where the stand-in does not answer.
    pub fn calls(&self) -> Result<Vec<Value>> {
        self.get("calls")
    }

    /// The calls of one operation.
    ///
    /// # Errors
    /// Where the stand-in does not answer.
    pub fn calls_of(&self, operation: &str) -> Result<Vec<Value>> {
        let mut calls = self.calls()?;
        calls.retain(|call| call["operation"] == operation);
        Ok(calls)
    }

    /// The outcomes of one operation's calls, in order.
    ///
    /// # Errors
    /// Where the stand-in does not answer.
    pub fn outcomes_of(&self, operation: &str) -> Result<Vec<String>> {
        let calls = self.calls_of(operation)?;
        let outcome = |call: &Value| call["outcome"].as_str().unwrap_or_default().to_string();
        Ok(calls.iter().map(outcome).collect())
    }

    /// What is stored for rules: rule, accountId, region, evaluations.
    ///
    /// # Errors
    /// Where the stand-in does not answer.
    pub fn evaluations(&self) -> Result<Vec<Value>> {
        self.get("evaluations")
    }

    /// The findings that were imported.
    ///
    /// # Errors
    /// Where the stand-in does not answer.
    pub fn findings(&self) -> Result<Vec<Value>> {
        self.get("findings")
    }

    /// That no request so far broke a service model, and no answer did.
    ///
    /// # Errors
    /// Where one did: that call.
    pub fn check_models(&self) -> Result {
        for call in self.calls()? {
            if call["outcome"] == "ValidationException" || call["outcome"] == "StandinBroken" {
                return Err(format!("a call breaks its model: {call:#}").into());
            }
        }
        Ok(())
    }

    fn put(&self, what: &str, value: &Value) -> Result {
        let path = format!("/_control/{what}");
        http::request(self.0.port, "PUT", &path, &value.to_string()).map(|_| ())
    }

    fn get(&self, what: &str) -> Result<Vec<Value>> {
        let text = http::request(self.0.port, "GET", &format!("/_control/{what}"), "")?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// A world of one account, with one rule and one token `token` for it.
#[must_use]
pub fn world_of(snapshot: &Value) -> Value {
    let place = json!({
        "accountId": snapshot["accountId"],
        "region": snapshot["region"],
    });
    let mut rule = place.clone();
    rule["name"] = json!(crate::event::RULE_NAME);
    let mut token = place;
    token["rule"] = json!(crate::event::RULE_NAME);
    json!({
        "caller": snapshot["accountId"],
        "accounts": [snapshot],
        "rules": [rule],
        "tokens": {"token": token},
    })
}
