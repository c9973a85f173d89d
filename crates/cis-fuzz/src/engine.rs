//! The search against the proof's checker, and the checker against false proofs.

use arbitrary::{Result, Unstructured};
use cis_rules::internals::compile::{Bound, SelectedRegion, Texts, pieces, scope, vocabulary};
use cis_rules::internals::proof::{Proof, Step};
use cis_rules::internals::region::{Axis, Region, Space};
use cis_rules::internals::search::{Unproved, prove};

use crate::account::Asked;
use crate::evidence::trails;
use crate::text::HEADER;

/// A proof that is found is accepted; a region that is found is left; no forged proof hides it.
pub(crate) fn search_and_checker(data: &[u8]) {
    // Too few bytes are no input.
    let _ = checked(&mut Unstructured::new(data));
}

fn checked(u: &mut Unstructured<'_>) -> Result<()> {
    let asked = Asked::new(u)?;
    let trails = trails(&asked.snapshot);
    let texts = Texts::new(&asked.question, "aws");
    let space = Space::new(HEADER, vocabulary(&texts, &asked.question, &trails));
    let scope = scope(&space, &texts, &asked.question);
    let of_all = |bound| -> Vec<SelectedRegion> {
        trails
            .iter()
            .enumerate()
            .flat_map(|(position, trail)| pieces(&space, &asked.question, trail, position, bound))
            .collect()
    };
    let (must, may) = (of_all(Bound::Surely), of_all(Bound::Possibly));
    let is_covered = |pieces: &[SelectedRegion]| match prove(&scope, pieces, |_| true) {
        Ok(proof) => {
            let checked = proof.check(&scope, pieces);
            assert!(checked.is_ok(), "{checked:?}: {}", asked.json);
            true
        }
        Err(Unproved::TooMuch) => unreachable!("the account is small: {}", asked.json),
        Err(Unproved::Left(left)) => {
            let meets = |piece: &SelectedRegion| left.axes_exceeding(&piece.region).is_some();
            assert!(!left.is_empty() && left.is_subset(&scope), "{}", asked.json);
            assert!(!pieces.iter().any(meets), "{}", asked.json);
            false
        }
    };
    let (surely, maybe) = (is_covered(&must), is_covered(&may));
    assert!(maybe || !surely, "what is surely covered is not lost: {}", asked.json);
    for (pieces, covered) in [(&must, surely), (&may, maybe)] {
        if !covered {
            forge(u, &scope, pieces)?;
        }
    }
    Ok(())
}

/// Makes proofs of what is not so, none of which may be accepted.
fn forge(u: &mut Unstructured<'_>, scope: &Region, pieces: &[SelectedRegion]) -> Result<()> {
    for _ in 0..4 {
        let mut steps = Vec::new();
        for index in 0..u.int_in_range(0..=8_usize)? {
            if u.arbitrary()? {
                steps.push(Step::Logged { piece: u.int_in_range(0..=pieces.len())? });
            } else {
                let axis = *u.choose(&Axis::ALL)?;
                let mut parts = Vec::new();
                for _ in 0..u.int_in_range(0..=4)? {
                    parts.push(u.int_in_range(0..=index)?);
                }
                steps.push(Step::Split { axis, parts });
            }
        }
        let proof = Proof { steps };
        assert!(proof.clone().check(scope, pieces).is_err(), "accepted: {proof:?}");
    }
    Ok(())
}
