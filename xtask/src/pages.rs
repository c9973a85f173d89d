//! What looks at the pages: Chromium, and its driver and the rules of accessibility from npm.

use std::env;
use std::env::consts::OS;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::npm;
use crate::step::{Failure, quietly};
use crate::tool::succeeds;

/// The names of the program, Debian's first.
const CHROMIUM: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// The folder with the packages, made once, and made new when the pinned versions change.
///
/// # Errors
/// Where there is no npm, or the packages cannot be installed.
pub fn packages(root: &Path) -> Result<PathBuf, Failure> {
    npm::packages(root, "tests/pages", "pages")
}

/// Chromium as it is installed: its path, for its driver does not look for it.
///
/// # Errors
/// Where it is not: how to install it.
pub fn chromium() -> Result<PathBuf, Failure> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let paths = CHROMIUM.into_iter().flat_map(|name| {
        env::split_paths(&folders).map(move |folder| folder.join(name)).collect::<Vec<_>>()
    });
    let runs = |path: &PathBuf| succeeds(Command::new(path).arg("--version"));
    paths.filter(|path| path.exists()).find(runs).ok_or_else(|| {
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
