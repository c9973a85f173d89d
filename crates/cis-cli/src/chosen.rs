//! What people choose log files by: times and accounts.

use std::time::SystemTime;

use cis_logs::Time;

use crate::outcome::Failure;

/// Reads a time.
///
/// # Errors
/// Where the text is no day, and no time with its offset.
pub(crate) fn time(text: &str) -> Result<Time, String> {
    if text == "now" {
        return Ok(now());
    }
    Time::with_offset(text).ok_or_else(|| {
        "write a day, `2026-03-01`, or a time with its offset, `2026-03-01T09:00:00+09:00` or \
         `2026-03-01T00:00:00Z`"
            .to_string()
    })
}

/// The present.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Reads the id of an account.
///
/// # Errors
/// Where it is not twelve digits.
pub(crate) fn account(text: &str) -> Result<String, String> {
    let is_one = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let refused = || "an account's id has twelve digits: `111122223333`".to_string();
    is_one.then(|| text.to_string()).ok_or_else(refused)
}

/// Refuses a time that ends before it begins.
///
/// # Errors
/// Where it does.
pub(crate) fn check_order(from: Option<Time>, to: Option<Time>) -> Result<(), Failure> {
    match (from, to) {
        (Some(from), Some(to)) if from >= to => {
            Err(Failure::Refused(format!("`--from` is {from}, which is not before `--to`, {to}")))
        }
        _ => Ok(()),
    }
}
