//! The public keys that CloudTrail signs digests with.

use std::collections::BTreeMap;

use aws_config::{Region, SdkConfig};
use aws_sdk_cloudtrail::config::Builder;
use aws_smithy_types::DateTime;

use crate::failure::Failure;

/// A public key of CloudTrail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The key in DER, as CloudTrail gives it.
    pub der: Vec<u8>,
    /// Its fingerprint, as CloudTrail gives it.
    pub fingerprint: Option<String>,
}

/// The public keys that a Region's CloudTrail signed digests with in a time, given in seconds since
/// 1970. Every account has the same ones.
///
/// # Errors
/// Where there are no credentials, or a call fails.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html>
pub async fn public_keys(
    config: &SdkConfig,
    region: &str,
    from: i64,
    to: i64,
) -> Result<Vec<PublicKey>, Failure> {
    const CALL: &str = "ListPublicKeys";
    let of_region = Builder::from(config).region(Region::new(region.to_owned())).build();
    let client = aws_sdk_cloudtrail::Client::from_conf(of_region);
    let mut keys = BTreeMap::new();
    let mut next = None;
    loop {
        let page = client
            .list_public_keys()
            .start_time(DateTime::from_secs(from))
            .end_time(DateTime::from_secs(to))
            .set_next_token(next.clone())
            .send()
            .await
            .map_err(|error| Failure::of(CALL, &error))?;
        for key in page.public_key_list() {
            let der = key.value().map(|value| value.as_ref().to_vec());
            let der = der.ok_or_else(|| Failure::invalid(CALL, "a key has no value"))?;
            keys.insert(der, key.fingerprint().map(str::to_owned));
        }
        match page.next_token() {
            Some(token) if next.as_deref() != Some(token) => next = Some(token.to_owned()),
            Some(_) => return Err(Failure::invalid(CALL, "the answer names the same page again")),
            None => break,
        }
    }
    Ok(keys.into_iter().map(|(der, fingerprint)| PublicKey { der, fingerprint }).collect())
}
