//! The properties of a resource: what it is given, what it had, and which of that holds afterwards.

use std::collections::{HashMap, HashSet};

use crate::node::Node;

/// What is known of a property.
#[derive(Clone, Copy)]
pub(super) enum Property<'a> {
    /// Its value.
    Is(&'a Node),
    /// It is not known, for this reason.
    Open(&'static str),
}

/// What is known of a resource's properties.
#[derive(Default)]
pub(super) struct Properties<'a> {
    /// Those of which something is known, each once.
    pub(super) all: Vec<(&'a str, Property<'a>)>,
    /// Why a property that is not among them may be there; none where it is absent.
    pub(super) missing: Option<&'static str>,
}

/// What never changes while a resource lives, although no input says it.
const LASTING: [&str; 3] = ["arn", "homeRegion", "region"];

impl<'a> Properties<'a> {
    /// Of none of them anything is known.
    pub(super) const fn unknown(why: &'static str) -> Self {
        Self { all: Vec::new(), missing: Some(why) }
    }

    /// Of a resource that exists: what its provider answered.
    pub(super) fn existing(inputs: Option<&'a Node>, outputs: Option<&'a Node>) -> Self {
        let outputs = outputs.map(Node::members).unwrap_or_default();
        if outputs.is_empty() {
            return Self::unknown("its provider did not say what it is");
        }
        let mut all: Vec<(&str, Property<'_>)> =
            outputs.iter().map(|(name, value)| (name.as_str(), Property::Is(value))).collect();
        let answered = names_of(outputs);
        let mut given = names_of(inputs.map(Node::members).unwrap_or_default());
        given.retain(|name| !answered.contains(name));
        all.retain(|(name, _)| !given.contains(name));
        let why = "it is given, and the provider did not answer with it";
        let mut given: Vec<&str> = given.into_iter().collect();
        given.sort_unstable();
        all.extend(given.into_iter().map(|name| (name, Property::Open(why))));
        Self { all, missing: None }
    }

    /// Of a resource that is made: what it is given.
    pub(super) fn created(inputs: Option<&'a Node>) -> Self {
        let inputs = inputs.map(Node::members).unwrap_or_default();
        let all = inputs.iter().map(|(name, value)| (name.as_str(), Property::Is(value)));
        Self { all: all.collect(), missing: None }
    }

    /// Of a resource that Pulumi takes over: what it is not given stays as it is.
    pub(super) fn imported(inputs: Option<&'a Node>) -> Self {
        Self { missing: Some("it is imported as it is"), ..Self::created(inputs) }
    }

    /// Of a resource that is updated. What it had and is not given any more is gone only where the
    /// `changed` names say so; changes to `ignored` ones are not made.
    pub(super) fn updated(
        inputs: Option<&'a Node>,
        old: Option<&'a Node>,
        changed: &[Node],
        ignored: &[Node],
    ) -> Self {
        let part = |name| old.and_then(|old| old.get(name)).map(Node::members).unwrap_or_default();
        let (old_inputs, old_outputs) = (part("inputs"), part("outputs"));
        let mut properties = Self::created(inputs);
        let given = names_of(inputs.map(Node::members).unwrap_or_default());
        let changed: HashSet<&str> = changed.iter().filter_map(Node::text).collect();
        let had: HashMap<&str, &'a Node> =
            old_outputs.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let mut gone: Vec<(&'a str, Property<'a>)> = Vec::new();
        let mut seen = HashSet::new();
        for (name, _) in of_substance(old_outputs).chain(of_substance(old_inputs)) {
            if given.contains(name) || !seen.insert(name) {
                continue;
            }
            match had.get(name) {
                Some(value) if LASTING.contains(&name) => gone.push((name, Property::Is(value))),
                _ if changed.contains(name) => {}
                _ => gone.push((name, Property::Open("it had one, and is not given any"))),
            }
        }
        properties.all.retain(|(name, _)| !seen.contains(name));
        properties.all.extend(gone);
        let ignored: HashSet<&str> =
            ignored.iter().filter_map(Node::text).map(first_of_path).collect();
        if !ignored.is_empty() {
            for (name, property) in &mut properties.all {
                let is_ignored = ignored.contains(name) || ignored.contains("*");
                if let (Property::Is(value), true) = (*property, is_ignored)
                    && had.get(name) != Some(&value)
                {
                    *property = Property::Open("`ignoreChanges` leaves it as it is");
                }
            }
        }
        properties
    }

    /// A property, where its value is known.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        self.all.iter().find_map(|(known, property)| match property {
            Property::Is(value) if *known == name => Some(*value),
            _ => None,
        })
    }
}

/// The properties that have a value.
fn of_substance(all: &[(String, Node)]) -> impl Iterator<Item = (&str, &Node)> {
    let is_there = |value: &Node| match value {
        Node::Null => false,
        Node::List(elements) => !elements.is_empty(),
        Node::Map(members) => !members.is_empty(),
        Node::Bool(_) | Node::Text(_) | Node::Unclear(_) => true,
    };
    let all = all.iter().filter(move |(name, value)| !name.starts_with("__") && is_there(value));
    all.map(|(name, value)| (name.as_str(), value))
}

fn names_of(all: &[(String, Node)]) -> HashSet<&str> {
    of_substance(all).map(|(name, _)| name).collect()
}

/// The property that a path of `ignoreChanges` begins with: `tags` of `tags["a"]`.
fn first_of_path(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}
