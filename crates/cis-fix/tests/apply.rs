//! Applying fixes to a service that fails at every step: a trail's set is the old one or the new one,
//! or somebody else's, and what the run says is what is true.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_fix::apply::{CallError, Note, Outcome, Service, State, apply};
use cis_fix::{Account, Call, Change, Fix, Options, fix};
use cis_rules::Question;
use serde_json::{Value, json};
use testkit::accounts::account;
use testkit::chance::Rng;
use testkit::question::question;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// AWS refuses the call.
    Refused,
    /// AWS puts the call off.
    PutOff,
    /// The call is made, and its answer is lost.
    AnswerLost,
    /// The call never arrives, and no answer comes.
    CallLost,
    /// The account cannot be read.
    Unread,
    /// Somebody else changes the selectors.
    OtherWriter,
    /// The process ends.
    Crash,
}

const FAULTS: [Fault; 7] = [
    Fault::Refused,
    Fault::PutOff,
    Fault::AnswerLost,
    Fault::CallLost,
    Fault::Unread,
    Fault::OtherWriter,
    Fault::Crash,
];

/// CloudTrail, as far as these calls go, with one fault at one step.
struct Fake {
    state: Value,
    step: usize,
    fault: Option<(usize, Fault)>,
    is_crashed: bool,
    calls: usize,
    /// What was put by somebody else.
    foreign: Option<Value>,
}

impl Fake {
    fn new(state: Value, fault: Option<(usize, Fault)>) -> Self {
        Self { state, step: 0, fault, is_crashed: false, calls: 0, foreign: None }
    }

