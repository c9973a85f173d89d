//! Functions of files and of their paths.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/functions/file>,
//! <https://developer.hashicorp.com/terraform/language/functions/templatefile>,
//! <https://developer.hashicorp.com/terraform/language/functions/fileset>

use std::rc::Rc;

use regex_lite::Regex;

use super::{no_file, not_done};
use crate::source::evaluator::{Evaluator, Names, Scope};
use crate::source::fault::{Answer, Fault};
use crate::source::load::join;
use crate::source::types::{set, text};
use crate::source::value::{Val, why};

/// How deep the folders of a `fileset` nest.
const DEEPEST: usize = 32;

impl Evaluator<'_> {
    /// A function of files; none where it is none of these.
    pub(super) fn file_function(
        &self,
        name: &str,
        all: &[Val],
        scope: &Scope<'_>,
    ) -> Answer<Option<Val>> {
        let value = match (name, all) {
            ("file", [path]) => match self.file(&text(path)?)? {
                Some(content) => {
                    self.budget.text(content.len())?;
                    Val::text(content)
                }
                None => no_file(&text(path)?),
            },
            ("fileexists", [path]) => {
                let path = text(path)?;
                if self.file_bytes(&path)?.is_some() { Val::Bool(true) } else { no_file(&path) }
            }
            ("templatefile", [path, variables]) => {
                if scope.is_template {
                    return Fault::wrong("a template cannot read another template");
                }
                let path = text(path)?;
                match self.file(&path)? {
                    Some(content) => self.templated(&content, variables, &path)?,
                    None => no_file(&path),
                }
            }
            ("fileset", [folder, pattern]) => self.file_set(&text(folder)?, &text(pattern)?)?,
            ("basename", [path]) => {
                let path = text(path)?;
                let trimmed = path.trim_end_matches('/');
                Val::text(match trimmed.rsplit('/').next() {
                    Some("") | None if path.is_empty() => ".",
                    Some("") | None => "/",
                    Some(name) => name,
                })
            }
            ("dirname", [path]) => Val::text(folder_of(&text(path)?)),
            ("file" | "fileexists" | "templatefile" | "fileset" | "basename" | "dirname", _) => {
                return Fault::wrong("wrong number of arguments");
            }
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    /// A file's text, as Terraform would find it from the root module's folder.
    fn file(&self, path: &str) -> Answer<Option<String>> {
        Ok(self.loader.borrow_mut().text(&self.inside(path)?)?)
    }

    /// A file's bytes.
    pub(super) fn file_bytes(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        Ok(self.loader.borrow_mut().bytes(&self.inside(path)?)?)
    }

    fn inside(&self, path: &str) -> Answer<String> {
        if path.starts_with('/') || path.starts_with('~') {
            return Err(Fault::Open(why(
                format!("`{path}` is outside of the source"),
                "audit a plan",
            )));
        }
        Ok(join(&self.root, path))
    }

    /// The files of a folder whose paths match. In the root module's folder there are others when
    /// Terraform runs: its state, its modules and plans.
    fn file_set(&self, folder: &str, pattern: &str) -> Answer<Val> {
        let base = self.inside(folder)?;
        let is_here = base == self.root;
        let takes_any = |pattern: &str| pattern.ends_with(['*', '?', '}']);
        if is_here && (pattern.contains("**") || !pattern.contains('/') && takes_any(pattern)) {
            return Ok(not_done("`fileset` in the folder in which Terraform runs"));
        }
        let Some(paths) = paths_of(pattern) else {
            return Ok(not_done("this pattern of `fileset`"));
        };
        let mut found = Vec::new();
        self.files_in(&base, "", DEEPEST, &paths, &mut found)?;
        set(found)
    }

    fn files_in(
        &self,
        base: &str,
        within: &str,
        depth: usize,
        paths: &Regex,
        found: &mut Vec<Val>,
    ) -> Answer<()> {
        let names = self.loader.borrow().all_names(&join(base, within))?;
        for name in names.unwrap_or_default() {
            self.budget.spend(1)?;
            let path = if within.is_empty() { name.clone() } else { format!("{within}/{name}") };
            match path.strip_suffix('/') {
                Some(_) if depth == 0 => {
                    return Err(Fault::refused(format!(
                        "folders of `fileset` nest deeper than {DEEPEST} levels"
                    )));
                }
                Some(folder) => self.files_in(base, folder, depth - 1, paths, found)?,
                None if paths.is_match(&path) => found.push(Val::text(path)),
                None => {}
            }
        }
        self.budget.items(found.len())
    }

    fn templated(&self, content: &str, variables: &Val, path: &str) -> Answer<Val> {
        let template = hcl_edit::parser::parse_template(content).map_err(|error| {
            let place = format!("{path}:{}", error.location().line());
            Fault::Wrong(format!("{place} is no template: {}", error.message()))
        })?;
        let all = self.pairs(variables)?;
        let names: Vec<(Rc<str>, Val)> = all
            .into_iter()
            .map(|(name, value)| Ok((text(&name)?, value)))
            .collect::<Answer<_>>()?;
        self.with_names(&names, None, &template)
    }

    fn with_names(
        &self,
        names: &[(Rc<str>, Val)],
        next: Option<&Names<'_>>,
        template: &hcl_edit::template::Template,
    ) -> Answer<Val> {
        let _level = self.budget.deeper()?;
        match names.split_first() {
            None => {
                let scope = Scope { instance: None, names: next, key: None, is_template: true };
                self.template(template, &scope)
            }
            Some(((name, value), rest)) => {
                let names = Names { name, value: value.clone(), next };
                self.with_names(rest, Some(&names), template)
            }
        }
    }
}

/// A pattern of paths: `*` and `?` within a name, `**` for any folders, `{a,b}`. None where it has
/// something else.
fn paths_of(pattern: &str) -> Option<Regex> {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "_-./*?{},".contains(character);
    let is_relative = !pattern.starts_with('/') && !pattern.split('/').any(|name| name == "..");
    if !is_relative || !pattern.chars().all(is_plain) {
        return None;
    }
    let mut all = "^".to_string();
    let mut names = pattern.split('/').peekable();
    while let Some(name) = names.next() {
        let is_last = names.peek().is_none();
        match (name, is_last) {
            ("**", false) => {
                all.push_str("(?:[^/]+/)*");
                continue;
            }
            ("**", true) => all.push_str(".+"),
            _ if name.is_empty() || name == "." || name.contains("**") => return None,
            _ => all.push_str(&name_of(name)?),
        }
        if !is_last {
            all.push('/');
        }
    }
    Regex::new(&format!("{all}$")).ok()
}

/// The pattern of one name.
fn name_of(name: &str) -> Option<String> {
    let mut all = String::new();
    let mut is_inside = false;
    for character in name.chars() {
        match character {
            '*' => all.push_str("[^/]*"),
            '?' => all.push_str("[^/]"),
            '{' if !is_inside => {
                is_inside = true;
                all.push_str("(?:");
            }
            '}' if is_inside => {
                is_inside = false;
                all.push(')');
            }
            ',' if is_inside => all.push('|'),
            '{' | '}' => return None,
            '.' | '-' | ',' => {
                all.push('\\');
                all.push(character);
            }
            other => all.push(other),
        }
    }
    (!is_inside).then_some(all)
}

/// The folder of a path, in its shortest form.
fn folder_of(path: &str) -> String {
    let folder = path.rfind('/').map_or("", |at| path.get(..=at).unwrap_or_default());
    let is_absolute = folder.starts_with('/');
    let mut names: Vec<&str> = Vec::new();
    for name in folder.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| *last != "..") => drop(names.pop()),
            ".." if is_absolute => {}
            name => names.push(name),
        }
    }
    match (is_absolute, names.is_empty()) {
        (true, _) => format!("/{}", names.join("/")),
        (false, true) => ".".to_string(),
        (false, false) => names.join("/"),
    }
}
