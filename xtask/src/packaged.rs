//! The packaged function, invoked once: it does what the build for this machine does.

use std::path::Path;
use std::process::Command;

use crate::package::{self, Arch, Tools};
use crate::qemu;
use crate::step::{Failure, run};

/// Makes the package, or says why not where a tool for it cannot be had.
///
/// # Errors
/// Where everything is there and the package still cannot be made.
pub fn make(root: &Path, arch: Arch) -> Result<(), Failure> {
    package::remove(&package::path(root, arch))?;
    match Tools::fetch(root, arch) {
        Ok(tools) => package::package(root, &tools).map(|_| ()),
        Err(why) => {
            skipped(arch, &why.to_string());
            Ok(())
        }
    }
}

/// Runs the test of the package, or says why not where it was not made or cannot be run here.
///
/// # Errors
/// Where the test fails.
pub fn test(root: &Path, arch: Arch) -> Result<(), Failure> {
    if !package::path(root, arch).exists() {
        skipped(arch, "it was not made");
        return Ok(());
    }
    if let Err(why) = qemu::words(root, arch) {
        skipped(arch, &why.to_string());
        return Ok(());
    }
    let cargo = |words: &[&str]| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(root).args(words);
        cargo
    };
    // The whole workspace, so that features are those of the other tests and nothing is built twice.
    run(&mut cargo(&["build", "--quiet", "--workspace", "--bins", "--test", "packaged"]))?;
    let test = ["test", "--quiet", "--workspace", "--test", "packaged", "--", "--ignored"];
    run(cargo(&test).env("TRAILPROOF_BINARIES_BUILT", "1").env("TRAILPROOF_PACKAGED", arch.name()))
}

fn skipped(arch: Arch, why: &str) {
    eprintln!("    SKIPPED: the package for {}: {why}", arch.name());
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_old_package_is_not_taken_for_one_that_cannot_be_made() {
        let root = std::env::temp_dir().join(format!("trailproof-packaged-{}", std::process::id()));
        let old = package::path(&root, Arch::Arm64);
        fs::create_dir_all(old.with_file_name("")).unwrap();
        fs::write(&old, "old").unwrap();
        // There is no list of tools to fetch.
        make(&root, Arch::Arm64).unwrap();
        assert!(!old.exists());
        test(&root, Arch::Arm64).unwrap();
        fs::remove_dir_all(&root).unwrap();
    }
}
