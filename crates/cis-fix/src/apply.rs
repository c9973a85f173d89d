//! Making the calls of a fix: read again and compare, call once, read back, prove.
//!
//! PutEventSelectors has no condition on the former value, so what can be done is to look just before
//! the call, and just after it. Whatever stops the run, what it says is what was read last. A run that
//! was cut off is taken up by the next one: each call's trail is seen to be as before the call or as
//! after it, and only calls that are not made yet are made.

mod compare;

use cis_rules::Question;

use crate::account::Account;
use crate::change::Change;
use crate::fix::Fix;
use compare::{differences, state};

/// How often an answer that may be late is looked for again.
const LOOKS: u32 = 4;

/// How often a call is tried that AWS put off.
const TRIES: u32 = 5;

/// The account, as far as it takes part in a change.
pub trait Service {
    /// Reads the account.
    ///
    /// # Errors
    /// Where it cannot be read: why.
    fn read(&mut self) -> Result<Account, String>;

    /// Makes a call, once.
    ///
    /// # Errors
    /// Where AWS refused it, or it is not known whether it arrived.
    fn call(&mut self, change: &Change) -> Result<(), CallError>;

    /// Waits: the longer, the more often it was done before.
    fn wait(&mut self, times: u32);

    /// Keeps a note where it survives a crash.
    ///
    /// # Errors
    /// Where it cannot be kept: then no further call is made.
    fn note(&mut self, note: Note) -> Result<(), String>;
}

/// What is kept while the calls are made. Numbers count the calls from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The call is about to be made.
    Calling(usize),
    /// The call was made, and what it leads to was read.
    Made(usize),
    /// All calls were made.
    Done,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// AWS's error code, or the SDK's where AWS gave none.
    pub code: String,
    /// The message.
    pub message: String,
}

/// What a failed call means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// AWS refused it: nothing was changed.
    Refused,
    /// AWS put it off: nothing was changed, and it can be tried again.
    PutOff,
    /// It may have been made, or may still be.
    Unknown,
}

impl CallError {
    fn meaning(&self) -> Meaning {
        match self.code.as_str() {
            "ConflictException"
            | "ThrottlingException"
            | "Throttling"
            | "TooManyRequestsException"
            | "RequestLimitExceeded" => Meaning::PutOff,
            "TimeoutError"
            | "DispatchFailure"
            | "ResponseError"
            | "ServiceError"
            | "InvalidResponse"
            | "InternalFailure"
            | "InternalServerError"
            | "InternalServiceError"
            | "ServiceUnavailable"
            | "ServiceUnavailableException" => Meaning::Unknown,
            _ => Meaning::Refused,
        }
    }

    /// What to do about it.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html>
    fn advice(&self) -> &'static str {
        match self.code.as_str() {
            "TrailNotFoundException" => {
                "the trail is gone since it was read: read the account again"
            }
            "InvalidHomeRegionException" => "the call went to another Region than the trail's home",
            "InvalidEventSelectorsException" => "AWS does not take this set of selectors",
            "ConflictException" => "another operation changes the trail: try again in some minutes",
            "NotOrganizationMasterAccountException"
            | "InsufficientDependencyServiceAccessPermissionException"
            | "NoManagementAccountSLRExistsException" => {
                "an organization trail is changed by the management account or its delegated \
                 administrator"
            }
            "AccessDeniedException"
            | "AccessDenied"
            | "OperationNotPermittedException"
            | "UnsupportedOperationException" => {
                "the credentials may not make this call: a policy, or a service control policy, \
                 denies it"
            }
            _ => "see AWS's message",
        }
    }
}

/// What a trail is like, as far as one call is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As before the call.
    Old,
    /// As after the call.
    New,
    /// Neither: somebody else changed it.
    Other,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Nothing was called: the account is not as it was when the fix was made.
    Stale {
        /// What is different, in words.
        differences: Vec<String>,
        /// The account as it was read.
        now: Box<Account>,
    },
    /// All calls are made, and were read back.
    Applied {
        /// The account as it was read.
        now: Box<Account>,
        /// Whether the engine proves it COMPLIANT as it was read.
        is_proved: bool,
    },
    /// The run stopped.
    Stopped {
        /// The call at which it stopped, from 1; `None` where it stopped after the last one.
        at: Option<usize>,
        /// Why.
        why: String,
        /// The state of each call's trail as it was read last; `None` where it could not be read.
        states: Option<Vec<State>>,
    },
}

