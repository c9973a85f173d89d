//! The deployment's documentation, followed to the letter.
//!
//! The commands are taken from the code blocks of `infra/README.md` and run by `sh` with the real AWS
//! CLI, in a directory that looks like the repository's root. AWS is moto.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::Result;
use crate::boto::Boto;
use crate::process::{aws_environment, python};
use crate::servers::MotoDeploying;
use crate::setup;

/// The account that moto's users are in.
pub const ACCOUNT: &str = "123456789012";

/// The Region of the deployment.
pub const REGION: &str = "us-east-1";

/// What `cargo xtask package` is documented to make.
const ZIP: &str = "target/package/arm64/bootstrap.zip";

/// The one command that is not run as it is: it takes minutes.
const PACKAGE: &str = "xtask package --arch arm64";

/// Where one who follows the documentation is.
#[derive(Debug)]
pub struct Walk {
    /// The deploying user, with boto3.
    pub user: Boto,
    /// AWS.
    pub moto: MotoDeploying,
    directory: PathBuf,
    in_organization: bool,
}

impl Walk {
    /// Sets out in an account of no organization. The name is that of a directory for this walk.
    ///
    /// # Errors
    /// Where moto does not start, or the function cannot be built.
    pub fn start(name: &str) -> Result<Self> {
        let directory = fresh(name)?;
        let moto = MotoDeploying::start(&directory.join("requests"))?;
        Self::set_out(directory, moto)
    }

    /// The same with moto as anyone has it.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_as_it_is(name: &str) -> Result<Self> {
        Self::set_out(fresh(name)?, MotoDeploying::start_as_it_is()?)
    }

    fn set_out(directory: PathBuf, moto: MotoDeploying) -> Result<Self> {
        let root = xtask::root();
        symlink(root.join("infra"), directory.join("infra"))?;
        let cargo = format!(
            "#!/bin/sh\n[ \"$*\" = '{PACKAGE}' ] || exit 1\n\
             mkdir -p \"$(dirname {ZIP})\" && ln -s '{}' {ZIP}\n",
            zip()?.display()
        );
        let cargo_path = directory.join("cargo");
        fs::write(&cargo_path, cargo)?;
        fs::set_permissions(&cargo_path, fs::Permissions::from_mode(0o755))?;
        symlink(setup::binary("trailproof")?, directory.join("trailproof"))?;
        // Version 1 of the AWS CLI has an endpoint of its own for SQS, whatever the variable says.
        let cli = Path::new(python(&[])?.get_program()).with_file_name("aws");
        let aws = format!(
            "#!/bin/sh\n[ \"$1\" != sqs ] || set -- --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"\n\
             exec '{}' \"$@\"\n",
            cli.display()
        );
        let aws_path = directory.join("aws");
        fs::write(&aws_path, aws)?;
        fs::set_permissions(&aws_path, fs::Permissions::from_mode(0o755))?;
        let user = Boto::start(&moto.url())?;
        Ok(Self { user, moto, directory, in_organization: false })
    }

    /// The same in the management account of an organization with one member; that one's id.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_in_organization(name: &str) -> Result<(Self, String)> {
        let mut walk = Self::start(name)?;
        walk.in_organization = true;
        walk.call("organizations", "create_organization", json!({"FeatureSet": "ALL"}))?;
        let member = json!({"Email": "member@example.com", "AccountName": "member"});
        let made = walk.call("organizations", "create_account", member)?;
        let member = made["CreateAccountStatus"]["AccountId"].as_str().ok_or("no account")?;
        Ok((walk, member.to_owned()))
    }

    /// Runs code blocks, one after another: each the one at this position under this heading. What
    /// they wrote to the standard output.
    ///
    /// # Errors
    /// Where there is no such block, or a command fails: all that was written.
    pub fn follow(&self, blocks: &[(&str, usize)]) -> Result<String> {
        let readme = documented();
        let block = |(heading, position): (&str, usize)| {
            let found = readme.get(heading).and_then(|blocks| blocks.get(position));
            found
                .cloned()
                .ok_or_else(|| format!("infra/README.md: no block {position} of {heading}"))
        };
        // What only says how to ask; each shell needs it.
        let mut script = vec!["set -eu".to_owned(), block(("Before", 1))?];
        if self.in_organization {
            script.push(block(("In an organization", 0))?);
        }
        for wanted in blocks {
            script.push(block(*wanted)?);
        }
        let others = std::env::var_os("PATH").unwrap_or_default();
        self.run(&script.join("\n"), &self.directory, &others)
            .map_err(|error| format!("{blocks:?}: {error}").into())
    }

    /// Runs one code block in a folder, with nothing of Rust in reach.
    ///
    /// # Errors
    /// As [`follow`](Self::follow).
    pub fn follow_without_rust(&self, block: (&str, usize), folder: &Path) -> Result<String> {
        let readme = documented();
        let found = readme.get(block.0).and_then(|blocks| blocks.get(block.1));
        let script = found.ok_or_else(|| format!("infra/README.md: no block {block:?}"))?;
        let script = format!("set -eu\nif command -v cargo; then exit 9; fi\n{script}");
        self.run(&script, folder, OsStr::new("/usr/bin:/bin"))
    }

    fn run(&self, script: &str, folder: &Path, others: &OsStr) -> Result<String> {
        let bin = python(&[])?.get_program().to_owned();
        let bin = Path::new(&bin).parent().ok_or("no directory of the environment")?.to_owned();
        let mut path = folder.to_path_buf().into_os_string();
        for part in [bin.as_os_str(), others] {
            path.push(":");
            path.push(part);
        }
        let mut shell = Command::new("sh");
        aws_environment(&mut shell, &self.moto.url(), REGION);
        let ran = shell
            .env("PATH", path)
            .env("AWS_MAX_ATTEMPTS", "1")
            // Nothing may leave the machine, whatever endpoint a command takes.
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .env("NO_PROXY", "127.0.0.1")
            .current_dir(folder)
            .args(["-c", script])
            .output()?;
        if ran.status.success() {
            return Ok(String::from_utf8_lossy(&ran.stdout).into_owned());
        }
        let written = [ran.stdout, ran.stderr].concat();
        Err(format!("{}\n{}", ran.status, String::from_utf8_lossy(&written)).into())
    }

    /// Where one who follows the documentation is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Makes one call as the user.
    ///
    /// # Errors
    /// Where it fails: AWS's error code.
    pub fn call(&mut self, service: &str, method: &str, parameters: Value) -> Result<Value> {
        let answer = self.user.call(REGION, service, method, parameters.clone())?;
        answer.map_err(|code| format!("{service} {method} {parameters}: {code}").into())
    }

    /// The requests that moto's CloudFormation does not make by itself: account, region, type,
    /// logicalId, operation, input.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn requests(&self) -> Result<Vec<Value>> {
        let text = fs::read_to_string(self.directory.join("requests"))?;
        text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    /// The input of the one request of this operation that a resource stands for.
    ///
    /// # Errors
    /// Where it is not one.
    pub fn request(&self, operation: &str, logical_id: &str) -> Result<Value> {
        let mut requests = self.requests()?;
        requests.retain(|it| it["operation"] == operation && it["logicalId"] == logical_id);
        match &mut requests[..] {
            [request] => Ok(request["input"].take()),
            others => Err(format!("{operation} of {logical_id}: {others:#?}").into()),
        }
    }

    /// The physical ids of a stack's resources that moto made by itself, by logical name.
    ///
    /// # Errors
    /// Where there is no such stack.
    pub fn resources(&mut self, stack: &str) -> Result<BTreeMap<String, String>> {
        let stack = json!({"StackName": stack});
        let found = self.call("cloudformation", "describe_stack_resources", stack)?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let resources = found["StackResources"].as_array().into_iter().flatten();
        Ok(resources
            .filter_map(|it| text(&it["LogicalResourceId"]).zip(text(&it["PhysicalResourceId"])))
            .collect())
    }
}