    /// The fault of this step.
    fn next(&mut self) -> Option<Fault> {
        let due = self.fault.filter(|(at, _)| *at == self.step).map(|(_, fault)| fault);
        self.step += 1;
        match due {
            Some(Fault::Crash) => self.is_crashed = true,
            Some(Fault::OtherWriter) => {
                let set = json!([{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": true}]);
                let trails = self.state["trails"].as_array_mut().unwrap();
                let Some(first) = trails.first().map(|it| it["trail"]["TrailARN"].clone()) else {
                    return due;
                };
                // A shadow trail shows the same.
                for trail in trails.iter_mut().filter(|it| it["trail"]["TrailARN"] == first) {
                    trail["eventSelectors"] = json!({ "EventSelectors": set });
                }
                self.foreign = Some(set);
            }
            _ => {}
        }
        due
    }

    fn make(&mut self, change: &Change) {
        let request: Value = serde_json::from_str(&change.request.text()).unwrap();
        let name = change.trail();
        let trails = self.state["trails"].as_array_mut().unwrap();
        if change.call == Call::CreateTrail {
            let arn =
                format!("arn:aws:cloudtrail:{}:{}:trail/{name}", change.region, change.account_id);
            trails.push(json!({
                "trail": {
                    "Name": name, "TrailARN": arn, "HomeRegion": change.region,
                    "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
                    "S3BucketName": request["S3BucketName"],
                    "RecursiveLogging": request["RecursiveLogging"].as_bool().unwrap_or(true),
                    "IncludeGlobalServiceEvents": true,
                },
                "status": {"IsLogging": false},
                "eventSelectors": {"EventSelectors": [
                    {"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": []},
                ]},
            }));
            return;
        }
        let named = trails
            .iter_mut()
            .filter(|entry| entry["trail"]["TrailARN"] == name || entry["trail"]["Name"] == name);
        for entry in named {
            match change.call {
                Call::StartLogging => entry["status"] = json!({"IsLogging": true}),
                Call::UpdateTrail => {
                    for (member, value) in request.as_object().unwrap() {
                        if member != "Name" {
                            entry["trail"][member] = value.clone();
                        }
                    }
                }
                Call::PutEventSelectors => entry["eventSelectors"] = shown(&request),
                _ => panic!("{change:?}"),
            }
        }
    }
}

/// A set as AWS shows it: what was left out is there.
fn shown(request: &Value) -> Value {
    let mut shown = request.clone();
    let name = shown["TrailName"].take();
    shown.as_object_mut().unwrap().remove("TrailName");
    shown["TrailARN"] = name;
    for selector in shown["EventSelectors"].as_array_mut().into_iter().flatten() {
        for (member, default) in [
            ("ReadWriteType", json!("All")),
            ("IncludeManagementEvents", json!(true)),
            ("DataResources", json!([])),
            ("ExcludeManagementEventSources", json!([])),
        ] {
            if selector[member].is_null() {
                selector[member] = default;
            }
        }
    }
    shown
}

impl Service for Fake {
    fn read(&mut self) -> Result<Account, String> {
        let fault = self.next();
        if self.is_crashed || fault == Some(Fault::Unread) {
            return Err("no answer".to_owned());
        }
        Account::from_json(&self.state.to_string()).map_err(|error| error.to_string())
    }

    fn call(&mut self, change: &Change) -> Result<(), CallError> {
        let fault = self.next();
        let error = |code: &str| Err(CallError { code: code.to_owned(), message: "x".to_owned() });
        if self.is_crashed {
            return error("TimeoutError");
        }
        self.calls += 1;
        match fault {
            Some(Fault::Refused) => error("AccessDeniedException"),
            Some(Fault::PutOff) => error("ConflictException"),
            Some(Fault::CallLost) => error("TimeoutError"),
            Some(Fault::AnswerLost) => {
                self.make(change);
                error("TimeoutError")
            }
            _ => {
                self.make(change);
                Ok(())
            }
        }
    }

    fn wait(&mut self, _: u32) {}

    fn note(&mut self, _: Note) -> Result<(), String> {
        self.next();
        if self.is_crashed { Err("the process ended".to_owned()) } else { Ok(()) }
    }
}

/// An account with a fix that its own credentials can make.
fn fixable(seed: u64) -> Option<(Value, Account, Fix, Vec<Question>)> {
    let mut chance = Rng::new(seed);
    let mut document = account(&mut chance);
    document["partition"].as_str().filter(|partition| *partition == "aws")?;
    let questions = vec![question(&mut chance)];
    // What cannot be read fails before anything is called; here it is about what comes after.
    let is_read = document["unreadable"].is_null()
        && document["trails"].as_array()?.iter().all(|entry| {
            !entry["eventSelectors"].is_null()
                && entry["status"]["IsLogging"].is_boolean()
                && entry["unreadable"].is_null()
                && entry["trail"]["RecursiveLogging"] != "(left open)"
                && entry["trail"]["TrailARN"].is_string()
        });
    if !is_read {
        return None;
    }
    document["region"] = json!("us-east-1");
    let before = Account::from_json(&document.to_string()).ok()?;
    let found = fix(&before, &questions, &Options::default());
    let is_own = found.changes.iter().all(|change| change.account_id == found.account_id);
    (is_own && found.is_fixed() && !found.changes.is_empty())
        .then_some((document, before, found, questions))
}

/// A trail's set in one spelling.
fn sets(state: &Value) -> Vec<(String, Value)> {
    let trails = state["trails"].as_array().unwrap();
    let set = |entry: &Value| {
        let request = json!({
            "TrailName": entry["trail"]["TrailARN"],
            "EventSelectors": entry["eventSelectors"]["EventSelectors"],
            "AdvancedEventSelectors": entry["eventSelectors"]["AdvancedEventSelectors"],
        });
        let mut set = shown(&request);
        let members = set.as_object_mut().unwrap();
        members.retain(|_, value| !value.is_null() && *value != json!([]));
        (entry["trail"]["TrailARN"].as_str().unwrap().to_owned(), set)
    };
    trails.iter().map(set).collect()
}

/// Every trail's set is the one before, the one after, or somebody else's.
fn is_old_or_new(before: &Value, after: &Value, fake: &Fake) -> Result<(), String> {
    let (old, new) = (sets(before), sets(after));
    for (name, set) in sets(&fake.state) {
        let is = |all: &[(String, Value)]| all.iter().any(|it| it.0 == name && it.1 == set);
        let is_foreign = fake.foreign.as_ref().is_some_and(|foreign| {
            set["EventSelectors"][0]["ReadWriteType"] == foreign[0]["ReadWriteType"]
        });
        // A trail that was just made has the default set.
        let is_made = !old.iter().any(|it| it.0 == name);
        if !(is(&old) || is(&new) || is_foreign || is_made) {
            return Err(format!("{name} has {set}"));
        }
    }
    Ok(())
}

#[test]
fn every_step_may_fail_and_no_set_is_neither() {
    let (mut runs, mut seeds) = (0, 0);
    let mut ends = std::collections::BTreeMap::<&str, usize>::new();
    let mut seed = 0;
    while seeds < 500 {
        seed += 1;
        let Some((document, before, found, questions)) = fixable(seed) else { continue };
        seeds += 1;
        let after: Value = serde_json::from_str(&found.after.text()).unwrap();
        let mut whole = Fake::new(document.clone(), None);
        let Outcome::Applied { is_proved: true, .. } =
            apply(&found, &before, &questions, &mut whole)
        else {
            panic!("seed {seed}: {found:?}");
        };
        assert_eq!(whole.calls, found.changes.len(), "seed {seed}");
        for at in 0..whole.step {
            let fault = FAULTS[(seed as usize + at) % FAULTS.len()];
            let label = format!("seed {seed}, {fault:?} at {at}");
            let mut fake = Fake::new(document.clone(), Some((at, fault)));
            let outcome = apply(&found, &before, &questions, &mut fake);
            runs += 1;
            is_old_or_new(&document, &after, &fake).unwrap_or_else(|why| panic!("{label}: {why}"));
            *ends.entry(end(&outcome)).or_default() += 1;
            is_true(&outcome, &found, &fake).unwrap_or_else(|why| panic!("{label}: {why}"));
            // The next run, without faults.
            let calls = fake.calls;
            let mut next = Fake::new(fake.state.clone(), None);
            next.foreign.clone_from(&fake.foreign);
            let again = apply(&found, &before, &questions, &mut next);
            is_old_or_new(&document, &after, &next).unwrap_or_else(|why| panic!("{label}: {why}"));
            match again {
                Outcome::Applied { is_proved, .. } => assert!(is_proved, "{label}"),
                Outcome::Stale { .. } => {
                    assert!(fake.foreign.is_some(), "{label}: {again:?}");
                    assert_eq!(next.calls, 0, "{label}");
                }
                Outcome::Stopped { .. } => panic!("{label}: {again:?}"),
            }
            assert!(calls <= found.changes.len() + 1, "{label}: {calls} calls");
        }
    }
    println!("{runs} runs with a fault: {ends:?}");
    assert!(runs > 2_000, "{runs}");
}

fn end(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Stale { .. } => "stale",
        Outcome::Applied { .. } => "applied",
        Outcome::Stopped { .. } => "stopped",
    }
}

/// Whether what a run says is so.
fn is_true(outcome: &Outcome, found: &Fix, fake: &Fake) -> Result<(), String> {
    match outcome {
        Outcome::Stale { differences, .. } => {
            if fake.calls > 0 || differences.is_empty() {
                return Err("stale, after calls or without a reason".to_owned());
            }
        }
        Outcome::Applied { now, is_proved } => {
            let read: Value = serde_json::from_str(&now.document().text()).unwrap();
            // Somebody else may have changed another trail, or this one after it was read.
            let is_alone = fake.foreign.is_none();
            if is_alone && (read != fake.state || !is_proved) {
                return Err(format!("applied, but it is not so: {is_proved}"));
            }
        }
        Outcome::Stopped { states: Some(states), .. } => {
            for (change, state) in found.changes.iter().zip(states) {
                let request: Value = serde_json::from_str(&change.request.text()).unwrap();
                if change.call != Call::PutEventSelectors {
                    continue;
                }
                let put = shown(&request);
                let name = change.trail();
                let is_put = sets(&fake.state).into_iter().any(|(arn, set)| {
                    arn == name
                        && set["AdvancedEventSelectors"] == put["AdvancedEventSelectors"]
                        && set["EventSelectors"] == put["EventSelectors"]
                });
                if is_put != (*state == State::New) {
                    return Err(format!("it says {state:?} of {}", change.request.text()));
                }
            }
        }
        Outcome::Stopped { states: None, .. } => {}
    }
    Ok(())
}
