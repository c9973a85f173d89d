//! The accounts of a plan, told apart by the providers' configurations and by ARNs.
//!
//! Two resources are of one account where their providers are configured alike, the Region and the
//! like left out. Where it is not known whether two providers have one account, the trails of each
//! are in doubt for the other.

use std::collections::HashMap;

use cis_rules::partition::Partition;

use super::brings::{is_of_aws, may_have_trails};
use super::evidence::{Evidence, Said, account_in, one};
use super::providers::Providers;
use super::resources::{Resource, Resources};
use crate::Setting;
use crate::error::PlanError;
use crate::node::Node;

/// The most accounts of one plan: the answer about each names the others' trails.
const MOST_ACCOUNTS: usize = 100;

/// An account with its trails.
pub(super) struct Account {
    /// Its id.
    pub(super) id: Option<String>,
    /// Its partition.
    pub(super) partition: Option<String>,
    /// Its Region, where one is said.
    pub(super) region: Option<String>,
    /// The positions of its resources among the managed ones.
    pub(super) own: Vec<usize>,
    /// The positions of resources that may be its own.
    pub(super) maybe: Vec<usize>,
    /// The positions of resources of other accounts.
    pub(super) others: Vec<usize>,
}

/// Resources of one account, as far as can be told.
#[derive(Default)]
struct Part {
    id: Option<Said>,
    evidence: Evidence,
    own: Vec<usize>,
}

/// The accounts that a document has trails of; one, where it has none.
pub(super) fn of(
    resources: &Resources<'_>,
    providers: &Providers<'_>,
    setting: &Setting,
) -> Result<Vec<Account>, PlanError> {
    let mut parts = Vec::new();
    for group in groups(resources, providers) {
        parts.extend(by_account(group, resources)?);
    }
    let parts = merged(parts);
    let has_trails = |part: &Part| {
        part.own.iter().filter_map(|position| resources.managed.get(*position)).any(may_have_trails)
    };
    let (with, without): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(has_trails);
    if with.len() > MOST_ACCOUNTS {
        return Err(PlanError::Kind(format!(
            "the plan has trails of more than {MOST_ACCOUNTS} accounts: plan fewer at once"
        )));
    }
    let parts = match (with.is_empty(), without.len()) {
        (true, 0) => vec![Part::default()],
        (true, 1) => without,
        // Which of several accounts without trails is meant is not said.
        (true, _) => vec![whole(without)],
        (false, _) => with,
    };
    asked_for(parts, setting)
}

/// Resources by the configuration of their provider.
fn groups(resources: &Resources<'_>, providers: &Providers<'_>) -> Vec<Part> {
    let mut of_text: HashMap<String, usize> = HashMap::new();
    let mut of_key: HashMap<String, usize> = HashMap::new();
    let mut parts: Vec<Part> = Vec::new();
    let managed = resources.managed.iter().enumerate().map(|(at, one)| (Some(at), one));
    for (position, resource) in managed.chain(resources.known.iter().map(|one| (None, one))) {
        if !is_of_aws(resource.kind) {
            continue;
        }
        let key = providers.key(resource);
        let at = match of_key.get(&key) {
            Some(at) => *at,
            None => {
                let at = *of_text.entry(providers.account_text(&key)).or_insert(parts.len());
                if at == parts.len() {
                    parts.push(Part::default());
                }
                if let Some(part) = parts.get_mut(at) {
                    part.evidence.add_provider(providers, &key);
                }
                of_key.insert(key, at);
                at
            }
        };
        let Some(part) = parts.get_mut(at) else { continue };
        part.evidence.add_resource(resource);
        part.own.extend(position);
    }
    parts
}

/// One part for each account that the ARNs of a group's trails name.
fn by_account(mut group: Part, resources: &Resources<'_>) -> Result<Vec<Part>, PlanError> {
    let by_trails = one("account", &group.evidence.accounts_of_trails);
    let by_others = one("account", &group.evidence.accounts)?.cloned();
    match (by_trails, by_others) {
        (Ok(None), said) => group.id = said,
        (Ok(Some(trails)), Some(said)) if said.value != trails.value => {
            return Err(said.contradicts("account", trails));
        }
        (Ok(Some(said)), _) => group.id = Some(said.clone()),
        (Err(contradiction), Some(_)) => return Err(contradiction),
        (Err(_), None) => return Ok(split(&group, resources)),
    }
    Ok(vec![group])
}

