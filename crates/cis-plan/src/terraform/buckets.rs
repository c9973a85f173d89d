//! The buckets of a plan, by their addresses.

use super::resources::{Resource, Resources};
use super::values::value;
use crate::completions::{Domain, Fill, OpenText};
use crate::value::Value;

/// A bucket of a plan.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    /// Its address, which all have in common that `count` or `for_each` makes: `aws_s3_bucket.logs`.
    /// In a program of Pulumi's, its name there: `logs`.
    pub(super) own_name: String,
    address: String,
    name: Value,
    /// How a name starts that is made up: `bucket_prefix`.
    start: String,
}

impl Bucket {
    /// The value of its name.
    pub(super) fn name(&self, fill: &Fill) -> Value {
        if self.name.known_text().is_some() {
            return self.name.clone();
        }
        let what = format!("the name of `{}`", self.address);
        let text = || OpenText {
            what: what.clone(),
            shown: format!("${{{}}}", self.own_name),
            settled_by: "write the name out, or apply and audit the account".to_string(),
            domain: Domain::BucketName { start: self.start.clone() },
        };
        fill.text(text, &what, self.name.clone())
    }
}

/// All buckets.
///
/// Sources: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket>,
/// <https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/s3_bucket>
pub(super) fn of(resources: &Resources<'_>) -> Vec<Bucket> {
    resources.managed.iter().filter_map(bucket).collect()
}

fn bucket(resource: &Resource<'_>) -> Option<Bucket> {
    let member = match resource.kind {
        "aws_s3_bucket" => "bucket",
        "awscc_s3_bucket" => "bucket_name",
        _ => return None,
    };
    let values = value(resource.values, resource.unknowns, &resource.address);
    let address = resource.address.clone();
    let own_name = own_name(&address);
    let start = values.get("bucket_prefix").known_text().unwrap_or_default().to_string();
    Some(Bucket { own_name, address, name: values.get(member).clone(), start })
}

/// What the plan calls a resource. Pulumi's addresses are a type and a name.
fn own_name(address: &str) -> String {
    let plain = without_indexes(address);
    plain.split_once("::").map(|(_, name)| name.to_string()).unwrap_or(plain)
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
            ("aws_s3_bucket.a[\"b::c\"]", "aws_s3_bucket.a"),
            ("my:mod:Logs$aws:s3/bucket:Bucket::logs", "logs"),
        ] {
            assert_eq!(own_name(address), plain);
        }
    }
}
