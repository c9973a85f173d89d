//! Times as CloudTrail writes them: in UTC, to the second.

use core::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A second of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// The years 1 to 9999, the most that RFC 3339 can write in UTC.
const WRITABLE: core::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// Seconds of an hour.
pub const HOUR: i64 = 3600;
/// Seconds of a day.
pub const DAY: i64 = 24 * HOUR;

impl Moment {
    /// The moment that an RFC 3339 text names; fractions of its second are left out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Self::from_seconds(time.unix_timestamp())
    }

    /// The moment so many seconds after 1970 began, `None` past the years that can be written.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        WRITABLE.contains(&seconds).then_some(Self(seconds))
    }

    /// Seconds since 1970 began.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The moment so many seconds later, or earlier; the same one past the years that can be written.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self::from_seconds(self.0.saturating_add(seconds)).unwrap_or(self)
    }

    /// When its hour began.
    #[must_use]
    pub const fn hour(self) -> Self {
        Self(self.0 - self.0.rem_euclid(HOUR))
    }

    /// Its day, counted from 1970 on.
    pub(crate) const fn days(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// Its day: `2026-03-01`.
    #[must_use]
    pub fn day(self) -> String {
        self.to_string().chars().take_while(|character| *character != 'T').collect()
    }

    /// The time of its day: `09:30:00`, and `09:30` on a whole minute.
    #[must_use]
    pub fn clock(self) -> String {
        let text = self.to_string();
        let clock = text.split_once('T').map_or("", |(_, clock)| clock).trim_end_matches('Z');
        clock.strip_suffix(":00").unwrap_or(clock).to_string()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp(self.0).map_err(|_| fmt::Error)?;
        f.write_str(&time.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("expected an RFC 3339 time"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A time in UTC, to the second: `2026-03-01T09:30:00Z`.",
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_any_offset_and_written_in_utc() {
        for (text, written) in [
            ("2026-03-01T09:30:00Z", Some("2026-03-01T09:30:00Z")),
            ("2026-03-01T09:30:00.999+02:00", Some("2026-03-01T07:30:00Z")),
            ("1969-12-31T23:59:59Z", Some("1969-12-31T23:59:59Z")),
            ("2026-03-01", None),
            ("2026-02-30T00:00:00Z", None),
            ("0001-01-01T00:00:00+23:59", None),
            ("9999-12-31T23:59:59-23:59", None),
            ("", None),
        ] {
            assert_eq!(Moment::parse(text).map(|moment| moment.to_string()).as_deref(), written);
        }
    }

    #[test]
    fn hours_begin_before_1970_too() {
        let moment = Moment::parse("1969-12-31T23:59:59Z").unwrap();
        assert_eq!(moment.hour().to_string(), "1969-12-31T23:00:00Z");
        assert_eq!(moment.clock(), "23:59:59");
        assert_eq!(moment.plus(1).clock(), "00:00");
        assert_eq!(moment.day(), "1969-12-31");
        let last = Moment::parse("9999-12-31T23:59:59Z").unwrap();
        assert_eq!((last.plus(1), last.plus(i64::MAX)), (last, last));
    }
}
