//! What names refer to: variables, local values, modules, resources, data sources.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/references>

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use cis_rules::partition::Partition;
use hcl_edit::expr::{Expression, TraversalOperator};

use super::body::{Attribute, Block};
use super::fault::{Answer, Fault, or_open};
use super::limits::{Budget, INSTANCES};
use super::load::{Loader, Node, Program, Target};
use super::types::{self, Reader, Type};
use super::value::{Handle, Key, ListKind, Members, Number, Val, Why, why};
use crate::Setting;

/// An instance of a module.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// Its position in the program.
    pub(super) node: usize,
    /// Who calls it, and under which name.
    pub(super) parent: Option<(usize, String)>,
    /// Which of the call's instances.
    pub(super) key: Key,
    /// Its address, with a dot behind: `module.a[0].`.
    pub(super) address: String,
    /// Why it may not be there.
    pub(super) doubt: Option<Why>,
}

/// Names that stand for a value, innermost first.
pub(super) struct Names<'a> {
    pub(super) name: &'a str,
    pub(super) value: Val,
    pub(super) next: Option<&'a Names<'a>>,
}

/// What an expression stands in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The instance of the module; none where nothing of a module can be named.
    pub(super) instance: Option<usize>,
    /// Names of `for`, of dynamic blocks, of a template's variables.
    pub(super) names: Option<&'a Names<'a>>,
    /// `each` and `count`.
    pub(super) key: Option<(&'a Key, &'a Val)>,
    /// Whether this is a template's file.
    pub(super) is_template: bool,
}

/// How often something is there.
#[derive(Clone, Debug)]
pub(super) enum Repeated {
    /// Once.
    Once,
    /// So often.
    Count(usize),
    /// Once for each of these.
    Each(Rc<Vec<(Rc<str>, Val)>>),
    /// It is not known.
    Open(Why),
}

impl Repeated {
    /// The instances, each with `each.value`.
    pub(super) fn keys(&self) -> Vec<(Key, Val)> {
        match self {
            Self::Once => vec![(Key::None, Val::Null)],
            Self::Count(count) => (0..*count).map(|at| (Key::Index(at), Val::Null)).collect(),
            Self::Each(all) => {
                let all = all.iter();
                all.map(|(name, value)| (Key::Name(Rc::clone(name)), value.clone())).collect()
            }
            Self::Open(why) => vec![(Key::Open, Val::Open(Rc::clone(why)))],
        }
    }
}

/// The instances of one call.
type Children = Rc<Vec<usize>>;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Named {
    Local(usize, String),
    Variable(usize, String),
    Output(usize, String),
    Attribute(Handle, String),
}

