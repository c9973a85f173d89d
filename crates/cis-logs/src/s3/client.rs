//! A client for one bucket, in the bucket's own Region.

use aws_config::{Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::operation::list_objects_v2::{ListObjectsV2Error, ListObjectsV2Output};
use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::RequestPayer;
use cis_aws::Failure;

use super::{Location, OpenError};
use crate::Time;
use crate::layout::Place;

type SdkError<E> = aws_sdk_s3::error::SdkError<E>;

/// A bucket that can be read.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    pub(super) client: Client,
    pub(super) name: String,
    pub(super) payer: Option<RequestPayer>,
}

/// An object that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) key: String,
    pub(super) size: u64,
    /// When it was written, in seconds since 1970.
    pub(super) written: i64,
    pub(super) delivered: Option<Time>,
}

impl Object {
    /// What a list says of an object; `None` for what stands for a folder.
    pub(super) fn of(listed: &aws_sdk_s3::types::Object) -> Option<Self> {
        let key = listed.key().filter(|key| !key.ends_with('/'))?.to_string();
        let size = listed.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
        let written = listed.last_modified().map(DateTime::secs).unwrap_or_default();
        let delivered = Place::of(&key).delivered;
        Some(Self { key, size, written, delivered })
    }
}

/// What lies at a location.
#[derive(Clone, Debug)]
pub(super) enum Root {
    /// Objects whose keys begin with this.
    Folder(String),
    /// One object.
    Object(Object),
}

/// Opens a bucket, and finds what lies at the location.
///
/// S3 says in which Region a bucket is where the request went to another:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html>
///
/// # Errors
/// Why it cannot be listed, or that nothing is there.
pub(super) async fn open(
    config: &SdkConfig,
    location: &Location,
    requester_pays: bool,
) -> Result<(Bucket, Root), OpenError> {
    let mut bucket = Bucket {
        client: client(config, None),
        name: location.bucket.clone(),
        payer: requester_pays.then_some(RequestPayer::Requester),
    };
    let mut listed = bucket.first(&location.prefix).await;
    if let Err(error) = &listed
        && let Some(region) = region_of(error)
        && config.region().map(AsRef::as_ref) != Some(region.as_str())
    {
        bucket.client = client(config, Some(region));
        listed = bucket.first(&location.prefix).await;
    }
    let listed = listed.map_err(|error| refused(&error))?;
    if location.prefix.is_empty() || !listed.contents().is_empty() {
        return Ok((bucket, Root::Folder(location.prefix.clone())));
    }
    let key = location.prefix.trim_end_matches('/');
    let listed = bucket.first(key).await.map_err(|error| refused(&error))?;
    let object = listed.contents().first().and_then(Object::of);
    match object.filter(|object| object.key == key) {
        Some(object) => Ok((bucket, Root::Object(object))),
        None => Err(OpenError::Nothing),
    }
}

impl Bucket {
    /// The first object whose key begins with this.
    async fn first(
        &self,
        prefix: &str,
    ) -> Result<ListObjectsV2Output, SdkError<ListObjectsV2Error>> {
        let list = self.client.list_objects_v2().bucket(&self.name).prefix(prefix).max_keys(1);
        list.set_request_payer(self.payer.clone()).send().await
    }

    /// How a key is called.
    pub(super) fn url(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.name)
    }
}

fn refused(error: &SdkError<ListObjectsV2Error>) -> OpenError {
    OpenError::Refused(list_failed(error))
}

/// Why a list could not be had.
pub(super) fn list_failed(error: &SdkError<ListObjectsV2Error>) -> Failure {
    Failure::of("ListObjectsV2", error)
}

/// The bucket's Region, where S3 names it in an error.
fn region_of<E>(error: &SdkError<E>) -> Option<String> {
    let response = error.raw_response()?;
    response.headers().get("x-amz-bucket-region").map(str::to_string)
}

fn client(config: &SdkConfig, region: Option<String>) -> Client {
    // Servers of one's own seldom have a host for each bucket.
    let is_own_endpoint =
        config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
    // A connection goes on only while the runtime runs that opened it, and each location has its own: one
    // that another location's client had opened would not answer.
    let mut builder = Builder::from(config)
        .http_client(cis_aws::http_client())
        .force_path_style(is_own_endpoint)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
    if let Some(region) = region {
        builder = builder.region(Region::new(region));
    }
    Client::from_conf(builder.build())
}
