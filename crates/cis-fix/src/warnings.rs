//! What else a change does, or needs.

use cis_rules::record::Record;
use cis_rules::snapshot::RecursiveLogging;
use cis_rules::{Deliveries, Kind, Question, RecordField};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::change::{Call, Change};
use crate::json::Members;
use crate::limits::uses;
use crate::plan::{Obstacle, Plan};
use crate::selectors::partition_of;

/// Something to know before a change is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Warning {
    /// What it is about.
    pub kind: WarningKind,
    /// The warning.
    pub text: String,
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WarningKind {
    /// Public detection rules that the change sets off.
    DetectionRule,
    /// Deliveries into the trail's own log bucket that cause the next ones.
    LogBucketLoop,
    /// Something else that owns the trail, and may undo the change.
    ManagedBy,
    /// Another account, or another permission, that is needed.
    OtherAccount,
    /// Insights, which analyse management events.
    Insights,
    /// A quota that is used up, or nearly.
    Quota,
    /// What is billed.
    Cost,
}

impl WarningKind {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DetectionRule => "detection-rule",
            Self::LogBucketLoop => "log-bucket-loop",
            Self::ManagedBy => "managed-by",
            Self::OtherAccount => "other-account",
            Self::Insights => "insights",
            Self::Quota => "quota",
            Self::Cost => "cost",
        }
    }
}

/// Tags of trails, by ARN, where they were read.
pub type Tags = std::collections::BTreeMap<String, Vec<(String, String)>>;

fn warning(kind: WarningKind, text: impl Into<String>) -> Warning {
    Warning { kind, text: text.into() }
}

/// Why there is no plan.
pub(crate) fn of_obstacle(obstacle: &Obstacle) -> Warning {
    match obstacle {
        Obstacle::Quota(text) => warning(WarningKind::Quota, text),
        Obstacle::Other(text) => warning(WarningKind::OtherAccount, text),
    }
}

/// What to know of a plan.
pub(crate) fn of_plan(
    account: &Account,
    plan: &Plan,
    questions: &[Question],
    tags: &Tags,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    warnings.extend(other_account(account, &plan.draft.changes));
    let occasion = if account.snapshot().planned {
        "on the call that the deployment makes"
    } else {
        "on this call"
    };
    let rules = |change| detection_rules(change, occasion);
    warnings.extend(plan.draft.changes.iter().filter_map(rules));
    for &at in &plan.touched {
        warnings.extend(loops(plan, at, questions));
        warnings.extend(manager(account, at, tags));
    }
    for put in &plan.puts {
        let insights = account
            .entries()
            .get(put.entry)
            .and_then(|entry| entry.read::<Members>("trail"))
            .is_some_and(|trail| trail.read("HasInsightSelectors") == Some(true));
        if insights && put.kind.is_conversion() {
            warnings.push(warning(
                WarningKind::Insights,
                "the trail has Insights, which analyse the management events that it logs; the new \
                 set takes them as before: see afterwards that `aws cloudtrail \
                 get-insight-selectors` still lists them",
            ));
        }
        for used in uses(&put.after).iter().filter(|used| 10 * used.count >= 9 * used.most) {
            warnings.push(warning(
                WarningKind::Quota,
                format!(
                    "the new set has {} of the {} {} that AWS allows a trail",
                    used.count, used.most, used.what
                ),
            ));
        }
    }
    warnings.dedup();
    warnings
}

/// That another account must make calls.
fn other_account(account: &Account, changes: &[Change]) -> Option<Warning> {
    let own = &account.snapshot().account_id;
    let other = changes.iter().find(|change| change.account_id != *own)?;
    Some(warning(
        WarningKind::OtherAccount,
        format!(
            "the trail belongs to account {}: only that account, or a delegated administrator of \
             the organization, can change it, with its own credentials; members cannot, and every \
             member's events are concerned",
            other.account_id
        ),
    ))
}