/// Evaluates a program.
pub(super) struct Evaluator<'a> {
    pub(super) program: &'a Program,
    pub(super) loader: RefCell<Loader<'a>>,
    pub(super) root: String,
    pub(super) setting: &'a Setting,
    /// Values that the root module's variables are given.
    pub(super) given: BTreeMap<String, Val>,
    pub(super) budget: Budget,
    instances: RefCell<Vec<Instance>>,
    children: RefCell<HashMap<(usize, String), Children>>,
    known: RefCell<HashMap<Named, Option<Val>>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        program: &'a Program,
        loader: Loader<'a>,
        root: &str,
        setting: &'a Setting,
    ) -> Self {
        let instance =
            Instance { node: 0, parent: None, key: Key::None, address: String::new(), doubt: None };
        Self {
            program,
            loader: RefCell::new(loader),
            root: root.to_string(),
            setting,
            given: BTreeMap::new(),
            budget: Budget::default(),
            instances: RefCell::new(vec![instance]),
            children: RefCell::default(),
            known: RefCell::default(),
        }
    }

    pub(super) fn instance(&self, at: usize) -> Answer<Instance> {
        let found = self.instances.borrow().get(at).cloned();
        found.ok_or_else(|| Fault::refused("an instance is not there"))
    }

    pub(super) fn node(&self, instance: usize) -> Answer<&'a Node> {
        let node = self.program.nodes.get(self.instance(instance)?.node);
        node.ok_or_else(|| Fault::refused("a module is not there"))
    }

    /// The value under a name, worked out once; what needs itself is refused.
    fn once(
        &self,
        named: Named,
        address: &str,
        place: &str,
        read: impl FnOnce() -> Answer<Val>,
    ) -> Answer<Val> {
        match self.known.borrow().get(&named) {
            Some(Some(value)) => return Ok(value.clone()),
            Some(None) => {
                return Err(Fault::refused(format!("`{address}` depends on itself")).at(place));
            }
            None => {}
        }
        self.known.borrow_mut().insert(named.clone(), None);
        let value = or_open(read());
        match &value {
            Ok(known) => self.known.borrow_mut().insert(named, Some(known.clone())),
            Err(_) => self.known.borrow_mut().remove(&named),
        };
        value
    }

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

    /// An attribute's value.
    pub(super) fn attribute(&self, attribute: &Attribute, scope: &Scope<'_>) -> Answer<Val> {
        self.value(&attribute.expression, scope)
    }

    fn variable(&self, instance: usize, name: &str) -> Answer<Val> {
        let node = self.node(instance)?;
        let Some(block) = node.module.variables.get(name) else {
            return Fault::wrong(format!("`var.{name}` is not declared"));
        };
        let named = Named::Variable(instance, name.to_string());
        self.once(named, &format!("var.{name}"), &block.place, || {
            let of = self.instance(instance)?;
            let member = |name: &str| block.body.attributes.get(name);
            let default = || match member("default") {
                Some(default) => self.attribute(default, &NOWHERE).map(Some),
                None => Ok(None),
            };
            let given = match &of.parent {
                None => self.given.get(name).cloned(),
                Some((parent, call)) => {
                    let call_block = self.node(*parent)?.module.calls.get(call.as_str());
                    let given = call_block.and_then(|block| block.body.attributes.get(name));
                    match (call_block, given) {
                        (Some(block), Some(given)) => {
                            Some(self.in_call(*parent, block, &of.key, given)?)
                        }
                        _ => None,
                    }
                }
            };
            let nullable = match member("nullable") {
                Some(nullable) => types::truth(&self.attribute(nullable, &NOWHERE)?)?,
                None => true,
            };
            let value = match given {
                Some(Val::Null) if !nullable => default()?,
                Some(given) => Some(given),
                None => default()?,
            };
            let Some(value) = value else {
                if of.parent.is_some() {
                    return Fault::wrong(format!("the module is not given `{name}`"));
                }
                return Ok(Val::open(
                    format!("variable `{name}` has no value ({})", block.place),
                    format!("give it with `--var {name}=VALUE`"),
                ));
            };
            match member("type") {
                Some(of) => Type::of(&of.expression)?.convert(value, self),
                None => Ok(value),
            }
            .map_err(|fault| fault.at(&block.place))
        })
    }

    /// An argument of a module, where it is called.
    fn in_call(&self, parent: usize, block: &Block, key: &Key, given: &Attribute) -> Answer<Val> {
        let repeated = self.repeated(block, parent)?;
        let keys = repeated.keys();
        let value = keys.iter().find(|(known, _)| known == key).map(|(_, value)| value);
        let key = value.map(|value| (key, value));
        self.attribute(given, &Scope { key, ..scope_of(parent) })
            .map_err(|fault| fault.at(&given.place))
    }

    /// How often a block says that it is there.
    pub(super) fn repeated(&self, block: &Block, instance: usize) -> Answer<Repeated> {
        let scope = scope_of(instance);
        let too_many = |count: usize, place: &str| {
            let what = format!("{count} instances are more than {INSTANCES}");
            Fault::refused(what).at(place)
        };
        if let Some(count) = block.body.attributes.get("count") {
            let number = self.attribute(count, &scope).and_then(|value| types::number(&value));
            return match number {
                Ok(Number::Whole(count_of)) => match usize::try_from(count_of) {
                    Ok(count_of) if count_of > INSTANCES => Err(too_many(count_of, &count.place)),
                    Ok(count_of) => {
                        self.budget.spend(count_of)?;
                        Ok(Repeated::Count(count_of))
                    }
                    Err(_) => Err(Fault::Wrong("`count` is negative".into()).at(&count.place)),
                },
                Ok(_) => Err(Fault::Wrong("`count` is no whole number".into()).at(&count.place)),
                Err(Fault::Open(why)) => Ok(Repeated::Open(why)),
                Err(fault) => Err(fault.at(&count.place)),
            };
        }
        if let Some(each) = block.body.attributes.get("for_each") {
            let value = self.attribute(each, &scope).map_err(|fault| fault.at(&each.place))?;
            return match value {
                Val::Map(map) => {
                    let all = map.members.iter();
                    let all: Vec<_> =
                        all.map(|(name, value)| (Rc::clone(name), value.clone())).collect();
                    if all.len() > INSTANCES {
                        return Err(too_many(all.len(), &each.place));
                    }
                    self.budget.spend(all.len())?;
                    Ok(Repeated::Each(Rc::new(all)))
                }
                Val::List(list) if list.kind == ListKind::Set => {
                    let mut all = Vec::new();
                    for item in &list.items {
                        match types::text(item) {
                            Ok(name) => all.push((name, item.clone())),
                            Err(Fault::Open(why)) => return Ok(Repeated::Open(why)),
                            Err(fault) => return Err(fault.at(&each.place)),
                        }
                    }
                    if all.len() > INSTANCES {
                        return Err(too_many(all.len(), &each.place));
                    }
                    self.budget.spend(all.len())?;
                    Ok(Repeated::Each(Rc::new(all)))
                }
                Val::Open(why) => Ok(Repeated::Open(why)),
                Val::Handle(_) => Ok(Repeated::Open(why(
                    "all attributes of a resource are not known",
                    "use a map that is written out",
                ))),
                other => {
                    let what = format!("`for_each` is {}, not a map or a set", other.noun());
                    Err(Fault::Wrong(what).at(&each.place))
                }
            };
        }
        Ok(Repeated::Once)
    }

    /// The instances of a module that is called, or why there may be others.
    pub(super) fn children(&self, parent: usize, name: &str) -> Answer<Option<Rc<Vec<usize>>>> {
        let node = self.node(parent)?;
        let (Some(block), Some(target)) = (node.module.calls.get(name), node.calls.get(name))
        else {
            return Ok(None);
        };
        let Target::Here(target) = target else { return Ok(None) };
        let at = (parent, name.to_string());
        if let Some(known) = self.children.borrow().get(&at) {
            return Ok(Some(Rc::clone(known)));
        }
        let of_parent = self.instance(parent)?;
        let repeated = self.repeated(block, parent)?;
        let mut all = Vec::new();
        for (key, _) in repeated.keys() {
            let doubt = match &repeated {
                Repeated::Open(why) => Some(Rc::clone(why)),
                _ => of_parent.doubt.clone(),
            };
            let mut instances = self.instances.borrow_mut();
            if instances.len() >= INSTANCES {
                return Err(Fault::refused(format!("more than {INSTANCES} instances of modules"))
                    .at(&block.place));
            }
            all.push(instances.len());
            instances.push(Instance {
                node: *target,
                parent: Some(at.clone()),
                address: format!("{}module.{name}{}.", of_parent.address, key.suffix()),
                key,
                doubt,
            });
        }
        let all = Rc::new(all);
        self.children.borrow_mut().insert(at, Rc::clone(&all));
        Ok(Some(all))
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

    /// An attribute of a resource, a data source or a module.
    pub(super) fn attribute_of(&self, handle: &Handle, name: &str) -> Answer<Val> {
        let _level = self.budget.deeper()?;
        match handle {
            Handle::Module(instance) => {
                let node = self.node(*instance)?;
                let output = node.module.outputs.get(name);
                let value = output.and_then(|block| block.body.attributes.get("value"));
                let Some(value) = value else {
                    return Fault::wrong(format!("the module has no output `{name}`"));
                };
                let named = Named::Output(*instance, name.to_string());
                self.once(named, &format!("output.{name}"), &value.place, || {
                    self.attribute(value, &scope_of(*instance))
                })
            }
            Handle::Resource { instance, resource, key } => {
                let node = self.node(*instance)?;
                let Some(block) = node.module.resources.get(*resource) else {
                    return Fault::wrong("a resource is not there");
                };
                if block.kind == "data" {
                    return self.data(*instance, block, name);
                }
                let address = format!("{}.{name}", block.labels.join("."));
                let open = || {
                    Val::open(
                        format!("`{address}` is known after apply ({})", block.place),
                        "write the value out, or apply and audit the account",
                    )
                };
                let Some(attribute) = block.body.attributes.get(name) else { return Ok(open()) };
                if ignored(block).is_none_or(|all| all.iter().any(|ignored| ignored == name)) {
                    return Ok(open());
                }
                let named = Named::Attribute(handle.clone(), name.to_string());
                let value = self.once(named, &address, &attribute.place, || {
                    let repeated = self.repeated(block, *instance)?;
                    let keys = repeated.keys();
                    let found = keys.iter().find(|(known, _)| known == key);
                    let key = found.map(|(key, value)| (key, value));
                    self.attribute(attribute, &Scope { key, ..scope_of(*instance) })
                })?;
                // The provider gives the attribute its type, which is not known here.
                Ok(match value {
                    Val::Text(text)
                        if !matches!(&*text, "true" | "false") && text.parse::<f64>().is_err() =>
                    {
                        Val::Text(text)
                    }
                    Val::Open(why) => Val::Open(why),
                    _ => open(),
                })
            }
        }
    }

    /// What is known of a data source: what its provider's Region says.
    fn data(&self, instance: usize, block: &Block, name: &str) -> Answer<Val> {
        let kind = block.labels.first().map(String::as_str).unwrap_or_default();
        let own = block.body.attributes.get("region");
        let region = match own {
            Some(region) => self.attribute(region, &scope_of(instance))?,
            None => self.region(instance, block)?,
        };
        let known = match (kind, name, &region) {
            ("aws_region", "name" | "id" | "region", Val::Text(_)) if own.is_none() => Some(region),
            ("aws_partition", "partition" | "id", Val::Text(region)) => {
                Some(Val::text(Partition::of_region(region).id))
            }
            ("aws_partition", "partition" | "id", _) => {
                self.setting.partition.as_ref().map(Val::text)
            }
            _ => None,
        };
        Ok(known.unwrap_or_else(|| {
            Val::open(
                format!(
                    "`data.{}.{name}` is read when Terraform plans ({})",
                    block.labels.join("."),
                    block.place
                ),
                "audit a plan",
            )
        }))
    }

    /// The Region of a resource's or a data source's provider.
    pub(super) fn region(&self, instance: usize, block: &Block) -> Answer<Val> {
        if let Some((at, provider)) = self.provider(instance, &provider_name(block))?
            && let Some(region) = provider.body.attributes.get("region")
        {
            return self.attribute(region, &scope_of(at));
        }
        Ok(match &self.setting.region {
            Some(region) => Val::text(region),
            None => Val::open("the provider's Region is not given", "give it with `--region`"),
        })
    }

    /// A provider's configuration and the instance of the module that it stands in.
    pub(super) fn provider(
        &self,
        instance: usize,
        name: &str,
    ) -> Answer<Option<(usize, &'a Block)>> {
        let (mut instance, mut name) = (instance, name.to_string());
        loop {
            let node = self.node(instance)?;
            let (local, alias) = match name.split_once('.') {
                Some((local, alias)) => (local, Some(alias.to_string())),
                None => (name.as_str(), None),
            };
            let found = node.module.providers.iter().find(|block| {
                let of_block = block.body.attributes.get("alias");
                block.labels.first().is_some_and(|label| label == local)
                    && of_block.and_then(|a| super::load::literal(&a.expression)) == alias
            });
            if let Some(found) = found {
                return Ok(Some((instance, found)));
            }
            let Some((parent, call)) = self.instance(instance)?.parent else { return Ok(None) };
            let call = self.node(parent)?.module.calls.get(&call);
            let passed = call.and_then(|call| call.body.attributes.get("providers"));
            let passed = passed.map(|passed| passed_providers(&passed.expression));
            let passed = passed.and_then(|passed| passed.get(&name).cloned());
            name = passed.unwrap_or(name);
            instance = parent;
        }
    }
}

