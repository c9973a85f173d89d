//! Organization trails, read where they can be: through a role in the management account or in
//! that of a delegated administrator.
//!
//! A member account sees its organization's trails, but may not always read what they select.
//!
//! All members read through one role, and all these calls count on the account that owns the trail,
//! where CloudTrail answers ten a second. Where a function in each account is invoked at one time,
//! as the rules of a StackSet are, each of them waits at random first, and tries often. Without that
//! many of them leave their accounts undecided: `tests/throttled.rs` has 200.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::AsyncSleep as _;
use serde_json::{Value, json};

use crate::access::Role;
use crate::client;
use crate::collect::{Collected, Collector, Part};
use crate::failure::Failure;
use crate::sessions::Sessions;

/// How long what was read of a trail is good for other accounts of the organization. AWS Config
/// asks about many of them at one time, and CloudTrail answers ten reads a second to all of them; a
/// change must not stay unseen for long.
const LIFE: Duration = Duration::from_secs(60);

/// How long a function waits at most before it uses that role on a schedule. 200 members make 400
/// calls, which ten a second answer in 40 seconds.
pub const LONGEST_WAIT: Duration = Duration::from_secs(45);

/// How often a call in that role is tried: twice as often as others, for every member makes it.
///
/// The SDK's adaptive mode would not help. It learns, over many calls, at which rate one client may
/// ask; here many clients make two calls each. Random waits before tries are what spreads them.
const ATTEMPTS: u32 = 10;

/// Reads organization trails for the accounts that may not, and keeps the answers for a minute.
#[derive(Debug)]
pub(crate) struct OrganizationTrails {
    sessions: Sessions,
    longest_wait: Duration,
    answers: Mutex<Answers>,
}

impl OrganizationTrails {
    pub(crate) fn new(sessions: Sessions) -> Self {
        Self { sessions, longest_wait: Duration::ZERO, answers: Mutex::default() }
    }

    /// Waits up to so long, at random, before it asks anything for an account.
    pub(crate) const fn wait_up_to(&mut self, longest: Duration) {
        self.longest_wait = longest;
    }

    /// Reads what an account could not read of its organization's trails.
    ///
    /// `refresh` bypasses the cache.
    ///
    /// What is found takes the place of the failure. The trail's entry then names the role under
    /// `readThrough`, for it is not the account's own answer. What is not found leaves the entry as
    /// it was, with one more failure.
    pub(crate) async fn complete(&self, collected: &mut Collected, role: &Role, refresh: bool) {
        // What has just changed is not to wait.
        let mut waited = refresh;
        for entry in collected.trails_mut() {
            if entry["trail"]["IsOrganizationTrail"] != Value::Bool(true) {
                continue;
            }
            let missing = Part::ALL.into_iter().filter(|part| entry[part.member()].is_null());
            for part in missing.collect::<Vec<_>>() {
                match self.read(part, &entry["trail"], role, refresh, &mut waited).await {
                    Ok(answer) => fill(entry, part, answer, role),
                    Err(failure) => {
                        self.sessions.forget(role);
                        add_failure(entry, &through(role, failure));
                    }
                }
            }
        }
    }

    async fn read(
        &self,
        part: Part,
        trail: &Value,
        role: &Role,
        refresh: bool,
        waited: &mut bool,
    ) -> Result<Value, Failure> {
        let arn = trail["TrailARN"].as_str().unwrap_or_default();
        let key = Key { role: role.clone(), arn: arn.to_owned(), part };
        let kept = self.answers().get(&key, Instant::now());
        if let Some(answer) = kept.filter(|_| !refresh) {
            return Ok(answer);
        }
        if !std::mem::replace(waited, true) {
            self.wait().await;
        }
        let config = often(self.sessions.config(Some(role)).await?);
        let answer = Collector::new(&config).read(part, trail, &role.region).await?;
        if answer.get("TrailARN").and_then(Value::as_str).is_some_and(|answered| answered != arn) {
            return Err(Failure::invalid(part.call(), "the response is about another trail"));
        }
        // From when it was there, not from when it was asked for: that the call took long must not
        // make it older than it is.
        self.answers().keep(key, answer.clone(), Instant::now());
        Ok(answer)
    }

