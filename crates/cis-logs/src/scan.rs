//! Reading many files on several threads, each event once.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::duplicates::{self, Seen, Sight};
use crate::fault::{Fault, FaultKind, Faults, Wrong};
use crate::layout::Place;
use crate::reader::{Contents, Reader};
use crate::{FileList, LeftOut, LogFile, LogRecord, Selection, Time};

/// What is made of the records of a scan.
///
/// Each thread fills one of its own, in no fixed order, and in the end they are merged in no fixed
/// order either. So the result must not depend on the order: counts, sums, minima and maxima,
/// sets and maps of them do not.
pub trait Accumulator: Send {
    /// Takes one record in. Each event is given once.
    fn absorb(&mut self, file: &LogFile, record: &LogRecord<'_>);

    /// Takes in one more copy of a record that was given to some accumulator.
    fn copy(&mut self, _file: &LogFile, _record: &LogRecord<'_>) {}

    /// Takes one file in, after its records.
    fn file(&mut self, _file: &LogFile, _outcome: &FileOutcome<'_>) {}

    /// Takes in what another thread has made.
    fn merge(&mut self, other: Self);
}

/// What a file held.
#[derive(Clone, Copy, Debug)]
pub struct FileOutcome<'a> {
    /// How many records, copies of others and those that are not asked for included.
    pub records: u64,
    /// Why it was not read to its end.
    pub fault: Option<&'a Fault>,
}

/// Where files come from, in the order of their delivery.
pub trait Source: Send {
    /// The next file.
    fn next_file(&mut self) -> Option<Found>;

    /// Whether the names of some files may not tell when they were delivered.
    fn has_untimed(&self) -> bool;

    /// What lies beside the files and was not taken, and what of the places cannot be read; asked for
    /// when there are no more files.
    fn finish(self) -> (LeftOut, Faults);
}

/// A file, and where its bytes are.
#[derive(Debug)]
pub struct Found {
    /// The file.
    pub file: LogFile,
    /// Its bytes.
    pub input: Input,
}

/// Where a file's bytes are.
#[derive(Debug)]
pub enum Input {
    /// In a file on disk.
    Path(PathBuf),
    /// Here.
    Bytes(Vec<u8>),
    /// Nowhere, and why.
    Missing(FaultKind, String),
}

impl Source for FileList {
    fn next_file(&mut self) -> Option<Found> {
        let file = self.next()?;
        let input = Input::Path(PathBuf::from(&file.name));
        Some(Found { file, input })
    }

    fn has_untimed(&self) -> bool {
        Self::has_untimed(self)
    }

    fn finish(self) -> (LeftOut, Faults) {
        (self.left_out().clone(), self.faults().clone())
    }
}

/// How a scan is made.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// How many threads read; all of the machine's where it is `None`.
    pub threads: Option<NonZeroUsize>,
    /// Which records are asked for.
    pub selection: Selection,
    /// Where it is written how far the scan is.
    pub progress: Option<&'a Progress>,
}

/// How far a scan is, to be read by another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files that were read.
    pub files: AtomicU64,
    /// Bytes of text that were read.
    pub bytes: AtomicU64,
}

/// How much a scan read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files.
    pub files: u64,
    /// Digest files among them, which people named or which lay where log files do.
    pub digests: u64,
    /// Bytes of text.
    pub bytes: u64,
    /// Records, copies included.
    pub records: u64,
    /// Records that are copies of others, `eventID` and all.
    pub copies: u64,
    /// Records that are not asked for.
    pub not_selected: u64,
    /// Records that were delivered so long after their events that a copy of one that came in time
    /// is counted besides.
    pub late: u64,
    /// Records without an `eventID`: whether two of the same text are one event is not known, so both
    /// count.
    pub without_id: u64,
}

impl Tally {
    const fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.digests += other.digests;
        self.bytes += other.bytes;
        self.records += other.records;
        self.copies += other.copies;
        self.not_selected += other.not_selected;
        self.late += other.late;
        self.without_id += other.without_id;
    }
}

/// What came of a scan.
#[derive(Clone, Debug)]
pub struct Scanned<A> {
    /// What the accumulators made.
    pub accumulated: A,
    /// How much was read.
    pub tally: Tally,
    /// What was not read.
    pub faults: Faults,
    /// What lies in the folders and was not taken.
    pub left_out: LeftOut,
}

