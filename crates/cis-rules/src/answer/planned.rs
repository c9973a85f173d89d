//! The verdict of a plan: that of all its completions.
//!
//! A plan as it stands has a snapshot in which what is open is neither surely logged nor surely
//! lost. Where that snapshot has a verdict, every completion has it. Where it has none, an open
//! value is filled in, each way in turn, until all that is left has verdicts or two of them differ.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::evaluate::decide;
use crate::answer::report::{
    AccountResult, Completion, Conclusion, Filled, Gap, TrailResult, Unknown, Verdict,
};
use crate::answer::summary;
use crate::aws::open_values::{Asked, Budget, OpenValues, PlannedBucket, Split, StandIn, Way};
use crate::aws::record::Record;
use crate::aws::snapshot::Snapshot;
use crate::spec::matching::Match;
use crate::spec::question::{BucketName, Question};
use crate::spec::scope::in_scope;
use crate::spec::trail::{Demands, Trail};

/// The most completions that are looked at.
pub(crate) const MOST_COMPLETIONS: usize = 4096;

/// Answers a question about a plan with open values. The completion that the answer's trails are of
/// comes with it, where they are not the plan's own.
pub(crate) fn evaluate(
    snapshot: &Snapshot,
    question: &Question,
) -> (AccountResult, Option<Snapshot>) {
    let mut search = Search { question, completions: Vec::new(), budget: Budget::default() };
    match search.visit(snapshot, &mut Vec::new()) {
        Ok(_) => {
            let (result, mut account) = together(search.completions, question);
            let result = result.rewritten(|members| members.name.clone_from(&snapshot.name));
            account.name.clone_from(&snapshot.name);
            account.open_values = OpenValues::default();
            (result, Some(account))
        }
        Err(undecided) => {
            let (asked, _) = asked(snapshot, question);
            (open(decide(snapshot, &asked), undecided, question), None)
        }
    }
}

/// One completion, or several that need not be told apart, with what was decided of it.
struct Decided {
    path: Vec<Step>,
    account: Snapshot,
    question: Question,
    result: AccountResult,
}

/// An open value and the way in which it is filled in.
#[derive(Clone)]
struct Step {
    what: String,
    value: String,
    stand_in: Option<StandIn>,
}

/// Why a plan is not decided.
enum Undecided {
    /// Two ways to fill in a value lead to different verdicts.
    Divided { what: String, settled_by: String, ways: [(String, Verdict); 2] },
    /// What is not known of a completion.
    Open(Vec<Unknown>),
    /// There are more completions than are looked at: so many were.
    TooMany(usize),
}

struct Search<'q> {
    question: &'q Question,
    completions: Vec<Decided>,
    budget: Budget,
}

impl Search<'_> {
    /// The verdict of all completions of an account that is filled in so far as the path says.
    fn visit(&mut self, account: &Snapshot, path: &mut Vec<Step>) -> Result<Verdict, Undecided> {
        let (question, unnamed) = asked(account, self.question);
        let result = decide(account, &question);
        let verdict = result.verdict;
        // A bucket that may stay unlogged and whose name is not known may be the one that is lost.
        let is_decided = match verdict {
            Verdict::Compliant => true,
            Verdict::NonCompliant => unnamed.is_empty(),
            Verdict::Indeterminate => false,
        };
        if is_decided {
            if self.completions.len() == MOST_COMPLETIONS {
                return Err(Undecided::TooMany(MOST_COMPLETIONS));
            }
            let (path, account) = (path.clone(), account.clone());
            self.completions.push(Decided { path, account, question, result });
            return Ok(verdict);
        }
        let split = self.split(account, &unnamed);
        if self.budget.is_spent() {
            return Err(Undecided::TooMany(self.completions.len()));
        }
        let Some(Split { what, settled_by, ways }) = split else {
            let unnamed = unnamed.iter().map(|name| name_is_open(name));
            return Err(Undecided::Open(unnamed.chain(result.into_members().unknowns).collect()));
        };
        let mut first: Option<(String, Verdict)> = None;
        for Way { value, stand_in, account } in ways {
            path.push(Step { what: what.clone(), value: value.clone(), stand_in });
            let verdict = self.visit(&account, path)?;
            path.pop();
            match &first {
                None => first = Some((value, verdict)),
                Some((_, same)) if *same == verdict => {}
                Some(other) => {
                    let ways = [other.clone(), (value, verdict)];
                    return Err(Undecided::Divided { what, settled_by, ways });
                }
            }
        }
        match first {
            Some((_, verdict)) => Ok(verdict),
            None => Err(Undecided::Open(result.into_members().unknowns)),
        }
    }

    fn split(&self, account: &Snapshot, unnamed: &[String]) -> Option<Split> {
        let names = self.question.allow_unlogged.iter().chain(&self.question.trusted_log_buckets);
        let mentions: Vec<String> = names.map(ToString::to_string).collect();
        let asked = Asked {
            mentions: &mentions,
            buckets: unnamed,
            log_buckets: !self.question.trusted_log_buckets.is_empty(),
            budget: &self.budget,
        };
        let split = account.open_values.completions()?.split(&asked)?;
        (!split.ways.is_empty()).then_some(split)
    }
}

/// The question with the plan's own names of buckets replaced by the buckets' names, and those of
/// them whose name is not known.
fn asked(account: &Snapshot, question: &Question) -> (Question, Vec<String>) {
    let completions = account.open_values.completions();
    let buckets = completions.map(|all| all.buckets()).unwrap_or_default();
    let mut unnamed = Vec::new();
    let names = question.allow_unlogged.iter();
    let allow_unlogged = names.flat_map(|name| resolved(name, &buckets, &mut unnamed)).collect();
    (Question { allow_unlogged, ..question.clone() }, unnamed)
}

/// The buckets that a name means: the plan's own ones of that name, else the bucket so named.
fn resolved(
    name: &BucketName,
    buckets: &[PlannedBucket],
    unnamed: &mut Vec<String>,
) -> Vec<BucketName> {
    let own: Vec<&PlannedBucket> =
        buckets.iter().filter(|bucket| bucket.own_name == name.as_str()).collect();
    if own.is_empty() {
        return alloc::vec![name.clone()];
    }
    let parsed = |bucket: &&PlannedBucket| bucket.name.as_ref().and_then(|name| name.parse().ok());
    let known: Vec<BucketName> = own.iter().filter_map(parsed).collect();
    if known.len() < own.len() {
        unnamed.push(name.to_string());
    }
    known
}

fn name_is_open(own_name: &str) -> Unknown {
    Unknown {
        reason: alloc::format!("the name of bucket `{own_name}` is not known"),
        settled_by: "allow it by its name".to_string(),
    }
}

/// The answer where all completions have the same verdict: one completion's, with a lost record
/// that is lost in all of them where there is one, and each completion's own evidence beside it.
fn together(all: Vec<Decided>, question: &Question) -> (AccountResult, Snapshot) {
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
        let gaps: Vec<Gap> = if self.result.gaps.is_empty() {
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
fn open(whole: AccountResult, undecided: Undecided, question: &Question) -> AccountResult {
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
