//! What is planned: the steps that `pulumi preview --json` prints.
//!
//! Source: <https://github.com/pulumi/pulumi/blob/master/pkg/display/json.go>

use std::collections::HashMap;

use super::properties::Properties;
use super::stack::{Resource, Stack};
use crate::error::PlanError;
use crate::node::Node;
use crate::value::unknown;

/// Reads a preview.
pub(super) fn read(root: &Node) -> Result<Stack<'_>, PlanError> {
    let list = |name: &str| match root.get(name) {
        None | Some(Node::Null) => Ok(&[][..]),
        Some(Node::List(all)) => Ok(all.as_slice()),
        Some(_) => Err(PlanError::shape(name, "expected a list")),
    };
    let all = list("steps")?;
    if Stack::is_too_large(all.len()) {
        return Err(PlanError::shape("steps", Stack::too_large()));
    }
    let mut stack = Stack {
        is_planned: true,
        config: root.get("config").map(Node::members).unwrap_or_default(),
        ..Stack::default()
    };
    let steps = all.iter().enumerate().map(|(position, step)| {
        Step::of(step).ok_or_else(|| {
            let place = format!("steps[{position}]");
            PlanError::shape(place, "expected a step with `op`, `urn` and its states")
        })
    });
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    // The last step of a resource that leaves it there says how.
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (position, step) in steps.iter().enumerate() {
        if let Some(lets_go) = step.lets_go()
            && let Some(resource) = Resource::of(step.old, Properties::unknown(""))
        {
            stack.doubt(&resource, lets_go);
        }
        if step.leaves_it() || step.op == "delete" && !step.is_leftover() {
            last.insert(step.urn, position);
        }
    }
    for (position, step) in steps.iter().enumerate() {
        if last.get(step.urn) != Some(&position) || !step.leaves_it() {
            continue;
        }
        let is_new = matches!(step.op, "create" | "replace" | "create-replacement");
        if is_new {
            stack.generated.add(step.urn, step.new.get("inputs"));
        }
        if let Some(resource) = Resource::of(step.state(), step.properties()) {
            stack.resources.push(resource);
        }
    }
    let diagnostics = list("diagnostics")?;
    if let Some(what) = incomplete(root, &steps, diagnostics) {
        let settled_by = "give what `pulumi preview --json --show-sames` prints";
        let why = unknown(format!("the preview is not complete: {what}"), settled_by);
        stack.doubts.push(("the trails that the preview leaves out".to_string(), why));
    }
    Ok(stack)
}

/// Why a preview may leave out resources.
///
/// Source: <https://github.com/pulumi/pulumi/blob/master/pkg/backend/display/json.go>
fn incomplete(root: &Node, steps: &[Step<'_>], diagnostics: &[Node]) -> Option<&'static str> {
    let is_error = |it: &Node| it.get("severity").and_then(Node::text) == Some("error");
    if diagnostics.iter().any(is_error) {
        return Some("it ended with an error");
    }
    let Some(summary) = root.get("changeSummary") else { return Some("it has no summary") };
    let count = |name: &str| match summary.get(name) {
        None | Some(Node::Null) => Some(0),
        Some(count) => count.text().and_then(|count| count.parse::<usize>().ok()),
    };
    let shown = steps.iter().filter(|step| step.op == "same").count();
    match count("same") {
        Some(count) if count <= shown => None,
        Some(_) => Some("it leaves out resources that stay the same"),
        None => Some("its summary is of a form that is not known here"),
    }
}

/// A step.
struct Step<'a> {
    op: &'a str,
    urn: &'a str,
    old: &'a Node,
    new: &'a Node,
    changed: &'a [Node],
}

impl<'a> Step<'a> {
    fn of(step: &'a Node) -> Option<Self> {
        let text = |name| step.get(name).and_then(Node::text);
        let state = |name| step.get(name).unwrap_or(&Node::Null);
        let (old, new) = (state("oldState"), state("newState"));
        let is_state = |state: &Node| match state {
            Node::Null => true,
            state => state.get("urn").and_then(Node::text).is_some(),
        };
        let step = Self {
            op: text("op")?,
            urn: text("urn")?,
            old,
            new,
            changed: step.get("diffReasons").map(Node::elements).unwrap_or_default(),
        };
        (is_state(old) && is_state(new)).then_some(step)
    }

    /// Whether the resource is there after the step, in whatever form. Steps of a kind that is not
    /// known leave it there too.
    ///
    /// Source: <https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step.go>
    fn leaves_it(&self) -> bool {
        !matches!(
            self.op,
            "delete"
                | "delete-replaced"
                | "discard"
                | "discard-replaced"
                | "remove-pending-replace"
                | "extend-parameterize"
        )
    }

    /// Whether what is deleted is a leftover of an earlier replacement, and not the resource.
    fn is_leftover(&self) -> bool {
        self.old.get("delete") == Some(&Node::Bool(true))
    }

    /// Why what the step takes away goes on to exist.
    fn lets_go(&self) -> Option<&'static str> {
        let retains = self.old.get("retainOnDelete") == Some(&Node::Bool(true));
        let is_external = self.old.get("external") == Some(&Node::Bool(true));
        match self.op {
            "discard" | "discard-replaced" => Some("Pulumi lets it go as it is"),
            "delete" | "delete-replaced" | "replace" if retains => {
                Some("Pulumi lets it go as it is (`retainOnDelete`)")
            }
            "delete" if is_external => Some("Pulumi lets it go as it is"),
            _ => None,
        }
    }

    fn state(&self) -> &'a Node {
        if matches!(self.new, Node::Null) { self.old } else { self.new }
    }

    fn properties(&self) -> Properties<'a> {
        let inputs = self.new.get("inputs");
        let outputs =
            |state: &'a Node| state.get("outputs").filter(|outputs| !outputs.members().is_empty());
        match self.op {
            "create" | "replace" | "create-replacement" => Properties::created(inputs),
            "update" => {
                let ignored = self.new.get("ignoreChanges").map(Node::elements);
                Properties::updated(
                    inputs,
                    Some(self.old),
                    self.changed,
                    ignored.unwrap_or_default(),
                )
            }
            "import" | "import-replacement" => Properties::imported(inputs),
            "same" | "read" | "read-replacement" => {
                Properties::existing(inputs, outputs(self.new).or_else(|| outputs(self.old)))
            }
            "refresh" => Properties::unknown("the preview only says that it is read again"),
            _ => Properties::unknown("the preview does not say what becomes of it"),
        }
    }
}