/// Reads files, and gives each event that is asked for to an accumulator, once.
///
/// The result is the same for every number of threads and every order of the paths.
pub fn scan<S: Source, A: Accumulator>(
    files: S,
    options: &Options<'_>,
    accumulator: impl Fn() -> A + Sync,
) -> Scanned<A> {
    let threads = options.threads.or_else(|| thread::available_parallelism().ok());
    let threads = threads.map_or(1, NonZeroUsize::get);
    let seen = Seen::new(files.has_untimed());
    let queue = Mutex::new(Queue { files, reading: vec![None; threads], forgotten: None });
    let work = |worker: usize| {
        let mut part = Part {
            accumulated: accumulator(),
            tally: Tally::default(),
            faults: Faults::default(),
            reader: Reader::default(),
            sights: Vec::new(),
        };
        while let Some(found) = next(&queue, worker, &seen) {
            part.read(&found, options, &seen);
        }
        part
    };
    let mut whole = thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = (1..threads).map(|worker| scope.spawn(move || work(worker))).collect();
        let mut whole = work(0);
        for other in others {
            match other.join() {
                Ok(part) => whole.merge(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        whole
    });
    let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (left_out, of_places) = queue.files.finish();
    whole.faults.merge(of_places);
    let Part { accumulated, tally, faults, .. } = whole;
    Scanned { accumulated, tally, faults, left_out }
}

/// The files that are still to be read, and those that are being read.
struct Queue<S> {
    files: S,
    /// When the file was delivered that each thread reads.
    reading: Vec<Option<Time>>,
    /// Up to when what was seen is forgotten.
    forgotten: Option<Time>,
}

fn next<S: Source>(queue: &Mutex<Queue<S>>, worker: usize, seen: &Seen) -> Option<Found> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    let found = queue.files.next_file();
    if let Some(reading) = queue.reading.get_mut(worker) {
        *reading = found.as_ref().and_then(|found| found.file.delivered);
    }
    // Files come in the order of their delivery, so the oldest is one that is being read.
    if let Some(oldest) = queue.reading.iter().flatten().min().copied()
        && queue.forgotten.is_none_or(|forgotten| oldest >= forgotten.plus(900))
    {
        seen.forget_before(oldest);
        queue.forgotten = Some(oldest);
    }
    found
}

/// What one thread makes.
struct Part<A> {
    accumulated: A,
    tally: Tally,
    faults: Faults,
    reader: Reader,
    /// What becomes of the records that are read together.
    sights: Vec<Sight>,
}

impl<A: Accumulator> Part<A> {
    fn read(&mut self, found: &Found, options: &Options<'_>, seen: &Seen) {
        let Found { file, input } = found;
        let mut contents = Contents::default();
        let Self { accumulated, tally, faults, reader, sights } = self;
        let is_all = options.selection.is_all();
        let place = if is_all { Place::NOTHING } else { Place::of(&file.name) };
        let mut give = |records: &[LogRecord<'_>]| {
            sights.clear();
            sights.extend(records.iter().map(|record| {
                if is_all || options.selection.takes(&place, record) {
                    question(file, record, tally, seen)
                } else {
                    tally.not_selected += 1;
                    Sight::NotAsked
                }
            }));
            seen.look(sights);
            for (record, sight) in records.iter().zip(&*sights) {
                match sight {
                    Sight::NotAsked => {}
                    Sight::Copy => {
                        tally.copies += 1;
                        accumulated.copy(file, record);
                    }
                    Sight::First | Sight::Open { .. } => accumulated.absorb(file, record),
                }
            }
        };
        let read = match input {
            Input::Path(path) => reader.read_file(path, &mut contents, &mut give),
            Input::Bytes(bytes) => reader.read(bytes.as_slice(), &mut contents, &mut give),
            Input::Missing(kind, what) => Err(Wrong::new(*kind, what.as_str())),
        };
        tally.files += 1;
        tally.digests += u64::from(contents.has_digest);
        tally.bytes += contents.bytes;
        tally.records += contents.records;
        let wrong = read.err().or_else(|| misplaced(&contents));
        let fault = wrong.map(|Wrong { kind, what }| Fault {
            delivered: file.delivered,
            file: file.name.clone(),
            kind,
            what,
        });
        let outcome = FileOutcome { records: contents.records, fault: fault.as_ref() };
        accumulated.file(file, &outcome);
        if let Some(fault) = fault {
            faults.add(fault);
        }
        if let Some(progress) = options.progress {
            progress.files.fetch_add(1, Ordering::Relaxed);
            progress.bytes.fetch_add(contents.bytes, Ordering::Relaxed);
        }
    }

    fn merge(&mut self, other: Self) {
        self.accumulated.merge(other.accumulated);
        self.tally.add(&other.tally);
        self.faults.merge(other.faults);
    }
}

/// What is to be looked up of a record.
fn question(file: &LogFile, record: &LogRecord<'_>, tally: &mut Tally, seen: &Seen) -> Sight {
    if !record.has_id() {
        tally.without_id += 1;
        return Sight::First;
    }
    let time = record.time();
    let is_late = duplicates::is_late(time, file.delivered);
    tally.late += u64::from(is_late);
    seen.question(record.raw(), time, is_late)
}

/// What is wrong with a file that was read to its end.
fn misplaced(contents: &Contents) -> Option<Wrong> {
    let first = contents.first_misplaced.as_deref()?;
    let kind = if contents.records == 0 { FaultKind::NotCloudTrails } else { FaultKind::NoRecords };
    let more = match contents.misplaced {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    Some(Wrong::new(kind, format!("{first}{more}")))
}
