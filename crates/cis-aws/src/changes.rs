//! Calls that change a trail, each made once, with exactly the request that is given.

use aws_config::retry::RetryConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::Builder;
use aws_smithy_types::body::SdkBody;

use crate::failure::Failure;
use crate::raw::RawBody;

/// Changes trails with one set of credentials.
#[derive(Clone, Debug)]
pub struct Changer {
    config: SdkConfig,
}

macro_rules! send {
    ($operation:expr, $call:expr, $request:expr, $raw:expr) => {{
        let text = $request.to_owned();
        let sent = $operation
            .customize()
            .interceptor($raw.clone())
            .mutate_request(move |request| {
                // The SDK's types would drop members that they do not know.
                request.headers_mut().insert("content-length", text.len().to_string());
                *request.body_mut() = SdkBody::from(text.as_str());
            })
            .send()
            .await;
        $raw.object($call, sent).map(drop)
    }};
}

impl Changer {
    /// Changes with this configuration's credentials, endpoint and HTTP client.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self { config: config.clone() }
    }

    /// Makes a call in a Region, with the JSON of its request. It is tried once: a second try could
    /// overwrite what somebody else put after the first.
    ///
    /// # Errors
    /// Where AWS refuses the call, it is not known whether it arrived, or there is no such call.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html>
    pub async fn call(&self, call: &str, region: &str, request: &str) -> Result<(), Failure> {
        let config = Builder::from(&self.config)
            .region(Region::new(region.to_owned()))
            .retry_config(RetryConfig::disabled());
        let client = Client::from_conf(config.build());
        let raw = RawBody::default();
        match call {
            "PutEventSelectors" => {
                send!(client.put_event_selectors(), "PutEventSelectors", request, raw)
            }
            "StartLogging" => send!(client.start_logging(), "StartLogging", request, raw),
            "StopLogging" => send!(client.stop_logging(), "StopLogging", request, raw),
            "UpdateTrail" => send!(client.update_trail(), "UpdateTrail", request, raw),
            "CreateTrail" => send!(client.create_trail(), "CreateTrail", request, raw),
            "DeleteTrail" => send!(client.delete_trail(), "DeleteTrail", request, raw),
            _ => Err(Failure {
                call: "none",
                code: "UnknownOperation".to_owned(),
                message: format!("`{call}` is no call that changes a trail"),
            }),
        }
    }

    /// The tags of a trail, which say whether a stack owns it.
    ///
    /// # Errors
    /// Where they cannot be read.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html>
    pub async fn tags(&self, region: &str, trail: &str) -> Result<Vec<(String, String)>, Failure> {
        let config = Builder::from(&self.config).region(Region::new(region.to_owned()));
        let listed = Client::from_conf(config.build())
            .list_tags()
            .resource_id_list(trail)
            .send()
            .await
            .map_err(|error| Failure::of("ListTags", &error))?;
        let tags = listed.resource_tag_list().iter().flat_map(|it| it.tags_list());
        let pair = |tag: &aws_sdk_cloudtrail::types::Tag| {
            (tag.key().to_owned(), tag.value().unwrap_or_default().to_owned())
        };
        Ok(tags.map(pair).collect())
    }
}
