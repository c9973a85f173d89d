//! Fetching objects: several at once, given on in their order.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

use cis_aws::Failure;
use cis_rules::snapshot::Cause;
use futures_util::StreamExt as _;
use futures_util::stream::{self, LocalBoxStream};
use tokio::sync::mpsc::Sender;

use super::client::{Bucket, Object, Root};
use super::listing::{Listing, Wanted};
use super::{CONCURRENT, NotListed, fault, folders};
use crate::fault::{FaultKind, Faults};
use crate::layout::Kind;
use crate::{Found, Input, LeftOut, LogFile, Selection};

/// The most that is fetched of one object. CloudTrail's files have at most 50 MB before compression.
const LARGEST: u64 = 64 << 20;

/// Lists and fetches everything that is asked for.
pub(super) async fn all(
    bucket: &Bucket,
    root: Root,
    selection: &Selection,
    keep: Option<&Path>,
    give: &Sender<Found>,
) -> (LeftOut, Faults) {
    let (mut left_out, mut faults) = (LeftOut::default(), Faults::default());
    let objects: LocalBoxStream<'_, Result<Object, NotListed>> = match root {
        Root::Object(object) => stream::iter([Ok(object)]).boxed_local(),
        Root::Folder(prefix) => {
            let kinds = &[Kind::Log];
            let found = folders::of_logs(bucket, &prefix, kinds, selection, &mut left_out).await;
            let prefixes = match found {
                Ok(prefixes) => prefixes,
                Err(not_listed) => {
                    faults.add(not_listed.into());
                    return (left_out, faults);
                }
            };
            let wanted = Wanted { bucket, kinds, has_others: false, selection };
            let (listing, not_listed) = Listing::begin(wanted, prefixes, &mut left_out).await;
            not_listed.into_iter().for_each(|not_listed| faults.add(not_listed.into()));
            let listing = (listing, &mut left_out);
            stream::unfold(listing, |(mut listing, left_out)| async {
                let next = listing.next(left_out).await.transpose()?;
                Some((next, (listing, left_out)))
            })
            .boxed_local()
        }
    };
    let mut fetched = objects
        .map(|object| async {
            match object {
                Ok(object) => Ok(found(bucket, object, keep).await),
                Err(not_listed) => Err(not_listed),
            }
        })
        .buffered(CONCURRENT);
    let mut unanswered = 0;
    while let Some(found) = fetched.next().await {
        let failure = match found {
            Ok((found, failure)) => {
                // Whoever reads may have gone: then there is no more to do.
                if give.send(found).await.is_err() {
                    break;
                }
                failure
            }
            Err(not_listed) => {
                let failure = not_listed.failure.clone();
                faults.add(not_listed.into());
                Some(failure)
            }
        };
        let cause = failure.as_ref().map(|failure| Cause::of_code(&failure.code));
        unanswered = if cause == Some(Cause::Network) { unanswered + 1 } else { 0 };
        if let Some(failure) = failure
            && (is_of_credentials(&failure) || unanswered >= CONCURRENT)
        {
            let what = format!("nothing more of it was read: {}", because(&failure));
            faults.add(fault(&bucket.url(""), what));
            break;
        }
    }
    drop(fetched);
    (left_out, faults)
}

/// Whether a call failed in a way that every other one will fail, too.
fn is_of_credentials(failure: &Failure) -> bool {
    matches!(Cause::of_code(&failure.code), Cause::Expired | Cause::UnknownKey | Cause::Signature)
}

/// Why a call failed: S3's code and message, or what happened on the way.
pub(super) fn because(failure: &Failure) -> String {
    let message = failure.message.split_whitespace().collect::<Vec<_>>().join(" ");
    match Cause::of_code(&failure.code) {
        Cause::Expired => format!("the credentials have expired ({})", failure.code),
        Cause::Denied => format!("S3 denied {} ({}): {message}", failure.call, failure.code),
        Cause::Network => format!("S3 did not answer: {message}"),
        _ => format!("{}: {message}", failure.code),
    }
}

/// One object's bytes, or where they are kept; and why it could not be fetched.
async fn found(bucket: &Bucket, object: Object, keep: Option<&Path>) -> (Found, Option<Failure>) {
    let file = LogFile::of(bucket.url(&object.key));
    let found = |input| Found { file, input };
    let place = match keep.map(|folder| place_of(folder, bucket, &object.key)) {
        Some(None) => {
            let what = "its key is no path in a folder, so that it cannot be kept".to_string();
            return (found(Input::Missing(FaultKind::Unreadable, what)), None);
        }
        Some(place) => place,
        None => None,
    };
    if let Some(path) = place.as_ref().filter(|path| is_kept(path, &object)) {
        return (found(Input::Path(path.clone())), None);
    }
    if object.size > LARGEST {
        let what = format!("it has {} bytes, and CloudTrail writes smaller files", object.size);
        return (found(Input::Missing(FaultKind::Oversized, what)), None);
    }
    let bytes = match get(bucket, &object.key).await {
        Ok((bytes, _signature)) => bytes,
        Err(failure) => {
            let input = Input::Missing(FaultKind::Unreadable, because(&failure));
            return (found(input), Some(failure));
        }
    };
    if let Some(path) = place
        && let Err(error) = write(&path, &bytes, &object)
    {
        let what = format!("it cannot be kept as `{}`: {error}", path.display());
        return (found(Input::Missing(FaultKind::Unreadable, what)), None);
    }
    (found(Input::Bytes(bytes)), None)
}

/// The bytes of an object, and what its metadata has for a digest's signature.
///
/// # Errors
/// Why there are none.
pub(super) async fn get(bucket: &Bucket, key: &str) -> Result<(Vec<u8>, Option<String>), Failure> {
    const CALL: &str = "GetObject";
    let got = bucket
        .client
        .get_object()
        .bucket(&bucket.name)
        .key(key)
        .set_request_payer(bucket.payer.clone())
        .send()
        .await
        .map_err(|error| Failure::of(CALL, &error))?;
    let signature = got.metadata().and_then(|metadata| metadata.get("signature")).cloned();
    let length = got.content_length().and_then(|length| u64::try_from(length).ok());
    if length.is_some_and(|length| length > LARGEST) {
        let (code, message) = ("TooLarge".to_string(), "CloudTrail writes smaller files");
        return Err(Failure { call: CALL, code, message: message.to_string() });
    }
    let bytes = got.body.collect().await.map_err(|error| Failure {
        call: CALL,
        code: "ResponseError".to_string(),
        message: error.to_string(),
    })?;
    Ok((bytes.to_vec(), signature))
}

/// Where an object is kept: in a folder of its bucket, by its key; `None` for a key that leads elsewhere.
fn place_of(folder: &Path, bucket: &Bucket, key: &str) -> Option<PathBuf> {
    let path = Path::new(key);
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_)));
    is_below.then(|| folder.join(&bucket.name).join(path))
}

/// Whether this object was kept, and not what was there before: a file has the object's size and time.
fn is_kept(path: &Path, object: &Object) -> bool {
    path.metadata().is_ok_and(|metadata| {
        metadata.is_file()
            && metadata.len() == object.size
            && metadata.modified().is_ok_and(|modified| modified == written(object))
    })
}

fn written(object: &Object) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(object.written).unwrap_or(0))
}

/// Keeps an object. Files get their name when they are whole.
fn write(path: &Path, bytes: &[u8], object: &Object) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let mut file = fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.set_modified(written(object))?;
    drop(file);
    fs::rename(part, path)
}
