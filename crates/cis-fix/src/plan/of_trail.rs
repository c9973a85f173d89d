//! Plans that change one trail so that it logs everything by itself.

use cis_rules::snapshot::RecursiveLogging;
use cis_rules::{Deliveries, Kind, Mode, Question};

use super::{Aim, Effort, Obstacle, Plan, Put};
use crate::account::Account;
use crate::draft::{Draft, Setting};
use crate::edits::{Edit, EditKind, Want, edits};
use crate::inclusion::lost;
use crate::limits::{is_accepted, uses};
use crate::selectors::{SelectorSet, advanced, basic, is_of_objects};
use crate::tidy::tidied;
use crate::trail::Handle;

/// The plans that change one trail, in no order.
pub(super) fn plans(
    aim: &Aim<'_>,
    handle: &Handle<'_>,
    obstacles: &mut Vec<Obstacle>,
) -> Vec<Plan> {
    let Some(question) = aim.questions.first() else { return Vec::new() };
    let Some((settings, redirects)) = settings(aim, handle, question) else { return Vec::new() };
    let starts = handle.is_logging() != Some(true);
    let base = Base { aim, handle, settings, redirects, starts };
    let Some(after) = base.draft(&[], None).account(aim.account) else { return Vec::new() };
    let mode = question.mode;
    if after_is_enough(aim, handle, &after, mode) {
        return base.plan(&[], None, Vec::new()).into_iter().collect();
    }
    let missing: Vec<Kind> = aim
        .questions
        .iter()
        .filter(|question| mode == Mode::Every || aim.missing.contains(&question.kind))
        .filter(|question| !suffices(handle, &after, question))
        .map(|question| question.kind)
        .collect();
    let Some(set) = &handle.set else {
        obstacles.push(Obstacle::Other(format!(
            "the selectors of trail {} are not known, and PutEventSelectors replaces them all: \
             allow cloudtrail:GetEventSelectors on the trail and read the account again",
            handle.name
        )));
        return Vec::new();
    };
    let want = Want {
        kinds: &missing,
        allowed: &question.allow_unlogged,
        deliveries: question.deliveries,
        partition: handle.partition,
        log_bucket: handle.log_bucket(),
    };
    let tidy = tidied(set, handle.partition);
    let mut plans = Vec::new();
    for edit in edits(&tidy, &want) {
        if !is_accepted(&edit.set, handle.partition) {
            note_quotas(handle, &edit.set, obstacles);
            continue;
        }
        plans.extend(base.with_selectors(set, edit, &want));
    }
    plans
}

/// Whether the account, or the trail by itself where each is asked to, logs everything.
fn after_is_enough(aim: &Aim<'_>, handle: &Handle<'_>, after: &Account, mode: Mode) -> bool {
    match mode {
        Mode::Every => aim.questions.iter().all(|question| suffices(handle, after, question)),
        Mode::Any | Mode::Union => after.is_compliant(aim.questions),
    }
}

fn suffices(handle: &Handle<'_>, after: &Account, question: &Question) -> bool {
    handle.entries.iter().all(|at| after.suffices(*at, question))
}

/// Notes which quota a set goes beyond.
fn note_quotas(handle: &Handle<'_>, set: &SelectorSet, obstacles: &mut Vec<Obstacle>) {
    for used in uses(set).iter().filter(|used| used.count > used.most) {
        let obstacle = Obstacle::Quota(format!(
            "trail {} has no room for one more entry: it would have {} {}, and AWS allows {}",
            handle.name, used.count, used.what, used.most
        ));
        if !obstacles.contains(&obstacle) {
            obstacles.push(obstacle);
        }
    }
}

/// The settings that a trail needs in order to count, and whether one makes it deliver elsewhere;
/// `None` where no setting helps.
fn settings(
    aim: &Aim<'_>,
    handle: &Handle<'_>,
    question: &Question,
) -> Option<(Vec<Setting>, bool)> {
    let trail = &handle.observed.trail;
    let mut settings = Vec::new();
    if trail.is_multi_region_trail != Some(true) {
        let former = trail.is_multi_region_trail;
        settings.push(Setting::new(
            "IsMultiRegionTrail",
            &true,
            former.as_ref(),
            "a trail counts only if it is multi-Region; it then records the management events of \
             the other Regions, too",
        )?);
        let entry = handle.entries.first().and_then(|at| aim.account.entries().get(*at))?;
        let described: crate::json::Members = entry.read("trail")?;
        if described.read("IncludeGlobalServiceEvents") == Some(false) {
            settings.push(Setting::new(
                "IncludeGlobalServiceEvents",
                &true,
                Some(&false),
                "a multi-Region trail must include the events of global services",
            )?);
        }
    }
    let asks_for_writes = aim.questions.iter().any(|question| question.kind == Kind::Write);
    if question.deliveries == Deliveries::Require
        && asks_for_writes
        && trail.recursive_logging != RecursiveLogging::On
    {
        let former = (trail.recursive_logging == RecursiveLogging::Off).then_some(false);
        settings.push(Setting::new(
            "RecursiveLogging",
            &true,
            former.as_ref(),
            "CloudTrail's own log deliveries are asked for",
        )?);
    }
    let trusted = &question.trusted_log_buckets;
    let bucket = handle.log_bucket();
    let redirects =
        !trusted.is_empty() && !trusted.iter().any(|trusted| Some(trusted.as_str()) == bucket);
    if redirects {
        let trusted = trusted.first()?.as_str();
        settings.push(Setting::new(
            "S3BucketName",
            &trusted,
            bucket.as_ref(),
            "the trail must deliver to a trusted bucket, whose policy must let it",
        )?);
    }
    Some((settings, redirects))
}

