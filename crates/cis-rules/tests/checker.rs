//! The checker takes what the search proves, and nothing that is made up.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_rules::internals::compile::Purpose;
use cis_rules::internals::problem::{Account, Problem};
use cis_rules::internals::proof::{Proof, Step, StepId};
use cis_rules::internals::region::{Axis, Region};
use cis_rules::internals::search::prove;
use cis_rules::internals::trail::{Demands, Trail};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;
use serde_json::json;

/// Proves an account of three selectors: a prefix in two parts, and the rest.
fn with_proof(check: impl Fn(&Region, &[Region], Proof)) {
    let selector = |arn: serde_json::Value| {
        json!({"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}, arn]})
    };
    let snapshot = json!({"schemaVersion": 1, "accountId": "111122223333", "trails": [{
        "trail": {"TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/a", "IsMultiRegionTrail": true},
        "status": {"IsLogging": true},
        "eventSelectors": {"AdvancedEventSelectors": [
            selector(json!({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::a"], "NotStartsWith": ["arn:aws:s3:::ab"]})),
            selector(json!({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::ab"]})),
            selector(json!({"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::a"]})),
        ]},
    }]});
    let snapshot = Snapshot::from_json(&snapshot.to_string()).unwrap();
    let question = Question::new(Kind::Write, Mode::Any);
    let trails: Vec<Trail<'_>> = snapshot
        .trails
        .iter()
        .flatten()
        .map(|trail| Trail::new(trail, &snapshot, Demands::default()))
        .collect();
    let account = Account { id: &snapshot.account_id, partition: "aws" };
    Problem::solve(&question, account, &trails, Purpose::Verdict, |problem| {
        let regions = problem.covering(&problem.surely, |_| true).regions;
        assert_eq!(regions.len(), 3);
        let proof = prove(&problem.scope, &regions).unwrap();
        check(&problem.scope, &regions, proof);
    });
}

#[test]
fn a_found_proof_is_accepted() {
    with_proof(|scope, regions, proof| {
        assert!(proof.steps.iter().any(|step| matches!(step, Step::Split { .. })));
        assert!(proof.check(scope, regions).is_ok());
    });
}

#[test]
fn a_proof_without_its_end_is_refused() {
    with_proof(|scope, regions, proof| {
        for length in 0..proof.steps.len() {
            let shorter = Proof { steps: proof.steps.iter().take(length).cloned().collect() };
            assert!(shorter.check(scope, regions).is_err(), "{length} steps");
        }
    });
}

#[test]
fn a_proof_that_leaves_out_a_part_is_refused() {
    with_proof(|scope, regions, proof| {
        for (index, step) in proof.steps.iter().enumerate() {
            let Step::Split { axis, parts } = step else { continue };
            for left_out in 0..parts.len() {
                let mut parts = parts.clone();
                parts.remove(left_out);
                let mut steps = proof.steps.clone();
                steps[index] = Step::Split { axis: *axis, parts };
                assert!(
                    Proof { steps }.check(scope, regions).is_err(),
                    "step {index} without part {left_out}"
                );
            }
        }
    });
}

#[test]
fn a_proof_along_another_axis_is_refused() {
    with_proof(|scope, regions, proof| {
        for axis in Axis::ALL.into_iter().filter(|axis| *axis != Axis::ARN) {
            let other = |step: &Step| match step {
                Step::Split { parts, .. } => Step::Split { axis, parts: parts.clone() },
                covered @ Step::Covered { .. } => covered.clone(),
            };
            let steps = proof.steps.iter().map(other).collect();
            assert!(Proof { steps }.check(scope, regions).is_err(), "{axis:?}");
        }
    });
}

#[test]
fn a_proof_from_selectors_that_are_gone_is_refused() {
    with_proof(|scope, regions, proof| {
        for gone in 0..regions.len() {
            let mut fewer = regions.to_vec();
            fewer.remove(gone);
            assert!(proof.clone().check(scope, &fewer).is_err(), "without selector {gone}");
        }
    });
}

#[test]
fn a_proof_that_looks_ahead_is_refused() {
    with_proof(|scope, regions, proof| {
        let mut steps = proof.steps;
        steps.reverse();
        assert!(Proof { steps }.check(scope, regions).is_err());
        let itself =
            Proof { steps: vec![Step::Split { axis: Axis::ARN, parts: vec![StepId::new(0)] }] };
        assert!(itself.check(scope, regions).is_err());
        let nothing = Proof { steps: vec![Step::Split { axis: Axis::ARN, parts: Vec::new() }] };
        assert!(nothing.check(scope, regions).is_err());
    });
}
