//! What runs a program of Lambda's on this machine: nothing more, or qemu with the C library of the
//! other architecture.
//!
//! Nothing need be installed. Debian's packages are fetched and unpacked under `target`, which takes
//! no root. Whatever cannot be had is an error that says so; it is no verdict on the program.

use std::env::consts::{ARCH, OS};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::elf;
use crate::package::{Arch, GLIBC};
use crate::step::{Failure, quietly};
use crate::tool::succeeds;

/// qemu's user mode for 64-bit ARM, statically linked or not.
const PROGRAMS: [&str; 2] = ["qemu-aarch64-static", "qemu-aarch64"];

/// Debian's packages that may have it: which one does depends on the release.
const PACKAGES: [&str; 2] = ["qemu-user-static", "qemu-user"];

/// Debian's package of the C library for cross-building, and where it has it.
const LIBRARY: (&str, &str) = ("libc6-arm64-cross", "usr/aarch64-linux-gnu");

/// The words to put before a program of this architecture to run it here; none where it runs as it
/// is.
///
/// # Errors
/// Where it cannot be run here: why.
pub fn words(root: &Path, arch: Arch) -> Result<Vec<OsString>, Failure> {
    if OS != "linux" {
        return Err(Failure::new(format!("this is {OS}, and Lambda's programs need Linux")));
    }
    match (arch, ARCH) {
        (Arch::Arm64, "aarch64") | (Arch::X86_64, "x86_64") => Ok(Vec::new()),
        (Arch::Arm64, _) => {
            let place = root.join("target/qemu");
            let library = library(&place)?;
            Ok(vec![program(&place)?, "-L".into(), library.into()])
        }
        (Arch::X86_64, _) => {
            Err(Failure::new(format!("this machine is {ARCH}, and only arm64 is emulated")))
        }
    }
}

/// qemu as it is installed, or as it was fetched.
fn program(place: &Path) -> Result<OsString, Failure> {
    let runs = |program: &OsString| succeeds(Command::new(program).arg("--version"));
    if let Some(installed) = PROGRAMS.into_iter().map(OsString::from).find(runs) {
        return Ok(installed);
    }
    let mut why = Failure::new(format!("none of Debian's {} runs here", PACKAGES.join(", ")));
    for package in PACKAGES {
        match unpacked(place, package, "./usr/bin/qemu-aarch64*") {
            Ok(directory) => {
                let fetched = PROGRAMS.map(|name| directory.join("usr/bin").join(name).into());
                if let Some(fetched) = fetched.into_iter().find(runs) {
                    return Ok(fetched);
                }
            }
            Err(failure) => why = failure,
        }
    }
    Err(why.because("qemu-user is not installed and cannot be fetched"))
}

/// The directory that has the C library for 64-bit ARM, one that the package may need.
fn library(place: &Path) -> Result<PathBuf, Failure> {
    let (package, directory) = LIBRARY;
    let file = |library: &Path| library.join("lib/libc.so.6");
    let installed = Path::new("/").join(directory);
    let library = if file(&installed).exists() {
        installed
    } else {
        unpacked(place, package, &format!("./{directory}"))
            .map_err(|failure| {
                failure.because("a C library for arm64 is not installed and cannot be fetched")
            })?
            .join(directory)
    };
    let file = file(&library);
    let has = elf::needed_glibc(&fs::read(&file).map_err(|error| failed(&file, &error))?);
    if has.is_some_and(|has| has >= GLIBC) {
        return Ok(library);
    }
    let (major, minor) = GLIBC;
    Err(Failure::new(format!("`{}` is older than Lambda's, {major}.{minor}", file.display())))
}

