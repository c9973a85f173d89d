//! Folders on the disk, read within bounds.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use cis_plan::files::{Files, normal};

use crate::outcome::reason;

/// The most files that are read.
const MOST_FILES: usize = 20_000;
/// The largest file of a folder.
const LARGEST_FILE: u64 = 64 << 20;
/// The most bytes of all files of a folder.
const MOST_BYTES: u64 = 1 << 30;
/// The most folders that are looked into.
const MOST_FOLDERS: usize = 20_000;
/// How deep folders are looked into.
const DEEPEST: usize = 32;
/// Folders that hold what other tools keep, and nothing that is asked about.
const KEPT_BY_TOOLS: [&str; 3] = ["node_modules", "__pycache__", "venv"];

/// A folder on the disk.
#[derive(Debug)]
pub(crate) struct Disk {
    root: PathBuf,
    read: RefCell<Read>,
    /// How many more folders are looked into.
    folders_left: Cell<usize>,
    /// The paths that were files when their folder was looked into.
    seen: RefCell<HashSet<String>>,
}

/// How much was read.
#[derive(Debug, Default)]
struct Read {
    files: usize,
    bytes: u64,
}

impl Disk {
    /// The folder.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            read: RefCell::default(),
            folders_left: Cell::new(MOST_FOLDERS),
            seen: RefCell::default(),
        }
    }

    /// The paths of all files below, in order. Hidden folders and those of tools are left out.
    ///
    /// # Errors
    /// Where a folder cannot be listed, is too deep or in a loop of links, or there are too many
    /// files or folders.
    pub(crate) fn all(&self) -> Result<Vec<String>, String> {
        let mut all = Vec::new();
        self.walk("", &mut Vec::new(), &mut all)?;
        Ok(all)
    }

    fn walk(
        &self,
        folder: &str,
        above: &mut Vec<PathBuf>,
        all: &mut Vec<String>,
    ) -> Result<(), String> {
        let place = self.root.join(folder);
        let real = fs::canonicalize(&place).map_err(|error| cannot_read(&place, &error))?;
        if above.contains(&real) {
            return Err(format!("`{}` is in a loop of links", place.display()));
        }
        if above.len() >= DEEPEST {
            return Err(format!("`{}` is more than {DEEPEST} folders deep", place.display()));
        }
        self.count_folder()?;
        above.push(real);
        for name in self.list(folder)?.unwrap_or_default() {
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            match path.strip_suffix('/') {
                Some(_) if name.starts_with('.') => {}
                Some(_) if KEPT_BY_TOOLS.contains(&name.trim_end_matches('/')) => {}
                Some(inner) => self.walk(inner, above, all)?,
                None if all.len() >= MOST_FILES => return Err(self.too_many()),
                None => all.push(path),
            }
        }
        above.pop();
        Ok(())
    }

    fn count_folder(&self) -> Result<(), String> {
        let left = self.folders_left.get().checked_sub(1).ok_or_else(|| {
            format!(
                "`{}` has more than {MOST_FOLDERS} folders: name one of them",
                self.root.display()
            )
        })?;
        self.folders_left.set(left);
        Ok(())
    }

    fn too_many(&self) -> String {
        format!("`{}` has more than {MOST_FILES} files: name a folder in it", self.root.display())
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let place = self.root.join(normal(path));
        let failed = |error: std::io::Error| cannot_read(&place, &error);
        // What is neither file nor folder is not opened: a pipe would be waited for.
        let is_file = match fs::metadata(&place) {
            Ok(metadata) => metadata.is_file(),
            Err(error) if is_none(&error) => false,
            Err(error) => return Err(failed(error)),
        };
        let changed = || {
            Err(format!(
                "`{}` was a file when its folder was looked into, and is none now: try again when \
                 nothing writes there",
                place.display()
            ))
        };
        if !is_file {
            let was_file = self.seen.borrow().contains(&normal(path));
            return if was_file { changed() } else { Ok(None) };
        }
        let file = File::open(&place).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return changed();
        }
        let mut bytes = Vec::new();
        file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
        let length = bytes.len() as u64;
        if length > LARGEST_FILE {
            return Err(format!("`{}` is larger than 64 MiB", place.display()));
        }
        let mut read = self.read.borrow_mut();
        read.files += 1;
        read.bytes += length;
        if read.files > MOST_FILES {
            return Err(self.too_many());
        }
        if read.bytes > MOST_BYTES {
            return Err(format!(
                "the files in `{}` are larger than 1 GiB together: name a folder in it",
                self.root.display()
            ));
        }
        Ok(Some(bytes))
    }

    fn list(&self, folder: &str) -> Result<Option<Vec<String>>, String> {
        let place = self.root.join(normal(folder));
        let failed = |error: std::io::Error| cannot_read(&place, &error);
        let entries = match fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if is_none(&error) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mut names = BTreeSet::new();
        let mut seen = self.seen.borrow_mut();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().into_string().map_err(|name| {
                format!(
                    "the name of `{}` is not UTF-8: rename it, or name the other files one by one",
                    place.join(name).display()
                )
            })?;
            if names.len() >= MOST_FILES {
                return Err(self.too_many());
            }
            // A link that leads nowhere is a file that is not there.
            let metadata = fs::metadata(entry.path()).ok();
            if metadata.as_ref().is_some_and(fs::Metadata::is_file) && seen.len() < MOST_FILES {
                seen.insert(normal(&format!("{folder}/{name}")));
            }
            let is_folder = metadata.is_some_and(|it| it.is_dir());
            names.insert(if is_folder { format!("{name}/") } else { name });
        }
        Ok(Some(names.into_iter().collect()))
    }
}

