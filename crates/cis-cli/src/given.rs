//! What paths hold, seen from its content: files and folders of every form.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use cis_plan::files::Files as _;
use cis_plan::{AnswerFile, Kind, NestingTemplate, PlanError, Setting, SourceOptions};
use cis_rules::snapshot::Snapshot;

use crate::accounts::Part;
use crate::args::FileOrStdin;
use crate::disk::Disk;
use crate::input::{self, Content};
use crate::outcome::{Failure, complain};

/// The accounts of paths, and what of them takes which options.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// The accounts.
    pub(crate) parts: Vec<Part>,
    /// Whether there are templates, which take parameters.
    pub(crate) has_templates: bool,
    /// Whether something does not say its account or Region itself.
    pub(crate) has_planned: bool,
    /// Whether there is Terraform source, which takes values of variables.
    pub(crate) has_source: bool,
}

/// How paths are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How<'a> {
    /// What is known of the account.
    pub(crate) setting: &'a Setting,
    /// What Terraform source is read with.
    pub(crate) options: &'a SourceOptions,
    /// Whether all templates are of one account.
    pub(crate) together: bool,
}

/// Reads what is at paths.
///
/// # Errors
/// Where something cannot be read: then there is no answer about the rest either.
pub(crate) fn read(paths: &[FileOrStdin], how: How<'_>) -> Result<Given, Failure> {
    let mut given = Given::default();
    let mut loose = Group::default();
    for path in paths {
        match path {
            FileOrStdin::File(folder) if folder.is_dir() => {
                let mut group = Group::default();
                given.folder(folder, how, &mut group)?;
                given.answers(group.answers, how)?;
                loose.templates.extend(group.templates);
            }
            path => match input::content(path)? {
                Content::Lines(lines) => given.parts.push(Part::Lines(lines)),
                Content::Text(text) => {
                    let kind = Kind::of(&text);
                    let found = Found { source: path, name: &name_of(path), within: None };
                    given.file(found, text, kind, how, &mut loose)?;
                }
            },
        }
    }
    given.answers(loose.answers, how)?;
    let whole = cis_plan::together(loose.templates)
        .map_err(|error| Failure::Refused(format!("`--together`: {error}")))?;
    given.parts.extend(whole.map(|snapshot| Part::Held(vec![snapshot])));
    Ok(given)
}

/// What is of one account, although it stands in several files.
#[derive(Debug, Default)]
struct Group {
    /// The answers of the AWS CLI, with the path of each.
    answers: Vec<(String, String)>,
    /// What templates make, where they are taken together.
    templates: Vec<Snapshot>,
}

/// A file that was found.
#[derive(Clone, Copy, Debug)]
struct Found<'a> {
    source: &'a FileOrStdin,
    /// What it is called in a report.
    name: &'a str,
    /// The folder that is read, and the path in it.
    within: Option<(&'a Disk, &'a str)>,
}

/// Reads a template, and those beside it that it nests.
///
/// # Errors
/// Where one of them cannot be read.
pub(crate) fn template(
    source: &FileOrStdin,
    text: &str,
    setting: &Setting,
) -> Result<Snapshot, Failure> {
    let found = Found { source, name: "", within: None };
    Ok(nesting(found, text, setting)?.account)
}

fn nesting(found: Found<'_>, text: &str, setting: &Setting) -> Result<NestingTemplate, Failure> {
    let read = match (found.within, found.source) {
        (Some((disk, path)), _) => cis_plan::template_beside(text, disk, path, setting),
        (None, FileOrStdin::File(path)) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            cis_plan::template_beside(text, &Disk::new(&folder_of(path)), &name, setting)
        }
        (None, FileOrStdin::Stdin) => cis_plan::template(text, setting)
            .map(|account| NestingTemplate { account, nested: Vec::new() }),
    };
    read.map_err(|error| Failure::Refused(format!("{}: {error}", found.source)))
}

impl Given {
    /// Reads a file that is of a kind: the paths of other files that were read with it.
    fn file(
        &mut self,
        Found { source, name, within }: Found<'_>,
        text: String,
        kind: Kind,
        how: How<'_>,
        group: &mut Group,
    ) -> Result<Vec<String>, Failure> {
        let refused = |error: PlanError| Failure::Refused(format!("{source}: {error}"));
        let mut read_with_it = Vec::new();
        let mut found = match kind {
            Kind::Snapshot => {
                self.parts.push(Part::Held(input::snapshots_in(&text, source)?));
                return Ok(read_with_it);
            }
            Kind::Answers => {
                self.has_planned = true;
                group.answers.push((path_of(source), text));
                return Ok(read_with_it);
            }
            Kind::Template => {
                self.has_templates = true;
                let read = nesting(Found { source, name, within }, &text, how.setting)?;
                read_with_it = read.nested;
                vec![read.account]
            }
            Kind::Plan => cis_plan::plans(&text, how.setting).map_err(refused)?,
            Kind::Assembly => match source {
                FileOrStdin::File(path) => {
                    self.assembly(path, how)?;
                    return Ok(read_with_it);
                }
                FileOrStdin::Stdin => {
                    return Err(Failure::Refused(format!(
                        "{source}: the manifest of a cloud assembly names other files: give the \
                         folder, `cdk.out`"
                    )));
                }
            },
            Kind::Pulumi => cis_plan::pulumi(&text, how.setting).map_err(refused)?,
        };
        self.has_planned = true;
        if *source != FileOrStdin::Stdin {
            found.iter_mut().for_each(|snapshot| snapshot.name = Some(name.to_string()));
        }
        if how.together && kind == Kind::Template {
            group.templates.extend(found);
        } else {
            self.parts.push(Part::Held(found));
        }
        Ok(read_with_it)
    }

