//! What a record is about: its level, and the bucket, key and objects that it names.

use cis_rules::field::DATA;
use cis_rules::partition::Partition;
use cis_rules::record::json::RecordJson;
use percent_encoding::percent_decode_str;

use crate::{Level, arn, catalogue};

/// The sources of S3's events.
///
/// Source: the pages about logging of directory buckets, S3 on Outposts, Object Lambda, S3 Tables and
/// S3 Vectors, such as
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-log-files.html>, and
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>
pub const SOURCES: [&str; 8] = [
    S3,
    "s3express.amazonaws.com",
    "s3-outposts.amazonaws.com",
    "s3-object-lambda.amazonaws.com",
    "s3tables.amazonaws.com",
    "s3vectors.amazonaws.com",
    "s3lifecycle.amazonaws.com",
    "s3-authn-errors.amazonaws.com",
];
const S3: &str = cis_rules::field::S3_SOURCE;

/// The types of objects.
const OBJECT_TYPES: [&str; 3] =
    [cis_rules::field::S3_OBJECT, "AWS::S3Express::Object", "AWS::S3Outposts::Object"];

/// The level of a record.
///
/// Its category tells. A record that has none, of a version before 1.07, is told by the types of its
/// resources, then by its name in the table, then by what its parameters name.
#[must_use]
pub fn level(record: &RecordJson<'_>) -> Level {
    let management = record.management_event.value().copied();
    let (source, category) = (record.event_source.text(), record.event_category.text());
    if let Some(level) = level_by_category(source, category, management) {
        return level;
    }
    match (category, management) {
        (Some(_), _) | (None, Some(true)) => return of_management(record),
        (None, _) => {}
    }
    if resources(record).any(|(resource_type, _)| OBJECT_TYPES.contains(&resource_type)) {
        return Level::Object;
    }
    let name = record.event_name.text().unwrap_or_default();
    catalogue::level_of(name).unwrap_or_else(|| match (bucket(record), key(record)) {
        (Some(_), Some(_)) => Level::Object,
        (Some(_), None) => Level::Bucket,
        (None, _) => Level::Account,
    })
}

/// The level that the source and the category of a record tell by themselves: `None` for management
/// events of S3, and for records of S3 without a category.
#[must_use]
pub fn level_by_category(
    source: Option<&str>,
    category: Option<&str>,
    is_management: Option<bool>,
) -> Option<Level> {
    if !source.is_some_and(|source| SOURCES.contains(&source)) {
        return Some(Level::Other);
    }
    match (category, is_management) {
        (Some(DATA), _) | (None, Some(false)) => Some(Level::Object),
        (Some("Management"), _) | (None, _) => None,
        // Network activity, insights, and what is still to come.
        (Some(_), _) => Some(Level::Other),
    }
}

/// The level of a management event: never that of objects.
fn of_management(record: &RecordJson<'_>) -> Level {
    let name = record.event_name.text().unwrap_or_default();
    let listed = catalogue::named(name).map(|event| event.level).min();
    listed.filter(|level| *level != Level::Object).unwrap_or_else(|| match bucket(record) {
        Some(_) => Level::Bucket,
        None => Level::Account,
    })
}

/// The types of the resources, with the ARN of each that has one.
fn resources<'a>(record: &'a RecordJson<'_>) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    record
        .resources()
        .filter_map(|(_, entry)| Some((entry.resource_type.text()?, entry.arn.text())))
}

/// The bucket, that of the destination where something is copied.
#[must_use]
pub fn bucket<'a>(record: &'a RecordJson<'_>) -> Option<&'a str> {
    let parameters = record.parameters();
    let told = parameters.and_then(|told| told.bucket_name.text().or_else(|| told.bucket.text()));
    let told = told.filter(|name| is_bucket_name(name));
    let named = || {
        let arns = record.resources().filter_map(|(_, entry)| {
            entry.arn.text().or_else(|| entry.arn_prefix.text()).and_then(arn::named)
        });
        arns.map(|named| named.bucket).next()
    };
    told.or_else(named)
}

/// Whether a `bucketName` names a bucket. The ARN of an access point stands for a bucket that the
/// resources name.
#[must_use]
pub fn is_bucket_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with("arn:")
}

/// The key, that of the destination where something is copied.
pub(crate) fn key<'a>(record: &'a RecordJson<'_>) -> Option<&'a str> {
    let parameters = record.parameters();
    let told = parameters.and_then(|told| told.key.text().or_else(|| told.outposts_key.text()));
    let named = || objects_of_resources(record).find_map(|arn| arn::named(arn)?.key);
    told.filter(|key| !key.is_empty()).or_else(named)
}

/// The ARNs of the objects among the resources. That of no key names none.
fn objects_of_resources<'a>(record: &'a RecordJson<'_>) -> impl Iterator<Item = &'a str> {
    let objects = resources(record).filter(|(entry, _)| OBJECT_TYPES.contains(entry));
    objects.filter_map(|(_, arn)| arn).filter(|arn| !arn.ends_with('/') || has_key(arn))
}

fn has_key(arn: &str) -> bool {
    arn::named(arn).is_some_and(|named| named.key.is_some())
}

/// The ARN of every object that the record names: by its resources, or where there are none, as in a
/// request that was denied, by its parameters; and the source of a copy.
pub(crate) fn objects(record: &RecordJson<'_>) -> Vec<String> {
    let mut objects: Vec<String> = Vec::new();
    let mut add = |arn: String| {
        if !objects.contains(&arn) {
            objects.push(arn);
        }
    };
    objects_of_resources(record).for_each(|arn| add(arn.to_string()));
    if record.event_source.text() != Some(S3) || level(record) != Level::Object {
        return objects;
    }
    let told =
        |bucket: &str, key: &str| Some(format!("arn:{}:s3:::{bucket}/{key}", partition(record)?));
    let is_told_apart = objects_of_resources(record).next().is_none();
    if is_told_apart && let (Some(bucket), Some(key)) = (bucket(record), key(record)) {
        told(bucket, key).map(&mut add);
    }
    if let Some((bucket, key)) = copied(record) {
        told(&bucket, &key).map(&mut add);
    }
    objects
}

/// The bucket and the key that are copied; `None` where the header names an access point.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html>
fn copied(record: &RecordJson<'_>) -> Option<(String, String)> {
    let header = record.parameters()?.copy_source.text()?;
    let path = header.split_once("?versionId=").map_or(header, |(path, _version)| path);
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let (bucket, key) = path.strip_prefix('/').unwrap_or(&path).split_once('/')?;
    let is_name = !bucket.is_empty() && !bucket.contains(':') && !key.is_empty();
    is_name.then(|| (bucket.to_string(), key.to_string()))
}

/// The partition that the record's ARNs name, or else its Region is in.
fn partition<'a>(record: &'a RecordJson<'_>) -> Option<&'a str> {
    let of_resources = || {
        record.resources().find_map(|(_, entry)| {
            arn::partition(entry.arn.text().or_else(|| entry.arn_prefix.text())?)
        })
    };
    let of_caller = || arn::partition(record.identity()?.arn.text()?);
    of_resources()
        .or_else(of_caller)
        .or_else(|| Some(Partition::of_region(record.aws_region.text()?).id))
}

/// The account that owns the bucket, as the resources say it.
pub(crate) fn bucket_owner<'a>(record: &'a RecordJson<'_>) -> Option<&'a str> {
    let buckets = record.resources().filter(|(_, entry)| {
        entry.resource_type.text().is_some_and(|name| name.ends_with("Bucket"))
    });
    buckets.filter_map(|(_, entry)| entry.account_id.text()).find(|account| !account.is_empty())
}
