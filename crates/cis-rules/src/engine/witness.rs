//! One readable record of a region.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::aws::catalogue;
use crate::aws::record::{Record, Resource};
use crate::sets::region::{Axis, Region, Space};
use crate::spec::matching::{DATA, S3_OBJECT};
use crate::spec::question::Kind;

/// Buckets, with their slashes, that a reader recognises as worth protecting.
const BUCKETS: [&str; 6] =
    ["payroll/", "customer-data/", "backups/", "finance-reports/", "acme-data/", "zeta-archive/"];

/// Keys of objects, and starts of such keys.
const KEYS: [&str; 4] = ["2026/11/report.csv", "report.csv", "2026/11/", "x"];

/// Starts of keys.
const KEY_STARTS: [&str; 3] = ["2026/11/report", "data", ""];

/// Values of `eventSource` on data events of objects.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>
const EVENT_SOURCES: [&str; 3] =
    ["s3.amazonaws.com", "s3lifecycle.amazonaws.com", "s3-authn-errors.amazonaws.com"];

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
    let is_keyless = arn.split_once('/').is_some_and(|(_, key)| key.is_empty());
    let find = Find { space, region };
    let (account, partition) = (setting.account_id, setting.partition);
    let user = || Some(alloc::format!("arn:{partition}:iam::{account}:user/alice"));
    let role = || Some(alloc::format!("arn:{partition}:sts::{account}:assumed-role/app/session"));
    let identities = core::iter::once_with(user).chain(core::iter::once_with(role)).chain([None]);
    Some(Record {
        event_category: DATA.to_string(),
        resource_type: S3_OBJECT.to_string(),
        read_only: setting.kind.read_only().to_string(),
        event_name: find
            .first_text(Axis::Name, event_names(space, region, setting.kind, is_keyless))?,
        event_source: find.first_text(Axis::Source, EVENT_SOURCES.map(String::from))?,
        event_type: find.first_text(Axis::Type, EVENT_TYPES.map(String::from))?,
        resource: if is_keyless { Resource::ArnPrefix(arn) } else { Resource::Arn(arn) },
        user_identity_arn: find.first(Axis::Identity, identities)?,
        session_credential_from_console: find
            .first(Axis::Session, [None, Some("true".to_string())])?,
    })
}

/// Where values of a record are looked for.
struct Find<'a> {
    space: &'a Space<'a>,
    region: &'a Region,
}

impl Find<'_> {
    /// The first candidate that the region has on an axis, or else any value of it there; the inner
    /// option is for an absent value.
    fn first(
        &self,
        axis: Axis,
        candidates: impl IntoIterator<Item = Option<String>>,
    ) -> Option<Option<String>> {
        let (partition, set) = (self.space.on(axis), self.region.on(axis));
        let is_in = |candidate: &Option<String>| partition.contains(set, candidate.as_deref());
        if let Some(candidate) = candidates.into_iter().find(is_in) {
            return Some(candidate);
        }
        let cell = || {
            let (row, column) = set.cells.cells().next()?;
            partition.example(row, column)
        };
        let point = || partition.points().get(set.points.first()?);
        let text = cell().or_else(|| partition.keyless_in(set).next());
        let text = text.map(Some);
        text.or_else(|| point().map(|point| point.text.as_deref().map(String::from)))
    }

    fn first_text(
        &self,
        axis: Axis,
        candidates: impl IntoIterator<Item = String>,
    ) -> Option<String> {
        self.first(axis, candidates.into_iter().map(Some))?
    }
}

/// Names of events, those that fit the resource first, then such as start as the region demands.
fn event_names(
    space: &Space<'_>,
    region: &Region,
    kind: Kind,
    is_keyless: bool,
) -> impl Iterator<Item = String> {
    let names_no_key = |name: &&str| {
        matches!(*name, "ListObjects" | "ListObjectVersions" | "DeleteObjects" | "HeadBucket")
    };
    let fitting =
        catalogue::object_events(kind).filter(move |name| names_no_key(name) == is_keyless);
    let others =
        catalogue::object_events(kind).filter(move |name| names_no_key(name) != is_keyless);
    let starts = region.on(Axis::Name).cells.blocks().flat_map(|(rows, _)| rows.iter());
    let starts = starts.filter_map(|row| space.on(Axis::Name).rows().texts().get(row)).take(TRIES);
    let made_up =
        starts.flat_map(|start| EVENT_NAME_ENDS.iter().map(move |end| [*start, *end].concat()));
    fitting.chain(others).map(String::from).chain(made_up)
}

fn object_arn(space: &Space<'_>, region: &Region) -> Option<String> {
    let (partition, set) = (space.on(Axis::Arn), region.on(Axis::Arn));
    let mut cells: Vec<(&str, &str)> = Vec::new();
    for (rows, columns) in set.cells.blocks() {
        for row in rows.iter().take(TRIES).filter_map(|row| partition.rows().texts().get(row)) {
            let ends = columns
                .iter()
                .take(TRIES)
                .filter_map(|column| partition.columns().texts().get(column));
            cells.extend(ends.map(|end| (*row, *end)));
        }
    }
    cells.sort_unstable_by_key(|(start, end)| (end.len(), start.len()));
    let candidates =
        cells.iter().take(TRIES * TRIES).flat_map(|(start, end)| readable_arns(start, end));
    Find { space, region }.first_text(Axis::Arn, candidates)
}

/// ARNs that start and end so and look like ones that a reader has seen.
fn readable_arns<'a>(start: &'a str, end: &'a str) -> impl Iterator<Item = String> + 'a {
    let object = start.rsplit_once(':').map_or(start, |(_, object)| object);
    let is_cut = !object.ends_with(|last: char| last.is_ascii_alphanumeric());
    let rests: &[&str] = if object.contains('/') {
        &["", "/", "-"]
    } else if object.is_empty() {
        &BUCKETS
    } else if is_cut {
        &["data/", "s/", "/"]
    } else {
        &["/", "-data/", "data/", "s/"]
    };
    rests.iter().flat_map(move |rest| {
        let with = move |key: &str, end: &str| [start, rest, key, end].concat();
        let ends_so = move |key: &&&str| key.ends_with(end);
        let is_open = rest.ends_with(['/', '-']) || (rest.is_empty() && start.ends_with('/'));
        let whole = KEYS.iter().filter(ends_so).map(move |key| with(key, ""));
        let joined = KEY_STARTS.iter().map(move |key| with(key, end));
        whole.clone().filter(move |_| is_open).chain(joined).chain(whole)
    })
}