/// Makes the calls of a fix that are not made yet.
pub fn apply(
    fix: &Fix,
    before: &Account,
    questions: &[Question],
    service: &mut impl Service,
) -> Outcome {
    let after = match Account::from_json(&fix.after.text()) {
        Ok(after) => after,
        Err(error) => return stopped(None, format!("the fix cannot be read: {error}"), None),
    };
    let run = Run { changes: &fix.changes, before, after: &after };
    let now = match service.read() {
        Ok(now) => now,
        Err(why) => return stopped(None, format!("nothing was called: {why}"), None),
    };
    let differences = differences(before, &after, &now);
    let states = run.states(&now);
    if !differences.is_empty() || states.contains(&State::Other) {
        let mut differences = differences;
        if differences.is_empty() {
            differences.push("a trail is neither as before the change nor as after it".to_owned());
        }
        return Outcome::Stale { differences, now: Box::new(now) };
    }
    let mut is_first = true;
    for (index, change) in fix.changes.iter().enumerate() {
        if states.get(index) == Some(&State::New) {
            continue;
        }
        // What was read for the first call is old by the second.
        if !std::mem::take(&mut is_first) {
            match run.look(index, service) {
                Ok(State::Old) => {}
                Ok(State::New) => continue,
                Ok(State::Other) => {
                    let why = "the trail was changed by somebody else".to_owned();
                    return stopped(Some(index + 1), why, run.read_states(service));
                }
                Err((why, states)) => return stopped(Some(index + 1), why, states),
            }
        }
        if let Err((why, states)) = run.make(index, change, service) {
            return stopped(Some(index + 1), why, states);
        }
    }
    run.read_back(questions, service)
}

fn stopped(at: Option<usize>, why: String, states: Option<Vec<State>>) -> Outcome {
    Outcome::Stopped { at, why, states }
}

/// Why a run stops, and the states that were read last.
type Stop = (String, Option<Vec<State>>);

struct Run<'a> {
    changes: &'a [Change],
    before: &'a Account,
    after: &'a Account,
}

impl Run<'_> {
    fn states(&self, now: &Account) -> Vec<State> {
        self.changes.iter().map(|change| state(change, self.before, self.after, now)).collect()
    }

    /// Makes one call, and sees that it was made.
    fn make(&self, index: usize, change: &Change, service: &mut impl Service) -> Result<(), Stop> {
        let number = index + 1;
        let mut tries = 0;
        loop {
            service.note(Note::Calling(number)).map_err(|why| (why, None))?;
            let Err(error) = service.call(change) else { break };
            tries += 1;
            let said = format!(
                "{} failed with {}: {}; {}",
                change.call.name(),
                error.code,
                error.message,
                error.advice()
            );
            match error.meaning() {
                Meaning::Refused => return Err((said, self.read_states(service))),
                Meaning::PutOff if tries >= TRIES => {
                    return Err((said, self.read_states(service)));
                }
                Meaning::PutOff => {
                    service.wait(tries);
                    // Whoever changed the trail meanwhile must not be overwritten.
                    match self.look(index, service)? {
                        State::Old => {}
                        State::New => break,
                        State::Other => {
                            let why = format!("{said}; the trail was changed meanwhile");
                            return Err((why, self.read_states(service)));
                        }
                    }
                }
                Meaning::Unknown => {
                    let mut looks = 0;
                    let mut seen = self.look(index, service)?;
                    while seen == State::Old && looks < LOOKS {
                        looks += 1;
                        service.wait(looks);
                        seen = self.look(index, service)?;
                    }
                    match seen {
                        State::New => break,
                        State::Old => {
                            let why = format!(
                                "{said}; the trail is as before, but the call may still arrive: run \
                                 this again to see"
                            );
                            return Err((why, self.read_states(service)));
                        }
                        State::Other => {
                            let why = format!("{said}; the trail was changed by somebody else");
                            return Err((why, self.read_states(service)));
                        }
                    }
                }
            }
        }
        service.note(Note::Made(number)).map_err(|why| (why, self.read_states(service)))
    }

    /// The state of one call's trail.
    fn look(&self, index: usize, service: &mut impl Service) -> Result<State, Stop> {
        let now = service.read().map_err(|why| {
            (format!("it is not known whether call {} was made: {why}", index + 1), None)
        })?;
        let change = self.changes.get(index);
        Ok(change.map_or(State::Other, |change| state(change, self.before, self.after, &now)))
    }

    fn read_states(&self, service: &mut impl Service) -> Option<Vec<State>> {
        service.read().ok().map(|now| self.states(&now))
    }

    /// Reads what the calls lead to, and proves it. What AWS shows may be late:
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-data-consistency.html>.
    fn read_back(&self, questions: &[Question], service: &mut impl Service) -> Outcome {
        let mut looks = 0;
        loop {
            let read = service.read();
            let states = read.as_ref().ok().map(|now| self.states(now));
            let is_new = states.as_ref().is_some_and(|all| all.iter().all(|it| *it == State::New));
            match read {
                Ok(now) if is_new => {
                    if let Err(why) = service.note(Note::Done) {
                        return stopped(None, why, states);
                    }
                    let is_proved = now.is_compliant(questions);
                    return Outcome::Applied { now: Box::new(now), is_proved };
                }
                _ if looks < LOOKS => {
                    looks += 1;
                    service.wait(looks);
                }
                Ok(_) => {
                    let why = "AWS took the calls, but what it shows is not what was put: another \
                               writer, or not there yet";
                    return stopped(None, why.to_owned(), states);
                }
                Err(why) => {
                    let why = format!("AWS took the calls, but they could not be read back: {why}");
                    return stopped(None, why, None);
                }
            }
        }
    }
}
