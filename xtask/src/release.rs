//! `cargo xtask release`: everything that a release's page holds, in `target/release-page`.
//!
//! The same sources make the same bytes. No file says when or where it was made.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use crate::dependencies::{self, Package};
use crate::package::{self, Arch, COMMAND, FUNCTION, Tools, zip_of, zipped};
use crate::step::{Failure, run, step};
use crate::{notices, sbom};

/// Files of a release by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The checksums of all others.
const SUMS: &str = "SHA256SUMS";

/// The release's notes, which are the page's text and no file of it.
const NOTES: &str = "NOTES.md";

/// Makes the release; the folder that it is in.
///
/// # Errors
/// Where a program cannot be built, where a dependency has no license that can be told, and where the
/// changelog has no section of this version.
pub fn release(root: &Path) -> Result<PathBuf, Failure> {
    let version = version(root)?;
    // Known before anything is built, which takes long.
    section(&read(&root.join("CHANGELOG.md"))?, &version)?;
    let mut programs = Vec::new();
    for (name, arch) in Arch::ALL {
        let tools = Tools::fetch(root, arch)?;
        let function =
            step(&format!("function for {name}"), || package::program(root, &tools, FUNCTION))?;
        let command =
            step(&format!("command for {name}"), || package::program(root, &tools, COMMAND))?;
        programs.push(Programs { arch: name, function, command });
    }
    let all = dependencies::all(root)?;
    let targets = Arch::ALL.map(|(_, arch)| arch.target());
    let of = [FUNCTION.package, COMMAND.package];
    let shipped = dependencies::shipped(root, &all, &of, &targets)?;
    let files = assembled(root, &version, &programs, &shipped)?;
    let folder = root.join("target/release-page");
    write(&folder, &files).map_err(|error| failed(&folder, &error))?;
    Ok(folder)
}

/// Walks from the release that was made to a deployed rule.
///
/// # Errors
/// Where something is not as it should be.
pub fn test(root: &Path) -> Result<(), Failure> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["test", "--package", "e2e", "--test", "release"]);
    step("walk", || run(cargo.args(["--", "--ignored", "--nocapture"])))
}

/// The programs of an architecture.
#[derive(Debug)]
pub struct Programs {
    /// Lambda's name of the architecture.
    pub arch: &'static str,
    /// What Lambda starts.
    pub function: Vec<u8>,
    /// What people start.
    pub command: Vec<u8>,
}

/// The workspace's version.
///
/// # Errors
/// Where `Cargo.toml` does not say it.
pub fn version(root: &Path) -> Result<String, Failure> {
    let text = read(&root.join("Cargo.toml"))?;
    let of_workspace = text.split("[workspace.package]").nth(1).unwrap_or_default();
    let line = of_workspace.lines().find_map(|line| line.strip_prefix("version = "));
    let version = line.map(|version| version.trim().trim_matches('"').to_owned());
    version.ok_or_else(|| Failure::new("`Cargo.toml` has no version of the workspace".to_owned()))
}

/// The files of a release of these programs.
///
/// # Errors
/// As [`release`], without the builds.
pub fn assembled(
    root: &Path,
    version: &str,
    programs: &[Programs],
    shipped: &[Package],
) -> Result<Files, Failure> {
    let license = read(&root.join("LICENSE"))?;
    let third = notices::document(shipped)?;
    let mut files = Files::new();
    for Programs { arch, function, command } in programs {
        let zip = zipped(function).map_err(|error| failed(Path::new("bootstrap.zip"), &error))?;
        files.insert(format!("bootstrap-{arch}.zip"), zip);
        let inside: [(&str, &[u8], u32); 3] = [
            ("trailproof", command, 0o755),
            ("LICENSE", license.as_bytes(), 0o644),
            ("THIRD-PARTY-LICENSES.txt", third.as_bytes(), 0o644),
        ];
        let zip = zip_of(&inside).map_err(|error| failed(Path::new("trailproof.zip"), &error))?;
        files.insert(format!("trailproof-{version}-linux-{arch}.zip"), zip);
    }
    for (name, text) in templates(root, version)? {
        files.insert(name, text.into_bytes());
    }
    files.insert(format!("trailproof-{version}-infra.zip"), others(root)?);
    let lock = read(&root.join("Cargo.lock"))?;
    let sbom = sbom::document(version, shipped, &sbom::checksums(&lock));
    files.insert(format!("trailproof-{version}.cdx.json"), format!("{sbom:#}\n").into_bytes());
    files.insert("THIRD-PARTY-LICENSES.txt".to_owned(), third.into_bytes());
    files.insert("LICENSE".to_owned(), license.into_bytes());
    files.insert(SUMS.to_owned(), sums(&files).into_bytes());
    let changes = section(&read(&root.join("CHANGELOG.md"))?, version)?;
    files.insert(NOTES.to_owned(), changes.into_bytes());
    Ok(files)
}

