//! The function's log: one JSON object on a line, or plain text, on the standard output.
//!
//! Lambda says the level and the format in `AWS_LAMBDA_LOG_LEVEL` and `AWS_LAMBDA_LOG_FORMAT`. What
//! is logged above DEBUG holds no ARN, no name of a bucket, no message of AWS and no token, but for the
//! way back of a remediation.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html>

use std::fmt::{Debug, Write as _};
use std::io::Write as _;
use std::panic;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format as TimeFormat;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// The invocation that is under way. A function serves one at a time.
static REQUEST: Mutex<String> = Mutex::new(String::new());

/// Sends what this process traces to its log, and panics too.
///
/// An invalid `AWS_LAMBDA_LOG_LEVEL` is reported once, and INFO is used.
pub fn start() {
    let chosen = std::env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_default();
    let level = level(&chosen);
    let json =
        !std::env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|it| it.eq_ignore_ascii_case("text"));
    let lines = Lines { level: level.unwrap_or(LevelFilter::INFO), json };
    // It fails only where a subscriber has been set before, and then there is a log already.
    let _ = tracing::subscriber::set_global_default(lines);
    if level.is_none() {
        tracing::warn!(AWS_LAMBDA_LOG_LEVEL = chosen, "not a level, INFO is taken");
    }
    panic::set_hook(Box::new(|panicked| {
        let place = panicked.location().map(ToString::to_string);
        tracing::error!(place, "the function panicked");
        // The message may repeat any part of what was read.
        tracing::debug!(panic = %panicked, "the function panicked");
    }));
}

/// From now on, what is logged is of this invocation.
pub fn of_request(id: &str) {
    id.clone_into(&mut REQUEST.lock().unwrap_or_else(PoisonError::into_inner));
}

/// The level that a line must have so that neither this log nor Lambda drops it, be it INFO: one
/// without a level is taken as INFO, and dropped where the function's level is higher.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
#[must_use]
pub fn level_to_be_kept() -> &'static str {
    let chosen = std::env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_default().to_ascii_uppercase();
    match chosen.as_str() {
        "WARN" => "WARN",
        "ERROR" => "ERROR",
        "FATAL" => "FATAL",
        _ => "INFO",
    }
}

/// Writes one line to the standard output. A closed output is ignored: there is no other place to write to.
pub fn write_line(line: &str) {
    let _ = std::io::stdout().lock().write_all(format!("{line}\n").as_bytes());
}

/// A time as RFC 3339 has it, in UTC.
#[must_use]
pub fn timestamp(time: SystemTime) -> String {
    // Only years past 9999 have no such form.
    DateTime::from(time).fmt(TimeFormat::DateTime).unwrap_or_default()
}

/// The level of this name, as Lambda spells them; INFO where none was chosen.
fn level(name: &str) -> Option<LevelFilter> {
    match name.to_ascii_uppercase().as_str() {
        "TRACE" => Some(LevelFilter::TRACE),
        "DEBUG" => Some(LevelFilter::DEBUG),
        "" | "INFO" => Some(LevelFilter::INFO),
        "WARN" => Some(LevelFilter::WARN),
        "ERROR" => Some(LevelFilter::ERROR),
        // Lambda keeps nothing that the function could write.
        "FATAL" => Some(LevelFilter::OFF),
        _ => None,
    }
}

/// Writes events and has no use for spans.
#[derive(Debug)]
struct Lines {
    level: LevelFilter,
    json: bool,
}

impl Lines {
    /// The level up to which a module's events are shown. What other crates write is not in our
    /// hands: it is shown only from DEBUG on, and then one level less, for the SDK traces whole
    /// requests.
    fn shown(&self, target: &str) -> LevelFilter {
        let own = ["cis_lambda", "cis_aws", "cis_rules", "bootstrap"];
        if own.contains(&target.split("::").next().unwrap_or_default()) {
            return self.level;
        }
        match self.level {
            LevelFilter::TRACE => LevelFilter::DEBUG,
            LevelFilter::DEBUG => LevelFilter::INFO,
            _ => LevelFilter::OFF,
        }
    }

    fn line(
        &self,
        time: SystemTime,
        level: Level,
        request: &str,
        fields: Map<String, Value>,
    ) -> String {
        let time = timestamp(time);
        if self.json {
            let mut line = Map::new();
            line.insert("timestamp".to_owned(), time.into());
            line.insert("level".to_owned(), level.as_str().into());
            if !request.is_empty() {
                line.insert("requestId".to_owned(), request.into());
            }
            line.extend(fields);
            return Value::Object(line).to_string();
        }
        let mut line = format!("{time} {level}");
        if !request.is_empty() {
            // Writing to a text does not fail.
            let _ = write!(line, " {request}");
        }
        for (name, value) in fields {
            let _ = match value {
                Value::String(text) if name == "message" => write!(line, " {text}"),
                value => write!(line, " {name}={value}"),
            };
        }
        line
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= self.shown(metadata.target())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let request = REQUEST.lock().unwrap_or_else(PoisonError::into_inner).clone();
        write_line(&self.line(SystemTime::now(), *event.metadata().level(), &request, fields.0));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// An event's fields, its message being one of them.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn add(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    fn fields(fields: &Value) -> Map<String, Value> {
        fields.as_object().unwrap().clone()
    }

    fn line(json: bool, request: &str) -> String {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_211_400_250);
        let lines = Lines { level: LevelFilter::INFO, json };
        lines.line(
            time,
            Level::WARN,
            request,
            fields(&json!({"call": "A", "message": "it \"fails\""})),
        )
    }

    #[test]
    fn a_line_is_one_json_object() {
        let read = |line: &str| serde_json::from_str::<Value>(line).unwrap();
        assert_eq!(
            read(&line(true, "8476a536")),
            json!({
                "timestamp": "2026-11-20T21:50:00.25Z",
                "level": "WARN",
                "requestId": "8476a536",
                "call": "A",
                "message": "it \"fails\"",
            })
        );
        assert_eq!(read(&line(true, "")).get("requestId"), None, "before the first invocation");
    }

    #[test]
    fn a_line_is_plain_text_where_lambda_says_so() {
        assert_eq!(
            line(false, "8476a536"),
            "2026-11-20T21:50:00.25Z WARN 8476a536 call=\"A\" it \"fails\""
        );
    }

    #[test]
    fn the_levels_are_lambdas() {
        for name in ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] {
            assert_eq!(level(name).unwrap().to_string().to_uppercase(), name);
            assert_eq!(level(&name.to_lowercase()), level(name));
        }
        assert_eq!(level("FATAL"), Some(LevelFilter::OFF));
        assert_eq!(level(""), Some(LevelFilter::INFO));
        assert_eq!(level("LOUD"), None);
    }

    #[test]
    fn other_crates_are_heard_from_debug_on_and_one_level_less() {
        let shown = |level, target| Lines { level, json: true }.shown(target);
        for (level, others) in [
            (LevelFilter::ERROR, LevelFilter::OFF),
            (LevelFilter::INFO, LevelFilter::OFF),
            (LevelFilter::DEBUG, LevelFilter::INFO),
            (LevelFilter::TRACE, LevelFilter::DEBUG),
        ] {
            assert_eq!(shown(level, "cis_aws::failure"), level);
            assert_eq!(shown(level, "bootstrap"), level);
            assert_eq!(shown(level, "aws_smithy_runtime::client"), others);
            assert_eq!(shown(level, "lambda_runtime::layers::panic"), others);
        }
    }
}
