//! What could not be read, by kind: named, counted, and bounded.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cis_records::shapes::Unreadable;

use crate::Time;

/// Why a file, or the rest of it, was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The system cannot open or read it.
    Unreadable,
    /// The compressed data ends too early.
    Truncated,
    /// The compressed data, or the JSON in it, is wrong.
    Corrupt,
    /// Something follows the compressed data, which CloudTrail does not write.
    Behind,
    /// It is larger than is read of one file, compressed or not.
    Oversized,
    /// It is not CloudTrail's: no records are in it.
    NotCloudTrails,
    /// It holds records, and other things in the place of records.
    NoRecords,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Unreadable,
        Self::Truncated,
        Self::Corrupt,
        Self::Behind,
        Self::Oversized,
        Self::NotCloudTrails,
        Self::NoRecords,
    ];

    /// The kind's name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Truncated => "truncated",
            Self::Corrupt => "corrupt",
            Self::Behind => "data behind the end",
            Self::Oversized => "oversized",
            Self::NotCloudTrails => "not CloudTrail's",
            Self::NoRecords => "holds things that are no records",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A file that was not read to its end, or not all of it.
///
/// What stands before the fault was read, and the accumulators have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// When the file was delivered.
    pub delivered: Option<Time>,
    /// The file's path or key.
    pub file: String,
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// What is wrong, and where.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.kind, self.what)
    }
}

/// How many faults are kept one by one.
const KEPT: usize = 1_000;

/// The faults of a scan: all are counted, and the first thousand, by the files' order, kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    counts: BTreeMap<FaultKind, u64>,
    first: BTreeSet<Fault>,
}

impl Faults {
    /// Adds one.
    pub fn add(&mut self, fault: Fault) {
        *self.counts.entry(fault.kind).or_default() += 1;
        self.first.insert(fault);
        if self.first.len() > KEPT {
            self.first.pop_last();
        }
    }

    /// Adds those of another part of the scan.
    pub fn merge(&mut self, other: Self) {
        for (kind, count) in other.counts {
            *self.counts.entry(kind).or_default() += count;
        }
        self.first.extend(other.first);
        while self.first.len() > KEPT {
            self.first.pop_last();
        }
    }

    /// How many there are of each kind.
    #[must_use]
    pub const fn counts(&self) -> &BTreeMap<FaultKind, u64> {
        &self.counts
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The first of them.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.first.iter()
    }
}

/// What is wrong with a file, without its name.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) kind: FaultKind,
    pub(crate) what: String,
}

impl Wrong {
    pub(crate) fn new(kind: FaultKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into() }
    }
}

impl From<std::io::Error> for Wrong {
    fn from(error: std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::UnexpectedEof => FaultKind::Truncated,
            std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData => {
                FaultKind::Corrupt
            }
            std::io::ErrorKind::FileTooLarge => FaultKind::Oversized,
            _ => FaultKind::Unreadable,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<Unreadable> for Wrong {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Io(error) => Self::from(error),
            Unreadable::Json(what) => Self::new(FaultKind::Corrupt, what),
            Unreadable::TooLong => Self::new(FaultKind::NotCloudTrails, error.to_string()),
        }
    }
}