/// What else deployments take, under the paths that `infra/README.md` names: Terraform's modules, what is
/// for landing zones and the CDK, and the policies of whoever deploys.
const OTHERS: [&str; 6] =
    ["ACCEPTANCE.md", "README.md", "cdk", "deployer", "landing-zones", "terraform"];

/// A zip of these.
fn others(root: &Path) -> Result<Vec<u8>, Failure> {
    let mut found = BTreeMap::new();
    for name in OTHERS {
        add_files(&root.join("infra").join(name), format!("infra/{name}"), &mut found)?;
    }
    let files: Vec<(&str, &[u8], u32)> =
        found.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice(), 0o644)).collect();
    zip_of(&files).map_err(|error| failed(Path::new("infra.zip"), &error))
}

/// Adds a file, or those of a folder, but what programs have made there.
fn add_files(path: &Path, name: String, files: &mut Files) -> Result<(), Failure> {
    if path.is_file() {
        let bytes = fs::read(path).map_err(|error| failed(path, &error))?;
        files.insert(name, bytes);
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(|error| failed(path, &error))? {
        let inner = entry.map_err(|error| failed(path, &error))?.path();
        let last = inner.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_made = last.starts_with('.') || ["node_modules", "cdk.out"].contains(&last.as_str());
        if !is_made && !last.ends_with(".js") {
            add_files(&inner, format!("{name}/{last}"), files)?;
        }
    }
    Ok(())
}

/// The committed templates, with the key of a release's code as the default.
fn templates(root: &Path, version: &str) -> Result<Vec<(String, String)>, Failure> {
    let folder = root.join("infra/templates");
    let mut templates = Vec::new();
    let entries = fs::read_dir(&folder).map_err(|error| failed(&folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| failed(&folder, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        templates.push((name, with_key(&read(&path)?, version)));
    }
    templates.sort();
    Ok(templates)
}

/// A template whose `CodeKey`, where it has that parameter, is by default where the walk through a
/// release puts the code.
fn with_key(template: &str, version: &str) -> String {
    let mut text = String::with_capacity(template.len() + 64);
    let mut in_key = false;
    for line in template.lines() {
        let _ = writeln!(text, "{line}");
        let is_parameter = line.starts_with("  ") && !line.starts_with("   ");
        if is_parameter {
            in_key = line == "  CodeKey:";
        }
        if in_key && line == "    Type: String" {
            let _ = writeln!(text, "    Default: trailproof/{version}/bootstrap-arm64.zip");
        }
    }
    text
}

/// One line for each file, as `sha256sum --check` reads them.
fn sums(files: &Files) -> String {
    let mut sums = String::new();
    for (name, bytes) in files {
        let hash: String = Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect();
        let _ = writeln!(sums, "{hash}  {name}");
    }
    sums
}

/// The changelog's section of a version, without its heading.
fn section(changelog: &str, version: &str) -> Result<String, Failure> {
    let heading = format!("\n## [{version}] - ");
    let Some((_, after)) = changelog.split_once(&heading) else {
        return Err(Failure::new(format!(
            "`CHANGELOG.md` has no section `## [{version}] - DATE`: give the version its date before \
             it is released"
        )));
    };
    let (_date, text) = after.split_once('\n').unwrap_or((after, ""));
    let end = text.find("\n## ").unwrap_or(text.len());
    Ok(format!("{}\n", text.get(..end).unwrap_or(text).trim()))
}

/// Writes a release into a folder that has nothing else.
///
/// # Errors
/// Where it cannot be written.
pub fn write(folder: &Path, files: &Files) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGES: &str = "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n\
                           - This.\n\n## [0.1.0] - 2026-11-01\n\n- That.\n";

    #[test]
    fn the_notes_are_the_section_of_the_version() {
        assert_eq!(section(CHANGES, "0.2.0").unwrap(), "### Added\n\n- This.\n");
        assert_eq!(section(CHANGES, "0.1.0").unwrap(), "- That.\n");
        let error = section(CHANGES, "0.3.0").unwrap_err().to_string();
        assert!(error.contains("`## [0.3.0] - DATE`"), "{error}");
    }

    #[test]
    fn only_the_key_of_the_code_gets_a_default() {
        let template = "Parameters:\n  CodeBucket:\n    Type: String\n  CodeKey:\n    Description: x\n    \
                        Type: String\n  CodeVersion:\n    Type: String\n    Default: ''\n";
        let with = with_key(template, "0.2.0");
        let added = "    Default: trailproof/0.2.0/bootstrap-arm64.zip\n";
        assert_eq!(with.matches(added).count(), 1);
        assert!(with.contains(&format!("Description: x\n    Type: String\n{added}  CodeVersion:")));
        assert_eq!(with.replace(added, ""), template);
        assert_eq!(with_key("Resources: {}\n", "0.2.0"), "Resources: {}\n");
    }

    #[test]
    fn twice_the_same_programs_make_twice_the_same_bytes() {
        let root = std::env::temp_dir().join(format!("trailproof-release-{}", std::process::id()));
        let own = crate::root();
        fs::create_dir_all(root.join("infra")).unwrap();
        for file in ["LICENSE", "Cargo.lock"] {
            fs::copy(own.join(file), root.join(file)).unwrap();
        }
        fs::write(root.join("CHANGELOG.md"), CHANGES).unwrap();
        for name in OTHERS.into_iter().chain(["templates"]) {
            let (own, here) = (own.join("infra").join(name), root.join("infra").join(name));
            std::os::unix::fs::symlink(own, here).unwrap();
        }
        let all = dependencies::all(&own).unwrap();
        let shipped =
            dependencies::shipped(&own, &all, &["cis-lambda"], &["x86_64-unknown-linux-gnu"])
                .unwrap();
        let make = || {
            let programs = Arch::ALL.map(|(arch, _)| Programs {
                arch,
                function: format!("function for {arch}").into_bytes(),
                command: format!("command for {arch}").into_bytes(),
            });
            assembled(&root, "0.2.0", &programs, &shipped).unwrap()
        };
        let files = make();
        assert_eq!(make(), files);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        for name in [
            "LICENSE",
            "NOTES.md",
            "SHA256SUMS",
            "THIRD-PARTY-LICENSES.txt",
            "bootstrap-arm64.zip",
            "bootstrap-x86_64.zip",
            "rule.yaml",
            "trailproof-0.2.0-infra.zip",
            "trailproof-0.2.0-linux-arm64.zip",
            "trailproof-0.2.0-linux-x86_64.zip",
            "trailproof-0.2.0.cdx.json",
        ] {
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
        let others = std::io::Cursor::new(&files["trailproof-0.2.0-infra.zip"]);
        let others = zip::ZipArchive::new(others).unwrap();
        let others: Vec<_> = others.file_names().map(Result::unwrap).collect();
        for name in [
            "infra/README.md",
            "infra/cdk/app.ts",
            "infra/deployer/rule.json",
            "infra/landing-zones/lza/trailproof/policy.json",
            "infra/terraform/account/policies/FunctionRole.json.tftpl",
        ] {
            assert!(others.iter().any(|other| other == name), "{name} is not in {others:?}");
        }
        assert!(!others.iter().any(|name| name.contains("/.") || name.contains("node_modules")));
        let sums = String::from_utf8(files[SUMS].clone()).unwrap();
        assert_eq!(sums.lines().count(), files.len() - 2, "all but itself and the notes");
        let folder = root.join("page");
        write(&folder, &files).unwrap();
        let mut check = std::process::Command::new("sha256sum");
        let check = check.current_dir(&folder).args(["--check", "--quiet", "--strict", SUMS]);
        assert!(check.status().unwrap().success());
        fs::remove_dir_all(&root).unwrap();
    }
}
