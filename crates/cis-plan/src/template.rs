//! CloudFormation templates.

mod brings;
mod buckets;
mod conditions;
mod functions;
mod lists;
mod nested;
mod parameters;
mod resolver;
mod resources;
mod text;
mod trail;

use std::sync::Arc;

use cis_rules::partition::PARTITIONS;
use cis_rules::snapshot::Snapshot;
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

use self::nested::{Beside, Library};
use self::resolver::Resolver;
use crate::assumed::{self, How, Trails};
use crate::completions::{self, Fill, Planned, is_marked};
use crate::error::PlanError;
use crate::files::Files;
use crate::node::{Document, Node};
use crate::together::doubt_what_is_called;
use crate::value::{Value, unknown};
use crate::{NO_ACCOUNT, Setting, json, yaml};

pub(crate) use brings::brings_trails;

/// Reads a template.
pub(crate) fn read(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    let library = Library::default();
    planned(document(text)?, library, None, setting)
}

/// Reads a template that lies at a path, and those beside it that it nests; the paths of these.
pub(crate) fn read_beside(
    text: &str,
    files: &dyn Files,
    path: &str,
    setting: &Setting,
) -> Result<(Snapshot, Vec<String>), PlanError> {
    let document = document(text)?;
    let library = Library::load(files, path, &document.root)?;
    let nested = library.paths();
    Ok((planned(document, library, Some(path), setting)?, nested))
}

fn planned(
    Document { root, repeats }: Document,
    library: Library,
    path: Option<&str>,
    setting: &Setting,
) -> Result<Snapshot, PlanError> {
    resources::refuse_repeats(section(&root)?, &repeats)?;
    let path = path.map(str::to_string);
    let setting = setting.clone();
    let weight = root.weight_and_depth().0.saturating_add(library.weight());
    let (asks_partition, named) = (false, Vec::new());
    let mut template = Template { root, path, library, setting, asks_partition, named, weight };
    template.asks_partition = template.documents().into_iter().any(self::asks_partition);
    template.named = assumed::named(&template.documents(), &[]);
    if template.documents().into_iter().any(has_marks) {
        return template.snapshot(&Fill::default());
    }
    completions::read(Arc::new(template))
}

/// A template that was read, and what is given for it.
#[derive(Debug)]
struct Template {
    root: Node,
    /// Where it lies, if that is known.
    path: Option<String>,
    /// What lies beside it.
    library: Library,
    setting: Setting,
    /// Whether some text may have the partition in it that the template is deployed to.
    asks_partition: bool,
    /// The partitions that it names.
    named: Vec<&'static str>,
    /// Its nodes and the bytes of its texts.
    weight: usize,
}

impl Template {
    /// The template and all that it nests.
    fn documents(&self) -> Vec<&Node> {
        std::iter::once(&self.root).chain(self.library.documents()).collect()
    }

    /// What is given, with the partition that is filled in.
    fn setting(&self, fill: &Fill) -> Setting {
        let filled = fill.partition().map(str::to_string);
        Setting {
            partition: filled.or_else(|| self.setting.partition.clone()),
            ..self.setting.clone()
        }
    }

    /// The trails in the partition of the setting.
    fn trails_in(&self, setting: &Setting, fill: &Fill) -> Result<Vec<Json>, PlanError> {
        trails_of(&self.root, self.beside(), setting, &[], fill)
    }