/// The public detection rules that a request sets off.
///
/// Sources: <https://github.com/elastic/detection-rules> (a request whose text has
/// `includeManagementEvents` and then `false`), <https://github.com/panther-labs/panther-analysis> (a
/// basic selector with `includeManagementEvents` false).
fn detection_rules(change: &Change, occasion: &str) -> Option<Warning> {
    if change.call != Call::PutEventSelectors {
        return None;
    }
    let selectors: Vec<Members> = change.request.read("EventSelectors").unwrap_or_default();
    let text = change.request.text();
    let after = text.split_once("IncludeManagementEvents").map(|(_, after)| after)?;
    if !after.contains("false") {
        return None;
    }
    let is_without = |selector: &Members| selector.read("IncludeManagementEvents") == Some(false);
    let rules = if selectors.iter().any(is_without) {
        "Elastic's rule on management events that event selectors disable, and Panther's \
         AWS.CloudTrail event selectors disabled,"
    } else {
        "Elastic's rule on management events that event selectors disable"
    };
    Some(warning(
        WarningKind::DetectionRule,
        format!(
            "{rules} will fire {occasion}, because its request has a selector with \
             IncludeManagementEvents false; the call takes no management event away: tell who \
             watches the alerts"
        ),
    ))
}

/// That deliveries into the trail's own log bucket cause the next ones.
fn loops(plan: &Plan, at: usize, questions: &[Question]) -> Option<Warning> {
    let observed = plan.after.trails().get(at)?;
    let asks_for_writes = questions.iter().any(|question| question.kind == Kind::Write);
    if observed.trail.recursive_logging == RecursiveLogging::Off || !asks_for_writes {
        return None;
    }
    let partition = partition_of(observed, &plan.after.snapshot().partition);
    let bucket = observed.trail.s3_bucket_name.as_deref()?;
    let delivery = Record::of_object(format!("arn:{partition}:s3:::{bucket}/AWSLogs/log.json.gz"))
        .with(RecordField::ReadOnly, "false")
        .with(RecordField::EventName, "PutObject")
        .with(RecordField::EventSource, "s3.amazonaws.com")
        .with(RecordField::EventType, "AwsApiCall")
        .with(RecordField::InvokedBy, "cloudtrail.amazonaws.com");
    let selectors = observed.event_selectors.as_deref().unwrap_or_default();
    let is_taken = selectors
        .iter()
        .any(|selector| selector.matches(&delivery, partition) != cis_rules::matching::Match::No);
    let advice = match questions.first().map(|question| question.deliveries) {
        Some(Deliveries::Require) => "they are asked for",
        _ => {
            "an alternative sets RecursiveLogging to false, which leaves CloudTrail's own \
             deliveries out (the AWS CLI needs a version of 2026 for it)"
        }
    };
    is_taken.then(|| {
        warning(
            WarningKind::LogBucketLoop,
            format!(
                "the trail delivers to {bucket}: if that bucket is this account's, each delivery is \
                 a write event, which causes the next delivery; {advice}; replication and access \
                 logs into the bucket are events as well"
            ),
        )
    })
}

/// Who owns a trail, as far as that is known.
fn manager(account: &Account, at: usize, tags: &Tags) -> Option<Warning> {
    let trail = &account.trails().get(at)?.trail;
    let arn = trail.arn.as_deref().unwrap_or_default();
    let name = trail.name.as_deref().or_else(|| arn.rsplit('/').next()).unwrap_or_default();
    let place = account.trails().get(at)?.place.as_ref();
    let text = if account.snapshot().planned {
        let place = place.map(|place| format!(" in {place}")).unwrap_or_default();
        format!(
            "trail {name} is planned{place}: write the change there, and audit the plan again; calls \
             are for a trail that is deployed already, and the next deployment would undo them"
        )
    } else if name.starts_with("aws-controltower-") {
        format!(
            "trail {name} is Control Tower's: a service control policy forbids changes to it, and \
             Control Tower sets it back; change it in the landing zone"
        )
    } else if name.starts_with("AWSAccelerator-") {
        format!(
            "trail {name} is the Landing Zone Accelerator's, which sets it back: change its \
             configuration"
        )
    } else {
        match tags.get(arn) {
            None => format!(
                "the tags of trail {name} were not read: if a stack or Terraform owns it, change it \
                 there, or the next deployment undoes the change (`aws cloudtrail list-tags` shows \
                 aws:cloudformation:stack-name)"
            ),
            Some(tags) => {
                let stack = tags.iter().find(|(key, _)| key == "aws:cloudformation:stack-name")?;
                format!(
                    "the stack {} owns trail {name}: change its template, or the next update of the \
                     trail there undoes this change",
                    stack.1
                )
            }
        }
    };
    Some(warning(WarningKind::ManagedBy, text))
}
