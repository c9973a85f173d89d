//! Many random plans before the judge, what was found, and the first contradiction made small.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cis_rules::report::Verdict;

use crate::candidates::too_long;
use crate::judge::{Answer, Asked, Completion, Open, Plan, Truth, truths};
use crate::product::{Product, reasons};
use crate::tape::{Tape, shrink, split_mix};

/// How random plans are made: the plan and the questions about it.
pub(crate) type Maker = dyn Fn(&mut Tape) -> (Box<dyn Plan>, Vec<Asked>);

/// How many plans, from which seed, with how many completions each at most.
pub(crate) struct Size {
    pub(crate) plans: u64,
    pub(crate) seed: u64,
    pub(crate) bound: u64,
    /// Whether an answer that leaves undecided what all completions agree on is a fault.
    pub(crate) demands_completeness: bool,
    /// Whether each such answer is shown, with what the product says instead.
    pub(crate) shows_missed: bool,
}

impl Size {
    /// So many plans, for tests of the judge itself.
    pub(crate) const fn of(plans: u64) -> Self {
        Self { plans, seed: 1, bound: BOUND, demands_completeness: false, shows_missed: false }
    }

    /// As the environment says: `TRAILPROOF_COMPLETIONS`, `TRAILPROOF_COMPLETIONS_SEED`,
    /// `TRAILPROOF_COMPLETIONS_BOUND`, `TRAILPROOF_COMPLETIONS_DEMAND`, which is 1 where what is missed
    /// is a fault, and `TRAILPROOF_COMPLETIONS_SHOW`, which is 1 where it is shown.
    pub(crate) fn of_environment(plans: u64) -> Self {
        let number = |name: &str, default| match std::env::var(name) {
            Ok(value) => value.parse().unwrap(),
            Err(_) => default,
        };
        Self {
            plans: number("TRAILPROOF_COMPLETIONS", plans),
            seed: number("TRAILPROOF_COMPLETIONS_SEED", 1),
            bound: number("TRAILPROOF_COMPLETIONS_BOUND", BOUND),
            demands_completeness: number("TRAILPROOF_COMPLETIONS_DEMAND", 0) == 1,
            shows_missed: number("TRAILPROOF_COMPLETIONS_SHOW", 0) == 1,
        }
    }
}

/// What was found.
#[derive(Default)]
pub(crate) struct Found {
    /// Questions whose completions are all of one verdict, or of several, by the plan's verdict.
    pub(crate) truths: BTreeMap<String, u64>,
    /// Questions about plans that do not deploy, whatever the values.
    pub(crate) nothing_deploys: u64,
    /// Errors of the product, each message once with its count and a plan.
    pub(crate) refusals: BTreeMap<String, (u64, String)>,
    /// Questions that the completions looked at answer alike, though there may be others.
    pub(crate) unsure: u64,
    /// Questions that could not be asked.
    pub(crate) not_asked: u64,
    /// By the kinds of what is open: how many were decided and how many of these were missed.
    pub(crate) by_kind: BTreeMap<String, Tally>,
    /// For each kind, the shortest plan whose answer missed something, in words.
    pub(crate) missed: BTreeMap<String, String>,
    /// Faults, in words.
    pub(crate) faults: Vec<String>,
    /// How many completions were looked at.
    pub(crate) looked_at: u64,
    /// How many plans had so many open values.
    pub(crate) open_values: [u64; 9],
}

/// Of the questions that all completions answer alike.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) asked: u64,
    pub(crate) missed: u64,
}

impl Found {
    /// How many answers missed what all completions agree on, and of how many.
    pub(crate) fn all(&self) -> Tally {
        self.by_kind.get(ALL).copied().unwrap_or_default()
    }

    /// The table of what was missed.
    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "questions by what all completions say: {:?}", self.truths);
        let _ = writeln!(
            text,
            "plans by open values: {:?}; completions looked at: {}; nothing deploys: {}; not asked: {}; alike so far: {}",
            self.open_values, self.looked_at, self.nothing_deploys, self.not_asked, self.unsure
        );
        for (message, (count, plan)) in &self.refusals {
            let _ = writeln!(text, "refused {count} times: {message}\n{plan}");
        }
        let _ = writeln!(
            text,
            "{:<70} {:>8} {:>8}",
            "what is open (all completions agree)", "asked", "missed"
        );
        for (kind, tally) in &self.by_kind {
            let _ = writeln!(text, "{kind:<70} {:>8} {:>8}", tally.asked, tally.missed);
        }
        for (kind, missed) in self.missed.iter().filter(|(kind, _)| kind.starts_with(ONLY)) {
            let _ = writeln!(text, "missed, {kind}: {missed}");
        }
        text
    }
}

const ONLY: &str = "only: ";
const ALL: &str = "all";

/// The most completions of one plan that are looked at every day.
const BOUND: u64 = 256;

