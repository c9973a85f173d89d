//! `cargo xtask package`: the function's code as Lambda takes it, a zip with one file in it.
//!
//! zig links it, for both architectures and against the C library that Lambda has, so it does not
//! matter what the machine has that it is made on. Nothing of that machine is in it: paths are
//! mapped away, and the zip says neither when nor by whom it was made.

use std::fs;
use std::io::{self, Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::elf::{self, Machine};
use crate::places::Places;
use crate::python;
use crate::step::{Failure, quietly, run};

/// The C library of Amazon Linux 2023, which `provided.al2023` is.
///
/// Source: <https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html>
pub(crate) const GLIBC: (u32, u32) = (2, 34);

/// A program that is built for others to run.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The package of the workspace that it is in.
    pub package: &'static str,
    /// Its name there.
    pub bin: &'static str,
    /// The profile that it is built with.
    pub profile: &'static str,
    /// The oldest C library that it runs with.
    pub glibc: (u32, u32),
}

/// The function.
pub const FUNCTION: Program =
    Program { package: "cis-lambda", bin: "bootstrap", profile: "lambda", glibc: GLIBC };

/// The command. The C library is that of 2012, which every Linux with glibc that is still cared for
/// has.
pub const COMMAND: Program =
    Program { package: "cis-cli", bin: "trailproof", profile: "release", glibc: (2, 17) };

/// An architecture of Lambda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arch {
    /// AWS Graviton.
    Arm64,
    /// Intel and AMD.
    X86_64,
}

impl Arch {
    /// The architectures, as Lambda spells them.
    pub const ALL: [(&'static str, Self); 2] = [("arm64", Self::Arm64), ("x86_64", Self::X86_64)];

    /// The architecture of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(its, arch)| (its == name).then_some(arch))
    }

    /// Lambda's name of it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    /// Rust's name of its target.
    #[must_use]
    pub const fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }

    const fn machine(self) -> Machine {
        match self {
            Self::Arm64 => Machine::Aarch64,
            Self::X86_64 => Machine::X86_64,
        }
    }
}

/// What a build needs that is not in the checkout.
#[derive(Debug)]
pub struct Tools {
    arch: Arch,
    python: PathBuf,
}

impl Tools {
    /// Fetches what is not there yet: Rust's standard library for the target, from where rustup has
    /// it, and zig, from PyPI.
    ///
    /// # Errors
    /// Where one of them cannot be had: why, and what to do.
    pub fn fetch(root: &Path, arch: Arch) -> Result<Self, Failure> {
        add_target(root, arch)?;
        Ok(Self { arch, python: python::zig(root)? })
    }
}

/// Where the zip of an architecture is. There is none while it has not been made, and none after a
/// try that failed.
#[must_use]
pub fn path(root: &Path, arch: Arch) -> PathBuf {
    root.join("target/package").join(arch.name()).join("bootstrap.zip")
}

/// Makes `bootstrap.zip`; where it is.
///
/// # Errors
/// Where the build fails, where the result would not run on Lambda, and where it tells of this
/// machine.
pub fn package(root: &Path, tools: &Tools) -> Result<PathBuf, Failure> {
    let path = path(root, tools.arch);
    remove(&path)?;
    let program = program(root, tools, FUNCTION)?;
    let zip = zipped(&program).map_err(|error| Failure::new(format!("zip: {error}")))?;
    let directory = path.with_file_name("");
    fs::create_dir_all(directory)
        .and_then(|()| fs::write(&path, &zip))
        .map_err(|error| failed(&path, &error))?;
    Ok(path)
}

/// Builds a program for the tools' architecture; its bytes.
///
/// # Errors
/// Where the build fails, where the result would not run elsewhere, and where it tells of this
/// machine.
pub fn program(root: &Path, tools: &Tools, what: Program) -> Result<Vec<u8>, Failure> {
    let places = fetched_places(root, tools.arch)?;
    let built = build(root, tools, &places, what)?;
    let program = fs::read(&built).map_err(|error| failed(&built, &error))?;
    check(&program, tools.arch, what.glibc)?;
    match places.named_in(&program) {
        None => Ok(program),
        Some(place) => Err(Failure::new(format!(
            "what was built names `{}`, a place of this machine",
            place.display()
        ))),
    }
}

/// Unpacks the zip, with the permissions that it has; where the program is.
///
/// # Errors
/// Where there is no zip, or it cannot be unpacked.
pub fn unpacked(root: &Path, arch: Arch) -> Result<PathBuf, Failure> {
    let zip = path(root, arch);
    let directory = zip.with_file_name("unpacked");
    let bytes = fs::read(&zip).map_err(|error| failed(&zip, &error))?;
    // What was unpacked before is no part of this zip.
    let unpack = || {
        if directory.exists() {
            fs::remove_dir_all(&directory)?;
        }
        ZipArchive::new(Cursor::new(bytes))?.extract(&directory)
    };
    unpack().map_err(|error| Failure::new(format!("{}: {error}", zip.display())))?;
    Ok(directory.join("bootstrap"))
}

/// Removes the zip, so that an older one is never taken for what could not be built.
///
/// # Errors
/// Where it is there and cannot be removed.
pub fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, &error)),
        _ => Ok(()),
    }
}

