//! `cargo xtask mutants`: the core with one thing changed at a time, so that a test must fail.

use std::path::Path;
use std::process::Command;

use crate::step::{Failure, run};
use crate::tool;

/// How many accounts each random test asks about: enough to find a changed search, and few enough
/// for a thousand runs.
const RANDOM_ACCOUNTS: &str = "1500";

/// Runs cargo-mutants on `cis-rules`; further options, such as `--file` or `--shard`, are its own.
///
/// # Errors
/// Where it is not installed, or mutants survive that `crates/cis-rules/docs/mutants.md` may have to
/// argue away.
pub fn mutants(root: &Path, options: &[String]) -> Result<(), Failure> {
    tool::needs("mutants")?;
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args(["mutants", "--package", "cis-rules", "--jobs", "1"]);
    cargo.arg("--output").arg(root.join("target")).args(options);
    run(cargo.env("TRAILPROOF_RANDOM_ACCOUNTS", RANDOM_ACCOUNTS))
        .map_err(|failure| failure.because("compare with crates/cis-rules/docs/mutants.md"))
}
