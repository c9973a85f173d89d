//! Plans: each is a list of calls after which the account is COMPLIANT, as the engine has proved.

mod new_trail;
mod of_trail;

use std::cmp::Reverse;

use cis_rules::{Kind, Mode, Question};

use crate::account::Account;
use crate::draft::Draft;
use crate::edits::EditKind;
use crate::selectors::SelectorSet;
use crate::trail::{Handle, trails};

/// How much a plan takes. The order is that of preference.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Effort {
    /// Whether something that was taken before may be lost.
    pub(crate) loses: bool,
    /// Whether a new trail is made.
    pub(crate) is_new_trail: bool,
    /// Whether another account must make a call.
    pub(crate) is_of_other: bool,
    /// Whether a trail delivers to another bucket.
    pub(crate) redirects: bool,
    /// Whether basic selectors become advanced ones.
    pub(crate) converts: bool,
    /// How many calls are made.
    pub(crate) calls: usize,
    /// What is done to selectors.
    pub(crate) edits: Vec<EditKind>,
    /// Whether CloudTrail's own deliveries are left out without need, or not although that would do.
    pub(crate) is_odd: bool,
}

/// What a plan does to the selectors of one trail.
#[derive(Clone, Debug)]
pub(crate) struct Put {
    /// The entry of the trail, in the account afterwards.
    pub(crate) entry: usize,
    /// What is done.
    pub(crate) kind: EditKind,
    /// The set before.
    pub(crate) before: SelectorSet,
    /// The set afterwards.
    pub(crate) after: SelectorSet,
    /// What may be lost, in words.
    pub(crate) lost: Vec<String>,
}

/// Calls after which the account is COMPLIANT.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The calls, and the entries as they leave them.
    pub(crate) draft: Draft,
    /// The account afterwards.
    pub(crate) after: Account,
    /// How much it takes.
    pub(crate) effort: Effort,
    /// What it does to selectors.
    pub(crate) puts: Vec<Put>,
    /// The entries that it touches.
    pub(crate) touched: Vec<usize>,
}

/// What a plan must reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aim<'a> {
    /// The account.
    pub(crate) account: &'a Account,
    /// The questions, which differ in their kinds only.
    pub(crate) questions: &'a [Question],
    /// The kinds that are not COMPLIANT now.
    pub(crate) missing: &'a [Kind],
    /// The bucket of a new trail.
    pub(crate) log_bucket: Option<&'a str>,
}

/// What came of planning.
#[derive(Debug)]
pub(crate) struct Plans {
    /// The plans, the smallest first.
    pub(crate) all: Vec<Plan>,
    /// Why there are no plans, or not more of them.
    pub(crate) obstacles: Vec<Obstacle>,
}

/// What stands in the way of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// A quota is used up.
    Quota(String),
    /// Another account, or another permission, is needed.
    Other(String),
}

