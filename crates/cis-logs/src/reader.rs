//! The records of one file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;

use cis_records::shapes::{self, Misplaced, NotARecord};
use flate2::bufread::GzDecoder;

use crate::LogRecord;
use crate::fault::{FaultKind, Wrong};
use crate::record::Raw;

/// The most that one file is decompressed to. CloudTrail's own files have at most 50 MB:
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
const LARGEST: u64 = 1 << 30;

/// What was in a file.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// How many bytes of text there were.
    pub(crate) bytes: u64,
    /// What stands in the place of records.
    pub(crate) misplaced: u64,
    pub(crate) first_misplaced: Option<String>,
    /// Whether there was a digest file.
    pub(crate) has_digest: bool,
    pub(crate) records: u64,
}

/// Reads the records of a file on disk.
///
/// # Errors
/// Why the rest was not read; what stands before has been given away.
pub(crate) fn read(
    path: &Path,
    contents: &mut Contents,
    give: &mut dyn FnMut(&LogRecord<'_>),
) -> Result<(), Wrong> {
    let mut input = BufReader::with_capacity(1 << 16, File::open(path)?);
    if input.fill_buf()?.starts_with(&[0x1F, 0x8B]) {
        let mut decoder = GzDecoder::new(input);
        records(&mut decoder, contents, give)?;
        let mut rest = decoder.into_inner();
        if !rest.fill_buf()?.is_empty() {
            let what = "something follows the compressed data, which CloudTrail does not write";
            return Err(Wrong::new(FaultKind::Behind, what));
        }
        return Ok(());
    }
    records(input, contents, give)
}

fn records(
    input: impl Read,
    contents: &mut Contents,
    give: &mut dyn FnMut(&LogRecord<'_>),
) -> Result<(), Wrong> {
    let mut bounded = Bounded { inner: input, read: 0 };
    let read = shapes::read_texts(&mut bounded, &mut |place, found| {
        match found {
            Ok(found) => {
                contents.records += 1;
                if let Ok(raw) = serde_json::from_str::<Raw<'_>>(found.text) {
                    give(&LogRecord::of(found.text, found.record, &raw));
                }
            }
            Err(NotARecord::Digest) => contents.has_digest = true,
            Err(what) => {
                contents.misplaced += 1;
                contents
                    .first_misplaced
                    .get_or_insert_with(|| Misplaced { place, what }.to_string());
            }
        }
        ControlFlow::Continue(())
    });
    contents.bytes += bounded.read;
    if bounded.read > LARGEST {
        return Err(Wrong::new(FaultKind::Oversized, "more than 1 GiB of text"));
    }
    read.map(drop).map_err(Wrong::from)
}

/// A reader that ends with an error where there is more than is read of one file.
struct Bounded<R> {
    inner: R,
    read: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        if self.read > LARGEST {
            return Err(io::Error::other("it is larger than is read of one file"));
        }
        Ok(read)
    }
}
