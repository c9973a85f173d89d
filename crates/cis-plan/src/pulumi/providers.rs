//! The configurations of providers, as a Terraform plan has them: they tell accounts and Regions.
//!
//! Sources: <https://www.pulumi.com/registry/packages/aws/api-docs/provider/>,
//! <https://www.pulumi.com/registry/packages/aws-native/api-docs/provider/>

use std::collections::HashMap;

use super::generated::Generated;
use super::kinds::Names;
use super::stack::{Resource, Stack, address, name};
use super::values::Values;
use crate::json;
use crate::node::Node;
use crate::path::Path;

/// The providers of a stack.
pub(super) struct Providers<'a> {
    config: &'a [(String, Node)],
    is_preview: bool,
    of_reference: HashMap<(&'a str, Option<&'a str>), &'a Resource<'a>>,
    keys: HashMap<&'a str, String>,
    /// The configurations that are asked for, by their key.
    pub(super) configurations: Vec<(String, Node)>,
}

/// What says nothing of the account, and may differ from provider to provider.
const SAYS_NO_ACCOUNT: [&str; 4] =
    ["version", "plugin_download_url", "auto_naming", "parameterization"];

impl<'a> Providers<'a> {
    pub(super) fn of(stack: &'a Stack<'a>) -> Self {
        let all = stack.resources.iter().filter(|it| it.kind.starts_with("pulumi:providers:"));
        let mut of_reference = HashMap::new();
        for provider in all {
            of_reference.insert((provider.urn, provider.id), provider);
            of_reference.entry((provider.urn, None)).or_insert(provider);
        }
        Self {
            config: stack.config,
            is_preview: stack.is_planned,
            of_reference,
            keys: HashMap::new(),
            configurations: Vec::new(),
        }
    }

    /// The key of the configuration that a reference is to: a URN, and the provider's id.
    pub(super) fn key(&mut self, reference: Option<&'a str>) -> String {
        let reference = reference.unwrap_or_default();
        if let Some(key) = self.keys.get(reference) {
            return key.clone();
        }
        let key = format!("provider{}", self.configurations.len());
        let configuration = self.configuration(reference);
        self.configurations.push((key.clone(), configuration));
        self.keys.insert(reference, key.clone());
        key
    }

    fn configuration(&self, reference: &str) -> Node {
        let (urn, id) = match reference.rsplit_once("::") {
            Some((urn, id)) => (urn, Some(id)),
            None => (reference, None),
        };
        let found =
            self.of_reference.get(&(urn, id)).or_else(|| self.of_reference.get(&(urn, None)));
        let (place, members) = match found {
            Some(provider) => {
                let given = provider.inputs.map(Node::members);
                let given = given.map(|all| {
                    all.iter().map(|(name, value)| (name.as_str(), Some(value))).collect()
                });
                let given = given.unwrap_or_else(|| vec![("unknown", None)]);
                (format!("{}.inputs", address(urn)), given)
            }
            // Without a provider that is named, every resource has the same.
            None if reference.is_empty() => ("the provider".to_string(), Vec::new()),
            None if name(urn).starts_with("default") => self.of_config(urn),
            None => (address(urn).to_string(), vec![("unknown", None)]),
        };
        Node::Map(vec![
            ("place".to_string(), Node::Text(place)),
            ("expressions".to_string(), Node::Map(self.expressions(urn, members))),
        ])
    }

    /// The configuration of a default provider: the stack's, under the package's name.
    fn of_config(&self, urn: &str) -> (String, Vec<(&'a str, Option<&'a Node>)>) {
        let kind = address(urn).split("::").next().unwrap_or_default();
        let package = kind.rsplit(':').next().unwrap_or_default();
        let start = format!("{package}:");
        let own = self
            .config
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix(start.as_str())?, Some(value))));
        (format!("config.{package}"), own.collect())
    }

    /// The members of a configuration as Terraform shows them.
    fn expressions(
        &self,
        urn: &str,
        members: Vec<(&'a str, Option<&'a Node>)>,
    ) -> Vec<(String, Node)> {
        let generated = Generated::default();
        let values = Values { is_preview: self.is_preview, generated: &generated };
        let mut all = Vec::new();
        for (name, value) in members {
            if name.starts_with("__") {
                continue;
            }
            let name = Names::Terraform.written(name);
            if SAYS_NO_ACCOUNT.contains(&name.as_str()) {
                continue;
            }
            // What is not a text is one that holds JSON, as providers take only texts.
            let parsed = value.and_then(Node::text).filter(|text| text.starts_with(['{', '[']));
            let parsed = parsed.and_then(|text| json::read(text).ok());
            let known = parsed.as_ref().or(value).and_then(|value| {
                let place = Path::Root(&name);
                let (value, unknown) = values.value(value, place, Names::Terraform, true);
                is_known(&unknown).then_some(value)
            });
            match (name.as_str(), known) {
                (_, Some(value)) if is_empty(&value) => {}
                ("assume_role" | "assume_roles", Some(roles)) => {
                    all.push(("assume_role".to_string(), roles_of(&roles, urn)));
                }
                (_, Some(value)) => all.push((name, constant(value))),
                (_, None) => all.push((name.clone(), reference(urn, &name))),
            }
        }
        all
    }
}

/// The roles that a provider assumes, one after the other.
fn roles_of(roles: &Node, urn: &str) -> Node {
    let all = match roles {
        Node::List(roles) => roles.as_slice(),
        role => std::slice::from_ref(role),
    };
    let role = |role: &Node| {
        let arn = match role.get("role_arn") {
            Some(Node::Text(arn)) => constant(Node::Text(arn.clone())),
            _ => reference(urn, "assume_role"),
        };
        Node::Map(vec![("role_arn".to_string(), arn)])
    };
    Node::List(all.iter().map(role).collect())
}

fn constant(value: Node) -> Node {
    Node::Map(vec![("constant_value".to_string(), value)])
}

/// A value that is not known: it is the same only where it is of the same provider.
fn reference(urn: &str, name: &str) -> Node {
    let to = Node::Text(format!("{urn}.{name}"));
    Node::Map(vec![("references".to_string(), Node::List(vec![to]))])
}

fn is_known(unknown: &Node) -> bool {
    match unknown {
        Node::Bool(is_unknown) => !is_unknown,
        Node::List(elements) => elements.iter().all(is_known),
        Node::Map(members) => members.iter().all(|(_, member)| is_known(member)),
        Node::Null | Node::Text(_) | Node::Unclear(_) => false,
    }
}

fn is_empty(value: &Node) -> bool {
    match value {
        Node::Null => true,
        Node::Text(text) => text.is_empty(),
        Node::List(elements) => elements.is_empty(),
        Node::Map(members) => members.is_empty(),
        Node::Bool(_) | Node::Unclear(_) => false,
    }
}
