//! The places of sources on this machine, and the names that a program has for them instead.
//!
//! A panic's message names a source file. With the place where the file happens to lie the program
//! would differ from checkout to checkout, and tell of the machine that it was built on.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// Defines C's names for the day and the time of compilation, which the compiler warns of.
const NO_TIME: [&str; 3] = ["-Wno-builtin-macro-redefined", "-D__DATE__=\"-\"", "-D__TIME__=\"-\""];

/// Where sources lie, each place with its name. Where two places match, the later one counts.
#[derive(Debug)]
pub struct Places(Vec<(PathBuf, &'static str)>);

impl Places {
    /// The checkout, cargo's home, and in it the sources of each registry: their directory is named
    /// after the registry that they came from, which may be a mirror.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        let mut places = vec![(root.to_path_buf(), "trailproof")];
        if let Some(cargo) = cargo_home() {
            places.push((cargo.clone(), "cargo"));
            let registries = fs::read_dir(cargo.join("registry/src"));
            let mut registries: Vec<_> =
                registries.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            registries.sort();
            places.extend(registries.into_iter().map(|path| (path, "registry")));
        }
        Self(places)
    }

    /// The value of `CARGO_ENCODED_RUSTFLAGS` that maps the places to their names.
    ///
    /// Source: <https://doc.rust-lang.org/cargo/reference/environment-variables.html>
    #[must_use]
    pub fn rustflags(&self) -> OsString {
        self.options("--remap-path-prefix=").join(OsStr::new("\x1f"))
    }

    /// The value of `CFLAGS` that maps them, with `CC_SHELL_ESCAPED_FLAGS` for places with spaces. C code
    /// that writes down when it was compiled, as mimalloc's does, writes a dash.
    ///
    /// Source: <https://docs.rs/cc/latest/cc/#external-configuration-via-environment-variables>
    #[must_use]
    pub fn cflags(&self) -> OsString {
        let options = self.options("-ffile-prefix-map=").into_iter();
        let quoted = options.chain(NO_TIME.map(OsString::from)).map(|option| {
            let mut quoted = OsString::from("'");
            quoted.push(option);
            quoted.push("'");
            quoted
        });
        quoted.collect::<Vec<_>>().join(OsStr::new(" "))
    }

    /// A place that a program names in spite of all, or the home of the user who built it.
    #[must_use]
    pub fn named_in(&self, program: &[u8]) -> Option<PathBuf> {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let mut places = self.0.iter().map(|(place, _)| place.clone()).chain(home);
        places.find(|place| place.parent().is_some() && names(program, place))
    }

    fn options(&self, option: &str) -> Vec<OsString> {
        let mapped = self.0.iter().map(|(place, name)| {
            let mut mapped = OsString::from(option);
            mapped.push(place);
            mapped.push("=");
            mapped.push(name);
            mapped
        });
        mapped.collect()
    }
}

fn cargo_home() -> Option<PathBuf> {
    let own = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    own.or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cargo")))
}

/// Whether a program has the path of something in this directory.
fn names(program: &[u8], directory: &Path) -> bool {
    let mut path = directory.as_os_str().as_encoded_bytes().to_vec();
    path.push(b'/');
    program.windows(path.len()).any(|bytes| bytes == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places(vec![("/src/a b".into(), "trailproof"), ("/src/cargo".into(), "cargo")])
    }

    #[test]
    fn places_are_mapped_for_both_compilers() {
        assert_eq!(
            places().rustflags(),
            "--remap-path-prefix=/src/a b=trailproof\x1f--remap-path-prefix=/src/cargo=cargo"
        );
        assert_eq!(
            places().cflags(),
            "'-ffile-prefix-map=/src/a b=trailproof' '-ffile-prefix-map=/src/cargo=cargo' \
             '-Wno-builtin-macro-redefined' '-D__DATE__=\"-\"' '-D__TIME__=\"-\"'"
        );
    }

    #[test]
    fn a_place_in_a_program_is_found() {
        let found = |program: &[u8]| places().named_in(program);
        assert_eq!(found(b"\0trailproof/main.rs\0cargo/lib.rs\0"), None);
        assert_eq!(found(b"\0/src/cargo-cult/lib.rs\0"), None, "another directory");
        assert_eq!(found(b"\0/src/cargo/lib.rs\0"), Some("/src/cargo".into()));
        assert_eq!(found(b"\0/src/a b/lib.rs"), Some("/src/a b".into()));
    }

    /// The test itself was built with nothing mapped: it names the file that it is in.
    #[test]
    fn a_place_in_a_real_program_is_found() {
        let root = crate::root();
        let place = root.join("xtask/src").display().to_string();
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(Places::of(&root).named_in(&program), Some(root), "{place}");
    }

    #[test]
    fn the_registry_of_this_machine_is_a_place() {
        let places = Places::of(&crate::root()).0;
        let registries: Vec<_> = places.iter().filter(|(_, name)| *name == "registry").collect();
        assert!(!registries.is_empty(), "{places:?}");
        assert!(registries.iter().all(|(path, _)| path.is_dir()), "{registries:?}");
    }
}
