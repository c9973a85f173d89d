//! Times as digests and people write them: RFC 3339, with any offset.

use ::time::OffsetDateTime;
use ::time::format_description::well_known::Rfc3339;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Time;

/// The seconds of an hour: the time that a digest covers.
pub const HOUR: i64 = 3600;

impl Time {
    /// A time of RFC 3339 with any offset, a time as names of files have it, or a day, which is the
    /// time at which it begins. Parts of seconds are dropped.
    ///
    /// ```
    /// use cis_logs::Time;
    ///
    /// let time = Time::with_offset("2026-03-01T09:00:00+09:00");
    /// assert_eq!(time.map(|time| time.to_string()).as_deref(), Some("2026-03-01T00:00:00Z"));
    /// assert_eq!(Time::with_offset("20260301T000000Z"), time);
    /// assert_eq!(Time::with_offset("2026-03-01"), time);
    /// ```
    #[must_use]
    pub fn with_offset(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .map(|time| Self::from_seconds(time.unix_timestamp()))
            .or_else(|| Self::of_file_name(text))
            .or_else(|| text.parse().ok())
    }

    /// How many seconds it is after another time.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.seconds().saturating_sub(earlier.seconds())
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
        Self::of_record(&text)
            .ok_or_else(|| de::Error::custom(format_args!("`{text}` is no time in UTC")))
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
        let written = |text: &str| Time::with_offset(text).map(|time| time.to_string());
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