    /// Waits at random, by the configuration's own sleep, which ends with the time that is given.
    async fn wait(&self) {
        let wait = self.longest_wait.mul_f64(fastrand::f64());
        if !wait.is_zero()
            && let Some(sleep) = self.sessions.own().sleep_impl()
        {
            let seconds = wait.as_secs_f64();
            tracing::info!(seconds, "waiting before the organization's trail is read");
            sleep.sleep(wait).await;
        }
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The configuration with more tries, unless somebody has chosen how many.
fn often(config: SdkConfig) -> SdkConfig {
    let chosen = config.retry_config();
    if chosen.is_some_and(|chosen| chosen.max_attempts() != client::ATTEMPTS) {
        return config;
    }
    let retries = chosen.cloned().unwrap_or_else(RetryConfig::standard);
    config.into_builder().retry_config(retries.with_max_attempts(ATTEMPTS)).build()
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    role: Role,
    arn: String,
    part: Part,
}

/// Answers, and since when they are known.
#[derive(Debug, Default)]
struct Answers(HashMap<Key, (Value, Instant)>);

impl Answers {
    fn get(&self, key: &Key, now: Instant) -> Option<Value> {
        let (answer, since) = self.0.get(key)?;
        (now.saturating_duration_since(*since) < LIFE).then(|| answer.clone())
    }

    fn keep(&mut self, key: Key, answer: Value, now: Instant) {
        self.0.retain(|_, (_, since)| now.saturating_duration_since(*since) < LIFE);
        self.0.insert(key, (answer, now));
    }
}

/// Puts an answer where the account's own should be.
fn fill(entry: &mut Value, part: Part, answer: Value, role: &Role) {
    entry[part.member()] = answer;
    let read = &mut entry["readThrough"];
    if read.is_null() {
        *read = json!({"roleArn": role.arn, "calls": []});
    }
    if let Some(calls) = read["calls"].as_array_mut() {
        calls.push(json!(part.call()));
    }
    if let Some(failures) = entry.get_mut("unreadable").and_then(Value::as_array_mut) {
        failures.retain(|failure| failure["call"] != part.call());
        if failures.is_empty()
            && let Some(members) = entry.as_object_mut()
        {
            members.shift_remove("unreadable");
        }
    }
}

fn add_failure(entry: &mut Value, failure: &Failure) {
    let unreadable = &mut entry["unreadable"];
    if unreadable.is_null() {
        *unreadable = json!([]);
    }
    if let Some(failures) = unreadable.as_array_mut() {
        let failure = failure.to_json();
        // A role that cannot be assumed fails for the status and for the selectors. What the role
        // met comes first: it is the reading that was meant to succeed.
        if !failures.contains(&failure) {
            failures.insert(0, failure);
        }
    }
}

fn through(role: &Role, mut failure: Failure) -> Failure {
    failure.message = format!("through {}: {}", role.arn, failure.message);
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(part: Part) -> Key {
        let role = Role {
            arn: "arn:aws:iam::999988887777:role/reader".to_owned(),
            session_name: "rule".to_owned(),
            region: "eu-west-1".to_owned(),
            external_id: None,
        };
        Key { role, arn: "arn:aws:cloudtrail:eu-west-1:999988887777:trail/org".to_owned(), part }
    }

    #[test]
    fn an_answer_is_good_for_its_life_and_no_longer() {
        let start = Instant::now();
        let mut answers = Answers::default();
        answers.keep(key(Part::Status), json!({"IsLogging": true}), start);
        let just_before = start + LIFE - Duration::from_nanos(1);
        assert_eq!(answers.get(&key(Part::Status), just_before), Some(json!({"IsLogging": true})));
        assert_eq!(answers.get(&key(Part::EventSelectors), start), None);
        assert_eq!(answers.get(&key(Part::Status), start + LIFE), None);

        answers.keep(key(Part::EventSelectors), json!({}), start + LIFE);
        assert_eq!(answers.0.len(), 1, "what is over is not kept");
    }

    #[test]
    fn a_found_part_takes_the_place_of_its_failure_alone() {
        let failed = |call: &str| json!({"call": call, "code": "AccessDeniedException"});
        let mut entry = json!({
            "trail": {},
            "status": null,
            "eventSelectors": null,
            "unreadable": [failed("GetTrailStatus"), failed("GetEventSelectors")],
        });
        let role = key(Part::Status).role;

        fill(&mut entry, Part::EventSelectors, json!({"EventSelectors": []}), &role);
        assert_eq!(entry["eventSelectors"], json!({"EventSelectors": []}));
        assert_eq!(entry["unreadable"], json!([failed("GetTrailStatus")]));
        fill(&mut entry, Part::Status, json!({"IsLogging": true}), &role);
        assert_eq!(entry.get("unreadable"), None);
        assert_eq!(
            entry["readThrough"],
            json!({"roleArn": role.arn, "calls": ["GetEventSelectors", "GetTrailStatus"]})
        );
    }
}
