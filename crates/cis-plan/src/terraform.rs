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

use std::sync::Arc;

use cis_rules::open_values::{Asked, Completions, OpenValues, PlannedBucket, Split};
use cis_rules::snapshot::Snapshot;
use serde_json::json;

use self::accounts::Account;
use self::document::Document;
use self::providers::Providers;
use self::resources::Resources;
use crate::assumed::{self, Trails};
use crate::error::PlanError;
use crate::node::Node;
use crate::together::doubt_what_is_called;
use crate::{NO_ACCOUNT, Setting};

/// Reads a plan or a state: an answer for each account that it has trails of.
pub(crate) fn read(text: &str, setting: &Setting) -> Result<Vec<Snapshot>, PlanError> {
    read_document(&Document::read(text)?, &[], setting)
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
    read_document(&document, &[source], setting)
}

fn read_document(
    document: &Document,
    sources: &[&Node],
    setting: &Setting,
) -> Result<Vec<Snapshot>, PlanError> {
    let resources = Resources::of(document);
    let providers = Providers::of(document.root());
    let accounts = accounts::of(&resources, &providers, setting)?;
    let all = accounts.iter();
    all.map(|account| snapshot(document, sources, &resources, &providers, account)).collect()
}

fn snapshot(
    document: &Document,
    sources: &[&Node],
    resources: &Resources<'_>,
    providers: &Providers<'_>,
    account: &Account,
) -> Result<Snapshot, PlanError> {
    let read = |partition: &str| trails::of(document, resources, providers, account, partition);
    let Trails { trails, is_assumed } = match &account.partition {
        Some(partition) => Trails { trails: read(partition)?, is_assumed: false },
        None => {
            let documents = [&[document.root()], sources].concat();
            assumed::trails(&documents, &variables(document), read)?
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
    snapshot.open_values = OpenValues::new(Arc::new(Buckets(buckets::of(resources))));
    Ok(snapshot)
}

/// The buckets of a plan or a state. What is open in it cannot be enumerated: a plan does not show
/// how a value is made that is known after apply only.
#[derive(Debug)]
struct Buckets(Vec<PlannedBucket>);

impl Completions for Buckets {
    fn buckets(&self) -> Vec<PlannedBucket> {
        self.0.clone()
    }

    fn mentions(&self) -> Vec<String> {
        Vec::new()
    }

    fn split(&self, _: &Asked<'_>) -> Option<Split> {
        None
    }
}

/// The texts that variables of the root module have: one of them may be the Region of a provider,
/// whose expression a plan does not show.
fn variables(document: &Document) -> Vec<&str> {
    let variables = document.root().get("variables").map(Node::members).unwrap_or_default();
    variables.iter().filter_map(|(_, variable)| variable.get("value")?.text()).collect()
}
