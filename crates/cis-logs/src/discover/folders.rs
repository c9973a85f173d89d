//! Folders with log files: walked once to know them, and listed when their turn comes.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{FileList, fault};
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
    /// Gives the paths of its files that may hold what is asked for.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub(super) fn list(
        &self,
        selection: &Selection,
        give: &mut dyn FnMut(String),
    ) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let path = self.path.join(entry.file_name());
            let text = path.display().to_string();
            let is_folder = || match entry.file_type() {
                Ok(kind) if kind.is_symlink() => path.is_dir(),
                Ok(kind) => kind.is_dir(),
                Err(_) => false,
            };
            if kind_of(&text) == Kind::Log
                && selection.takes_file(&Place::of(&text))
                && !is_folder()
            {
                give(text);
            }
        }
        Ok(())
    }
}

/// Adds the folders with log files that lie in this one or below.
pub(super) fn walk(path: &Path, visited: &mut BTreeSet<PathBuf>, files: &mut FileList) {
    let mut found: Option<Folder> = None;
    let selection = files.selection.clone();
    let is_taken = |folder: &Path, visited: &mut BTreeSet<PathBuf>| {
        let is_new = folder.canonicalize().is_ok_and(|canonical| visited.insert(canonical));
        is_new && selection.takes_folder(&Place::of_folders(&folder.to_string_lossy()))
    };
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
        let text = entry.path().display().to_string();
        let kind = kind_of(&text);
        if kind != Kind::Log {
            files.left_out.add(kind, &text);
            continue;
        }
        let place = Place::of(&text);
        if !files.selection.takes_file(&place) {
            files.left_out.not_selected += 1;
            continue;
        }
        files.count += 1;
        files.has_untimed |= place.delivered.is_none();
        let parent = entry.path().parent().unwrap_or(path);
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

/// What a file in a folder is: outside of CloudTrail's layout, log files are called as people like.
fn kind_of(path: &str) -> Kind {
    const ENDS: [&str; 3] = [".json", ".jsonl", ".gz"];
    let place = Place::of(path);
    let is_outside = place.kind == Kind::Unknown && place.account.is_none();
    let name = name_of(path).to_ascii_lowercase();
    if is_outside && ENDS.iter().any(|end| name.ends_with(end)) { Kind::Log } else { place.kind }
}

/// The last part of a path.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit_once(['/', '\\']).map_or(path, |(_, name)| name)
}
