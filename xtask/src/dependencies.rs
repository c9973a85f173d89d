//! What the workspace depends on, as cargo tells it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::step::Failure;

/// A package of the workspace, or one that it depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its license, an SPDX expression. `None` where it has none.
    pub license: Option<String>,
    /// Where it is from. `None` for the workspace's own.
    pub source: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// The folder of its sources.
    pub folder: PathBuf,
}

/// All packages of `Cargo.lock`, for every target and whatever for.
///
/// # Errors
/// Where cargo fails.
pub fn all(root: &Path) -> Result<Vec<Package>, Failure> {
    let text = cargo(root, &["metadata", "--format-version", "1", "--locked"])?;
    let told: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("`cargo metadata` told what is no JSON: {error}")))?;
    let packages = told["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let mut packages: Vec<Package> = packages.iter().filter_map(package).collect();
    packages.sort();
    Ok(packages)
}

fn package(told: &Value) -> Option<Package> {
    let text = |member: &str| told[member].as_str().map(str::to_owned);
    Some(Package {
        name: text("name")?,
        version: text("version")?,
        license: text("license"),
        source: text("source"),
        description: text("description")
            .map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")),
        folder: Path::new(told["manifest_path"].as_str()?).parent()?.to_owned(),
    })
}

/// Those of these packages that are in what these packages of the workspace are built to: not what
/// only builds or tests need.
///
/// # Errors
/// Where cargo fails.
pub fn shipped(
    root: &Path,
    all: &[Package],
    of: &[&str],
    targets: &[&str],
) -> Result<Vec<Package>, Failure> {
    let mut words =
        vec!["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    words.extend(of.iter().flat_map(|name| ["--package", name]));
    words.extend(targets.iter().flat_map(|target| ["--target", target]));
    Ok(named(&cargo(root, &words)?, all))
}

/// The packages that lines of `name v1.2.3` name, each once.
fn named(lines: &str, all: &[Package]) -> Vec<Package> {
    let named: BTreeSet<(&str, &str)> = lines
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?, words.next()?.strip_prefix('v')?))
        })
        .collect();
    let is_named = |it: &&Package| named.contains(&(it.name.as_str(), it.version.as_str()));
    all.iter().filter(is_named).cloned().collect()
}

fn cargo(root: &Path, words: &[&str]) -> Result<String, Failure> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = cargo
        .current_dir(root)
        .args(words)
        .output()
        .map_err(|error| Failure::new(format!("`cargo {}`: {error}", words.join(" "))))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("`cargo {}`: {}", words.join(" "), said.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_is_less_than_what_is_built() {
        let root = crate::root();
        let all = all(&root).unwrap();
        let of = |name: &str| all.iter().filter(|it| it.name == name).count();
        assert_eq!((of("cis-rules"), of("proptest")), (1, 1));
        let shipped = shipped(&root, &all, &["cis-lambda"], &["x86_64-unknown-linux-gnu"]).unwrap();
        let has = |name: &str| shipped.iter().any(|it| it.name == name);
        assert!(has("cis-rules") && has("lambda_runtime") && has("rustls"));
        assert!(!has("proptest") && !has("xtask") && !has("loopback"));
        assert!(shipped.len() < all.len());
    }

    #[test]
    fn a_line_names_a_package_by_its_version_too() {
        let package = |name: &str, version: &str| Package {
            name: name.to_owned(),
            version: version.to_owned(),
            license: None,
            source: None,
            description: None,
            folder: PathBuf::new(),
        };
        let all = [package("a", "1.0.0"), package("a", "2.0.0"), package("b", "1.0.0")];
        let lines = "a v2.0.0\nb v1.0.0 (/somewhere) (*)\na v2.0.0 (*)\n\n[build-dependencies]\n";
        assert_eq!(named(lines, &all), [all[1].clone(), all[2].clone()]);
    }
}
