//! The resources of a plan or a state, wherever they stand in it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::document::Document;
use super::values::Unknowns;
use crate::node::Node;

/// A resource.
pub(super) struct Resource<'a> {
    /// Its address: `module.a.aws_cloudtrail.b[0]`.
    pub(super) address: String,
    /// Its type: `aws_cloudtrail`.
    pub(super) kind: &'a str,
    /// Its provider's name, as far as it is said: `registry.terraform.io/hashicorp/aws`.
    pub(super) provider_name: Option<&'a str>,
    /// What it has, or will have.
    pub(super) values: Option<&'a Node>,
    /// What of that is not known.
    pub(super) unknowns: Unknowns<'a>,
}

/// All resources.
#[derive(Default)]
pub(super) struct Resources<'a> {
    /// The managed ones that are there afterwards.
    pub(super) managed: Vec<Resource<'a>>,
    /// Everything that is known of anything: data sources and earlier states too.
    pub(super) known: Vec<Resource<'a>>,
}

impl<'a> Resources<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        match document {
            Document::Plan(root) | Document::Existing(root) => Self::of_plan(root),
            Document::State(root) => {
                let all = in_modules(root.get("values"));
                Self::sorted(all.map(|node| resource(node, of_existing(node))))
            }
            Document::StoredState(root) => Self::sorted(stored(root).into_iter()),
        }
    }

    fn sorted(all: impl Iterator<Item = Option<(bool, Resource<'a>)>>) -> Self {
        let (managed, known): (Vec<_>, Vec<_>) = all.flatten().partition(|(managed, _)| *managed);
        let resources = |all: Vec<(bool, Resource<'a>)>| all.into_iter().map(|(_, one)| one);
        Self { managed: resources(managed).collect(), known: resources(known).collect() }
    }

    fn of_plan(root: &'a Node) -> Self {
        let changes = root.get("resource_changes").map(Node::elements).unwrap_or_default();
        let of_address: HashMap<&str, &Node> = changes
            .iter()
            .filter(|change| change.get("deposed").is_none())
            .filter_map(|change| Some((change.get("address")?.text()?, change.get("change")?)))
            .collect();
        let planned = root.get("planned_values").filter(|values| **values != Node::Null);
        let mut all = Self::sorted(in_modules(planned).map(|node| {
            let address = node.get("address").and_then(Node::text).unwrap_or_default();
            let unknowns = match of_address.get(address).map(|change| change.get("after_unknown")) {
                Some(Some(said)) => Unknowns::Said(said),
                Some(None) | None => Unknowns::Unsaid,
            };
            resource(node, unknowns)
        }));
        let change_of = |node: &'a Node, member: &str, unknowns| {
            let (managed, mut resource) = resource(node, unknowns)?;
            resource.values = Some(node.get("change")?.get(member)?);
            Some((managed, resource))
        };
        for node in changes {
            let actions =
                node.get("change").and_then(|change| change.get("actions")).map(Node::elements);
            let is_forgotten =
                actions.is_some_and(|all| all.contains(&Node::Text("forget".to_string())));
            let unknown = node.get("change").and_then(|change| change.get("after_unknown"));
            let after = change_of(node, "after", unknown.map_or(Unknowns::Unsaid, Unknowns::Said));
            if planned.is_none()
                && let Some((true, resource)) = after
                && matches!(resource.values, Some(Node::Map(_)))
                && node.get("deposed").is_none()
            {
                all.managed.push(resource);
            }
            // What Terraform forgets goes on as it was.
            if let Some((managed, before)) = change_of(node, "before", Unknowns::Nothing) {
                let goes_on = managed && is_forgotten;
                if goes_on {
                    all.managed.push(before)
                } else {
                    all.known.push(before)
                };
            }
        }
        all.add_prior(root, planned);
        all
    }

    /// Adds what was there before. What a plan does not change goes on as it was: of all resources,
    /// Terraform lists a change that changes nothing, but with `-target` or `-refresh-only` it lists
    /// those that it looked at.
    ///
    /// Source: <https://developer.hashicorp.com/terraform/internals/json-format#plan-representation>
    fn add_prior(&mut self, root: &'a Node, planned: Option<&'a Node>) {
        let prior = root.get("prior_state").and_then(|prior| prior.get("values"));
        let address = |node: &'a Node, member| node.get(member).and_then(Node::text);
        let changes = root.get("resource_changes");
        let all_changes = changes.map(Node::elements).unwrap_or_default();
        let mut looked_at: HashSet<&str> = all_changes
            .iter()
            .flat_map(|change| ["address", "previous_address"].map(|name| address(change, name)))
            .flatten()
            .collect();
        looked_at.extend(in_modules(planned).filter_map(|node| address(node, "address")));
        for node in in_modules(prior) {
            let is_deposed = node.get("deposed_key").is_some_and(|key| *key != Node::Null);
            let goes_on =
                !is_deposed && address(node, "address").is_some_and(|it| !looked_at.contains(it));
            let unknowns = match (goes_on, changes) {
                (true, None) => Unknowns::Said(&NO_CHANGES),
                _ => of_existing(node),
            };
            match resource(node, unknowns) {
                Some((true, resource)) if goes_on => self.managed.push(resource),
                Some((_, resource)) => self.known.push(resource),
                None => {}
            }
        }
    }
}

