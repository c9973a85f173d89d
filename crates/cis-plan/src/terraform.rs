//! Terraform plans and states in JSON.
//!
//! Sources: <https://developer.hashicorp.com/terraform/internals/json-format>,
//! <https://developer.hashicorp.com/terraform/language/state>

mod accounts;
mod brings;
mod buckets;
mod document;
mod evidence;
mod providers;
mod resources;
mod stacks;
mod trails;
mod values;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use cis_rules::snapshot::{Place, Snapshot};
use serde_json::{Value as Json, json};

use self::accounts::Account;
use self::buckets::Bucket;
use self::document::Document;
use self::providers::Providers;
use self::resources::Resources;
use self::trails::Reading;
use crate::assumed::{self, How, Trails};
use crate::completions::{self, Fill, Planned};
use crate::error::PlanError;
use crate::node::Node;
use crate::together::doubt_what_is_called;
use crate::value::Value;
use crate::{NO_ACCOUNT, Setting};

/// Whether a resource of a type may bring trails that its plan does not show.
pub(crate) fn may_bring_trails(kind: &str) -> bool {
    brings::brings_trails(kind).is_some()
}

/// Where resources are written, by their addresses.
pub(crate) type Places = BTreeMap<String, Place>;

/// Reads a plan or a state: an answer for each account that it has trails of.
pub(crate) fn read(text: &str, setting: &Setting) -> Result<Vec<Snapshot>, PlanError> {
    read_placed(text, setting, &Places::new())
}

/// Reads a plan of which it is known where its resources are written.
pub(crate) fn read_placed(
    text: &str,
    setting: &Setting,
    places: &Places,
) -> Result<Vec<Snapshot>, PlanError> {
    read_document(&Document::read(text)?, &[], setting, places)
}

/// Reads what another tool plans, or says that exists, in the form of a plan; `source` is what it
/// was made of.
pub(crate) fn of_other(
    root: Node,
    source: &Node,
    is_planned: bool,
    setting: &Setting,
) -> Result<Vec<Snapshot>, PlanError> {
    let document = if is_planned { Document::Plan(root) } else { Document::Existing(root) };
    read_document(&document, &[source], setting, &Places::new())
}

fn read_document(
    document: &Document,
    sources: &[&Node],
    setting: &Setting,
    places: &Places,
) -> Result<Vec<Snapshot>, PlanError> {
    let resources = Resources::of(document);
    let providers = Providers::of(document.root());
    let accounts = accounts::of(&resources, &providers, setting)?;
    let all = accounts.iter();
    all.map(|account| snapshot((document, sources), &resources, &providers, account, places))
        .collect()
}

fn snapshot(
    (document, sources): (&Document, &[&Node]),
    resources: &Resources<'_>,
    providers: &Providers<'_>,
    account: &Account,
    places: &Places,
) -> Result<Snapshot, PlanError> {
    let read = |partition: &str| {
        let from = Reading { account, partition, providers, places };
        trails::of(document, resources, &from)
    };
    let Trails { trails, is_assumed, .. } = match &account.partition {
        Some(partition) => Trails { trails: read(partition)?, is_assumed: false, is_open: false },
        None => {
            let documents = [&[document.root()], sources].concat();
            let how = How { asks_partition: true, is_filled_in: false };
            assumed::trails(&documents, &variables(document), how, read)?
        }
    };
    let snapshot = json!({
        "schemaVersion": 1,
        "accountId": account.id.as_deref().unwrap_or(NO_ACCOUNT),
        "partition": account.partition.as_deref().unwrap_or("aws"),
        "assumedPartition": is_assumed,
        "region": account.region,
        "planned": document.is_plan(),
        "trails": trails,
    });
    let mut snapshot = Snapshot::from_json(&snapshot.to_string())
        .map_err(|error| PlanError::shape("planned_values", error.to_string()))?;
    // A stack whose template stands in the plan may call CloudTrail.
    doubt_what_is_called(&mut snapshot);
    let texts = trails.iter().flat_map(|trail| trail.get("eventSelectors")).collect();
    completions::read(Arc::new(Named {
        snapshot,
        texts: texts_in(texts),
        buckets: buckets::of(resources),
    }))
}

/// An account with the buckets of its plan. What is open in a plan beside their names cannot be
/// enumerated: a plan does not show how a value is made that is known after apply only.
#[derive(Debug)]
struct Named {
    snapshot: Snapshot,
    /// The texts of all selectors.
    texts: Vec<String>,
    buckets: Vec<Bucket>,
}

impl Planned for Named {
    fn snapshot(&self, fill: &Fill) -> Result<Snapshot, PlanError> {
        let mut names = self
            .buckets(fill)
            .into_iter()
            .filter_map(|(_, name)| name.known_text().map(str::to_string));
        let mut seen = HashSet::new();
        match names.find(|name| !seen.insert(name.clone())) {
            Some(name) if !fill.is_empty() => {
                Err(PlanError::shape("planned_values", format!("two buckets are named `{name}`")))
            }
            _ => Ok(self.snapshot.clone()),
        }
    }

    fn note_marks(&self, fill: &Fill) -> Result<(), PlanError> {
        if let Some(marks) = fill.marks() {
            let texts: Vec<Value> = self.texts.iter().cloned().map(Value::Text).collect();
            for compared in ["StartsWith", "EndsWith"] {
                let of_all = (compared.to_string(), Value::List(texts.clone()));
                marks.note_selectors(&Value::Map(vec![of_all]));
            }
        }
        Ok(())
    }

    fn size(&self) -> u64 {
        let trails = self.snapshot.trails.as_deref().unwrap_or_default().len();
        u64::try_from(trails + self.texts.len() + self.buckets.len()).unwrap_or(u64::MAX)
    }

    fn buckets(&self, fill: &Fill) -> Vec<(String, Value)> {
        self.buckets.iter().map(|bucket| (bucket.own_name.clone(), bucket.name(fill))).collect()
    }
}

/// All texts in these parts of JSON.
fn texts_in(mut parts: Vec<&Json>) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(part) = parts.pop() {
        match part {
            Json::String(text) => texts.push(text.clone()),
            Json::Array(elements) => parts.extend(elements),
            Json::Object(members) => parts.extend(members.values()),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    texts
}

/// The texts that variables of the root module have: one of them may be the Region of a provider,
/// whose expression a plan does not show.
fn variables(document: &Document) -> Vec<&str> {
    let variables = document.root().get("variables").map(Node::members).unwrap_or_default();
    variables.iter().filter_map(|(_, variable)| variable.get("value")?.text()).collect()
}
