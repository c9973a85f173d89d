//! The verdict of a plan: that of all its completions.
//!
//! A plan as it stands has a snapshot in which what is open is neither surely logged nor surely
//! lost. Where that snapshot has a verdict, every completion has it. Where it has none, an open
//! value is filled in, each way in turn, until all that is left has verdicts or two of them differ.

mod writing;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::evaluate::decide;
use crate::answer::report::{AccountResult, Unknown, Verdict};
use crate::aws::open_values::{Asked, Budget, OpenValues, PlannedBucket, Split, StandIn, Way};
use crate::aws::snapshot::Snapshot;
use crate::spec::question::{BucketName, Question};
use writing::{open, together};

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
