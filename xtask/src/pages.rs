//! What looks at the pages: Chromium, and its driver and the rules of accessibility from npm.

use std::env::consts::OS;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Failure, quietly};
use crate::tool::succeeds;

/// The names of the program, Debian's first.
const CHROMIUM: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// The files that say which packages of npm are needed, every version pinned.
const PINNED: [&str; 2] = ["package.json", "package-lock.json"];

/// The folder with the packages, made once, and made new when the pinned versions change.
///
/// Several processes may ask at once: one makes it, the others wait.
///
/// # Errors
/// Where there is no npm, or the packages cannot be installed.
pub fn packages(root: &Path) -> Result<PathBuf, Failure> {
    let folder = root.join("target/pages");
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", folder.display()));
    fs::create_dir_all(&folder).map_err(failed)?;
    let lock = File::create(folder.join(".lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let stamp = folder.join("made-of.json");
    let pinned = PINNED.map(|name| root.join("tests/pages").join(name));
    let wanted = pinned.each_ref().map(fs::read);
    let [Ok(package), Ok(locked)] = wanted else {
        return Err(Failure::new(format!(
            "`{}` cannot be read",
            root.join("tests/pages").display()
        )));
    };
    let wanted = [package, locked].concat();
    if fs::read(&stamp).is_ok_and(|made_of| made_of == wanted) {
        return Ok(folder);
    }
    for (name, from) in PINNED.iter().zip(&pinned) {
        fs::copy(from, folder.join(name)).map_err(failed)?;
    }
    quietly(Command::new("npm").current_dir(&folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]))
    .map_err(|failure| {
        failure.because(
            "the packages of `tests/pages` cannot be installed; npm must reach its registry",
        )
    })?;
    fs::write(&stamp, wanted).map_err(failed)?;
    Ok(folder)
}

/// Chromium as it is installed.
///
/// # Errors
/// Where it is not: how to install it.
pub fn chromium() -> Result<OsString, Failure> {
    let runs = |name: &&&str| succeeds(Command::new(name).arg("--version"));
    CHROMIUM.iter().find(runs).map(OsString::from).ok_or_else(|| {
        Failure::new(
            "Chromium is not installed: `cargo xtask pages` as root, on Debian".to_string(),
        )
    })
}

/// Makes both: on Debian, Chromium is installed where this is root's process.
///
/// # Errors
/// Where one of them cannot be had.
pub fn set_up(root: &Path) -> Result<(), Failure> {
    if chromium().is_err() && OS == "linux" {
        quietly(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args([
            "install",
            "--yes",
            "--no-install-recommends",
            "chromium",
        ]))
        .map_err(|failure| failure.because("Debian's `chromium` cannot be installed"))?;
    }
    chromium()?;
    packages(root).map(drop)
}
