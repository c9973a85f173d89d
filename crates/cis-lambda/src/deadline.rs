//! The end of an invocation's time, as Lambda says it.

use std::time::{Duration, Instant, SystemTime};

use lambda_runtime::Context;

/// What is kept of an invocation's time to answer in: the answer is one request to the machine
/// itself, after two lines of log.
const RESERVE: Duration = Duration::from_millis(500);

/// When an invocation is to stop, so that it is not ended without an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// How long the invocation has, from its start.
    pub(crate) given: Duration,
    /// When it has to stop.
    pub(crate) end: Instant,
}

impl Deadline {
    /// The deadline of an invocation that starts now: the reserve before its timeout, and never
    /// more than a quarter of what there is.
    ///
    /// Source: `Lambda-Runtime-Deadline-Ms`,
    /// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
    pub(crate) fn of(context: &Context) -> Self {
        let timeout = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(context.deadline));
        let left = timeout.and_then(|timeout| timeout.duration_since(SystemTime::now()).ok());
        Self::in_time(Instant::now(), left.unwrap_or_default())
    }

    fn in_time(start: Instant, left: Duration) -> Self {
        let given = left - RESERVE.min(left / 4);
        // A time that the clock cannot tell is as good as none: a day is longer than any timeout.
        let given = given.min(Duration::from_secs(86_400));
        Self { given, end: start + given }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_kept_to_answer_in() {
        let start = Instant::now();
        let given = |left| Deadline::in_time(start, Duration::from_millis(left)).given.as_millis();
        assert_eq!(given(120_000), 119_500);
        assert_eq!(given(3_000), 2_500);
        assert_eq!(given(1_000), 750);
        assert_eq!(given(0), 0);
        assert_eq!(Deadline::in_time(start, Duration::ZERO).end, start);
        assert_eq!(given(u64::MAX), 86_400_000);
    }

    #[test]
    fn a_deadline_in_the_past_leaves_no_time() {
        let mut context = Context::default();
        assert_eq!(Deadline::of(&context).given, Duration::ZERO);
        context.deadline = u64::MAX;
        assert!(Deadline::of(&context).given > Duration::from_secs(3600));
    }
}
