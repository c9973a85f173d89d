//! The trails of one account over time.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Moment;
use crate::call::{Call, Change};
use crate::state::{Said, State};
use crate::steps::{Line, Saying};
use crate::trail_id::TrailId;

/// A snapshot of an account, as it was written: the library's own type leaves out what concerns
/// management events.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    pub(crate) account_id: String,
    pub(crate) time: Moment,
    pub(crate) trails: BTreeMap<TrailId, State>,
    /// Whether the trails could be listed.
    pub(crate) is_listed: bool,
}

impl Observation {
    /// What a snapshot shows, at this time where it does not say when it was collected; `None` where
    /// it does not say of which account it is.
    #[must_use]
    pub fn of(snapshot: &Value, otherwise: Moment) -> Option<Self> {
        let time = snapshot.get("collectedAt").and_then(Value::as_str).and_then(Moment::parse);
        let time = time.unwrap_or(otherwise);
        let account_id = snapshot.get("accountId")?.as_str()?.to_string();
        let trails = snapshot.get("trails").and_then(Value::as_array);
        let failed = snapshot.get("unreadable").and_then(Value::as_array);
        let has_failed = failed.into_iter().flatten().any(|failed| {
            let call = failed.get("call").and_then(Value::as_str);
            matches!(call, Some("DescribeTrails" | "ListTrails"))
        });
        let named = trails.into_iter().flatten().filter_map(|trail| {
            let arn = trail.pointer("/trail/TrailARN").and_then(Value::as_str)?;
            Some((TrailId::of_arn(arn)?, State::observed(trail)))
        });
        let named: BTreeMap<TrailId, State> = named.collect();
        let is_listed = !has_failed && trails.is_some_and(|trails| trails.len() == named.len());
        Some(Self { account_id, time, trails: named, is_listed })
    }
}

/// The trails of all accounts over time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trails {
    pub(crate) lines: BTreeMap<TrailId, Line>,
    /// When an account's trails were listed.
    listed: BTreeMap<String, Vec<Moment>>,
}

impl Trails {
    /// Rebuilds the trails from calls, which stand in the order of their times, and observations.
    pub(crate) fn new(calls: &[Call], observations: &[Observation]) -> Self {
        let mut sayings: BTreeMap<TrailId, Vec<Saying>> = BTreeMap::new();
        for (position, call) in calls.iter().enumerate().filter(|(_, call)| call.succeeded()) {
            if let Change::Trail(id, change) = &call.change {
                let said = Said::Changed(change.clone());
                let saying = Saying { time: call.time, said, call: Some(position) };
                sayings.entry(id.clone()).or_default().push(saying);
            }
        }
        for observation in observations {
            for id in observation.trails.keys() {
                sayings.entry(id.clone()).or_default();
            }
        }
        let mut listed: BTreeMap<String, Vec<Moment>> = BTreeMap::new();
        for observation in observations {
            if observation.is_listed {
                listed.entry(observation.account_id.clone()).or_default().push(observation.time);
            }
            for (id, sayings) in &mut sayings {
                let state = match observation.trails.get(id) {
                    Some(state) => state.clone(),
                    // An account lists all of its own trails.
                    None if observation.is_listed && id.account_id == observation.account_id => {
                        State::none()
                    }
                    None => continue,
                };
                let said = Said::Observed(Box::new(state));
                sayings.push(Saying { time: observation.time, said, call: None });
            }
        }
        let lines = sayings.into_iter().map(|(id, said)| (id.clone(), Line::new(id, said)));
        Self { lines: lines.collect(), listed }
    }

    /// When the trails of an account were listed.
    pub(crate) fn listed(&self, account_id: &str) -> &[Moment] {
        self.listed.get(account_id).map_or(&[], Vec::as_slice)
    }

    /// The trails that may record the events of an account: its own, and those of organizations.
    pub(crate) fn of<'a>(&'a self, account_id: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.values().filter(move |line| {
            line.id.account_id == account_id
                || line.steps.iter().any(|step| step.state.is_organization == Some(true))
        })
    }

    /// When something about an account's trails changed, or was seen.
    pub(crate) fn changes(&self, account_id: &str) -> Vec<Moment> {
        let steps = self.of(account_id).flat_map(|line| &line.steps);
        let mut times: Vec<Moment> = steps.map(|step| step.time).collect();
        times.sort_unstable();
        times.dedup();
        times
    }
}