impl Reader for Evaluator<'_> {
    fn attribute(&self, handle: &Val, name: &str) -> Answer<Val> {
        or_open(self.member(handle, name))
    }

    fn constant(&self, expression: &Expression) -> Answer<Val> {
        self.value(expression, &NOWHERE)
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}

/// Where nothing can be named.
pub(super) const NOWHERE: Scope<'static> =
    Scope { instance: None, names: None, key: None, is_template: false };

/// In an instance of a module.
pub(super) const fn scope_of(instance: usize) -> Scope<'static> {
    Scope { instance: Some(instance), names: None, key: None, is_template: false }
}

fn of_repeated(repeated: &Repeated, mut handles: Vec<Val>) -> Answer<Val> {
    match repeated {
        Repeated::Once => Ok(handles.pop().unwrap_or(Val::Null)),
        Repeated::Count(_) => Val::tuple(handles),
        Repeated::Each(all) => {
            let names = all.iter().map(|(name, _)| Rc::clone(name));
            Val::object(names.zip(handles).collect::<Members>())
        }
        Repeated::Open(why) => Ok(Val::Open(Rc::clone(why))),
    }
}

/// The attributes that `ignore_changes` names; none where it names all.
pub(super) fn ignored(block: &Block) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for lifecycle in block.body.blocks("lifecycle") {
        match lifecycle.body.attributes.get("ignore_changes").map(|a| &a.expression) {
            None => {}
            Some(Expression::Array(array)) => {
                for item in array {
                    all.push(first_name(item)?);
                }
            }
            // `all`, or what is not known here.
            Some(_) => return None,
        }
    }
    Some(all)
}

