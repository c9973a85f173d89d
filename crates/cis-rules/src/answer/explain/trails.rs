//! What one trail does with an event: its selectors, and what about the trail itself decides.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::selectors::{self, SelectorAnswer};
use super::{Answer, Decision, together};
use crate::aws::field::RecordField;
use crate::aws::record::Record;
use crate::aws::record::event::ObjectEvent;
use crate::aws::unknown::Unknown;
use crate::spec::matching::Match;
use crate::spec::trail::{Reach, SINGLE_REGION, Trail, WHETHER_MULTI_REGION};

/// What one trail does with an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TrailAnswer {
    /// The trail's ARN.
    pub arn: String,
    /// Whether the trail counts: multi-Region, logging, this account's own or the organization's.
    pub counts: bool,
    /// Whether it logs the event.
    pub answer: Answer,
    /// What about the trail itself decides: that it does not count, that it leaves the event out
    /// although a selector takes it, or what about it is not known.
    pub reasons: Vec<String>,
    /// The records that the event may be for selectors.
    pub records: Vec<RecordAnswer>,
}

/// What one trail does with one record of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecordAnswer {
    /// `readOnly`.
    pub read_only: String,
    /// The object's ARN or ARN prefix.
    #[serde(rename = "resources.ARN")]
    pub resources_arn: String,
    /// Whether the trail logs it.
    pub answer: Answer,
    /// Each selector, in the trail's order.
    pub selectors: Vec<SelectorAnswer>,
}

/// Whether a trail logs an event.
pub(super) fn decided(trail: &Trail<'_>, event: &ObjectEvent) -> Answer {
    match together(event.records.iter().map(|record| trail.logs(record).into())) {
        Answer::NotLogged if taken_otherwise(trail, event).is_some() => Answer::NotKnown,
        answer => answer,
    }
}

/// The resource of another type by which a trail may log an event.
fn taken_otherwise<'e>(trail: &Trail<'_>, event: &'e ObjectEvent) -> Option<&'e Record> {
    event.others.iter().find(|other| trail.logs(other) != Match::No)
}

/// What a trail does with an event.
pub(super) fn answer(trail: &Trail<'_>, event: &ObjectEvent) -> TrailAnswer {
    let records: Vec<RecordAnswer> =
        event.records.iter().map(|record| record_answer(trail, record)).collect();
    let answer = decided(trail, event);
    let mut reasons = Vec::new();
    for record in &event.records {
        for reason in reasons_about(trail, record) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    if together(records.iter().map(|record| record.answer)) == Answer::NotLogged
        && let Some(other) = taken_otherwise(trail, event)
    {
        reasons.push(alloc::format!(
            "a selector takes its `{}` resource, and AWS does not document whether that logs an \
             event on an object as well",
            other.get(RecordField::ResourcesType).unwrap_or_default()
        ));
    }
    TrailAnswer {
        arn: trail.arn.to_string(),
        counts: trail.counts() != Match::No,
        answer,
        reasons,
        records,
    }
}

fn record_answer(trail: &Trail<'_>, record: &Record) -> RecordAnswer {
    let selectors = trail.selectors.unwrap_or_default().iter().enumerate();
    let answers = selectors.map(|(position, selector)| {
        let mut answer = selectors::answer(position, selector, record, trail.partition);
        if trail.is_left_open && answer.answer == Answer::NotKnown {
            answer.decided_by = left_open(trail);
        }
        answer
    });
    RecordAnswer {
        read_only: record.get(RecordField::ReadOnly).unwrap_or_default().to_string(),
        resources_arn: record.arn().to_string(),
        answer: trail.logs(record).into(),
        selectors: answers.collect(),
    }
}

/// What is not known of a selector where a plan leaves it open: the trail says what.
fn left_open(trail: &Trail<'_>) -> Vec<Decision> {
    let settled_by: Vec<&str> =
        trail.doubts.iter().map(|doubt| doubt.settled_by.as_str()).collect();
    alloc::vec![Decision::NotKnown(Unknown {
        reason: "the plan leaves a part of it open".to_string(),
        settled_by: settled_by.join("; "),
    })]
}

/// What about the trail itself decides whether it logs a record.
fn reasons_about(trail: &Trail<'_>, record: &Record) -> Vec<String> {
    // That a single-Region trail does not count matters to the verdict, and not to its own Region.
    let of_region = region_reason(trail, record);
    let is_other = |reason: &&String| *reason != SINGLE_REGION;
    let mut reasons: Vec<String> = trail.disqualified.iter().filter(is_other).cloned().collect();
    reasons.extend(of_region);
    match trail.selectors {
        None if !trail.may_have_selectors => reasons.push(
            "it has no event selectors of its own: the default ones record management events only"
                .to_string(),
        ),
        Some([]) => reasons.push("it has no event selectors".to_string()),
        None | Some(_) => {}
    }
    match trail.lets_through(record) {
        Match::No => reasons.push(
            "RecursiveLogging is off, so CloudTrail's own deliveries of log files are left out"
                .to_string(),
        ),
        Match::Maybe => reasons.push(
            "RecursiveLogging is not known, and off would leave out CloudTrail's own deliveries of \
             log files"
                .to_string(),
        ),
        Match::Surely => {}
    }
    if trail.logs(record) == Match::Maybe {
        let is_of_reach = matches!(trail.reach, Reach::Unknown(_))
            && trail.reach.has(record.get(RecordField::AwsRegion)) == Match::Surely;
        let concerns = |reason: &&str| !is_of_reach || !reason.starts_with(WHETHER_MULTI_REGION);
        let doubts = trail.doubts.iter().map(|doubt| doubt.reason.as_str());
        reasons.extend(doubts.filter(concerns).map(ToString::to_string));
    }
    reasons
}

/// What a single-Region trail does with events of the record's Region.
fn region_reason(trail: &Trail<'_>, record: &Record) -> Option<String> {
    let Reach::HomeRegion(home) = trail.reach else { return None };
    let home = home.unwrap_or("a Region that is not known");
    match (trail.reach.has(record.get(RecordField::AwsRegion)), record.get(RecordField::AwsRegion))
    {
        (Match::Surely, _) => None,
        (Match::No, Some(region)) => Some(alloc::format!(
            "it is a single-Region trail, of {home}, and the event is of {region}"
        )),
        (_, Some(_)) => {
            Some("it is a single-Region trail, and its home Region is not known".into())
        }
        (_, None) => Some(alloc::format!(
            "it is a single-Region trail, of {home}, and the event's awsRegion is not known"
        )),
    }
}

/// Whether a trail that logs a record does so only by comparing its ARN prefix.
pub(super) fn rests_on_prefix(trail: &Trail<'_>, record: &Record) -> bool {
    let mut takers = trail
        .selectors
        .unwrap_or_default()
        .iter()
        .filter(|selector| selector.matches(record, trail.partition) == Match::Surely);
    takers.all(|selector| selectors::compares_prefix(selector, record))
}
