//! Which trail a call names: by its ARN, or by its name in the account and Region of the call.

use core::fmt;

use cis_rules::partition::Partition;
use serde::Serialize;

/// A trail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct TrailId {
    /// The account that owns it.
    pub(crate) account_id: String,
    /// Its home Region.
    pub(crate) home_region: String,
    /// Its name.
    pub(crate) name: String,
    /// Its partition.
    pub(crate) partition: String,
}

impl TrailId {
    /// The trail that a request in this account and Region means.
    pub(crate) fn named(named: &str, account: &str, region: &str) -> Self {
        Self::of_arn(named).unwrap_or_else(|| Self {
            account_id: account.to_string(),
            home_region: region.to_string(),
            name: named.to_string(),
            partition: Partition::of_region(region).id.to_string(),
        })
    }

    /// The trail of an ARN.
    pub(crate) fn of_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':');
        let (partition, service) = (parts.next()?, parts.next()?);
        let (region, account) = (parts.next()?, parts.next()?);
        let name = parts.next()?.strip_prefix("trail/")?;
        (service == "cloudtrail" && !region.is_empty() && !account.is_empty()).then(|| Self {
            account_id: account.to_string(),
            home_region: region.to_string(),
            name: name.to_string(),
            partition: partition.to_string(),
        })
    }
}

impl fmt::Display for TrailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account_id, home_region, name, partition } = self;
        write!(f, "arn:{partition}:cloudtrail:{home_region}:{account_id}:trail/{name}")
    }
}

impl From<TrailId> for String {
    fn from(id: TrailId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_an_arn_are_one_trail() {
        let arn = "arn:aws:cloudtrail:us-west-1:111122223333:trail/main";
        let by_arn = TrailId::named(arn, "444455556666", "eu-west-1");
        assert_eq!(by_arn, TrailId::named("main", "111122223333", "us-west-1"));
        assert_eq!(by_arn.to_string(), arn);
    }

    #[test]
    fn what_only_looks_like_an_arn_is_a_name() {
        for name in ["arn:aws:cloudtrail:us-west-1:111122223333:eventdatastore/x", "arn:aws", "a"] {
            assert_eq!(TrailId::named(name, "1", "us-gov-west-1").name, name);
        }
        assert_eq!(TrailId::named("a", "1", "us-gov-west-1").partition, "aws-us-gov");
    }
}
