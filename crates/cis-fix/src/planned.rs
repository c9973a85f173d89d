//! Planned accounts as accounts that can be changed, and what their source is to say.

use cis_rules::selector::{AdvancedSelector, BasicSelector, LEFT_OPEN, Selector};
use cis_rules::snapshot::{ObservedTrail, RecursiveLogging, Snapshot};
use serde_json::{Value, json};

use crate::account::Account;
use crate::json::Members;
use crate::selectors::{field_selector_text, read_write_name};

impl Account {
    /// The account that a plan makes. What the plan leaves open is not known in it, or stands in a
    /// selector as [`LEFT_OPEN`]: so what is proved of it holds for whatever takes its place.
    ///
    /// `None` where the snapshot is of no shape that is read again as the same.
    #[must_use]
    pub fn from_planned(snapshot: &Snapshot) -> Option<Self> {
        let trails = snapshot.trails.as_ref()?;
        let document = json!({
            "schemaVersion": 1, "name": snapshot.name, "accountId": snapshot.account_id,
            "partition": snapshot.partition, "region": snapshot.region, "planned": true,
            "assumedPartition": snapshot.assumed_partition,
            "trails": trails.iter().map(entry).collect::<Vec<Value>>(),
        });
        let mut account = Self::from_json(&document.to_string()).ok()?;
        account.take_open_values(&snapshot.open_values);
        let is_same = |(one, other): (&ObservedTrail, &ObservedTrail)| {
            one.trail == other.trail
                && one.status == other.status
                && one.event_selectors == other.event_selectors
        };
        let mut pairs = trails.iter().zip(account.trails());
        (snapshot.unreadable.is_empty() && pairs.all(is_same)).then_some(account)
    }
}

/// Whether a part of a request stands for what a plan leaves open, so that it cannot be put.
pub(crate) fn has_open_part(text: &str) -> bool {
    text.contains(&format!("\"{LEFT_OPEN}\""))
}

fn entry(observed: &ObservedTrail) -> Value {
    let trail = &observed.trail;
    let recursive = match trail.recursive_logging {
        RecursiveLogging::On => json!(true),
        RecursiveLogging::Off => json!(false),
        RecursiveLogging::LeftOpen => json!(LEFT_OPEN),
    };
    let mut entry = json!({
        "trail": {
            "TrailARN": trail.arn, "Name": trail.name, "HomeRegion": trail.home_region,
            "IsMultiRegionTrail": trail.is_multi_region_trail,
            "IsOrganizationTrail": trail.is_organization_trail,
            "HasCustomEventSelectors": trail.has_custom_event_selectors,
            "RecursiveLogging": recursive, "S3BucketName": trail.s3_bucket_name,
        },
    });
    if let Some(status) = &observed.status {
        entry["status"] = json!({"IsLogging": status.is_logging});
    }
    if let Some(selectors) = &observed.event_selectors {
        let basics: Vec<Members> = selectors.iter().filter_map(basic).collect();
        let advanced: Vec<Members> = selectors.iter().filter_map(advanced).collect();
        entry["eventSelectors"] =
            json!({"EventSelectors": basics, "AdvancedEventSelectors": advanced});
    }
    if !observed.open.is_empty() {
        entry["open"] = json!(observed.open);
    }
    if let Some(place) = &observed.place {
        entry["place"] = json!(place);
    }
    entry
}

/// Members that are not known, each by its name: they may narrow what they stand in.
fn with_unknown(members: Members, names: &[String]) -> Members {
    names.iter().fold(members, |members, name| members.with(name, &Value::Null))
}

fn basic(selector: &Selector) -> Option<Members> {
    let Selector::Basic(BasicSelector { read_write, data_resources, management, unknown_members }) =
        selector
    else {
        return None;
    };
    let resources: Vec<Members> = data_resources
        .iter()
        .map(|resource| {
            let members = Members::default();
            let members = match &resource.resource_type {
                Some(kind) => members.with("Type", kind),
                None => members,
            };
            with_unknown(members.with("Values", &resource.values), &resource.unknown_members)
        })
        .collect();
    let selector = Members::default().with("ReadWriteType", &read_write_name(read_write));
    let selector = match management {
        None => selector.with("IncludeManagementEvents", &LEFT_OPEN),
        Some(said) if said.excluded_sources.is_empty() => {
            selector.with("IncludeManagementEvents", &said.are_included)
        }
        Some(said) => selector
            .with("IncludeManagementEvents", &said.are_included)
            .with("ExcludeManagementEventSources", &said.excluded_sources),
    };
    Some(with_unknown(selector.with("DataResources", &resources), unknown_members))
}

fn advanced(selector: &Selector) -> Option<Members> {
    let Selector::Advanced(AdvancedSelector { name, field_selectors, unknown_members }) = selector
    else {
        return None;
    };
    let fields: Vec<Members> = field_selectors
        .iter()
        .map(|field| with_unknown(field_selector_text(field), &field.unknown_operators))
        .collect();
    let named = Members::default();
    let named = match name {
        Some(name) => named.with("Name", name),
        None => named,
    };
    Some(with_unknown(named.with("FieldSelectors", &fields), unknown_members))
}
