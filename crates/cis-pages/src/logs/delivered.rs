//! What was delivered: a map of buckets and days, then callers and events.

use std::collections::{BTreeMap, BTreeSet};

use cis_evidence::Moment;
use cis_evidence::answer::{Bucket, Counts, LogsAnswer, OfCaller, OfEvent, Unrecorded, What};
use cis_rules::explain::Answer;
use cis_rules::question::Kind;

use crate::html::{Attribute, Html};
use crate::table::{count, scrolling, table};

/// The most buckets that the map shows.
const BUCKETS: usize = 100;
/// With more days than these, their names stand upright.
const FEW_DAYS: usize = 14;
/// The most days that it shows: the last ones.
const DAYS: usize = 92;

pub(super) fn write(html: &mut Html, answer: &LogsAnswer) {
    let delivered = &answer.delivered;
    if delivered.all.events == 0 {
        html.leaf("p", &[], "No data event of S3 was delivered.");
        return;
    }
    html.leaf("h3", &[], "Buckets and days");
    map(html, answer);
    html.leaf("h3", &[], "Callers");
    let by_type = |of: &OfEvent| of.caller_type.name().to_string();
    sums(html, "Data events by type of caller", "Type of caller", answer, by_type);
    callers(html, answer);
    let text = format!(
        "Other accounts and anonymous callers made {} of them.",
        count(delivered.all.from_outside)
    );
    html.leaf("p", &[], &text);
    html.leaf("h3", &[], "Events");
    sums(html, "Data events by name", "Event", answer, |of| of.event_name.clone());
}

/// The callers of most events.
fn callers(html: &mut Html, answer: &LogsAnswer) {
    let rows = answer.delivered.callers.iter().map(|OfCaller { caller, counts, .. }| {
        let Counts { events, errors, bytes_in, bytes_out, .. } = *counts;
        let counts = [events, errors, bytes_in, bytes_out].map(count);
        [caller.to_string()].into_iter().chain(counts).collect()
    });
    let titles = [
        ("Caller", false),
        ("Events", true),
        ("Failed", true),
        ("Bytes sent", true),
        ("Bytes received", true),
    ];
    table(html, "Data events by caller", &titles, rows);
    if answer.delivered.more_callers > 0 {
        let text = format!("There are {} callers more.", count(answer.delivered.more_callers));
        html.leaf("p", &[], &text);
    }
}

fn name_of(bucket: &Bucket) -> &str {
    bucket.bucket.as_deref().unwrap_or("(none)")
}

/// The days between the first and the last, those without events too.
fn days(buckets: &[Bucket]) -> Vec<String> {
    let parsed = |day: &str| Moment::parse(&format!("{day}T00:00:00Z"));
    let seen = buckets.iter().flat_map(|bucket| &bucket.by_day);
    let seen: BTreeSet<Moment> = seen.filter_map(|of| parsed(of.day.as_deref()?)).collect();
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return Vec::new() };
    let first = (*first).max(last.plus(-(DAYS as i64 - 1) * cis_evidence::DAY));
    let count = (last.seconds() - first.seconds()) / cis_evidence::DAY;
    (0..=count).map(|day| first.plus(day * cis_evidence::DAY).day()).collect()
}

/// What of S3's data events was surely not recorded on a day.
fn blind_on<'a>(answer: &'a LogsAnswer, day: &str) -> Vec<&'a Unrecorded> {
    let Some(begin) = Moment::parse(&format!("{day}T00:00:00Z")) else { return Vec::new() };
    let end = begin.plus(cis_evidence::DAY);
    let is_of_day = |found: &&Unrecorded| {
        found.answer == Answer::NotLogged
            && found.what != What::Management
            && found.from < end
            && found.to.is_none_or(|to| to > begin)
    };
    answer.unrecorded.iter().filter(is_of_day).collect()
}

/// Whether what was not recorded may be of a bucket: the words name it, or no bucket in particular.
fn may_be_of(found: &Unrecorded, bucket: &str) -> bool {
    let description = &found.description;
    description.contains(&format!("`{bucket}`")) || !description.contains("bucket `")
}

