//! Files with CloudTrail's records: compressed or not, read while they are decompressed.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use cis_records::shapes::{self, Sink, Unreadable};
use cis_rules::record::event::Event;
use flate2::bufread::{GzDecoder, MultiGzDecoder};

use crate::args::FileOrStdin;
use crate::input::cannot_read;
use crate::outcome::{Failure, reason};

/// The most that one compressed file is decompressed to. CloudTrail's own files have at most 50 MB:
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
const LARGEST: u64 = 1 << 30;

/// The most that is held of a text that is not UTF-8.
const LARGEST_OF_OTHER_ENCODING: u64 = 64 << 20;

/// Why the rest of a file was not read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It cannot be read.
    Unreadable(Unreadable),
    /// Something follows where the compressed data ends.
    Behind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(Unreadable::Io(error)) => f.write_str(&reason(error)),
            Self::Unreadable(error) => error.fmt(f),
            Self::Behind => f.write_str(
                "something follows the compressed data, which CloudTrail does not write: it was not \
                 read",
            ),
        }
    }
}

/// Opens an input.
///
/// # Errors
/// Where it cannot be opened.
pub(crate) fn open(source: &FileOrStdin) -> io::Result<Box<dyn BufRead>> {
    Ok(match source {
        FileOrStdin::Stdin => Box::new(BufReader::with_capacity(1 << 16, io::stdin().lock())),
        FileOrStdin::File(path) => Box::new(BufReader::with_capacity(1 << 16, File::open(path)?)),
    })
}

/// Reads the records of an input.
///
/// # Errors
/// Where the rest cannot be read; what was found before has been given to the sink.
pub(crate) fn read(
    source: &FileOrStdin,
    mut input: Box<dyn BufRead>,
    sink: &mut Sink<'_>,
) -> Result<(), Fault> {
    let unreadable = |error| Fault::Unreadable(Unreadable::Io(error));
    let mut start = Vec::new();
    input.by_ref().take(2).read_to_end(&mut start).map_err(unreadable)?;
    let whole = Cursor::new(start.clone()).chain(input);
    match (start.as_slice(), source) {
        // People put compressed files one after the other on standard input.
        ([0x1F, 0x8B], FileOrStdin::Stdin) => shapes::read(MultiGzDecoder::new(whole), sink),
        ([0x1F, 0x8B], FileOrStdin::File(_)) => return members(whole, sink),
        ([0xFF, 0xFE] | [0xFE, 0xFF], _) => {
            let mut bytes = Vec::new();
            let mut bounded = Bounded { inner: whole, left: LARGEST_OF_OTHER_ENCODING };
            bounded.read_to_end(&mut bytes).map_err(unreadable)?;
            let text = cis_plan::text_of(&bytes)
                .map_err(|error| unreadable(io::Error::other(error.to_string())))?;
            shapes::read(text.as_bytes(), sink)
        }
        _ => shapes::read(whole, sink),
    }
    .map(drop)
    .map_err(Fault::Unreadable)
}

/// Reads the members of a compressed file.
///
/// CloudTrail writes one, so whatever follows it is someone else's, and is not read. A subscription
/// of CloudWatch Logs is written with many, one after the other:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html>
fn members(mut rest: impl BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let mut left = LARGEST;
    let mut is_subscription = false;
    loop {
        let mut decoder = GzDecoder::new(rest);
        let mut bounded = Bounded { inner: &mut decoder, left };
        let flow = shapes::read(&mut bounded, &mut |place, found| {
            is_subscription |= place.list() == Some(shapes::LOG_EVENTS);
            sink(place, found)
        })
        .map_err(Fault::Unreadable)?;
        left = bounded.left;
        rest = decoder.into_inner();
        let unread = rest.fill_buf().map_err(|error| Fault::Unreadable(Unreadable::Io(error)))?;
        if flow.is_break() || unread.is_empty() {
            return Ok(());
        }
        if !is_subscription {
            return Err(Fault::Behind);
        }
    }
}

/// A reader that ends with an error where there is more than this.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other("it is larger than is read of one file")),
        }
        Ok(read)
    }
}

/// Reads the events that the records of a file are about.
///
/// # Errors
/// Where the file cannot be read, or does not hold at least one record and nothing else.
pub(crate) fn events(source: &FileOrStdin) -> Result<Vec<Event>, Failure> {
    let input = open(source).map_err(|error| cannot_read(source, &error))?;
    shapes::collect_events(|sink| read(source, input, sink))
        .map_err(|error| Failure::Refused(format!("{source}: {error}")))
}
