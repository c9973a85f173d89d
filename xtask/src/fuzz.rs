//! `cargo xtask fuzz`: the fuzz targets under libFuzzer, one after the other.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::step::{Failure, run, step};
use crate::tool;

/// How long each target runs, unless the command says otherwise.
pub const SECONDS: u32 = 60;

/// The most memory that a target may take, in MiB.
const MEMORY: u32 = 2048;

/// Runs every target for some seconds, from the committed corpora; what is new goes under `target`.
///
/// # Errors
/// Where cargo-fuzz or the nightly toolchain is not there, a target does not build, or it fails.
pub fn fuzz(root: &Path, seconds: u32) -> Result<(), Failure> {
    tool::needs("fuzz")?;
    tool::needs_toolchain("nightly")?;
    for target in targets(root)? {
        step(&format!("fuzz {target}"), || {
            // libFuzzer writes into the first folder and only reads the second.
            let found = root.join("target/fuzz-corpus").join(&target);
            std::fs::create_dir_all(&found)
                .map_err(|error| Failure::new(format!("{}: {error}", found.display())))?;
            let mut cargo = Command::new("cargo");
            cargo.current_dir(root).args(["+nightly", "fuzz", "run"]);
            cargo.arg("--target-dir").arg(root.join("target/fuzz")).arg(&target).arg(&found);
            cargo.arg(root.join("fuzz/corpus").join(&target)).arg("--");
            cargo.arg(format!("-max_total_time={seconds}"));
            cargo.args([&format!("-rss_limit_mb={MEMORY}"), "-timeout=20", "-print_final_stats=1"]);
            run(&mut cargo)
        })?;
    }
    Ok(())
}

/// The targets' names, from their files.
fn targets(root: &Path) -> Result<Vec<String>, Failure> {
    let folder = root.join("fuzz/fuzz_targets");
    let failed = |error| Failure::new(format!("{}: {error}", folder.display()));
    let mut names: Vec<OsString> = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        names.extend(entry.map_err(failed)?.path().file_stem().map(ToOwned::to_owned));
    }
    names.sort_unstable();
    Ok(names.iter().map(|name| name.to_string_lossy().into_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_corpus() {
        let root = crate::root();
        let targets = targets(&root).unwrap();
        assert!(targets.len() >= 5, "{targets:?}");
        for target in targets {
            assert!(root.join("fuzz/corpus").join(&target).is_dir(), "{target}");
        }
    }
}
