//! A document that is being built, event by event.

use std::collections::HashMap;

use super::{DEEPEST, called, refused};
use crate::error::PlanError;
use crate::node::{Document, Node, Place, Repeat, is_of_selectors};

/// How much anchors and aliases copy before the document is refused, in nodes and bytes of text:
/// a few times CloudFormation's largest template (1 MB).
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const MOST_COPIED: usize = 1 << 21;

/// What a node without an anchor has in its place.
const NO_ANCHOR: usize = 0;

/// The innermost collection comes last.
#[derive(Default)]
pub(super) struct Building {
    frames: Vec<Frame>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    copied: usize,
    repeats: Vec<Repeat>,
    /// Whether this is a template, whose resources and selectors have places.
    is_template: bool,
}

/// A collection that is not complete.
struct Frame {
    collection: Collection,
    function: Option<String>,
    anchor: usize,
    at: Place,
}

pub(super) enum Collection {
    List(Vec<Node>),
    Map(Members),
}

#[derive(Default)]
pub(super) struct Members {
    members: Vec<(String, Node)>,
    /// Where each name stands, in the document and in the list.
    names: HashMap<String, (Place, usize)>,
    name: Option<Name>,
    /// What `<<` merges, the first before the others.
    merged: Vec<Node>,
}

/// A key whose value is still to come.
enum Name {
    Merge,
    Member(String),
}

impl Collection {
    pub(super) fn map() -> Self {
        Self::Map(Members::default())
    }
}

impl Building {
    pub(super) fn of_template() -> Self {
        Self { is_template: true, ..Self::default() }
    }

    pub(super) fn start(&mut self, at: Place) -> Result<(), PlanError> {
        match self.root {
            Some(_) => Err(refused("a second document starts", at)),
            None => Ok(()),
        }
    }

    /// Takes a scalar as a key, where a key is awaited.
    pub(super) fn key(
        &mut self,
        text: &str,
        is_plain: bool,
        anchor: usize,
        at: Place,
    ) -> Result<bool, PlanError> {
        let Some(Frame { collection: Collection::Map(map @ Members { name: None, .. }), .. }) =
            self.frames.last_mut()
        else {
            return Ok(false);
        };
        if is_plain && text == "<<" {
            map.name = Some(Name::Merge);
            return Ok(true);
        }
        let before = map.names.get(text).copied();
        let position = before.map_or(map.members.len(), |(_, position)| position);
        map.names.insert(text.to_string(), (at, position));
        if let Some((first, _)) = before {
            let path = self.path();
            self.repeats.push(Repeat { path, name: text.to_string(), first, second: at });
        }
        if let Some(Frame { collection: Collection::Map(map), .. }) = self.frames.last_mut() {
            map.name = Some(Name::Member(text.to_string()));
        }
        if anchor != NO_ANCHOR {
            self.keep(anchor, &Node::Text(text.to_string()), at)?;
        }
        Ok(true)
    }

    /// The names of the members that stand around.
    fn path(&self) -> Vec<String> {
        let around = self.frames.iter().filter_map(|frame| match &frame.collection {
            Collection::Map(Members { name: Some(Name::Member(name)), .. }) => Some(name.clone()),
            _ => None,
        });
        around.collect()
    }

    pub(super) fn open(
        &mut self,
        collection: Collection,
        function: Option<String>,
        anchor: usize,
        at: Place,
    ) -> Result<(), PlanError> {
        if self.frames.len() == DEEPEST {
            return Err(refused(format!("nested deeper than {DEEPEST} levels"), at));
        }
        if let Some(Frame { collection: Collection::Map(Members { name: None, .. }), .. }) =
            self.frames.last()
        {
            return Err(refused("a key must be a text", at));
        }
        self.frames.push(Frame { collection, function, anchor, at });
        Ok(())
    }

    pub(super) fn close(&mut self, at: Place) -> Result<(), PlanError> {
        let Some(Frame { collection, function, anchor, at: start }) = self.frames.pop() else {
            return Ok(());
        };
        let mut node = match collection {
            Collection::List(elements) => Node::List(elements),
            Collection::Map(map) => Node::Map(map.merge()),
        };
        if self.is_template && is_of_selectors(node.members()) {
            node.put_place(start);
        }
        self.add(called(function, node), anchor, at)
    }

