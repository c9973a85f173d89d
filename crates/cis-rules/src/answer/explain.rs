//! How one event fares: what each selector of each trail does with it, and what decided that.
//!
//! The answers come from the matcher and from [`Trail::logs`]. This module only looks up the reasons.

mod selectors;
mod trails;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::answer::evaluate::{distinct, unlisted};
use crate::answer::report::{Assumption, version};
use crate::aws::field::RecordField;
use crate::aws::record::Record;
use crate::aws::record::caller::Caller;
use crate::aws::record::event::{Event, ObjectEvent, Subject};
use crate::aws::snapshot::Snapshot;
use crate::aws::unknown::Unknown;
use crate::spec::matching::Match;
use crate::spec::trail::{Demands, Trail};

pub use selectors::{Comparison, Decision, SelectorAnswer};
pub use trails::{RecordAnswer, TrailAnswer};

/// Whether something is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Answer {
    /// Surely not.
    NotLogged,
    /// It is not documented, or a fact is missing.
    NotKnown,
    /// Surely.
    Logged,
}

impl Answer {
    /// The answer as reports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotLogged => "NOT_LOGGED",
            Self::NotKnown => "NOT_KNOWN",
            Self::Logged => "LOGGED",
        }
    }
}

impl From<Match> for Answer {
    fn from(answer: Match) -> Self {
        match answer {
            Match::No => Self::NotLogged,
            Match::Maybe => Self::NotKnown,
            Match::Surely => Self::Logged,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How events fare in one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explanations {
    /// The version of this shape: 1.
    #[serde(deserialize_with = "version")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::version"))]
    pub schema_version: u32,
    /// The snapshot's label.
    pub name: Option<String>,
    /// The 12-digit account id.
    pub account_id: String,
    /// Each event, in the order given.
    pub events: Vec<Explanation>,
}

impl Explanations {
    /// The version that this library writes and reads.
    pub const SCHEMA_VERSION: u32 = 1;
}

/// How one event fares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// `eventID`.
    #[serde(rename = "eventID")]
    pub event_id: Option<String>,
    /// `eventTime`.
    pub event_time: Option<String>,
    /// `eventName`.
    pub event_name: Option<String>,
    /// Whether some trail logs it; `None` if it is no data event on an object.
    pub answer: Option<Answer>,
    /// Why it is no data event on an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_object_event: Option<String>,
    /// How the event was read, where it leaves something out.
    pub notes: Vec<String>,
    /// Who made the request; `None` if the event was given by its fields and not as a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Caller>,
    /// Readings of undocumented behaviour that the answer rests on.
    pub assumptions: Vec<Assumption>,
    /// Each trail, in the snapshot's order.
    pub trails: Vec<TrailAnswer>,
    /// What is not known of the account and would settle the answer.
    pub unknowns: Vec<Unknown>,
}

/// Explains how one event fares in an account.
#[must_use]
pub fn explain(snapshot: &Snapshot, event: &Event) -> Explanation {
    let explanation = Explanation {
        event_id: event.id.clone(),
        event_time: event.time.clone(),
        event_name: event.name.clone(),
        answer: None,
        no_object_event: None,
        notes: Vec::new(),
        caller: None,
        assumptions: Vec::new(),
        trails: Vec::new(),
        unknowns: Vec::new(),
    };
    match &event.subject {
        Subject::Other(reason) => {
            Explanation { no_object_event: Some(reason.clone()), ..explanation }
        }
        Subject::Object(object) => of_object(snapshot, object, explanation),
    }
}

/// The trails of an account, to be asked about many events without the reasons.
#[derive(Clone, Debug)]
pub struct Answers<'s> {
    trails: Vec<Trail<'s>>,
    is_listed: bool,
}

impl<'s> Answers<'s> {
    /// The trails of an account.
    #[must_use]
    pub fn new(snapshot: &'s Snapshot) -> Self {
        let observed = distinct(snapshot.trails.as_deref().unwrap_or_default());
        let trail = |observed| Trail::new(observed, snapshot, Demands::default());
        Self {
            trails: observed.into_iter().map(trail).collect(),
            is_listed: unlisted(snapshot).is_empty(),
        }
    }

    /// Whether some trail logs an event: the answer of [`explain`].
    #[must_use]
    pub fn answer(&self, event: &ObjectEvent) -> Answer {
        let answers = self.trails.iter().map(|trail| trails::decided(trail, event));
        let best = answers.max().unwrap_or(Answer::NotLogged);
        // A trail that could not be listed may log what the others do not.
        if self.is_listed { best } else { best.max(Answer::NotKnown) }
    }
}

/// Explains how one record fares in an account.
#[must_use]
pub fn explain_record(snapshot: &Snapshot, record: &Record) -> Explanation {
    explain(
        snapshot,
        &Event {
            id: None,
            time: None,
            name: record.get(RecordField::EventName).map(String::from),
            subject: Subject::Object(ObjectEvent {
                records: alloc::vec![record.clone()],
                others: Vec::new(),
                notes: Vec::new(),
                caller: None,
            }),
        },
    )
}

fn of_object(snapshot: &Snapshot, event: &ObjectEvent, explanation: Explanation) -> Explanation {
    let asked = Answers::new(snapshot);
    let (answer, trails) = (asked.answer(event), &asked.trails);
    let answers: Vec<TrailAnswer> =
        trails.iter().map(|trail| trails::answer(trail, event)).collect();
    let rests_on_prefix = answer == Answer::Logged
        && trails.iter().zip(&answers).filter(|(_, trail)| trail.answer == Answer::Logged).all(
            |(trail, _)| event.records.iter().any(|record| trails::rests_on_prefix(trail, record)),
        );
    Explanation {
        answer: Some(answer),
        notes: event.notes.clone(),
        caller: event.caller.clone(),
        assumptions: rests_on_prefix.then_some(Assumption::ArnPrefix).into_iter().collect(),
        trails: answers,
        unknowns: if answer == Answer::Logged { Vec::new() } else { unlisted(snapshot) },
        ..explanation
    }
}

/// The answer about an event that is several records: what they agree on.
fn together(answers: impl IntoIterator<Item = Answer> + Clone) -> Answer {
    let least = answers.clone().into_iter().min();
    match (least, answers.into_iter().max()) {
        (Some(least), Some(most)) if least == most => least,
        _ => Answer::NotKnown,
    }
}
