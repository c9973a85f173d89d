//! Whether an account is as it was, apart from what a fix changes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::State;
use crate::account::Account;
use crate::change::{Call, Change};
use crate::json::Members;
use crate::selectors::{SelectorSet, advanced, basic, read_write_name};

/// The name of a trail in requests.
fn key(entry: &Members) -> String {
    let trail: Members = entry.read("trail").unwrap_or_default();
    let arn = trail.read("TrailARN").or_else(|| trail.read("Name"));
    arn.unwrap_or_default()
}

fn entry<'a>(account: &'a Account, name: &str) -> Option<&'a Members> {
    let short = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    let entries = account.entries();
    let exact = entries.iter().find(|entry| key(entry) == name);
    // A trail is made by its name, and named by its ARN afterwards.
    exact.or_else(|| {
        let is_name = !name.starts_with("arn:");
        entries.iter().find(|entry| is_name && short(&key(entry)) == name)
    })
}

fn part(entry: &Members, part: &str, member: &str) -> Value {
    let members: Members = entry.read(part).unwrap_or_default();
    members.read(member).unwrap_or_default()
}

/// A set in one spelling: what AWS fills in when it is read is filled in.
fn spelled_out(entry: &Members) -> Option<Vec<String>> {
    let response: Members = entry.read("eventSelectors")?;
    let lists = ["EventSelectors", "AdvancedEventSelectors"];
    let [basics, advanceds] =
        lists.map(|list| response.read::<Vec<Members>>(list).unwrap_or_default());
    let set = if basics.is_empty() {
        SelectorSet::Advanced(advanceds)
    } else {
        SelectorSet::Basic(basics)
    };
    let mut all: Vec<String> = set.selectors().iter().map(|it| one(&set, it)).collect();
    all.sort_unstable();
    Some(all)
}

fn one(set: &SelectorSet, selector: &Members) -> String {
    match set {
        SelectorSet::Basic(_) => basic(selector).map(|it| {
            let resources: BTreeSet<String> = it
                .data
                .data_resources
                .iter()
                .map(|resource| {
                    let values: BTreeSet<&String> = resource.values.iter().collect();
                    json!([resource.resource_type, values, resource.unknown_members]).to_string()
                })
                .collect();
            let excluded: BTreeSet<&String> = it.excluded.iter().collect();
            let read_write = read_write_name(&it.data.read_write);
            json!([read_write, it.management, excluded, resources, it.data.unknown_members])
                .to_string()
        }),
        SelectorSet::Advanced(_) => advanced(selector).map(|it| {
            let fields: BTreeSet<String> = it
                .field_selectors
                .iter()
                .map(|field| {
                    let conditions: BTreeSet<String> = field
                        .conditions
                        .iter()
                        // AWS may show operators without values as empty lists.
                        .filter(|condition| !condition.values.is_empty())
                        .map(|condition| {
                            let values: BTreeSet<&String> = condition.values.iter().collect();
                            json!([condition.operator.name(), values]).to_string()
                        })
                        .collect();
                    json!([field.field.name(), conditions, field.unknown_operators]).to_string()
                })
                .collect();
            json!([fields, it.unknown_members]).to_string()
        }),
    }
    .unwrap_or_else(|| selector.text())
}

/// What one call makes of a trail, of an account before it, after it, or now; `None` if it is not
/// known.
fn facts(change: &Change, entry: Option<&Members>) -> Option<Value> {
    match change.call {
        Call::PutEventSelectors => spelled_out(entry?).map(|set| json!(set)),
        Call::StartLogging | Call::StopLogging => {
            Some(part(entry?, "status", "IsLogging")).filter(|value| !value.is_null())
        }
        Call::UpdateTrail => {
            let entry = entry?;
            let settings = change.request.names().filter(|name| *name != "Name");
            let values = settings.map(|name| match part(entry, "trail", name) {
                // Absent means on.
                Value::Null if name == "RecursiveLogging" => json!(true),
                value => value,
            });
            Some(values.collect())
        }
        Call::CreateTrail | Call::DeleteTrail => Some(json!(entry.is_some())),
    }
}

/// Whether a call's trail is as before the call, as after it, or neither.
pub(super) fn state(change: &Change, before: &Account, after: &Account, now: &Account) -> State {
    let name = change.trail();
    let of = |account: &Account| facts(change, entry(account, &name));
    let (old, new, now) = (of(before), of(after), of(now));
    if now.is_some() && now == new {
        State::New
    } else if now == old || old.is_none() && entry(before, &name).is_none() && now.is_some() {
        // A trail that is new has selectors, and a status, before they are put.
        State::Old
    } else {
        State::Other
    }
}

/// What is different from before, apart from what the fix changes, in words.
pub(super) fn differences(before: &Account, after: &Account, now: &Account) -> Vec<String> {
    let mut differences = Vec::new();
    if before.snapshot().account_id != now.snapshot().account_id {
        return vec![format!(
            "it is account {}, and not {}",
            now.snapshot().account_id,
            before.snapshot().account_id
        )];
    }
    if now.snapshot().trails.is_none() || !now.snapshot().unreadable.is_empty() {
        return vec!["the trails could not be listed now".to_owned()];
    }
    let keys =
        |account: &Account| -> BTreeSet<String> { account.entries().iter().map(key).collect() };
    let (were, are, will_be) = (keys(before), keys(now), keys(after));
    differences.extend(were.difference(&are).map(|name| format!("trail {name} is gone")));
    differences.extend(
        are.iter()
            .filter(|name| !were.contains(*name) && !will_be.contains(*name))
            .map(|name| format!("trail {name} is new")),
    );
    for name in were.intersection(&are) {
        let [was, is, will] = [before, now, after].map(|account| entry(account, name));
        let (Some(was), Some(is)) = (was, is) else { continue };
        let will = will.unwrap_or(was);
        for (part_name, member, what) in COMPARED {
            let [was, is, will] =
                [was, is, will].map(|entry| match part(entry, part_name, member) {
                    Value::Null if member == "RecursiveLogging" => json!(true),
                    value => value,
                });
            if is != was && is != will {
                differences.push(format!("trail {name}: {what} was {was} and is {is}"));
            }
        }
        let [was, is, will] = [was, is, will].map(spelled_out);
        if is != was && is != will {
            differences.push(match (&was, &is) {
                (_, None) => format!("trail {name}: its selectors could not be read now"),
                (None, _) => format!("trail {name}: its selectors could not be read before"),
                _ => format!("trail {name}: its selectors are others"),
            });
        }
    }
    differences
}

/// What is compared besides the selectors: the part of an entry, its member, in words.
const COMPARED: [(&str, &str, &str); 7] = [
    ("trail", "IsMultiRegionTrail", "IsMultiRegionTrail"),
    ("trail", "IsOrganizationTrail", "IsOrganizationTrail"),
    ("trail", "IncludeGlobalServiceEvents", "IncludeGlobalServiceEvents"),
    ("trail", "RecursiveLogging", "RecursiveLogging"),
    ("trail", "S3BucketName", "S3BucketName"),
    ("trail", "HomeRegion", "HomeRegion"),
    ("status", "IsLogging", "IsLogging"),
];
