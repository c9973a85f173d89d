//! Which provider's configuration a resource has.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/meta-arguments/module-providers>

use std::collections::BTreeMap;

use hcl_edit::expr::Expression;

use super::addresses::dotted;
use super::body::Block;
use super::evaluator::{Evaluator, scope_of};
use super::fault::Answer;
use super::value::Val;

impl<'a> Evaluator<'a> {
    /// The Region of a resource's or a data source's provider.
    pub(super) fn region(&self, instance: usize, block: &Block) -> Answer<Val> {
        if let Some((at, provider)) = self.provider(instance, &provider_name(block))?
            && let Some(region) = provider.body.attributes.get("region")
        {
            return self.attribute(region, &scope_of(at));
        }
        if provider_name(block).contains('.') {
            return Ok(Val::open(
                format!("the configuration of a provider is not there ({})", block.place),
                "audit a plan",
            ));
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
            if let Some(name) = name {
                all.insert(name, provider_of(value.expr()));
            }
        }
    }
    all
}

/// The provider that an expression names. One of several instances is named as it is written, for
/// which one that is may differ: `aws.by_region[each.key]`.
fn provider_of(expression: &Expression) -> String {
    let written = || expression.to_string().trim().to_string();
    dotted(expression).unwrap_or_else(written)
}

/// The name of a resource's provider: as it says, or what its type begins with.
pub(super) fn provider_name(block: &Block) -> String {
    let own = block.body.attributes.get("provider").map(|a| provider_of(&a.expression));
    let kind = block.labels.first().map(String::as_str).unwrap_or_default();
    own.unwrap_or_else(|| kind.split('_').next().unwrap_or_default().to_string())
}
