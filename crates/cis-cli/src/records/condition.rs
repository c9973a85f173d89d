//! `--where`: which records are asked for.

use std::fmt;
use std::str::FromStr;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use cis_records::{Level, RecordSummary};
use cis_rules::question::Kind;
use cis_rules::record::caller::CallerType;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    field: Field,
    test: Test,
}

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Bucket,
    Key,
    Object,
    Caller,
    Arn,
    Account,
    Service,
    Event,
    Source,
    Region,
    Time,
    Error,
    Level,
    Kind,
}

impl Field {
    const ALL: [(&'static str, Self); 14] = [
        ("bucket", Self::Bucket),
        ("key", Self::Key),
        ("object", Self::Object),
        ("caller", Self::Caller),
        ("arn", Self::Arn),
        ("account", Self::Account),
        ("service", Self::Service),
        ("event", Self::Event),
        ("source", Self::Source),
        ("region", Self::Region),
        ("time", Self::Time),
        ("error", Self::Error),
        ("level", Self::Level),
        ("kind", Self::Kind),
    ];

    /// The values of a field that has only a few.
    fn values(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Caller => Some(CallerType::ALL.map(CallerType::name).to_vec()),
            Self::Level => Some(Level::ALL.map(Level::name).to_vec()),
            Self::Kind => Some(Kind::ALL.map(Kind::name).to_vec()),
            _ => None,
        }
    }

    /// What a record has in the field: nothing, one text, or several.
    fn of(self, summary: &RecordSummary) -> Vec<&str> {
        let only = match self {
            Self::Object => return summary.objects.iter().map(String::as_str).collect(),
            Self::Bucket => summary.bucket.as_deref(),
            Self::Key => summary.key.as_deref(),
            Self::Caller => Some(summary.caller.caller_type.name()),
            Self::Arn => summary.caller.arn.as_deref(),
            Self::Account => summary.caller.account_id.as_deref(),
            Self::Service => summary.caller.service.as_deref(),
            Self::Event => summary.event_name.as_deref(),
            Self::Source => summary.event_source.as_deref(),
            Self::Region => summary.aws_region.as_deref(),
            Self::Time => summary.event_time.as_deref(),
            Self::Error => summary.error_code.as_deref(),
            Self::Level => Some(summary.level.name()),
            Self::Kind => summary.kind.map(Kind::name),
        };
        only.into_iter().collect()
    }
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// It is this, or is not; an empty text is that of a record without the field.
    Is(bool, String),
    /// It begins with this.
    Begins(String),
    /// It is in this span of time, or is not.
    During(bool, Span),
    /// It is at the beginning of this span or later.
    From(Span),
    /// It is before the span.
    Before(Span),
    /// It is after the span.
    After(Span),
    /// It is in the span or before it.
    Until(Span),
}

/// A day, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// Nanoseconds since 1970.
    first: i128,
    last: i128,
}

const DAY: i128 = 86_400 * 1_000_000_000;

fn nanoseconds(text: &str) -> Option<i128> {
    Some(DateTime::from_str(text, Format::DateTimeWithOffset).ok()?.as_nanos())
}

impl FromStr for Span {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        if let Some(instant) = nanoseconds(text) {
            return Ok(Self { first: instant, last: instant });
        }
        let day = nanoseconds(&format!("{text}T00:00:00Z")).ok_or(Wrong::Time)?;
        Ok(Self { first: day, last: day + DAY - 1 })
    }
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    NoOperator,
    Field(String),
    Operator,
    Time,
    Value(Vec<&'static str>),
    EmptyPrefix,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = || Field::ALL.map(|(name, _)| name).join(", ");
        match self {
            Self::NoOperator => write!(
                f,
                "a condition is FIELD=VALUE, FIELD!=VALUE or FIELD^=PREFIX, and the fields are {}",
                fields()
            ),
            Self::Field(name) => {
                write!(f, "there is no field `{name}`: the fields are {}", fields())
            }
            Self::Operator => f.write_str("only `time` is compared by >=, <=, > and <"),
            Self::Time => f.write_str(
                "a time is an RFC 3339 text, such as 2026-03-01T09:30:00Z, or a day, such as \
                 2026-03-01",
            ),
            Self::Value(values) => write!(f, "the field's values are {}", values.join(", ")),
            Self::EmptyPrefix => f.write_str("every text begins with an empty prefix"),
        }
    }
}

impl std::error::Error for Wrong {}

/// The operators, the longer ones first.
const OPERATORS: [&str; 7] = ["!=", "^=", ">=", "<=", "=", ">", "<"];

impl FromStr for Condition {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let start = text.find(['=', '!', '^', '>', '<']).ok_or(Wrong::NoOperator)?;
        let (name, rest) = text.split_at(start);
        let found = OPERATORS.iter().find_map(|sign| Some((*sign, rest.strip_prefix(sign)?)));
        let (sign, value) = found.ok_or(Wrong::NoOperator)?;
        let name = name.trim();
        let field = Field::ALL.into_iter().find(|(known, _)| *known == name);
        let field = field.ok_or_else(|| Wrong::Field(name.to_string()))?.1;
        let is_time = field == Field::Time;
        let test = match sign {
            "^=" if value.is_empty() => return Err(Wrong::EmptyPrefix),
            "^=" => Test::Begins(value.to_string()),
            "=" | "!=" if is_time && !value.is_empty() => Test::During(sign == "=", value.parse()?),
            "=" | "!=" => {
                if let Some(values) = field.values()
                    && !value.is_empty()
                    && !values.contains(&value)
                {
                    return Err(Wrong::Value(values));
                }
                Test::Is(sign == "=", value.to_string())
            }
            _ if !is_time => return Err(Wrong::Operator),
            ">=" => Test::From(value.parse()?),
            "<=" => Test::Until(value.parse()?),
            ">" => Test::After(value.parse()?),
            _ => Test::Before(value.parse()?),
        };
        Ok(Self { field, test })
    }
}

impl Condition {
    /// Whether it holds of a record. A record whose time is not known is neither before nor after
    /// any.
    pub(super) fn holds(&self, summary: &RecordSummary) -> bool {
        let values = self.field.of(summary);
        let time = |is: &dyn Fn(i128) -> bool| {
            values.iter().any(|value| nanoseconds(value).is_some_and(is))
        };
        match &self.test {
            Test::Is(is, text) => {
                let has = if text.is_empty() {
                    values.is_empty()
                } else {
                    values.contains(&text.as_str())
                };
                has == *is
            }
            Test::Begins(prefix) => values.iter().any(|value| value.starts_with(prefix.as_str())),
            Test::During(is, span) => time(&|it| (span.first..=span.last).contains(&it)) == *is,
            Test::From(span) => time(&|it| it >= span.first),
            Test::Before(span) => time(&|it| it < span.first),
            Test::After(span) => time(&|it| it > span.last),
            Test::Until(span) => time(&|it| it <= span.last),
        }
    }
}
