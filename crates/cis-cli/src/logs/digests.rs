//! What digests beside the log files say of the hours in which there are none.
//!
//! Whether a digest is CloudTrail's own is what `trailproof verify` proves.

use std::fs::File;
use std::path::{Path, PathBuf};

use cis_evidence::{DigestSummary, Moment};
use cis_logs::digest::content::{LARGEST_DIGEST, read};
use cis_logs::digest::file::Digest;
use cis_logs::layout::{Kind, Place};
use cis_logs::{Selection, Time};
use walkdir::WalkDir;

/// The folder from which on keys and paths are the same.
const ROOT: &str = "AWSLogs/";

/// The digests below paths that are asked for. One that cannot be read says nothing.
pub(super) fn summaries(paths: &[PathBuf], selection: &Selection) -> Vec<DigestSummary> {
    let entries = paths.iter().flat_map(|path| WalkDir::new(path).follow_links(true));
    let mut found: Vec<DigestSummary> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| summary(entry.path(), selection))
        .collect();
    found.sort_by(|one, other| {
        (&one.account_id, &one.aws_region, one.from).cmp(&(
            &other.account_id,
            &other.aws_region,
            other.from,
        ))
    });
    found
}

fn summary(path: &Path, selection: &Selection) -> Option<DigestSummary> {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let place = Place::of(&text);
    if place.kind != Kind::Digest || !selection.takes_file(&place) {
        return None;
    }
    let (account_id, aws_region) = (place.account?.to_string(), place.region?.to_string());
    let (content, _end) = read(File::open(path).ok()?, LARGEST_DIGEST).ok()?;
    let digest = Digest::parse(&content).ok()?;
    let moment = |time: Time| Moment::from_seconds(time.seconds());
    let files_missing = match text.rfind(ROOT) {
        Some(at) => {
            let root = text.get(..at).unwrap_or_default();
            let is_missing = |key: &str| !is_there(root, key);
            digest.logs.iter().filter(|log| is_missing(&log.object.key)).count()
        }
        // Where the log files lie is not known, so this digest says nothing of them.
        None if !digest.logs.is_empty() => return None,
        None => 0,
    };
    Some(DigestSummary {
        account_id,
        aws_region,
        from: moment(digest.start)?,
        to: moment(digest.end)?,
        files_missing: files_missing as u64,
        files: digest.logs.len() as u64,
    })
}

/// Whether the copy has a log file, compressed or not.
fn is_there(root: &str, key: &str) -> bool {
    let Some(at) = key.find(ROOT) else { return true };
    let name = key.get(at..).unwrap_or_default();
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    [name, plain].iter().any(|name| Path::new(&format!("{root}{name}")).exists())
}
