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

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;

use aws_config::SdkConfig;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{self, Receiver};

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

/// Log files in a bucket, while they are listed and fetched.
#[derive(Debug)]
pub struct Objects {
    location: Location,
    found: Receiver<Found>,
    worker: thread::JoinHandle<(LeftOut, Faults)>,
}

/// How many objects are on their way at once.
const CONCURRENT: usize = 24;

/// How many objects wait to be read.
const WAITING: usize = 24;

/// Begins to list and fetch the log files at a location. Without the right to list there is a fault for
/// each folder, and no file.
///
/// # Errors
/// Where no thread or runtime can be started.
pub fn read(
    config: SdkConfig,
    location: Location,
    selection: Selection,
    access: Access,
) -> std::io::Result<Objects> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (give, found) = mpsc::channel(WAITING);
    let at = location.clone();
    let worker = thread::Builder::new().name("s3".to_string()).spawn(move || {
        runtime.block_on(async {
            let mut faults = Faults::default();
            let bucket = client::open(&config, &at, access.requester_pays).await;
            let bucket = match bucket {
                Ok(bucket) => bucket,
                Err(what) => {
                    faults.add(fault(&at.to_string(), what));
                    return (LeftOut::default(), faults);
                }
            };
            fetch::all(&bucket, &at, &selection, access.keep.as_deref(), &give, faults).await
        })
    })?;
    Ok(Objects { location, found, worker })
}

fn fault(place: &str, what: String) -> Fault {
    Fault { delivered: None, file: place.to_string(), kind: FaultKind::Unreadable, what }
}

impl Source for Objects {
    fn next_file(&mut self) -> Option<Found> {
        self.found.blocking_recv()
    }

    /// Keys in CloudTrail's layout have times, and others are not taken.
    fn has_untimed(&self) -> bool {
        false
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
