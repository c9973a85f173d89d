//! What the trails together record of each Region's events.
//!
//! The verdict is about the account, and only multi-Region trails prove it. A single-Region trail
//! records its home Region all the same. So the events of one Region are those that the multi-Region
//! trails record, and the single-Region trails of this Region with them.

use cis_rules::open_values::OpenValues;
use cis_rules::question::{Mode, Question};
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::{ObservedTrail, Snapshot};
use serde::Serialize;

use crate::event;
use crate::outline::Outline;

/// Lines of a proof that are told of one Region.
const LINES: usize = 12;

/// Lost regions that are told of one Region.
const LOST: usize = 4;

/// Whether every event that is asked about is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Recorded {
    /// All of them, surely.
    All,
    /// Some are surely lost.
    NotAll,
    /// Neither is known.
    NotKnown,
}

/// What is recorded of the events of a Region, or of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Whether all are.
    pub recorded: Recorded,
    /// What is lost, or what is not known, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// A lost event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// Why all are recorded, in lines; empty where the account's own proof says it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<(usize, String)>,
}

/// A Region in which a trail has its home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HomeRegion {
    /// The Region.
    pub region: String,
    /// The trails that have their home there, by their names.
    pub trails: Vec<String>,
    /// What is recorded of its events. Left out where it is what is recorded elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
}

/// What is recorded of each Region's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regions {
    /// The Regions in which trails have their homes, by name.
    pub homes: Vec<HomeRegion>,
    /// What is recorded of the events of every other Region.
    pub elsewhere: Record,
}

impl Regions {
    /// What an account's trails record, Region by Region.
    #[must_use]
    pub fn of(snapshot: &Snapshot, question: &Question, result: &AccountResult) -> Self {
        let trails = snapshot.trails.as_deref().unwrap_or_default();
        let mut names: Vec<&str> = trails.iter().filter_map(home).collect();
        names.sort_unstable();
        names.dedup();
        let is_proved = result.verdict == Verdict::Compliant;
        let elsewhere = if is_proved {
            Record { recorded: Recorded::All, lost: Vec::new(), example: None, proof: Vec::new() }
        } else {
            record(snapshot, question, None)
        };
        let homes = names.into_iter().map(|region| {
            let here = || trails.iter().filter(|trail| home(trail) == Some(region));
            let adds = |trail: &ObservedTrail| trail.trail.is_multi_region_trail != Some(true);
            let differs = !is_proved && here().any(adds);
            let mut trails: Vec<String> = here().map(name).collect();
            trails.dedup();
            HomeRegion {
                region: region.to_string(),
                trails,
                record: differs.then(|| record(snapshot, question, Some(region))),
            }
        });
        Self { homes: homes.collect(), elsewhere }
    }
}

/// The Region in which a trail has its home.
fn home(trail: &ObservedTrail) -> Option<&str> {
    let of_arn = trail.trail.arn.as_deref().and_then(|arn| arn.split(':').nth(3));
    trail.trail.home_region.as_deref().or(of_arn).filter(|region| !region.is_empty())
}

fn name(trail: &ObservedTrail) -> String {
    let of_arn = trail.trail.arn.as_deref().and_then(|arn| arn.rsplit('/').next());
    trail.trail.name.as_deref().or(of_arn).unwrap_or_default().to_string()
}

/// What the trails together record of one Region's events, or of a Region in which no single-Region
/// trail has its home.
fn record(snapshot: &Snapshot, question: &Question, region: Option<&str>) -> Record {
    let seen = seen_from(snapshot, region);
    let question = Question { mode: Mode::Union, ..question.clone() };
    let result = cis_rules::evaluate(&seen, &question);
    // A plan's own names of buckets were given their meaning where the plan was decided, and not here.
    let may_be_allowed = snapshot.planned && !question.allow_unlogged.is_empty();
    let mut record = Record {
        recorded: match result.verdict {
            Verdict::Compliant => Recorded::All,
            Verdict::NonCompliant if may_be_allowed => Recorded::NotKnown,
            Verdict::NonCompliant => Recorded::NotAll,
            Verdict::Indeterminate => Recorded::NotKnown,
        },
        lost: Vec::new(),
        example: None,
        proof: Vec::new(),
    };
    match record.recorded {
        Recorded::All => {
            let outline = result.proof.as_ref().map(|proof| Outline::of(proof, LINES));
            let lines = outline.map(|outline| outline.lines).unwrap_or_default();
            record.proof = lines.into_iter().map(|line| (line.depth, line.text)).collect();
        }
        Recorded::NotAll => {
            let lost = result.gaps.iter().take(LOST).map(|gap| gap.description.clone());
            record.lost = lost.collect();
            record.example = result.gaps.first().map(|gap| event::sentence(&gap.witness));
        }
        Recorded::NotKnown => {
            let open = result.unknowns.iter().take(LOST).map(|unknown| unknown.reason.clone());
            record.lost = open.collect();
            if record.lost.is_empty() {
                record.lost.push("whether what is lost may stay unlogged".to_string());
            }
        }
    }
    record
}

