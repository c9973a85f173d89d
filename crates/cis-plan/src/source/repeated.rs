//! How often a block is there: `count`, `for_each`, and the instances of modules.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/meta-arguments/count>,
//! <https://developer.hashicorp.com/terraform/language/meta-arguments/for_each>

use std::rc::Rc;

use super::body::Block;
use super::evaluator::{Evaluator, Instance, scope_of};
use super::fault::{Answer, Fault};
use super::limits::INSTANCES;
use super::load::Target;
use super::types;
use super::value::{Key, ListKind, Members, Number, Val, Why, why};

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

impl Evaluator<'_> {
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
        self.enabled(block, instance)
    }

    /// Whether OpenTofu makes a block that says so itself.
    ///
    /// Source: <https://opentofu.org/docs/language/meta-arguments/enabled/>
    fn enabled(&self, block: &Block, instance: usize) -> Answer<Repeated> {
        let mut lifecycles = block.body.blocks("lifecycle");
        let enabled = lifecycles.find_map(|block| block.body.attributes.get("enabled"));
        let Some(enabled) = enabled else { return Ok(Repeated::Once) };
        let is_enabled = self.attribute(enabled, &scope_of(instance));
        match is_enabled.and_then(|value| types::truth(&value)) {
            Ok(true) => Ok(Repeated::Once),
            Ok(false) => Ok(Repeated::Each(Rc::new(Vec::new()))),
            Err(Fault::Open(why)) => Ok(Repeated::Open(why)),
            Err(fault) => Err(fault.at(&enabled.place)),
        }
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
}

pub(super) fn of_repeated(repeated: &Repeated, mut handles: Vec<Val>) -> Answer<Val> {
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
