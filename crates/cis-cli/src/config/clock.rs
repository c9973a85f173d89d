//! Which day it is: the only place that asks the machine's clock for it.

use std::time::{SystemTime, UNIX_EPOCH};

use cis_rules::question::Date;

use crate::outcome::Failure;

/// Today, in UTC.
///
/// # Errors
/// Where the clock is before 1970 or after 9999: what has ended could then not be told.
pub(super) fn today() -> Result<Date, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    since.and_then(|since| Date::of_unix_time(since.as_secs())).ok_or_else(|| {
        Failure::Refused(
            "the machine's clock has no usable date: set it, or give `--as-of YYYY-MM-DD`"
                .to_string(),
        )
    })
}
