//! The log files that paths lead to, in the order of their delivery.

mod folders;

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::io;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, FaultKind, Faults};
use crate::layout::{Kind, Place};
use crate::{Selection, Time};
use folders::Folder;

/// A file with records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// Its path, or its URL in a bucket.
    pub name: String,
    /// The account whose events it holds.
    pub account: Option<String>,
    /// The Region that it was delivered from.
    pub region: Option<String>,
    /// The organization whose trail delivered it.
    pub organization: Option<String>,
    /// When it was delivered.
    pub delivered: Option<Time>,
}

impl LogFile {
    /// The file with this name.
    #[must_use]
    pub fn of(name: String) -> Self {
        Self::at(Place::of(&name), name.clone())
    }

    /// The file with this name, of which it is known what it says.
    fn at(place: Place<'_>, name: String) -> Self {
        let owned = |text: Option<&str>| text.map(String::from);
        let (account, region) = (owned(place.account), owned(place.region));
        let (organization, delivered) = (owned(place.organization), place.delivered);
        Self { name, account, region, organization, delivered }
    }
}

/// A path that does not lead to anything.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{}`: {error}", path.display())]
pub struct NotFound {
    /// The path.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// The files in folders that were not taken, by kind, with the first of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many files of a kind there are, and the first by name.
    pub by_kind: BTreeMap<Kind, (u64, String)>,
    /// How many log files hold nothing that is asked for, by their names.
    pub not_selected: u64,
}

impl LeftOut {
    /// Adds what lies in other places.
    pub(crate) fn merge(&mut self, other: Self) {
        self.not_selected += other.not_selected;
        for (kind, (count, first)) in other.by_kind {
            let (ours, of_ours) = self.by_kind.entry(kind).or_insert_with(|| (0, first.clone()));
            *ours += count;
            if first < *of_ours {
                *of_ours = first;
            }
        }
    }

    pub(crate) fn add(&mut self, kind: Kind, path: &str) {
        let (count, first) = self.by_kind.entry(kind).or_insert_with(|| (0, path.to_string()));
        *count += 1;
        if path < first.as_str() {
            *first = path.to_string();
        }
    }
}

/// The files that paths lead to, in the order of their delivery.
///
/// The folders are known, their files are listed when their turn comes: what is held at once are the
/// files of about one day.
#[derive(Debug, Default)]
pub struct FileList {
    /// Folders that are still to be listed; the one with the earliest file is last.
    folders: Vec<Folder>,
    pending: BinaryHeap<Reverse<Pending>>,
    selection: Selection,
    count: u64,
    has_untimed: bool,
    left_out: LeftOut,
    faults: Faults,
}

/// A file whose turn comes.
#[derive(Debug, PartialEq, Eq)]
struct Pending {
    file: LogFile,
    /// Where in the path the name begins.
    name_at: usize,
}

impl Pending {
    fn of(file: LogFile) -> Self {
        let name_at = file.name.len() - folders::name_of(&file.name).len();
        Self { file, name_at }
    }

    fn order(&self) -> (Option<Time>, Option<&str>, &str) {
        let path = &self.file.name;
        (self.file.delivered, path.get(self.name_at..), path)
    }
}

impl Ord for Pending {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl PartialOrd for Pending {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FileList {
    /// How many files there are.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.count
    }

    /// Whether the names of some files do not tell when they were delivered.
    #[must_use]
    pub const fn has_untimed(&self) -> bool {
        self.has_untimed
    }

    /// What lies in the folders and is not taken.
    #[must_use]
    pub const fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// What in the folders cannot be read.
    #[must_use]
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    fn add_file(&mut self, path: String) {
        let file = LogFile::of(path);
        self.has_untimed |= file.delivered.is_none();
        self.count += 1;
        self.pending.push(Reverse(Pending::of(file)));
    }
}

impl Iterator for FileList {
    type Item = LogFile;

    fn next(&mut self) -> Option<LogFile> {
        loop {
            let next = self.pending.peek().map(|Reverse(next)| next.file.delivered);
            let is_due = |folder: &Folder| next.is_none_or(|next| folder.earliest <= next);
            let Some(folder) = self.folders.pop_if(|folder| is_due(folder)) else { break };
            let listed = folder.list(&self.selection, &mut |file| {
                self.pending.push(Reverse(Pending::of(file)));
            });
            if let Err(error) = listed {
                self.faults.add(fault(&folder.path, &error));
            }
        }
        let Reverse(next) = self.pending.pop()?;
        Some(next.file)
    }
}

fn fault(path: &Path, error: &io::Error) -> Fault {
    Fault {
        delivered: None,
        file: path.display().to_string(),
        kind: FaultKind::Unreadable,
        what: error.to_string(),
    }
}

/// Finds the log files that paths lead to and that can hold what is asked for.
///
/// A path that names a file is taken whatever it is called. In folders, and below them, only
/// CloudTrail's log files are taken, by the folders and names of [`layout`](crate::layout); in folders
/// outside of that layout also what ends with `.json`, `.jsonl` or `.gz`. Links are followed, and a
/// folder to which two ways lead is read once.
///
/// # Errors
/// A path that does not exist or may not be read.
pub fn discover(paths: &[PathBuf], selection: &Selection) -> Result<FileList, NotFound> {
    let mut files = FileList { selection: selection.clone(), ..FileList::default() };
    let mut visited = BTreeSet::new();
    for path in paths {
        let not_found = |error| NotFound { path: path.clone(), error };
        let canonical = path.canonicalize().map_err(not_found)?;
        if canonical.is_dir() {
            folders::walk(path, &mut visited, &mut files);
        } else if visited.insert(canonical) {
            files.add_file(path.display().to_string());
        }
    }
    files.folders.sort_unstable_by(|one, other| {
        (other.earliest, &other.path).cmp(&(one.earliest, &one.path))
    });
    Ok(files)
}
