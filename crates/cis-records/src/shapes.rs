//! The records in whatever people hold of them: log files, single records, arrays, one per line, and
//! the envelopes of other services and tools.
//!
//! | envelope | where the record is |
//! |---|---|
//! | a log file | `Records[]` |
//! | EventBridge | `detail`, beside `detail-type` |
//! | a subscription of CloudWatch Logs | `logEvents[].message`, as text |
//! | what `aws logs` prints | `events[].message`, as text |
//! | what `aws cloudtrail lookup-events` prints | `Events[].CloudTrailEvent`, as text |
//! | a row of CloudTrail Lake | `eventjson`, as text |
//!
//! Documents are read while they come. What is held at once is one record, and it is bounded.

mod bounded;
mod document;
mod envelope;

use std::fmt;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;

use cis_rules::record::event::Event;
use cis_rules::record::json::{RecordJson, WrongMember};
use cis_rules::record::wire;

use self::bounded::Bounded;
use self::document::{Documents, Next};

/// The most bytes that are read between two records, and so the most that are held.
///
/// A record has at most 256 KB, and 1 MB in event data stores:
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
pub const LARGEST_RECORD: u64 = 16 << 20;

/// The list of records in a subscription of CloudWatch Logs.
pub const LOG_EVENTS: &str = "logEvents";

/// Where in the input something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The document, from 0: inputs may hold several, one per line.
    pub document: usize,
    /// The entry of the array that the document is.
    entry: Option<usize>,
    /// The entry of the list of this name in an object.
    list: Option<(&'static str, usize)>,
}

impl fmt::Display for Place {
    /// What stands before a colon and what is wrong: `document 2, in Records[1]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of_member(f, "")
    }
}

impl Place {
    /// The name of the list that it is an entry of: `Records` in a log file.
    #[must_use]
    pub fn list(&self) -> Option<&'static str> {
        self.list.map(|(list, _)| list)
    }

    fn of_member(&self, f: &mut fmt::Formatter<'_>, member: &str) -> fmt::Result {
        let entry = self.entry.map(|entry| format!("[{entry}]"));
        let list = self.list.map(|(list, index)| format!("{list}[{index}]"));
        let parts: Vec<&str> = [entry.as_deref(), list.as_deref(), Some(member)]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        if self.document > 0 {
            write!(f, "document {}, ", self.document + 1)?;
        }
        match parts.as_slice() {
            [] => f.write_str("in the input"),
            parts => write!(f, "in `{}`", parts.join(".")),
        }
    }
}

/// Why what stands in the place of a record is none, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotARecord {
    /// A member is not what CloudTrail writes there.
    Wrong(WrongMember),
    /// It is a digest file, which is about log files.
    Digest,
    /// It is something else, or its text is wrong: this.
    Other(String),
}

/// What stands in the place of a record, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misplaced {
    /// Where.
    pub place: Place,
    /// What.
    pub what: NotARecord,
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            NotARecord::Wrong(WrongMember { member, what }) => {
                self.place.of_member(f, member)?;
                write!(f, ": {what}")
            }
            NotARecord::Digest => {
                write!(
                    f,
                    "{}: it is a digest file of CloudTrail, which holds no records",
                    self.place
                )
            }
            NotARecord::Other(what) => write!(f, "{}: {what}", self.place),
        }
    }
}

/// Why the rest of an input cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The bytes cannot be read.
    Io(io::Error),
    /// They are not JSON: this is wrong, with line and column.
    Json(String),
    /// More than [`LARGEST_RECORD`] bytes hold no record.
    TooLong,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Json(error) => f.write_str(error),
            Self::TooLong => {
                write!(f, "{} MiB hold no record of CloudTrail", LARGEST_RECORD >> 20)
            }
        }
    }
}

/// What is done with each record, or with what stands in the place of one. A break ends the reading.
///
/// Every member of the record is of the shape that CloudTrail writes.
pub type Sink<'a> = dyn FnMut(Place, Result<&RecordJson<'_>, NotARecord>) -> ControlFlow<()> + 'a;

/// A record that was found.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The record.
    pub record: &'a RecordJson<'a>,
    /// Its text, without the envelope.
    pub text: &'a str,
}

/// What is done with each record and its text, as in [`Sink`].
pub type TextSink<'a> = dyn FnMut(Place, Result<Found<'_>, NotARecord>) -> ControlFlow<()> + 'a;

/// Reads the records in an input; a break where the sink broke.
///
/// # Errors
/// Where the rest of the input cannot be read; what was found before has been given to the sink.
pub fn read(input: impl Read, sink: &mut Sink<'_>) -> Result<ControlFlow<()>, Unreadable> {
    read_texts(input, &mut |place, found| sink(place, found.map(|found| found.record)))
}

/// Reads the records in an input, with the text of each; a break where the sink broke.
///
/// # Errors
/// As [`read`].
pub fn read_texts(
    input: impl Read,
    sink: &mut TextSink<'_>,
) -> Result<ControlFlow<()>, Unreadable> {
    let bounded = Bounded::new(without_mark(input).map_err(Unreadable::Io)?, LARGEST_RECORD);
    let budget = bounded.budget();
    let mut deserializer =
        serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, bounded));
    let mut documents = Documents::new(sink, &budget);
    loop {
        match documents.next(&mut deserializer) {
            Ok(Next::Document) => {}
            Ok(Next::End) => return Ok(ControlFlow::Continue(())),
            Ok(Next::Broken) => return Ok(ControlFlow::Break(())),
            Err(_) if budget.is_exceeded() => return Err(Unreadable::TooLong),
            Err(error) if error.is_io() => return Err(Unreadable::Io(error.into())),
            Err(error) => return Err(Unreadable::Json(error.to_string())),
        }
    }
}

/// The input without the mark that some tools put before UTF-8.
fn without_mark(mut input: impl Read) -> io::Result<impl Read> {
    let mut start = Vec::new();
    input.by_ref().take(3).read_to_end(&mut start)?;
    if start == "\u{feff}".as_bytes() {
        start.clear();
    }
    Ok(io::Cursor::new(start).chain(input))
}

/// Reads the events that records are about.
///
/// # Errors
/// Where the input holds no record, or anything that is none: what is wrong, and where.
pub fn events(input: impl Read) -> Result<Vec<Event>, InvalidInput> {
    collect_events(|sink| read(input, sink))
}

/// The events that the records are about which a reader finds.
///
/// # Errors
/// Where it finds no record, or anything that is none: what is wrong, and where.
pub fn collect_events<T, E: fmt::Display>(
    read: impl FnOnce(&mut Sink<'_>) -> Result<T, E>,
) -> Result<Vec<Event>, InvalidInput> {
    let mut events = Vec::new();
    let mut misplaced = None;
    let read = read(&mut |place, found| match found
        .and_then(|record| wire::event(record).map_err(NotARecord::Wrong))
    {
        Ok(event) => {
            events.push(event);
            ControlFlow::Continue(())
        }
        Err(what) => {
            misplaced = Some(Misplaced { place, what });
            ControlFlow::Break(())
        }
    });
    if let Some(misplaced) = misplaced {
        return Err(InvalidInput(misplaced.to_string()));
    }
    read.map_err(|error| InvalidInput(error.to_string()))?;
    if events.is_empty() {
        return Err(InvalidInput("no record: the input holds none".to_string()));
    }
    Ok(events)
}

/// An input that does not hold CloudTrail's records and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInput(String);

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidInput {}
