//! Not asking faster than an account answers, and seeing where AWS says that it was too fast.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use cis_rules::snapshot::Cause;

/// How many reads CloudTrail answers an account in a second and Region.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
pub const CLOUDTRAIL_READS_A_SECOND: usize = 10;

/// The fewest requests in a second, however often AWS refuses them: a wait must stay shorter than one
/// attempt of a call may take.
const FEWEST: usize = 2;

/// The time for which requests are counted.
const SECOND: Duration = Duration::from_secs(1);

/// How long to wait where every request that counts is unanswered.
const UNANSWERED: Duration = Duration::from_millis(20);

/// How long after a refusal one request a second more is tried.
const CALM: Duration = Duration::from_secs(5);

/// The requests of one account or caller: clones share them.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    window: Option<Arc<Mutex<Window>>>,
    throttled: Arc<AtomicU64>,
}

impl Pace {
    /// At most so many requests in any second; half as many after each refusal, and slowly more again.
    #[must_use]
    pub fn at_most(requests: usize) -> Self {
        let window = Window::new(requests.max(FEWEST));
        Self { window: Some(Arc::new(Mutex::new(window))), throttled: Arc::default() }
    }

    /// Holds nothing back, and only counts refusals.
    #[must_use]
    pub fn watching() -> Self {
        Self::default()
    }

    /// How many requests AWS refused because there were too many.
    #[must_use]
    pub fn throttled(&self) -> u64 {
        self.throttled.load(Ordering::Relaxed)
    }

    /// The configuration with every request of its clients at this pace. The pace of a configuration that
    /// this one was made of holds, too.
    #[must_use]
    pub fn keep(&self, config: SdkConfig) -> SdkConfig {
        use aws_smithy_runtime_api::client::http::HttpClient as _;
        let (Some(client), Some(sleep)) = (config.http_client(), config.sleep_impl()) else {
            return config;
        };
        let pace = self.clone();
        let paced = http_client_fn(move |settings, components| {
            let inner = client.http_connector(settings, components);
            SharedHttpConnector::new(Paced { pace: pace.clone(), sleep: sleep.clone(), inner })
        });
        config.into_builder().http_client(paced).build()
    }

    /// Takes a place, or says how long there is surely none.
    fn take(&self) -> Result<Place, Duration> {
        match self.window() {
            None => Ok(Place(None)),
            Some(mut window) => window.take(Instant::now()).map(|()| Place(self.window.clone())),
        }
    }

    fn refused(&self) {
        self.throttled.fetch_add(1, Ordering::Relaxed);
        if let Some(mut window) = self.window() {
            window.refused(Instant::now());
        }
    }

    fn window(&self) -> Option<MutexGuard<'_, Window>> {
        let window = self.window.as_ref()?;
        Some(window.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The requests of the last second.
///
/// A request counts from when it is sent until a second after its answer: when it arrived is not known.
#[derive(Debug)]
struct Window {
    unanswered: usize,
    answered: VecDeque<Instant>,
    most: usize,
    now: usize,
    changed: Option<Instant>,
}

/// The place of a request in the window, which it leaves when it is answered or given up.
#[derive(Debug)]
struct Place(Option<Arc<Mutex<Window>>>);

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(window) = &self.0 {
            window.lock().unwrap_or_else(PoisonError::into_inner).answer(Instant::now());
        }
    }
}

impl Window {
    const fn new(most: usize) -> Self {
        Self { unanswered: 0, answered: VecDeque::new(), most, now: most, changed: None }
    }

    /// Lets a request be sent, unless as many as are allowed count already: then how long to wait before
    /// asking again.
    fn take(&mut self, now: Instant) -> Result<(), Duration> {
        if self.now < self.most
            && self.changed.is_none_or(|changed| now.saturating_duration_since(changed) >= CALM)
        {
            self.now += 1;
            self.changed = Some(now);
        }
        let age = |answered: &Instant| now.saturating_duration_since(*answered);
        while self.answered.front().is_some_and(|answered| age(answered) >= SECOND) {
            self.answered.pop_front();
        }
        if self.unanswered + self.answered.len() < self.now {
            self.unanswered += 1;
            return Ok(());
        }
        let first = self.answered.front();
        Err(first.map_or(UNANSWERED, |answered| SECOND.saturating_sub(age(answered))))
    }

    fn answer(&mut self, now: Instant) {
        self.unanswered = self.unanswered.saturating_sub(1);
        self.answered.push_back(now);
    }

