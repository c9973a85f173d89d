//! One readable record of a region.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::catalogue;
use crate::matching::{DATA, S3_OBJECT};
use crate::question::Kind;
use crate::record::{Record, Resource};
use crate::region::{Axis, Region, Space};

/// Buckets, with their slashes, that a reader recognises as worth protecting.
const BUCKETS: [&str; 6] =
    ["payroll/", "customer-data/", "backups/", "finance-reports/", "acme-data/", "zeta-archive/"];

/// Keys of objects, and starts of such keys.
const KEYS: [&str; 4] = ["2026/11/report.csv", "report.csv", "2026/11/", "x"];

/// Values of `eventType`.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
const EVENT_TYPES: [&str; 6] = [
    "AwsApiCall",
    "AwsServiceEvent",
    "AwsConsoleAction",
    "AwsConsoleSignIn",
    "AwsVpceEvents",
    "AwsCloudTrailInsight",
];

/// Ends that make an event's name out of the start of one.
const EVENT_NAME_ENDS: [&str; 4] = ["Object", "ObjectCopy", "Item", "x"];

/// How many rows and columns of a set are tried with readable strings.
const TRIES: usize = 8;

/// What a record is made for.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The kind of the record.
    pub kind: Kind,
    /// The account that the caller belongs to.
    pub account_id: &'a str,
    /// The account's partition.
    pub partition: &'a str,
}

/// A record of a region, as readable as the region lets it be; none where the region is empty.
#[must_use]
pub fn record(space: &Space<'_>, region: &Region, setting: Setting<'_>) -> Option<Record> {
    let arn = object_arn(space, region)?;
    let is_prefix = arn.split_once('/').is_some_and(|(_, key)| key.is_empty());
    let names = catalogue::object_events(setting.kind);
    let (bucket_level, object_level): (Vec<_>, Vec<_>) = names.partition(|name| {
        matches!(*name, "ListObjects" | "ListObjectVersions" | "DeleteObjects" | "HeadBucket")
    });
    let names = if is_prefix { [bucket_level, object_level] } else { [object_level, bucket_level] };
    let made_up = made_up_names(space, region);
    let names = names.into_iter().flatten().chain(made_up.iter().map(String::as_str));
    let names: Vec<Option<&str>> = names.map(Some).collect();
    let sources = [
        Some("s3.amazonaws.com"),
        Some("s3lifecycle.amazonaws.com"),
        Some("s3-authn-errors.amazonaws.com"),
    ];
    let user = alloc::format!("arn:{}:iam::{}:user/alice", setting.partition, setting.account_id);
    let role = alloc::format!(
        "arn:{}:sts::{}:assumed-role/app/session",
        setting.partition,
        setting.account_id
    );
    let first = |axis, candidates: &[Option<&str>]| first_of(space, region, axis, candidates);
    Some(Record {
        event_category: DATA.to_string(),
        resource_type: S3_OBJECT.to_string(),
        read_only: setting.kind.read_only().to_string(),
        event_name: first(Axis::Name, &names)??,
        event_source: first(Axis::Source, &sources)??,
        event_type: first(Axis::Type, &EVENT_TYPES.map(Some))??,
        resource: if is_prefix { Resource::ArnPrefix(arn) } else { Resource::Arn(arn) },
        user_identity_arn: first(Axis::Identity, &[Some(&user), Some(&role), None])?,
        session_credential_from_console: first(Axis::Session, &[None, Some("true")])?,
    })
}

/// The first candidate that an axis of the region has, or else any string of it: the outer option
/// is for an empty set, the inner for an absent value.
fn first_of(
    space: &Space<'_>,
    region: &Region,
    axis: Axis,
    candidates: &[Option<&str>],
) -> Option<Option<String>> {
    let (universe, set) = (space.on(axis), region.on(axis));
    if let Some(candidate) = candidates.iter().find(|candidate| universe.contains(set, **candidate))
    {
        return Some(candidate.map(ToString::to_string));
    }
    let cell = set
        .cells()
        .next()
        .and_then(|(rows, columns)| universe.example(rows.first()?, columns.first()?));
    let point = || set.points().first().and_then(|point| universe.points().get(point));
    cell.map(Some).or_else(|| point().map(|point| point.text.as_deref().map(ToString::to_string)))
}

/// Names that start as the region demands, for where no known event's name does.
fn made_up_names(space: &Space<'_>, region: &Region) -> Vec<String> {
    let starts = region.on(Axis::Name).cells().flat_map(|(rows, _)| rows.iter());
    let starts = starts.filter_map(|row| space.on(Axis::Name).rows().get(row)).take(TRIES);
    starts.flat_map(|start| EVENT_NAME_ENDS.iter().map(move |end| [start, *end].concat())).collect()
}

fn object_arn(space: &Space<'_>, region: &Region) -> Option<String> {
    let (universe, set) = (space.on(Axis::Arn), region.on(Axis::Arn));
    let mut cells: Vec<(&str, &str)> = Vec::new();
    for (rows, columns) in set.cells() {
        let ends: Vec<&str> = columns
            .iter()
            .take(TRIES)
            .filter_map(|column| universe.columns().get(column).copied())
            .collect();
        for row in rows.iter().take(TRIES) {
            cells.extend(
                universe
                    .rows()
                    .get(row)
                    .into_iter()
                    .flat_map(|row| ends.iter().map(move |end| (*row, *end))),
            );
        }
    }
    cells.sort_by_key(|(start, end)| (end.len(), start.len()));
    let readable = cells.iter().take(TRIES * TRIES).find_map(|(start, end)| {
        readable_arns(start, end).into_iter().find(|arn| universe.contains(set, Some(arn)))
    });
    readable.or_else(|| first_of(space, region, Axis::Arn, &[]).flatten())
}

/// ARNs that start and end so and look like ones that a reader has seen.
fn readable_arns(start: &str, end: &str) -> Vec<String> {
    let with = |rests: &[&str]| -> Vec<String> {
        rests.iter().map(|rest| [start, rest].concat()).collect()
    };
    let object = start.rsplit_once(':').map_or(start, |(_, object)| object);
    let is_cut = !object.ends_with(|last: char| last.is_ascii_alphanumeric());
    let stems: Vec<String> = if object.contains('/') {
        with(&["", "/", "-"])
    } else if object.is_empty() {
        with(&BUCKETS)
    } else if is_cut {
        with(&["data/", "s/", "/"])
    } else {
        with(&["/", "-data/", "data/", "s/"])
    };
    let mut arns = Vec::new();
    for stem in &stems {
        let keys = KEYS.iter().map(|key| [stem, *key].concat());
        let fitting = keys.clone().filter(|arn| arn.ends_with(end));
        let is_open = stem.ends_with(['/', '-']);
        arns.extend(fitting.filter(|_| is_open));
        arns.extend(["2026/11/report", "data", ""].iter().map(|key| [stem, *key, end].concat()));
        arns.extend(keys.filter(|arn| arn.ends_with(end)));
    }
    arns
}