/// Why nothing is known of a resource whose creation did not end. Its values are those that were
/// planned.
///
/// Source: <https://developer.hashicorp.com/terraform/cli/state/taint>
static TAINTED: LazyLock<Node> = LazyLock::new(|| {
    let why = "it is tainted: its creation did not end\napply, or audit the account";
    Node::Text(why.to_string())
});

/// Why nothing is known of a resource of a plan that lists no changes.
static NO_CHANGES: LazyLock<Node> = LazyLock::new(|| {
    let why = "it was there before, and the plan lists no changes\naudit the account";
    Node::Text(why.to_string())
});

/// What is not known of a resource of a state.
fn of_existing(node: &Node) -> Unknowns<'static> {
    if node.get("tainted") == Some(&Node::Bool(true)) {
        Unknowns::Said(&TAINTED)
    } else {
        Unknowns::Nothing
    }
}

/// A resource, and whether it is managed.
fn resource<'a>(node: &'a Node, unknowns: Unknowns<'a>) -> Option<(bool, Resource<'a>)> {
    let kind = node.get("type")?.text()?;
    let mode = node.get("mode").and_then(Node::text);
    let resource = Resource {
        address: node.get("address").and_then(Node::text).unwrap_or(kind).to_string(),
        kind,
        provider_name: node.get("provider_name").and_then(Node::text),
        values: node.get("values"),
        unknowns,
    };
    Some((mode.is_none_or(|mode| mode == "managed"), resource))
}

/// All resources of a state's modules.
fn in_modules(state: Option<&Node>) -> impl Iterator<Item = &Node> {
    let mut modules: Vec<&Node> =
        state.and_then(|state| state.get("root_module")).into_iter().collect();
    let mut all = Vec::new();
    while let Some(module) = modules.pop() {
        all.extend(module.get("resources").map(Node::elements).unwrap_or_default());
        let children = module.get("child_modules").map(Node::elements).unwrap_or_default();
        modules.extend(children.iter().rev());
    }
    all.into_iter()
}

/// The resources of a state as Terraform stores it: each has instances.
fn stored(root: &Node) -> Vec<Option<(bool, Resource<'_>)>> {
    let mut all = Vec::new();
    for node in root.get("resources").map(Node::elements).unwrap_or_default() {
        let text = |name| node.get(name).and_then(Node::text);
        let (Some(kind), Some(name)) = (text("type"), text("name")) else { continue };
        let is_managed = text("mode").is_none_or(|mode| mode == "managed");
        let module = text("module").map(|module| format!("{module}.")).unwrap_or_default();
        let data = if is_managed { "" } else { "data." };
        for instance in node.get("instances").map(Node::elements).unwrap_or_default() {
            if instance.get("deposed").is_some() {
                continue;
            }
            let index = match instance.get("index_key") {
                Some(Node::Text(key)) => format!("[{key}]"),
                _ => String::new(),
            };
            let resource = Resource {
                address: format!("{module}{data}{kind}.{name}{index}"),
                kind,
                provider_name: text("provider"),
                values: instance.get("attributes"),
                unknowns: match instance.get("status").and_then(Node::text) {
                    Some("tainted") => Unknowns::Said(&TAINTED),
                    _ => Unknowns::Nothing,
                },
            };
            all.push(Some((is_managed, resource)));
        }
    }
    all
}
