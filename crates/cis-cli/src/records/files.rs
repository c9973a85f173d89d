//! The files that paths lead to, and what in them could not be read.

use std::io::{self, BufRead, Cursor};
use std::path::Path;

use cis_logs::s3::Opened;
use cis_logs::{Input, Selection, Source as _};
use cis_records::shapes::{Misplaced, NotARecord};
use walkdir::WalkDir;

use crate::args::FileOrStdin;
use crate::input::cannot_read;
use crate::live::bucket::{BucketArgs, Buckets, Place, place};
use crate::log_file;
use crate::outcome::{Failure, complain};

/// What the names of files in a folder end with that are read.
const ENDS: [&str; 5] = [".json", ".json.gz", ".jsonl", ".jsonl.gz", ".gz"];

/// How many of one file's misplaced things are named one by one.
const NAMED: usize = 3;

/// What is read.
#[derive(Debug)]
pub(super) enum Source {
    /// A file, a folder or standard input.
    Here(FileOrStdin),
    /// Log files in a bucket.
    Bucket(Box<Opened>),
}

/// Opens the buckets, and sees whether every path can be read, as far as that can be seen.
///
/// # Errors
/// Where one does not exist or may not be opened.
pub(super) fn open(paths: &[FileOrStdin], args: &BucketArgs) -> Result<Vec<Source>, Failure> {
    let mut buckets: Option<Buckets> = None;
    let mut sources = Vec::new();
    for source in paths {
        let FileOrStdin::File(path) = source else {
            sources.push(Source::Here(source.clone()));
            continue;
        };
        if let Place::Bucket(location) = place(path)? {
            let buckets = match &mut buckets {
                Some(buckets) => buckets,
                none => none.insert(args.connect(None)?),
            };
            sources.push(Source::Bucket(Box::new(buckets.open(&location)?)));
            continue;
        }
        sources.push(Source::Here(source.clone()));
        let metadata = path.metadata().map_err(|error| cannot_read(source, &error))?;
        // A pipe is opened once.
        if metadata.is_file() {
            log_file::open(source).map_err(|error| cannot_read(source, &error))?;
        }
    }
    if buckets.is_none() {
        args.refuse("it is for `s3://BUCKET/PREFIX`, and no such path was given")?;
    }
    Ok(sources)
}

/// The bytes of a file, or why there are none.
type Opening = Result<Box<dyn BufRead>, String>;

/// Does this with every file, those of a folder in the order of their names, those of a bucket in the
/// order of their delivery.
///
/// # Errors
/// The first error of what is done.
pub(super) fn each(
    sources: Vec<Source>,
    faults: &mut Faults,
    mut with: impl FnMut(&FileOrStdin, Opening, &mut Faults) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let opening = |source: &FileOrStdin| {
        log_file::open(source).map_err(|error| crate::outcome::reason(&error))
    };
    for source in sources {
        let source = match source {
            Source::Here(source) => source,
            Source::Bucket(opened) => {
                of_bucket(*opened, faults, &mut with)?;
                continue;
            }
        };
        let folder = match &source {
            FileOrStdin::File(path) if path.is_dir() => path,
            FileOrStdin::File(_) | FileOrStdin::Stdin => {
                with(&source, opening(&source), faults)?;
                continue;
            }
        };
        for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if entry.file_type().is_file() && is_read(entry.path()) => {
                    let source = FileOrStdin::File(entry.into_path());
                    with(&source, opening(&source), faults)?;
                }
                Ok(_other) => faults.left_out += 1,
                Err(error) => {
                    let place = error.path().unwrap_or(folder).to_path_buf();
                    faults.of_file(&FileOrStdin::File(place), &why(&error));
                }
            }
        }
    }
    Ok(())
}

/// Does this with every log file in a bucket.
fn of_bucket(
    opened: Opened,
    faults: &mut Faults,
    with: &mut impl FnMut(&FileOrStdin, Opening, &mut Faults) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let cannot_start = |error: io::Error| Failure::Refused(format!("cannot start: {error}"));
    let mut objects = opened.read(Selection::default()).map_err(cannot_start)?;
    while let Some(found) = objects.next_file() {
        let source = FileOrStdin::File(found.file.name.into());
        let opening: Opening = match found.input {
            Input::Bytes(bytes) => Ok(Box::new(Cursor::new(bytes))),
            Input::Path(path) => log_file::open(&FileOrStdin::File(path))
                .map_err(|error| crate::outcome::reason(&error)),
            Input::Missing(_, what) => Err(what),
        };
        with(&source, opening, faults)?;
    }
    let (left_out, wrong) = objects.finish();
    faults.beside += left_out.by_kind.values().map(|(count, _)| *count as usize).sum::<usize>();
    for fault in wrong.iter() {
        faults.of_file(&FileOrStdin::File(fault.file.clone().into()), &fault.what);
    }
    Ok(())
}

fn is_read(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
    name.is_some_and(|name| ENDS.iter().any(|end| name.ends_with(end)))
}

fn why(error: &walkdir::Error) -> String {
    match error.io_error() {
        Some(error) => crate::outcome::reason(error),
        None => "it is in a loop of links".to_string(),
    }
}

/// What could not be read.
#[derive(Debug, Default)]
pub(super) struct Faults {
    files: usize,
    records: usize,
    of_this_file: usize,
    digests: usize,
    left_out: usize,
    /// What lies beside the log files in buckets.
    beside: usize,
}

impl Faults {
    /// A file, or what is left of it.
    pub(super) fn of_file(&mut self, source: &FileOrStdin, why: &str) {
        self.files += 1;
        complain("warning", &format!("{source}: not read to its end: {why}"));
    }

    /// Something in the place of a record.
    pub(super) fn of_record(&mut self, source: &FileOrStdin, misplaced: &Misplaced) {
        if misplaced.what == NotARecord::Digest {
            self.digests += 1;
            return;
        }
        self.records += 1;
        self.of_this_file += 1;
        if self.of_this_file <= NAMED {
            complain("warning", &format!("{source}: left out: {misplaced}"));
        }
    }

    /// The file ends: how many things in it were not named.
    pub(super) fn end_of_file(&mut self, source: &FileOrStdin) {
        if let Some(more @ 1..) = self.of_this_file.checked_sub(NAMED) {
            complain("warning", &format!("{source}: left out: {more} more that are no records"));
        }
        self.of_this_file = 0;
    }

    /// Whether everything was read.
    pub(super) const fn is_empty(&self) -> bool {
        self.files == 0 && self.records == 0
    }

    /// Writes how much was not read.
    pub(super) fn report(&self) {
        for (count, what) in [
            (self.digests, "digest files of CloudTrail, which hold no records"),
            (self.beside, "files and folders in buckets that are no log files"),
            (self.left_out, "files in folders whose names do not end with .json, .jsonl or .gz"),
        ] {
            if count > 0 {
                complain("note", &format!("left out: {count} {what}"));
            }
        }
        if !self.is_empty() {
            let Self { files, records, .. } = self;
            complain(
                "warning",
                &format!(
                    "not read: {records} that are no records, and the rest of {files} files: the \
                     answer is not whole"
                ),
            );
        }
    }
}