/// Whether nothing of the kind is there.
fn is_none(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

fn cannot_read(place: &Path, error: &std::io::Error) -> String {
    format!("cannot read `{}`: {}", place.display(), reason(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_in_order_without_those_of_tools() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["b.json", "a/c.json", ".git/d.json", "node_modules/e/f.json"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        let disk = Disk::new(folder.path());
        assert_eq!(disk.all().unwrap(), ["a/c.json", "b.json"]);
        assert_eq!(disk.read("a/../b.json").unwrap().unwrap(), b"{}");
        assert_eq!(disk.read("a").unwrap(), None);
        assert_eq!(disk.read("none").unwrap(), None);
        assert_eq!(disk.list("none").unwrap(), None);
    }

    #[test]
    fn a_file_that_becomes_something_else_after_it_was_seen_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (gone, changed) = (folder.path().join("gone.tf"), folder.path().join("changed.tf"));
        for path in [&gone, &changed] {
            fs::write(path, "").unwrap();
        }
        let disk = Disk::new(folder.path());
        assert_eq!(disk.list("").unwrap().unwrap(), ["changed.tf", "gone.tf"]);
        fs::remove_file(&gone).unwrap();
        fs::remove_file(&changed).unwrap();
        fs::create_dir(&changed).unwrap();
        for path in ["gone.tf", "./changed.tf"] {
            let error = disk.read(path).unwrap_err();
            assert!(error.contains("was a file when its folder was looked into"), "{error}");
        }
        // What was not seen there is only missing.
        assert_eq!(Disk::new(folder.path()).read("gone.tf").unwrap(), None);
    }

    #[test]
    fn a_file_that_grows_past_the_largest_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "{}").unwrap();
        let disk = Disk::new(folder.path());
        assert_eq!(disk.all().unwrap(), ["a.json"]);
        File::options().write(true).open(&path).unwrap().set_len(LARGEST_FILE + 1).unwrap();
        let error = disk.read("a.json").unwrap_err();
        assert!(error.ends_with("a.json` is larger than 64 MiB"), "{error}");
    }

    #[test]
    fn many_folders_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a/b", "c"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let disk = Disk::new(folder.path());
        disk.folders_left.set(4);
        assert_eq!(disk.all().unwrap(), [""; 0]);
        disk.folders_left.set(3);
        let error = disk.all().unwrap_err();
        assert!(error.ends_with("has more than 20000 folders: name one of them"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn loops_of_links_and_depth_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
        let error = Disk::new(folder.path()).all().unwrap_err();
        assert!(error.ends_with("a/up` is in a loop of links"), "{error}");

        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("d/".repeat(DEEPEST + 1))).unwrap();
        let error = Disk::new(folder.path()).all().unwrap_err();
        assert!(error.ends_with("more than 32 folders deep"), "{error}");

        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("me", folder.path().join("me")).unwrap();
        let error = Disk::new(folder.path()).read("me").unwrap_err();
        assert!(error.contains("me`: too many levels of symbolic links"), "{error}");
    }
}
