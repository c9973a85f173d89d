//! AWS's partitions and the Regions in them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html> and the
//! partitions that AWS's SDKs resolve endpoints with.

use super::field::RecordField;

/// A group of Regions that share accounts and ARNs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The partition in an ARN: `aws`, `aws-cn`, `aws-us-gov`, …
    pub id: &'static str,
    /// How its Regions' names start; empty for `aws`, which has all others.
    region_prefix: &'static str,
    /// What its services' host names end with, as CloudFormation's `AWS::URLSuffix`.
    pub url_suffix: &'static str,
    /// Regions of it that a reader recognises.
    pub sample_regions: &'static [&'static str],
}

/// All partitions. `aws` is the first, and its Regions are those that are in no other.
pub const PARTITIONS: [Partition; 8] = [
    partition("aws", "", "amazonaws.com", RecordField::AwsRegion.facts().samples),
    partition("aws-cn", "cn-", "amazonaws.com.cn", &["cn-north-1", "cn-northwest-1"]),
    partition("aws-us-gov", "us-gov-", "amazonaws.com", &["us-gov-west-1", "us-gov-east-1"]),
    partition("aws-iso", "us-iso-", "c2s.ic.gov", &["us-iso-east-1", "us-iso-west-1"]),
    partition("aws-iso-b", "us-isob-", "sc2s.sgov.gov", &["us-isob-east-1", "us-isob-west-1"]),
    partition("aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", &["eu-isoe-west-1"]),
    partition("aws-iso-f", "us-isof-", "csp.hci.ic.gov", &["us-isof-south-1", "us-isof-east-1"]),
    partition("aws-eusc", "eusc-", "amazonaws.eu", &["eusc-de-east-1"]),
];

const fn partition(
    id: &'static str,
    region_prefix: &'static str,
    url_suffix: &'static str,
    sample_regions: &'static [&'static str],
) -> Partition {
    Partition { id, region_prefix, url_suffix, sample_regions }
}

impl Partition {
    /// The partition of this name, if AWS has one.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        PARTITIONS.iter().find(|partition| partition.id == id)
    }

    /// The partition that a Region is in.
    #[must_use]
    pub fn of_region(region: &str) -> &'static Self {
        let [aws, others @ ..] = &PARTITIONS;
        others.iter().find(|partition| region.starts_with(partition.region_prefix)).unwrap_or(aws)
    }

    /// The partition that an ARN names; `None` if the text is no ARN of a known partition.
    #[must_use]
    pub fn of_arn(arn: &str) -> Option<&'static Self> {
        let (partition, _) = arn.strip_prefix("arn:")?.split_once(':')?;
        Self::named(partition)
    }
}

/// Whether accounts have a Region without asking for it.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
#[must_use]
pub fn is_enabled_by_default(region: &str, partition: &str) -> bool {
    matches!(partition, "aws-cn" | "aws-us-gov") || ENABLED_BY_DEFAULT.contains(&region)
}

/// The Regions of the partition `aws` that every account has.
const ENABLED_BY_DEFAULT: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
];

/// The Regions of the partition `aws` that an account has once it asks for them, as of 2026-11.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
const OPT_IN: [&str; 17] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// The Regions that are known. AWS adds some every year, so that an unknown one may well exist.
pub fn known_regions() -> impl Iterator<Item = &'static str> {
    let [_aws, others @ ..] = &PARTITIONS;
    let others = others.iter().flat_map(|partition| partition.sample_regions);
    ENABLED_BY_DEFAULT.iter().chain(&OPT_IN).chain(others).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_regions_of_a_partition_are_in_it() {
        for partition in &PARTITIONS {
            assert!(!partition.sample_regions.is_empty(), "{}", partition.id);
            for region in partition.sample_regions {
                assert_eq!(Partition::of_region(region).id, partition.id, "{region}");
            }
        }
    }

    #[test]
    fn each_known_region_is_known_once() {
        let mut known: alloc::vec::Vec<_> = known_regions().collect();
        assert_eq!(known.len(), 46);
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), 46);
        for region in PARTITIONS.iter().flat_map(|partition| partition.sample_regions) {
            assert!(known.contains(region), "{region}");
        }
    }

    #[test]
    fn each_region_is_in_its_partition() {
        for (region, partition) in [
            ("us-east-1", "aws"),
            ("eu-central-2", "aws"),
            ("il-central-1", "aws"),
            ("cn-northwest-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(Partition::of_region(region).id, partition, "{region}");
        }
    }

    #[test]
    fn an_arn_names_its_partition() {
        let of = |arn| Partition::of_arn(arn).map(|partition| partition.id);
        assert_eq!(of("arn:aws-iso-b:s3:::logs"), Some("aws-iso-b"));
        assert_eq!(of("arn:aws:s3"), Some("aws"));
        assert_eq!(of("arn:aws"), None);
        assert_eq!(of("arn:aws-mars:s3"), None);
        assert_eq!(of("logs"), None);
    }
}