/// The account as the events of one Region see it: the trails that have these events, each as if it
/// had those of every Region. Where a trail's home Region is not known, it may have them.
fn seen_from(snapshot: &Snapshot, region: Option<&str>) -> Snapshot {
    let seen = |trail: &ObservedTrail| {
        let is_here = region.is_some() && home(trail) == region;
        let has_them = match (trail.trail.is_multi_region_trail, home(trail)) {
            (Some(true), _) => Some(true),
            (Some(false), Some(_)) if !is_here => return None,
            (Some(false) | None, Some(_)) if is_here => Some(true),
            (Some(false) | None, _) => None,
        };
        let mut trail = trail.clone();
        trail.trail.is_multi_region_trail = has_them;
        Some(trail)
    };
    Snapshot {
        trails: snapshot.trails.as_ref().map(|trails| trails.iter().filter_map(seen).collect()),
        open_values: OpenValues::default(),
        ..snapshot.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    fn regions(sample: &Sample) -> Regions {
        Regions::of(&sample.snapshot, &sample.question, &sample.result)
    }

    fn with_trail(sample: &Sample, change: impl FnOnce(&mut ObservedTrail)) -> Regions {
        let mut snapshot = sample.snapshot.clone();
        change(&mut snapshot.trails.as_mut().unwrap()[0]);
        let result = cis_rules::evaluate(&snapshot, &sample.question);
        Regions::of(&snapshot, &sample.question, &result)
    }

    #[test]
    fn a_multi_region_trail_records_the_same_of_every_region() {
        for (sample, recorded) in [
            (Sample::compliant(), Recorded::All),
            (Sample::non_compliant(), Recorded::NotAll),
            (Sample::indeterminate(), Recorded::NotKnown),
        ] {
            let regions = regions(&sample);
            assert_eq!(regions.elsewhere.recorded, recorded);
            assert_eq!(regions.homes.len(), 1);
            assert_eq!(regions.homes[0].record, None);
            assert_eq!(regions.homes[0].trails, ["main"]);
        }
    }

    #[test]
    fn a_single_region_trail_records_its_home_region_and_nothing_else() {
        let single = |trail: &mut ObservedTrail| trail.trail.is_multi_region_trail = Some(false);
        let regions = with_trail(&Sample::compliant(), single);
        let here = regions.homes[0].record.as_ref().unwrap();
        assert_eq!(here.recorded, Recorded::All);
        assert!(here.proof[0].1.contains("logged by selector 0"), "{here:?}");
        assert_eq!(regions.elsewhere.recorded, Recorded::NotAll);
        assert_eq!(regions.elsewhere.lost, ["every write event in any bucket"]);
    }

    #[test]
    fn where_the_home_of_a_single_region_trail_is_not_known_no_region_is_decided() {
        let regions = with_trail(&Sample::compliant(), |trail| {
            trail.trail.is_multi_region_trail = Some(false);
            trail.trail.home_region = None;
            trail.trail.arn = None;
        });
        assert!(regions.homes.is_empty());
        assert_eq!(regions.elsewhere.recorded, Recorded::NotKnown);
    }

    #[test]
    fn whether_a_trail_is_multi_region_matters_to_every_region_but_its_own() {
        let regions = with_trail(&Sample::compliant(), |trail| {
            trail.trail.is_multi_region_trail = None;
        });
        assert_eq!(regions.homes[0].record.as_ref().unwrap().recorded, Recorded::All);
        assert_eq!(regions.elsewhere.recorded, Recorded::NotKnown);
    }

    #[test]
    fn what_two_trails_record_together_is_not_lost() {
        let mut sample = Sample::non_compliant();
        let trails = sample.snapshot.trails.as_mut().unwrap();
        let mut other = Sample::non_compliant().snapshot.trails.unwrap().remove(0);
        other.trail.name = Some("payroll".to_string());
        let selectors = r#"{"trail": {}, "eventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::payroll"]}]}]}}"#;
        let read: ObservedTrail = serde_json::from_str(selectors).unwrap();
        other.event_selectors = read.event_selectors;
        trails.push(other);
        sample.result = cis_rules::evaluate(&sample.snapshot, &sample.question);
        assert_eq!(sample.result.verdict, Verdict::NonCompliant);
        assert_eq!(regions(&sample).elsewhere.recorded, Recorded::All);
    }
}
