//! What must hold of any result, whatever it was asked about.

use cis_rules::RecordField;
use cis_rules::internals::matching::Match;
use cis_rules::internals::scope::in_scope;
use cis_rules::internals::trail::{Demands, Reach, Trail};
use cis_rules::question::{Mode, Question};
use cis_rules::record::Record;
use cis_rules::report::{AccountResult, Gap, Verdict};
use cis_rules::snapshot::Snapshot;

/// The snapshot's trails as a question sees them.
pub(crate) fn trails<'a>(snapshot: &'a Snapshot, question: &Question) -> Vec<Trail<'a>> {
    let observed = snapshot.trails.as_deref().unwrap_or_default();
    observed.iter().map(|trail| Trail::new(trail, snapshot, Demands::of(question))).collect()
}

/// Whether a trail surely loses a witness. One that names no Region stands for a record of a Region
/// that no single-Region trail has.
fn loses(trail: &Trail<'_>, witness: &Record) -> bool {
    if witness.get(RecordField::AwsRegion).is_some() {
        return trail.logs(witness) == Match::No;
    }
    let elsewhere = witness.clone().with(RecordField::AwsRegion, "xx-other-1");
    matches!(trail.reach, Reach::HomeRegion(None)) || trail.logs(&elsewhere) == Match::No
}

/// Checks the result's own rules: what each verdict carries, and that witnesses are lost.
pub(crate) fn check(snapshot: &Snapshot, question: &Question, result: &AccountResult) {
    assert!((1..=256).contains(&result.summary.chars().count()), "{}", result.summary);
    assert_eq!(result.proof.is_some(), result.verdict == Verdict::Compliant);
    assert_eq!(!result.unknowns.is_empty(), result.verdict == Verdict::Indeterminate);
    let trails = trails(snapshot, question);
    let is_lost = |gap: &Gap, arn: Option<&str>| {
        let record = &gap.witness.record;
        let mut meant = trails.iter().filter(|trail| arn.is_none_or(|arn| arn == trail.arn));
        in_scope(record, question, &snapshot.partition)
            && match arn {
                None => meant.all(|trail| loses(trail, record)),
                // Two trails may have one ARN.
                Some(_) => meant.any(|trail| loses(trail, record)),
            }
    };
    for gap in &result.gaps {
        assert!(is_lost(gap, None), "{:?}", gap.witness);
    }
    for trail in &result.trails {
        assert_eq!(trail.verdict == Verdict::NonCompliant, !trail.gaps.is_empty());
        for gap in &trail.gaps {
            assert!(is_lost(gap, Some(&trail.arn)), "{}: {:?}", trail.arn, gap.witness);
        }
    }
    if question.mode == Mode::Union {
        assert_eq!(result.verdict == Verdict::NonCompliant, !result.gaps.is_empty());
    }
    check_proof(result);
}

/// Checks that the written proof refers only to later steps and to selectors that are there.
fn check_proof(result: &AccountResult) {
    use cis_rules::report::ProofStep;

    for (index, step) in result.proof.iter().flat_map(|proof| proof.steps.iter().enumerate()) {
        let steps = result.proof.as_ref().map_or(0, |proof| proof.steps.len());
        let parts: Vec<usize> = match step {
            ProofStep::Logged(by) => {
                assert!(result.trails.iter().any(|trail| trail.arn == by.trail), "{by:?}");
                Vec::new()
            }
            ProofStep::Split(split) => split.parts.iter().map(|part| part.step).collect(),
            ProofStep::Each(parts) => parts.clone(),
            ProofStep::OutOfScope(_) => Vec::new(),
        };
        assert!(parts.iter().all(|part| (index + 1..steps).contains(part)), "{index}: {step:?}");
    }
}
