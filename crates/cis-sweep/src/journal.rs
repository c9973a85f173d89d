//! What a sweep has read so far, kept so that a later run goes on where it was interrupted.
//!
//! While a sweep runs, each account's snapshot is a line of `FILE.partial`, written once the account is
//! finished, in whatever order that comes. At the end the lines are written to `FILE` in the list's
//! order, which takes the file's place at once, and `FILE.partial` is removed. So `FILE` is always a
//! whole sweep, and a line that was cut off in the middle is that of an account which is read again.

mod line;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{
    self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _,
};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// As whom accounts are read. A sweep goes on only with the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The account whose credentials assume roles.
    pub caller_account: String,
    /// The role that is assumed in each account.
    pub role_name: String,
    /// The Region that is asked.
    pub region: String,
}

/// The first line of `FILE.partial`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    sweep: Settings,
}

/// Why what was read cannot be kept, or gone on with.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// An earlier sweep was interrupted.
    #[error(
        "`{}` is left of a sweep that was interrupted: `--resume` goes on with it, or remove it",
        .0.display()
    )]
    Interrupted(PathBuf),
    /// Another sweep writes the same file.
    #[error("another sweep writes `{}` now", .0.display())]
    InUse(PathBuf),
    /// An earlier sweep was made in another way.
    #[error(
        "`{}` is left of a sweep from account {}, with the role `{}`, in {}: give the same, or remove \
         it", .path.display(), .settings.caller_account, .settings.role_name, .settings.region
    )]
    Other {
        /// The file.
        path: PathBuf,
        /// How that sweep was made.
        settings: Settings,
    },
    /// A file holds something else.
    #[error("`{}`: line {line} is no snapshot: {reason}", .path.display())]
    NoSnapshot {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// Why.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("cannot keep what is read in `{}`: {error}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Where a line is.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u64,
    length: u64,
}

/// The finished accounts of a sweep.
#[derive(Debug)]
pub struct Journal {
    file: File,
    /// The file that the sweep is for; `None` where nothing is to be left of it.
    target: Option<PathBuf>,
    lines: HashMap<String, Span>,
    end: u64,
}

impl Journal {
    /// A journal that goes when the process does.
    ///
    /// # Errors
    /// Where the system has no room for temporary files.
    pub fn temporary() -> Result<Self, JournalError> {
        let file = tempfile::tempfile().map_err(|error| failed(&std::env::temp_dir(), error))?;
        Ok(Self { file, target: None, lines: HashMap::new(), end: 0 })
    }

