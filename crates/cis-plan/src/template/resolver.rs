//! What the values in a template are, as far as the template and the setting tell.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::conditions::Truth;
use super::nested::{Beside, Nested};
use super::{functions, parameters, text};
use crate::Setting;
use crate::completions::Fill;
use crate::error::PlanError;
use crate::node::Node;
use crate::value::{Open, Value, unknown};

/// How deep values and conditions may nest and refer to each other.
const DEEPEST: usize = 300;
/// How much is resolved before the rest is left open: far more than CloudFormation's largest
/// template (1 MB) takes, unless parts of it multiply.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const MOST_WORK: usize = 5_000_000;

/// A template with what is given for it.
pub(super) struct Resolver<'a> {
    pub(super) template: &'a Node,
    pub(super) setting: Setting,
    pub(super) fill: Fill,
    pub(super) parameters: BTreeMap<&'a str, Value>,
    /// What lies beside the template.
    pub(super) beside: Option<Beside<'a>>,
    /// The nested stacks that were read; none while one is being read.
    pub(super) stacks: RefCell<HashMap<&'a str, Option<Nested<'a>>>>,
    resources: HashMap<&'a str, &'a Node>,
    conditions: HashMap<&'a str, &'a Node>,
    /// The conditions that are decided; none while one is being decided.
    pub(super) decided: RefCell<BTreeMap<&'a str, Option<Truth>>>,
    work: Work,
}

/// How deep and how much is resolved, nested stacks included.
#[derive(Clone, Default)]
pub(super) struct Work {
    depth: Rc<Cell<usize>>,
    done: Rc<Cell<usize>>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        template: &'a Node,
        setting: &Setting,
        fill: &Fill,
        beside: Option<Beside<'a>>,
    ) -> Result<Self, PlanError> {
        let section = |name| {
            let members = template.get(name).map(Node::members).unwrap_or_default();
            members.iter().map(|(name, node)| (name.as_str(), node)).collect()
        };
        Ok(Self {
            resources: section("Resources"),
            conditions: section("Conditions"),
            template,
            parameters: parameters::values(template, &setting.parameters, fill)?,
            setting: setting.clone(),
            fill: fill.clone(),
            beside,
            stacks: RefCell::default(),
            decided: RefCell::default(),
            work: Work::default(),
        })
    }

    /// The resource of this logical id.
    pub(super) fn resource(&self, name: &str) -> Option<&'a Node> {
        self.resources.get(name).copied()
    }

    /// The same with the logical id as the template has it.
    pub(super) fn resource_entry(&self, name: &str) -> Option<(&'a str, &'a Node)> {
        self.resources.get_key_value(name).map(|(name, resource)| (*name, *resource))
    }

    /// The definition of a condition.
    pub(super) fn condition(&self, name: &str) -> Option<&'a Node> {
        self.conditions.get(name).copied()
    }

    /// A member of a map. Looking for it is work too.
    pub(super) fn member(&self, map: &'a Node, name: &str) -> Option<&'a Node> {
        self.work.add(map.members().len());
        map.get(name)
    }

    /// The value of a part of the template.
    pub(super) fn value(&self, node: &'a Node) -> Value {
        let resolved = self.deeper(|| match node {
            Node::Null => Value::Absent,
            Node::Bool(value) => Value::Bool(*value),
            Node::Text(text) => self.counted(text::literal(text, &self.fill)),
            Node::Unclear(text) => Value::open(unknown(
                format!("`{text}` without quotes is read in different ways"),
                "write `true` or `false`, or put it in quotes",
            )),
            Node::List(elements) => {
                Value::List(elements.iter().map(|element| self.value(element)).collect())
            }
            Node::Map(members) => match members.as_slice() {
                [(function, argument)] if is_function(function) => {
                    functions::call(self, function, argument)
                }
                _ => match members.iter().find(|(name, _)| is_function(name)) {
                    Some((function, _)) => functions::open(function),
                    None => Value::Map(
                        members
                            .iter()
                            .map(|(name, member)| (name.clone(), self.value(member)))
                            .collect(),
                    ),
                },
            },
        });
        resolved.unwrap_or_else(|| {
            Value::open(unknown(
                "the template's values refer to each other too deeply or too often",
                "write the values out",
            ))
        })
    }

    /// Resolves one level deeper, unless that is too deep or too much.
    pub(super) fn deeper<T>(&self, resolve: impl FnOnce() -> T) -> Option<T> {
        let depth = self.work.depth.get();
        self.work.add(1);
        if depth == DEEPEST || self.work.done.get() > MOST_WORK {
            return None;
        }
        self.work.depth.set(depth + 1);
        let resolved = resolve();
        self.work.depth.set(depth);
        Some(resolved)
    }

    /// Counts the size of a value as work.
    pub(super) fn counted(&self, value: Value) -> Value {
        self.work.add(size(&value));
        value
    }

    /// Shares the bounds on work with the template that nests this one.
    pub(super) fn share_work(&mut self, outer: &Self) {
        self.work = outer.work.clone();
    }

    /// Whether there is work left to do; where there is not, values are open.
    pub(super) fn may_copy(&self, value: &Value) -> bool {
        self.work.done.get().saturating_add(size(value)) <= MOST_WORK
    }
}

impl Work {
    fn add(&self, work: usize) {
        self.done.set(self.done.get().saturating_add(work));
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Absent | Value::Bool(_) => 1,
        Value::Text(text) => text.len(),
        Value::Open(Open { prefix, suffix, .. }) => prefix.len() + suffix.len() + 1,
        Value::List(values) | Value::Either(values, _) => values.iter().map(size).sum(),
        Value::Map(members) => members.iter().map(|(name, value)| name.len() + size(value)).sum(),
    }
}

/// Whether a name calls a function or a macro.
pub(super) fn is_function(name: &str) -> bool {
    matches!(name, "Ref" | "Condition") || name.starts_with("Fn::")
}
