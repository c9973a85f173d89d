//! What dependencies may be, by `deny.toml`: their licenses, those that are banned, and where they are
//! from.
//!
//! cargo-deny reads the same file. It takes minutes to build and needs a network for advisories, so
//! what needs neither is looked at here, in every run of the tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use spdx::{Expression, ParseMode};
use toml::{Table, Value};

use crate::dependencies::{self, Package};
use crate::step::{Failure, run};
use crate::tool;

/// What `deny.toml` says of licenses and bans.
#[derive(Debug)]
struct Allowed {
    licenses: Vec<String>,
    exceptions: Vec<(String, Vec<String>)>,
    banned: Vec<String>,
}

/// Sees that every dependency is what `deny.toml` allows.
///
/// # Errors
/// Where one is not: which, and why.
pub fn check(root: &Path) -> Result<(), Failure> {
    let path = root.join("deny.toml");
    let text = fs::read_to_string(&path)
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    let allowed = Allowed::of(&text)?;
    let refused: Vec<String> =
        dependencies::all(root)?.iter().filter_map(|it| allowed.refusal(it)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("`deny.toml` does not allow this: {}", refused.join("; "))))
}

/// Has cargo-deny look at all of it, and at advisories where that is asked for.
///
/// # Errors
/// Where it is not installed, or finds something.
pub fn cargo_deny(root: &Path, advisories: bool) -> Result<(), Failure> {
    tool::needs("deny")?;
    let mut words = vec!["deny", "check", "licenses", "bans", "sources"];
    words.extend(advisories.then_some("advisories"));
    run(Command::new("cargo").current_dir(root).args(words))
}

impl Allowed {
    fn of(text: &str) -> Result<Self, Failure> {
        let file: Table = text
            .parse()
            .map_err(|error| Failure::new(format!("deny.toml is not valid: {error}")))?;
        let list = |table: &str, member: &str| -> Vec<Value> {
            let found = file.get(table).and_then(|it| it.get(member));
            found.and_then(Value::as_array).cloned().unwrap_or_default()
        };
        let name = |it: &Value| it.get("name").and_then(Value::as_str).map(str::to_owned);
        let texts = |values: &[Value]| -> Vec<String> {
            values.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
        };
        let exception = |it: &Value| {
            let allow = it.get("allow").and_then(Value::as_array)?;
            Some((name(it)?, texts(allow)))
        };
        Ok(Self {
            licenses: texts(&list("licenses", "allow")),
            exceptions: list("licenses", "exceptions").iter().filter_map(exception).collect(),
            banned: list("bans", "deny").iter().filter_map(name).collect(),
        })
    }

    /// Why a package is not allowed; `None` where it is.
    fn refusal(&self, package: &Package) -> Option<String> {
        // The workspace's own are in no registry.
        let source = package.source.as_deref()?;
        let named = format!("{} {}", package.name, package.version);
        if self.banned.contains(&package.name) {
            return Some(format!("{named} is banned"));
        }
        if !source.starts_with("registry+") || !source.contains("/crates.io-index") {
            return Some(format!("{named} is from `{source}`, and not from crates.io"));
        }
        let Some(license) = &package.license else {
            return Some(format!("{named} names no license"));
        };
        let expression = match Expression::parse_mode(license, ParseMode::LAX) {
            Ok(expression) => expression,
            Err(error) => return Some(format!("{named} has the license `{license}`: {error}")),
        };
        let of_this = self.exceptions.iter().filter(|(name, _)| *name == package.name);
        let more: Vec<&String> = of_this.flat_map(|(_, allow)| allow).collect();
        let is_allowed = |asked: &spdx::LicenseReq| {
            let asked = asked.to_string();
            self.licenses.contains(&asked) || more.contains(&&asked)
        };
        (!expression.evaluate(is_allowed)).then(|| format!("{named} has the license `{license}`"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const FILE: &str = r#"
        [licenses]
        allow = ["Apache-2.0", "MIT"]
        exceptions = [{ name = "colored", allow = ["MPL-2.0"] }]
        [bans]
        deny = [{ name = "openssl" }]
    "#;

    fn package(name: &str, license: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: Some(license.to_owned()).filter(|it| !it.is_empty()),
            source: Some("registry+https://example.com/crates.io-index".to_owned()),
            description: None,
            folder: PathBuf::new(),
        }
    }

    #[test]
    fn a_license_is_allowed_where_what_it_demands_is() {
        let allowed = Allowed::of(FILE).unwrap();
        for (name, license, fits) in [
            ("a", "MIT", true),
            ("a", "MIT/Apache-2.0", true),
            ("a", "GPL-3.0-only OR MIT", true),
            ("a", "GPL-3.0-only", false),
            ("a", "MIT AND GPL-3.0-only", false),
            ("a", "MPL-2.0", false),
            ("colored", "MPL-2.0", true),
            ("a", "", false),
            ("a", "of my own", false),
        ] {
            let refusal = allowed.refusal(&package(name, license));
            assert_eq!(refusal.is_none(), fits, "{name} {license}: {refusal:?}");
        }
    }

    #[test]
    fn what_is_banned_or_from_elsewhere_is_refused_and_the_own_is_not() {
        let allowed = Allowed::of(FILE).unwrap();
        let banned = allowed.refusal(&package("openssl", "MIT")).unwrap();
        assert_eq!(banned, "openssl 1.0.0 is banned");
        let mut elsewhere = package("a", "MIT");
        elsewhere.source = Some("git+https://example.com/a".to_owned());
        assert!(allowed.refusal(&elsewhere).is_some());
        elsewhere.source = None;
        assert_eq!(allowed.refusal(&elsewhere), None);
    }

    #[test]
    fn the_dependencies_are_what_the_file_allows() {
        check(&crate::root()).unwrap();
    }
}