    /// Halves what is allowed. Requests that were on their way together are refused together, which
    /// counts once.
    fn refused(&mut self, now: Instant) {
        let is_known = self.now < self.most
            && self.changed.is_some_and(|changed| now.saturating_duration_since(changed) < SECOND);
        if !is_known {
            self.now = (self.now / 2).max(FEWEST.min(self.most));
            self.changed = Some(now);
        }
    }
}

#[derive(Debug)]
struct Paced {
    pace: Pace,
    sleep: aws_sdk_cloudtrail::config::SharedAsyncSleep,
    inner: SharedHttpConnector,
}

impl HttpConnector for Paced {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        use aws_sdk_cloudtrail::config::AsyncSleep as _;
        let (pace, inner, sleep) = (self.pace.clone(), self.inner.clone(), self.sleep.clone());
        HttpConnectorFuture::new(async move {
            let place = loop {
                match pace.take() {
                    Ok(place) => break place,
                    Err(wait) => sleep.sleep(wait).await,
                }
            };
            let answer = inner.call(request).await;
            drop(place);
            let response = answer?;
            if response.status().is_success() {
                return Ok(response);
            }
            let (response, is_refused) = looked_at(response).await;
            if is_refused {
                pace.refused();
            }
            Ok(response)
        })
    }
}

/// A response that is no success, and whether it says that there were too many requests.
async fn looked_at(mut response: HttpResponse) -> (HttpResponse, bool) {
    let body = std::mem::replace(response.body_mut(), SdkBody::empty());
    // A body that breaks off is an error without a code.
    let bytes = ByteStream::new(body).collect().await.map(|bytes| bytes.to_vec());
    let bytes = bytes.unwrap_or_default();
    let is_refused = response.status().as_u16() == 429 || says_too_many(&bytes);
    *response.body_mut() = SdkBody::from(bytes);
    (response, is_refused)
}

/// Whether some word of an error is a code that says so: in JSON's `__type`, in XML's `<Code>`.
fn says_too_many(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let mut words = text.split(|character: char| !character.is_ascii_alphanumeric());
    words.any(|word| Cause::of_code(word) == Cause::Throttled)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of these are in the second that begins with each of them, at most.
    fn most_in_a_second(times: &[Instant]) -> usize {
        let within = |start: Instant| {
            times.iter().filter(|time| **time >= start && **time < start + SECOND).count()
        };
        times.iter().map(|start| within(*start)).max().unwrap_or_default()
    }

    #[test]
    fn no_second_has_more_requests_than_are_allowed_whenever_they_arrive() {
        let start = Instant::now();
        let millisecond = Duration::from_millis(1);
        let mut window = Window::new(10);
        let mut now = start;
        let mut arrived = Vec::new();
        let mut under_way: VecDeque<Instant> = VecDeque::new();
        let mut random = 7_u64;
        while arrived.len() < 200 {
            now += millisecond;
            if under_way.front().is_some_and(|end| *end <= now) {
                under_way.pop_front();
                window.answer(now);
            }
            if window.take(now).is_ok() {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let way = Duration::from_millis((random >> 33) % 40);
                arrived.push(now + way);
                let end = under_way.back().map_or(now, |last| now.max(*last)) + 2 * way;
                under_way.push_back(end);
            }
        }
        arrived.sort_unstable();
        assert!(most_in_a_second(&arrived) <= 10);
        let took = now.saturating_duration_since(start);
        assert!(took < Duration::from_secs(40), "{took:?}: an account is not starved");
    }

    #[test]
    fn a_refusal_halves_the_pace_once_and_calm_raises_it_again() {
        let start = Instant::now();
        let mut window = Window::new(10);
        window.refused(start);
        window.refused(start + Duration::from_millis(1));
        assert_eq!(window.now, 5, "those that were on their way together");
        window.refused(start + SECOND);
        window.refused(start + 3 * SECOND);
        assert_eq!(window.now, FEWEST, "never none");
        let mut now = start + 3 * SECOND;
        for _ in 0..20 {
            now += CALM;
            let _is_let_pass = window.take(now);
        }
        assert_eq!(window.now, 10, "and never more than at first");
    }

    #[test]
    fn refusals_are_found_in_both_protocols() {
        for body in [
            r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#,
            r#"{"__type":"com.amazonaws.organizations#TooManyRequestsException"}"#,
            "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>",
        ] {
            assert!(says_too_many(body.as_bytes()), "{body}");
        }
        let denied = r#"{"__type":"AccessDeniedException","message":"no Throttlings"}"#;
        assert!(!says_too_many(denied.as_bytes()));
    }
}
