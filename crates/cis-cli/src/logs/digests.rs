//! What digests say of the hours in which there are no log files: those beside files in folders, and
//! those in buckets.
//!
//! Whether a digest is CloudTrail's own is what `trailproof verify` proves.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use cis_evidence::answer::SilentHours;
use cis_evidence::{DigestSummary, Moment};
use cis_logs::digest::content::{LARGEST_DIGEST, read};
use cis_logs::digest::file::Digest;
use cis_logs::digest::name::Object;
use cis_logs::digest::store::{Store, StoredFile};
use cis_logs::layout::{Kind, Place};
use cis_logs::s3::{Archive, Location};
use cis_logs::{Selection, Time};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::sources::Places;
use crate::live::bucket::at_once;
use crate::outcome::Failure;

/// The folder from which on keys and paths are the same.
const ROOT: &str = "AWSLogs/";

/// How much longer than the silent hours log files are listed: a digest names those of the hour before
/// its end. In seconds.
const AROUND: i64 = 86_400;

/// How long after an hour's end the digest can end that is about it, in seconds: an hour, and one more.
const LATEST: i64 = 2 * 3_600;

/// The digests about silent hours that are asked for. One that cannot be read says nothing.
///
/// # Errors
/// Where a bucket cannot be read.
pub(super) fn summaries(
    places: &Places,
    selection: &Selection,
    silent: &[SilentHours],
) -> Result<Vec<DigestSummary>, Failure> {
    let mut found = in_folders(&places.local, selection);
    if let Some(around) = around(silent) {
        for (location, archive) in places.archives(&around)? {
            found.extend(in_bucket(location, &archive, selection, silent)?);
        }
    }
    found.sort_by(|one, other| {
        (&one.account_id, &one.aws_region, one.from).cmp(&(
            &other.account_id,
            &other.aws_region,
            other.from,
        ))
    });
    Ok(found)
}

fn in_folders(paths: &[PathBuf], selection: &Selection) -> Vec<DigestSummary> {
    let entries = paths.iter().flat_map(|path| WalkDir::new(path).follow_links(true));
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| in_folder(entry.path(), selection))
        .collect()
}

fn in_folder(path: &Path, selection: &Selection) -> Option<DigestSummary> {
    let text = path.to_string_lossy().replace(MAIN_SEPARATOR, "/");
    let place = Place::of(&text);
    if place.kind != Kind::Digest || !selection.takes_file(&place) {
        return None;
    }
    let digest = parsed(File::open(path).ok()?)?;
    match text.rfind(ROOT) {
        Some(at) => {
            let root = text.get(..at).unwrap_or_default();
            summary(&place, &digest, |key| is_there(root, key))
        }
        // Where the log files lie is not known, so this digest says nothing of them.
        None if !digest.logs.is_empty() => None,
        None => summary(&place, &digest, |_key| true),
    }
}

/// Whether the copy has a log file, compressed or not.
fn is_there(root: &str, key: &str) -> bool {
    let Some(at) = key.find(ROOT) else { return true };
    let name = key.get(at..).unwrap_or_default();
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    [name, plain].iter().any(|name| Path::new(&format!("{root}{name}")).exists())
}

/// What is listed of a bucket: the silent hours, and some time around them; `None` where there are none.
fn around(silent: &[SilentHours]) -> Option<Selection> {
    let time = |moment: Moment| Time::from_seconds(moment.seconds());
    Some(Selection {
        from: Some(time(silent.iter().map(|hours| hours.from).min()?).plus(-AROUND)),
        to: Some(time(silent.iter().map(|hours| hours.to).max()?).plus(AROUND)),
        accounts: silent.iter().map(|hours| hours.account_id.clone()).collect(),
        regions: silent.iter().map(|hours| hours.aws_region.clone()).collect(),
    })
}

fn in_bucket(
    location: &Location,
    archive: &Archive,
    selection: &Selection,
    silent: &[SilentHours],
) -> Result<Vec<DigestSummary>, Failure> {
    // Where not all was listed, a log file that is there would seem to be missing.
    if !archive.unreadable().is_empty() {
        return Ok(Vec::new());
    }
    let key = |file: &'_ StoredFile| match file {
        StoredFile::Object(object) => Some(object.key.clone()),
        StoredFile::Copy(_) => None,
    };
    let keys: HashSet<String> = archive.files().iter().filter_map(key).collect();
    let summary = |file: &StoredFile| {
        let StoredFile::Object(object) = file else { return None };
        let place = Place::of(&object.key);
        let is_asked = place.kind == Kind::Digest && selection.takes_file(&place);
        if !is_asked || !silent.iter().any(|hours| is_about(&place, hours)) {
            return None;
        }
        let digest = parsed(archive.open(file).ok()?)?;
        let is_listed =
            |log: &Object| log.bucket == location.bucket && log.key.starts_with(&location.prefix);
        if !digest.logs.iter().all(|log| is_listed(&log.object)) {
            return None;
        }
        summary(&place, &digest, |key| keys.contains(key))
    };
    at_once(|| archive.files().par_iter().filter_map(summary).collect())
}

/// Whether a digest can be about hours, by the time in its name, which is its end.
fn is_about(place: &Place<'_>, hours: &SilentHours) -> bool {
    let (from, to) = (hours.from.seconds(), hours.to.seconds() + LATEST);
    place.account == Some(&*hours.account_id)
        && place.region == Some(&*hours.aws_region)
        && place.delivered.is_none_or(|end| (from..to).contains(&end.seconds()))
}

fn parsed(file: impl Read) -> Option<Digest> {
    let (content, _end) = read(file, LARGEST_DIGEST).ok()?;
    Digest::parse(&content).ok()
}

fn summary(
    place: &Place<'_>,
    digest: &Digest,
    is_there: impl Fn(&str) -> bool,
) -> Option<DigestSummary> {
    let moment = |time: Time| Moment::from_seconds(time.seconds());
    let is_missing = |key: &str| !is_there(key);
    let missing = digest.logs.iter().filter(|log| is_missing(&log.object.key)).count();
    Some(DigestSummary {
        account_id: place.account?.to_string(),
        aws_region: place.region?.to_string(),
        from: moment(digest.start)?,
        to: moment(digest.end)?,
        files_missing: missing as u64,
        files: digest.logs.len() as u64,
    })
}
