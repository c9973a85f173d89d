//! The records of one file: decompressed piece by piece into one buffer, and read where they lie in it.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::slice;

use cis_records::shapes::{self, LARGEST_RECORD, Misplaced, NotARecord};
use flate2::bufread::GzDecoder;

use crate::LogRecord;
use crate::fault::{FaultKind, Wrong};
use crate::json::{Cursor, Stop};
use crate::marked::Marked;

/// The most that one file is decompressed to. CloudTrail's own files have at most 50 MB:
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
const LARGEST: u64 = 1 << 30;

/// How much of a file is read at once.
const INPUT: usize = 64 << 10;

/// What was in a file.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// How many bytes of text there were.
    pub(crate) bytes: u64,
    /// How many records.
    pub(crate) records: u64,
    /// How many things stand in the place of records.
    pub(crate) misplaced: u64,
    pub(crate) first_misplaced: Option<String>,
    /// Whether it is a digest file.
    pub(crate) has_digest: bool,
}

impl Contents {
    fn misplaced(&mut self, what: impl FnOnce() -> String) {
        self.misplaced += 1;
        self.first_misplaced.get_or_insert_with(what);
    }
}

/// What is done with records, several at once.
type Give<'a> = dyn FnMut(&[LogRecord<'_>]) + 'a;

/// How many records are given away at once.
const TOGETHER: usize = 32;

/// Reads files one after the other, with the same memory.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// What was read of a file on disk.
    input: Vec<u8>,
    text: Marked,
    /// Where what is not yet read begins.
    start: usize,
}

impl Reader {
    /// Reads the records of a file on disk.
    ///
    /// # Errors
    /// Why the rest was not read; what stands before has been given away.
    pub(crate) fn read_file(
        &mut self,
        path: &Path,
        contents: &mut Contents,
        give: &mut Give<'_>,
    ) -> Result<(), Wrong> {
        let file = File::open(path)?;
        let mut memory = std::mem::take(&mut self.input);
        memory.resize(INPUT, 0);
        let input = Buffered { file, memory: &mut memory, start: 0, end: 0 };
        let read = self.read(input, contents, give);
        self.input = memory;
        read
    }

    /// Reads the records of a file, compressed or not.
    ///
    /// # Errors
    /// As [`Self::read_file`].
    pub(crate) fn read(
        &mut self,
        mut input: impl BufRead,
        contents: &mut Contents,
        give: &mut Give<'_>,
    ) -> Result<(), Wrong> {
        if !input.fill_buf()?.starts_with(&[0x1F, 0x8B]) {
            return self.text(&mut Bounded::new(input, contents), give);
        }
        let mut decoder = GzDecoder::new(input);
        self.text(&mut Bounded::new(&mut decoder, contents), give)?;
        if !decoder.into_inner().fill_buf()?.is_empty() {
            let what = "something follows the compressed data, which CloudTrail does not write";
            return Err(Wrong::new(FaultKind::Behind, what));
        }
        Ok(())
    }

    /// Reads the records of a text.
    fn text<R: Read>(
        &mut self,
        input: &mut Bounded<'_, R>,
        give: &mut Give<'_>,
    ) -> Result<(), Wrong> {
        self.text.clear();
        self.start = 0;
        if self.begins_with_records(input)? {
            self.records(input, give)?;
            self.close(input)
        } else {
            self.slowly(input, give)
        }
    }

