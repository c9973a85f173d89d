//! Folders with log files: walked once to know them, and listed when their turn comes.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{MAIN_SEPARATOR, MAIN_SEPARATOR_STR, Path, PathBuf};

use walkdir::WalkDir;

use super::{FileList, LogFile, fault};
use crate::layout::{Kind, Place};
use crate::{Selection, Time};

/// A folder with log files.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// When the first of its files was delivered.
    pub(super) earliest: Option<Time>,
}

impl Folder {
    /// Gives its files that may hold what is asked for.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub(super) fn list(
        &self,
        selection: &Selection,
        give: &mut dyn FnMut(LogFile),
    ) -> io::Result<()> {
        let folder = self.path.display().to_string();
        let by_folders = Place::of_folders(&folder);
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_folder = || match entry.file_type() {
                Ok(kind) if kind.is_symlink() => entry.path().is_dir(),
                Ok(kind) => kind.is_dir(),
                Err(_) => false,
            };
            let place = by_folders.with_name(&name);
            if kind_of(&place, &name) == Kind::Log && selection.takes_file(&place) && !is_folder() {
                give(LogFile::at(place, path_of(&folder, &name)));
            }
        }
        Ok(())
    }
}

/// The path of a file in a folder.
fn path_of(folder: &str, name: &str) -> String {
    let between = if folder.ends_with(MAIN_SEPARATOR) { "" } else { MAIN_SEPARATOR_STR };
    [folder, between, name].concat()
}

/// Adds the folders with log files that lie in this one or below.
pub(super) fn walk(path: &Path, visited: &mut BTreeSet<PathBuf>, files: &mut FileList) {
    let mut found: Option<Folder> = None;
    let selection = files.selection.clone();
    let is_taken = |folder: &Path, visited: &mut BTreeSet<PathBuf>| {
        let is_new = folder.canonicalize().is_ok_and(|canonical| visited.insert(canonical));
        is_new && selection.takes_folder(&Place::of_folders(&folder.to_string_lossy()))
    };
    let mut here = Here::of(path);
    let entries = WalkDir::new(path).follow_links(true).contents_first(false).into_iter();
    let entries = entries
        .filter_entry(|entry| !entry.file_type().is_dir() || is_taken(entry.path(), visited));
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // A loop of links leads to what is read anyway.
                if let Some(cause) = error.io_error() {
                    files.faults.add(fault(error.path().unwrap_or(path), cause));
                }
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let parent = entry.path().parent().unwrap_or(path);
        if here.path != parent {
            here = Here::of(parent);
        }
        let name = entry.file_name().to_string_lossy();
        let place = here.place().with_name(&name);
        let kind = kind_of(&place, &name);
        if kind != Kind::Log {
            files.left_out.add(kind, &entry.path().display().to_string());
            continue;
        }
        if !selection.takes_file(&place) {
            files.left_out.not_selected += 1;
            continue;
        }
        files.count += 1;
        files.has_untimed |= place.delivered.is_none();
        match &mut found {
            Some(folder) if folder.path == parent => {
                folder.earliest = folder.earliest.min(place.delivered);
            }
            _ => {
                let folder = Folder { path: parent.to_path_buf(), earliest: place.delivered };
                files.folders.extend(found.replace(folder));
            }
        }
    }
    files.folders.extend(found);
    merge(&mut files.folders);
}

/// Files of a folder may come with those of its own folders between them.
fn merge(folders: &mut Vec<Folder>) {
    folders.sort_unstable_by(|one, other| {
        (&one.path, one.earliest).cmp(&(&other.path, other.earliest))
    });
    folders.dedup_by(|later, first| later.path == first.path);
}

/// The folder whose files come, and what it says of them.
struct Here {
    path: PathBuf,
    kind: Kind,
    account: Option<String>,
    region: Option<String>,
    organization: Option<String>,
    day: Option<Time>,
}

impl Here {
    fn of(path: &Path) -> Self {
        let text = path.display().to_string();
        let place = Place::of_folders(&text);
        let owned = |text: Option<&str>| text.map(String::from);
        Self {
            path: path.to_path_buf(),
            kind: place.kind,
            account: owned(place.account),
            region: owned(place.region),
            organization: owned(place.organization),
            day: place.day,
        }
    }

    fn place(&self) -> Place<'_> {
        Place {
            kind: self.kind,
            account: self.account.as_deref(),
            region: self.region.as_deref(),
            organization: self.organization.as_deref(),
            delivered: None,
            day: self.day,
        }
    }
}

/// What a file in a folder is: outside of CloudTrail's layout, log files are called as people like.
fn kind_of(place: &Place<'_>, name: &str) -> Kind {
    const ENDS: [&str; 3] = [".json", ".jsonl", ".gz"];
    let is_outside = place.kind == Kind::Unknown && place.account.is_none();
    let has_end = || {
        let name = name.to_ascii_lowercase();
        ENDS.iter().any(|end| name.ends_with(end))
    };
    if is_outside && has_end() { Kind::Log } else { place.kind }
}

/// The last part of a path.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit_once(['/', '\\']).map_or(path, |(_, name)| name)
}
