//! How many S3 events there are in a month: as it is given, or from a file that tells it.

use std::fmt;
use std::str::FromStr;

use cis_rules::Kind;
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};

/// How many events of the asked kinds an account has in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
    /// What says so.
    pub source: String,
}

/// A text that is no volume, or tells none: what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidVolume(String);

impl fmt::Display for InvalidVolume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidVolume {}

impl FromStr for Volume {
    type Err = InvalidVolume;

    fn from_str(text: &str) -> Result<Self, InvalidVolume> {
        let number = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        match (number(low), number(high)) {
            (Some(low), Some(high)) if low <= high => {
                Ok(Self { low, high, source: format!("--monthly-events {low}-{high}") })
            }
            _ => Err(InvalidVolume(format!(
                "`{text}` is not a number of events, or two with `-` between them"
            ))),
        }
    }
}

/// The days of a month, to which counts are scaled.
const MONTH: f64 = 30.0;

/// Counts of a number of days.
struct Counted {
    low: f64,
    high: f64,
    days: f64,
    source: &'static str,
}

impl Volume {
    /// Reads how many events of these kinds there are from what tells it, whichever it is:
    ///
    /// * the answer of `trailproof logs --format json`: exact for its time, of what was selected;
    /// * the answer of `aws ce get-cost-and-usage`, grouped by service and usage type: S3's request
    ///   tiers, of which tier 1 mixes writes with listings;
    /// * the answer of `aws cloudwatch get-metric-data` on S3's request metrics of some buckets.
    ///
    /// Sources: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html>,
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html>
    ///
    /// # Errors
    /// Where it is none of these, tells nothing of S3, or covers less than a day.
    pub fn from_json(text: &str, kinds: &[Kind]) -> Result<Self, InvalidVolume> {
        let document: Value = serde_json::from_str(text)
            .map_err(|error| InvalidVolume(format!("it is not JSON: {error}")))?;
        let has = |member: &str| document.get(member).is_some();
        let read = |error: serde_json::Error| InvalidVolume(format!("it cannot be read: {error}"));
        let counted = if has("delivered") {
            of_logs(&Logs::deserialize(&document).map_err(read)?, kinds)
        } else if has("ResultsByTime") {
            of_bill(&Bill::deserialize(&document).map_err(read)?, kinds)
        } else if has("MetricDataResults") {
            of_metrics(&Metrics::deserialize(&document).map_err(read)?, kinds)
        } else {
            Err(InvalidVolume(
                "it is no answer of `trailproof logs --format json`, of `aws ce \
                 get-cost-and-usage` or of `aws cloudwatch get-metric-data`"
                    .to_owned(),
            ))
        }?;
        counted.in_a_month()
    }
}

impl Counted {
    fn in_a_month(self) -> Result<Volume, InvalidVolume> {
        let Self { low, high, days, source } = self;
        if days < 1.0 {
            return Err(InvalidVolume(
                "it covers less than a day, which says nothing of a month".to_owned(),
            ));
        }
        let [low, high] = [low, high].map(|count| whole(count * MONTH / days));
        let source = format!("{low}-{high} events a month, from {days:.0} days of {source}");
        Ok(Volume { low, high, source })
    }
}

/// A count without its fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast keeps to the range of counts, and an estimate needs no fraction"
)]
fn whole(count: f64) -> u64 {
    count.round() as u64
}

/// What `trailproof logs` answered.
#[derive(Deserialize)]
struct Logs {
    read: Extent,
    delivered: Delivered,
}

#[derive(Deserialize)]
struct Extent {
    first: Option<String>,
    last: Option<String>,
}

