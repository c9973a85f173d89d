//! The fix of an account: the changes, what they lead to, and what else there is.

use cis_rules::question::Exception;
use cis_rules::report::Verdict;
use cis_rules::snapshot::ObservedTrail;
use cis_rules::{Kind, Mode, Question};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::change::{Call, Change};
use crate::cost::{Copies, Cost, cost};
use crate::edits::EditKind;
use crate::json::Members;
use crate::plan::{Aim, Plan, plans};
use crate::selectors::{SelectorSet, advanced, basic, is_of_objects};
use crate::volume::Volume;
use crate::warnings::{Tags, Warning, WarningKind, of_obstacle, of_plan};
use crate::written::{Written, can_be_written, is_open, written};

/// How many alternatives are shown.
const MOST_ALTERNATIVES: usize = 9;

/// What is known besides the account.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which of the plans is taken: 0 is the smallest, the others are the alternatives in their
    /// order.
    pub choice: usize,
    /// How many events of the asked kinds the account has in a month.
    pub volume: Option<Volume>,
    /// The bucket of a new trail.
    pub log_bucket: Option<String>,
    /// The tags of trails, where they were read.
    pub tags: Tags,
}

/// Fixes of accounts (schemaVersion 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Fixes {
    /// The version of this shape: 1.
    #[cfg_attr(feature = "schema", schemars(schema_with = "version"))]
    pub schema_version: u32,
    /// One fix for each account.
    pub fixes: Vec<Fix>,
}

#[cfg(feature = "schema")]
fn version(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({"type": "integer", "const": 1})
}

/// What makes one account COMPLIANT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// The account's label.
    pub name: Option<String>,
    /// The account.
    pub account_id: String,
    /// The kinds of events that are asked for.
    pub kinds: Vec<Kind>,
    /// How trails combine.
    pub mode: Mode,
    /// The calls, in the order in which they are made; empty where the account is COMPLIANT already,
    /// or no fix was found: then a warning says why.
    pub changes: Vec<Change>,
    /// The account as a snapshot once the changes are made.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")
    )]
    pub after: Members,
    /// What to know before the changes are made.
    pub warnings: Vec<Warning>,
    /// What is paid more in a month; `null` where that is not known, and a warning says why.
    pub cost: Option<Cost>,
    /// Other ways to the same end, those that take more coming later.
    pub alternatives: Vec<Alternative>,
    /// The exceptions that concern the answer about `after`, with their reasons: those that it rests on,
    /// and those that do not count any more. Left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// Whether every question is COMPLIANT in `after`.
    #[serde(skip)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub is_compliant: bool,
    /// Where the trails are planned: what their source is to say.
    #[serde(skip)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub written: Vec<Written>,
    /// What is done to selectors, in words.
    #[doc(hidden)]
    #[serde(skip)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub edits: Vec<String>,
}

/// Another way to make an account COMPLIANT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alternative {
    /// The calls, in the order in which they are made.
    pub changes: Vec<Change>,
    /// What it does, and what it costs.
    pub why: String,
}

impl Fix {
    /// Whether there is nothing to do, or something that does it.
    #[must_use]
    pub const fn is_fixed(&self) -> bool {
        self.is_compliant
    }
}

