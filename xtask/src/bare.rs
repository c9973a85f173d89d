//! `cargo xtask bare`: the core, built for a target that has no operating system.
//!
//! Where no such target can be had, that is said and the build skipped: the toolchain may not be
//! able to fetch one.

use std::path::Path;
use std::process::Command;

use crate::step::{Failure, run};
use crate::tool::succeeds;

/// Targets that have no `std`; the first is fetched where none is installed.
const TARGETS: [&str; 4] =
    ["wasm32v1-none", "x86_64-unknown-none", "aarch64-unknown-none", "thumbv7em-none-eabi"];

/// Builds `cis-rules` for a bare target.
///
/// # Errors
/// Where the core does not build without an operating system.
pub fn bare(root: &Path) -> Result<(), Failure> {
    let Some(target) = target(root) else {
        eprintln!("    SKIPPED: none of {} is installed or can be fetched", TARGETS.join(", "));
        return Ok(());
    };
    eprintln!("    cis-rules for {target}");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--quiet", "--package", "cis-rules"]);
    run(cargo.args(["--no-default-features", "--target", target]))
}

/// An installed bare target, or the first one where it can be fetched.
fn target(root: &Path) -> Option<&'static str> {
    let rustup = || {
        let mut command = Command::new("rustup");
        command.current_dir(root);
        command
    };
    let listed = rustup().args(["target", "list", "--installed"]).output().ok()?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let installed = TARGETS.into_iter().find(|target| listed.lines().any(|line| line == *target));
    let [first, ..] = TARGETS;
    installed.or_else(|| succeeds(rustup().args(["target", "add", first])).then_some(first))
}
