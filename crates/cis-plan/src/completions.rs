//! What a plan leaves open, and every way to fill it in.
//!
//! A plan is read with some of its open values filled in: first with none. To find the next value
//! that can make a difference, the plan is read once more with a mark in the place of each open
//! text. Where the marks then stand tells what each value is compared with, and so which classes of
//! values can be told apart. One text of each class, or a text of which the start is known, is a
//! way to fill the value in. All ways together are all values that it can have.

mod classes;
mod domain;
mod marks;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;

use cis_rules::open_values::{Asked, Completions, OpenValues, PlannedBucket, Split, Way};
use cis_rules::snapshot::Snapshot;

use self::classes::Classes;
pub(crate) use self::domain::{Allowed, Domain, Pattern};
pub(crate) use self::marks::{Marks, is_marked};
use crate::error::PlanError;
use crate::value::{Open, Value};

/// An open value of a plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// A text: what it is, as a noun.
    Text(String),
    /// Whether a condition holds: its name.
    Condition(String),
    /// The partition.
    Partition,
}

/// What is known of an open text, beside how it is filled in.
#[derive(Clone, Debug)]
pub(crate) struct OpenText {
    /// What it is, as a noun: ``parameter `Stage` ``.
    pub(crate) what: String,
    /// What takes its place in sentences: `${Stage}`.
    pub(crate) shown: String,
    /// How a user can give it a value.
    pub(crate) settled_by: String,
    /// Which texts it can be.
    pub(crate) domain: Domain,
}

/// How an open value is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// With this text.
    Text(String),
    /// With any text that starts so and is none of these.
    Starting(String, Vec<String>),
    /// The condition holds, or not.
    Truth(bool),
}

/// The values that are filled in.
type Choices = BTreeMap<Key, Choice>;

/// How a plan is read: with some values filled in, and perhaps marks in the place of the others.
#[derive(Clone, Default)]
pub(crate) struct Fill {
    choices: Rc<Choices>,
    marks: Option<Rc<Marks>>,
    /// The nested stack that is read, if any: `Network.Logs`.
    stack: String,
}

impl Fill {
    fn new(choices: &Choices) -> Self {
        Self { choices: Rc::new(choices.clone()), ..Self::default() }
    }

    fn marked(choices: &Choices) -> Self {
        Self { marks: Some(Rc::default()), ..Self::new(choices) }
    }

    /// How a stack is read that the template nests: its values are others, whatever their names.
    pub(crate) fn within(&self, logical_id: &str) -> Self {
        let stack = match self.stack.as_str() {
            "" => logical_id.to_string(),
            stack => format!("{stack}.{logical_id}"),
        };
        Self { choices: Rc::clone(&self.choices), marks: self.marks.clone(), stack }
    }

    /// What an open value of the stack that is read is called. All stacks have one account and one
    /// Region.
    fn name(&self, key: &str) -> String {
        if self.is_own(key) { format!("{key} in `{}`", self.stack) } else { key.to_string() }
    }

    fn is_own(&self, key: &str) -> bool {
        !self.stack.is_empty() && !matches!(key, "AWS::AccountId" | "AWS::Region")
    }

    /// The same without marks.
    pub(crate) fn without_marks(&self) -> Self {
        Self::new(&self.choices)
    }

    /// Whether nothing is filled in.
    pub(crate) fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// Where marks stand, while they are put.
    pub(crate) fn marks(&self) -> Option<&Marks> {
        self.marks.as_deref()
    }

    /// Notes that a value is compared with a text.
    pub(crate) fn note_equality(&self, value: &Value, text: &str) {
        let Some(marks) = &self.marks else { return };
        match value.known_text() {
            Some(known) if is_marked(known) => marks.note_comparison(known, text),
            _ => marks.note_unclear(value),
        }
    }

    /// Notes texts that are used in a way that is not followed.
    pub(crate) fn note_unclear(&self, value: &Value) {
        if let Some(marks) = &self.marks {
            marks.note_unclear(value);
        }
    }

    /// Whether some of these elements stand for those of a list that is not known.
    pub(crate) fn are_of_open_list(&self, elements: &[Value]) -> bool {
        let is_list = |marks: &Marks, element: &Value| {
            element.known_text().is_some_and(|text| marks.is_list(text))
        };
        self.marks().is_some_and(|marks| elements.iter().any(|one| is_list(marks, one)))
    }

    /// Whether a text is split as its marks' values would be.
    pub(crate) fn may_split(&self, text: &str, at: &str) -> bool {
        let is_apart = |character: char| matches!(character, '/' | ':' | ',' | '*' | '|' | ' ');
        let splits = |marks: &Marks| at.chars().any(is_apart) && marks.are_names(text);
        !is_marked(text) || self.marks().is_some_and(splits)
    }