/// The shell code blocks of `infra/README.md` by heading.
#[must_use]
pub fn documented() -> BTreeMap<String, Vec<String>> {
    blocks_of(include_str!("../../infra/README.md"))
}

/// The shell code blocks of a page by heading.
#[must_use]
pub fn blocks_of(page: &str) -> BTreeMap<String, Vec<String>> {
    let mut blocks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut heading = "";
    let mut block: Option<Vec<&str>> = None;
    for line in page.lines() {
        match &mut block {
            Some(lines) if line == "```" => {
                blocks.entry(heading.to_owned()).or_default().push(lines.join("\n"));
                block = None;
            }
            Some(lines) => lines.push(line),
            None if line == "```sh" => block = Some(Vec::new()),
            None if line.starts_with('#') => heading = line.trim_start_matches('#').trim(),
            None => {}
        }
    }
    blocks
}

/// The function's code: what `cargo xtask package` has made, or else this build's in the same form.
///
/// # Errors
/// Where neither is there and it cannot be built.
pub fn zip() -> Result<PathBuf> {
    static MADE: OnceLock<std::result::Result<PathBuf, String>> = OnceLock::new();
    let made = MADE.get_or_init(|| find_or_make_zip().map_err(|error| error.to_string()));
    Ok(made.clone()?)
}

fn find_or_make_zip() -> Result<PathBuf> {
    let packaged = xtask::root().join(ZIP);
    if packaged.exists() {
        say(&format!("the package that is deployed: {ZIP}"));
        return Ok(packaged);
    }
    say(&format!("no {ZIP}: what is deployed is this build's `bootstrap`, zipped in the same way"));
    let program = setup::binary("bootstrap")?;
    let path = setup::scratch()?.join("bootstrap.zip");
    let made = |path: &Path| fs::metadata(path).and_then(|it| it.modified());
    if made(&path).ok() < Some(made(&program)?) {
        fs::write(&path, xtask::package::zipped(&fs::read(program)?)?)?;
    }
    Ok(path)
}

/// Says something past the test's own capturing, for whoever runs the tests.
fn say(text: &str) {
    // It fails only where nobody listens.
    let _ = writeln!(std::io::stderr(), "deploy: {text}");
}

/// An empty directory of this name.
fn fresh(name: &str) -> Result<PathBuf> {
    let directory = setup::scratch()?.join("deploy").join(name);
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    Ok(directory)
}
