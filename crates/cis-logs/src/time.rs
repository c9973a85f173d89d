//! Times of records and files: UTC, to the second.

use std::fmt;
use std::str::FromStr;

use ::time::{Date, Month, OffsetDateTime};

/// A time in UTC, to the second, between the years 1970 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// A text that is no time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time in UTC: write `2026-03-01` or `2026-03-01T09:30:00Z`")]
pub struct InvalidTime(String);

/// Seconds of a day.
const DAY: i64 = 86_400;

impl Time {
    /// The time with this many seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The time so many seconds later.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The start of the day.
    #[must_use]
    pub const fn day(self) -> Self {
        Self(self.0.div_euclid(DAY) * DAY)
    }

    /// The time in `eventTime`: `2026-03-01T09:30:00Z`.
    #[must_use]
    pub fn of_record(text: impl AsRef<[u8]>) -> Option<Self> {
        let bytes: &[u8; 20] = text.as_ref().try_into().ok()?;
        let [
            y1,
            y2,
            y3,
            y4,
            b'-',
            m1,
            m2,
            b'-',
            d1,
            d2,
            b'T',
            h1,
            h2,
            b':',
            i1,
            i2,
            b':',
            s1,
            s2,
            b'Z',
        ] = *bytes
        else {
            return None;
        };
        let day = Self::of_day(number([y1, y2, y3, y4])?, number([m1, m2])?, number([d1, d2])?)?;
        day.at(number([h1, h2])?, number([i1, i2])?, number([s1, s2])?)
    }

    /// The time in a file's name: `20260301T0930Z`, or with seconds, as in that of a digest.
    #[must_use]
    pub fn of_file_name(text: &str) -> Option<Self> {
        let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
        let [y1, y2, y3, y4, m1, m2, d1, d2] = *<&[u8; 8]>::try_from(date.as_bytes()).ok()?;
        let day = Self::of_day(number([y1, y2, y3, y4])?, number([m1, m2])?, number([d1, d2])?)?;
        match *clock.as_bytes() {
            [h1, h2, i1, i2] => day.at(number([h1, h2])?, number([i1, i2])?, 0),
            [h1, h2, i1, i2, s1, s2] => {
                day.at(number([h1, h2])?, number([i1, i2])?, number([s1, s2])?)
            }
            _ => None,
        }
    }

    /// The start of a day of the calendar.
    #[must_use]
    pub fn of_day(year: u16, month: u16, day: u16) -> Option<Self> {
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date =
            Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
        Some(Self(date.midnight().assume_utc().unix_timestamp()))
    }

    fn at(self, hour: u16, minute: u16, second: u16) -> Option<Self> {
        let is_time = hour < 24 && minute < 60 && second < 60;
        let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
        is_time.then(|| self.plus(seconds))
    }
}

/// The number that decimal digits write.
fn number<const N: usize>(digits: [u8; N]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
    })
}

impl FromStr for Time {
    type Err = InvalidTime;

    /// `2026-03-01T09:30:00Z`, or a day, which means its start.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let start = || Self::of_record(format!("{text}T00:00:00Z"));
        Self::of_record(text).or_else(start).ok_or_else(|| InvalidTime(text.to_string()))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(time) = OffsetDateTime::from_unix_timestamp(self.0) else {
            return write!(f, "{} s after 1970", self.0);
        };
        let (year, month, day) = time.to_calendar_date();
        let (hour, minute, second) = time.to_hms();
        write!(f, "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", u8::from(month))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_and_written_as_records_write_it() {
        for text in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-03-01T09:30:00Z"] {
            assert_eq!(Time::of_record(text).unwrap().to_string(), text);
        }
        assert_eq!(Time::of_record("2026-03-01T09:30:01Z").unwrap().seconds(), 1_772_357_401);
        assert_eq!("2026-03-01".parse::<Time>().unwrap().to_string(), "2026-03-01T00:00:00Z");
        assert_eq!(
            Time::of_file_name("20260301T0930Z").unwrap().to_string(),
            "2026-03-01T09:30:00Z"
        );
        assert_eq!(
            Time::of_file_name("20260301T093007Z").unwrap().to_string(),
            "2026-03-01T09:30:07Z"
        );
        let noon: Time = "2026-03-01T12:00:00Z".parse().unwrap();
        assert_eq!(noon.day(), "2026-03-01".parse().unwrap());
    }

    #[test]
    fn what_no_calendar_or_clock_has_is_no_time() {
        for text in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-03-01T24:00:00Z",
            "2026-03-01T09:60:00Z",
            "2026-03-01T09:30:00+09:00",
            "2026-03-01T09:30:00.5Z",
            "2026-3-1",
            "２026-03-01",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
        for text in ["20260301T0930", "20260301T09Z", "2026031T0930Z", "20260301T0930ZZ"] {
            assert_eq!(Time::of_file_name(text), None, "{text}");
        }
    }
}
