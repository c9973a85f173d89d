//! The search against the proof's checker, and the checker against false proofs.

use arbitrary::{Result, Unstructured};
use cis_rules::internals::compile::Purpose;
use cis_rules::internals::problem::{Account, Problem};
use cis_rules::internals::proof::{Proof, RegionId, Step, StepId};
use cis_rules::internals::region::{Axis, Region};
use cis_rules::internals::search::{Unproved, prove};

use crate::account::Asked;
use crate::evidence::trails;

/// A proof that is found is accepted; a region that is found is left; no forged proof hides it.
pub(crate) fn search_and_checker(data: &[u8]) {
    // Too few bytes are no input.
    let _ = checked(&mut Unstructured::new(data));
}

fn checked(u: &mut Unstructured<'_>) -> Result<()> {
    let asked = Asked::new(u)?;
    let trails = trails(&asked.snapshot);
    let account = Account { id: &asked.snapshot.account_id, partition: "aws" };
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
                forge(u, scope, regions)?;
            }
        }
        Ok(())
    })
}

/// Makes proofs of what is not so, none of which may be accepted.
fn forge(u: &mut Unstructured<'_>, scope: &Region, regions: &[Region]) -> Result<()> {
    for _ in 0..4 {
        let mut steps = Vec::new();
        for index in 0..u.int_in_range(0..=8_usize)? {
            if u.arbitrary()? {
                steps.push(Step::Covered {
                    region: RegionId::new(u.int_in_range(0..=regions.len())?),
                });
            } else {
                let axis = *u.choose(&Axis::ALL)?;
                let mut parts = Vec::new();
                for _ in 0..u.int_in_range(0..=4)? {
                    parts.push(StepId::new(u.int_in_range(0..=index)?));
                }
                steps.push(Step::Split { axis, parts });
            }
        }
        let proof = Proof { steps };
        assert!(proof.clone().check(scope, regions).is_err(), "accepted: {proof:?}");
    }
    Ok(())
}