/// A directory with what these members of a Debian package hold, all of it or nothing.
fn unpacked(place: &Path, package: &str, members: &str) -> Result<PathBuf, Failure> {
    let directory = place.join(package);
    if directory.exists() {
        return Ok(directory);
    }
    let part = place.join(format!("{package}.part"));
    match fs::remove_dir_all(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&part, &error)),
        _ => fs::create_dir_all(&part).map_err(|error| failed(&part, &error))?,
    }
    let archive = downloaded(place, &part, package)?;
    extract(&archive, &part, members)?;
    fs::remove_file(&archive)
        .and_then(|()| fs::rename(&part, &directory))
        .map_err(|error| failed(&directory, &error))?;
    Ok(directory)
}

/// Downloads a package by this machine's list of packages; where that is missing or out of date, by
/// one made anew under `target`.
fn downloaded(place: &Path, directory: &Path, package: &str) -> Result<PathBuf, Failure> {
    let apt = |options: &[OsString], words: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.current_dir(directory).args(["-o", "Acquire::Retries=1"]).args(options).args(words);
        quietly(&mut apt)
    };
    apt(&[], &["download", package]).or_else(|first| {
        let mut options = Vec::new();
        for (option, own) in [("Dir::State::Lists=", "lists"), ("Dir::Cache=", "cache")] {
            let own = place.join(own);
            fs::create_dir_all(&own).map_err(|error| failed(&own, &error))?;
            let mut option = OsString::from(option);
            option.push(own);
            options.extend(["-o".into(), option]);
        }
        let update = apt(&options, &["update"]);
        // What this machine's own list came to says best why there is nothing.
        update.and_then(|()| apt(&options, &["download", package])).map_err(|_| first)
    })?;
    let files = fs::read_dir(directory).map_err(|error| failed(directory, &error))?;
    let mut files = files.flatten().map(|file| file.path());
    files.find(|file| file.extension().is_some_and(|extension| extension == "deb")).ok_or_else(
        || Failure::new(format!("apt-get has put no package into `{}`", directory.display())),
    )
}

/// Takes members out of a package, without the rest: qemu's package has all its other machines too.
fn extract(archive: &Path, directory: &Path, members: &str) -> Result<(), Failure> {
    let mut dpkg = Command::new("dpkg-deb");
    let mut dpkg = dpkg
        .arg("--fsys-tarfile")
        .arg(archive)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("`dpkg-deb`: {error}")))?;
    let mut tar = Command::new("tar");
    tar.arg("-x").arg("-C").arg(directory).args(["--wildcards", members]);
    if let Some(files) = dpkg.stdout.take() {
        tar.stdin(files);
    }
    let status = tar.status();
    // With it the pipe closes, so that dpkg-deb ends too where tar did not read to the end.
    drop(tar);
    let sent = dpkg.wait();
    match (status, sent) {
        (Ok(status), Ok(sent)) if status.success() && sent.success() => Ok(()),
        outcome => Err(Failure::new(format!(
            "`{members}` cannot be taken out of `{}`: {outcome:?}",
            archive.display()
        ))),
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_of_this_machine_needs_nothing() {
        let own = if ARCH == "x86_64" { Arch::X86_64 } else { Arch::Arm64 };
        assert_eq!(words(&crate::root(), own).unwrap(), Vec::<OsString>::new());
    }

    #[test]
    fn what_was_unpacked_once_is_not_fetched_again() {
        let place = std::env::temp_dir().join(format!("trailproof-qemu-{}", std::process::id()));
        let there = place.join("no-such-package");
        fs::create_dir_all(&there).unwrap();
        assert_eq!(unpacked(&place, "no-such-package", "./usr").unwrap(), there);
        fs::remove_dir_all(&place).unwrap();
    }

    #[test]
    fn what_cannot_be_unpacked_is_named() {
        let archive = Path::new("/nonexistent/some.deb");
        let message = extract(archive, &std::env::temp_dir(), "./usr").unwrap_err().to_string();
        // The second where there is no dpkg-deb, the first where there is.
        assert!(["some.deb", "`dpkg-deb`"].iter().any(|it| message.contains(it)), "{message}");
    }
}
