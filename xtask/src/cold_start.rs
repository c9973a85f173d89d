//! `cargo xtask cold-start`: the function as it is deployed, measured beside a Python function.

use std::path::Path;
use std::process::Command;

use crate::python;
use crate::step::{Failure, run, step};

/// Builds the function as it is deployed, and measures it and its peer in one run.
///
/// # Errors
/// Where something cannot be built or does not answer.
pub fn cold_start(root: &Path) -> Result<(), Failure> {
    let cargo = || {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(root);
        cargo
    };
    step("build", || {
        let build =
            ["build", "--profile", "lambda", "--package", "cis-lambda", "--bin", "bootstrap"];
        run(cargo().args(build))
    })?;
    let python = step("python environment", || python::peer(root))?;
    let test = ["test", "--package", "e2e", "--test", "cold_start"];
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    run(cargo()
        .args(test)
        .args(["--", "--ignored", "--exact", "measure", "--nocapture"])
        .env("TRAILPROOF_BOOTSTRAP", target.join("lambda/bootstrap"))
        .env("TRAILPROOF_PEER_PYTHON", python))
}
