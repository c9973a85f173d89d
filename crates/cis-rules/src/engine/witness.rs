//! One readable record of a region.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::iter::once_with;

use crate::aws::catalogue::{self, AUTHENTICATION};
use crate::aws::field::{Absence, RecordField};
use crate::aws::partition::Partition;
use crate::aws::record::{FieldValue, Record};
use crate::sets::region::{Axis, Region, Space};
use crate::spec::question::Kind;

/// Buckets, with their slashes, that a reader recognises as worth protecting.
const BUCKETS: [&str; 6] =
    ["payroll/", "customer-data/", "backups/", "finance-reports/", "acme-data/", "zeta-archive/"];

/// Keys of objects, and starts of such keys.
const KEYS: [&str; 4] = ["2026/11/report.csv", "report.csv", "2026/11/", "x"];

/// Starts of keys.
const KEY_STARTS: [&str; 3] = ["2026/11/report", "data", ""];

/// Ends that make an event's name out of the start of one.
const EVENT_NAME_ENDS: [&str; 4] = ["Object", "ObjectCopy", "Item", "x"];

/// Ends that make the name of a failed authentication.
const AUTHENTICATION_ENDS: [&str; 4] = ["", "AccessDenied", "Error", "x"];

/// How many ends of the name of a failed authentication are tried.
const MOST_ENDS: usize = 64;

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
    /// Regions that other ones are preferred to.
    pub home_regions: &'a [&'a str],
}

/// A record of a region, as readable as the region lets it be, and one that AWS documents where it
/// has such a record; none where the region is empty.
#[must_use]
pub fn record(space: &Space<'_>, region: &Region, setting: Setting<'_>) -> Option<Record> {
    let arn = object_arn(space, region)?;
    let mut record = Record::of_object(arn);
    record.set(RecordField::ReadOnly, Cow::Borrowed(setting.kind.read_only()));
    let is_keyless = matches!(record.value(RecordField::ResourcesArn), FieldValue::ArnPrefix(_));
    let find = Find { space, region };
    for axis in Axis::ALL.into_iter().filter(|axis| *axis != Axis::ARN) {
        let field = axis.field();
        let facts = field.facts();
        let absent = (facts.absence != Absence::Never).then_some(None);
        let samples = facts.samples.iter().map(|sample| Some(Cow::Borrowed(*sample)));
        let value = match field {
            RecordField::EventName => {
                let names = event_names(space, region, setting.kind, is_keyless);
                find.first(axis, names.map(Some))
            }
            RecordField::UserIdentityArn => find.first(axis, callers(setting).chain(absent)),
            RecordField::AwsRegion => {
                let regions = Partition::named(setting.partition)
                    .map_or(facts.samples, |partition| partition.sample_regions);
                let is_home = |region: &&&str| setting.home_regions.contains(*region);
                let others = regions.iter().filter(|region| !is_home(region));
                let all = others.chain(regions.iter().filter(is_home));
                find.first(axis, all.map(|region| Some(Cow::Borrowed(*region))))
            }
            _ => find.first(axis, absent.into_iter().chain(samples)),
        }?;
        record.set(field, value);
    }
    Some(record)
}

/// Callers that a reader recognises.
fn callers(setting: Setting<'_>) -> impl Iterator<Item = Option<Cow<'static, str>>> {
    let (account, partition) = (setting.account_id, setting.partition);
    let user = once_with(move || ["arn:", partition, ":iam::", account, ":user/alice"].concat());
    let role = once_with(move || {
        ["arn:", partition, ":sts::", account, ":assumed-role/app/session"].concat()
    });
    user.chain(role).map(|caller| Some(Cow::Owned(caller)))
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
        candidates: impl IntoIterator<Item = Option<Cow<'static, str>>>,
    ) -> Option<Option<Cow<'static, str>>> {
        let (partition, set) = (self.space.on(axis), self.region.on(axis));
        let is_in =
            |candidate: &Option<Cow<'_, str>>| partition.contains(set, candidate.as_deref());
        if let Some(candidate) = candidates.into_iter().find(is_in) {
            return Some(candidate);
        }
        let cell = || {
            let (row, column) = set.cells.cells().next()?;
            partition.example(row, column)
        };
        let point = || partition.points().get(set.points.first()?);
        let text = cell().or_else(|| partition.keyless_in(set).next());
        let text = text.map(|text| Some(Cow::Owned(text)));
        text.or_else(|| {
            point().map(|point| point.text.as_deref().map(|text| Cow::Owned(text.into())))
        })
    }
}

/// Names of events: those that fit the resource first, then others that AWS documents, then made-up
/// ones.
fn event_names(
    space: &Space<'_>,
    region: &Region,
    kind: Kind,
    is_keyless: bool,
) -> impl Iterator<Item = Cow<'static, str>> {
    let names_no_key = |name: &&str| {
        matches!(*name, "ListObjects" | "ListObjectVersions" | "DeleteObjects" | "HeadBucket")
    };
    let of_kind = move || catalogue::object_events(Some(kind));
    let fitting = of_kind().filter(move |name| names_no_key(name) == is_keyless);
    let others = of_kind().filter(move |name| names_no_key(name) != is_keyless);
    let of_no_kind = catalogue::object_events(None);
    let of_other_kind = catalogue::object_events(Some(kind.other()));
    let documented = fitting.chain(others).chain(of_no_kind).chain(of_other_kind);
    let made_up = once_with(move || made_up_names(space, region)).flatten();
    documented.map(Cow::Borrowed).chain(made_up.map(Cow::Owned))
}

/// Names of events that begin with a start that the region demands.
fn made_up_names(space: &Space<'_>, region: &Region) -> impl Iterator<Item = String> {
    let (partition, set) = (space.on(Axis::NAME), region.on(Axis::NAME));
    let rows = set.cells.blocks().flat_map(|(rows, _)| rows.iter());
    let texts = partition.rows().texts();
    let starts: Vec<&str> = rows.filter_map(|row| texts.get(row).copied()).collect();
    let of_authentication = starts.iter().filter(|start| start.starts_with(AUTHENTICATION));
    let of_authentication: Vec<&str> =
        core::iter::once(AUTHENTICATION).chain(of_authentication.copied()).take(TRIES).collect();
    let columns = set.cells.blocks().flat_map(|(_, columns)| columns.iter());
    let texts = partition.columns().texts();
    let demanded = columns.filter_map(|column| texts.get(column).copied());
    let ends: Vec<&str> = AUTHENTICATION_ENDS.into_iter().chain(demanded).take(MOST_ENDS).collect();
    let authentication = joined_with(of_authentication, ends);
    let few = starts.into_iter().take(TRIES).collect();
    authentication.chain(joined_with(few, EVENT_NAME_ENDS.into()))
}

/// Every start with every end.
fn joined_with<'s>(starts: Vec<&'s str>, ends: Vec<&'s str>) -> impl Iterator<Item = String> {
    starts
        .into_iter()
        .flat_map(move |start| ends.clone().into_iter().map(move |end| [start, end].concat()))
}

fn object_arn(space: &Space<'_>, region: &Region) -> Option<String> {
    let (partition, set) = (space.on(Axis::ARN), region.on(Axis::ARN));
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
    let arn = Find { space, region }.first(Axis::ARN, candidates.map(|arn| Some(Cow::Owned(arn))));
    arn?.map(Cow::into_owned)
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
