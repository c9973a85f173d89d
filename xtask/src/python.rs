//! The tests' own Python environment: made once, remade when the pinned requirements change.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Failure, run};

/// The oldest Python that the pinned requirements accept.
const OLDEST: (u32, u32) = (3, 10);

/// The file that says what the environment was made of, written last.
const STAMP: &str = "trailproof-requirements.txt";

/// The Python of the tests' environment, with everything in the requirements file installed.
///
/// Several processes may ask at once: one makes the environment, the others wait for it.
///
/// # Errors
/// Where there is no Python, it is too old, or the packages cannot be installed.
pub fn environment(root: &Path) -> Result<PathBuf, Failure> {
    made_of(root, "tests/requirements.txt", "venv")
}

/// The Python that the function's peer runs in.
///
/// # Errors
/// As [`environment`].
pub fn peer(root: &Path) -> Result<PathBuf, Failure> {
    made_of(root, "tests/peer/requirements.txt", "peer-venv")
}

/// The Python that the scan of logs is compared with others in.
///
/// # Errors
/// As [`environment`].
pub fn logs_peers(root: &Path) -> Result<PathBuf, Failure> {
    made_of(root, "tests/logs-peers/requirements.txt", "logs-peers-venv")
}

/// The Python that has Terraform, as a library.
///
/// # Errors
/// As [`environment`].
pub fn terraform(root: &Path) -> Result<PathBuf, Failure> {
    made_of(root, "tests/terraform/requirements.txt", "terraform-venv")
}

/// The Python of the environment that has zig, and cargo's way to link with it.
///
/// # Errors
/// As [`environment`].
pub fn zig(root: &Path) -> Result<PathBuf, Failure> {
    made_of(root, "xtask/package-requirements.txt", "zig-venv")
}

/// The Python of the environment of this name, made anew when its requirements change.
fn made_of(root: &Path, requirements: &str, name: &str) -> Result<PathBuf, Failure> {
    let requirements = root.join(requirements);
    let wanted = fs::read(&requirements)
        .map_err(|error| Failure::new(format!("{}: {error}", requirements.display())))?;
    let target = root.join("target");
    let venv = target.join(name);
    let python = venv.join("bin").join("python");
    let stamp = venv.join(STAMP);

    let _guard = locked(&target)?;
    if fs::read(&stamp).is_ok_and(|made_of| made_of == wanted) && python.exists() {
        return Ok(python);
    }
    check_version()?;
    create(&venv)?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args([OsStr::new("--requirement"), requirements.as_os_str()]))
    .map_err(|failure| {
        failure.because(&format!(
            "the packages of `{}` cannot be installed; pip must reach PyPI, or the index that it is \
             set up with",
            requirements.display()
        ))
    })?;
    fs::write(&stamp, wanted)
        .map_err(|error| Failure::new(format!("{}: {error}", stamp.display())))?;
    Ok(python)
}

/// Holds other processes back until it is dropped.
fn locked(target: &Path) -> Result<File, Failure> {
    let path = target.join("venv.lock");
    fs::create_dir_all(target)
        .and_then(|()| File::create(&path))
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

fn check_version() -> Result<(), Failure> {
    let (major, minor) = OLDEST;
    run(Command::new("python3").args([
        "-c",
        &format!(
            "import sys; sys.exit(sys.version_info < ({major}, {minor}) \
             and f'Python {major}.{minor} or newer is needed, this is {{sys.version}}')"
        ),
    ]))
    .map_err(|failure| failure.because("`python3` is needed"))
}

/// An empty environment; Python without `ensurepip` lends its own pip.
fn create(venv: &Path) -> Result<(), Failure> {
    let with = |options: &[&str]| {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).args(options).arg(venv))
    };
    with(&[]).or_else(|_| {
        with(&["--without-pip"])?;
        run(Command::new("python3")
            .args(["-m", "pip", "--python"])
            .arg(venv.join("bin").join("python"))
            .args(["install", "--quiet", "pip"]))
        .map_err(|failure| failure.because("install Python's `venv` module (Debian: python3-venv)"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_made_once() {
        let root = crate::root();
        let stamp = root.join("target/venv").join(STAMP);
        let python = environment(&root).unwrap();
        let made = fs::metadata(&stamp).unwrap().modified().unwrap();
        assert_eq!(environment(&root).unwrap(), python);
        assert_eq!(fs::metadata(&stamp).unwrap().modified().unwrap(), made);
        run(Command::new(python).args(["-c", "import boto3, moto.server"])).unwrap();
    }
}