    /// The journal of a sweep that begins.
    ///
    /// # Errors
    /// Where one for the same file was interrupted, or the file cannot be written.
    pub fn begin(target: &Path, settings: &Settings) -> Result<Self, JournalError> {
        let path = partial(target);
        let file = match OpenOptions::new().read(true).append(true).create_new(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(JournalError::Interrupted(path));
            }
            Err(error) => return Err(failed(&path, error)),
        };
        let mut journal =
            Self { file, target: Some(target.to_owned()), lines: HashMap::new(), end: 0 };
        journal.lock()?;
        journal.head(settings).map_err(|error| failed(&path, error))?;
        Ok(journal)
    }

    /// The journal of a sweep that goes on: after an interruption, or after its end, where only what
    /// failed for a reason that passes is read again. A sweep that never began begins.
    ///
    /// # Errors
    /// Where the earlier one was made with other settings, or its file cannot be read or written.
    pub fn resume(target: &Path, settings: &Settings) -> Result<Self, JournalError> {
        let path = partial(target);
        let is_there = |path: &Path| path.try_exists().map_err(|error| failed(path, error));
        if !is_there(&path)? {
            if !is_there(target)? {
                return Self::begin(target, settings);
            }
            reopen(target, &path, settings)?;
        }
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(&path)
            .map_err(|error| failed(&path, error))?;
        let mut journal =
            Self { file, target: Some(target.to_owned()), lines: HashMap::new(), end: 0 };
        journal.lock()?;
        journal.load(&path, settings)?;
        Ok(journal)
    }

    /// Whether an account need not be read any more.
    #[must_use]
    pub fn is_finished(&self, id: &str) -> bool {
        self.lines.contains_key(id)
    }

    /// Keeps an account's snapshot, which is one line of JSON.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn add(&mut self, id: &str, snapshot: &str) -> Result<(), JournalError> {
        let mut line = String::with_capacity(snapshot.len() + 1);
        // JSON has no line ends but those between its parts.
        line.extend(snapshot.chars().filter(|character| !matches!(character, '\n' | '\r')));
        let span = Span { start: self.end, length: line.len() as u64 + 1 };
        line.push('\n');
        self.file
            .seek(SeekFrom::End(0))
            .and_then(|_| self.file.write_all(line.as_bytes()))
            .map_err(|error| self.failed(error))?;
        self.end += span.length;
        self.lines.insert(id.to_owned(), span);
        Ok(())
    }

    /// Writes the snapshots of these accounts in this order, as the whole sweep; the file that has
    /// them, from its start.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish<'a>(
        mut self,
        order: impl IntoIterator<Item = &'a str>,
    ) -> Result<File, JournalError> {
        let Some(target) = self.target.take() else {
            let path = std::env::temp_dir();
            let write = |file: &mut Self| {
                let ordered = tempfile::tempfile()?;
                file.copy(order, &ordered)?;
                Ok(ordered)
            };
            return write(&mut self).map_err(|error| failed(&path, error));
        };
        let beside = beside(&target, ".sorted");
        let write = |journal: &mut Self| {
            let ordered = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(&beside)?;
            journal.copy(order, &ordered)?;
            fs::rename(&beside, &target)?;
            fs::remove_file(partial(&target))?;
            Ok(ordered)
        };
        write(&mut self).map_err(|error| failed(&target, error))
    }

    fn copy<'a>(&self, order: impl IntoIterator<Item = &'a str>, to: &File) -> io::Result<()> {
        let mut from = &self.file;
        let mut out = BufWriter::with_capacity(1 << 16, to);
        for id in order {
            if let Some(span) = self.lines.get(id) {
                from.seek(SeekFrom::Start(span.start))?;
                io::copy(&mut from.take(span.length), &mut out)?;
            }
        }
        out.flush()?;
        drop(out);
        let mut to = to;
        to.seek(SeekFrom::Start(0)).map(drop)
    }

    fn lock(&self) -> Result<(), JournalError> {
        match self.file.try_lock() {
            Ok(()) => Ok(()),
            Err(fs::TryLockError::WouldBlock) => {
                Err(JournalError::InUse(self.target.clone().unwrap_or_default()))
            }
            // A file system without locks has none to wait for.
            Err(fs::TryLockError::Error(_)) => Ok(()),
        }
    }

    fn head(&mut self, settings: &Settings) -> io::Result<()> {
        let line = heading(settings)?;
        self.file.write_all(line.as_bytes())?;
        self.end = line.len() as u64;
        Ok(())
    }

    /// Reads the lines that are there, and cuts off the last one where it is not whole.
    fn load(&mut self, path: &Path, settings: &Settings) -> Result<(), JournalError> {
        let io = |error| failed(path, error);
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        reader.seek(SeekFrom::Start(0)).map_err(io)?;
        let mut bytes = Vec::new();
        let (mut number, mut end) = (0, 0_u64);
        loop {
            bytes.clear();
            let length = reader.read_until(b'\n', &mut bytes).map_err(io)? as u64;
            if bytes.last() != Some(&b'\n') {
                break;
            }
            number += 1;
            let no_snapshot = |reason: String| JournalError::NoSnapshot {
                path: path.to_owned(),
                line: number,
                reason,
            };
            if number == 1 {
                let Heading { sweep } = serde_json::from_slice(&bytes)
                    .map_err(|error| no_snapshot(error.to_string()))?;
                if sweep != *settings {
                    return Err(JournalError::Other { path: path.to_owned(), settings: sweep });
                }
            } else {
                let line = line::of(&bytes).map_err(|error| no_snapshot(error.to_string()))?;
                if line.is_finished() {
                    self.lines.insert(line.account_id, Span { start: end, length });
                }
            }
            end += length;
        }
        drop(reader);
        self.file.set_len(end).map_err(io)?;
        self.end = end;
        if number == 0 {
            self.head(settings).map_err(io)?;
        }
        Ok(())
    }

    fn failed(&self, error: io::Error) -> JournalError {
        let target = self.target.as_deref();
        failed(&target.map_or_else(std::env::temp_dir, partial), error)
    }
}

/// Makes the journal of a finished sweep from its file, at once: it is never there in part.
fn reopen(target: &Path, path: &Path, settings: &Settings) -> Result<(), JournalError> {
    let read = File::open(target).map_err(|error| failed(target, error))?;
    for (number, read) in BufReader::with_capacity(1 << 16, read).split(b'\n').enumerate() {
        let bytes = read.map_err(|error| failed(target, error))?;
        line::of(&bytes).map_err(|error| JournalError::NoSnapshot {
            path: target.to_owned(),
            line: number + 1,
            reason: error.to_string(),
        })?;
    }
    let beside = beside(target, ".sorted");
    let write = || {
        let mut out = File::create(&beside)?;
        out.write_all(heading(settings)?.as_bytes())?;
        io::copy(&mut File::open(target)?, &mut out)?;
        fs::rename(&beside, path)
    };
    write().map_err(|error| failed(path, error))
}

fn heading(settings: &Settings) -> io::Result<String> {
    Ok(serde_json::to_string(&Heading { sweep: settings.clone() })? + "\n")
}

/// The file of a sweep that is not finished.
#[must_use]
pub fn partial(target: &Path) -> PathBuf {
    beside(target, ".partial")
}

fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(target);
    name.push(ending);
    name.into()
}

fn failed(path: &Path, error: io::Error) -> JournalError {
    JournalError::Io { path: path.to_owned(), error }
}
