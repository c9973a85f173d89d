//! An answer on one sheet: everything that a page shows of it, in words.

use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{AccountResult, Assumption, Completion, Filled, Gap, TrailResult, Verdict};
use cis_rules::snapshot::{ObservedTrail, Snapshot};
use serde::Serialize;

use crate::event;
use crate::evidence::{example, trails_with_results};
use crate::outline::Outline;
use crate::regions::{HomeRegion, Record, Regions};
use crate::told::Told;

/// Lines of a proof that are told.
const LINES: usize = 40;

/// Lost regions that are told, of the account and of each trail.
const LOST: usize = 6;

/// Ways to fill in a plan that are told.
const WAYS: usize = 8;

/// An answer, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    /// The account's id; none where a plan does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which events were asked about.
    pub kind: Kind,
    /// How trails were combined.
    pub mode: Mode,
    /// The answer.
    pub verdict: Verdict,
    /// What kind of mistake it is, as in [`RULES`](crate::told::RULES).
    pub rule: &'static str,
    /// The cause, a sentence.
    pub cause: String,
    /// The condition that is the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// A lost event, a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<String>,
    /// What to do, in lines; those to copy begin with `aws `.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fix: Vec<String>,
    /// Where it is written: a file, and the line if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The exceptions that concern the answer, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<String>,
    /// Whether the account is excepted: then nothing is to fail because of the answer.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_excepted: bool,
    /// What is recorded of the events of every Region that is not in `regions`.
    pub elsewhere: Record,
    /// The Regions in which trails have their homes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<HomeRegion>,
    /// The trails.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trails: Vec<SheetTrail>,
    /// What no trail logs, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
    /// What is not known, and what settles it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknowns: Vec<(String, String)>,
    /// Why every event is logged: each line with how many it stands under.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<(usize, String)>,
    /// What the answer assumes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Assumption>,
    /// Buckets that may stay unlogged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// The ways to fill in what a plan leaves open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<String>,
    /// Who read the account, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
}

/// A trail, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetTrail {
    /// Its ARN.
    pub arn: String,
    /// Whether it records everything by itself.
    pub verdict: Verdict,
    /// Which Regions it is of, whether it counts, and the console's template.
    pub state: String,
    /// Why it does not count, and what is not known of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// What it misses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
}

/// What stands for an account that a plan does not name.
const NO_ACCOUNT: &str = "000000000000";

impl Sheet {
    /// The sheet of an answer.
    #[must_use]
    pub fn of(snapshot: &Snapshot, question: &Question, result: &AccountResult) -> Self {
        let told = Told::of(snapshot, question, result);
        let Regions { homes, elsewhere } = Regions::of(snapshot, question, result);
        let lost = example(result).map(|(trail, gap)| {
            let by = trail.map_or_else(String::new, |trail| format!(", by {}", trail.arn));
            format!("{}{by}", event::sentence(&gap.witness))
        });
        let outline = result.proof.as_ref().map(|proof| Outline::of(proof, LINES));
        let proof = outline.map(|outline| {
            let more = outline.is_cut.then(|| (0, "and more steps".to_string()));
            let lines = outline.lines.into_iter().map(|line| (line.depth, line.text));
            lines.chain(more).collect()
        });
        let trails = trails_with_results(snapshot, result);
        let unknowns = result.unknowns.iter();
        let id = result.account_id.as_str();
        Self {
            account: (id != NO_ACCOUNT).then(|| id.to_string()),
            name: result.name.clone(),
            kind: result.kind,
            mode: result.mode,
            verdict: result.verdict,
            rule: told.rule,
            cause: told.cause,
            why: told.why,
            lost,
            fix: told.fix,
            place: told.place.as_ref().map(ToString::to_string),
            exceptions: told.exceptions,
            is_excepted: told.is_excepted,
            elsewhere,
            regions: homes,
            trails: trails.map(|(observed, trail)| SheetTrail::of(observed, trail)).collect(),
            gaps: if result.trails.len() > 1 {
                descriptions(&result.gaps, result.more_gaps)
            } else {
                Vec::new()
            },
            unknowns: unknowns.map(|one| (one.reason.clone(), one.settled_by.clone())).collect(),
            proof: proof.unwrap_or_default(),
            assumptions: result.assumptions.clone(),
            allowed: result.allow_unlogged.iter().map(ToString::to_string).collect(),
            ways: result.completions.iter().take(WAYS).map(way).collect(),
            read: read(snapshot, result),
        }
    }
}

impl SheetTrail {
    fn of(observed: &ObservedTrail, trail: &TrailResult) -> Self {
        let reach = match observed.trail.is_multi_region_trail {
            Some(true) => "multi-Region",
            Some(false) => "single-Region",
            None => "not known whether multi-Region",
        };
        let counts = if trail.counts { "counts" } else { "does not count" };
        let template = trail
            .template
            .map_or_else(String::new, |template| format!("; log selector template {template}"));
        Self {
            arn: trail.arn.clone(),
            verdict: trail.verdict,
            state: format!("{reach}; {counts}{template}"),
            reasons: trail.reasons.clone(),
            gaps: descriptions(&trail.gaps, trail.more_gaps),
        }
    }
}

fn descriptions(gaps: &[Gap], has_more: bool) -> Vec<String> {
    let hidden = gaps.len().saturating_sub(LOST);
    let more = (has_more || hidden > 0).then(|| "and more".to_string());
    gaps.iter().take(LOST).map(|gap| gap.description.clone()).chain(more).collect()
}

fn way(completion: &Completion) -> String {
    let filled = |Filled { value_of, value }: &Filled| format!("{value_of}: {value}");
    completion.values.iter().map(filled).collect::<Vec<_>>().join("; ")
}

fn read(snapshot: &Snapshot, result: &AccountResult) -> Option<String> {
    let by = result.read_by.as_ref().map(|reader| {
        let region = reader.region.as_ref();
        let region = region.map_or_else(String::new, |region| format!(" in {region}"));
        format!("by {}{region}", reader.arn)
    });
    let at = snapshot.collected_at.as_ref().map(|time| format!("at {time}"));
    let parts: Vec<String> = by.into_iter().chain(at).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    fn sheet(sample: &Sample) -> Sheet {
        Sheet::of(&sample.snapshot, &sample.question, &sample.result)
    }

    #[test]
    fn each_verdict_has_its_evidence_in_words() {
        let proved = sheet(&Sample::compliant());
        assert!(proved.proof[0].1.starts_with("every event in scope: logged by selector 0"));
        assert_eq!((proved.lost, proved.unknowns.len()), (None, 0));
        let refuted = sheet(&Sample::non_compliant());
        assert!(refuted.lost.unwrap().starts_with("DeleteObject on arn:aws:s3:::payroll"));
        assert!(refuted.proof.is_empty());
        let open = sheet(&Sample::indeterminate());
        assert!(!open.unknowns.is_empty() && open.lost.is_none() && open.proof.is_empty());
    }

    #[test]
    fn an_account_that_a_plan_does_not_name_has_no_number() {
        let mut sample = Sample::compliant();
        sample.change(|members| members.account_id = NO_ACCOUNT.to_string());
        assert_eq!(sheet(&sample).account, None);
    }
}