    /// Reads a folder: every file in it that is of a form that is known.
    fn folder(&mut self, root: &Path, how: How<'_>, group: &mut Group) -> Result<(), Failure> {
        let disk = Disk::new(root);
        let names = disk.list("").map_err(Failure::Refused)?.unwrap_or_default();
        if names.iter().any(|name| is_terraform_source(name)) {
            return self.terraform_source(&disk, root, how);
        }
        let all = disk.all().map_err(Failure::Refused)?;
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
        let (parts, answers, templates) =
            (self.parts.len(), group.answers.len(), group.templates.len());
        let of_assembly = |path: &str| assemblies.iter().any(|folder| path.starts_with(folder));
        refuse_terraform_source_below(root, all.iter().filter(|path| !of_assembly(path)))?;
        let mut of_templates: Vec<(&str, usize)> = Vec::new();
        let mut nested: HashSet<String> = HashSet::new();
        for path in all.iter().filter(|path| !of_assembly(path)) {
            let known = if may_be_read(path) {
                let text = text(&disk, root, path)?;
                Kind::known(&text).map(|kind| (kind, text))
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
        let is_empty = parts == self.parts.len()
            && answers == group.answers.len()
            && templates == group.templates.len();
        match unknown.first() {
            _ if is_empty && assemblies.is_empty() => Err(Failure::Refused(format!(
                "`{}`: no file in it is a snapshot, a template, a plan, a state, an assembly or \
                 an answer of the AWS CLI",
                root.display()
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

    /// Reads a folder of Terraform source.
    fn terraform_source(&mut self, disk: &Disk, root: &Path, how: How<'_>) -> Result<(), Failure> {
        let mut all = cis_plan::source(disk, "", how.options, how.setting)
            .map_err(|error| Failure::Refused(format!("`{}`: {error}", root.display())))?;
        let name = root.file_name().map(|name| name.display().to_string());
        all.iter_mut().for_each(|snapshot| snapshot.name.clone_from(&name));
        self.has_planned = true;
        self.has_source = true;
        self.parts.push(Part::Held(all));
        Ok(())
    }

    /// Reads the assembly of a manifest.
    fn assembly(&mut self, manifest: &Path, how: How<'_>) -> Result<(), Failure> {
        self.has_planned = true;
        self.has_templates = true;
        let folder = folder_of(manifest);
        let name = manifest.file_name().unwrap_or_default().to_string_lossy();
        let mut all = cis_plan::assembly(&Disk::new(&folder), &name, how.setting)
            .map_err(|error| Failure::Refused(format!("`{}`: {error}", folder.display())))?;
        let name = folder.file_name().map(|name| name.display().to_string());
        all.iter_mut().for_each(|snapshot| snapshot.name.clone_from(&name));
        self.parts.push(Part::Held(all));
        Ok(())
    }

    /// Puts the answers of the AWS CLI together.
    fn answers(&mut self, answers: Vec<(String, String)>, how: How<'_>) -> Result<(), Failure> {
        if answers.is_empty() {
            return Ok(());
        }
        let files: Vec<AnswerFile<'_>> =
            answers.iter().map(|(path, text)| AnswerFile { path, text }).collect();
        let mut snapshot = cis_plan::answers(&files, how.setting).map_err(|error| {
            let place =
                if let [only] = files.as_slice() { only.path } else { "answers of the AWS CLI" };
            Failure::Refused(match error {
                PlanError::Shape { .. } => error.to_string(),
                _ => format!("{place}: {error}"),
            })
        })?;
        snapshot.name = Some("answers of the AWS CLI".to_string());
        self.parts.push(Part::Held(vec![snapshot]));
        Ok(())
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_path_buf(),
        _ => PathBuf::from("."),
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

/// The whole path: its folder may be what tells the trail of a status.
fn path_of(source: &FileOrStdin) -> String {
    match source {
        FileOrStdin::Stdin => source.to_string(),
        FileOrStdin::File(path) => path.display().to_string(),
    }
}

fn name_of(source: &FileOrStdin) -> String {
    let name = match source {
        FileOrStdin::Stdin => None,
        FileOrStdin::File(path) => path.file_name(),
    };
    name.map(|name| name.display().to_string()).unwrap_or_default()
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

fn is_terraform_source(path: &str) -> bool {
    path.ends_with(".tf") || path.ends_with(".tf.json")
}
