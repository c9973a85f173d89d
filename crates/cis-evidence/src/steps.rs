//! A trail over time: its states, one after the other, rebuilt from the calls that changed it and from
//! what snapshots show of it.

use crate::Moment;
use crate::call::TrailChange;
use crate::state::{MEMBERS, Said, State};
use crate::trail_id::TrailId;

/// One thing that is known to have been said of a trail.
#[derive(Clone, Debug)]
pub(crate) struct Saying {
    pub(crate) time: Moment,
    pub(crate) said: Said,
    /// The position of the call, where it is one.
    pub(crate) call: Option<usize>,
}

/// A trail from one time on.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) time: Moment,
    pub(crate) state: State,
    pub(crate) said: Said,
    pub(crate) call: Option<usize>,
}

/// A trail over time.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: TrailId,
    /// What is known of the time before the first step.
    pub(crate) before: State,
    pub(crate) steps: Vec<Step>,
}

/// Calls of one second are taken in this order, in which the console makes them; CloudTrail's times
/// have no more than seconds.
pub(crate) fn rank(change: &TrailChange) -> usize {
    match change {
        TrailChange::Create(_) => 1,
        TrailChange::Update(_) => 2,
        TrailChange::Selectors(_) => 3,
        TrailChange::Logging(_) => 4,
        TrailChange::Delete => 5,
    }
}

impl Saying {
    /// Where it stands among what is said of one second: what is observed, after what is changed.
    fn rank(&self) -> usize {
        match &self.said {
            Said::Changed(change) => rank(change),
            Said::Observed(_) | Said::Unseen => usize::MAX,
        }
    }
}

impl Line {
    /// Rebuilds a trail from what is said of it, in any order.
    pub(crate) fn new(id: TrailId, mut sayings: Vec<Saying>) -> Self {
        // Calls stand in the order of their times and ids.
        sayings.sort_by_key(|saying| (saying.time, saying.rank(), saying.call));
        let mut line = Self { id, before: State::default(), steps: Vec::new() };
        for saying in sayings {
            line.say(saying);
        }
        line.know_backwards();
        line
    }

    fn say(&mut self, Saying { time, said, call }: Saying) {
        let known = self.steps.last().map_or(&self.before, |step| &step.state).clone();
        let state = match &said {
            Said::Changed(change) => {
                let together = self.steps.iter().rev().take_while(|step| step.time == time);
                together.fold(known.after(change), |state, step| {
                    unless_contradicted(&step.said, change, state)
                })
            }
            Said::Observed(observed) => {
                self.note_unseen(&known, observed, time);
                let mut state = known;
                let is_known = observed.unknown().map(|unknown| !unknown);
                state.take(observed, is_known);
                state.rest.clone_from(&observed.rest);
                if observed.exists == Some(false) { State::none() } else { state }
            }
            Said::Unseen => known,
        };
        self.steps.push(Step { time, state, said, call });
    }

    /// Where an observation differs from what was known, it changed at a time that is not known.
    fn note_unseen(&mut self, known: &State, observed: &State, observed_at: Moment) {
        let changed = known.agreement(observed, &self.id).map(|same| same == Some(false));
        let Some(last) = self.steps.last().filter(|_| changed.contains(&true)) else { return };
        let mut state = known.clone();
        state.take(&State::default(), changed);
        let time = last.time.plus(1).min(observed_at);
        self.steps.push(Step { time, state, said: Said::Unseen, call: None });
    }

    /// What is known at a step, and was not changed by it, was so before.
    fn know_backwards(&mut self) {
        for position in (0..self.steps.len()).rev() {
            let Some(step) = self.steps.get(position) else { continue };
            let unchanged = unchanged_by(&step.said);
            let later = step.state.clone();
            let is_creation = matches!(step.said, Said::Changed(TrailChange::Create(_)));
            let is_deletion = matches!(step.said, Said::Changed(TrailChange::Delete));
            let before = position.checked_sub(1).and_then(|earlier| self.steps.get(earlier));
            // When it changed is not known, so neither is the time between.
            if before.is_some_and(|before| before.said == Said::Unseen) {
                continue;
            }
            let earlier = match position.checked_sub(1) {
                Some(earlier) => self.steps.get_mut(earlier).map(|step| &mut step.state),
                None => Some(&mut self.before),
            };
            let Some(earlier) = earlier else { continue };
            if is_creation && earlier.exists.is_none() {
                *earlier = State::none();
            }
            if is_deletion && earlier.exists.is_none() {
                earlier.exists = Some(true);
            }
            if later.exists == Some(false) || earlier.exists == Some(false) {
                continue;
            }
            let unknown = earlier.unknown();
            let mut is_taken = [false; MEMBERS];
            for ((taken, unknown), unchanged) in is_taken.iter_mut().zip(unknown).zip(unchanged) {
                *taken = unknown && unchanged;
            }
            earlier.take(&later, is_taken);
        }
    }

    /// The state at a time.
    pub(crate) fn at(&self, time: Moment) -> &State {
        let after = self.steps.partition_point(|step| step.time <= time);
        let step = after.checked_sub(1).and_then(|position| self.steps.get(position));
        step.map_or(&self.before, |step| &step.state)
    }

    /// The state before a step.
    pub(crate) fn before(&self, position: usize) -> &State {
        let earlier = position.checked_sub(1).and_then(|position| self.steps.get(position));
        earlier.map_or(&self.before, |step| &step.state)
    }
}

/// The state that two changes of one second leave: what both set differently is not known, for either
/// may have been the last.
fn unless_contradicted(earlier: &Said, change: &TrailChange, mut state: State) -> State {
    match (earlier, change) {
        (Said::Changed(TrailChange::Selectors(one)), TrailChange::Selectors(other))
            if one != other =>
        {
            state.selectors = None;
        }
        (Said::Changed(TrailChange::Logging(one)), TrailChange::Logging(other)) if one != other => {
            state.is_logging = None;
        }
        (Said::Changed(TrailChange::Create(_)), TrailChange::Delete) => state.exists = None,
        _ => {}
    }
    state
}

/// Which members of a state are after a step what they were before it: those that an observation
/// shows, and those that a call leaves alone.
fn unchanged_by(said: &Said) -> [bool; MEMBERS] {
    match said {
        Said::Observed(_) => [true; MEMBERS],
        // Existence, logging, selectors, multi-Region, organization, bucket, key.
        Said::Changed(TrailChange::Update(_)) => [true, true, true, false, false, false, false],
        Said::Changed(TrailChange::Selectors(_)) => [true, true, false, true, true, true, true],
        Said::Changed(TrailChange::Logging(_)) => [true, false, true, true, true, true, true],
        Said::Changed(TrailChange::Create(_) | TrailChange::Delete) | Said::Unseen => {
            [false; MEMBERS]
        }
    }
}
