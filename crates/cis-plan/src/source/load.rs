//! A root module and all modules that it calls, as they are written.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use hcl_edit::expr::Expression;
use serde_json::Value as Json;

use super::body::Block;
use super::cycles;
use super::hcl_syntax;
use super::json_syntax;
use super::limits::{
    ALL_BYTES, CALLS, COMPARISONS, FILE_BYTES, FILES, MEMBERS, MENDS, MODULE_DEPTH,
};
use super::module::Module;
use super::program::{self, Cli};
use super::value::{Why, why};
use crate::error::PlanError;
use crate::files::{Files, normal};

/// A module where it is called.
#[derive(Debug)]
pub(super) struct Node {
    /// What the folder declares.
    pub(super) module: Rc<Module>,
    /// Where its calls lead.
    pub(super) calls: BTreeMap<String, Target>,
}

/// Where a call leads.
#[derive(Debug)]
pub(super) enum Target {
    /// To a module that is there.
    Here(usize),
    /// To one that is not there, and why.
    Elsewhere(Why),
}

/// All modules; the first is the root.
pub(super) struct Program {
    /// One for each call.
    pub(super) nodes: Vec<Node>,
}

/// Reads files within bounds.
pub(super) struct Loader<'a> {
    files: &'a dyn Files,
    program: Cli,
    /// Whether there are files that only OpenTofu reads.
    pub(super) has_tofu: bool,
    root: String,
    parsed: HashMap<String, Rc<Module>>,
    installed: HashMap<String, (String, String)>,
    nodes: Vec<Option<Node>>,
    left: usize,
    count: usize,
    comparisons: usize,
    /// How many bytes may still be read again.
    pub(super) mends: usize,
}

impl<'a> Loader<'a> {
    pub(super) fn new(files: &'a dyn Files, root: &str, program: Cli) -> Self {
        Self {
            files,
            program,
            has_tofu: false,
            root: normal(root),
            parsed: HashMap::new(),
            installed: HashMap::new(),
            nodes: Vec::new(),
            left: ALL_BYTES,
            count: 0,
            comparisons: 0,
            mends: MENDS,
        }
    }

    /// The text of a file; none where there is no such file.
    pub(super) fn text(&mut self, path: &str) -> Result<Option<String>, PlanError> {
        let Some(bytes) = self.bytes(path)? else { return Ok(None) };
        let text =
            crate::text_of(&bytes).map_err(|error| PlanError::shape(path, error.to_string()));
        text.map(Some)
    }

    /// The bytes of a file; none where there is no such file.
    pub(super) fn bytes(&mut self, path: &str) -> Result<Option<Vec<u8>>, PlanError> {
        let bytes = self.files.read(path).map_err(|what| PlanError::shape(path, what))?;
        let Some(bytes) = bytes else { return Ok(None) };
        self.count += 1;
        if self.count > FILES {
            return Err(PlanError::Kind(format!("more than {FILES} files: name a smaller folder")));
        }
        let left = self.left.checked_sub(bytes.len()).filter(|_| bytes.len() <= FILE_BYTES);
        self.left = left.ok_or_else(|| {
            let what = format!("files have more than {FILE_BYTES} bytes each, or {ALL_BYTES}");
            PlanError::shape(path, what)
        })?;
        Ok(Some(bytes))
    }

    /// The names in a folder, those of folders with a `/`; none where there is no such folder.
    pub(super) fn all_names(&self, folder: &str) -> Result<Option<Vec<String>>, PlanError> {
        self.files.list(folder).map_err(|what| PlanError::shape(folder, what))
    }

