//! A folder: what each file in it is.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use cis_plan::Kind;
use cis_plan::files::Files as _;

use super::project::{self, Sources};
use super::{Found, Given, Group, How};
use crate::args::FileOrStdin;
use crate::disk::Disk;
use crate::input;
use crate::outcome::{Failure, complain};

impl Given {
    /// Reads a folder: every file in it that is of a form that is known.
    pub(super) fn folder(
        &mut self,
        root: &Path,
        how: How<'_>,
        group: &mut Group,
    ) -> Result<(), Failure> {
        let disk = Disk::new(root);
        let from = self.parts.len();
        let names = disk.list("").map_err(Failure::Refused)?.unwrap_or_default();
        if names.iter().any(|name| is_terraform_source(name)) {
            self.terraform_source(&disk, root, "", how)?;
            if !how.projects {
                say_what_source_leaves_out(&disk, root, &names);
                return Ok(());
            }
        }
        let is_source = from < self.parts.len();
        let all = match disk.all() {
            Ok(all) => all,
            Err(why) if is_source => {
                let place = root.display();
                complain(
                    "note",
                    &format!("only the Terraform source in `{place}` itself is read: {why}"),
                );
                return Ok(());
            }
            Err(why) => return Err(Failure::Refused(why)),
        };
        let mut assemblies: Vec<&str> = Vec::new();
        let mut manifests: Vec<&String> = all.iter().filter(|path| is_manifest(path)).collect();
        // An outer assembly comes before those that it holds.
        manifests.sort_by_key(|path| path.matches('/').count());
        for path in manifests {
            let folder = path.trim_end_matches("manifest.json");
            let is_inner = assemblies.iter().any(|outer| folder.starts_with(outer));
            if !is_inner && Kind::known(&text(&disk, root, path)?) == Some(Kind::Assembly) {
                assemblies.push(folder);
                self.assembly(&root.join(path), how)?;
            }
        }
        let mut unknown = Vec::new();
        let (answers, templates) = (group.answers.len(), group.templates.len());
        let of_assembly = |path: &str| assemblies.iter().any(|folder| path.starts_with(folder));
        let outside = || all.iter().filter(|path| !of_assembly(path));
        let sources = if how.projects {
            Sources::of(&disk, outside()).map_err(Failure::Refused)?
        } else {
            refuse_terraform_source_below(root, outside())?;
            Sources::default()
        };
        for folder in sources.roots.iter().filter(|folder| !folder.is_empty()) {
            self.terraform_source(&disk, root, folder, how)?;
        }
        let mut of_templates: Vec<(&str, usize)> = Vec::new();
        let mut nested: HashSet<String> = HashSet::new();
        for path in outside().filter(|path| !sources.is_beside(path)) {
            let known = if may_be_read(path) {
                let text = text(&disk, root, path)?;
                let kind = Kind::known(&text);
                let kind =
                    kind.filter(|kind| *kind != Kind::Snapshot || !project::is_own_answer(&text));
                kind.map(|kind| (kind, text))
            } else {
                None
            };
            let Some((kind, text)) = known else {
                unknown.push(path);
                continue;
            };
            if kind == Kind::Template {
                let at = if how.together { group.templates.len() } else { self.parts.len() };
                of_templates.push((path, at));
            }
            let source = FileOrStdin::File(root.join(path));
            let found = Found { source: &source, name: path, within: Some((&disk, path)) };
            nested.extend(self.file(found, text, kind, how, group)?);
        }
        // What another template nests is no account of its own.
        for (_, at) in of_templates.iter().rev().filter(|(path, _)| nested.contains(*path)) {
            if how.together {
                group.templates.remove(*at);
            } else {
                self.parts.remove(*at);
            }
        }
        let without = (how.projects && !how.together)
            .then(|| project::leave_out_without_trails(&mut self.parts, from))
            .flatten();
        if let Some((count, first)) = without {
            let (place, are) = (root.display(), if count == 1 { "plans" } else { "plan" });
            complain(
                "note",
                &format!(
                    "`{place}`: {count} of what was found {are} no trail, and other files plan one: left \
                     out, the first is `{first}`; give its path to have it answered"
                ),
            );
        }
        if sources.modules() > 0 {
            let (place, count) = (root.display(), sources.modules());
            let are = if count == 1 { "folder is a module" } else { "folders are modules" };
            complain("note", &format!("`{place}`: {count} {are} of others, and read with them"));
        }
        let is_empty = from == self.parts.len()
            && answers == group.answers.len()
            && templates == group.templates.len();
        match unknown.first() {
            _ if is_empty && assemblies.is_empty() => Err(Failure::Refused(format!(
                "`{}`: no file in it is a snapshot, a template, a plan, a state, an assembly or \
                 an answer of the AWS CLI{}",
                root.display(),
                unknown.iter().find_map(|path| next_step(path)).unwrap_or_default()
            ))),
            Some(first) => {
                let count = unknown.len();
                complain(
                    "note",
                    &format!(
                        "`{}`: {count} {} of no form that is read, and left out; the first is \
                         `{first}`",
                        root.display(),
                        if count == 1 { "file is" } else { "files are" }
                    ),
                );
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// Says which files beside Terraform source could be read too: what exists is another account than
/// what is planned, so they are not read with it.
fn say_what_source_leaves_out(disk: &Disk, root: &Path, names: &[String]) {
    let noun = |name: &String| {
        // What cannot be read is not left out for the source.
        let text = may_be_read(name).then(|| text(disk, root, name).ok()).flatten()?;
        Some(match Kind::known(&text)? {
            Kind::Snapshot => "a snapshot",
            Kind::Template => "a CloudFormation template",
            Kind::Plan => "a Terraform plan or state",
            Kind::Answers => "an answer of the AWS CLI",
            Kind::Assembly => "the manifest of a cloud assembly",
            Kind::Pulumi => "what Pulumi prints",
        })
    };
    let left_out = names.iter().filter(|name| !name.ends_with('/') && !is_terraform_source(name));
    let named: Vec<String> =
        left_out.filter_map(|name| Some(format!("`{name}` ({})", noun(name)?))).collect();
    let rest = named.len().saturating_sub(MOST_NAMED);
    let Some(shown) = named.get(..named.len() - rest).filter(|shown| !shown.is_empty()) else {
        return;
    };
    let rest = if rest == 0 { String::new() } else { format!(" and {rest} others") };
    let (are, their) = if named.len() == 1 { ("is", "its path") } else { ("are", "their paths") };
    complain(
        "note",
        &format!(
            "`{}`: its Terraform source is read, and {}{rest} beside it {are} not: give {their} to \
             audit that",
            root.display(),
            shown.join(", ")
        ),
    );
}

/// What to give in place of a project of a tool that plans.
pub(super) fn next_step(path: &str) -> Option<&'static str> {
    match path.rsplit('/').next().unwrap_or(path) {
        "Pulumi.yaml" | "Pulumi.yml" => Some(
            "; it is a project of Pulumi's: give what `pulumi preview --json` or `pulumi stack \
             export` prints",
        ),
        "terragrunt.hcl" | "terragrunt.hcl.json" | "terragrunt.stack.hcl" => Some(
            "; it is a unit of Terragrunt's, whose source lies elsewhere: give what `terragrunt show \
             -json PLANFILE` prints",
        ),
        "serverless.yml" | "serverless.yaml" => Some(
            "; it is a project of the Serverless Framework's: run `serverless package`, and give \
             `.serverless/cloudformation-template-update-stack.json`",
        ),
        "cdk.json" => {
            Some("; it is a project of the AWS CDK's: run `cdk synth`, and give `cdk.out`")
        }
        _ => None,
    }
}

/// The most folders that a message names.
const MOST_NAMED: usize = 5;

/// Each folder of Terraform source is read by itself, for each is planned by itself.
fn refuse_terraform_source_below<'a>(
    root: &Path,
    all: impl Iterator<Item = &'a String>,
) -> Result<(), Failure> {
    let source = all.filter(|path| is_terraform_source(path));
    let below: BTreeSet<&str> = source.filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
    if below.is_empty() {
        return Ok(());
    }
    let named = below.iter().take(MOST_NAMED);
    let named: Vec<String> =
        named.map(|folder| format!("`{}`", root.join(folder).display())).collect();
    let named = named.join(", ");
    let rest = below.len().saturating_sub(MOST_NAMED);
    Err(Failure::Refused(match (below.len(), rest) {
        (1, _) => {
            format!("`{}`: its Terraform source is in a folder below: give {named}", root.display())
        }
        (_, 0) => format!(
            "`{}`: its Terraform source is in folders below: give one of {named}",
            root.display()
        ),
        (_, rest) => format!(
            "`{}`: its Terraform source is in folders below: give one of {named}, or of {rest} \
             others",
            root.display()
        ),
    }))
}

fn text(disk: &Disk, root: &Path, path: &str) -> Result<String, Failure> {
    let place = FileOrStdin::File(root.join(path));
    match disk.read(path).map_err(Failure::Refused)? {
        Some(bytes) => input::decoded(&place, bytes),
        // A link that leads nowhere, or a pipe.
        None => Err(Failure::Refused(format!("cannot read {place}: it is no file"))),
    }
}

/// Whether a file of this name may be of a form that is read.
fn may_be_read(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|it| it.to_str()).unwrap_or_default();
    let known = ["json", "yaml", "yml", "template", "jsonl", "ndjson", "tfstate", "txt"];
    known.iter().any(|one| extension.eq_ignore_ascii_case(one))
}

fn is_manifest(path: &str) -> bool {
    path == "manifest.json" || path.ends_with("/manifest.json")
}

pub(super) fn is_terraform_source(path: &str) -> bool {
    [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| path.ends_with(end))
}
