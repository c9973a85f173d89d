//! Cloud assemblies: what the AWS CDK writes to `cdk.out`.
//!
//! The stacks of one account are one account, in whatever Regions they are. Stacks whose account is
//! not known may be in each of the others, so their trails are in doubt there.
//!
//! Source: <https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema-readme.html>

use std::collections::BTreeMap;

use cis_rules::partition::Partition;
use cis_rules::report::Unknown;
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use crate::Setting;
use crate::error::PlanError;
use crate::files::{Files, normal};
use crate::json;
use crate::node::Node;
use crate::together::{beside, together};
use crate::trail::calls_cloudtrail;

/// How deep assemblies may be nested.
const DEEPEST: usize = 16;
/// The most stacks of one assembly.
const MOST_STACKS: usize = 5_000;
/// The most manifests that are read, one that is named twice counted twice: assemblies that name
/// each other many times multiply.
const MOST_MANIFESTS: usize = 1_000;

/// A stack of an assembly.
struct Stack {
    /// The path of its template.
    template: String,
    account: Option<String>,
    region: Option<String>,
    parameters: BTreeMap<String, String>,
}

/// Reads an assembly: an answer for each account.
pub(crate) fn read(
    files: &dyn Files,
    manifest: &str,
    setting: &Setting,
) -> Result<Vec<Snapshot>, PlanError> {
    let mut assembly = Assembly { files, stacks: Vec::new(), manifests: 0 };
    assembly.add(manifest, DEEPEST)?;
    let stacks = assembly.stacks;
    if stacks.is_empty() {
        return Err(PlanError::shape(manifest, "the assembly has no stack"));
    }
    let mut by_account: BTreeMap<Option<String>, Vec<Snapshot>> = BTreeMap::new();
    for stack in &stacks {
        let account = stack.account.clone().or_else(|| setting.account_id.clone());
        if setting.account_id.is_none() || account == setting.account_id {
            let snapshot = one(files, stack, account.clone(), setting)?;
            by_account.entry(account).or_default().push(snapshot);
        }
    }
    if by_account.is_empty() {
        return Err(PlanError::shape(
            manifest,
            "no stack is for the account that `--account` gives",
        ));
    }
    let mut all = Vec::new();
    for snapshots in by_account.into_values() {
        all.extend(together(snapshots)?);
    }
    doubt_the_unknown(all)
}

/// What is read of an assembly and of those in it.
struct Assembly<'f> {
    files: &'f dyn Files,
    stacks: Vec<Stack>,
    manifests: usize,
}