    /// The value of an open text: as it is filled in, a mark, or `otherwise`.
    pub(crate) fn text(
        &self,
        open: impl FnOnce() -> OpenText,
        key: &str,
        otherwise: Value,
    ) -> Value {
        let name = self.name(key);
        let open = || {
            let mut open = open();
            if self.is_own(key) {
                open.what = format!("{} in `{}`", open.what, self.stack);
                open.shown = open.shown.replacen("${", &format!("${{{}.", self.stack), 1);
            }
            open
        };
        match self.choices.get(&Key::Text(name.clone())) {
            Some(Choice::Text(text)) => Value::Text(text.clone()),
            Some(Choice::Starting(start, not)) => {
                let why = match otherwise {
                    Value::Open(Open { why, .. }) | Value::Either(_, why) => why,
                    _ => Vec::new(),
                };
                let (prefix, suffix, not) = (start.clone(), String::new(), not.clone());
                Value::Open(Open { prefix, suffix, not, pieces: Vec::new(), why })
            }
            Some(Choice::Truth(_)) => otherwise,
            None => match &self.marks {
                Some(marks) => marks.mark(&name, open).map_or(otherwise, Value::Text),
                None => otherwise,
            },
        }
    }

    /// The Region of a partition that is not known: as it is filled in, else open. Which one it can
    /// be is known once the partition is filled in.
    pub(crate) fn region_without_partition(&self, key: &str, open: Value) -> Value {
        match (self.choices.get(&Key::Text(key.to_string())), &self.marks) {
            (Some(Choice::Text(text)), _) => Value::Text(text.clone()),
            (_, Some(marks)) => {
                marks.note_asked_region();
                open
            }
            _ => open,
        }
    }

    /// The partition, where that is filled in.
    pub(crate) fn partition(&self) -> Option<&str> {
        match self.choices.get(&Key::Partition) {
            Some(Choice::Text(partition)) => Some(partition),
            _ => None,
        }
    }

    /// Whether a condition holds that cannot be decided, where that is filled in.
    pub(crate) fn truth(&self, condition: &str) -> Option<bool> {
        let condition = match self.stack.as_str() {
            "" => condition.to_string(),
            stack => format!("{stack}.{condition}"),
        };
        let key = Key::Condition(condition.clone());
        if let Some(Choice::Truth(holds)) = self.choices.get(&key) {
            return Some(*holds);
        }
        if let Some(marks) = &self.marks {
            marks.note_condition(&condition);
        }
        None
    }
}

/// A plan that can be read with values filled in.
pub(crate) trait Planned: Debug + Send + Sync {
    /// The account that is planned.
    fn snapshot(&self, fill: &Fill) -> Result<Snapshot, PlanError>;

    /// Puts marks, and notes where they stand.
    fn note_marks(&self, fill: &Fill) -> Result<(), PlanError>;

    /// How much work it is to read it once.
    fn size(&self) -> u64;

    /// The buckets that are planned, with the values of their names.
    fn buckets(&self, fill: &Fill) -> Vec<(String, Value)>;
}

/// The account that is planned, with the ways to complete it.
pub(crate) fn read(plan: Arc<dyn Planned>) -> Result<Snapshot, PlanError> {
    completed(plan, Choices::new())
}

fn completed(plan: Arc<dyn Planned>, choices: Choices) -> Result<Snapshot, PlanError> {
    let mut snapshot = plan.snapshot(&Fill::new(&choices))?;
    snapshot.open_values = OpenValues::new(Arc::new(Filled { plan, choices }));
    Ok(snapshot)
}

/// A plan with some values filled in.
#[derive(Debug)]
struct Filled {
    plan: Arc<dyn Planned>,
    choices: Choices,
}

impl Filled {
    /// Where marks stand, and those in the names of some buckets; none where the plan cannot be
    /// read with marks.
    fn marks(&self, buckets: &[String]) -> Option<Marks> {
        let marked = Fill::marked(&self.choices);
        self.plan.note_marks(&marked).ok()?;
        let named = self.plan.buckets(&marked);
        let marks = Rc::try_unwrap(marked.marks?).ok()?;
        for (own_name, name) in &named {
            if buckets.contains(own_name) {
                marks.note_bucket(name);
            }
        }
        Some(marks)
    }
}

impl Completions for Filled {
    fn buckets(&self) -> Vec<PlannedBucket> {
        let buckets = self.plan.buckets(&Fill::new(&self.choices)).into_iter();
        let known = |(own_name, name): (String, Value)| PlannedBucket {
            own_name,
            name: name.known_text().map(str::to_string),
        };
        buckets.map(known).collect()
    }

    fn mentions(&self) -> Vec<String> {
        self.marks(&[]).map(|marks| marks.mentions()).unwrap_or_default()
    }

    fn split(&self, asked: &Asked<'_>) -> Option<Split> {
        let size = self.plan.size();
        if !asked.budget.spend(size) {
            return None;
        }
        let marks = self.marks(asked.buckets)?;
        if !asked.budget.spend(marks.work()) {
            return None;
        }
        let Classes { key, what, settled_by, classes } = classes::next(marks, asked)?;
        let count = u64::try_from(classes.len()).unwrap_or(u64::MAX);
        if !asked.budget.spend(size.saturating_mul(count)) {
            return None;
        }
        let ways = classes.into_iter().filter_map(|class| {
            let mut choices = self.choices.clone();
            choices.insert(key.clone(), class.choice);
            // What the services refuse is never deployed.
            let account = completed(Arc::clone(&self.plan), choices).ok()?;
            Some(Way { value: class.value, stand_in: class.stand_in, account })
        });
        Some(Split { what, settled_by, ways: ways.collect() })
    }
}
