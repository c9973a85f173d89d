//! What paths hold, seen from its content: files and folders of every form.

mod folder;
pub(crate) mod project;
mod unread;

use std::path::{Path, PathBuf};

use cis_plan::{AnswerFile, Kind, NestingTemplate, PlanError, Setting, SourceOptions};
use cis_rules::snapshot::Snapshot;

use crate::accounts::Part;
use crate::args::FileOrStdin;
use crate::disk::Disk;
use crate::input::{self, Content};
use crate::outcome::Failure;

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
    /// Whether a folder may be a whole project, with many answers.
    pub(crate) projects: bool,
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
                    let name = name_of(path);
                    let known = Kind::known(&text);
                    if known.is_none()
                        && let Some(instead) = unread::instead(&name, &text)
                    {
                        return Err(Failure::Refused(format!("{path}: it {instead}")));
                    }
                    let kind = known.unwrap_or_else(|| Kind::of(&text));
                    let found = Found { source: path, name: &name, within: None };
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
        if let FileOrStdin::File(path) = source {
            // Places are seen from the folder that is read, or from the file's own.
            let parts = within.map_or(1, |(_, path)| path.split('/').count());
            let folder = path.ancestors().nth(parts).unwrap_or(Path::new(""));
            project::seen_from_here(&mut found, folder);
        }
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

    /// Reads a folder of Terraform source in the folder that is looked at.
    fn terraform_source(
        &mut self,
        disk: &Disk,
        root: &Path,
        folder: &str,
        how: How<'_>,
    ) -> Result<(), Failure> {
        let place = if folder.is_empty() { root.to_path_buf() } else { root.join(folder) };
        let mut all = cis_plan::source(disk, folder, how.options, how.setting)
            .map_err(|error| Failure::Refused(format!("`{}`: {error}", place.display())))?;
        project::seen_from_here(&mut all, root);
        let name = match folder {
            "" => root.file_name().map(|name| name.display().to_string()),
            folder => Some(folder.to_string()),
        };
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
        project::seen_from_here(&mut all, &folder);
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
