//! What an aggregator of AWS Config has recorded of a rule, account by account.

use aws_config::SdkConfig;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value, json};

use crate::account::Account;
use crate::failure::Failure;
use crate::service::{CONFIG, ServiceCall, pages};

/// What the operation's name follows in a request.
const TARGET: &str = "StarlingDoveService";

/// An aggregator.
#[derive(Debug)]
pub struct Aggregator {
    config: SdkConfig,
    account: Account,
    name: String,
}

/// The compliance of a rule in an account and a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The account.
    pub account_id: String,
    /// The Region.
    pub region: String,
    /// The rule's name there, with what organization rules and conformance packs append to it.
    pub rule: String,
    /// `COMPLIANT`, `NON_COMPLIANT` or `INSUFFICIENT_DATA`.
    pub compliance: String,
}

/// How recent what an aggregator has of a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The account; `None` where the source is the organization.
    pub account_id: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// `SUCCEEDED`, `FAILED` or `OUTDATED`.
    pub status: String,
    /// When it was last updated, in RFC 3339.
    pub updated: Option<String>,
    /// Why it could not be: AWS's code and message.
    pub error: Option<String>,
}

impl Aggregator {
    /// An aggregator of this account, in the account's Region.
    #[must_use]
    pub fn new(config: &SdkConfig, account: &Account, name: &str) -> Self {
        Self { config: config.clone(), account: account.clone(), name: name.to_owned() }
    }

    /// What is recorded of a rule. Where no account has one of exactly this name, those that an
    /// organization rule or a conformance pack of this name makes.
    ///
    /// # Errors
    /// Where there is no such aggregator, or a call fails.
    ///
    /// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeAggregateComplianceByConfigRules.html>
    pub async fn compliance(&self, rule: &str) -> Result<Vec<Recorded>, Failure> {
        let exact = self.recorded(&json!({"ConfigRuleName": rule})).await?;
        if !exact.is_empty() {
            return Ok(exact);
        }
        // No filter takes the start of a name.
        let mut all = self.recorded(&Value::Null).await?;
        all.retain(|recorded| is_made_of(&recorded.rule, rule));
        Ok(all)
    }

    async fn recorded(&self, filters: &Value) -> Result<Vec<Recorded>, Failure> {
        const CALL: &str = "DescribeAggregateComplianceByConfigRules";
        let mut request = json!({"ConfigurationAggregatorName": self.name});
        if !filters.is_null() {
            request["Filters"] = filters.clone();
        }
        let items = pages(&self.call(CALL), request, "AggregateComplianceByConfigRules").await?;
        let text = |item: &Value| item.as_str().unwrap_or_default().to_owned();
        let recorded = items.iter().map(|item| Recorded {
            account_id: text(&item["AccountId"]),
            region: text(&item["AwsRegion"]),
            rule: text(&item["ConfigRuleName"]),
            compliance: text(&item["Compliance"]["ComplianceType"]),
        });
        Ok(recorded.collect())
    }

    /// How recent what it has of its sources is.
    ///
    /// # Errors
    /// Where there is no such aggregator, or a call fails.
    ///
    /// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationAggregatorSourcesStatus.html>
    pub async fn sources(&self) -> Result<Vec<Source>, Failure> {
        const CALL: &str = "DescribeConfigurationAggregatorSourcesStatus";
        let request = json!({"ConfigurationAggregatorName": self.name});
        let items = pages(&self.call(CALL), request, "AggregatedSourceStatusList").await?;
        let text = |item: &Value| item.as_str().map(str::to_owned);
        let source = |item: &Value| Source {
            account_id: text(&item["SourceId"]).filter(|_| item["SourceType"] != "ORGANIZATION"),
            region: text(&item["AwsRegion"]),
            status: text(&item["LastUpdateStatus"]).unwrap_or_default(),
            updated: item["LastUpdateTime"].as_f64().and_then(|seconds| {
                DateTime::from_secs_f64(seconds.trunc()).fmt(Format::DateTime).ok()
            }),
            error: text(&item["LastErrorCode"]).map(|code| {
                match item["LastErrorMessage"].as_str() {
                    Some(message) => format!("{code}: {message}"),
                    None => code,
                }
            }),
        };
        Ok(items.iter().map(source).collect())
    }

    fn call(&self, call: &'static str) -> ServiceCall {
        let Account { partition, region, .. } = &self.account;
        ServiceCall::json(&self.config, &CONFIG, (partition, region), call, TARGET)
    }
}

/// Whether AWS Config makes a rule's name of this one, for an organization or a conformance pack.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/config-rule-multi-account-deployment.html>
fn is_made_of(name: &str, rule: &str) -> bool {
    let inner = name.strip_prefix("OrgConfigRule-").unwrap_or(name);
    let rest = inner.strip_prefix(rule);
    rest.is_some_and(|rest| {
        let is_suffix = |suffix: &str| {
            !suffix.is_empty() && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        match rest.strip_prefix("-conformance-pack-") {
            Some(suffix) => is_suffix(suffix),
            None if inner.len() < name.len() => rest.strip_prefix('-').is_some_and(is_suffix),
            None => rest.is_empty(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_aws_config_makes_are_of_the_rule_and_others_are_not() {
        for name in [
            "s3-writes",
            "OrgConfigRule-s3-writes-ab12cd34",
            "s3-writes-conformance-pack-ab12cd34e",
            "OrgConfigRule-s3-writes-conformance-pack-ab12cd34e",
        ] {
            assert!(is_made_of(name, "s3-writes"), "{name}");
        }
        for name in [
            "s3-writes-2",
            "OrgConfigRule-s3-writes",
            "OrgConfigRule-s3-writes-and-reads-ab12cd34",
            "s3-writes-conformance-pack-",
            "other",
        ] {
            assert!(!is_made_of(name, "s3-writes"), "{name}");
        }
    }
}
