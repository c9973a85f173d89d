//! CloudFormation templates.

mod brings;
mod conditions;
mod functions;
mod parameters;
mod resolver;
mod resources;
mod text;

use std::sync::Arc;

use cis_rules::snapshot::Snapshot;
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

use self::resolver::Resolver;
use crate::assumed::{self, Trails};
use crate::completions::{self, Fill, Planned, is_marked};
use crate::error::PlanError;
use crate::node::{Document, Node};
use crate::value::{Value, unknown};
use crate::{NO_ACCOUNT, Setting, json, yaml};

pub(crate) use brings::brings_trails;

/// Reads a template.
pub(crate) fn read(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    let Document { root, repeats } = document(text)?;
    resources::refuse_repeats(section(&root)?, &repeats)?;
    let asks_partition = asks_partition(&root);
    let template = Template { root, setting: setting.clone(), asks_partition };
    if has_marks(&template.root) {
        return template.snapshot(&Fill::default());
    }
    completions::read(Arc::new(template))
}

/// A template that was read, and what is given for it.
#[derive(Debug)]
struct Template {
    root: Node,
    setting: Setting,
    /// Whether some text may have the partition in it that the template is deployed to.
    asks_partition: bool,
}

impl Template {
    /// What is given, with the partition that is filled in.
    fn setting(&self, fill: &Fill) -> Setting {
        let filled = fill.partition().map(str::to_string);
        Setting {
            partition: filled.or_else(|| self.setting.partition.clone()),
            ..self.setting.clone()
        }
    }

    fn trails(&self, setting: &Setting, fill: &Fill) -> Result<Trails, PlanError> {
        let read = |setting: &Setting| trails_of(&self.root, setting, &[], fill);
        if setting.says_partition() {
            return Ok(Trails { trails: read(setting)?, is_assumed: false, is_open: false });
        }
        assumed::trails(&self.root, &[], self.asks_partition, |partition| {
            read(&Setting { partition: Some(partition.to_string()), ..setting.clone() })
        })
    }
}

impl Planned for Template {
    fn snapshot(&self, fill: &Fill) -> Result<Snapshot, PlanError> {
        let setting = self.setting(fill);
        let Trails { trails, is_assumed, .. } = self.trails(&setting, fill)?;
        let snapshot = json!({
            "schemaVersion": 1,
            "accountId": setting.account_id.as_deref().unwrap_or(NO_ACCOUNT),
            "partition": setting.partition(),
            "assumedPartition": is_assumed,
            "region": setting.region,
            "planned": true,
            "trails": trails,
        });
        Snapshot::deserialize(snapshot)
            .map_err(|error| PlanError::shape("Resources", error.to_string()))
    }

    fn note_marks(&self, fill: &Fill) -> Result<(), PlanError> {
        let setting = self.setting(fill);
        if let Some(marks) = fill.marks() {
            marks.note_partition(setting.partition());
            if !setting.says_partition() && self.trails(&setting, &fill.without_marks())?.is_open {
                marks.note_open_partition();
            }
        }
        trails_of(&self.root, &setting, &[], fill).map(drop)
    }

    fn buckets(&self, fill: &Fill) -> Vec<(String, Value)> {
        let setting = self.setting(fill);
        let resolver = Resolver::new(&self.root, &setting, fill);
        resolver.map(|resolver| resources::buckets(&resolver)).unwrap_or_default()
    }
}

/// The trails of a template; of the parameters in `open` no value is known.
pub(crate) fn trails(
    text: &str,
    setting: &Setting,
    open: &[String],
) -> Result<Vec<Json>, PlanError> {
    let Document { root, repeats } = document(text)?;
    resources::refuse_repeats(section(&root)?, &repeats)?;
    trails_of(&root, setting, open, &Fill::default())
}

/// The names of a template's parameters.
pub(crate) fn parameters(text: &str) -> Result<Vec<String>, PlanError> {
    let root = document(text)?.root;
    let declared = root.get("Parameters").map(Node::members).unwrap_or_default();
    Ok(declared.iter().map(|(name, _)| name.clone()).collect())
}

/// Whether a template is known to bring no trails.
pub(crate) fn has_no_trails(text: &str) -> bool {
    let Ok(Document { root, .. }) = document(text) else { return false };
    let setting = Setting { partition: Some("aws".to_string()), ..Setting::default() };
    let is_simple = root.get("Transform").is_none() && !resources::nests(&root);
    is_simple
        && trails_of(&root, &setting, &[], &Fill::default()).is_ok_and(|trails| trails.is_empty())
}

fn trails_of(
    template: &Node,
    setting: &Setting,
    open: &[String],
    fill: &Fill,
) -> Result<Vec<Json>, PlanError> {
    let resources = section(template)?;
    let mut resolver = Resolver::new(template, setting, fill)?;
    for name in open {
        if let Some(value) = resolver.parameters.get_mut(name.as_str()) {
            *value = Value::open(unknown(
                format!("the value of parameter `{name}` is known after apply"),
                "write the value out, or apply and audit the account",
            ));
        }
    }
    resources::trails(template, resources, &resolver, setting)
}

/// Whether a template asks for its partition, by itself or in the ARN of a resource.
fn asks_partition(template: &Node) -> bool {
    let mut found = false;
    template.texts(&mut |text| {
        found |= text == "Arn"
            || ["AWS::Partition", "AWS::URLSuffix", ".Arn"].iter().any(|part| text.contains(part));
    });
    found
}

/// Whether a template has characters that marks are made of.
fn has_marks(template: &Node) -> bool {
    let mut found = false;
    template.texts(&mut |text| found |= is_marked(text));
    found
}

/// A template's document: what `aws cloudformation get-template` printed holds it as a member.
fn document(text: &str) -> Result<Document, PlanError> {
    let whole = json_or_yaml(text)?;
    if whole.root.get("Resources").is_some() {
        return Ok(whole);
    }
    match whole.root.get("TemplateBody") {
        Some(Node::Text(body)) => json_or_yaml(body),
        Some(body @ Node::Map(_)) => {
            let mut repeats = whole.repeats;
            repeats.retain(|repeat| repeat.path.first().is_some_and(|name| name == "TemplateBody"));
            repeats.iter_mut().for_each(|repeat| drop(repeat.path.remove(0)));
            Ok(Document { root: body.clone(), repeats })
        }
        _ => Ok(whole),
    }
}

/// CloudFormation reads JSON as the YAML that it is: a comma may stand behind the last element.
fn json_or_yaml(text: &str) -> Result<Document, PlanError> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return yaml::read(text);
    }
    match json::read(text) {
        Ok(root) => Ok(Document { root, repeats: Vec::new() }),
        Err(error) => yaml::read(text).map_err(|_| error),
    }
}

/// The section `Resources`, or what the document is instead.
fn section(template: &Node) -> Result<&Node, PlanError> {
    let has = |name| template.get(name).is_some();
    match template.get("Resources") {
        Some(resources @ Node::Map(_)) => Ok(resources),
        Some(_) => Err(PlanError::shape("Resources", "expected a map")),
        None if has("planned_values") || has("format_version") => Err(PlanError::Kind(
            "not a CloudFormation template, but a Terraform plan: use `--plan`".to_string(),
        )),
        None if has("schemaVersion") => Err(PlanError::Kind(
            "not a CloudFormation template, but a snapshot: use `--snapshot`".to_string(),
        )),
        None => Err(PlanError::Kind(
            "not a CloudFormation template: it has no section `Resources`".to_string(),
        )),
    }
}