fn split(group: &Part, resources: &Resources<'_>) -> Vec<Part> {
    let account = |position: &usize| {
        let arn = resources.managed.get(*position)?.values?.get("arn")?.text()?;
        account_in(arn)
    };
    let mut parts = vec![Part { evidence: group.evidence.of_place(), ..Part::default() }];
    let mut of_id: HashMap<&str, usize> = HashMap::new();
    for said in &group.evidence.accounts_of_trails {
        of_id.entry(&said.value).or_insert_with(|| {
            let evidence = group.evidence.of_place();
            parts.push(Part { id: Some(said.clone()), evidence, own: Vec::new() });
            parts.len() - 1
        });
    }
    for position in &group.own {
        let at = account(position).and_then(|id| of_id.get(id)).copied().unwrap_or_default();
        if let Some(part) = parts.get_mut(at) {
            part.own.push(*position);
        }
    }
    parts
}

/// One part for each account whose id is known.
fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    let mut of_id: HashMap<String, usize> = HashMap::new();
    for part in parts {
        let new = all.len();
        let at = match &part.id {
            Some(id) => *of_id.entry(id.value.clone()).or_insert(new),
            None => new,
        };
        match all.get_mut(at) {
            Some(known) => known.take(part),
            None => all.push(part),
        }
    }
    all
}

/// All parts as one, of which only what they agree on is known.
fn whole(parts: Vec<Part>) -> Part {
    let mut all = Part::default();
    let mut ids: Vec<Said> = Vec::new();
    for part in parts {
        ids.extend(part.id.clone());
        all.take(part);
    }
    all.id = one("account", &ids).ok().flatten().cloned();
    all
}

impl Part {
    fn take(&mut self, other: Self) {
        self.own.extend(other.own);
        self.evidence.partitions.extend(other.evidence.partitions);
        self.evidence.regions.extend(other.evidence.regions);
    }
}

/// The parts as accounts; where one is asked for, only those that can be it.
fn asked_for(mut parts: Vec<Part>, setting: &Setting) -> Result<Vec<Account>, PlanError> {
    for part in &mut parts {
        part.evidence.add_setting(setting);
    }
    let all: Vec<Vec<usize>> = parts.iter().map(|part| part.own.clone()).collect();
    let id = |part: &Part| part.id.as_ref().map(|said| said.value.clone());
    let ids: Vec<Option<String>> = parts.iter().map(id).collect();
    let mut accounts = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let mine = id(part);
        let mut account = Account {
            id: mine.clone().or_else(|| setting.account_id.clone()),
            partition: part.evidence.partition()?.map(|said| said.value.clone()),
            region: setting.region.clone().or_else(|| part.evidence.region().map(str::to_string)),
            own: part.own.clone(),
            maybe: Vec::new(),
            others: Vec::new(),
        };
        for (other, (own, other_id)) in all.iter().zip(&ids).enumerate() {
            let differ = matches!((&mine, other_id), (Some(mine), Some(other)) if mine != other);
            if other != at {
                if differ { &mut account.others } else { &mut account.maybe }.extend(own);
            }
        }
        accounts.push(account);
    }
    let Some(asked) = &setting.account_id else { return Ok(accounts) };
    if let (Some(Some(said)), None) = (
        parts.first().map(|part| &part.id),
        ids.iter().find(|id| id.as_ref().is_none_or(|id| id == asked)),
    ) {
        return Err(said.contradicts("account", &Said::new(asked.as_str(), "--account")));
    }
    // Where one part is surely the account's, the others that may be are in doubt beside it.
    let is_sure = ids.iter().any(|id| id.as_ref() == Some(asked));
    let is_asked = |id: &Option<String>| match id {
        Some(id) => id == asked,
        None => !is_sure,
    };
    let chosen = accounts.into_iter().zip(&ids).filter(|(_, id)| is_asked(id));
    Ok(chosen.map(|(account, _)| account).collect())
}

/// The partition of a Region or of an account, as a nested template has it.
pub(super) fn setting_in(account: &Account, partition: &str, region: Option<&str>) -> Setting {
    let region = region.or(account.region.as_deref());
    Setting {
        account_id: account.id.clone(),
        region: region
            .filter(|region| Partition::of_region(region).id == partition)
            .map(str::to_string),
        partition: Some(partition.to_string()),
        ..Setting::default()
    }
}

/// Whether a resource is an organization trail, or may be.
pub(super) fn may_be_of_organization(resource: &Resource<'_>) -> bool {
    let said = resource.values.and_then(|values| values.get("is_organization_trail"));
    said != Some(&Node::Bool(false)) && said.is_some()
}