    /// Whether the text is a log file as CloudTrail writes it; then goes on behind the bracket.
    fn begins_with_records<R: Read>(&mut self, input: &mut Bounded<'_, R>) -> Result<bool, Wrong> {
        loop {
            match opening(&self.text) {
                Ok(end) => {
                    self.start = end;
                    return Ok(true);
                }
                Err(Stop::Odd) => return Ok(false),
                Err(Stop::End) => {
                    if !self.fill(input)? {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Reads records up to the bracket that ends the list.
    fn records<R: Read>(
        &mut self,
        input: &mut Bounded<'_, R>,
        give: &mut Give<'_>,
    ) -> Result<(), Wrong> {
        let mut is_first = true;
        loop {
            let text = &self.text;
            match held_records(text, self.start, &mut is_first, input.contents, give) {
                Held::Ended(end) => {
                    self.start = end;
                    return Ok(());
                }
                Held::Odd(at) => {
                    let unread = self.text.bytes().len() - at;
                    let at = input.contents.bytes - unread as u64;
                    let what = format!("it is not JSON: at byte {at} of its text");
                    return Err(Wrong::new(FaultKind::Corrupt, what));
                }
                Held::Cut(at) => {
                    self.start = at;
                    if (self.text.bytes().len() - at) as u64 > LARGEST_RECORD {
                        let what = shapes::Unreadable::TooLong.to_string();
                        return Err(Wrong::new(FaultKind::NotCloudTrails, what));
                    }
                    if !self.fill(input)? {
                        return Err(cut());
                    }
                }
            }
        }
    }

    /// What comes behind the list of records: nothing but the end of the object.
    fn close<R: Read>(&mut self, input: &mut Bounded<'_, R>) -> Result<(), Wrong> {
        while self.fill(input)? {}
        let mut cursor = Cursor::new(&self.text, self.start);
        match cursor.take(b'}') {
            Ok(true) => {}
            Ok(false) => return Err(Wrong::new(FaultKind::Corrupt, BEHIND_RECORDS)),
            Err(_) => return Err(cut()),
        }
        match cursor.peek() {
            Err(Stop::End) => Ok(()),
            _ => Err(Wrong::new(FaultKind::Corrupt, BEHIND_RECORDS)),
        }
    }

    /// Reads any shape of records, checking everything.
    fn slowly<R: Read>(
        &mut self,
        input: &mut Bounded<'_, R>,
        give: &mut Give<'_>,
    ) -> Result<(), Wrong> {
        let held = self.text.bytes().to_vec();
        let mut found = Contents::default();
        let read = shapes::read_texts(held.as_slice().chain(&mut *input), &mut |place, record| {
            take(place, record, &mut found, give);
            ControlFlow::Continue(())
        });
        let contents = &mut *input.contents;
        contents.records += found.records;
        contents.misplaced += found.misplaced;
        contents.has_digest |= found.has_digest;
        contents.first_misplaced = contents.first_misplaced.take().or(found.first_misplaced);
        read.map(drop).map_err(Wrong::from)?;
        if contents.records == 0 && contents.misplaced == 0 && !contents.has_digest {
            let what = if contents.bytes == 0 { "it is empty" } else { "it holds no records" };
            return Err(Wrong::new(FaultKind::NotCloudTrails, what));
        }
        Ok(())
    }

    /// Reads more; whether there was more.
    fn fill<R: Read>(&mut self, input: &mut Bounded<'_, R>) -> Result<bool, Wrong> {
        let (moved, has_more) = self.text.fill(self.start, input)?;
        self.start -= moved;
        Ok(has_more)
    }
}

const BEHIND_RECORDS: &str = "something follows the records, which CloudTrail does not write";

fn cut() -> Wrong {
    Wrong::new(FaultKind::Truncated, "its text ends within the records")
}

/// Where a log file's list of records begins.
fn opening(text: &Marked) -> Result<usize, Stop> {
    let mut cursor = Cursor::new(text, 0);
    cursor.expect(b'{')?;
    if cursor.string()?.bytes != b"Records" {
        return Err(Stop::Odd);
    }
    cursor.expect(b':')?;
    cursor.expect(b'[')?;
    Ok(cursor.position())
}

/// Why the records of a held text end, and where.
enum Held {
    /// Behind the bracket that ends their list.
    Ended(usize),
    /// Where what is next is not held to its end.
    Cut(usize),
    /// Before what is not JSON.
    Odd(usize),
}

/// Gives away the records that a text holds from a place on.
fn held_records(
    text: &Marked,
    start: usize,
    is_first: &mut bool,
    contents: &mut Contents,
    give: &mut Give<'_>,
) -> Held {
    let mut records = Vec::with_capacity(TOGETHER);
    let mut start = start;
    let held = loop {
        let mut cursor = Cursor::new(text, start);
        let element = match cursor.take(b']') {
            Ok(true) => break Held::Ended(cursor.position()),
            Ok(false) if *is_first => cursor.peek(),
            Ok(false) => cursor.expect(b',').and_then(|()| cursor.peek()),
            Err(stop) => Err(stop),
        };
        let at = cursor.position();
        match element.and_then(|_| element_at(text, at, &mut records, contents, give)) {
            Ok(end) => start = end,
            Err(Stop::End) => break Held::Cut(start),
            Err(Stop::Odd) => break Held::Odd(at),
        }
        *is_first = false;
        if records.len() == TOGETHER {
            give(&records);
            records.clear();
        }
    };
    give(&records);
    held
}

/// Reads the record that begins at a place; where it ends.
#[inline]
fn element_at<'a>(
    text: &'a Marked,
    at: usize,
    records: &mut Vec<LogRecord<'a>>,
    contents: &mut Contents,
    give: &mut Give<'_>,
) -> Result<usize, Stop> {
    let record = records.push_mut(LogRecord::default());
    let read = record.read(text, at);
    if read.is_err() {
        records.pop();
    }
    match read {
        Err(Stop::Odd) => unusual(text, at, contents, give),
        _ => {
            contents.records += u64::from(read.is_ok());
            read
        }
    }
}

/// Reads an element that is not as CloudTrail writes records today, checking everything; where it ends.
#[cold]
fn unusual(
    text: &Marked,
    at: usize,
    contents: &mut Contents,
    give: &mut Give<'_>,
) -> Result<usize, Stop> {
    let mut cursor = Cursor::new(text, at);
    let element = cursor.skip()?;
    let mut has_any = false;
    let read = shapes::read_texts(element, &mut |place, found| {
        has_any = true;
        take(place, found, contents, give);
        ControlFlow::Continue(())
    });
    match read {
        Err(error) => contents.misplaced(|| format!("in `Records`: {error}")),
        Ok(_) if !has_any => {
            contents.misplaced(|| "in `Records`: a record is expected".to_string())
        }
        Ok(_) => {}
    }
    Ok(cursor.position())
}

/// Gives away what the slow reader found.
fn take(
    place: shapes::Place,
    found: Result<shapes::Found<'_>, NotARecord>,
    contents: &mut Contents,
    give: &mut Give<'_>,
) {
    match found {
        Ok(found) => match LogRecord::of(&found, |record| give(slice::from_ref(record))) {
            Ok(()) => contents.records += 1,
            Err(error) => contents.misplaced(|| format!("{place}: {error}")),
        },
        Err(NotARecord::Digest) => contents.has_digest = true,
        Err(what) => contents.misplaced(|| Misplaced { place, what }.to_string()),
    }
}

/// A file that is read into memory which the next one takes over.
struct Buffered<'m> {
    file: File,
    memory: &'m mut [u8],
    start: usize,
    end: usize,
}

impl BufRead for Buffered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.end = self.file.read(self.memory)?;
        }
        Ok(self.memory.get(self.start..self.end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.start = (self.start + amount).min(self.end);
    }
}

impl Read for Buffered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// A reader that counts, and ends with an error where there is more than is read of one file.
struct Bounded<'a, R> {
    inner: R,
    contents: &'a mut Contents,
}

impl<'a, R> Bounded<'a, R> {
    const fn new(inner: R, contents: &'a mut Contents) -> Self {
        Self { inner, contents }
    }
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.contents.bytes += read as u64;
        if self.contents.bytes > LARGEST {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "its text has more than 1 GiB",
            ));
        }
        Ok(read)
    }
}
