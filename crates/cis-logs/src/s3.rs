//! Logs where they lie in a bucket: `s3://bucket/prefix`.
//!
//! The keys of one account and Region sort by the time of delivery, so each such folder is listed page by
//! page, and the lists are merged: what is held are a page of each and the objects that are on their way.
//! Folders of other kinds, accounts and Regions are not listed, nor are days that are not asked for.
//!
//! With a folder to keep objects in, what was fetched once is read from there the next time: a scan that
//! was interrupted goes on where it was.

mod client;
mod fetch;
mod folders;
mod listing;
mod store;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;

use aws_config::SdkConfig;
use cis_aws::Failure;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{self, Receiver};

use self::client::{Bucket, Root};
pub use self::store::Archive;
use crate::fault::{Fault, FaultKind, Faults};
use crate::{Found, LeftOut, Selection, Source};

/// Where logs lie in a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The bucket.
    pub bucket: String,
    /// What the keys begin with; empty, or with a `/` at its end.
    pub prefix: String,
}

/// A text that is no location in S3.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no location in S3: write `s3://bucket` or `s3://bucket/prefix`")]
pub struct InvalidLocation(String);

impl FromStr for Location {
    type Err = InvalidLocation;

    fn from_str(url: &str) -> Result<Self, InvalidLocation> {
        let invalid = || InvalidLocation(url.to_string());
        let path = url.strip_prefix("s3://").ok_or_else(invalid)?;
        let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
        if bucket.is_empty() {
            return Err(invalid());
        }
        let end = if prefix.is_empty() || prefix.ends_with('/') { "" } else { "/" };
        Ok(Self { bucket: bucket.to_string(), prefix: format!("{prefix}{end}") })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

/// How a bucket is read.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Whether the requester pays, which the bucket may demand.
    pub requester_pays: bool,
    /// Where objects are kept; nowhere if it is `None`.
    pub keep: Option<PathBuf>,
}

/// Why nothing at a location can be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// S3 refused it, or did not answer.
    #[error("{0}")]
    Refused(Failure),
    /// No object's key begins so.
    #[error("no object lies there")]
    Nothing,
    /// The machine has no resources for it.
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
}

/// A location whose bucket answers, and where something lies.
#[derive(Debug)]
pub struct Opened {
    runtime: Runtime,
    bucket: Bucket,
    location: Location,
    root: Root,
    keep: Option<PathBuf>,
}

/// Log files in a bucket, while they are listed and fetched.
#[derive(Debug)]
pub struct Objects {
    location: Location,
    found: Receiver<Found>,
    worker: thread::JoinHandle<(LeftOut, Faults)>,
    has_untimed: bool,
}

/// How many objects are on their way at once.
const CONCURRENT: usize = 24;

/// How many objects wait to be read.
const WAITING: usize = 24;

/// Opens a location: its bucket, in the bucket's own Region.
///
/// # Errors
/// Where the bucket cannot be listed, or nothing lies there.
pub fn open(config: &SdkConfig, location: Location, access: Access) -> Result<Opened, OpenError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let opened = client::open(config, &location, access.requester_pays);
    let (bucket, root) = runtime.block_on(opened)?;
    Ok(Opened { runtime, bucket, location, root, keep: access.keep })
}

impl Opened {
    /// Begins to list and fetch the log files that are asked for. A folder that may not be listed is a
    /// fault.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn read(self, selection: Selection) -> io::Result<Objects> {
        let Self { runtime, bucket, location, root, keep } = self;
        let has_untimed = matches!(&root, Root::Object(object) if object.delivered.is_none());
        let (give, found) = mpsc::channel(WAITING);
        let worker = thread::Builder::new().name("s3".to_string()).spawn(move || {
            let all = fetch::all(&bucket, root, &selection, keep.as_deref(), &give);
            runtime.block_on(all)
        })?;
        Ok(Objects { location, found, worker, has_untimed })
    }
}

/// A place in a bucket whose objects are not known, and why.
#[derive(Clone, Debug)]
struct NotListed {
    place: String,
    failure: Failure,
}

impl From<NotListed> for Fault {
    fn from(not_listed: NotListed) -> Self {
        fault(&not_listed.place, fetch::because(&not_listed.failure))
    }
}

fn fault(place: &str, what: String) -> Fault {
    Fault { delivered: None, file: place.to_string(), kind: FaultKind::Unreadable, what }
}

impl Source for Objects {
    fn next_file(&mut self) -> Option<Found> {
        self.found.blocking_recv()
    }

    /// Keys in CloudTrail's layout have times, and of others only the one that is named is taken.
    fn has_untimed(&self) -> bool {
        self.has_untimed
    }

    fn finish(self) -> (LeftOut, Faults) {
        drop(self.found);
        self.worker.join().unwrap_or_else(|_panic| {
            let mut faults = Faults::default();
            let what = "the reading of the bucket ended early".to_string();
            faults.add(fault(&self.location.to_string(), what));
            (LeftOut::default(), faults)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_bucket_and_a_prefix_that_ends_a_folder() {
        for (url, bucket, prefix) in [
            ("s3://logs", "logs", ""),
            ("s3://logs/", "logs", ""),
            ("s3://logs/a/b", "logs", "a/b/"),
            ("s3://logs/AWSLogs/", "logs", "AWSLogs/"),
        ] {
            let location: Location = url.parse().unwrap();
            assert_eq!((location.bucket.as_str(), location.prefix.as_str()), (bucket, prefix));
        }
        for url in ["", "logs", "s3://", "s3:///a", "https://logs"] {
            assert!(url.parse::<Location>().is_err(), "{url}");
        }
    }
}
