//! What is answered about a plan: with the evidence of each completion, or with what divides them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Decided, Step, Undecided};
use crate::answer::report::{
    AccountResult, Completion, Conclusion, Filled, Gap, TrailResult, Unknown, Verdict,
};
use crate::answer::summary;
use crate::aws::open_values::StandIn;
use crate::aws::record::Record;
use crate::aws::snapshot::Snapshot;
use crate::spec::matching::Match;
use crate::spec::question::Question;
use crate::spec::scope::in_scope;
use crate::spec::trail::{Demands, Trail};

/// The answer where all completions have the same verdict: one completion's, with a lost record
/// that is lost in all of them where there is one, and each completion's own evidence beside it.
pub(super) fn together(all: Vec<Decided>, question: &Question) -> (AccountResult, Snapshot) {
    let mut all: Vec<Decided> = all.into_iter().map(Decided::say_what_is_meant).collect();
    let common = all.iter().position(|one| {
        let witness = one.result.gaps.first().map(|gap| &gap.witness.record);
        witness.is_some_and(|record| all.iter().all(|other| other.loses(record)))
    });
    let mut completions: Vec<Completion> = Vec::new();
    if all.iter().any(|one| !one.path.is_empty()) {
        completions.extend(all.iter().map(Decided::written));
    }
    // Else one whose names stand for many.
    let chosen = common.or_else(|| all.iter().position(|one| one.stand_ins().next().is_some()));
    let chosen = all.swap_remove(chosen.unwrap_or_default());
    let where_else = (common.is_none() && !all.is_empty()).then(|| chosen.path.clone());
    let result = reworded(chosen.result, |description| {
        say_where(description, where_else.as_deref().unwrap_or_default());
    });
    let result = result.rewritten(|members| {
        let assumptions = &mut members.assumptions;
        assumptions.extend(all.iter().flat_map(|other| &other.result.assumptions));
        assumptions.sort_unstable();
        assumptions.dedup();
        members.allow_unlogged.clone_from(&question.allow_unlogged);
        members.completions = completions;
        members.summary = summary::of(members);
    });
    (result, chosen.account)
}

/// The result with other words about its gaps, those of its trails included.
fn reworded(result: AccountResult, mut change: impl FnMut(&mut String)) -> AccountResult {
    result.rewritten(|members| {
        members.gaps.iter_mut().map(|gap| &mut gap.description).for_each(&mut change);
        members.trails.iter_mut().for_each(|trail| trail.reword_gaps(&mut change));
    })
}

impl Decided {
    /// Whether no trail logs a record that must be logged.
    fn loses(&self, record: &Record) -> bool {
        let trails = self.account.trails.iter().flatten();
        in_scope(record, &self.question, &self.account.partition)
            && trails.into_iter().all(|observed| {
                let demands = Demands::of(&self.question);
                Trail::new(observed, &self.account, demands).logs(record) == Match::No
            })
    }

    fn stand_ins(&self) -> impl Iterator<Item = &StandIn> {
        self.path.iter().filter_map(|step| step.stand_in.as_ref())
    }

    /// Says the plan's own names where texts stand that were made up for them.
    fn say_what_is_meant(self) -> Self {
        let stand_ins: Vec<StandIn> = self.stand_ins().cloned().collect();
        if stand_ins.is_empty() {
            return self;
        }
        let replace = |text: &mut String| {
            for StandIn { text: made_up, shown } in &stand_ins {
                *text = text.replace(made_up.as_str(), shown);
            }
        };
        let result = reworded(self.result, replace).rewritten(|members| {
            members.trails.iter_mut().for_each(|trail| trail.reword_reasons(replace));
        });
        Self { result, ..self }
    }

    fn written(&self) -> Completion {
        let filled = |Step { what, value, stand_in }: &Step| Filled {
            value_of: what.clone(),
            value: match stand_in {
                Some(StandIn { text, .. }) => alloc::format!("{value}, here `{text}`"),
                None => value.clone(),
            },
        };
        let in_trails = |trail: &TrailResult| trail.gaps.first().cloned();
        // What one trail loses and another logs is no part of a proof.
        let gaps: Vec<Gap> =
            if self.result.verdict == Verdict::NonCompliant && self.result.gaps.is_empty() {
                self.result.trails.iter().filter_map(in_trails).collect()
            } else {
                self.result.gaps.clone()
            };
        Completion {
            values: self.path.iter().map(filled).collect(),
            proof: self.result.proof.clone(),
            gaps,
        }
    }
}

/// Says with which values something holds, unless the words have them already.
fn say_where(description: &mut String, path: &[Step]) {
    let is_said = |step: &&Step| {
        step.stand_in.as_ref().is_some_and(|stand_in| description.contains(&stand_in.shown))
    };
    let steps: Vec<String> = path
        .iter()
        .filter(|step| !is_said(step))
        .map(|step| alloc::format!("{} is {}", step.what, step.value))
        .collect();
    if !steps.is_empty() {
        description.push_str(", where ");
        description.push_str(&steps.join(" and "));
    }
}

/// The answer where completions differ, or where one is not decided.
pub(super) fn open(
    whole: AccountResult,
    undecided: Undecided,
    question: &Question,
) -> AccountResult {
    let mut whole = whole.into_members();
    let left = core::mem::take(&mut whole.unknowns);
    let unknowns = match undecided {
        Undecided::Divided { what, settled_by, ways: [(one, first), (other, second)] } => {
            let reason =
                alloc::format!("it depends on {what}: {first} with {one}, {second} with {other}");
            alloc::vec![Unknown { reason, settled_by }]
        }
        Undecided::Open(unknowns) => unknowns,
        Undecided::TooMany(tried) => {
            let reason = alloc::format!(
                "the plan leaves too much open: only {tried} ways to fill it in were tried"
            );
            let settled_by = "give some of the values".to_string();
            [Unknown { reason, settled_by }].into_iter().chain(left).collect()
        }
    };
    let nothing = || Unknown {
        reason: "a value of the plan is not known".to_string(),
        settled_by: "deploy, and audit the account".to_string(),
    };
    whole.allow_unlogged.clone_from(&question.allow_unlogged);
    let conclusion = Conclusion::open(unknowns, nothing);
    AccountResult::concluded(whole, conclusion).rewritten(|members| {
        members.summary = summary::of(members);
    })
}
