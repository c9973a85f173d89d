//! Writes the templates, or sees whether they are written.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::terraform::{MODULES, files};
use crate::{deployer, templates};

/// The directory that the templates are committed in.
#[must_use]
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")
}

/// The directory that the Terraform modules are committed in.
#[must_use]
pub fn modules_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("terraform")
}

/// Writes the Terraform modules' variables and policies, and deletes policies that are no longer
/// generated.
///
/// # Errors
/// Where the directory cannot be written.
pub fn write_modules(directory: &Path) -> io::Result<()> {
    for module in MODULES {
        let policies = directory.join(module.folder).join("policies");
        if policies.exists() {
            fs::remove_dir_all(&policies)?;
        }
        fs::create_dir_all(&policies)?;
    }
    files().into_iter().try_for_each(|(path, text)| fs::write(directory.join(path), text))
}

/// Which of the Terraform modules' variables and policies are not as they would be written.
///
/// # Errors
/// Where the directory cannot be read.
pub fn check_modules(directory: &Path) -> io::Result<Vec<String>> {
    let made = files();
    let mut differences = Vec::new();
    for module in MODULES {
        for entry in fs::read_dir(directory.join(module.folder).join("policies"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let path = format!("{}/policies/{name}", module.folder);
            if !made.iter().any(|(its, _)| *its == path) {
                differences.push(format!("{path} is not made by any role"));
            }
        }
    }
    differences.extend(compared(directory, made)?);
    Ok(differences)
}

/// The directory that deployers' policies are committed in.
#[must_use]
pub fn deployer_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deployer")
}

/// Writes deployers' policies, and deletes those that are no longer generated.
///
/// # Errors
/// Where the directory cannot be written.
pub fn write_deployer(directory: &Path) -> io::Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(directory)?;
    deployer::policies()
        .into_iter()
        .try_for_each(|(name, text)| fs::write(directory.join(name), text))
}

/// Which deployers' policies are not as they would be written.
///
/// # Errors
/// Where the directory cannot be read.
pub fn check_deployer(directory: &Path) -> io::Result<Vec<String>> {
    let made = deployer::policies();
    let mut differences = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !made.iter().any(|(its, _)| *its == name) {
            differences.push(format!("{name} is not made of any template"));
        }
    }
    differences.extend(compared(directory, made)?);
    Ok(differences)
}

/// What differs of files that are made.
fn compared(directory: &Path, made: Vec<(String, String)>) -> io::Result<Vec<String>> {
    let mut differences = Vec::new();
    for (path, made) in made {
        match fs::read_to_string(directory.join(&path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                differences.push(format!("{path} is missing"));
            }
            Err(error) => return Err(error),
            Ok(written) if written != made => {
                differences.push(difference(&path, &written, &made));
            }
            Ok(_) => {}
        }
    }
    Ok(differences)
}

/// Writes the templates, and deletes files that are no longer generated.
///
/// # Errors
/// Where the directory cannot be written.
pub fn write(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for name in strangers(directory)? {
        fs::remove_file(directory.join(name))?;
    }
    for (name, text) in templates() {
        fs::write(directory.join(name), text)?;
    }
    Ok(())
}

/// What is not as it would be written: file by file, with the first line that differs.
///
/// # Errors
/// Where the directory cannot be read.
pub fn check(directory: &Path) -> io::Result<Vec<String>> {
    let mut differences: Vec<String> = strangers(directory)?
        .into_iter()
        .map(|name| format!("{name} is not made by any stack"))
        .collect();
    let made = templates().into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    differences.extend(compared(directory, made)?);
    Ok(differences)
}

/// The first line that differs.
fn difference(name: &str, written: &str, made: &str) -> String {
    let same = written.lines().zip(made.lines()).take_while(|(written, made)| written == made);
    let line = same.count();
    let shown = |text: &str| text.lines().nth(line).unwrap_or("(no more lines)").trim().to_owned();
    format!(
        "{name} differs in line {}: it has `{}`, and `{}` is made",
        line + 1,
        shown(written),
        shown(made)
    )
}

/// Templates in the directory that no stack makes.
fn strangers(directory: &Path) -> io::Result<Vec<String>> {
    let made: Vec<&str> = templates().into_iter().map(|(name, _)| name).collect();
    let mut strangers = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".yaml") && !made.contains(&name.as_str()) {
            strangers.push(name);
        }
    }
    strangers.sort();
    Ok(strangers)
}
