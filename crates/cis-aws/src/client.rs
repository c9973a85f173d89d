//! The SDK's configuration: its own default chain, over one HTTP client.

use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::{RetryConfig, RetryMode};
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudtrail::config::{SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;

use crate::authorities::{self, BundleError};

/// How often a call is tried where neither the environment nor the profile says it.
///
/// More than the SDK's 3, for CloudTrail's reads share 10 requests a second and Region with
/// everything else in the account: <https://docs.aws.amazon.com/general/latest/gr/ct.html>.
pub(crate) const ATTEMPTS: u32 = 5;

/// The SDK's own number of attempts.
const SDK_ATTEMPTS: u32 = 3;

/// How long a connection may take; the SDK's own limit.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);

/// How long one attempt of a call may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(8);

/// How long a call may take with all its attempts. Three calls follow one another in an evaluation
/// of one account, and together they stay within the two minutes that a function is given.
/// Roles and rows for trails add calls, and these are short where nothing is wrong. Where less is
/// given or left, [`Budget`](crate::Budget) cuts this and the waits between attempts.
const CALL_TIMEOUT: Duration = Duration::from_secs(25);

/// Loads the SDK's configuration as the AWS CLI would: from the environment, the profiles, the
/// container or the instance.
///
/// `AWS_ENDPOINT_URL`, `AWS_PROFILE`, `AWS_REGION`, `AWS_MAX_ATTEMPTS`, `HTTPS_PROXY` and their
/// like are the SDK's to read. A `profile` or `region` given here comes before theirs: the
/// credentials are then that profile's and no others. No call is made yet: missing credentials, or
/// a profile that does not exist, show at the first one.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
pub async fn load_config(profile: Option<&str>, region: Option<&str>) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client())
        .timeout_config(timeouts());
    if let Ok(name) = AppName::new("trailproof") {
        loader = loader.app_name(name);
    }
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    let config = loader.load().await;
    let retry = attempts(config.retry_config());
    let credentials = profile.map(|profile| of_profile(&config, profile));
    let mut builder = config.into_builder().retry_config(retry);
    if let Some(credentials) = credentials {
        builder = builder.credentials_provider(credentials);
    }
    builder.build()
}

/// How long calls may take.
pub(crate) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(CALL_TIMEOUT)
        .build()
}

/// A profile's own credentials. The SDK's chain would take the environment's before them, and the
/// instance's where the profile does not exist: another account's, perhaps, than was asked for.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-quickstart.html#cli-configure-quickstart-precedence>
fn of_profile(config: &SdkConfig, profile: &str) -> SharedCredentialsProvider {
    let mut settings = ProviderConfig::without_region().with_region(config.region().cloned());
    if let Some(client) = config.http_client() {
        settings = settings.with_http_client(client);
    }
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(&settings)
        .profile_name(profile)
        .build();
    SharedCredentialsProvider::new(provider)
}

/// Standard retries with jitter: more of them than the SDK's own number, any other number as it is.
fn attempts(chosen: Option<&RetryConfig>) -> RetryConfig {
    match chosen {
        Some(chosen)
            if chosen.mode() != RetryMode::Standard || chosen.max_attempts() != SDK_ATTEMPTS =>
        {
            chosen.clone()
        }
        _ => RetryConfig::standard().with_max_attempts(ATTEMPTS),
    }
}

/// The HTTP client that every service and Region shares: TLS by rustls with ring, the certificate
/// authorities of `AWS_CA_BUNDLE` or the system's, and the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and
/// `NO_PROXY` name.
///
/// Where `AWS_CA_BUNDLE` names a file that cannot be used, every request fails and says so: others
/// than the authorities that were asked for are not trusted.
#[must_use]
pub fn http_client() -> SharedHttpClient {
    let trusted = match authorities::trusted() {
        Ok(trusted) => trusted,
        Err(error) => return failing(error),
    };
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(trusted.clone())
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.build()
    })
}

/// An HTTP client that sends nothing.
fn failing(error: BundleError) -> SharedHttpClient {
    #[derive(Debug)]
    struct Failing(BundleError);

    impl HttpConnector for Failing {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            HttpConnectorFuture::ready(Err(ConnectorError::user(self.0.clone().into())))
        }
    }

    http_client_fn(move |_, _| SharedHttpConnector::new(Failing(error.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sdks_own_number_of_attempts_is_raised() {
        let tries = |config: Option<RetryConfig>| attempts(config.as_ref()).max_attempts();
        assert_eq!(tries(None), ATTEMPTS);
        assert_eq!(tries(Some(RetryConfig::standard())), ATTEMPTS);
        for chosen in [1, 2, 4, 9] {
            let config = RetryConfig::standard().with_max_attempts(chosen);
            assert_eq!(tries(Some(config)), chosen);
        }
        let adaptive = RetryConfig::adaptive();
        assert_eq!(attempts(Some(&adaptive)), adaptive);
    }
}
