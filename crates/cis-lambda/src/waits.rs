//! How long the function waits before it reads through a role that all accounts share.

use std::time::Duration;

/// The environment variable that says how many seconds at most. 0 is no wait, for a function that
/// is alone in using the role.
pub const VARIABLE: &str = "TRAILPROOF_LONGEST_WAIT";

/// The longest wait that the environment asks for. What is no number of seconds is reported, and the
/// usual wait holds, as it does where nothing is asked for.
#[must_use]
pub fn longest() -> Duration {
    let Ok(chosen) = std::env::var(VARIABLE) else { return cis_aws::LONGEST_WAIT };
    seconds(&chosen).unwrap_or_else(|| {
        tracing::warn!(TRAILPROOF_LONGEST_WAIT = chosen, "not a number of seconds");
        cis_aws::LONGEST_WAIT
    })
}

/// Seconds, at most as many as a function may run.
fn seconds(text: &str) -> Option<Duration> {
    let seconds: u64 = text.parse().ok()?;
    (seconds <= 900).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_and_no_longer_than_a_function_runs() {
        assert_eq!(seconds("0"), Some(Duration::ZERO));
        assert_eq!(seconds("900"), Some(Duration::from_secs(900)));
        for wrong in ["", "-1", "901", "1.5", "soon"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
