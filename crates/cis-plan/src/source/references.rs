//! What names refer to: variables, local values, modules, resources, data sources.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/references>

use std::rc::Rc;

use hcl_edit::expr::{Expression, TraversalOperator};

use super::evaluator::{Evaluator, Named, Scope, scope_of};
use super::fault::{Answer, Fault};
use super::load::Target;
use super::repeated::of_repeated;
use super::value::{Handle, Key, Val};

impl Evaluator<'_> {
    /// What a name stands for, and the part of it that the operators name.
    pub(super) fn reference(
        &self,
        name: &str,
        operators: &[hcl_edit::Decorated<TraversalOperator>],
        scope: &Scope<'_>,
    ) -> Answer<Val> {
        let mut names = scope.names;
        while let Some(found) = names {
            if found.name == name {
                return self.traverse(found.value.clone(), operators, scope);
            }
            names = found.next;
        }
        let Some(instance) = scope.instance else {
            return Fault::wrong(format!("`{name}` cannot be used here"));
        };
        let part = |at: usize| match operators.get(at).map(|operator| operator.value()) {
            Some(TraversalOperator::GetAttr(name)) => Ok(name.as_str()),
            Some(TraversalOperator::Index(Expression::String(name))) => Ok(name.as_str()),
            _ => Fault::wrong(format!("a name is expected behind `{name}`")),
        };
        let rest = |used: usize| operators.get(used..).unwrap_or_default();
        let (value, used) = match name {
            "var" => (self.variable(instance, part(0)?)?, 1),
            "local" => (self.local(instance, part(0)?)?, 1),
            "module" => (self.module(instance, part(0)?)?, 1),
            "path" => (self.path(instance, part(0)?)?, 1),
            "each" | "count" => (self.repetition(name, part(0)?, scope)?, 1),
            "data" => (self.resource(instance, "data", part(0)?, part(1)?)?, 2),
            "resource" => (self.resource(instance, "resource", part(0)?, part(1)?)?, 2),
            "terraform" | "self" | "ephemeral" => {
                let what = format!("`{name}` is known when Terraform runs");
                (Val::open(what, "audit a plan"), operators.len())
            }
            kind if operators.is_empty() => {
                return Fault::wrong(format!("`{kind}` is not declared"));
            }
            kind => (self.resource(instance, "resource", kind, part(0)?)?, 1),
        };
        self.traverse(value, rest(used), scope)
    }

    fn path(&self, instance: usize, name: &str) -> Answer<Val> {
        match name {
            "root" => Ok(Val::text(".")),
            "module" => {
                let folder = &self.node(instance)?.module.folder;
                let relative = match (folder.strip_prefix(&self.root), self.root.as_str()) {
                    _ if *folder == self.root => Some("."),
                    (_, "") => Some(folder.as_str()),
                    (Some(rest), _) => rest.strip_prefix('/'),
                    (None, _) => None,
                };
                match relative {
                    Some(path) if !path.starts_with("..") => Ok(Val::text(path)),
                    // As Terraform, relative to the root module.
                    _ => Ok(Val::text(relative_to(&self.root, folder))),
                }
            }
            _ => Ok(Val::open("the working folder is known when Terraform runs", "audit a plan")),
        }
    }

    fn repetition(&self, name: &str, part: &str, scope: &Scope<'_>) -> Answer<Val> {
        match (name, part, scope.key) {
            (_, _, Some((Key::Open, Val::Open(why)))) => Ok(Val::Open(Rc::clone(why))),
            ("count", "index", Some((Key::Index(index), _))) => Ok(Val::whole(*index)),
            ("each", "key", Some((Key::Name(name), _))) => Ok(Val::Text(Rc::clone(name))),
            ("each", "value", Some((Key::Name(_), value))) => Ok(value.clone()),
            _ => Fault::wrong(format!("`{name}.{part}` cannot be used here")),
        }
    }

    fn local(&self, instance: usize, name: &str) -> Answer<Val> {
        let node = self.node(instance)?;
        let Some(local) = node.module.locals.get(name) else {
            return Fault::wrong(format!("`local.{name}` is not declared"));
        };
        let named = Named::Local(instance, name.to_string());
        self.once(named, &format!("local.{name}"), &local.place, || {
            self.attribute(local, &scope_of(instance))
        })
    }

    /// `module.NAME`.
    fn module(&self, instance: usize, name: &str) -> Answer<Val> {
        let node = self.node(instance)?;
        let Some(block) = node.module.calls.get(name) else {
            return Fault::wrong(format!("`module.{name}` is not declared"));
        };
        if let Some(Target::Elsewhere(why)) = node.calls.get(name) {
            return Ok(Val::Open(Rc::clone(why)));
        }
        let Some(children) = self.children(instance, name)? else {
            return Fault::wrong(format!("`module.{name}` is not there"));
        };
        let all = self.repeated(block, instance)?;
        let handles = children.iter().map(|child| Val::Handle(Handle::Module(*child)));
        of_repeated(&all, handles.collect())
    }

    /// A resource or a data source.
    fn resource(&self, instance: usize, mode: &str, kind: &str, name: &str) -> Answer<Val> {
        let node = self.node(instance)?;
        let Some(resource) = node.module.resource(mode, kind, name) else {
            let data = if mode == "data" { "data." } else { "" };
            return Fault::wrong(format!("`{data}{kind}.{name}` is not declared"));
        };
        let Some(block) = node.module.resources.get(resource) else {
            return Fault::wrong(format!("`{kind}.{name}` is not there"));
        };
        let repeated = self.repeated(block, instance)?;
        let keys = repeated.keys().into_iter();
        let handles =
            keys.map(|(key, _)| Val::Handle(Handle::Resource { instance, resource, key }));
        of_repeated(&repeated, handles.collect())
    }
}

/// A folder's path from another.
fn relative_to(root: &str, folder: &str) -> String {
    let root: Vec<&str> = root.split('/').filter(|name| !name.is_empty()).collect();
    let folder: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    let same = root.iter().zip(&folder).take_while(|(one, other)| one == other).count();
    let up = root.iter().skip(same).map(|_| "..");
    up.chain(folder.iter().skip(same).copied()).collect::<Vec<_>>().join("/")
}