/// Holds a product against the judge; ends at the first fault, and makes it small.
pub(crate) fn run(make: &Maker, product: &Product, size: &Size) -> Found {
    let mut found = Found::default();
    let mut state = size.seed;
    for _ in 0..size.plans {
        let mut tape = Tape::from_seed(split_mix(&mut state));
        let (plan, asked) = make(&mut tape);
        if let Some(fault) = judge(&*plan, &asked, product, size, &mut found) {
            let choices = shrink(tape.choices(), 2000, |choices| {
                let (plan, asked) = make(&mut Tape::replay(choices));
                judge(&*plan, &asked, product, size, &mut Found::default()).is_some()
            });
            let (plan, asked) = make(&mut Tape::replay(&choices));
            let smallest = judge(&*plan, &asked, product, size, &mut Found::default());
            let smallest = smallest.unwrap_or(fault);
            found.faults.push(format!("seed {}: {smallest}", size.seed));
            break;
        }
    }
    found
}

/// Judges one plan; the fault in words, where there is one.
fn judge(
    plan: &dyn Plan,
    asked: &[Asked],
    product: &Product,
    size: &Size,
    found: &mut Found,
) -> Option<String> {
    let words: Vec<String> = asked.iter().flat_map(Asked::words).collect();
    let opens = plan.opens(&words);
    found.open_values[opens.len()] += 1;
    let truths = truths(plan, &opens, asked, size.bound);
    for (asked, truth) in asked.iter().zip(&truths) {
        found.looked_at += truth.looked_at as u64;
        let Some(verdict) = truth.verdict() else {
            found.nothing_deploys += 1;
            continue;
        };
        *found.truths.entry(verdict.to_string()).or_default() += 1;
        let answer = product(plan, &opens, asked);
        match &answer {
            Answer::Refuses(message) => {
                let refusal = found.refusals.entry(message.clone());
                refusal.or_insert_with(|| (0, plan.text())).0 += 1;
            }
            Answer::CannotBeAsked => found.not_asked += 1,
            Answer::Says(_) => {
                if let Some(against) = truth.against(&answer) {
                    let but = format!("but there is a completion that is {}", against.verdict);
                    return Some(described(plan, &opens, asked, &answer, &but, against));
                }
                if verdict == Verdict::Indeterminate {
                    continue;
                }
                if !truth.is_thorough {
                    found.unsure += 1;
                    continue;
                }
                let missed = truth.is_missed_by(&answer).then(|| {
                    let but = format!("but all completions are {verdict}, such as");
                    described(plan, &opens, asked, &answer, &but, &truth.examples[0])
                });
                if let Some(missed) = missed.as_ref().filter(|_| size.shows_missed) {
                    println!(
                        "missed: {missed}
said: {:?}
",
                        reasons(plan, asked)
                    );
                }
                count(found, &opens, missed.as_deref(), truth);
                if missed.is_some() && size.demands_completeness {
                    return missed;
                }
            }
        }
    }
    None
}

fn count(found: &mut Found, opens: &[Open], missed: Option<&str>, truth: &Truth) {
    let mut kinds: Vec<String> = opens.iter().flat_map(|open| open.kinds.clone()).collect();
    kinds.sort();
    kinds.dedup();
    if let [only] = kinds.as_slice() {
        kinds.push(format!("{ONLY}{only}"));
    }
    if kinds.is_empty() {
        kinds.push("nothing".to_string());
    }
    if truth.has_refused {
        kinds.push("some values do not deploy".to_string());
    }
    kinds.push(ALL.to_string());
    kinds.extend(truth.verdict().map(|verdict| format!("{ALL} {verdict}")));
    for kind in kinds {
        if let Some(missed) = missed {
            let shortest = found.missed.entry(kind.clone()).or_insert_with(|| missed.to_string());
            if missed.len() < shortest.len() {
                *shortest = missed.to_string();
            }
        }
        let tally = found.by_kind.entry(kind).or_default();
        tally.asked += 1;
        tally.missed += u64::from(missed.is_some());
    }
}

/// A question with its answer, and a completion that speaks against it, for a reader.
fn described(
    plan: &dyn Plan,
    opens: &[Open],
    asked: &Asked,
    answer: &Answer,
    but: &str,
    completion: &Completion,
) -> String {
    let question = &asked.question;
    let mut text = format!(
        "{answer:?}, {but}\nasked: {} {}, allowed {:?} {:?}, \
         deliveries {}, trusted {:?}\nsetting: {:?}\n",
        question.kind,
        question.mode,
        question.allow_unlogged,
        asked.own,
        question.deliveries,
        question.trusted_log_buckets,
        plan.setting(),
    );
    for (open, value) in opens.iter().zip(&completion.values) {
        let _ = writeln!(text, "  {} = `{value}`", open.name);
    }
    let _ = writeln!(text, "plan: {}\naccount: {}", plan.text(), completion.account.snapshot());
    text.replace(&too_long(), "<a text that is too long>")
}

/// What all completions of a plan say, for tests of the judge itself.
pub(crate) fn truth(plan: &dyn Plan, asked: &Asked) -> Truth {
    let opens = plan.opens(&asked.words());
    truths(plan, &opens, std::slice::from_ref(asked), 4096).remove(0)
}
