//! One readable record of a region.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::catalogue;
use crate::matching::{DATA, S3_OBJECT};
use crate::question::Kind;
use crate::record::{Record, Resource};
use crate::region::{Axis, Region, Space};

/// Bucket names that a reader recognises as worth protecting.
const BUCKETS: [&str; 6] = [
    "payroll",
    "customer-data",
    "backups",
    "finance-reports",
    "acme-data",
    "zeta-archive",
];

/// Ends that make a name out of the start of one.
const BUCKET_ENDS: [&str; 4] = ["", "-data", "data", "s"];

/// Keys of objects, and starts of such keys.
const KEYS: [&str; 4] = ["2026/11/report.csv", "report.csv", "2026/11/", "x"];

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
        matches!(
            *name,
            "ListObjects" | "ListObjectVersions" | "DeleteObjects" | "HeadBucket"
        )
    });
    let names = if is_prefix {
        [bucket_level, object_level]
    } else {
        [object_level, bucket_level]
    };
    let names: Vec<Option<&str>> = names.into_iter().flatten().map(Some).collect();
    let sources = [
        Some("s3.amazonaws.com"),
        Some("s3lifecycle.amazonaws.com"),
        Some("s3-authn-errors.amazonaws.com"),
    ];
    let user = alloc::format!(
        "arn:{}:iam::{}:user/alice",
        setting.partition,
        setting.account_id
    );
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
        event_type: first(Axis::Type, &[Some("AwsApiCall"), Some("AwsServiceEvent")])??,
        resource: if is_prefix {
            Resource::ArnPrefix(arn)
        } else {
            Resource::Arn(arn)
        },
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
    if let Some(candidate) = candidates
        .iter()
        .find(|candidate| universe.contains(set, **candidate))
    {
        return Some(candidate.map(ToString::to_string));
    }
    let cell = set
        .cells()
        .next()
        .and_then(|(rows, columns)| universe.example(rows.first()?, columns.first()?));
    let point = || {
        set.points()
            .first()
            .and_then(|point| universe.points().get(point))
    };
    cell.map(Some)
        .or_else(|| point().map(|point| point.text.as_deref().map(ToString::to_string)))
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
        readable_arns(start, end)
            .into_iter()
            .find(|arn| universe.contains(set, Some(arn)))
    });
    readable.or_else(|| first_of(space, region, Axis::Arn, &[]).flatten())
}

/// ARNs that start and end so and look like ones that a reader has seen.
fn readable_arns(start: &str, end: &str) -> Vec<String> {
    let stems: Vec<String> = match start.rsplit_once(':').unwrap_or_default() {
        (header, "") => BUCKETS
            .iter()
            .map(|bucket| alloc::format!("{header}:{bucket}/"))
            .collect(),
        (_, object) if object.contains('/') => alloc::vec![start.to_string()],
        _ => BUCKET_ENDS
            .iter()
            .map(|rest| alloc::format!("{start}{rest}/"))
            .collect(),
    };
    let mut arns = Vec::new();
    for stem in &stems {
        arns.extend(
            KEYS.iter()
                .map(|key| alloc::format!("{stem}{key}"))
                .filter(|arn| arn.ends_with(end)),
        );
        arns.extend(
            ["2026/11/report", "data", ""]
                .iter()
                .map(|key| alloc::format!("{stem}{key}{end}")),
        );
    }
    arns
}
