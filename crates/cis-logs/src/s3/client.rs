//! A client for one bucket, in the bucket's own Region.

use aws_config::{Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::types::RequestPayer;

use super::Location;

/// A bucket that can be read.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    pub(super) client: Client,
    pub(super) name: String,
    pub(super) payer: Option<RequestPayer>,
}

/// Opens a bucket. S3 says in which Region it is where the request goes to another:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html>
///
/// # Errors
/// Why the bucket is not there for the caller.
pub(super) async fn open(
    config: &SdkConfig,
    location: &Location,
    requester_pays: bool,
) -> Result<Bucket, String> {
    let payer = requester_pays.then_some(RequestPayer::Requester);
    let name = location.bucket.clone();
    let client = client(config, None);
    // A bucket whose requester pays answers this call only to its owner.
    let found = match client.head_bucket().bucket(&name).send().await {
        Ok(found) => found.bucket_region().map(str::to_string),
        Err(error) => {
            let region = error
                .raw_response()
                .and_then(|response| response.headers().get("x-amz-bucket-region"))
                .map(str::to_string);
            if region.is_none() && !requester_pays {
                return Err(because(&error));
            }
            region
        }
    };
    let client = match found {
        Some(region) if config.region().map(AsRef::as_ref) != Some(region.as_str()) => {
            self::client(config, Some(region))
        }
        _ => client,
    };
    Ok(Bucket { client, name, payer })
}

fn client(config: &SdkConfig, region: Option<String>) -> Client {
    // Servers of one's own seldom have a host for each bucket.
    let is_own_endpoint =
        config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
    let mut builder = Builder::from(config)
        .force_path_style(is_own_endpoint)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
    if let Some(region) = region {
        builder = builder.region(Region::new(region));
    }
    Client::from_conf(builder.build())
}

/// Why a call failed: S3's code and message, or what happened on the way.
pub(super) fn because<E>(error: &SdkError<E>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_string(),
        (None, _) => match error.raw_response().map(|response| response.status().as_u16()) {
            Some(403) => "S3 denies access to it".to_string(),
            Some(404) => "S3 does not have it".to_string(),
            _ => DisplayErrorContext(error).to_string(),
        },
    }
}