/// Every plan that was found.
pub(crate) fn plans(aim: &Aim<'_>) -> Plans {
    let mut obstacles = Vec::new();
    if aim.account.snapshot().trails.is_none() {
        obstacles.push(Obstacle::Other(
            "the trails could not be listed, so it is not known what to change: allow \
             cloudtrail:DescribeTrails and read the account again"
                .to_owned(),
        ));
        return Plans { all: Vec::new(), obstacles };
    }
    let lists = |call: &str| matches!(call, "DescribeTrails" | "ListTrails");
    let failed = aim.account.snapshot().unreadable.iter().find(|failed| lists(&failed.call));
    if let Some(failed) = failed {
        obstacles.push(Obstacle::Other(format!(
            "there may be trails that are not listed, for {failed}: allow \
             cloudtrail:DescribeTrails and read the account again"
        )));
    }
    let (handles, unnamed) = trails(aim.account);
    if unnamed > 0 {
        obstacles.push(Obstacle::Other(format!(
            "{unnamed} of the trails have no ARN and no name, or no Region, or such as AWS gives \
             none, so no request can name them: read the account again"
        )));
    }
    let mode = aim.questions.first().map(|question| question.mode).unwrap_or_default();
    let mut all = match mode {
        Mode::Every if !aim.account.trails().is_empty() => {
            every_trail(aim, &handles, &mut obstacles)
        }
        Mode::Any | Mode::Union | Mode::Every => {
            let mut all: Vec<Plan> = Vec::new();
            for handle in &handles {
                all.extend(of_trail::plans(aim, handle, &mut obstacles));
            }
            all.extend(new_trail::plans(aim, &handles, &mut obstacles));
            all
        }
    };
    all.retain(|plan| plan.after.is_compliant(aim.questions));
    all.sort_by(|one, other| one.effort.cmp(&other.effort));
    let mut distinct: Vec<Plan> = Vec::new();
    for plan in all {
        if !distinct.iter().any(|other| other.draft.changes == plan.draft.changes) {
            distinct.push(plan);
        }
    }
    if distinct.is_empty() && obstacles.is_empty() {
        obstacles.push(Obstacle::Other(
            "no change of the trails makes the account COMPLIANT by what is known of it: read the \
             account again with the permissions cloudtrail:DescribeTrails, \
             cloudtrail:GetTrailStatus and cloudtrail:GetEventSelectors"
                .to_owned(),
        ));
    }
    Plans { all: distinct, obstacles }
}

/// Plans that change every trail that does not log everything by itself.
fn every_trail(aim: &Aim<'_>, handles: &[Handle<'_>], obstacles: &mut Vec<Obstacle>) -> Vec<Plan> {
    let mut of_each: Vec<(&Handle<'_>, Vec<Plan>)> = Vec::new();
    for handle in handles {
        let suffices =
            |at: &usize| aim.questions.iter().all(|question| aim.account.suffices(*at, question));
        if handle.entries.iter().all(suffices) {
            continue;
        }
        let mut plans = of_trail::plans(aim, handle, obstacles);
        plans.sort_by(|one, other| one.effort.cmp(&other.effort));
        if plans.is_empty() {
            obstacles.push(Obstacle::Other(format!(
                "trail {} cannot be made to log everything by a call that is known to be right, \
                 and every trail is asked to",
                handle.name
            )));
            return Vec::new();
        }
        of_each.push((handle, plans));
    }
    let most = of_each.iter().map(|(_, plans)| plans.len()).max().unwrap_or_default();
    let mut choices = vec![vec![0; of_each.len()]];
    // The other plans of each trail, with the best ones of the others.
    for (at, (_, plans)) in of_each.iter().enumerate() {
        for other in 1..plans.len().min(most) {
            let mut choice = vec![0; of_each.len()];
            if let Some(slot) = choice.get_mut(at) {
                *slot = other;
            }
            choices.push(choice);
        }
    }
    choices.iter().filter_map(|choice| together(aim, &of_each, choice)).collect()
}

/// One plan of each trail's, as one.
fn together(aim: &Aim<'_>, of_each: &[(&Handle<'_>, Vec<Plan>)], choice: &[usize]) -> Option<Plan> {
    let mut draft = Draft::new(aim.account);
    let mut effort = Effort::default();
    let (mut puts, mut touched) = (Vec::new(), Vec::new());
    for ((handle, plans), at) in of_each.iter().zip(choice) {
        let plan = plans.get(*at)?;
        draft.join(&plan.draft, handle);
        let Effort { loses, is_of_other, redirects, converts, calls, edits, is_odd, .. } =
            &plan.effort;
        effort.loses |= loses;
        effort.is_of_other |= is_of_other;
        effort.redirects |= redirects;
        effort.converts |= converts;
        effort.calls += calls;
        effort.edits.extend(edits.iter().copied());
        effort.is_odd |= is_odd;
        puts.extend(plan.puts.iter().cloned());
        touched.extend(plan.touched.iter().copied());
    }
    effort.edits.sort_by_key(|edit| Reverse(*edit));
    let after = draft.account(aim.account)?;
    Some(Plan { draft, after, effort, puts, touched })
}
