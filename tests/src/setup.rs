//! What must exist before a test can run: the Python environment and the two binaries.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::Result;

/// The Python of the tests' own environment, made on first use.
///
/// # Errors
/// Where it cannot be made.
pub fn python() -> Result<PathBuf> {
    static PYTHON: OnceLock<std::result::Result<PathBuf, String>> = OnceLock::new();
    let made = PYTHON.get_or_init(|| {
        xtask::python::environment(&xtask::root()).map_err(|failure| failure.to_string())
    });
    Ok(made.clone()?)
}

/// The directory of this crate: Python code and cases.
#[must_use]
pub fn directory() -> PathBuf {
    xtask::root().join("tests")
}

/// The directory for what tests write.
///
/// # Errors
/// Where the test runs outside a target directory.
pub fn scratch() -> Result<PathBuf> {
    let profile = profile_directory()?;
    Ok(profile.parent().ok_or("no target directory")?.join("tmp"))
}

/// The binary of this name, built from the sources as they are.
///
/// `cargo xtask test` has built it already and says so in `TRAILPROOF_BINARIES_BUILT`.
///
/// # Errors
/// Where it cannot be built.
pub fn binary(name: &str) -> Result<PathBuf> {
    static BUILT: OnceLock<std::result::Result<(), String>> = OnceLock::new();
    BUILT.get_or_init(build).clone()?;
    let path = profile_directory()?.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("{} was not built: run `cargo xtask test`", path.display()).into())
    }
}

fn build() -> std::result::Result<(), String> {
    if env::var_os("TRAILPROOF_BINARIES_BUILT").is_some() {
        return Ok(());
    }
    let target = profile_directory().map_err(|error| error.to_string())?;
    let target = target.parent().ok_or("no target directory")?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(xtask::root()).env("CARGO_TARGET_DIR", target).args([
        "build",
        "--quiet",
        "-p",
        "cis-lambda",
        "-p",
        "cis-cli",
        "--bins",
    ]);
    xtask::step::run(&mut cargo).map_err(|failure| failure.to_string())
}

/// `target/debug`, found from `target/debug/deps/<this test>`.
fn profile_directory() -> Result<PathBuf> {
    let exe = env::current_exe()?;
    let directory = exe.ancestors().nth(2).ok_or("the test runs outside a target directory")?;
    Ok(directory.to_path_buf())
}
