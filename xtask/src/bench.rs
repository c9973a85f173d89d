//! `cargo xtask bench` and `cargo xtask slowest`: how long the engine takes.

use std::path::Path;
use std::process::Command;

use crate::python;
use crate::step::{Failure, run, step};

/// Where the baseline is kept.
const BASELINE: &str = "crates/cis-bench/baseline.json";

/// Runs the benchmarks and compares them with the baseline, or makes them the baseline.
///
/// # Errors
/// Where they do not build or run.
pub fn bench(root: &Path, is_blessed: bool) -> Result<(), Failure> {
    let results = root.join("target/criterion");
    step("benchmarks", || {
        run(cargo(root, &["bench", "--package", "cis-bench"]).env("CRITERION_HOME", &results))
    })?;
    let mut ratios =
        cargo(root, &["run", "--release", "--package", "cis-bench", "--bin", "ratios", "--"]);
    ratios.arg(&results).arg(root.join(BASELINE));
    if is_blessed {
        ratios.arg("--bless");
    }
    run(&mut ratios)
}

/// Searches for the slowest account that AWS allows.
///
/// # Errors
/// Where the search does not build or run.
pub fn slowest(root: &Path, seconds: &str, seed: &str) -> Result<(), Failure> {
    let found = root.join("target/slowest.json");
    let mut search =
        cargo(root, &["run", "--release", "--package", "cis-bench", "--bin", "slowest"]);
    run(search.args(["--", "search", seconds, seed]).arg(found))
}

/// Compares a whole audit of ten thousand accounts with reading their JSON alone.
///
/// # Errors
/// Where one of them does not build or run.
pub fn audit_ratio(root: &Path) -> Result<(), Failure> {
    let build = ["build", "--release", "--package", "cis-cli", "--package", "cis-bench", "--bins"];
    step("build", || run(&mut cargo(root, &build)))?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let release = target.join("release");
    let mut ratio = Command::new(release.join("audit_ratio"));
    run(ratio.arg(release.join("trailproof")).arg(root.join("tests/cases")))
}

fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(arguments);
    command
}

/// Compares the scan of logs with decompressing them, and with what else people count them with, on
/// corpora that are made for it; with a share of less than 1 on smaller ones.
///
/// # Errors
/// Where something does not build or run, or counts otherwise than the scan.
pub fn logs_ratio(root: &Path, share: &str) -> Result<(), Failure> {
    step("build", || {
        run(&mut cargo(root, &["build", "--release", "--package", "cis-corpus", "--bins"]))
    })?;
    let python = step("python environment", || python::logs_peers(root))?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let (release, corpora) = (target.join("release"), target.join("corpora"));
    for corpus in ["a", "b"] {
        let folder = corpora.join(corpus);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
        }
        step(&format!("corpus {corpus}"), || {
            run(Command::new(release.join("corpus")).arg(corpus).arg(&folder).arg(share))
        })?;
    }
    let peers = root.join("tests/logs-peers/ratio.py");
    run(Command::new(python).arg(peers).arg(&release).arg(&corpora).arg("5"))
}
