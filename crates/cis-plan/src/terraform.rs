//! Terraform plans and states in JSON.
//!
//! Sources: <https://developer.hashicorp.com/terraform/internals/json-format>,
//! <https://developer.hashicorp.com/terraform/language/state>

mod accounts;
mod brings;
mod buckets;
mod callers;
mod document;
mod evidence;
mod open;
mod providers;
mod resources;
mod stacks;
mod trails;
mod values;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use cis_rules::partition::PARTITIONS;
use cis_rules::snapshot::{Place, Snapshot};
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

use self::accounts::Account;
use self::buckets::Bucket;
use self::document::Document;
use self::open::OpenTrails;
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
        Ok((partition.to_string(), trails::of(document, resources, &from)?))
    };
    let (partitions, named) = match account.partition.as_deref() {
        Some(known) => (vec![known], Vec::new()),
        None => {
            let documents = [&[document.root()], sources].concat();
            let all = PARTITIONS.iter().map(|partition| partition.id).collect();
            (all, assumed::named(&documents, &variables(document)))
        }
    };
    completions::read(Arc::new(Deployment {
        account_id: account.id.clone(),
        region: account.region.clone(),
        is_planned: document.is_plan(),
        trails: partitions.into_iter().map(read).collect::<Result<_, PlanError>>()?,
        named,
        buckets: buckets::of(resources),
    }))
}

/// How much work a node is for a completion, in texts that are compared: it is written as JSON and read
/// again.
const WORK_OF_NODE: u64 = 1_000;

/// What is planned in one account. What is open in it is told by its place: a plan does not show how
/// a value is made that is known after apply only.
#[derive(Debug)]
struct Deployment {
    account_id: Option<String>,
    region: Option<String>,
    is_planned: bool,
    /// The trails in the partition; in each one, where it is not known.
    trails: Vec<(String, OpenTrails)>,
    /// The partitions that the plan names, where it does not say which it is for.
    named: Vec<&'static str>,
    buckets: Vec<Bucket>,
}

impl Deployment {
    /// The partition, where it is known or filled in.
    fn partition<'a>(&'a self, fill: &'a Fill) -> Option<&'a str> {
        match self.trails.as_slice() {
            [(only, _)] => Some(only),
            _ => fill.partition(),
        }
    }

    fn trails_in(&self, partition: &str, fill: &Fill) -> Result<Vec<Json>, PlanError> {
        let of_partition = self.trails.iter().find(|(known, _)| known == partition);
        of_partition.map_or_else(|| Ok(Vec::new()), |(_, trails)| trails.documents(fill))
    }

    fn trails(&self, fill: &Fill) -> Result<Trails, PlanError> {
        if let Some(partition) = self.partition(fill) {
            let trails = self.trails_in(partition, fill)?;
            return Ok(Trails { trails, is_assumed: false, is_open: false });
        }
        let how = How { asks_partition: true, is_filled_in: !fill.is_empty() };
        assumed::trails(&self.named, how, |partition| self.trails_in(partition, fill))
    }

    /// That no two buckets have one name.
    fn refuse_impossible_buckets(&self, fill: &Fill) -> Result<(), PlanError> {
        let mut seen = HashSet::new();
        for (_, name) in self.buckets(fill) {
            if let Some(name) = name.known_text()
                && !seen.insert(name.to_string())
            {
                let what = format!("two buckets are named `{name}`");
                return Err(PlanError::shape("planned_values", what));
            }
        }
        Ok(())
    }
}

impl Planned for Deployment {
    fn snapshot(&self, fill: &Fill) -> Result<Snapshot, PlanError> {
        if !fill.is_empty() {
            self.refuse_impossible_buckets(fill)?;
        }
        let Trails { trails, is_assumed, .. } = self.trails(fill)?;
        let snapshot = json!({
            "schemaVersion": 1,
            "accountId": self.account_id.as_deref().unwrap_or(NO_ACCOUNT),
            "partition": self.partition(fill).unwrap_or("aws"),
            "assumedPartition": is_assumed,
            "region": self.region,
            "planned": self.is_planned,
            "trails": trails,
        });
        let mut snapshot = Snapshot::deserialize(snapshot)
            .map_err(|error| PlanError::shape("planned_values", error.to_string()))?;
        // A stack whose template stands in the plan may call CloudTrail.
        doubt_what_is_called(&mut snapshot);
        Ok(snapshot)
    }

    fn note_marks(&self, fill: &Fill) -> Result<(), PlanError> {
        let Some(marks) = fill.marks() else { return Ok(()) };
        let partition = self.partition(fill);
        marks.note_partition(partition.unwrap_or("aws"));
        if partition.is_none() && self.trails(&fill.without_marks())?.is_open {
            marks.note_open_partition();
            return Ok(());
        }
        let partition = partition.unwrap_or("aws");
        let of_partition = self.trails.iter().find(|(known, _)| known == partition);
        if let Some((_, trails)) = of_partition {
            trails.note_marks(fill, marks);
        }
        Ok(())
    }

    fn size(&self) -> u64 {
        let trails = self.trails.iter().map(|(_, trails)| trails.size());
        let size = trails.fold(self.buckets.len(), usize::saturating_add);
        u64::try_from(size).unwrap_or(u64::MAX).saturating_mul(WORK_OF_NODE)
    }

    fn buckets(&self, fill: &Fill) -> Vec<(String, Value)> {
        self.buckets.iter().map(|bucket| (bucket.own_name.clone(), bucket.name(fill))).collect()
    }
}

/// The texts that variables of the root module have: one of them may be the Region of a provider,
/// whose expression a plan does not show.
fn variables(document: &Document) -> Vec<&str> {
    let variables = document.root().get("variables").map(Node::members).unwrap_or_default();
    variables.iter().filter_map(|(_, variable)| variable.get("value")?.text()).collect()
}
