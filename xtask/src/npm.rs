//! Packages of npm, every version pinned, in a folder of `target`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Failure, quietly};

/// The files that say which packages are needed.
const PINNED: [&str; 2] = ["package.json", "package-lock.json"];

/// The folder of this name with the packages that are pinned in `from`, made once, and made new when
/// the pinned versions change. No script of a package is run.
///
/// Several processes may ask at once: one makes it, the others wait.
///
/// # Errors
/// Where there is no npm, or the packages cannot be installed.
pub fn packages(root: &Path, from: &str, name: &str) -> Result<PathBuf, Failure> {
    let folder = root.join("target").join(name);
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", folder.display()));
    fs::create_dir_all(&folder).map_err(failed)?;
    let lock = File::create(folder.join(".lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let stamp = folder.join("made-of.json");
    let pinned = PINNED.map(|name| root.join(from).join(name));
    let wanted = pinned.each_ref().map(fs::read);
    let [Ok(package), Ok(locked)] = wanted else {
        return Err(Failure::new(format!("`{}` cannot be read", root.join(from).display())));
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
        failure.because(&format!(
            "the packages of `{from}` cannot be installed; npm must reach its registry"
        ))
    })?;
    fs::write(&stamp, wanted).map_err(failed)?;
    Ok(folder)
}