impl Assembly<'_> {
    fn add(&mut self, manifest: &str, depth: usize) -> Result<(), PlanError> {
        self.manifests += 1;
        if self.manifests > MOST_MANIFESTS {
            let what = format!(
                "the assembly has more than {MOST_MANIFESTS} nested ones: give one of their folders"
            );
            return Err(PlanError::shape(manifest, what));
        }
        let root = json::read(&text(self.files, manifest)?)
            .map_err(|error| PlanError::shape(manifest, error.to_string()))?;
        let folder = manifest.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (name, artifact) in root.get("artifacts").map(Node::members).unwrap_or_default() {
            let artifact = Artifact { name, node: artifact, manifest, folder };
            match artifact.node.get("type").and_then(Node::text) {
                Some("cdk:cloud-assembly") => {
                    let inner = artifact.property("directoryName")?;
                    let inner = artifact.beside(&format!("{inner}/manifest.json"));
                    let depth = depth.checked_sub(1).ok_or_else(|| {
                        let what = format!("assemblies are nested more than {DEEPEST} deep");
                        PlanError::shape(&inner, what)
                    })?;
                    self.add(&inner, depth)?;
                }
                Some("aws:cloudformation:stack") => {
                    if self.stacks.len() >= MOST_STACKS {
                        let what = format!("the assembly has more than {MOST_STACKS} stacks");
                        return Err(PlanError::shape(manifest, what));
                    }
                    self.stacks.push(artifact.stack()?);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// An entry of a manifest.
struct Artifact<'a> {
    name: &'a str,
    node: &'a Node,
    manifest: &'a str,
    /// The manifest's folder.
    folder: &'a str,
}

impl<'a> Artifact<'a> {
    fn property(&self, member: &str) -> Result<&'a str, PlanError> {
        let said = || self.node.get("properties")?.get(member)?.text();
        said().ok_or_else(|| {
            let what = format!("artifact `{}` has no `properties.{member}`", self.name);
            PlanError::shape(self.manifest, what)
        })
    }

    /// The path of a file that is named from the manifest's folder.
    fn beside(&self, name: &str) -> String {
        normal(&format!("{}/{name}", self.folder))
    }

    fn stack(&self) -> Result<Stack, PlanError> {
        let template = self.beside(self.property("templateFile")?);
        let environment = self.node.get("environment").and_then(Node::text);
        let (account, region) = place(environment.unwrap_or_default());
        let parameters = self.node.get("properties").and_then(|it| it.get("parameters"));
        let parameters = parameters.map(Node::members).unwrap_or_default();
        let known =
            |(name, value): &(String, Node)| Some((name.clone(), value.text()?.to_string()));
        let parameters = parameters.iter().filter_map(known).collect();
        Ok(Stack { template, account, region, parameters })
    }
}

/// The account and the Region of `aws://ACCOUNT/REGION`, as far as they are known.
fn place(environment: &str) -> (Option<String>, Option<String>) {
    let mut parts = environment.strip_prefix("aws://").unwrap_or_default().split('/');
    let mut known = |unknown: &str| {
        let part = parts.next().filter(|part| !part.is_empty() && *part != unknown)?;
        Some(part.to_string())
    };
    (known("unknown-account"), known("unknown-region"))
}

fn one(
    files: &dyn Files,
    stack: &Stack,
    account_id: Option<String>,
    setting: &Setting,
) -> Result<Snapshot, PlanError> {
    let text = text(files, &stack.template)?;
    let at = |error: PlanError| PlanError::shape(&stack.template, error.to_string());
    let names = crate::template::parameters(&text).map_err(at)?;
    let region = stack.region.clone().or_else(|| setting.region.clone());
    // A parameter may be given for one stack of many.
    let given = setting.parameters.iter().filter(|(name, _)| names.contains(*name));
    let mut parameters = stack.parameters.clone();
    parameters.retain(|name, _| names.contains(name));
    parameters.extend(given.map(|(name, value)| (name.clone(), value.clone())));
    let partition = setting.partition.clone();
    if let (Some(partition), Some(region)) = (&partition, &stack.region)
        && Partition::of_region(region).id != partition
    {
        return Err(PlanError::Contradiction {
            what: "partition",
            one: format!("`--partition` gives `{partition}`"),
            other: format!("the environment of `{}` is in `{region}`", stack.template),
        });
    }
    let setting = Setting { account_id, region, partition, parameters };
    let (snapshot, _) =
        crate::template::read_beside(&text, files, &stack.template, &setting).map_err(at)?;
    Ok(snapshot)
}

/// The trails of stacks whose account is not known may be in each account, and the other way round.
fn doubt_the_unknown(all: Vec<Snapshot>) -> Result<Vec<Snapshot>, PlanError> {
    let is_unknown = |snapshot: &Snapshot| snapshot.account_id == crate::NO_ACCOUNT;
    let doubts = |of_unknown: bool, all: &[Snapshot]| -> Vec<ObservedTrail> {
        let of = all.iter().filter(|snapshot| is_unknown(snapshot) == of_unknown);
        of.flat_map(|snapshot| snapshot.trails.iter().flatten()).map(doubted).collect()
    };
    let (unknown, known) = (doubts(true, &all), doubts(false, &all));
    let with_others = |snapshot: Snapshot| {
        let others = if is_unknown(&snapshot) { &known } else { &unknown };
        beside(snapshot, others.clone())
    };
    all.into_iter().map(with_others).collect()
}

/// A trail that may be in the account.
fn doubted(trail: &ObservedTrail) -> ObservedTrail {
    let why = Unknown {
        reason: "its stack's account is not known, so it may be in this one".to_string(),
        settled_by: "give the stack an `env`, or say the account with `--account`".to_string(),
    };
    let name = trail.trail.arn.clone().or_else(|| trail.trail.name.clone());
    let mut doubted = trail.clone();
    doubted.trail = cis_rules::snapshot::TrailDescription { name, ..Default::default() };
    doubted.status = None;
    doubted.event_selectors = None;
    // What calls CloudTrail may change the account's own trails, too.
    doubted.open.retain(calls_cloudtrail);
    doubted.open.push(why);
    doubted
}

fn text(files: &dyn Files, path: &str) -> Result<String, PlanError> {
    let bytes = files.read(path).map_err(PlanError::Kind)?;
    let bytes = bytes.ok_or_else(|| {
        PlanError::shape(path, "the file is missing: `cdk synth` writes the whole assembly")
    })?;
    crate::text_of(&bytes).map_err(|error| PlanError::shape(path, error.to_string()))
}
