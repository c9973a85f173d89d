//! Fetching objects: several at once, given on in their order.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::mpsc::Sender;

use super::client::{Bucket, because};
use super::listing::{Listing, Object};
use super::{CONCURRENT, Location, fault, folders};
use crate::fault::{FaultKind, Faults};
use crate::{Found, Input, LeftOut, LogFile, Selection};

/// The most that is fetched of one object. CloudTrail's files have at most 50 MB before compression.
const LARGEST: u64 = 64 << 20;

/// Lists and fetches everything that is asked for.
pub(super) async fn all(
    bucket: &Bucket,
    location: &Location,
    selection: &Selection,
    keep: Option<&Path>,
    give: &Sender<Found>,
    mut faults: Faults,
) -> (LeftOut, Faults) {
    let mut left_out = LeftOut::default();
    let prefixes = folders::of_logs(bucket, &location.prefix, selection, &mut left_out).await;
    let prefixes = match prefixes {
        Ok(prefixes) => prefixes,
        Err((place, what)) => {
            faults.add(fault(&place, what));
            return (left_out, faults);
        }
    };
    let listing = Listing::new(bucket, selection, prefixes);
    let objects = stream::unfold((listing, &mut left_out), |(mut listing, left_out)| async {
        let next = listing.next(left_out).await.transpose()?;
        Some((next, (listing, left_out)))
    });
    let mut fetched = Box::pin(
        objects
            .map(|object| async {
                match object {
                    Ok(object) => Ok(found(bucket, object, keep).await),
                    Err(wrong) => Err(wrong),
                }
            })
            .buffered(CONCURRENT),
    );
    while let Some(found) = fetched.next().await {
        match found {
            Ok(found) => {
                // Whoever reads may have gone: then there is no more to do.
                if give.send(found).await.is_err() {
                    break;
                }
            }
            Err((place, what)) => faults.add(fault(&place, what)),
        }
    }
    drop(fetched);
    (left_out, faults)
}

/// One object's bytes, or where they are kept.
async fn found(bucket: &Bucket, object: Object, keep: Option<&Path>) -> Found {
    let input = match keep.map(|folder| place_of(folder, bucket, &object.key)) {
        Some(None) => {
            let what = "its key is no path in a folder, so that it cannot be kept".to_string();
            Input::Missing(FaultKind::Unreadable, what)
        }
        Some(Some(path)) if is_kept(&path, object.size) => Input::Path(path),
        path => match (get(bucket, &object).await, path.flatten()) {
            (Ok(bytes), Some(path)) => match write(&path, &bytes) {
                Ok(()) => Input::Bytes(bytes),
                Err(error) => {
                    let what = format!("it cannot be kept as `{}`: {error}", path.display());
                    Input::Missing(FaultKind::Unreadable, what)
                }
            },
            (Ok(bytes), None) => Input::Bytes(bytes),
            (Err((kind, what)), _) => Input::Missing(kind, what),
        },
    };
    let file = LogFile::of(format!("s3://{}/{}", bucket.name, object.key));
    Found { file, input }
}

async fn get(bucket: &Bucket, object: &Object) -> Result<Vec<u8>, (FaultKind, String)> {
    if object.size > LARGEST {
        let what = format!("it has {} bytes, and CloudTrail writes smaller files", object.size);
        return Err((FaultKind::Oversized, what));
    }
    let unreadable = |what| (FaultKind::Unreadable, what);
    let got = bucket
        .client
        .get_object()
        .bucket(&bucket.name)
        .key(&object.key)
        .set_request_payer(bucket.payer.clone())
        .send()
        .await
        .map_err(|error| unreadable(because(&error)))?;
    let bytes = got.body.collect().await.map_err(|error| unreadable(error.to_string()))?;
    Ok(bytes.to_vec())
}

/// Where an object is kept: in a folder of its bucket, by its key; `None` for a key that leads elsewhere.
fn place_of(folder: &Path, bucket: &Bucket, key: &str) -> Option<PathBuf> {
    let path = Path::new(key);
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_)));
    is_below.then(|| folder.join(&bucket.name).join(path))
}

/// Whether an object was kept as a whole: files get their name when they are.
fn is_kept(path: &Path, size: u64) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() == size)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let mut file = fs::File::create(&part)?;
    file.write_all(bytes)?;
    drop(file);
    fs::rename(part, path)
}
