//! Digests and log files where they lie in a bucket, to be verified there.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::sync::{Mutex, PoisonError};
use std::thread;

use cis_aws::Failure;
use tokio::sync::{mpsc, oneshot};

use super::client::{Bucket, Object, Root};
use super::listing::{Listing, Wanted};
use super::{NotListed, Opened, fetch, folders};
use crate::digest::name::Object as Place;
use crate::digest::store::{Store, StoredFile};
use crate::layout::Kind;
use crate::{LeftOut, Selection};

/// An object's bytes, and its signature if it is a digest.
type Got = Result<(Vec<u8>, Option<String>), Failure>;

/// An object that someone waits for.
struct Ask {
    key: String,
    answer: oneshot::Sender<Got>,
}

/// How many objects are asked for at once at most.
const ASKED: usize = 256;

/// The digests and log files at a location.
///
/// Whoever reads them waits for S3: many threads should.
#[derive(Debug)]
pub struct Archive {
    bucket: String,
    files: Vec<StoredFile>,
    unreadable: Vec<(String, String)>,
    asks: mpsc::Sender<Ask>,
    /// What the metadata of the objects that were fetched has for a signature.
    signatures: Mutex<HashMap<String, Option<String>>>,
}

impl Opened {
    /// Lists the digests and log files that are asked for. A folder that may not be listed is among
    /// [`Store::unreadable`].
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn archive(self, selection: &Selection) -> io::Result<Archive> {
        let Self { runtime, bucket, root, .. } = self;
        let (objects, not_listed) = runtime.block_on(list(&bucket, root, selection));
        let of_bucket = |object: Object| {
            StoredFile::Object(Place { bucket: bucket.name.clone(), key: object.key })
        };
        let mut files: Vec<StoredFile> = objects.into_iter().map(of_bucket).collect();
        files.sort_unstable_by_key(StoredFile::place);
        let unreadable = not_listed
            .into_iter()
            .map(|not_listed| (not_listed.place, fetch::because(&not_listed.failure)))
            .collect();
        let name = bucket.name.clone();
        let (asks, mut asked) = mpsc::channel::<Ask>(ASKED);
        thread::Builder::new().name("s3".to_string()).spawn(move || {
            runtime.block_on(async move {
                while let Some(Ask { key, answer }) = asked.recv().await {
                    let bucket = bucket.clone();
                    tokio::spawn(async move {
                        // Whoever asked may have gone.
                        let _gone = answer.send(fetch::get(&bucket, &key).await);
                    });
                }
            });
        })?;
        Ok(Archive { bucket: name, files, unreadable, asks, signatures: Mutex::default() })
    }
}

async fn list(bucket: &Bucket, root: Root, selection: &Selection) -> (Vec<Object>, Vec<NotListed>) {
    let prefix = match root {
        Root::Object(object) => return (vec![object], Vec::new()),
        Root::Folder(prefix) => prefix,
    };
    let kinds = &[Kind::Log, Kind::Digest];
    let mut left_out = LeftOut::default();
    let prefixes = folders::of_logs(bucket, &prefix, kinds, selection, &mut left_out).await;
    let prefixes = match prefixes {
        Ok(prefixes) => prefixes,
        Err(not_listed) => return (Vec::new(), vec![not_listed]),
    };
    let wanted = Wanted { bucket, kinds, has_others: true, selection };
    let (mut listing, mut not_listed) = Listing::begin(wanted, prefixes, &mut left_out).await;
    let mut objects = Vec::new();
    loop {
        match listing.next(&mut left_out).await {
            Ok(Some(object)) => objects.push(object),
            Ok(None) => return (objects, not_listed),
            Err(folder) => not_listed.push(folder),
        }
    }
}

impl Archive {
    /// The bucket.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    fn get(&self, file: &StoredFile) -> io::Result<(Vec<u8>, Option<String>)> {
        let StoredFile::Object(place) = file else { return Err(io::ErrorKind::NotFound.into()) };
        let (answer, got) = oneshot::channel();
        let ask = Ask { key: place.key.clone(), answer };
        let ended = || io::Error::other("the reading of the bucket ended early");
        self.asks.blocking_send(ask).map_err(|_| ended())?;
        let got = got.blocking_recv().map_err(|_| ended())?;
        got.map_err(|failure| io::Error::other(fetch::because(&failure)))
    }

    fn signatures(&self) -> std::sync::MutexGuard<'_, HashMap<String, Option<String>>> {
        self.signatures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Archive {
    fn files(&self) -> &[StoredFile] {
        &self.files
    }

    fn unreadable(&self) -> &[(String, String)] {
        &self.unreadable
    }

    fn open(&self, file: &StoredFile) -> io::Result<Box<dyn Read + '_>> {
        let (bytes, signature) = self.get(file)?;
        if let StoredFile::Object(place) = file
            && crate::layout::Place::of(&place.key).kind == Kind::Digest
        {
            self.signatures().insert(place.key.clone(), signature);
        }
        Ok(Box::new(Cursor::new(bytes)))
    }

    fn signature(&self, file: &StoredFile) -> io::Result<Option<String>> {
        let StoredFile::Object(place) = file else { return Ok(None) };
        let kept = self.signatures().remove(&place.key);
        let signature = match kept {
            Some(signature) => signature,
            None => self.get(file)?.1,
        };
        // CloudTrail writes each digest with its signature, so one that lacks it was written by someone
        // else: it is no signature, and verifies nothing.
        Ok(Some(signature.unwrap_or_default()))
    }
}
