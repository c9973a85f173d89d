//! When an account was read.

use std::fmt;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::{Serialize, Serializer};

/// A time that both formats can write: as RFC 3339 text and in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    time: DateTime,
    text: String,
    milliseconds: i64,
}

impl Time {
    /// This time; none where it is outside the years 0 to 9999.
    #[must_use]
    pub fn new(time: DateTime) -> Option<Self> {
        let text = time.fmt(Format::DateTime).ok()?;
        let milliseconds = time.to_millis().ok()?;
        Some(Self { time, text, milliseconds })
    }

    /// The time that an RFC 3339 text says, with any offset; none where it says none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::new(DateTime::from_str(text, Format::DateTimeWithOffset).ok()?)
    }

    /// The time.
    #[must_use]
    pub const fn time(&self) -> DateTime {
        self.time
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn milliseconds(&self) -> i64 {
        self.milliseconds
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc() {
        let time = Time::parse("2026-11-21T09:00:00.250+01:00").unwrap();
        assert_eq!(time.to_string(), "2026-11-21T08:00:00.25Z");
        assert_eq!(time.milliseconds(), 1_795_248_000_250);
    }

    #[test]
    fn a_text_that_is_no_time_is_refused() {
        for text in ["", "yesterday", "2026-11-21", "2026-13-01T00:00:00Z"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
        assert_eq!(Time::new(DateTime::from_secs(i64::MAX)), None);
    }
}
