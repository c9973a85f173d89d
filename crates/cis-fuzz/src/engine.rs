//! The search against the proof's checker, and the checker against false proofs.

use arbitrary::Unstructured;
use cis_rules::internals::compile::Purpose;
use cis_rules::internals::problem::{Account, Problem};
use cis_rules::internals::proof::{Proof, RegionId, Step, StepId};
use cis_rules::internals::region::{Axis, Region};
use cis_rules::internals::search::{Unproved, prove};

use crate::account::{Asked, Bytes};
use crate::evidence::trails;
use testkit::chance::Chance;

/// A proof that is found is accepted; a region that is found is left; no forged proof hides it.
pub(crate) fn search_and_checker(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    let mut chance = Bytes::new(&mut bytes);
    let asked = Asked::new(&mut chance);
    let trails = trails(&asked.snapshot, &asked.question);
    let (id, partition) = (&asked.snapshot.account_id, &asked.snapshot.partition);
    let account = Account { id, partition };
    Problem::solve(&asked.question, account, &trails, Purpose::Verdict, |problem| {
        let scope = &problem.scope;
        let of_all = |selected| problem.covering(selected, |_| true).regions;
        let (surely, possibly) = (of_all(&problem.surely), of_all(&problem.possibly));
        let is_covered = |regions: &[Region]| match prove(scope, regions) {
            Ok(proof) => {
                let checked = proof.check(scope, regions);
                assert!(checked.is_ok(), "{checked:?}: {}", asked.json);
                true
            }
            Err(Unproved::TooMuch) => unreachable!("the account is small: {}", asked.json),
            Err(Unproved::Left(left)) => {
                let meets = |region: &Region| left.axes_exceeding(region).is_some();
                assert!(!left.is_empty() && left.is_subset(scope), "{}", asked.json);
                assert!(!regions.iter().any(meets), "{}", asked.json);
                false
            }
        };
        let covered = [is_covered(&surely), is_covered(&possibly)];
        assert!(covered[1] || !covered[0], "what is surely covered is not lost: {}", asked.json);
        for (regions, covered) in [&surely, &possibly].into_iter().zip(covered) {
            if !covered {
                forge(&mut chance, scope, regions);
            }
        }
    });
}

/// Makes proofs of what is not so, none of which may be accepted.
fn forge(chance: &mut impl Chance, scope: &Region, regions: &[Region]) {
    for _ in 0..4 {
        let mut steps = Vec::new();
        for index in 0..chance.below(9) {
            if chance.once_in(2) {
                let region = RegionId::new(chance.below(regions.len() + 1));
                steps.push(Step::Covered { region });
            } else {
                let axis = *chance.pick(&Axis::ALL);
                let mut parts = Vec::new();
                for _ in 0..chance.below(5) {
                    parts.push(StepId::new(chance.below(index + 1)));
                }
                steps.push(Step::Split { axis, parts });
            }
        }
        let proof = Proof { steps };
        assert!(proof.clone().check(scope, regions).is_err(), "accepted: {proof:?}");
    }
}
