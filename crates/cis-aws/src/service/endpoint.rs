//! Where a service is.

use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use super::Service;

/// The URL that the configuration gives, or the service's own in this Region.
///
/// For Security Hub, `AWS_ENDPOINT_URL_SECURITYHUB` comes before `AWS_ENDPOINT_URL`, as in every SDK, unless a URL was
/// set in code.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
pub(super) fn endpoint(
    config: &SdkConfig,
    service: &Service,
    partition: &str,
    region: &str,
) -> String {
    let general = config.endpoint_url().map(str::to_owned);
    let given = if config.get_origin("endpoint_url").is_client_config() {
        general
    } else {
        of_service(config, service).or(general)
    };
    given.unwrap_or_else(|| {
        let is_fips = config.use_fips().unwrap_or_default();
        let is_dual_stack = config.use_dual_stack().unwrap_or_default();
        regional(service.host, (partition, region), is_fips, is_dual_stack)
    })
}

fn of_service(config: &SdkConfig, service: &Service) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service.id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    config.service_config()?.load_config(key)
}

/// A service's own URL.
///
/// Sources: <https://docs.aws.amazon.com/general/latest/gr/sechub.html>,
/// <https://docs.aws.amazon.com/general/latest/gr/ao.html>,
/// <https://docs.aws.amazon.com/general/latest/gr/awsconfig.html>
fn regional(
    host: &str,
    (partition, region): (&str, &str),
    is_fips: bool,
    is_dual_stack: bool,
) -> String {
    let fips = if is_fips { "-fips" } else { "" };
    let (suffix, dual_stack_suffix) = suffixes(partition);
    let suffix = if is_dual_stack { dual_stack_suffix } else { suffix };
    format!("https://{host}{fips}.{region}.{suffix}")
}

/// What the names of a partition's hosts end with, and those of its dual-stack hosts.
///
/// Source: the partitions that the AWS SDKs publish,
/// <https://github.com/boto/botocore/blob/1.44.5/botocore/data/partitions.json>.
fn suffixes(partition: &str) -> (&'static str, &'static str) {
    match partition {
        "aws-cn" => ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        "aws-eusc" => ("amazonaws.eu", "api.amazonwebservices.eu"),
        "aws-iso" => ("c2s.ic.gov", "api.aws.ic.gov"),
        "aws-iso-b" => ("sc2s.sgov.gov", "api.aws.scloud"),
        "aws-iso-e" => ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
        "aws-iso-f" => ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
        _ => ("amazonaws.com", "api.aws"),
    }
}

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;
    use aws_types::service_config::LoadServiceConfig;

    use super::super::SECURITY_HUB;
    use super::*;

    #[test]
    fn each_partition_has_hosts_of_its_own() {
        for (partition, region, host) in [
            ("aws", "eu-west-1", "securityhub.eu-west-1.amazonaws.com"),
            ("aws-us-gov", "us-gov-west-1", "securityhub.us-gov-west-1.amazonaws.com"),
            ("aws-cn", "cn-north-1", "securityhub.cn-north-1.amazonaws.com.cn"),
            ("aws-eusc", "eusc-de-east-1", "securityhub.eusc-de-east-1.amazonaws.eu"),
        ] {
            assert_eq!(
                regional("securityhub", (partition, region), false, false),
                format!("https://{host}")
            );
        }
        let url = |is_fips, is_dual_stack| {
            regional("securityhub", ("aws", "us-east-1"), is_fips, is_dual_stack)
        };
        assert_eq!(url(true, false), "https://securityhub-fips.us-east-1.amazonaws.com");
        assert_eq!(url(false, true), "https://securityhub.us-east-1.api.aws");
        assert_eq!(url(true, true), "https://securityhub-fips.us-east-1.api.aws");
    }

    /// A profile or an environment that has a URL for this one service.
    #[derive(Debug)]
    struct Services;

    impl LoadServiceConfig for Services {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            let named = (key.service_id(), key.env(), key.profile());
            (named == ("SecurityHub", "AWS_ENDPOINT_URL", "endpoint_url"))
                .then(|| "http://127.0.0.1:1".to_owned())
        }
    }

    #[test]
    fn a_url_that_is_given_comes_first() {
        let builder = || SdkConfig::builder().behavior_version(BehaviorVersion::latest());
        let url = |config: &SdkConfig| endpoint(config, &SECURITY_HUB, "aws", "us-east-1");
        assert_eq!(url(&builder().build()), "https://securityhub.us-east-1.amazonaws.com");
        let fips = builder().use_fips(true).use_dual_stack(true).build();
        assert_eq!(url(&fips), "https://securityhub-fips.us-east-1.api.aws");
        let in_general = builder().endpoint_url("http://127.0.0.1:2").build();
        assert_eq!(url(&in_general), "http://127.0.0.1:2");
        let of_one = in_general.into_builder().service_config(Services).build();
        assert_eq!(url(&of_one), "http://127.0.0.1:1");
    }
}