/// The target's standard library, fetched where it is not there.
fn add_target(root: &Path, arch: Arch) -> Result<(), Failure> {
    let target = arch.target();
    let mut sysroot = Command::new("rustc");
    let sysroot = sysroot.current_dir(root).args(["--print", "target-libdir", "--target", target]);
    let printed = sysroot.output().map(|output| output.stdout).unwrap_or_default();
    if Path::new(String::from_utf8_lossy(&printed).trim()).exists() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    quietly(rustup.current_dir(root).args(["target", "add", target])).map_err(|failure| {
        failure.because(&format!(
            "Rust's standard library for {target} is not installed and cannot be fetched; install \
             it with what installed Rust, or rustup from https://rustup.rs"
        ))
    })
}

/// The places of sources, all of them there: what cargo fetches during a build, it has fetched.
fn fetched_places(root: &Path, arch: Arch) -> Result<Places, Failure> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["fetch", "--quiet", "--locked", "--target", arch.target()]);
    run(&mut cargo)?;
    Ok(Places::of(root))
}

/// Builds a program; where it is.
fn build(root: &Path, tools: &Tools, places: &Places, what: Program) -> Result<PathBuf, Failure> {
    let target = root.join("target/package/build");
    let bin = tools.python.with_file_name("");
    let mut path = bin.clone().into_os_string();
    if let Some(others) = std::env::var_os("PATH") {
        path.push(":");
        path.push(others);
    }
    let (major, minor) = what.glibc;
    let mut cargo = Command::new(bin.join("cargo-zigbuild"));
    cargo
        .current_dir(root)
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_ENCODED_RUSTFLAGS", places.rustflags())
        .env("CFLAGS", places.cflags())
        .env("CC_SHELL_ESCAPED_FLAGS", "1")
        .args(["zigbuild", "--locked", "--package", what.package, "--bin", what.bin])
        .args(["--profile", what.profile])
        .args(["--target", &format!("{}.{major}.{minor}", tools.arch.target())]);
    run(&mut cargo)?;
    Ok(target.join(tools.arch.target()).join(what.profile).join(what.bin))
}

/// Sees that a program is for the architecture and needs no newer C library than this one.
fn check(program: &[u8], arch: Arch, glibc: (u32, u32)) -> Result<(), Failure> {
    if elf::machine(program) != Some(arch.machine()) {
        return Err(Failure::new(format!("what was built is no program for {}", arch.name())));
    }
    match elf::needed_glibc(program) {
        Some(needed) if needed > glibc => Err(Failure::new(format!(
            "what was built needs glibc {}.{}, and may need {}.{}",
            needed.0, needed.1, glibc.0, glibc.1
        ))),
        _ => Ok(()),
    }
}

/// A zip with the program as `bootstrap`, the same bytes for the same program.
///
/// # Errors
/// Where the program cannot be compressed.
pub fn zipped(program: &[u8]) -> io::Result<Vec<u8>> {
    zip_of(&[("bootstrap", program, 0o755)])
}

/// The level of compression: above 9 the encoder is Zopfli, and this is one round of it. Four more
/// would save a five-hundredth.
///
/// Source: <https://docs.rs/zip/latest/zip/write/struct.FileOptions.html#method.compression_level>
const SMALLEST: i64 = 10;

/// A zip with these files: name, bytes and permissions. It says neither when nor by whom it was made.
///
/// # Errors
/// Where a file cannot be compressed.
pub fn zip_of(files: &[(&str, &[u8], u32)]) -> io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(SMALLEST))
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes, permissions) in files {
        zip.start_file(*name, options.unix_permissions(*permissions))?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_same_program_makes_the_same_zip() {
        let program: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let zip = zipped(&program).unwrap();
        assert_eq!(zipped(&program).unwrap(), zip);

        let mut read = ZipArchive::new(Cursor::new(zip)).unwrap();
        assert_eq!(read.len(), 1);
        let mut file = read.by_name("bootstrap").unwrap();
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(file.last_modified(), Some(DateTime::default()));
        let mut unzipped = Vec::new();
        file.read_to_end(&mut unzipped).unwrap();
        assert_eq!(unzipped, program);
    }

    #[test]
    fn what_would_not_run_on_lambda_is_refused() {
        let text = check(b"#!/bin/sh\n", Arch::Arm64, GLIBC).unwrap_err().to_string();
        assert_eq!(text, "what was built is no program for arm64");
        let mut program = elf::tests::program(Machine::X86_64);
        check(&program, Arch::X86_64, GLIBC).unwrap();
        assert!(check(&program, Arch::Arm64, GLIBC).is_err());
        program.extend(b"\0GLIBC_2.34\0GLIBC_2.2.5\0");
        check(&program, Arch::X86_64, GLIBC).unwrap();
        program.extend(b"GLIBC_2.38\0");
        let text = check(&program, Arch::X86_64, GLIBC).unwrap_err().to_string();
        assert_eq!(text, "what was built needs glibc 2.38, and may need 2.34");
    }

    #[test]
    fn architectures_have_lambdas_names() {
        for (name, arch) in Arch::ALL {
            assert_eq!(Arch::named(name), Some(arch));
            assert_eq!(arch.name(), name);
        }
        assert_eq!(Arch::named("aarch64"), None);
    }
}
