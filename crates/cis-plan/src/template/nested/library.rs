//! The templates that a template nests, read from beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{document, resources, section};
use crate::error::PlanError;
use crate::files::{Files, normal};
use crate::node::{Document, Node};

/// How deep templates may nest.
const DEEPEST: usize = 16;
/// The most nested stacks of one template, those of its nested stacks included.
const MOST_STACKS: usize = 500;

/// The templates that a template nests, by their path.
#[derive(Debug, Default)]
pub(crate) struct Library {
    documents: BTreeMap<String, Arc<Node>>,
    weights: BTreeMap<String, usize>,
    stacks: usize,
    weight: usize,
}

/// Where a template lies: what it nests is beside it.
#[derive(Clone, Copy)]
pub(crate) struct Beside<'a> {
    library: &'a Library,
    folder: &'a str,
    /// The path of the template itself.
    pub(in super::super) path: &'a str,
}

impl Library {
    /// Reads all that a template at a path nests.
    pub(crate) fn load(files: &dyn Files, path: &str, root: &Node) -> Result<Self, PlanError> {
        let mut library = Self::default();
        library.add(files, &mut vec![normal(path)], root)?;
        Ok(library)
    }

    fn add(
        &mut self,
        files: &dyn Files,
        above: &mut Vec<String>,
        root: &Node,
    ) -> Result<(), PlanError> {
        let own = above.last().cloned().unwrap_or_default();
        for (_, resource) in root.get("Resources").map(Node::members).unwrap_or_default() {
            let Some(path) = path_of(folder_of(&own), resource) else { continue };
            if above.contains(&path) {
                let chain: Vec<String> =
                    above.iter().chain([&path]).map(|path| format!("`{path}`")).collect();
                let what = format!("the template nests itself: {}", chain.join(" > "));
                return Err(PlanError::shape(own, what));
            }
            if above.len() > DEEPEST {
                let what = format!("templates are nested more than {DEEPEST} deep");
                return Err(PlanError::shape(own, what));
            }
            self.stacks += 1;
            if self.stacks > MOST_STACKS {
                let what = format!("there are more than {MOST_STACKS} nested stacks");
                return Err(PlanError::shape(own, what));
            }
            let nested = match self.documents.get(&path) {
                Some(known) => Arc::clone(known),
                None => {
                    let Some(read) = read(files, &path)? else { continue };
                    let read = Arc::new(read);
                    self.weights.insert(path.clone(), read.weight_and_depth().0);
                    self.documents.insert(path.clone(), Arc::clone(&read));
                    read
                }
            };
            let weight = self.weights.get(&path).copied().unwrap_or_default();
            self.weight = self.weight.saturating_add(weight);
            above.push(path);
            self.add(files, above, &nested)?;
            above.pop();
        }
        Ok(())
    }

    /// The documents of all nested templates.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &Node> {
        self.documents.values().map(Arc::as_ref)
    }

    /// The nodes and the bytes of texts of all nested stacks, each as often as it is nested.
    pub(crate) const fn weight(&self) -> usize {
        self.weight
    }

    /// The paths of all nested templates.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.documents.keys().cloned().collect()
    }

    /// What lies beside a template.
    pub(crate) fn beside<'a>(&'a self, path: &'a str) -> Beside<'a> {
        Beside { library: self, folder: folder_of(path), path }
    }
}

fn read(files: &dyn Files, path: &str) -> Result<Option<Node>, PlanError> {
    let at = |error: PlanError| PlanError::shape(path, error.to_string());
    let Some(bytes) = files.read(path).map_err(PlanError::Kind)? else { return Ok(None) };
    let Document { root, repeats } = document(&crate::text_of(&bytes).map_err(at)?).map_err(at)?;
    resources::refuse_repeats(section(&root).map_err(at)?, &repeats).map_err(at)?;
    Ok(Some(root))
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path of a resource's template, where that lies in the folder of the files.
fn path_of(folder: &str, resource: &Node) -> Option<String> {
    let property = |name: &str| resource.get("Properties")?.get(name)?.text();
    let written = match resource.get("Type").and_then(Node::text)? {
        "AWS::CloudFormation::Stack" => {
            let metadata = |name: &str| resource.get("Metadata")?.get(name)?.text();
            match metadata("aws:asset:property") {
                // The property is the address to which the asset is uploaded.
                Some("TemplateURL") => metadata("aws:asset:path"),
                _ => property("TemplateURL"),
            }
        }
        "AWS::Serverless::Application" => property("Location"),
        _ => None,
    }?;
    // An address, an absolute path, a dynamic reference.
    if written.is_empty() || written.starts_with('/') || written.contains([':', '\\']) {
        return None;
    }
    let path = normal(&format!("{folder}/{written}"));
    (!path.is_empty() && !path.starts_with("..")).then_some(path)
}

impl<'a> Beside<'a> {
    /// The path of a resource's template, where that lies in the folder of the files.
    pub(super) fn path_of(self, resource: &Node) -> Option<String> {
        path_of(self.folder, resource)
    }

    /// The template at a path, and what lies beside it.
    pub(super) fn template(self, path: &str) -> Option<(&'a str, &'a Node, Self)> {
        let (path, root) = self.library.documents.get_key_value(path)?;
        Some((path, root, self.library.beside(path)))
    }
}