#[derive(Deserialize)]
struct Delivered {
    buckets: Vec<OfBucket>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfBucket {
    by_event: Vec<OfEvent>,
}

#[derive(Deserialize)]
struct OfEvent {
    kind: Option<Kind>,
    counts: Events,
}

#[derive(Deserialize)]
struct Events {
    events: f64,
}

fn of_logs(logs: &Logs, kinds: &[Kind]) -> Result<Counted, InvalidVolume> {
    let (Some(first), Some(last)) = (&logs.read.first, &logs.read.last) else {
        return Err(InvalidVolume("no event was read".to_owned()));
    };
    let (mut low, mut high) = (0.0, 0.0);
    for event in logs.delivered.buckets.iter().flat_map(|bucket| &bucket.by_event) {
        if event.kind.is_none_or(|kind| kinds.contains(&kind)) {
            high += event.counts.events;
        }
        if event.kind.is_some_and(|kind| kinds.contains(&kind)) {
            low += event.counts.events;
        }
    }
    let days = days(moment(first)?, moment(last)?);
    Ok(Counted { low, high, days, source: "logs, of what trails selected then" })
}

/// What Cost Explorer answered.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Bill {
    results_by_time: Vec<Period>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Period {
    time_period: Bounds,
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Bounds {
    start: String,
    end: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group {
    keys: Vec<String>,
    metrics: Usage,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Usage {
    usage_quantity: Amount,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Amount {
    amount: String,
}

/// S3 as Cost Explorer names it.
const S3: &str = "Amazon Simple Storage Service";

fn of_bill(bill: &Bill, kinds: &[Kind]) -> Result<Counted, InvalidVolume> {
    let (mut tier_1, mut tier_2, mut all_days) = (0.0, 0.0, 0.0);
    let mut is_of_s3 = false;
    for period in &bill.results_by_time {
        all_days += days(moment(&period.time_period.start)?, moment(&period.time_period.end)?);
        for group in period.groups.iter().filter(|group| group.keys.iter().any(|key| key == S3)) {
            is_of_s3 = true;
            let of_tier = |tier: &str| {
                let is = |key: &String| key.contains("Requests-") && key.ends_with(tier);
                group.keys.iter().any(is)
            };
            let amount = &group.metrics.usage_quantity.amount;
            let amount: f64 = amount.parse().map_err(|_| {
                InvalidVolume(format!("`{amount}` is no amount: ask for the metric UsageQuantity"))
            })?;
            match (of_tier("Tier1"), of_tier("Tier2")) {
                (true, _) => tier_1 += amount,
                (_, true) => tier_2 += amount,
                _ => {}
            }
        }
    }
    if !is_of_s3 {
        return Err(InvalidVolume(format!(
            "it has no usage of `{S3}`: ask for the metric UsageQuantity, grouped by the dimensions \
             SERVICE and USAGE_TYPE"
        )));
    }
    // Tier 1 has the writes, and listings, which are reads. Tier 2 has the other reads.
    let (low, high) = match kinds {
        [Kind::Write] => (0.0, tier_1),
        [Kind::Read] => (tier_2, tier_1 + tier_2),
        _ => (tier_1 + tier_2, tier_1 + tier_2),
    };
    let source = "S3's billed requests (tier 1 mixes writes and listings; DELETE is free and not in \
                  it)";
    Ok(Counted { low, high, days: all_days, source })
}

/// What CloudWatch answered.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metrics {
    metric_data_results: Vec<Metric>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    label: String,
    timestamps: Vec<String>,
    values: Vec<f64>,
}

fn of_metrics(metrics: &Metrics, kinds: &[Kind]) -> Result<Counted, InvalidVolume> {
    let (mut low, mut high) = (0.0, 0.0);
    let mut times = Vec::new();
    for metric in &metrics.metric_data_results {
        // A label is the metric's name, behind others where there are several.
        let name = metric.label.rsplit(' ').next().unwrap_or_default();
        let (surely, perhaps): (&[Kind], &[Kind]) = match name {
            "PutRequests" | "DeleteRequests" => (&[Kind::Write], &[]),
            // Starting a multipart upload is none of an object's writes yet.
            "PostRequests" => (&[], &[Kind::Write]),
            "GetRequests" | "HeadRequests" | "ListRequests" | "SelectRequests" => {
                (&[Kind::Read], &[])
            }
            _ => continue,
        };
        let sum: f64 = metric.values.iter().sum();
        let is_of = |of: &[Kind]| of.iter().any(|kind| kinds.contains(kind));
        low += if is_of(surely) { sum } else { 0.0 };
        high += if is_of(surely) || is_of(perhaps) { sum } else { 0.0 };
        for time in &metric.timestamps {
            times.push(moment(time)?);
        }
    }
    times.sort_unstable();
    times.dedup();
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return Err(InvalidVolume(
            "it has no value of S3's request metrics, such as PutRequests".to_owned(),
        ));
    };
    // Each value is of the time up to the next one.
    let step = times.windows(2).map(|pair| days(pair[0], pair[1])).fold(f64::INFINITY, f64::min);
    let days = days(*first, *last) + if step.is_finite() { step } else { 0.0 };
    let source = "S3's request metrics (best effort, of the buckets that have them)";
    Ok(Counted { low, high, days, source })
}

fn days(from: OffsetDateTime, to: OffsetDateTime) -> f64 {
    (to - from).as_seconds_f64() / 86_400.0
}

/// A time, or a date: midnight, UTC.
fn moment(text: &str) -> Result<OffsetDateTime, InvalidVolume> {
    let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    OffsetDateTime::parse(&whole, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(&whole, &Iso8601::DEFAULT))
        .map_err(|_| InvalidVolume(format!("`{text}` is no time")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn volume(document: &Value, kinds: &[Kind]) -> (u64, u64) {
        let volume = Volume::from_json(&document.to_string(), kinds).unwrap();
        assert!(volume.source.contains(&format!("{}-{}", volume.low, volume.high)));
        (volume.low, volume.high)
    }

    fn refusal(document: &Value) -> String {
        Volume::from_json(&document.to_string(), &[Kind::Write]).unwrap_err().to_string()
    }

    #[test]
    fn a_volume_is_one_number_or_two() {
        let volume = |text: &str| text.parse::<Volume>().map(|it| (it.low, it.high));
        assert_eq!(volume("5"), Ok((5, 5)));
        assert_eq!(volume("5_000-7000"), Ok((5000, 7000)));
        for text in ["", "x", "7-5", "-5", "5-", "1.5"] {
            assert!(volume(text).is_err(), "{text}");
        }
    }

    #[test]
    fn counts_of_logs_are_scaled_to_a_month() {
        let of = |kind: Value, events: u32| {
            json!({"eventName": "x", "kind": kind, "callerType": "service",
                "counts": {"events": events}})
        };
        let mut logs = json!({
            "read": {"first": "2026-03-01T00:00:00Z", "last": "2026-03-04T00:00:00Z"},
            "delivered": {"buckets": [
                {"bucket": "a", "byEvent": [of(json!("write"), 10), of(json!("read"), 200)]},
                {"bucket": "b", "byEvent": [of(json!("write"), 20), of(Value::Null, 5)]},
            ]},
        });
        assert_eq!(volume(&logs, &[Kind::Write]), (300, 350));
        assert_eq!(volume(&logs, &[Kind::Read]), (2000, 2050));
        assert_eq!(volume(&logs, &Kind::ALL), (2300, 2350));
        logs["read"]["last"] = json!("2026-03-01T23:59:59Z");
        assert!(refusal(&logs).contains("less than a day"));
        logs["read"] = json!({"first": null, "last": null});
        assert_eq!(refusal(&logs), "no event was read");
    }

    #[test]
    fn the_tiers_of_a_bill_are_bounds() {
        let group = |service: &str, usage: &str, amount: &str| {
            json!({"Keys": [service, usage],
                "Metrics": {"UsageQuantity": {"Amount": amount, "Unit": "Requests"}}})
        };
        let bill = json!({"ResultsByTime": [
            {"TimePeriod": {"Start": "2026-02-01", "End": "2026-02-11"}, "Total": {}, "Groups": [
                group(S3, "USE1-Requests-Tier1", "1000.0"),
                group(S3, "Requests-SIA-Tier1", "500"),
                group(S3, "USE1-Requests-Tier2", "7000"),
                group(S3, "USE1-TimedStorage-ByteHrs", "1e9"),
                group("Amazon CloudFront", "US-Requests-Tier1", "90000"),
            ]},
            {"TimePeriod": {"Start": "2026-02-11", "End": "2026-02-16"}, "Groups": []},
        ]});
        assert_eq!(volume(&bill, &[Kind::Write]), (0, 3000));
        assert_eq!(volume(&bill, &[Kind::Read]), (14_000, 17_000));
        assert_eq!(volume(&bill, &Kind::ALL), (17_000, 17_000));
        let other = json!({"ResultsByTime": [
            {"TimePeriod": {"Start": "2026-02-01", "End": "2026-03-01"},
             "Groups": [group("Amazon CloudFront", "US-Requests-Tier1", "1")]},
        ]});
        assert!(refusal(&other).contains("SERVICE and USAGE_TYPE"));
        let odd = json!({"ResultsByTime": [
            {"TimePeriod": {"Start": "2026-02-01", "End": "2026-03-01"},
             "Groups": [group(S3, "Requests-Tier1", "many")]},
        ]});
        assert!(refusal(&odd).contains("`many`"));
    }

    #[test]
    fn request_metrics_are_summed_by_kind() {
        let metric = |label: &str, values: [u32; 2]| {
            json!({"Id": "m", "Label": label, "Values": values, "StatusCode": "Complete",
                "Timestamps": ["2026-03-02T00:00:00+00:00", "2026-03-01T00:00:00+00:00"]})
        };
        let metrics = json!({"MetricDataResults": [
            metric("PutRequests", [2, 4]), metric("b EntireBucket DeleteRequests", [1, 1]),
            metric("PostRequests", [3, 0]), metric("GetRequests", [50, 50]),
            metric("BytesDownloaded", [1_000_000, 0]),
        ]});
        assert_eq!(volume(&metrics, &[Kind::Write]), (120, 165));
        assert_eq!(volume(&metrics, &[Kind::Read]), (1500, 1500));
        let none = json!({"MetricDataResults": [metric("BytesDownloaded", [1, 1])]});
        assert!(refusal(&none).contains("PutRequests"));
        let mut hour = metric("PutRequests", [2, 4]);
        hour["Timestamps"] = json!(["2026-03-01T01:00:00Z"]);
        assert!(refusal(&json!({"MetricDataResults": [hour]})).contains("less than a day"));
    }

    #[test]
    fn anything_else_is_refused_with_what_can_be_read() {
        assert!(refusal(&json!({"schemaVersion": 1})).contains("trailproof logs --format json"));
        assert!(refusal(&json!([])).contains("trailproof logs --format json"));
        assert!(refusal(&json!({"delivered": 1})).contains("cannot be read"));
        let refused = Volume::from_json("{", &[Kind::Write]).unwrap_err();
        assert!(refused.to_string().starts_with("it is not JSON"));
    }
}
