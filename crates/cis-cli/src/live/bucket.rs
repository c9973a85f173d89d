//! Buckets that are read: `s3://bucket/prefix` in the place of a path.

use std::path::{Path, PathBuf};

use aws_config::SdkConfig;
use cis_logs::Selection;
use cis_logs::s3::{self, Access, Archive, Location, OpenError, Opened};

use super::{LiveArgs, Loaded, block_on, role};
use crate::outcome::Failure;

/// How buckets are read.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct BucketArgs {
    /// The profile whose credentials AWS is asked with
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// A role to assume with the credentials
    #[arg(long, value_name = "ARN", value_parser = role)]
    role_arn: Option<String>,

    /// What the role's trust policy asks for (`sts:ExternalId`)
    #[arg(long, value_name = "ID", requires = "role_arn")]
    external_id: Option<String>,

    /// Pay for the requests and the transfer, where the bucket's owner demands that
    #[arg(long, value_name = "WHO", num_args = 0..=1, require_equals = true,
        default_missing_value = "requester", value_parser = ["requester"])]
    request_payer: Option<String>,
}

/// A path, or a location in S3.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// On this machine.
    Path(PathBuf),
    /// In a bucket.
    Bucket(Location),
}

/// Tells locations in S3 from paths; a location that lies in another one is left out.
///
/// # Errors
/// Where a location names no bucket.
pub(crate) fn places(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<Location>), Failure> {
    let (mut local, mut locations) = (Vec::new(), Vec::<Location>::new());
    for path in paths {
        match place(path)? {
            Place::Path(path) => local.push(path),
            Place::Bucket(location) => locations.push(location),
        }
    }
    locations.sort_unstable_by(|one, other| {
        (&one.bucket, &one.prefix).cmp(&(&other.bucket, &other.prefix))
    });
    // Without `AWSLogs` in it, a prefix may lead to that folder only.
    locations.dedup_by(|later, first| {
        let is_whole = first.prefix.split('/').any(|part| part == "AWSLogs");
        later.bucket == first.bucket
            && (later.prefix == first.prefix || is_whole && later.prefix.starts_with(&first.prefix))
    });
    Ok((local, locations))
}

/// What a path is.
///
/// # Errors
/// Where it is a location that names no bucket.
pub(crate) fn place(path: &Path) -> Result<Place, Failure> {
    match path.to_str().filter(|text| text.starts_with("s3://")) {
        Some(url) => url
            .parse()
            .map(Place::Bucket)
            .map_err(|error: s3::InvalidLocation| Failure::Refused(error.to_string())),
        None => Ok(Place::Path(path.to_path_buf())),
    }
}

/// Credentials that read buckets.
#[derive(Debug)]
pub(crate) struct Buckets {
    loaded: Loaded,
    access: Access,
}

impl BucketArgs {
    /// Refuses what would have no effect.
    ///
    /// # Errors
    /// Where any of it was given.
    pub(crate) fn refuse(&self, why: &str) -> Result<(), Failure> {
        let given = [
            ("--profile", self.profile.is_some()),
            ("--role-arn", self.role_arn.is_some()),
            ("--request-payer", self.request_payer.is_some()),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            Some((option, _)) => Err(Failure::Refused(format!("`{option}`: {why}"))),
            None => Ok(()),
        }
    }

    /// Finds the credentials.
    ///
    /// # Errors
    /// Where there are none.
    pub(crate) fn connect(&self, keep: Option<PathBuf>) -> Result<Buckets, Failure> {
        let live = LiveArgs {
            profile: self.profile.clone(),
            region: None,
            role_arn: self.role_arn.clone(),
            external_id: self.external_id.clone(),
        };
        let loaded = block_on(live.load())??;
        loaded.note_environment();
        let access = Access { requester_pays: self.request_payer.is_some(), keep };
        Ok(Buckets { loaded, access })
    }
}

impl Buckets {
    /// The SDK's configuration.
    pub(crate) const fn config(&self) -> &SdkConfig {
        &self.loaded.config
    }

    /// Opens a location.
    ///
    /// # Errors
    /// Where it cannot be read, or nothing lies there.
    pub(crate) fn open(&self, location: &Location) -> Result<Opened, Failure> {
        s3::open(&self.loaded.config, location.clone(), self.access.clone()).map_err(|error| {
            let why = match error {
                OpenError::Refused(failure) => {
                    self.loaded.credentials().of_bucket(&location.bucket, &failure)
                }
                OpenError::Nothing => "no object's key begins so".to_string(),
                OpenError::Start(error) => format!("cannot start: {error}"),
            };
            Failure::Refused(format!("cannot read `{location}`: {why}"))
        })
    }

    /// Lists the digests and log files at a location.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn archive(
        &self,
        location: &Location,
        selection: &Selection,
    ) -> Result<Archive, Failure> {
        let archive = self.open(location)?.archive(selection);
        archive.map_err(|error| Failure::Refused(format!("cannot start: {error}")))
    }
}

/// How many objects are asked for at once: whoever asks waits for the network.
const ASKED_AT_ONCE: usize = 32;

/// Does this with as many threads as objects are asked for at once.
///
/// # Errors
/// Where the machine has no resources for them.
pub(crate) fn at_once<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(ASKED_AT_ONCE).build();
    let threads = threads.map_err(|error| Failure::Refused(format!("cannot start: {error}")))?;
    Ok(threads.install(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_that_lies_in_another_one_is_read_once() {
        let given = [
            "logs",
            "s3://b/AWSLogs/111122223333/",
            "s3://b/AWSLogs",
            "s3://b/a/",
            "s3://b",
            "s3://c/a",
            "s3://c/a/",
        ]
        .map(PathBuf::from);
        let (local, locations) = places(&given).unwrap();
        assert_eq!(local, [PathBuf::from("logs")]);
        let urls: Vec<String> = locations.iter().map(ToString::to_string).collect();
        assert_eq!(urls, ["s3://b/", "s3://b/AWSLogs/", "s3://b/a/", "s3://c/a/"]);
        assert!(places(&["s3://".into()]).is_err());
    }
}
