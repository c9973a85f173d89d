//! What a file holds once it is decompressed: its SHA-256, or the bytes themselves.
//!
//! CloudTrail hashes the uncompressed content, so that compressing a file again changes nothing:
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html>

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The most that one file is decompressed to. A log file has at most 50 MB:
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
pub const LARGEST: u64 = 1 << 30;

/// The most that a digest is decompressed to: some hundred thousand log files in an hour.
pub const LARGEST_DIGEST: u64 = 256 << 20;

/// Why a file's content is not known.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// It cannot be read from where it lies.
    #[error("it cannot be read: {0}")]
    Io(#[source] io::Error),
    /// What is there is no whole compressed file.
    #[error("its compressed data is broken or cut off")]
    Corrupt,
    /// Something follows the compressed data: CloudTrail writes one gzip member.
    #[error("there is more data behind the compressed data")]
    Behind,
    /// It is larger than any file that CloudTrail writes.
    #[error("it is larger than {0} bytes once it is decompressed")]
    TooLarge(u64),
}

/// The SHA-256 of a file's uncompressed content.
///
/// # Errors
/// Where the content is not known.
pub fn hash(input: impl Read) -> Result<Hash, ContentError> {
    let mut hash = Sha256::new();
    match each_piece(input, LARGEST, |piece| hash.update(piece))? {
        End::Clean => Ok(hash.finalize().into()),
        End::Behind => Err(ContentError::Behind),
    }
}

/// A file's uncompressed content, and whether something follows it.
///
/// # Errors
/// Where the content is not known, or is larger than this.
pub fn read(input: impl Read, largest: u64) -> Result<(Vec<u8>, End), ContentError> {
    let mut content = Vec::new();
    let end = each_piece(input, largest, |piece| content.extend_from_slice(piece))?;
    Ok((content, end))
}

/// How a file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With its content.
    Clean,
    /// With something behind its compressed content, which was not read.
    Behind,
}

/// The SHA-256 of bytes.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// How much of a file is held at once, compressed and uncompressed.
const PIECE: usize = 1 << 16;

/// Does this with each piece of a file's uncompressed content. A file that is not compressed is its
/// own content: whoever downloads one may have it decompressed on the way.
fn each_piece(
    input: impl Read,
    largest: u64,
    mut with: impl FnMut(&[u8]),
) -> Result<End, ContentError> {
    let mut input = BufReader::with_capacity(PIECE, Watched { inner: input, error: None });
    let start = input.fill_buf().map_err(ContentError::Io)?;
    let is_compressed = start.starts_with(&[0x1F, 0x8B]);
    let mut left = largest;
    let mut take = |piece: &[u8]| {
        left = left.checked_sub(piece.len() as u64).ok_or(ContentError::TooLarge(largest))?;
        with(piece);
        Ok(())
    };
    if !is_compressed {
        loop {
            let piece = input.fill_buf().map_err(ContentError::Io)?;
            if piece.is_empty() {
                return Ok(End::Clean);
            }
            take(piece)?;
            let length = piece.len();
            input.consume(length);
        }
    }
    let mut decoder = GzDecoder::new(input);
    let mut piece = [0; PIECE];
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => take(piece.get(..length).unwrap_or_default())?,
            Err(_) => {
                let watched = decoder.into_inner().into_inner();
                return Err(watched.error.map_or(ContentError::Corrupt, ContentError::Io));
            }
        }
    }
    let mut input = decoder.into_inner();
    let is_at_end = input.fill_buf().map_err(ContentError::Io)?.is_empty();
    Ok(if is_at_end { End::Clean } else { End::Behind })
}

/// A reader that remembers that it failed: a decoder's error does not say whose it is.
struct Watched<R> {
    inner: R,
    error: Option<io::Error>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).inspect_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.error = Some(io::Error::new(error.kind(), error.to_string()));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(content: &[u8], level: u32) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_hash_is_that_of_the_content_however_it_is_compressed() {
        let content = b"{\"Records\":[]}".repeat(20_000);
        for file in [gzip(&content, 0), gzip(&content, 1), gzip(&content, 9), content.clone()] {
            assert_eq!(hash(file.as_slice()).unwrap(), hash_of(&content));
            let (read, end) = read(file.as_slice(), LARGEST).unwrap();
            assert_eq!((read == content, end), (true, End::Clean));
        }
    }

    #[test]
    fn data_behind_the_member_is_found() {
        for behind in [&[0][..], b"x", &gzip(b"more", 6)] {
            let file = [gzip(b"content", 6), behind.to_vec()].concat();
            assert!(matches!(hash(file.as_slice()), Err(ContentError::Behind)));
            let (read, end) = read(file.as_slice(), LARGEST).unwrap();
            assert_eq!((read.as_slice(), end), (&b"content"[..], End::Behind));
        }
    }

    #[test]
    fn every_cut_is_found() {
        let file = gzip(b"some content", 6);
        for length in 2..file.len() {
            let cut = hash(file.get(..length).unwrap());
            assert!(matches!(cut, Err(ContentError::Corrupt)), "{length}: {cut:?}");
        }
    }

    #[test]
    fn a_bomb_is_not_followed() {
        let file = gzip(&vec![0; 1 << 20], 9);
        let error = read(file.as_slice(), 1000).unwrap_err();
        assert!(matches!(error, ContentError::TooLarge(1000)));
    }

    #[test]
    fn a_disk_that_fails_is_no_broken_file() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("bad sector"))
            }
        }
        let file = gzip(b"some content", 6);
        let cut = file.get(..12).unwrap().chain(Failing);
        assert!(matches!(hash(cut), Err(ContentError::Io(_))));
    }
}
