//! The buckets of a plan, by their addresses.

use cis_rules::open_values::PlannedBucket;

use super::resources::{Resource, Resources};
use super::values::value;
use crate::value::Value;

/// All buckets. Those that `count` or `for_each` makes have one address: `aws_s3_bucket.logs`.
///
/// Sources: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket>,
/// <https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/s3_bucket>
pub(super) fn of(resources: &Resources<'_>) -> Vec<PlannedBucket> {
    resources.managed.iter().filter_map(bucket).collect()
}

fn bucket(resource: &Resource<'_>) -> Option<PlannedBucket> {
    let member = match resource.kind {
        "aws_s3_bucket" => "bucket",
        "awscc_s3_bucket" => "bucket_name",
        _ => return None,
    };
    let name = match value(resource.values, resource.unknowns, &resource.address) {
        Value::Map(members) => Value::Map(members).get(member).known_text().map(str::to_string),
        _ => None,
    };
    Some(PlannedBucket { own_name: without_indexes(&resource.address), name })
}

/// An address without the indexes of `count` and the keys of `for_each`.
fn without_indexes(address: &str) -> String {
    let mut plain = String::new();
    let mut rest = address;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        rest = match after.strip_prefix('"') {
            // A key may hold brackets; it ends with the quote before one.
            Some(key) => key.split_once("\"]").map_or("", |(_, rest)| rest),
            None => after.split_once(']').map_or("", |(_, rest)| rest),
        };
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_share_an_address() {
        for (address, plain) in [
            ("aws_s3_bucket.logs", "aws_s3_bucket.logs"),
            ("aws_s3_bucket.logs[0]", "aws_s3_bucket.logs"),
            ("module.a[\"x[1]\"].aws_s3_bucket.this[\"b\"]", "module.a.aws_s3_bucket.this"),
        ] {
            assert_eq!(without_indexes(address), plain);
        }
    }
}