/// What every plan of a trail does.
struct Base<'a> {
    aim: &'a Aim<'a>,
    handle: &'a Handle<'a>,
    settings: Vec<Setting>,
    redirects: bool,
    starts: bool,
}

impl Base<'_> {
    fn draft(&self, more: &[Setting], edit: Option<(&SelectorSet, String)>) -> Draft {
        let mut draft = Draft::new(self.aim.account);
        draft.update(self.handle, &[self.settings.as_slice(), more].concat());
        if let Some((set, why)) = edit {
            draft.put(self.handle, set, why);
        }
        if self.starts {
            draft.start(self.handle);
        }
        draft
    }

    fn plan(
        &self,
        more: &[Setting],
        edit: Option<(&SelectorSet, String)>,
        puts: Vec<Put>,
    ) -> Option<Plan> {
        let draft = self.draft(more, edit);
        if draft.changes.is_empty() {
            return None;
        }
        let after = draft.account(self.aim.account)?;
        let effort = Effort {
            loses: puts.iter().any(|put| !put.lost.is_empty()),
            is_new_trail: false,
            is_of_other: self.handle.is_of_other,
            redirects: self.redirects,
            converts: puts.iter().any(|put| put.kind.is_conversion()),
            // The setting that goes with an edit is counted with it.
            calls: draft.changes.len() - usize::from(self.settings.is_empty() && !more.is_empty()),
            edits: puts.iter().map(|put| put.kind).collect(),
            is_odd: false,
        };
        Some(Plan { draft, after, effort, puts, touched: self.handle.entries.clone() })
    }

    /// The plans with an edit: with `RecursiveLogging` as it is, and false where that makes sense.
    fn with_selectors(&self, before: &SelectorSet, edit: Edit, want: &Want<'_>) -> Vec<Plan> {
        let mut lost = lost(before, &edit.set, self.handle.partition);
        let kept = if lost.is_empty() {
            "; what the trail took before, the new set takes, too".to_owned()
        } else {
            format!("; it is not sure that it still takes {}", lost.join(", "))
        };
        let recursive = self.handle.observed.trail.recursive_logging;
        let may_stop = want.deliveries == Deliveries::Ignore && recursive != RecursiveLogging::Off;
        let takes_writes = takes_object_writes(before);
        let put = |lost: Vec<String>| Put {
            entry: self.handle.entries.first().copied().unwrap_or_default(),
            kind: edit.kind,
            before: before.clone(),
            after: edit.set.clone(),
            lost,
        };
        let stop = || {
            let former = (recursive == RecursiveLogging::On).then_some(true);
            let also = if takes_writes {
                "; deliveries into other buckets, which the trail may have logged, are left out, too"
            } else {
                ""
            };
            let why = format!(
                "CloudTrail's own deliveries stay out of the log, which AWS advises where a trail \
                 logs all S3 data events: each delivery would cause the next{also}"
            );
            Setting::new("RecursiveLogging", &false, former.as_ref(), &why)
        };
        let mut plans = Vec::new();
        let why = format!("{}{kept}", edit.why);
        let is_of_log_bucket = edit.kind == EditKind::OwnLogBucket;
        if is_of_log_bucket && may_stop {
            let more: Vec<Setting> = stop().into_iter().collect();
            plans.extend(self.plan(&more, Some((&edit.set, why)), vec![put(lost)]));
            return self.proved(plans);
        }
        let prefers_stop = want.allows_log_bucket() && matches!(edit.set, SelectorSet::Basic(_));
        let is_variant = matches!(
            edit.kind,
            EditKind::AdvancedSelector
                | EditKind::BasicEntry
                | EditKind::SharedBasicEntry
                | EditKind::BasicSelector
        );
        if may_stop && is_variant && want.kinds.contains(&Kind::Write) {
            let more: Vec<Setting> = stop().into_iter().collect();
            let plan = self.plan(&more, Some((&edit.set, why.clone())), vec![put(lost.clone())]);
            plans.extend(plan.map(|mut plan| {
                plan.effort.is_odd = !prefers_stop;
                plan
            }));
        }
        let plan = self.plan(&[], Some((&edit.set, why)), vec![put(std::mem::take(&mut lost))]);
        plans.extend(plan.map(|mut plan| {
            plan.effort.is_odd = prefers_stop;
            plan
        }));
        self.proved(plans)
    }

    /// The plans after which the trail logs everything.
    fn proved(&self, mut plans: Vec<Plan>) -> Vec<Plan> {
        let mode = self.aim.questions.first().map(|question| question.mode).unwrap_or_default();
        plans.retain(|plan| after_is_enough(self.aim, self.handle, &plan.after, mode));
        plans
    }
}

/// Whether a set may take write events on S3 objects.
fn takes_object_writes(set: &SelectorSet) -> bool {
    match set {
        SelectorSet::Basic(selectors) => selectors.iter().filter_map(basic).any(|basic| {
            basic.data.data_resources.iter().any(|resource| {
                resource.resource_type.as_deref() == Some(crate::selectors::S3_OBJECT)
            })
        }),
        SelectorSet::Advanced(selectors) => {
            selectors.iter().filter_map(advanced).any(|selector| is_of_objects(&selector))
        }
    }
}
