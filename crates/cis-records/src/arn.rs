//! The bucket and the key in ARNs of S3.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html> and
//! the pages of its siblings.

/// What an ARN of S3 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    /// The bucket's name.
    pub(crate) bucket: &'a str,
    /// The object's key.
    pub(crate) key: Option<&'a str>,
}

/// The bucket and the key in an ARN; `None` where it names no bucket, as that of an access point.
pub(crate) fn named(arn: &str) -> Option<Named<'_>> {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") {
        return None;
    }
    let (_partition, service, region) = (parts.next()?, parts.next()?, parts.next()?);
    let (_account, resource) = (parts.next()?, parts.next()?);
    let (bucket, key) = match service {
        "s3" if region.is_empty() => in_two(resource),
        "s3express" => in_two(resource.strip_prefix("bucket/")?),
        // What follows is a table or an index.
        "s3tables" | "s3vectors" => (in_two(resource.strip_prefix("bucket/")?).0, None),
        "s3-outposts" => {
            let (_outpost, bucket) = resource.strip_prefix("outpost/")?.split_once("/bucket/")?;
            let (bucket, rest) = in_two(bucket);
            (bucket, rest.and_then(|rest| rest.strip_prefix("object/")))
        }
        _ => return None,
    };
    let key = key.filter(|key| !key.is_empty());
    (!bucket.is_empty()).then_some(Named { bucket, key })
}

fn in_two(resource: &str) -> (&str, Option<&str>) {
    match resource.split_once('/') {
        Some((bucket, key)) => (bucket, Some(key)),
        None => (resource, None),
    }
}

/// The partition that an ARN names.
pub(crate) fn partition(arn: &str) -> Option<&str> {
    let (partition, _) = arn.strip_prefix("arn:")?.split_once(':')?;
    (!partition.is_empty()).then_some(partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_bucket_has_its_own_arns() {
        for (arn, bucket, key) in [
            ("arn:aws:s3:::payroll", "payroll", None),
            ("arn:aws:s3:::payroll/", "payroll", None),
            ("arn:aws-cn:s3:::payroll/2026/a:b.csv", "payroll", Some("2026/a:b.csv")),
            ("arn:aws:s3express:us-east-1:1:bucket/b--use1-az4--x-s3", "b--use1-az4--x-s3", None),
            ("arn:aws:s3express:us-east-1:1:bucket/b--x-s3/k/l", "b--x-s3", Some("k/l")),
            ("arn:aws:s3tables:us-east-1:1:bucket/t/table/u", "t", None),
            ("arn:aws:s3vectors:us-east-1:1:bucket/v/index/i", "v", None),
            ("arn:aws:s3-outposts:us-east-1:1:outpost/op-1/bucket/o/object/k/l", "o", Some("k/l")),
            ("arn:aws:s3-outposts:us-east-1:1:outpost/op-1/bucket/o", "o", None),
        ] {
            assert_eq!(named(arn), Some(Named { bucket, key }), "{arn}");
        }
    }

    #[test]
    fn what_is_no_bucket_has_no_bucket() {
        for arn in [
            "",
            "payroll/2026",
            "arn:aws:s3:::",
            "arn:aws:s3:us-east-1:111122223333:accesspoint/ap",
            "arn:aws:s3-outposts:us-east-1:1:outpost/op-1/accesspoint/ap",
            "arn:aws:ec2:us-east-1:1:volume/v",
            "arn:aws:s3express:us-east-1:1:accesspoint/ap",
        ] {
            assert_eq!(named(arn), None, "{arn}");
        }
    }
}
