//! The history held against a model that plays the calls one after the other.

mod support;

use cis_evidence::answer::{Unrecorded, What};
use cis_evidence::{History, Moment};
use cis_rules::explain::Answer;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{at, begun, call, calls, everything, put, without};

/// What a call does to the trail.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Hide(Option<&'static str>),
    Stop,
    Start,
    Delete,
    Create,
    /// One that fails.
    Fail,
}

const BUCKETS: [&str; 2] = ["payroll", "customers"];

/// What the model knows of the trail.
#[derive(Clone, Copy, Debug)]
struct Model {
    exists: bool,
    is_logging: bool,
    /// Whether it has selectors of data events, and which bucket they leave out.
    selects: Option<Option<&'static str>>,
}

impl Model {
    fn records(self, bucket: &str) -> bool {
        self.exists && self.is_logging && self.selects.is_some_and(|hidden| hidden != Some(bucket))
    }

    /// Takes a step; `None` where CloudTrail would refuse it.
    fn after(self, step: Step) -> Option<Self> {
        match step {
            Step::Create if self.exists => None,
            Step::Create => Some(Self { exists: true, is_logging: false, selects: None }),
            Step::Fail => Some(self),
            _ if !self.exists => None,
            Step::Hide(bucket) => Some(Self { selects: Some(bucket), ..self }),
            Step::Stop => Some(Self { is_logging: false, ..self }),
            Step::Start => Some(Self { is_logging: true, ..self }),
            Step::Delete => Some(Self { exists: false, is_logging: false, selects: None }),
        }
    }
}

fn record(minute: usize, step: Step) -> Value {
    let clock = format!("{:02}:{:02}:00", 10 + minute / 60, minute % 60);
    let name = json!({"name": "main"});
    match step {
        Step::Hide(None) => put(&clock, "mallory", everything()),
        Step::Hide(Some(bucket)) => put(&clock, "mallory", without(bucket)),
        Step::Stop => call(&clock, "mallory", "StopLogging", name),
        Step::Start => call(&clock, "alice", "StartLogging", name),
        Step::Delete => call(&clock, "mallory", "DeleteTrail", name),
        Step::Create => call(
            &clock,
            "alice",
            "CreateTrail",
            json!({"name": "main", "s3BucketName": "audit-logs", "isMultiRegionTrail": true}),
        ),
        Step::Fail => {
            let mut record = call(&clock, "mallory", "DeleteTrail", name);
            record["errorCode"] = json!("AccessDenied");
            record
        }
    }
}

fn covers(found: &Unrecorded, bucket: &str, time: Moment) -> bool {
    let is_of = match found.what {
        What::Everything => true,
        What::Data => {
            found.description.contains(&format!("bucket `{bucket}`"))
                || found.description.ends_with("in any bucket")
        }
        What::Management => false,
    };
    is_of
        && found.answer == Answer::NotLogged
        && found.from <= time
        && found.to.is_none_or(|to| time < to)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        Just(Step::Hide(None)),
        Just(Step::Hide(Some(BUCKETS[0]))),
        Just(Step::Hide(Some(BUCKETS[1]))),
        Just(Step::Stop),
        Just(Step::Start),
        Just(Step::Delete),
        Just(Step::Create),
        Just(Step::Fail),
    ];
    proptest::collection::vec(step, 1..10)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_told_is_what_the_model_finds(steps in steps(), seed in any::<u64>()) {
        let mut model = Model { exists: true, is_logging: true, selects: Some(None) };
        let mut records = begun();
        let mut times = Vec::new();
        for step in steps {
            let Some(next) = model.after(step) else { continue };
            let minute = times.len() * 10;
            records.push(record(minute, step));
            model = next;
            let clock = format!("{:02}:{:02}:00", 10 + (minute + 5) / 60, (minute + 5) % 60);
            times.push((Moment::parse(&at(&clock)).unwrap(), model));
        }
        let told = History::new(calls(&records), &[]).told();
        // Neither order nor copies matter.
        let mut shuffled = [records.clone(), records].concat();
        let length = shuffled.len() as u64;
        for index in 0..shuffled.len() {
            let other = (seed.wrapping_mul(index as u64 + 7) % length) as usize;
            shuffled.swap(index, other);
        }
        prop_assert_eq!(&History::new(calls(&shuffled), &[]).told(), &told);
        let (_, unrecorded) = told;
        for bucket in BUCKETS {
            // It was recorded from 9:00 on.
            for (time, model) in &times {
                let is_told = unrecorded.iter().any(|found| covers(found, bucket, *time));
                prop_assert_eq!(is_told, !model.records(bucket), "{} {} {:#?}", bucket, time, unrecorded);
            }
        }
    }
}
