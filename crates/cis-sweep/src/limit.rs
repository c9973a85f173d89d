//! How many accounts are read at a time: more while AWS answers, fewer once it says that there are too
//! many requests.

use std::time::{Duration, Instant};

/// How many accounts a sweep begins with.
const FIRST: usize = 4;

/// Refusals within this time are of requests that were on their way together.
const TOGETHER: Duration = Duration::from_secs(1);

/// The number of accounts that may be read at a time. Additive increase and multiplicative decrease, as
/// TCP does it: <https://www.rfc-editor.org/rfc/rfc5681#section-3.1>.
#[derive(Clone, Debug)]
pub struct Limit {
    most: usize,
    now: usize,
    /// Accounts that were finished since the limit was last raised.
    finished: usize,
    /// Whether nothing was refused so far, so that the limit doubles.
    is_unrefused: bool,
    refused: Option<Instant>,
}

impl Limit {
    /// A limit that never exceeds `most`, and is never 0.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { most, now: FIRST.min(most), finished: 0, is_unrefused: true, refused: None }
    }

    /// How many may be read now.
    #[must_use]
    pub const fn now(&self) -> usize {
        self.now
    }

    /// An account was finished without a refusal.
    pub fn finished(&mut self) {
        self.finished += 1;
        // One more for each account doubles the limit in the time of one account.
        if self.is_unrefused || self.finished >= self.now {
            self.now = (self.now + 1).min(self.most);
            self.finished = 0;
        }
    }

    /// AWS refused a request because there were too many.
    pub fn refused(&mut self, now: Instant) {
        self.is_unrefused = false;
        self.finished = 0;
        let is_known =
            self.refused.is_some_and(|before| now.saturating_duration_since(before) < TOGETHER);
        if !is_known {
            self.now = (self.now / 2).max(1);
            self.refused = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_doubles_until_the_first_refusal_and_grows_by_one_after_it() {
        let start = Instant::now();
        let mut limit = Limit::new(64);
        assert_eq!(limit.now(), FIRST);
        for _ in 0..FIRST {
            limit.finished();
        }
        assert_eq!(limit.now(), 2 * FIRST);
        (0..1000).for_each(|_| limit.finished());
        assert_eq!(limit.now(), 64);
        limit.refused(start);
        limit.refused(start + Duration::from_millis(900));
        assert_eq!(limit.now(), 32, "refusals of one moment count once");
        (0..31).for_each(|_| limit.finished());
        assert_eq!(limit.now(), 32);
        limit.finished();
        assert_eq!(limit.now(), 33);
        for second in 1..20 {
            limit.refused(start + Duration::from_secs(second));
        }
        assert_eq!(limit.now(), 1, "one account is always read");
    }

    #[test]
    fn the_limit_stays_between_one_and_the_most_that_is_asked_for() {
        for most in [0, 1, 2, 3, 100] {
            let mut limit = Limit::new(most);
            for step in 0..300_u64 {
                assert!((1..=most.max(1)).contains(&limit.now()));
                if step % 7 == 0 {
                    limit.refused(Instant::now() + Duration::from_secs(2 * step));
                } else {
                    limit.finished();
                }
            }
        }
    }
}
