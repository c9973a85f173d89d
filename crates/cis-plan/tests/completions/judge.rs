//! The judge: every completion of a plan is an account, the rule answers each of them, and the
//! plan's answer must be what all of them have in common.

use std::collections::HashMap;

use cis_plan::Setting;
use cis_rules::question::Question;
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;

use crate::account::Account;

/// A plan that leaves something open.
pub(crate) trait Plan {
    /// Its text, as the product reads it.
    fn text(&self) -> String;
    /// What is given beside it.
    fn setting(&self) -> Setting;
    /// What it leaves open. The `words` are what the question mentions.
    fn opens(&self, words: &[String]) -> Vec<Open>;
    /// The account that it makes with these values, one for each that is open; none where it would
    /// not deploy.
    fn complete(&self, values: &[String]) -> Option<Account>;
}

/// Something that is open.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// What a reader looks for in the plan.
    pub(crate) name: String,
    /// What kind of thing it is, with each place where it is used, for the table.
    pub(crate) kinds: Vec<String>,
    /// Values that it may get.
    pub(crate) candidates: Vec<String>,
    /// Whether these surely stand for all values.
    pub(crate) is_thorough: bool,
}

/// A question, which may allow buckets by the plan's own names of them.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) own: Vec<String>,
}

impl Asked {
    /// The question about one account.
    fn about(&self, account: &Account) -> Question {
        let mut question = self.question.clone();
        let own = account.buckets.iter().filter(|(id, _)| self.own.contains(id));
        question.allow_unlogged.extend(own.map(|(_, name)| name.parse().unwrap()));
        question
    }

    /// The bucket names that it mentions.
    pub(crate) fn words(&self) -> Vec<String> {
        let question = &self.question;
        let all = question.allow_unlogged.iter().chain(&question.trusted_log_buckets);
        all.map(ToString::to_string).collect()
    }
}

/// What a product says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Says(Verdict),
    /// An error instead of a verdict.
    Refuses(String),
    /// It has no way to ask this yet.
    CannotBeAsked,
}

/// One of the completions.
#[derive(Clone, Debug)]
pub(crate) struct Completion {
    pub(crate) values: Vec<String>,
    pub(crate) account: Account,
    pub(crate) verdict: Verdict,
}

/// What the completions have in common.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    /// One completion of each verdict, in the order in which they were met.
    pub(crate) examples: Vec<Completion>,
    /// Whether the completions surely stand for all.
    pub(crate) is_thorough: bool,
    /// How many were looked at.
    pub(crate) looked_at: usize,
    /// Whether some values would not deploy.
    pub(crate) has_refused: bool,
}

impl Truth {
    /// The verdict of the plan; none where nothing deploys.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        match self.examples.as_slice() {
            [] => None,
            [only] => Some(only.verdict),
            _ => Some(Verdict::Indeterminate),
        }
    }

    /// A completion that contradicts an answer.
    pub(crate) fn against(&self, answer: &Answer) -> Option<&Completion> {
        match answer {
            Answer::Says(Verdict::Indeterminate) | Answer::Refuses(_) | Answer::CannotBeAsked => {
                None
            }
            Answer::Says(verdict) => self.examples.iter().find(|one| one.verdict != *verdict),
        }
    }

    /// Whether an answer leaves undecided what all completions agree on.
    pub(crate) fn is_missed_by(&self, answer: &Answer) -> bool {
        let decided = self.verdict().filter(|verdict| *verdict != Verdict::Indeterminate);
        self.is_thorough && decided.is_some() && *answer == Answer::Says(Verdict::Indeterminate)
    }
}

/// Looks at the completions of a plan, at most `bound` of them, for each question.
pub(crate) fn truths(plan: &dyn Plan, opens: &[Open], asked: &[Asked], bound: u64) -> Vec<Truth> {
    let total: u64 = opens.iter().map(|open| open.candidates.len() as u64).product();
    let is_thorough = total <= bound && opens.iter().all(|open| open.is_thorough);
    let mut truths: Vec<Truth> = asked
        .iter()
        .map(|_| Truth { examples: Vec::new(), is_thorough, looked_at: 0, has_refused: false })
        .collect();
    let stride = stride(total);
    let mut known: HashMap<Account, Vec<Option<Verdict>>> = HashMap::new();
    for step in 0..total.min(bound) {
        if truths.iter().all(|truth| truth.examples.len() > 1) {
            break;
        }
        let position = u128::from(step) * u128::from(stride) % u128::from(total);
        let values = nth(opens, u64::try_from(position).unwrap());
        let Some(account) = plan.complete(&values) else {
            truths.iter_mut().for_each(|truth| truth.has_refused = true);
            continue;
        };
        let verdicts = known.entry(account.clone()).or_insert_with(|| vec![None; asked.len()]);
        let mut snapshot = None;
        for ((truth, asked), known) in truths.iter_mut().zip(asked).zip(verdicts) {
            truth.looked_at += 1;
            if truth.examples.len() > 1 || known.is_some() {
                continue;
            }
            let snapshot =
                snapshot.get_or_insert_with(|| Snapshot::from_json(&account.snapshot()).unwrap());
            let verdict = cis_rules::evaluate(snapshot, &asked.about(&account)).verdict;
            *known = Some(verdict);
            if truth.examples.iter().all(|example| example.verdict != verdict) {
                let (values, account) = (values.clone(), account.clone());
                truth.examples.push(Completion { values, account, verdict });
            }
        }
    }
    truths
}

/// The values of one of all combinations.
fn nth(opens: &[Open], mut position: u64) -> Vec<String> {
    let mut values = Vec::new();
    for open in opens {
        let count = open.candidates.len() as u64;
        values.push(open.candidates[usize::try_from(position % count).unwrap()].clone());
        position /= count;
    }
    values
}

/// A step that visits all of `total` positions, each once, neighbours far apart: about the golden
/// section of it, so that the first ones are spread over all.
fn stride(total: u64) -> u64 {
    let mut stride = u64::try_from(u128::from(total) * 618_034 / 1_000_000).unwrap() + 1;
    while greatest_common_divisor(stride, total) != 1 {
        stride += 1;
    }
    stride
}

fn greatest_common_divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}
