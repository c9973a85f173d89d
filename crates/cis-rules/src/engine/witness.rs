//! One readable record of a region.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

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
    let mut record = Record::of_object(arn).with(RecordField::ReadOnly, setting.kind.read_only());
    let is_keyless = matches!(record.value(RecordField::ResourcesArn), FieldValue::ArnPrefix(_));
    let find = Find { space, region };
    for axis in Axis::ALL.into_iter().filter(|axis| *axis != Axis::ARN) {
        let field = axis.field();
        let facts = field.facts();
        let absent = (facts.absence != Absence::Never).then_some(None);
        let samples = facts.samples.iter().map(|sample| Some((*sample).to_string()));
        let value = match field {
            RecordField::EventName => {
                let names = event_names(space, region, setting.kind, is_keyless);
                find.first(axis, names.map(Some))
            }
            RecordField::UserIdentityArn => find.first(axis, callers(setting).chain(absent)),
            RecordField::AwsRegion => {
                let is_home = |region: &&str| setting.home_regions.contains(region);
                let (homes, others): (Vec<&str>, Vec<&str>) = Partition::named(setting.partition)
                    .map_or(facts.samples, |partition| partition.sample_regions)
                    .iter()
                    .partition(|region| is_home(region));
                let all = others.into_iter().chain(homes);
                find.first(axis, all.map(|region| Some(region.to_string())))
            }
            _ => find.first(axis, absent.into_iter().chain(samples)),
        }?;
        record.set(field, value);
    }
    Some(record)
}

/// Callers that a reader recognises.
fn callers(setting: Setting<'_>) -> impl Iterator<Item = Option<String>> {
    let (account, partition) = (setting.account_id, setting.partition);
    let user = alloc::format!("arn:{partition}:iam::{account}:user/alice");
    let role = alloc::format!("arn:{partition}:sts::{account}:assumed-role/app/session");
    [Some(user), Some(role)].into_iter()
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

/// Names of events: those that fit the resource first, then others that AWS documents, then made-up
/// names that begin with a start that the region demands.
fn event_names(
    space: &Space<'_>,
    region: &Region,
    kind: Kind,
    is_keyless: bool,
) -> impl Iterator<Item = String> {
    let names_no_key = |name: &&str| {
        matches!(*name, "ListObjects" | "ListObjectVersions" | "DeleteObjects" | "HeadBucket")
    };
    let of_kind = move || catalogue::object_events(Some(kind));
    let fitting = of_kind().filter(move |name| names_no_key(name) == is_keyless);
    let others = of_kind().filter(move |name| names_no_key(name) != is_keyless);
    let of_no_kind = catalogue::object_events(None);
    let of_other_kind = catalogue::object_events(Some(kind.other()));
    let documented = fitting.chain(others).chain(of_no_kind).chain(of_other_kind);
    let rows = region.on(Axis::NAME).cells.blocks().flat_map(|(rows, _)| rows.iter());
    let texts = space.on(Axis::NAME).rows().texts();
    let starts: Vec<&str> = rows.filter_map(|row| texts.get(row).copied()).collect();
    let of_authentication = starts.iter().filter(|start| start.starts_with(AUTHENTICATION));
    let of_authentication: Vec<&str> =
        core::iter::once(AUTHENTICATION).chain(of_authentication.copied()).take(TRIES).collect();
    let columns = region.on(Axis::NAME).cells.blocks().flat_map(|(_, columns)| columns.iter());
    let texts = space.on(Axis::NAME).columns().texts();
    let demanded = columns.filter_map(|column| texts.get(column).copied());
    let ends: Vec<&str> = AUTHENTICATION_ENDS.into_iter().chain(demanded).take(MOST_ENDS).collect();
    let authentication = joined_with(&of_authentication, &ends);
    let made_up = joined_with(starts.get(..TRIES).unwrap_or(&starts), &EVENT_NAME_ENDS);
    documented.map(String::from).chain(authentication).chain(made_up)
}

/// Every start with every end.
fn joined_with(starts: &[&str], ends: &[&str]) -> Vec<String> {
    let with_ends =
        |start: &&str| -> Vec<String> { ends.iter().map(|end| [*start, *end].concat()).collect() };
    starts.iter().flat_map(with_ends).collect()
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
    Find { space, region }.first_text(Axis::ARN, candidates)
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
