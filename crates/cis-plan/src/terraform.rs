//! Terraform plans and states in JSON.
//!
//! Sources: <https://developer.hashicorp.com/terraform/internals/json-format>,
//! <https://developer.hashicorp.com/terraform/language/state>

mod accounts;
mod brings;
mod document;
mod evidence;
mod providers;
mod resources;
mod stacks;
mod trails;
mod values;

use std::collections::BTreeMap;

use cis_rules::snapshot::{Place, Snapshot};
use serde_json::json;

use self::accounts::Account;
use self::document::Document;
use self::providers::Providers;
use self::resources::Resources;
use self::trails::Reading;
use crate::assumed::{self, Trails};
use crate::error::PlanError;
use crate::node::Node;
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
    let document = Document::read(text)?;
    let resources = Resources::of(&document);
    let providers = Providers::of(document.root());
    let accounts = accounts::of(&resources, &providers, setting)?;
    let all = accounts.iter();
    all.map(|account| snapshot(&document, &resources, &providers, account, places)).collect()
}

fn snapshot(
    document: &Document,
    resources: &Resources<'_>,
    providers: &Providers<'_>,
    account: &Account,
    places: &Places,
) -> Result<Snapshot, PlanError> {
    let read = |partition: &str| {
        let from = Reading { account, partition, providers, places };
        trails::of(document, resources, &from)
    };
    let Trails { trails, is_assumed } = match &account.partition {
        Some(partition) => Trails { trails: read(partition)?, is_assumed: false },
        None => assumed::trails(document.root(), &variables(document), read)?,
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
    Snapshot::from_json(&snapshot.to_string())
        .map_err(|error| PlanError::shape("planned_values", error.to_string()))
}

/// The texts that variables of the root module have: one of them may be the Region of a provider,
/// whose expression a plan does not show.
fn variables(document: &Document) -> Vec<&str> {
    let variables = document.root().get("variables").map(Node::members).unwrap_or_default();
    variables.iter().filter_map(|(_, variable)| variable.get("value")?.text()).collect()
}
