//! What is verified: copies in folders, and buckets themselves.

use std::io::{self, Read};
use std::path::PathBuf;

use cis_logs::Selection;
use cis_logs::digest::store::{Folder, Store, StoredFile};
use cis_logs::digest::{Options, name::Object};
use cis_logs::s3::{Archive, Location};

use crate::live::bucket::Buckets;
use crate::outcome::Failure;

/// How much longer than what is asked for is listed, on both sides, in seconds: digests name log files
/// of the time before them, and the digests around tell whether some are missing.
const AROUND: i64 = 2 * 86_400;

/// Files in folders and in buckets.
#[derive(Debug)]
pub(super) struct Files {
    copy: Folder,
    archives: Vec<Archive>,
    all: Vec<StoredFile>,
    unreadable: Vec<(String, String)>,
}

impl Files {
    /// Lists them.
    ///
    /// # Errors
    /// Where a bucket cannot be read.
    pub(super) fn list(
        local: &[PathBuf],
        locations: &[Location],
        buckets: Option<&Buckets>,
        options: &Options,
    ) -> Result<Self, Failure> {
        let copy = Folder::read(local.iter().map(PathBuf::as_path));
        let selection = Selection {
            from: options.from.map(|from| from.plus(-AROUND)),
            to: options.to.map(|to| to.plus(AROUND)),
            accounts: options.accounts.iter().cloned().collect(),
            regions: options.regions.iter().cloned().collect(),
        };
        let mut archives = Vec::new();
        for location in locations {
            let Some(buckets) = buckets else { break };
            archives.push(buckets.archive(location, &selection)?);
        }
        let stores = || archives.iter().map(|archive| archive as &dyn Store);
        let mut all = copy.files().to_vec();
        stores().for_each(|store| all.extend_from_slice(store.files()));
        let mut unreadable = copy.unreadable().to_vec();
        stores().for_each(|store| unreadable.extend_from_slice(store.unreadable()));
        Ok(Self { copy, archives, all, unreadable })
    }

    /// Whether some are in a bucket, so that reading them is waiting.
    pub(super) const fn is_remote(&self) -> bool {
        !self.archives.is_empty()
    }

    fn store(&self, file: &StoredFile) -> io::Result<&dyn Store> {
        match file {
            StoredFile::Copy(_) => Ok(&self.copy),
            StoredFile::Object(Object { bucket, .. }) => {
                let archive = self.archives.iter().find(|archive| archive.bucket() == bucket);
                archive.map(|archive| archive as &dyn Store).ok_or(io::ErrorKind::NotFound.into())
            }
        }
    }
}

impl Store for Files {
    fn files(&self) -> &[StoredFile] {
        &self.all
    }

    fn open(&self, file: &StoredFile) -> io::Result<Box<dyn Read + '_>> {
        self.store(file)?.open(file)
    }

    fn signature(&self, file: &StoredFile) -> io::Result<Option<String>> {
        self.store(file)?.signature(file)
    }

    fn unreadable(&self) -> &[(String, String)] {
        &self.unreadable
    }
}
