//! The repository's own commands, and the set-up that they share with the end-to-end tests.

pub mod bare;
pub mod bench;
pub mod cold_start;
pub mod deny;
pub mod dependencies;
pub mod disk;
pub mod elf;
pub mod fuzz;
pub mod mutants;
pub mod notices;
pub mod npm;
pub mod package;
pub mod packaged;
pub mod pages;
pub mod places;
pub mod python;
pub mod qemu;
pub mod release;
pub mod sbom;
pub mod step;
pub mod tool;

use std::path::{Path, PathBuf};

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}