/// What makes an account COMPLIANT for every question. The questions differ in their kinds only.
///
/// A choice that there is not is the last one there is: see [`Fix::alternatives`] for their number.
#[must_use]
pub fn fix(account: &Account, questions: &[Question], options: &Options) -> Fix {
    let snapshot = account.snapshot();
    let missing: Vec<Kind> = questions
        .iter()
        .filter(|question| account.verdict(question) != Verdict::Compliant)
        .map(|question| question.kind)
        .collect();
    let mut fix = Fix {
        name: snapshot.name.clone(),
        account_id: snapshot.account_id.clone(),
        kinds: questions.iter().map(|question| question.kind).collect(),
        mode: questions.first().map(|question| question.mode).unwrap_or_default(),
        changes: Vec::new(),
        after: account.document().clone(),
        warnings: Vec::new(),
        cost: None,
        alternatives: Vec::new(),
        exceptions: account.exceptions(questions),
        is_compliant: missing.is_empty(),
        written: Vec::new(),
        edits: Vec::new(),
    };
    if missing.is_empty() {
        return fix;
    }
    let log_bucket = options.log_bucket.as_deref();
    let aim = Aim { account, questions, missing: &missing, log_bucket };
    let found = plans(&aim);
    let mut all = found.all;
    if snapshot.planned {
        // Where a trail may be made that is not known, to know it comes before one more.
        let is_doubtful = |observed: &ObservedTrail| {
            observed.event_selectors.is_none()
                && observed.trail.has_custom_event_selectors != Some(false)
        };
        let has_doubtful = account.trails().iter().any(is_doubtful);
        all.retain(|plan| can_be_written(plan) && !(has_doubtful && plan.effort.is_new_trail));
    }
    all.truncate(MOST_ALTERNATIVES + 1);
    if all.is_empty() && snapshot.planned {
        fix.warnings = vec![not_planned()];
        return fix;
    }
    if all.is_empty() {
        fix.warnings = found.obstacles.iter().map(of_obstacle).collect();
        return fix;
    }
    let chosen = all.remove(options.choice.min(all.len() - 1));
    fix.warnings = of_plan(account, &chosen, questions, &options.tags);
    fix.cost = price(&chosen, &missing, options);
    fix.warnings.push(about_cost(&chosen, fix.cost.as_ref(), &missing, options));
    fix.alternatives = all
        .iter()
        .map(|plan| Alternative {
            changes: if is_open(plan) { Vec::new() } else { plan.draft.changes.clone() },
            why: alternative(plan, &chosen, price(plan, &missing, options).as_ref()),
        })
        .collect();
    fix.is_compliant = chosen.after.is_compliant(questions);
    if snapshot.planned {
        fix.written = written(account, &chosen);
        if is_open(&chosen) {
            fix.warnings.extend(fix.written.iter().map(in_place_of_a_request));
        }
    }
    fix.after = chosen.after.document().clone();
    fix.exceptions = chosen.after.exceptions(questions);
    // A request with a value that is not known cannot be put: the source is what there is to change.
    fix.changes = if is_open(&chosen) { Vec::new() } else { chosen.draft.changes };
    fix.edits = chosen.puts.iter().map(|put| put.kind.words().to_owned()).collect();
    fix
}

/// What the source is to say of a trail, where no request can be made.
fn in_place_of_a_request(written: &Written) -> Warning {
    let Written { trail, terraform, cloudformation, .. } = written;
    let text = if written.is_terraform() {
        format!("as Terraform: {terraform}")
    } else {
        format!("as CloudFormation: {}", crate::json::compact(cloudformation))
    };
    let what = match (written.adds_to, written.is_new) {
        (Some(list), _) => format!("keep the selectors that are written there, and add to {list}"),
        (None, true) => "add".to_owned(),
        (None, false) => "set, each as a whole".to_owned(),
    };
    Warning {
        kind: WarningKind::ManagedBy,
        text: format!(
            "no request can be made for trail {trail}, for its account, Region, name or selectors hold \
             what is not known before the deployment; {what}, {text}"
        ),
    }
}

/// That nothing in the source helps by what is known of it.
fn not_planned() -> Warning {
    Warning {
        kind: WarningKind::ManagedBy,
        text: "what is planned leaves open whether a trail is made, or what it selects, and no change \
               of the trails that are surely made settles it: `trailproof audit` names what is open \
               and the option that gives it a value"
            .to_owned(),
    }
}

/// How many more copies of the asked kinds' events a plan makes billed.
fn copies(plan: &Plan, missing: &[Kind]) -> Copies {
    let mut copies = Copies::default();
    for put in &plan.puts {
        copies.high += 1;
        copies.low += u64::from(!takes_objects(&put.before, missing));
    }
    if plan.puts.is_empty() {
        // A trail that is switched on, or that now records every Region, with the selectors it has.
        copies.high += 1;
    }
    copies
}

/// Whether a set may take S3 data events of some of these kinds.
fn takes_objects(set: &SelectorSet, kinds: &[Kind]) -> bool {
    match set {
        SelectorSet::Basic(selectors) => selectors.iter().filter_map(basic).any(|basic| {
            let is_of_objects = basic.data.data_resources.iter().any(|resource| {
                resource.resource_type.as_deref() == Some(crate::selectors::S3_OBJECT)
                    && !resource.values.is_empty()
            });
            let other = match kinds {
                [Kind::Write] => "ReadOnly",
                [Kind::Read] => "WriteOnly",
                _ => "",
            };
            is_of_objects && crate::selectors::read_write_name(&basic.data.read_write) != other
        }),
        SelectorSet::Advanced(selectors) => {
            selectors.iter().filter_map(advanced).any(|selector| is_of_objects(&selector))
        }
    }
}

