//! Which account is read, and whose credentials these are.

use aws_config::SdkConfig;

use crate::endpoint::Endpoint;
use crate::failure::Failure;

/// An account, in its partition, as asked in one Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The 12-digit account id.
    pub id: String,
    /// The partition: `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: String,
    /// The Region whose DescribeTrails is asked; multi-Region trails show in each.
    pub region: String,
}

/// Why it is not known whose account this is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallerError {
    /// No Region is set.
    #[error(
        "no Region is set: pass one, set `AWS_REGION`, or give the profile a line `region = ...`"
    )]
    NoRegion,
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Failure),
}

/// Whose credentials are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account that they belong to.
    pub account: Account,
    /// The ARN of the user, role session or root.
    pub arn: String,
}

/// The identity that the credentials belong to, by STS GetCallerIdentity, which needs no permission.
///
/// # Errors
/// Where no Region is set, there are no credentials, or the call fails.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
pub async fn identity(config: &SdkConfig) -> Result<Identity, CallerError> {
    const CALL: &str = "GetCallerIdentity";
    let region = config.region().ok_or(CallerError::NoRegion)?;
    let endpoint = Endpoint::default();
    let identity = aws_sdk_sts::Client::new(config)
        .get_caller_identity()
        .customize()
        .interceptor(endpoint.clone())
        .send()
        .await
        .map_err(|error| endpoint.failure(CALL, &error))?;
    let id = identity
        .account()
        .ok_or_else(|| Failure::invalid(CALL, "the response names no account"))?;
    let arn = identity.arn().unwrap_or_default();
    let partition = arn
        .split(':')
        .nth(1)
        .filter(|partition| !partition.is_empty())
        .ok_or_else(|| Failure::invalid(CALL, "the response has no ARN"))?;
    let account =
        Account { id: id.to_owned(), partition: partition.to_owned(), region: region.to_string() };
    Ok(Identity { account, arn: arn.to_owned() })
}

/// The account that the credentials belong to.
///
/// # Errors
/// As [`identity`].
pub async fn caller(config: &SdkConfig) -> Result<Account, CallerError> {
    Ok(identity(config).await?.account)
}