    pub(super) fn add(
        &mut self,
        mut node: Node,
        anchor: usize,
        at: Place,
    ) -> Result<(), PlanError> {
        if anchor != NO_ANCHOR {
            self.keep(anchor, &node, at)?;
        }
        if let Some(place) = self.place_of_resource() {
            node.put_place(place);
        }
        match self.frames.last_mut().map(|frame| &mut frame.collection) {
            None => self.root = Some(node),
            Some(Collection::List(elements)) => elements.push(node),
            Some(Collection::Map(map)) => match map.name.take() {
                Some(Name::Member(name)) => map.set(name, node),
                Some(Name::Merge) => map.merged.extend(maps(node, at)?),
                None => return Err(refused("a key must be a text", at)),
            },
        }
        Ok(())
    }

    /// Where the logical id stands, if what comes next is a template's resource.
    fn place_of_resource(&self) -> Option<Place> {
        let name = |frame: &Frame| match &frame.collection {
            Collection::Map(Members { name: Some(Name::Member(name)), .. }) => Some(name.clone()),
            _ => None,
        };
        let (resource, above) = self.frames.split_last().filter(|_| self.is_template)?;
        if above.is_empty() || above.len() > 2 {
            return None;
        }
        let above: Vec<String> = above.iter().map(name).collect::<Option<_>>()?;
        let above: Vec<&str> = above.iter().map(String::as_str).collect();
        if !matches!(above.as_slice(), ["Resources"] | ["TemplateBody", "Resources"]) {
            return None;
        }
        match &resource.collection {
            Collection::Map(map) => map.names.get(&name(resource)?).map(|(place, _)| *place),
            Collection::List(_) => None,
        }
    }

    /// An alias stands for a copy of what its anchor names.
    pub(super) fn alias(&mut self, anchor: usize, at: Place) -> Result<(), PlanError> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            return Err(refused("an alias stands inside of what it names", at));
        };
        self.count(&node, at)?;
        match &node {
            Node::Text(text) if self.key(text, false, NO_ANCHOR, at)? => Ok(()),
            _ => self.add(node, NO_ANCHOR, at),
        }
    }

    fn keep(&mut self, anchor: usize, node: &Node, at: Place) -> Result<(), PlanError> {
        self.count(node, at)?;
        self.anchors.insert(anchor, node.clone());
        Ok(())
    }

    fn count(&mut self, node: &Node, at: Place) -> Result<(), PlanError> {
        let (weight, depth) = node.weight_and_depth();
        self.copied = self.copied.saturating_add(weight);
        if self.copied > MOST_COPIED {
            return Err(refused("aliases make the document too large: write the values out", at));
        }
        if self.frames.len() + depth > DEEPEST {
            return Err(refused(format!("aliases nest deeper than {DEEPEST} levels"), at));
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Document, PlanError> {
        match self.root {
            Some(root) => Ok(Document { root, repeats: self.repeats }),
            None => Err(PlanError::Kind("the file is empty".to_string())),
        }
    }
}

impl Members {
    /// Sets a member. Of a name that stands twice the last value counts.
    fn set(&mut self, name: String, node: Node) {
        let position = self.names.get(&name).map(|(_, position)| *position);
        match position.and_then(|position| self.members.get_mut(position)) {
            Some((_, value)) => *value = node,
            None => self.members.push((name, node)),
        }
    }

    /// All members: those that stand here, then those that are merged and do not.
    fn merge(self) -> Vec<(String, Node)> {
        let Self { mut members, mut names, merged, .. } = self;
        for (name, node) in merged.into_iter().flat_map(|map| match map {
            Node::Map(members) => members,
            _ => Vec::new(),
        }) {
            if !names.contains_key(&name) {
                names.insert(name.clone(), (Place::default(), members.len()));
                members.push((name, node));
            }
        }
        members
    }
}

/// What `<<` merges: a map, or several.
fn maps(node: Node, at: Place) -> Result<Vec<Node>, PlanError> {
    match node {
        Node::Map(_) => Ok(vec![node]),
        Node::List(all) if all.iter().all(|one| matches!(one, Node::Map(_))) => Ok(all),
        _ => Err(refused("`<<` merges a map or a list of maps", at)),
    }
}
