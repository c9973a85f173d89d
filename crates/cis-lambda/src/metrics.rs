//! What each invocation came to, as metrics: one line in CloudWatch's embedded metric format.
//!
//! The one dimension is the function's name: it is known before the first event, so that an alarm
//! can ring when `EvaluationSucceeded` is *missing*, and it does not grow with accounts. Which rule
//! and which account it was is in the line, to be searched for.
//!
//! Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cis_rules::report::{Report, Verdict};
use serde_json::{Value, json};

use crate::logs;
pub use crate::published::{METRICS, Published, VARIABLE};

/// The metrics' namespace.
pub const NAMESPACE: &str = "Trailproof";

/// The dimension: the function's name.
pub const DIMENSION: &str = "FunctionName";

/// Which metrics the environment asks for. A value that is no choice is reported, and all are
/// published: too many cost money, and too few could hide silence.
#[must_use]
pub fn chosen() -> Published {
    let Ok(chosen) = std::env::var(VARIABLE) else { return Published::default() };
    Published::named(&chosen).unwrap_or_else(|| {
        tracing::warn!(TRAILPROOF_METRICS = chosen, "not a choice of metrics, all are published");
        Published::All
    })
}

/// What one invocation came to.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The function's name.
    pub function: &'a str,
    /// The invocation's id.
    pub request_id: &'a str,
    /// The event's `configRuleName`, where it has one.
    pub rule: Option<&'a str>,
    /// The event's `accountId`, where it has one.
    pub account: Option<&'a str>,
    /// Whether an evaluation was put.
    pub succeeded: bool,
    /// What was found out, as far as it was.
    pub report: Option<&'a Report>,
    /// How many trails could not be read in full.
    pub unreadable_trails: u64,
    /// How many requests were sent to AWS.
    pub api_calls: u64,
    /// How long it took.
    pub duration: Duration,
    /// Which of the numbers become metrics.
    pub published: Published,
}

impl Outcome<'_> {
    /// How many answers have this verdict.
    #[must_use]
    pub fn answers(&self, verdict: Verdict) -> usize {
        let results = self.report.map_or(&[][..], |report| &report.results);
        results.iter().filter(|result| result.verdict == verdict).count()
    }

    /// The line, as of this time.
    #[must_use]
    pub fn document(&self, now: SystemTime) -> Value {
        let mut document = json!({
            "timestamp": logs::timestamp(now),
            "level": logs::level_to_be_kept(),
            "requestId": self.request_id,
            "ruleName": self.rule,
            "accountId": self.account,
            DIMENSION: self.function,
            "EvaluationSucceeded": u8::from(self.succeeded),
            "Compliant": self.answers(Verdict::Compliant),
            "NonCompliant": self.answers(Verdict::NonCompliant),
            "Indeterminate": self.answers(Verdict::Indeterminate),
            "UnreadableTrails": self.unreadable_trails,
            "ApiCalls": self.api_calls,
            "Duration": milliseconds(self.duration),
        });
        let published = self.published.metrics();
        let metrics: Vec<Value> =
            published.iter().map(|(name, unit)| json!({"Name": name, "Unit": unit})).collect();
        if !metrics.is_empty() {
            document["_aws"] = json!({
                "Timestamp": milliseconds(now.duration_since(UNIX_EPOCH).unwrap_or_default()),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [[DIMENSION]],
                    "Metrics": metrics,
                }],
            });
        }
        document
    }
}

fn milliseconds(duration: Duration) -> u64 {
    duration.as_millis().try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_millis(1_795_211_400_250);

    fn document() -> Value {
        document_with(Published::All)
    }

    fn document_with(published: Published) -> Value {
        let outcome = Outcome {
            function: "trailproof",
            request_id: "8476a536",
            rule: Some("s3-logging"),
            account: None,
            succeeded: false,
            report: None,
            unreadable_trails: 2,
            api_calls: 11,
            duration: Duration::from_micros(54_321),
            published,
        };
        outcome.document(UNIX_EPOCH + NOW)
    }

    /// The rules of the specification's JSON schema for the members that are used.
    #[test]
    fn the_line_is_what_cloudwatch_takes() {
        let document = document();
        let text = |value: &Value, longest: usize| {
            let length = value.as_str().unwrap().chars().count();
            assert!((1..=longest).contains(&length), "{value}");
        };
        assert_eq!(document["_aws"]["Timestamp"], 1_795_211_400_250_u64);
        for directive in document["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
            text(&directive["Namespace"], 1024);
            for set in directive["Dimensions"].as_array().unwrap() {
                let set = set.as_array().unwrap();
                assert!((1..=30).contains(&set.len()));
                for dimension in set {
                    text(dimension, 250);
                    text(&document[dimension.as_str().unwrap()], 1024);
                }
            }
            let metrics = directive["Metrics"].as_array().unwrap();
            assert!((1..=100).contains(&metrics.len()));
            for metric in metrics {
                text(&metric["Name"], 1024);
                let name = metric["Name"].as_str().unwrap();
                assert!(document[name].is_number(), "{name} is no number at the top");
                assert!(["Count", "Milliseconds"].contains(&metric["Unit"].as_str().unwrap()));
            }
        }
    }

    #[test]
    fn only_what_is_published_becomes_a_metric_and_the_line_has_every_number() {
        for published in Published::ALL {
            assert_eq!(Published::named(published.name()), Some(published));
            let document = document_with(published);
            let metrics = &document["_aws"]["CloudWatchMetrics"][0]["Metrics"];
            let names: Vec<&str> = metrics
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|metric| metric["Name"].as_str())
                .collect();
            match published {
                Published::None => assert_eq!(document.get("_aws"), None),
                Published::Success => assert_eq!(names, ["EvaluationSucceeded"]),
                Published::All => assert_eq!(names, METRICS.map(|(name, _)| name)),
            }
            for (name, _) in METRICS {
                assert!(document[name].is_number(), "{published:?} {name}");
            }
        }
        assert_eq!(Published::named("most"), None);
    }

    #[test]
    fn the_line_says_what_the_invocation_came_to() {
        let document = document();
        for (name, value) in [
            ("EvaluationSucceeded", 0),
            ("Compliant", 0),
            ("UnreadableTrails", 2),
            ("ApiCalls", 11),
            ("Duration", 54),
        ] {
            assert_eq!(document[name], value, "{name}");
        }
        assert_eq!(document[DIMENSION], "trailproof");
        assert_eq!(document["ruleName"], "s3-logging");
        assert_eq!(document["accountId"], Value::Null);
    }
}
