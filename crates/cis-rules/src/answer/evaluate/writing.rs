//! Checked proofs as the report writes them.

use alloc::vec::Vec;

use super::decision::Problem;
use crate::answer::describe;
use crate::answer::report::{self, LoggedBy, Proof, ProofPart, ProofStep, Split};
use crate::aws::selector::Selector;
use crate::engine::proof::{Checked, Step};
use crate::sets::StringSet;
use crate::sets::region::Axis;

/// Proofs as one: one alone, or a first step that names each one's first.
pub(super) fn proof(problem: &Problem<'_>, proofs: &[Checked]) -> Proof {
    if let [only] = proofs {
        return Proof { steps: steps(problem, only, 0) };
    }
    let mut roots = Vec::new();
    let mut all = alloc::vec![ProofStep::Each(Vec::new())];
    for proof in proofs {
        roots.push(all.len());
        all.extend(steps(problem, proof, all.len()));
    }
    if let Some(first) = all.first_mut() {
        *first = ProofStep::Each(roots);
    }
    Proof { steps: all }
}

/// The steps that a proof's last one needs, from that one down, numbered from an offset.
fn steps(problem: &Problem<'_>, proof: &Checked, offset: usize) -> Vec<ProofStep> {
    let numbers = numbers(proof);
    let number = |step: &usize| numbers.get(*step).copied().flatten().unwrap_or_default() + offset;
    let boxes: Vec<_> = proof.steps().map(|(_, covered)| covered).collect();
    let needed = proof.steps().zip(&numbers).rev().filter(|(_, number)| number.is_some());
    let written = needed.map(|((step, _), _)| match step {
        Step::Logged { piece } => {
            logged_by(problem, *piece).map_or(ProofStep::Empty, ProofStep::Logged)
        }
        Step::Split { axis, parts } => ProofStep::Split(Split {
            field: axis.name(),
            parts: parts
                .iter()
                .filter_map(|part| {
                    let set = boxes.get(*part)?.on(*axis).and(problem.scope.on(*axis));
                    let values = describe::axis_values(&problem.space, &problem.scope, *axis, &set);
                    Some(ProofPart { values, step: number(part) })
                })
                .collect(),
        }),
    });
    written.collect()
}

/// The number of each step that the last one needs, counted from the last.
fn numbers(proof: &Checked) -> Vec<Option<usize>> {
    let mut needed: Vec<bool> = proof.steps().map(|_| false).collect();
    if let Some(last) = needed.last_mut() {
        *last = true;
    }
    for (index, (step, _)) in proof.steps().enumerate().rev() {
        if let (Step::Split { parts, .. }, Some(true)) = (step, needed.get(index).copied()) {
            for part in parts {
                if let Some(part) = needed.get_mut(*part) {
                    *part = true;
                }
            }
        }
    }
    let mut next = 0;
    let mut numbers: Vec<Option<usize>> = needed
        .into_iter()
        .rev()
        .map(|is_needed| {
            next += usize::from(is_needed);
            is_needed.then(|| next - 1)
        })
        .collect();
    numbers.reverse();
    numbers
}

fn logged_by(problem: &Problem<'_>, piece: usize) -> Option<LoggedBy> {
    let piece = problem.must.get(piece)?;
    let selector_name = match piece.selector(problem.trails)? {
        Selector::Advanced(advanced) => advanced.name.clone().filter(|name| !name.is_empty()),
        Selector::Basic(_) => None,
    };
    let trail = problem.trails.get(piece.trail)?;
    Some(LoggedBy { trail: trail.arn.into(), selector: piece.selector?, selector_name })
}

/// The readings of undocumented behaviour that proofs rest on.
pub(super) fn assumptions(problem: &Problem<'_>, proofs: &[Checked]) -> Vec<&'static str> {
    let keyless = problem.space.on(Axis::Arn).keyless();
    let rests_on_prefix = |proof: &Checked| {
        let demands = arn_demands(problem, proof);
        proof.steps().zip(demands).any(|((step, _), demand)| {
            matches!(step, Step::Logged { piece } if compares_arn(problem, *piece))
                && demand.intersects(&keyless)
        })
    };
    report::assumptions(proofs.iter().any(rests_on_prefix))
}

/// The ARNs of the scope for which each step is needed.
fn arn_demands(problem: &Problem<'_>, proof: &Checked) -> Vec<StringSet> {
    let none = problem.space.on(Axis::Arn).none();
    let steps: Vec<_> = proof.steps().collect();
    let mut demands = alloc::vec![none; steps.len()];
    if let Some(last) = demands.last_mut() {
        *last = problem.scope.on(Axis::Arn).clone();
    }
    for index in (0..steps.len()).rev() {
        let (Some((Step::Split { axis, parts }, _)), Some(mut left)) =
            (steps.get(index), demands.get(index).cloned())
        else {
            continue;
        };
        for part in parts {
            let (Some((_, covered)), Some(demand)) = (steps.get(*part), demands.get_mut(*part))
            else {
                continue;
            };
            if *axis == Axis::Arn {
                *demand = demand.or(&left.and(covered.on(Axis::Arn)));
                left = left.minus(covered.on(Axis::Arn));
            } else {
                *demand = demand.or(&left);
            }
        }
    }
    demands
}

fn compares_arn(problem: &Problem<'_>, piece: usize) -> bool {
    let piece = problem.must.get(piece);
    piece.and_then(|piece| piece.selector(problem.trails)).is_some_and(Selector::compares_arn)
}
