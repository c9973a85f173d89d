//! Planned accounts as accounts that can be changed, where the plan says all of it.

use cis_rules::selector::Selector;
use cis_rules::snapshot::{ObservedTrail, RecursiveLogging, Snapshot};
use cis_rules::{Question, evaluate};
use serde_json::{Value, json};

use crate::account::Account;
use crate::json::Members;
use crate::selectors::{advanced_text, field_selector_text};

impl Account {
    /// The account that a plan makes; `None` where the plan leaves something open, or has basic
    /// selectors: what these say of management events is no part of a planned snapshot.
    #[must_use]
    pub fn from_planned(snapshot: &Snapshot, questions: &[Question]) -> Option<Self> {
        let trails: Option<Vec<Value>> = snapshot.trails.as_ref()?.iter().map(entry).collect();
        if !snapshot.unreadable.is_empty() {
            return None;
        }
        let document = json!({
            "schemaVersion": 1, "name": snapshot.name, "accountId": snapshot.account_id,
            "partition": snapshot.partition, "region": snapshot.region, "planned": true,
            "assumedPartition": snapshot.assumed_partition, "trails": trails?,
        });
        let account = Self::from_json(&document.to_string()).ok()?;
        // What is written here must mean the same, and nothing open may make a difference.
        let is_same = questions.iter().all(|question| {
            let planned = evaluate(snapshot, question);
            planned.completions.is_empty()
                && planned.verdict == evaluate(account.snapshot(), question).verdict
        });
        is_same.then_some(account)
    }
}

fn entry(observed: &ObservedTrail) -> Option<Value> {
    if !observed.open.is_empty() || !observed.unreadable.is_empty() {
        return None;
    }
    let selectors = observed.event_selectors.as_ref()?;
    let advanced: Option<Vec<Members>> = selectors.iter().map(advanced).collect();
    let trail = &observed.trail;
    let recursive = match trail.recursive_logging {
        RecursiveLogging::On => true,
        RecursiveLogging::Off => false,
        RecursiveLogging::LeftOpen => return None,
    };
    let mut entry = json!({
        "trail": {
            "TrailARN": trail.arn, "Name": trail.name, "HomeRegion": trail.home_region,
            "IsMultiRegionTrail": trail.is_multi_region_trail,
            "IsOrganizationTrail": trail.is_organization_trail,
            "HasCustomEventSelectors": trail.has_custom_event_selectors,
            "RecursiveLogging": recursive, "S3BucketName": trail.s3_bucket_name,
        },
        "status": {"IsLogging": observed.status.as_ref()?.is_logging?},
        "eventSelectors": {"AdvancedEventSelectors": advanced?},
    });
    if let Some(place) = &observed.place {
        entry["place"] = json!(place);
    }
    Some(entry)
}

fn advanced(selector: &Selector) -> Option<Members> {
    let Selector::Advanced(selector) = selector else { return None };
    let is_known = selector.unknown_members.is_empty()
        && selector.field_selectors.iter().all(|field| field.unknown_operators.is_empty());
    let fields: Vec<Members> = selector.field_selectors.iter().map(field_selector_text).collect();
    is_known.then(|| advanced_text(selector.name.as_deref().unwrap_or_default(), &fields))
}
