//! Values of variables: those that are given, and defaults.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/values/variables>

use super::body::{Attribute, Block};
use super::evaluator::{Evaluator, NOWHERE, Named, Scope, scope_of};
use super::fault::{Answer, Fault};
use super::types::{self, Type};
use super::value::{Key, Val};

impl Evaluator<'_> {
    pub(super) fn variable(&self, instance: usize, name: &str) -> Answer<Val> {
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
                None => match self.given.get(name) {
                    Some(given) => Some(given.clone()),
                    None if self.is_of_terragrunt => Some(Val::open(
                        format!("`terragrunt.hcl` may give `{name}` a value ({})", block.place),
                        format!("give it with `--var {name}=VALUE`"),
                    )),
                    None => None,
                },
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
}