fn map(html: &mut Html, answer: &LogsAnswer) {
    let mut buckets: Vec<&Bucket> = answer.delivered.buckets.iter().collect();
    buckets.sort_by_key(|bucket| (core::cmp::Reverse(bucket.all.events), name_of(bucket)));
    let hidden = buckets.len().saturating_sub(BUCKETS);
    buckets.truncate(BUCKETS);
    let counted = buckets.iter().flat_map(|bucket| &bucket.by_day).map(|of| of.counts.events);
    let most = counted.max().unwrap_or(1);
    let days = days(&answer.delivered.buckets);
    let blind: Vec<Vec<&Unrecorded>> = days.iter().map(|day| blind_on(answer, day)).collect();
    let caption = "Data events by bucket and day, in UTC";
    scrolling(html, caption, |html| {
        let class = if days.len() > FEW_DAYS { "map many" } else { "map" };
        html.element("table", &[Attribute::Own("class", class)], |html| {
            html.leaf("caption", &[], caption);
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    html.leaf("th", &[Attribute::Own("scope", "col")], "Bucket");
                    for (day, blind) in days.iter().zip(&blind) {
                        let is_blind = !blind.is_empty();
                        let class = if is_blind { "day blind" } else { "day" };
                        let attributes =
                            [Attribute::Own("scope", "col"), Attribute::Own("class", class)];
                        html.element("th", &attributes, |html| {
                            html.text(day);
                            if is_blind {
                                html.leaf("span", &[Attribute::Own("class", "flag")], " blinded");
                            }
                        });
                    }
                    html.leaf("th", &[Attribute::Own("scope", "col")], "All");
                });
            });
            html.element("tbody", &[], |html| {
                for bucket in &buckets {
                    html.element("tr", &[], |html| {
                        html.leaf("th", &[Attribute::Own("scope", "row")], name_of(bucket));
                        for (day, blind) in days.iter().zip(&blind) {
                            let is_blind =
                                blind.iter().any(|found| may_be_of(found, name_of(bucket)));
                            let of_day =
                                bucket.by_day.iter().find(|of| of.day.as_ref() == Some(day));
                            let events = of_day.map_or(0, |of| of.counts.events);
                            let class = if is_blind { "heat blind" } else { "heat" };
                            let attributes = [
                                Attribute::Own("class", class),
                                Attribute::Number("share", share(events, most)),
                            ];
                            html.leaf("td", &attributes, &count(events));
                        }
                        html.leaf(
                            "td",
                            &[Attribute::Own("class", "number")],
                            &count(bucket.all.events),
                        );
                    });
                }
            });
        });
    });
    if hidden > 0 {
        html.leaf("p", &[], &format!("And {} buckets with fewer events.", count(hidden as u64)));
    }
}

/// How much of the colour a number of events gets: by its logarithm, for few events matter as well.
fn share(events: u64, most: u64) -> f64 {
    if events == 0 { 0.0 } else { (events as f64).ln_1p() / (most as f64).ln_1p() }
}

/// How much there is of each.
#[derive(Default)]
struct Sum {
    events: u64,
    reads: u64,
    writes: u64,
    errors: u64,
}

fn sums(
    html: &mut Html,
    caption: &str,
    title: &str,
    answer: &LogsAnswer,
    of: impl Fn(&OfEvent) -> String,
) {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for row in answer.delivered.buckets.iter().flat_map(|bucket| &bucket.by_event) {
        let sum = sums.entry(of(row)).or_default();
        sum.events += row.counts.events;
        sum.errors += row.counts.errors;
        match row.kind {
            Some(Kind::Read) => sum.reads += row.counts.events,
            Some(Kind::Write) => sum.writes += row.counts.events,
            None => {}
        }
    }
    let mut sums: Vec<(String, Sum)> = sums.into_iter().collect();
    sums.sort_by(|one, other| (other.1.events, &one.0).cmp(&(one.1.events, &other.0)));
    let rows = sums.into_iter().map(|(name, sum)| {
        vec![name, count(sum.events), count(sum.reads), count(sum.writes), count(sum.errors)]
    });
    let titles =
        [(title, false), ("Events", true), ("Reads", true), ("Writes", true), ("Failed", true)];
    table(html, caption, &titles, rows);
}