    /// The names of the files in a folder.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>, PlanError> {
        let mut names = self.all_names(folder)?.unwrap_or_default();
        names.sort_unstable();
        let is_ignored =
            |name: &str| name.starts_with('.') || name.ends_with('~') || name.ends_with('#');
        names.retain(|name| !is_ignored(name) && !name.ends_with('/'));
        Ok(names)
    }

    /// The root module, and all that it calls.
    pub(super) fn load(&mut self) -> Result<Program, PlanError> {
        let root = self.root.clone();
        self.installed()?;
        let shown = if root.is_empty() { "." } else { root.as_str() };
        if self.module(&root)?.is_none() {
            let what = "no file of Terraform's (`*.tf`, `*.tf.json`) is in the folder";
            return Err(PlanError::shape(shown, what));
        }
        self.node(&root, "", &mut Vec::new())?;
        Ok(Program { nodes: self.nodes.drain(..).flatten().collect() })
    }

    /// What `terraform init` has brought.
    fn installed(&mut self) -> Result<(), PlanError> {
        let path = join(&self.root, ".terraform/modules/modules.json");
        let Some(text) = self.text(&path)? else { return Ok(()) };
        let root: Json = serde_json::from_str(&text)
            .map_err(|error| PlanError::shape(&path, error.to_string()))?;
        for module in root["Modules"].as_array().into_iter().flatten() {
            let member = |name: &str| module[name].as_str().map(str::to_string);
            if let (Some(key), Some(source), Some(dir)) =
                (member("Key"), member("Source"), member("Dir"))
            {
                self.installed.insert(key, (source, dir));
            }
        }
        Ok(())
    }

    fn node(
        &mut self,
        folder: &str,
        path: &str,
        above: &mut Vec<String>,
    ) -> Result<Option<usize>, PlanError> {
        let Some(module) = self.module(folder)? else { return Ok(None) };
        let position = self.nodes.len();
        if position > CALLS {
            return Err(PlanError::Kind(format!("modules are called more than {CALLS} times")));
        }
        self.nodes.push(None);
        above.push(folder.to_string());
        let mut calls = BTreeMap::new();
        for (name, call) in &module.calls {
            let target = self.target(call, folder, &format!("{path}{name}"), above)?;
            calls.insert(name.clone(), target);
        }
        above.pop();
        if let Some(node) = self.nodes.get_mut(position) {
            *node = Some(Node { module, calls });
        }
        Ok(Some(position))
    }

    fn target(
        &mut self,
        call: &Block,
        folder: &str,
        path: &str,
        above: &mut Vec<String>,
    ) -> Result<Target, PlanError> {
        let name = path.rsplit('.').next().unwrap_or(path);
        let place = &call.place;
        let elsewhere = |what: &str| {
            Target::Elsewhere(why(
                format!("the module `{name}` ({place}) {what}"),
                "run `terraform init`, or audit a plan",
            ))
        };
        let source = call.body.attributes.get("source").and_then(|a| literal(&a.expression));
        let Some(source) = source else {
            return Ok(elsewhere("has a source that is not written out"));
        };
        let target = if source.starts_with("./") || source.starts_with("../") {
            join(folder, &source)
        } else {
            match self.installed.get(path) {
                Some((known, dir))
                    if *known == source || known.ends_with(&format!("/{source}")) =>
                {
                    join(&self.root, dir)
                }
                _ => return Ok(elsewhere(&format!("from `{source}` is not in the folder"))),
            }
        };
        if above.contains(&target) {
            return Err(PlanError::shape(&**place, format!("the module `{name}` calls itself")));
        }
        if above.len() >= MODULE_DEPTH {
            let what = format!("modules call each other deeper than {MODULE_DEPTH} levels");
            return Err(PlanError::shape(&**place, what));
        }
        Ok(match self.node(&target, &format!("{path}."), above)? {
            Some(node) => Target::Here(node),
            None => elsewhere(&format!("from `{source}` is not there")),
        })
    }

    /// Counts the members of a file: hcl-edit compares each member of an object with all before it.
    fn spend(&mut self, text: &str, path: &str) -> Result<(), PlanError> {
        let members = text.bytes().filter(|byte| matches!(byte, b'=' | b':')).count();
        self.comparisons = self.comparisons.saturating_add(members.saturating_mul(members));
        if members > MEMBERS || self.comparisons > COMPARISONS {
            let what = format!("more than {MEMBERS} attributes in one file, or too many in all");
            return Err(PlanError::shape(path, what));
        }
        Ok(())
    }

    /// What a folder declares; none where it has no file of Terraform's.
    fn module(&mut self, folder: &str) -> Result<Option<Rc<Module>>, PlanError> {
        if let Some(module) = self.parsed.get(folder) {
            return Ok(Some(Rc::clone(module)));
        }
        let names = self.names(folder)?;
        self.has_tofu |= names.iter().any(|name| program::is_of_tofu(name));
        let all = program::read_by(self.program, names).into_iter();
        let (later, first): (Vec<_>, Vec<_>) = all.partition(|name| program::is_override(name));
        if first.is_empty() && later.is_empty() {
            return Ok(None);
        }
        let mut module = Module { folder: folder.to_string(), ..Module::default() };
        for (names, is_override) in [(first, false), (later, true)] {
            for name in names {
                let path = join(folder, &name);
                let text = self.text(&path)?.unwrap_or_default();
                self.spend(&text, &path)?;
                let body = if name.ends_with(".json") {
                    json_syntax::json(&text, &path)?
                } else {
                    hcl_syntax::hcl(&text, &path, &mut self.mends)?
                };
                module.add(body, is_override)?;
            }
        }
        cycles::refuse(&module.locals)?;
        let module = Rc::new(module);
        self.parsed.insert(folder.to_string(), Rc::clone(&module));
        Ok(Some(module))
    }
}

/// A text that is written out.
pub(super) fn literal(expression: &Expression) -> Option<String> {
    match expression {
        Expression::String(text) => Some(text.value().clone()),
        Expression::StringTemplate(template) => {
            let mut all = String::new();
            for element in template.iter() {
                match element {
                    hcl_edit::template::Element::Literal(text) => all.push_str(text),
                    _ => return None,
                }
            }
            Some(all)
        }
        _ => None,
    }
}

/// A path in a folder.
pub(super) fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { normal(path) } else { normal(&format!("{folder}/{path}")) }
}