    /// What lies beside the template, where it is known where that lies.
    fn beside(&self) -> Option<Beside<'_>> {
        self.path.as_ref().map(|path| self.library.beside(path))
    }

    fn trails(&self, setting: &Setting, fill: &Fill) -> Result<Trails, PlanError> {
        if setting.says_partition() {
            let trails = self.trails_in(setting, fill)?;
            return Ok(Trails { trails, is_assumed: false, is_open: false });
        }
        let how = How { asks_partition: self.asks_partition, is_filled_in: !fill.is_empty() };
        assumed::trails(&self.named, how, |partition| {
            let partition = Some(partition.to_string());
            self.trails_in(&Setting { partition, ..setting.clone() }, fill)
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
        let mut snapshot = Snapshot::deserialize(snapshot)
            .map_err(|error| PlanError::shape("Resources", error.to_string()))?;
        // A nested stack may call CloudTrail.
        doubt_what_is_called(&mut snapshot);
        Ok(snapshot)
    }

    fn note_marks(&self, fill: &Fill) -> Result<(), PlanError> {
        let mut setting = self.setting(fill);
        if let Some(marks) = fill.marks() {
            marks.note_partition(setting.partition());
            if !setting.says_partition() {
                let read = self.trails(&setting, &fill.without_marks())?;
                if read.is_open {
                    marks.note_open_partition();
                    return Ok(());
                }
                // Where the assumption stands, the Region is one of its partition.
                if read.is_assumed {
                    setting.partition = Some(setting.partition().to_string());
                }
            }
        }
        self.trails_in(&setting, fill).map(drop)
    }

    fn size(&self) -> u64 {
        let readings = if self.setting.says_partition() { 1 } else { PARTITIONS.len() };
        u64::try_from(self.weight.saturating_mul(readings)).unwrap_or(u64::MAX)
    }

    fn buckets(&self, fill: &Fill) -> Vec<(String, Value)> {
        let setting = self.setting(fill);
        let resolver = Resolver::new(&self.root, &setting, fill, self.beside());
        resolver.map(|resolver| buckets::buckets(&resolver)).unwrap_or_default()
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
    trails_of(&root, None, setting, open, &Fill::default())
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
    let fill = Fill::default();
    is_simple && trails_of(&root, None, &setting, &[], &fill).is_ok_and(|trails| trails.is_empty())
}

fn trails_of(
    template: &Node,
    beside: Option<Beside<'_>>,
    setting: &Setting,
    open: &[String],
    fill: &Fill,
) -> Result<Vec<Json>, PlanError> {
    let resources = section(template)?;
    let mut resolver = Resolver::new(template, setting, fill, beside)?;
    for name in open {
        if let Some(value) = resolver.parameters.get_mut(name.as_str()) {
            *value = Value::open(unknown(
                format!("the value of parameter `{name}` is known after apply"),
                "write the value out, or apply and audit the account",
            ));
        }
    }
    resources::trails(template, resources, &resolver)
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

/// A template's document: what `aws cloudformation get-template` printed holds it as a member, or
/// is its text in quotes.
fn document(text: &str) -> Result<Document, PlanError> {
    if text.starts_with('"')
        && let Ok(body) = serde_json::from_str::<String>(text.trim_end())
    {
        return json_or_yaml(&body, Places::No);
    }
    let whole = json_or_yaml(text, Places::Yes)?;
    if whole.root.get("Resources").is_some() {
        return Ok(whole);
    }
    match whole.root.get("TemplateBody") {
        // Lines in a text are none of the file's.
        Some(Node::Text(body)) => json_or_yaml(body, Places::No),
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
fn json_or_yaml(text: &str, places: Places) -> Result<Document, PlanError> {
    let text = text.trim_start_matches('\u{feff}');
    let read_yaml = match places {
        Places::Yes => yaml::template,
        Places::No => yaml::read,
    };
    if !text.trim_start().starts_with('{') {
        return read_yaml(text);
    }
    match json::read(text) {
        Ok(mut root) => {
            if places == Places::Yes {
                json::put_places(text, &mut root, json::Which::OfTemplate);
            }
            Ok(Document { root, repeats: Vec::new() })
        }
        Err(error) => read_yaml(text).map_err(|_| error),
    }
}

/// Whether it is noted where parts of a text are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Places {
    Yes,
    No,
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
        None if has("runtime") && has("name") => Err(PlanError::Kind(
            "not a CloudFormation template, but a project of Pulumi's: give what `pulumi preview \
             --json` or `pulumi stack export` prints"
                .to_string(),
        )),
        None => Err(PlanError::Kind(
            "not a CloudFormation template: it has no section `Resources`".to_string(),
        )),
    }
}
