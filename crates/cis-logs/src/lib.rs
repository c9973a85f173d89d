//! CloudTrail's log files: where they lie, which of them are read, and their records in one fast pass,
//! each event once.
//!
//! [`layout`] says what a path or a key in a bucket is. [`discover`] finds the files that a
//! [`Selection`] asks for, in the order of their delivery. [`scan`] reads them on several threads and
//! gives each record to an [`Accumulator`]. What a record means is the accumulator's matter.
//! [`digest`] proves by CloudTrail's digests that files are as they were delivered.
//!
//! ```no_run
//! use cis_logs::{Accumulator, LogFile, LogRecord, Options, Selection};
//!
//! #[derive(Default)]
//! struct Errors(u64);
//!
//! impl Accumulator for Errors {
//!     fn absorb(&mut self, _file: &LogFile, record: &LogRecord<'_>) {
//!         self.0 += u64::from(record.error_code().is_some());
//!     }
//!
//!     fn merge(&mut self, other: Self) {
//!         self.0 += other.0;
//!     }
//! }
//!
//! let selection = Selection::default();
//! let files = cis_logs::discover(&["logs".into()], &selection)?;
//! let scanned = cis_logs::scan(files, &Options::default(), Errors::default);
//! println!("{} failed calls, {} files not read to their end", scanned.accumulated.0, scanned.faults.count());
//! # Ok::<(), cis_logs::NotFound>(())
//! ```

pub mod athena;
pub mod callers;
pub mod delivered;
pub mod digest;
mod discover;
mod duplicates;
mod fault;
mod json;
pub mod layout;
mod marked;
mod merged;
mod reader;
mod record;
#[cfg(feature = "s3")]
pub mod s3;
mod scan;
mod selection;
mod time;

pub use discover::{FileList, LeftOut, LogFile, NotFound, discover};
pub use fault::{Fault, FaultKind, Faults};
pub use merged::Merged;
pub use record::{LogCaller, LogRecord};
pub use scan::{
    Accumulator, FileOutcome, Found, Input, Options, Progress, Scanned, Source, Tally, scan,
};
pub use selection::Selection;
pub use time::{InvalidTime, Time};
