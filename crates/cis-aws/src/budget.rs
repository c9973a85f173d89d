//! The time that calls may take, where someone else sets the end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_cloudtrail::config::{AsyncSleep, SharedAsyncSleep, Sleep};

/// The end of the time for calls, which each clone can change.
///
/// Each timeout of the SDK and each wait between two tries is cut to half of what is then left: a
/// call that hangs leaves time for those that follow it, and for an answer. Without an end, and
/// with plenty of time, nothing is cut.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    end: Option<Instant>,
    hurried: bool,
}

impl Budget {
    /// Sets the end for all timeouts and waits that begin from now on.
    pub fn end_at(&self, end: Instant) {
        *self.state() = State { end: Some(end), hurried: false };
    }

    /// Whether some timeout or wait, since the end was set, came sooner than it would have with
    /// plenty of time.
    #[must_use]
    pub fn hurried(&self) -> bool {
        self.state().hurried
    }

    /// The configuration with this budget for all its clients.
    #[must_use]
    pub fn limit(&self, config: SdkConfig) -> SdkConfig {
        let Some(inner) = config.sleep_impl() else {
            return config;
        };
        let limited = Limited { budget: self.clone(), inner };
        config.into_builder().sleep_impl(SharedAsyncSleep::new(limited)).build()
    }

    fn cut(&self, duration: Duration) -> Duration {
        match self.state().end {
            Some(end) => duration.min(end.saturating_duration_since(Instant::now()) / 2),
            None => duration,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The SDK waits only by this, be it for a timeout or before the next try.
#[derive(Debug)]
struct Limited {
    budget: Budget,
    inner: SharedAsyncSleep,
}

impl AsyncSleep for Limited {
    fn sleep(&self, duration: Duration) -> Sleep {
        let cut = self.budget.cut(duration);
        let sleep = self.inner.sleep(cut);
        if cut == duration {
            return sleep;
        }
        let budget = self.budget.clone();
        Sleep::new(async move {
            sleep.await;
            budget.state().hurried = true;
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Tokio;

    impl AsyncSleep for Tokio {
        fn sleep(&self, duration: Duration) -> Sleep {
            Sleep::new(tokio::time::sleep(duration))
        }
    }

    const HOUR: Duration = Duration::from_secs(3600);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_wait_is_at_most_half_of_what_is_left() {
        let budget = Budget::default();
        assert_eq!(budget.cut(HOUR), HOUR, "no end, no limit");
        budget.end_at(Instant::now() + HOUR);
        assert_eq!(budget.cut(SECOND), SECOND, "plenty of time");
        let cut = budget.cut(HOUR);
        assert!(cut <= HOUR / 2 && cut > HOUR / 4, "{cut:?}");
        budget.end_at(Instant::now());
        assert_eq!(budget.cut(HOUR), Duration::ZERO, "no time is left");
    }

    #[tokio::test]
    async fn a_wait_that_came_too_soon_is_remembered() {
        let budget = Budget::default();
        let limited = Limited { budget: budget.clone(), inner: SharedAsyncSleep::new(Tokio) };
        budget.end_at(Instant::now() + SECOND);
        limited.sleep(Duration::ZERO).await;
        drop(limited.sleep(HOUR));
        assert!(!budget.hurried(), "one was not cut, and one did not come");
        budget.end_at(Instant::now());
        limited.sleep(HOUR).await;
        assert!(budget.hurried());
        budget.end_at(Instant::now() + HOUR);
        assert!(!budget.hurried(), "a new end");
    }
}
