//! The licenses of what is distributed, with their texts as each package has them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::dependencies::Package;
use crate::step::Failure;

/// How the names of files begin that hold a license, a copyright or a notice.
const NAMES: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// What stands where a package has no such file.
const STANDARD: &str =
    "It has no file of its own: the texts are those of the license that it names.\n";

/// All packages with their licenses, and each text once.
///
/// # Errors
/// Where a package names no license, or its files cannot be read.
pub fn document(packages: &[Package]) -> Result<String, Failure> {
    let mut of_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut list = String::from("trailproof has parts of these packages.\n\n");
    for package in packages.iter().filter(|package| package.source.is_some()) {
        let named = format!("{} {}", package.name, package.version);
        let license = package
            .license
            .as_deref()
            .ok_or_else(|| Failure::new(format!("{named} names no license")))?;
        let _ = writeln!(list, "* {named}: {license}");
        let mut texts = texts(&package.folder)?;
        if texts.is_empty() {
            texts.push(STANDARD.to_owned());
        }
        for text in texts {
            of_text.entry(text).or_default().push(named.clone());
        }
    }
    for (text, names) in of_text {
        let line = "-".repeat(100);
        let _ = write!(list, "\n{line}\n{}\n{line}\n\n{text}", names.join(", "));
    }
    Ok(list)
}

/// The texts in a package's folder, in the order of the files' names.
fn texts(folder: &Path) -> Result<Vec<String>, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", folder.display()));
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_file() && NAMES.iter().any(|start| name.starts_with(start)) {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| Ok(normal(&fs::read(path).map_err(failed)?))).collect()
}

/// A text whose lines end alike, so that the same one is seen to be the same.
fn normal(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(root: &Path, name: &str, text: Option<&str>) -> Package {
        let folder = root.join(name);
        fs::create_dir_all(&folder).unwrap();
        if let Some(text) = text {
            fs::write(folder.join("LICENSE-MIT"), text).unwrap();
        }
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: Some("MIT".to_owned()),
            source: Some("registry".to_owned()),
            description: None,
            folder,
        }
    }

    #[test]
    fn each_text_stands_once_with_all_whose_it_is() {
        let root = std::env::temp_dir().join(format!("trailproof-notices-{}", std::process::id()));
        let same = [
            package(&root, "a", Some("Permission\r\nis granted \r\n")),
            package(&root, "b", Some("Permission\nis granted")),
            package(&root, "c", None),
        ];
        let text = document(&same).unwrap();
        assert_eq!(text.matches("Permission\nis granted\n").count(), 1, "{text}");
        assert!(text.contains("\na 1.0.0, b 1.0.0\n"), "{text}");
        assert!(text.contains("* c 1.0.0: MIT\n") && text.contains(STANDARD));

        let mut nameless = same;
        nameless[0].license = None;
        assert_eq!(document(&nameless).unwrap_err().to_string(), "a 1.0.0 names no license");
        fs::remove_dir_all(&root).unwrap();
    }
}
