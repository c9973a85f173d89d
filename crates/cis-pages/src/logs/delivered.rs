//! What was delivered: a map of buckets and days, then callers and events.

use std::collections::{BTreeMap, BTreeSet};

use cis_evidence::Moment;
use cis_evidence::answer::{LogsAnswer, Row, What};
use cis_rules::explain::Answer;
use cis_rules::question::Kind;

use super::{count, scrolling, table};
use crate::html::{Attribute, Html};

/// The most buckets that the map shows.
const BUCKETS: usize = 100;
/// The most days that it shows: the last ones.
const DAYS: usize = 92;

pub(super) fn write(html: &mut Html, answer: &LogsAnswer) {
    let delivered = &answer.delivered;
    if delivered.rows.is_empty() {
        html.leaf("p", &[], "No data event of S3 was delivered.");
        return;
    }
    html.leaf("h3", &[], "Buckets and days");
    map(html, answer);
    html.leaf("h3", &[], "Callers");
    sums(html, "Data events by caller", "Caller", answer, |row| row.caller_type.name().to_string());
    let outside = &delivered.from_outside;
    html.leaf(
        "p",
        &[],
        &format!(
            "Other accounts made {} of them, anonymous callers {}.",
            count(outside.other_accounts),
            count(outside.anonymous)
        ),
    );
    html.leaf("h3", &[], "Events");
    sums(html, "Data events by name", "Event", answer, |row| row.event_name.clone());
}

fn bucket_of(row: &Row) -> &str {
    row.bucket.as_deref().unwrap_or("(none)")
}

/// The days between the first and the last, those without events too.
fn days(rows: &[Row]) -> Vec<String> {
    let parsed = |day: &str| Moment::parse(&format!("{day}T00:00:00Z"));
    let seen: BTreeSet<Moment> = rows.iter().filter_map(|row| parsed(&row.day)).collect();
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return Vec::new() };
    let first = (*first).max(last.plus(-(DAYS as i64 - 1) * cis_evidence::DAY));
    let count = (last.seconds() - first.seconds()) / cis_evidence::DAY;
    (0..=count).map(|day| first.plus(day * cis_evidence::DAY).day()).collect()
}

/// Whether something of S3's data events was surely not recorded on a day.
fn is_blind(answer: &LogsAnswer, day: &str) -> bool {
    let Some(begin) = Moment::parse(&format!("{day}T00:00:00Z")) else { return false };
    let end = begin.plus(cis_evidence::DAY);
    answer.unrecorded.iter().any(|found| {
        found.answer == Answer::NotLogged
            && found.what != What::Management
            && found.from < end
            && found.to.is_none_or(|to| to > begin)
    })
}

fn map(html: &mut Html, answer: &LogsAnswer) {
    let rows = &answer.delivered.rows;
    let mut cells: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        *cells.entry((bucket_of(row), &row.day)).or_default() += row.events;
        *totals.entry(bucket_of(row)).or_default() += row.events;
    }
    let mut buckets: Vec<(&str, u64)> = totals.into_iter().collect();
    buckets.sort_by(|one, other| (other.1, one.0).cmp(&(one.1, other.0)));
    let hidden = buckets.len().saturating_sub(BUCKETS);
    buckets.truncate(BUCKETS);
    let most = cells.values().max().copied().unwrap_or(1);
    let days = days(rows);
    let blind: Vec<bool> = days.iter().map(|day| is_blind(answer, day)).collect();
    let caption = "Data events by bucket and day, in UTC";
    scrolling(html, caption, |html| {
        html.element("table", &[Attribute::Own("class", "map")], |html| {
            html.leaf("caption", &[], caption);
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    html.leaf("th", &[Attribute::Own("scope", "col")], "Bucket");
                    for (day, is_blind) in days.iter().zip(&blind) {
                        let class = if *is_blind { "day blind" } else { "day" };
                        let attributes =
                            [Attribute::Own("scope", "col"), Attribute::Own("class", class)];
                        html.element("th", &attributes, |html| {
                            html.text(day);
                            if *is_blind {
                                html.leaf("span", &[Attribute::Own("class", "flag")], " blinded");
                            }
                        });
                    }
                    html.leaf("th", &[Attribute::Own("scope", "col")], "All");
                });
            });
            html.element("tbody", &[], |html| {
                for (bucket, total) in &buckets {
                    html.element("tr", &[], |html| {
                        html.leaf("th", &[Attribute::Own("scope", "row")], bucket);
                        for (day, is_blind) in days.iter().zip(&blind) {
                            let events = cells.get(&(*bucket, day.as_str())).copied().unwrap_or(0);
                            let class = if *is_blind { "heat blind" } else { "heat" };
                            let attributes = [
                                Attribute::Own("class", class),
                                Attribute::Number("share", share(events, most)),
                            ];
                            html.leaf("td", &attributes, &count(events));
                        }
                        html.leaf("td", &[Attribute::Own("class", "number")], &count(*total));
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
    of: impl Fn(&Row) -> String,
) {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for row in &answer.delivered.rows {
        let sum = sums.entry(of(row)).or_default();
        sum.events += row.events;
        sum.errors += row.errors;
        match row.kind {
            Some(Kind::Read) => sum.reads += row.events,
            Some(Kind::Write) => sum.writes += row.events,
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
