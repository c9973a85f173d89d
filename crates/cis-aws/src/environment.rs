//! A function's configuration: what its environment says.
//!
//! Lambda gives a function its credentials and its Region in the environment, and there is neither a
//! profile nor an instance to ask. The SDK's own chain would bring the code for both, which is a
//! tenth of what a cold start has to load.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>

use std::env;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::{RetryConfig, RetryMode};
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudtrail::config::{IdentityCache, SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_async::rt::sleep::default_async_sleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::client::{ATTEMPTS, timeouts};

/// A value of the environment that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is `{value}`, but it takes {takes}")]
pub struct EnvironmentError {
    name: &'static str,
    value: String,
    takes: &'static str,
}

/// The configuration of a function, over this HTTP client: credentials, Region, endpoints and
/// retries, each from the variables that every SDK reads. Timeouts and the number of tries are those
/// of [`load_config`](crate::load_config).
///
/// # Errors
/// Where a variable has a value that it cannot have.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings>
pub fn config_of_environment(client: SharedHttpClient) -> Result<SdkConfig, EnvironmentError> {
    config_of(client, |name| env::var(name).ok())
}

fn config_of(
    client: SharedHttpClient,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<SdkConfig, EnvironmentError> {
    let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let flag = |name| flag(name, variable(name));
    let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
    let credentials = EnvironmentVariableCredentialsProvider::new();
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(client)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .identity_cache(IdentityCache::lazy().build())
        .time_source(SharedTimeSource::default())
        .region(region.map(Region::new))
        .timeout_config(timeouts())
        .retry_config(retries(variable("AWS_RETRY_MODE"), variable("AWS_MAX_ATTEMPTS"))?);
    builder.set_sleep_impl(default_async_sleep());
    builder.set_app_name(AppName::new("trailproof").ok());
    builder.set_use_fips(flag("AWS_USE_FIPS_ENDPOINT")?);
    builder.set_use_dual_stack(flag("AWS_USE_DUALSTACK_ENDPOINT")?);
    if flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")? != Some(true) {
        builder.set_endpoint_url(variable("AWS_ENDPOINT_URL"));
        builder = builder.service_config(EndpointOfService);
    }
    Ok(builder.build())
}

fn flag(name: &'static str, value: Option<String>) -> Result<Option<bool>, EnvironmentError> {
    let Some(value) = value else { return Ok(None) };
    match value.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(EnvironmentError { name, value, takes: "`true` or `false`" }),
    }
}

/// More tries than the SDK's own number, as everywhere here, unless the environment says otherwise.
fn retries(mode: Option<String>, tries: Option<String>) -> Result<RetryConfig, EnvironmentError> {
    let mode = match mode {
        None => RetryMode::Standard,
        Some(value) => value.trim().parse().map_err(|_| EnvironmentError {
            name: "AWS_RETRY_MODE",
            value,
            takes: "`standard` or `adaptive`",
        })?,
    };
    let config = RetryConfig::standard().with_retry_mode(mode);
    match tries {
        None if mode == RetryMode::Standard => Ok(config.with_max_attempts(ATTEMPTS)),
        None => Ok(config),
        Some(value) => match value.trim().parse() {
            Ok(tries) if tries > 0 => Ok(config.with_max_attempts(tries)),
            _ => {
                let takes = "a number of tries, from 1 on";
                Err(EnvironmentError { name: "AWS_MAX_ATTEMPTS", value, takes })
            }
        },
    }
}

/// The URL of one service: `AWS_ENDPOINT_URL_CLOUDTRAIL`, `AWS_ENDPOINT_URL_CONFIG_SERVICE`.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
#[derive(Debug)]
struct EndpointOfService;

impl LoadServiceConfig for EndpointOfService {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let value = env::var(variable_of(key.env(), key.service_id())).ok();
        value.filter(|value| !value.trim().is_empty())
    }
}

fn variable_of(name: &str, service: &str) -> String {
    format!("{name}_{}", service.to_ascii_uppercase().replace(' ', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http_client;

    fn of(variables: &[(&str, &str)]) -> Result<SdkConfig, EnvironmentError> {
        config_of(http_client(), |name| {
            let found = variables.iter().find(|(its, _)| *its == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn tries(config: &SdkConfig) -> u32 {
        config.retry_config().map_or(0, RetryConfig::max_attempts)
    }

    #[test]
    fn an_empty_environment_has_what_every_command_has() {
        let config = of(&[]).unwrap();
        assert_eq!(config.region(), None);
        assert_eq!(config.endpoint_url(), None);
        assert_eq!(tries(&config), ATTEMPTS);
        assert_eq!(config.timeout_config(), Some(&timeouts()));
        assert_eq!((config.use_fips(), config.use_dual_stack()), (None, None));
        assert!(config.sleep_impl().is_some() && config.time_source().is_some());
    }

    #[test]
    fn a_variable_says_what_it_says_to_every_sdk() {
        let config = of(&[
            ("AWS_REGION", "eu-west-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_MAX_ATTEMPTS", "3"),
            ("AWS_USE_FIPS_ENDPOINT", "true"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "False"),
        ])
        .unwrap();
        assert_eq!(config.region(), Some(&Region::new("eu-west-1")));
        assert_eq!(config.endpoint_url(), Some("http://127.0.0.1:1"));
        assert_eq!(tries(&config), 3, "a number that is given is that number");
        assert_eq!((config.use_fips(), config.use_dual_stack()), (Some(true), Some(false)));

        let config = of(&[("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_REGION", "")]).unwrap();
        assert_eq!(config.region(), Some(&Region::new("us-east-1")));
        let config = of(&[("AWS_RETRY_MODE", "adaptive")]).unwrap();
        let retry = config.retry_config().unwrap();
        assert_eq!((retry.mode(), retry.max_attempts()), (RetryMode::Adaptive, 3));
        let ignored = [
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
        ];
        assert_eq!(of(&ignored).unwrap().endpoint_url(), None);
    }

    #[test]
    fn a_value_that_means_nothing_is_named() {
        for (name, value, takes) in [
            ("AWS_MAX_ATTEMPTS", "0", "a number of tries, from 1 on"),
            ("AWS_MAX_ATTEMPTS", "many", "a number of tries, from 1 on"),
            ("AWS_RETRY_MODE", "legacy", "`standard` or `adaptive`"),
            ("AWS_USE_FIPS_ENDPOINT", "yes", "`true` or `false`"),
        ] {
            let said = of(&[(name, value)]).unwrap_err().to_string();
            assert_eq!(said, format!("`{name}` is `{value}`, but it takes {takes}"));
        }
    }

    #[test]
    fn a_services_own_variable_has_its_id_in_upper_case() {
        assert_eq!(variable_of("AWS_ENDPOINT_URL", "CloudTrail"), "AWS_ENDPOINT_URL_CLOUDTRAIL");
        let config = variable_of("AWS_ENDPOINT_URL", "Config Service");
        assert_eq!(config, "AWS_ENDPOINT_URL_CONFIG_SERVICE");
    }
}
