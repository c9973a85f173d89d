//! Times, to the second, in UTC.

use std::fmt;

use ::time::format_description::well_known::Rfc3339;
use ::time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time as Clock};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The seconds of an hour: the time that a digest covers.
pub const HOUR: i64 = 3600;

/// A second, counted from 1970 in UTC.
///
/// ```
/// use cis_logs::digest::time::Time;
///
/// let time = Time::parse("2026-03-01T09:00:00+09:00");
/// assert_eq!(time.map(|time| time.to_string()).as_deref(), Some("2026-03-01T00:00:00Z"));
/// assert_eq!(Time::parse("20260301T000000Z"), time);
/// assert_eq!(Time::parse("2026-03-01"), time);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The second that is so many after 1970 began.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The seconds since 1970 began.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// A time of RFC 3339 with any offset, a time as names of files have it, or a day, which is the
    /// time at which it begins.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .map(|time| Self(time.unix_timestamp()))
            .or_else(|| Self::of_name(text))
            .or_else(|| {
                let (year, rest) = text.split_once('-')?;
                let (month, day) = rest.split_once('-')?;
                Self::new(year, month, day, ["00"; 3])
            })
    }

    /// A time as the names of digest files (`20260301T093012Z`) and of log files (`20260301T0930Z`)
    /// have it.
    #[must_use]
    pub fn of_name(text: &str) -> Option<Self> {
        let (day, clock) = text.strip_suffix('Z')?.split_once('T')?;
        if !(day.is_ascii() && clock.is_ascii() && day.len() == 8) {
            return None;
        }
        let seconds = match clock.len() {
            4 => "00",
            6 => clock.get(4..)?,
            _ => return None,
        };
        let clock = [clock.get(..2)?, clock.get(2..4)?, seconds];
        Self::new(day.get(..4)?, day.get(4..6)?, day.get(6..)?, clock)
    }

    fn new(year: &str, month: &str, day: &str, clock: [&str; 3]) -> Option<Self> {
        let number = |text: &str, digits: usize| {
            let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse::<u16>().ok()).flatten()
        };
        let small = |text: &str| number(text, 2).and_then(|number| u8::try_from(number).ok());
        let month = Month::try_from(small(month)?).ok()?;
        let date = Date::from_calendar_date(number(year, 4)?.into(), month, small(day)?).ok()?;
        let [hour, minute, second] = clock.map(small);
        let clock = Clock::from_hms(hour?, minute?, second?).ok()?;
        Some(Self(PrimitiveDateTime::new(date, clock).assume_utc().unix_timestamp()))
    }

    /// The time so many seconds later.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// How many seconds it is after another time.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = OffsetDateTime::from_unix_timestamp(self.0)
            .ok()
            .and_then(|time| time.format(&Rfc3339).ok());
        match text {
            Some(text) => f.write_str(&text),
            None => write!(f, "{} seconds after 1970", self.0),
        }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        OffsetDateTime::parse(&text, &Rfc3339)
            .map(|time| Self(time.unix_timestamp()))
            .map_err(|_error| de::Error::custom(format_args!("`{text}` is no time of RFC 3339")))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Time {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "A time of RFC 3339, in UTC, to the second.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_honoured() {
        let written = |text: &str| Time::parse(text).map(|time| time.to_string());
        for (text, expected) in [
            ("2026-03-01T09:00:00+09:00", Some("2026-03-01T00:00:00Z")),
            ("2026-03-01T09:00:00-00:30", Some("2026-03-01T09:30:00Z")),
            ("2026-03-01T09:00:00.999Z", Some("2026-03-01T09:00:00Z")),
            ("20260301T0930Z", Some("2026-03-01T09:30:00Z")),
            ("20260301T093059Z", Some("2026-03-01T09:30:59Z")),
            ("2024-02-29", Some("2024-02-29T00:00:00Z")),
            ("2026-02-29", None),
            ("2026-03-01T09:00:00", None),
            ("20260301T0930", None),
            ("20260301T093Z", None),
            ("2026030\u{e9}T0930Z", None),
            ("+026-03-01", None),
            ("", None),
        ] {
            assert_eq!(written(text).as_deref(), expected, "{text}");
        }
    }
}