fn price(plan: &Plan, missing: &[Kind], options: &Options) -> Option<Cost> {
    let region = &plan.draft.changes.first()?.region;
    cost(options.volume.as_ref()?, copies(plan, missing), region)
}

/// What is billed, in words.
fn about_cost(plan: &Plan, cost: Option<&Cost>, missing: &[Kind], options: &Options) -> Warning {
    let Copies { low, high } = copies(plan, missing);
    let kinds = missing.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" and ");
    let mut text = match (cost, &options.volume) {
        (Some(cost), _) => format!(
            "{:.2} to {:.2} USD more a month for S3 {kinds} events",
            cost.per_month.low, cost.per_month.high
        ),
        (None, None) => "what it costs is not known: say with --monthly-events how many events \
                         there are (Cost Explorer, S3 request metrics, or counted logs tell it)"
            .to_owned(),
        (None, Some(_)) => {
            "what it costs is not known: the price of data events in this Region is not".to_owned()
        }
    };
    text.push_str("; CloudTrail bills each data event that a trail delivers, the first copy too");
    if high > 1 {
        text.push_str(&format!("; {low} to {high} trails deliver one more copy each"));
    }
    let wider = |put: &crate::plan::Put| {
        matches!(
            put.kind,
            EditKind::SharedBasicEntry | EditKind::WiderBasicEntry | EditKind::RemoveConditions
        )
    };
    if plan.puts.iter().any(wider) {
        text.push_str("; events of kinds that are not asked for may be billed on top");
    }
    let is_of_organization = |at: &usize| {
        let observed = plan.after.trails().get(*at);
        observed.is_some_and(|it| it.trail.is_organization_trail == Some(true))
    };
    if plan.touched.iter().any(is_of_organization) {
        text.push_str("; an organization trail has the events of every member account");
    }
    if plan.puts.is_empty() {
        text.push_str(
            "; whatever else the trail selects is delivered and billed again, too, and a second \
             copy of management events costs 2.00 USD for 100,000",
        );
    }
    Warning { kind: WarningKind::Cost, text }
}

/// What another plan does, and what it costs.
fn alternative(plan: &Plan, chosen: &Plan, cost: Option<&Cost>) -> String {
    let mut trails: Vec<(String, Vec<String>)> = Vec::new();
    let mut puts = plan.puts.iter();
    for change in &plan.draft.changes {
        let what = match change.call {
            Call::PutEventSelectors => {
                puts.next().map(|put| put.kind.words()).unwrap_or_default().to_owned()
            }
            Call::StartLogging => "switch it on".to_owned(),
            Call::CreateTrail => "make a trail".to_owned(),
            Call::UpdateTrail => settings(&change.request),
            Call::StopLogging | Call::DeleteTrail => continue,
        };
        let name = change.trail();
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        match trails.iter_mut().find(|(other, _)| *other == name) {
            Some((_, whats)) => whats.push(what),
            None => trails.push((name, vec![what])),
        }
    }
    let whats = trails.into_iter().map(|(name, whats)| format!("{name}: {}", whats.join(", ")));
    let mut text = whats.collect::<Vec<_>>().join("; ");
    if plan.effort.is_of_other && !chosen.effort.is_of_other {
        text.push_str(". Another account must make the call");
    }
    if plan.effort.loses {
        text.push_str(". It may lose what is logged now");
    }
    match cost {
        Some(cost) => text.push_str(&format!(
            ". Price: {:.2} to {:.2} USD more a month",
            cost.per_month.low, cost.per_month.high
        )),
        None => text.push_str(". Price: not known"),
    }
    text
}

/// The settings in a request of UpdateTrail, in words.
fn settings(request: &Members) -> String {
    let settings = request.names().filter(|name| *name != "Name");
    let settings = settings.filter_map(|name| Some(format!("{name} {}", request.get(name)?)));
    settings.collect::<Vec<_>>().join(", ")
}