/// The name that an address begins with.
fn first_name(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Variable(name) => Some(name.as_str().to_string()),
        Expression::Traversal(of) => first_name(&of.expr),
        Expression::Parenthesis(inner) => first_name(inner.inner()),
        Expression::String(text) => text.value().split(['.', '[']).next().map(str::to_string),
        _ => None,
    }
}

/// `aws` or `aws.west`, as it stands in an expression.
pub(super) fn dotted(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Variable(name) => Some(name.as_str().to_string()),
        Expression::String(text) => Some(text.value().clone()),
        Expression::Traversal(of) => {
            let mut all = dotted(&of.expr)?;
            for operator in &of.operators {
                match operator.value() {
                    TraversalOperator::GetAttr(name) => {
                        all.push('.');
                        all.push_str(name.as_str());
                    }
                    _ => return None,
                }
            }
            Some(all)
        }
        _ => None,
    }
}

fn passed_providers(expression: &Expression) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    if let Expression::Object(object) = expression {
        for (key, value) in object {
            let name = match key {
                hcl_edit::expr::ObjectKey::Ident(name) => Some(name.as_str().to_string()),
                hcl_edit::expr::ObjectKey::Expression(key) => {
                    dotted(key).or_else(|| super::load::literal(key))
                }
            };
            if let (Some(name), Some(value)) = (name, dotted(value.expr())) {
                all.insert(name, value);
            }
        }
    }
    all
}

/// The name of a resource's provider: as it says, or what its type begins with.
pub(super) fn provider_name(block: &Block) -> String {
    let own = block.body.attributes.get("provider").and_then(|a| dotted(&a.expression));
    let kind = block.labels.first().map(String::as_str).unwrap_or_default();
    own.unwrap_or_else(|| kind.split('_').next().unwrap_or_default().to_string())
}

/// A folder's path from another.
fn relative_to(root: &str, folder: &str) -> String {
    let root: Vec<&str> = root.split('/').filter(|name| !name.is_empty()).collect();
    let folder: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    let same = root.iter().zip(&folder).take_while(|(one, other)| one == other).count();
    let up = root.iter().skip(same).map(|_| "..");
    up.chain(folder.iter().skip(same).copied()).collect::<Vec<_>>().join("/")
}
