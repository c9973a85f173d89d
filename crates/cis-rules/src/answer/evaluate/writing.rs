//! Checked proofs as the report writes them.

use alloc::vec::Vec;

use super::decision::Proved;
use crate::answer::describe;
use crate::answer::report::{Assumption, LeftOut, LoggedBy, Proof, ProofPart, ProofStep, Split};
use crate::aws::selector::Selector;
use crate::engine::compile::{OutOfScope, SelectedRegion};
use crate::engine::problem::{Covering, Problem, Reason};
use crate::engine::proof::{Checked, Step, StepId};
use crate::sets::StringSet;
use crate::sets::region::Axis;

/// Joins proofs: a single one stays as it is, several get a first step that names the first of each.
pub(super) fn together(proofs: Vec<Proof>) -> Proof {
    match <[Proof; 1]>::try_from(proofs) {
        Ok([only]) => only,
        Err(proofs) => {
            let mut roots = Vec::new();
            let mut steps = Vec::new();
            for proof in proofs {
                let offset = steps.len() + 1;
                roots.push(offset);
                steps.extend(proof.steps.into_iter().map(|step| moved(step, offset)));
            }
            steps.insert(0, ProofStep::Each(roots));
            Proof { steps }
        }
    }
}

/// A step whose references to other steps are moved up by an offset.
fn moved(step: ProofStep, offset: usize) -> ProofStep {
    match step {
        ProofStep::Split(mut split) => {
            split.parts.iter_mut().for_each(|part| part.step += offset);
            ProofStep::Split(split)
        }
        ProofStep::Each(steps) => {
            ProofStep::Each(steps.into_iter().map(|step| step + offset).collect())
        }
        step @ (ProofStep::Logged(_) | ProofStep::OutOfScope(_)) => step,
    }
}

/// A checked proof, written down from its last step to the first, without the steps that it does not
/// need; `None` if it refers to something that is not there.
pub(super) fn proved(
    problem: &Problem<'_>,
    covering: &Covering<'_>,
    checked: &Checked,
) -> Option<Proved> {
    let numbers = numbers(checked);
    let steps: Vec<_> = checked.steps().collect();
    let needed = steps.iter().zip(&numbers).rev().filter(|(_, number)| number.is_some());
    let written = needed.map(|((step, _), _)| match step {
        Step::Covered { region } => Some(match covering.reason(*region)? {
            Reason::Selected(selected) => ProofStep::Logged(logged_by(problem, selected)?),
            Reason::OutOfScope(OutOfScope::Deliveries) => {
                ProofStep::OutOfScope(LeftOut::CloudtrailDeliveries)
            }
            Reason::OutOfScope(OutOfScope::NoSuchRecord) => {
                ProofStep::OutOfScope(LeftOut::NoSuchRecord)
            }
        }),
        Step::Split { axis, parts } => {
            let part = |part: &StepId| {
                let (_, covered) = part.of(&steps)?;
                let set = covered.on(*axis).and(problem.scope.on(*axis));
                let values = describe::axis_values(&problem.space, &problem.scope, *axis, &set);
                Some(ProofPart { values, step: (*part.of(&numbers)?)? })
            };
            let parts = parts.iter().map(part).collect::<Option<_>>()?;
            Some(ProofStep::Split(Split { field: axis.field(), parts }))
        }
    });
    Some(Proved {
        proof: Proof { steps: written.collect::<Option<_>>()? },
        assumptions: assumptions(problem, covering, checked)?,
    })
}

/// The number of each step that the last one needs, counted from the last.
fn numbers(checked: &Checked) -> Vec<Option<usize>> {
    let mut needed: Vec<bool> = checked.steps().map(|_| false).collect();
    if let Some(last) = needed.last_mut() {
        *last = true;
    }
    for (index, (step, _)) in checked.steps().enumerate().rev() {
        if let (Step::Split { parts, .. }, Some(true)) = (step, needed.get(index).copied()) {
            for part in parts {
                if let Some(part) = needed.get_mut(part.index()) {
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

fn logged_by(problem: &Problem<'_>, selected: &SelectedRegion) -> Option<LoggedBy> {
    let selector_name = match selected.selector(problem.trails)? {
        Selector::Advanced(advanced) => advanced.name.clone().filter(|name| !name.is_empty()),
        Selector::Basic(_) => None,
    };
    let trail = problem.trails.get(selected.trail)?;
    Some(LoggedBy { trail: trail.arn.into(), selector: selected.selector?, selector_name })
}

/// The readings of undocumented behaviour that a proof rests on; `None` if it refers to something
/// that is not there.
fn assumptions(
    problem: &Problem<'_>,
    covering: &Covering<'_>,
    checked: &Checked,
) -> Option<Vec<Assumption>> {
    let arn = problem.space.on(Axis::ARN);
    let (all, keyless) = (arn.all(), arn.keyless());
    let mut rests_on = [false; 2];
    for ((step, _), demand) in checked.steps().zip(arn_demands(problem, checked)?) {
        let Step::Covered { region } = step else { continue };
        let Reason::Selected(selected) = covering.reason(*region)? else { continue };
        if demand.is_empty() {
            continue;
        }
        let compares_arn = selected.selector(problem.trails)?.compares_arn();
        rests_on[0] |= compares_arn && demand.intersects(&keyless);
        rests_on[1] |= *selected.region.on(Axis::ARN) != all;
    }
    let named = [Assumption::ArnPrefix, Assumption::EachObject].into_iter().zip(rests_on);
    Some(named.filter(|(_, rests)| *rests).map(|(assumption, _)| assumption).collect())
}

/// The ARNs of the scope for which each step is needed.
fn arn_demands(problem: &Problem<'_>, checked: &Checked) -> Option<Vec<StringSet>> {
    let none = problem.space.on(Axis::ARN).none();
    let steps: Vec<_> = checked.steps().collect();
    let mut demands = alloc::vec![none; steps.len()];
    *demands.last_mut()? = problem.scope.on(Axis::ARN).clone();
    for index in (0..steps.len()).rev() {
        let (step, _) = steps.get(index)?;
        let Step::Split { axis, parts } = step else { continue };
        let mut left = demands.get(index)?.clone();
        for part in parts {
            let (_, covered) = part.of(&steps)?;
            let demand = demands.get_mut(part.index())?;
            if *axis == Axis::ARN {
                *demand = demand.or(&left.and(covered.on(Axis::ARN)));
                left = left.minus(covered.on(Axis::ARN));
            } else {
                *demand = demand.or(&left);
            }
        }
    }
    Some(demands)
}
