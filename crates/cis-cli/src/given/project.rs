//! A whole project: the folders of Terraform source in it that are planned by themselves, what plans no
//! trail, and where a file is, seen from the folder that the command runs in.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Component, Path, PathBuf};

use cis_plan::files::{Files as _, normal};
use cis_rules::snapshot::Snapshot;
use serde::de::IgnoredAny;

use crate::accounts::Part;
use crate::disk::Disk;

/// The account of what does not say one.
const NO_ACCOUNT: &str = "000000000000";

/// The folders of Terraform source in a folder.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Those that are planned by themselves.
    pub(super) roots: Vec<String>,
    /// All of them, the modules of others too.
    all: BTreeSet<String>,
}

impl Sources {
    /// The folders of source among these paths. A folder that another one calls as a module is planned
    /// with that one.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub(super) fn of<'p>(
        disk: &Disk,
        paths: impl Iterator<Item = &'p String>,
    ) -> Result<Self, String> {
        let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in paths.filter(|path| super::folder::is_terraform_source(path)) {
            files.entry(folder_of(path)).or_default().push(path);
        }
        let mut called: BTreeSet<String> = BTreeSet::new();
        for (folder, files) in &files {
            for file in files {
                let text = disk.read(file)?.unwrap_or_default();
                let text = String::from_utf8_lossy(&text);
                let modules = local_modules(&text).map(|path| normal(&format!("{folder}/{path}")));
                // A module that calls itself is refused when it is read.
                called.extend(modules.filter(|module| module != folder));
            }
        }
        let all: BTreeSet<String> = files.keys().map(ToString::to_string).collect();
        let roots = all.iter().filter(|folder| !called.contains(*folder)).cloned().collect();
        Ok(Self { roots, all })
    }

    /// Whether a file lies beside source.
    pub(super) fn is_beside(&self, path: &str) -> bool {
        self.all.contains(folder_of(path))
    }

    /// How many folders are modules of others.
    pub(super) fn modules(&self) -> usize {
        self.all.len() - self.roots.len()
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The paths of modules in a text of Terraform's language or of its JSON: values of `source` that begin
/// with `./` or `../`, as those of nothing else do.
///
/// Source: <https://developer.hashicorp.com/terraform/language/modules/sources#local-paths>
fn local_modules(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("source").filter_map(|(at, word)| {
        let rest = text.get(at + word.len()..)?.trim_start_matches('"').trim_start();
        let rest = rest.strip_prefix(['=', ':'])?.trim_start().strip_prefix('"')?;
        let path = rest.split('"').next()?;
        (path.starts_with("./") || path.starts_with("../")).then_some(path)
    })
}

/// Whether a text is an answer that this command wrote, and no account: a report that lies in a project
/// is none of its parts.
pub(super) fn is_own_answer(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Members {
        results: Option<IgnoredAny>,
        events: Option<IgnoredAny>,
        fixes: Option<IgnoredAny>,
        trails: Option<IgnoredAny>,
    }
    let members: Option<Members> = serde_json::from_str(text).ok();
    members.is_some_and(|all| {
        all.trails.is_none()
            && (all.results.is_some() || all.events.is_some() || all.fixes.is_some())
    })
}

/// Leaves out what plans no trail, from a place on, where something else there plans one: a project has
/// many files, and the trail is in one of them. How many are left out, and the name of the first.
pub(super) fn leave_out_without_trails(
    parts: &mut Vec<Part>,
    from: usize,
) -> Option<(usize, String)> {
    let is_without = |part: &Part| match part {
        Part::Held(all) => !all.is_empty() && all.iter().all(plans_no_trail),
        Part::Lines(_) => false,
    };
    let found = parts.get(from..).unwrap_or_default();
    let left_out: Vec<String> =
        found.iter().filter(|part| is_without(part)).filter_map(name_of).collect();
    let is_planned = |part: &&Part| match part {
        Part::Held(all) => all.iter().any(|snapshot| snapshot.planned),
        Part::Lines(_) => false,
    };
    if left_out.len() == found.iter().filter(is_planned).count() {
        return None;
    }
    let first = left_out.first()?.clone();
    let mut at = 0;
    parts.retain(|part| {
        at += 1;
        at <= from || !is_without(part)
    });
    Some((left_out.len(), first))
}

/// Whether it is surely known that nothing of it is a trail, and of no account that it says.
fn plans_no_trail(snapshot: &Snapshot) -> bool {
    snapshot.planned
        && snapshot.account_id == NO_ACCOUNT
        && snapshot.trails.as_ref().is_some_and(Vec::is_empty)
        && snapshot.unreadable.is_empty()
}

fn name_of(part: &Part) -> Option<String> {
    match part {
        Part::Held(all) => Some(all.first()?.name.clone().unwrap_or_default()),
        Part::Lines(_) => None,
    }
}

/// Says the files of places as they are seen from the folder that the command runs in, as code scanning
/// and annotations want them. What lies elsewhere keeps the path in the folder that was read.
pub(crate) fn seen_from_here(snapshots: &mut [Snapshot], folder: &Path) {
    let Some(prefix) = env::current_dir().ok().and_then(|here| below(&here, folder)) else {
        return;
    };
    let seen = |file: &mut String| {
        if !file.is_empty() && !Path::new(file).is_absolute() {
            *file = normal(&format!("{prefix}/{file}"));
        }
    };
    for trail in snapshots.iter_mut().filter_map(|one| one.trails.as_mut()).flatten() {
        trail.place.iter_mut().for_each(|place| seen(&mut place.file));
        trail.selector_places.iter_mut().for_each(|place| seen(&mut place.file));
    }
}

/// The path of a folder below another one; `None` where it is not there.
fn below(here: &Path, folder: &Path) -> Option<String> {
    let mut whole = PathBuf::new();
    for part in here.join(folder).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    let rest = whole.strip_prefix(here).ok()?;
    let parts: Option<Vec<&str>> = rest.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_by_their_local_paths() {
        let text = "module \"a\" {\n  source = \"./modules/a\"\n}\nmodule \"b\" {\n  source=\"../b\" }\n\
                    terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\" }\n  }\n}\n\
                    data \"x\" \"y\" { source_dir = \"./z\" }\n";
        assert_eq!(local_modules(text).collect::<Vec<_>>(), ["./modules/a", "../b"]);
        let json = "{\"module\": {\"a\": {\"source\": \"./modules/a\"}}}";
        assert_eq!(local_modules(json).collect::<Vec<_>>(), ["./modules/a"]);
    }

    #[test]
    fn an_answer_of_this_command_is_no_account() {
        assert!(is_own_answer("{\"schemaVersion\":1,\"results\":[]}"));
        assert!(is_own_answer("{\"schemaVersion\":1,\"accountId\":\"1\",\"events\":[]}"));
        assert!(!is_own_answer("{\"schemaVersion\":1,\"accountId\":\"1\"}"));
        assert!(!is_own_answer("{\"schemaVersion\":1,\"accountId\":\"1\",\"trails\":[]}"));
    }

    #[test]
    fn a_folder_is_below_another_or_elsewhere() {
        let here = Path::new("/src/project");
        for (folder, expected) in [
            ("tf", Some("tf")),
            ("./tf/../cfn", Some("cfn")),
            (".", Some("")),
            ("/src/project/a/b", Some("a/b")),
            ("..", None),
            ("/src/projects", None),
        ] {
            assert_eq!(below(here, Path::new(folder)).as_deref(), expected, "{folder}");
        }
    }
}
