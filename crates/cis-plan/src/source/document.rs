//! What Terraform would plan of a source, as a plan's document.
//!
//! Source: <https://developer.hashicorp.com/terraform/internals/json-format>

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map as Object, Value as Json, json};

use super::body::{Block, Body};
use super::doubts::{Doubt, place_of};
use super::evaluator::{Evaluator, Scope, scope_of};
use super::fault::Answer;
use super::kinds::{COMPUTED, bucket_names, has_trails, is_read};
use super::load::Target;
use super::providers::provider_name;
use super::repeated::Repeated;
use super::value::Val;
use crate::terraform::{Places, may_bring_trails};

/// A plan's document, and what a plan has no place for.
#[derive(Default)]
pub(super) struct Document {
    resources: Vec<Json>,
    changes: Vec<Json>,
    configured: BTreeMap<String, Json>,
    providers: Object<String, Json>,
    said: HashSet<String>,
    /// Trails that may be there.
    pub(super) doubts: Vec<Doubt>,
    /// Where trails, and what brings trails, stand.
    pub(super) places: Places,
}

impl Document {
    /// The document.
    pub(super) fn json(&self) -> Json {
        json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": self.resources}},
            "resource_changes": self.changes,
            "configuration": {
                "provider_config": self.providers,
                "root_module": {"resources": self.configured.values().collect::<Vec<_>>()},
            },
        })
    }

    /// Adds all that an instance of a module plans.
    pub(super) fn add(&mut self, evaluator: &Evaluator<'_>, instance: usize) -> Answer<()> {
        let node = evaluator.node(instance)?;
        for block in &node.module.resources {
            match (block.kind.as_str(), block.labels.first().map(String::as_str)) {
                ("resource", _) => self.add_resource(evaluator, instance, block)?,
                ("action", _) | ("data", Some("external" | "aws_lambda_invocation")) => {
                    self.add_caller(evaluator, instance, block)?;
                }
                _ => {}
            }
        }
        for block in &node.module.removed {
            self.add_removed(evaluator, instance, block)?;
        }
        let address = evaluator.instance(instance)?.address;
        for (name, call) in &node.module.calls {
            match node.calls.get(name) {
                Some(Target::Elsewhere(why)) => self.doubts.push(Doubt {
                    label: format!("the trails of the module `{address}module.{name}`"),
                    why: why.clone(),
                    place: place_of(call),
                }),
                Some(Target::Here(_)) => {
                    if let Some(children) = evaluator.children(instance, name)? {
                        for child in children.iter() {
                            self.add(evaluator, *child)?;
                        }
                    }
                }
                None => {}
            }
        }
        Ok(())
    }

    fn add_resource(
        &mut self,
        evaluator: &Evaluator<'_>,
        instance: usize,
        block: &Block,
    ) -> Answer<()> {
        let of_module = evaluator.instance(instance)?;
        let kind = block.labels.first().map(String::as_str).unwrap_or_default();
        let name = block.labels.get(1).map(String::as_str).unwrap_or_default();
        let address = format!("{}{kind}.{name}", of_module.address);
        let provider = self.add_provider(evaluator, instance, &provider_name(block))?;
        self.add_configured(evaluator, instance, block, &provider)?;
        if !is_read(kind) {
            // That it is there is all that is asked, whether once or often.
            evaluator.budget.spend(1)?;
            if may_bring_trails(kind) && evaluator.repeated(block, instance)?.keys().is_empty() {
                return Ok(());
            }
            let members = bucket_names(kind);
            if members.is_empty() {
                self.push(&address, kind, name, json!({}), Json::Bool(true));
                return Ok(());
            }
            return self.add_bucket(evaluator, instance, block, (&address, members));
        }
        let repeated = evaluator.repeated(block, instance)?;
        let doubt = match &repeated {
            Repeated::Open(why) => Some(why.clone()),
            _ => of_module.doubt,
        };
        for (key, value) in repeated.keys() {
            let address = format!("{address}{}", key.suffix());
            if has_trails(kind) {
                if let Some(why) = &doubt {
                    self.doubts.push(Doubt {
                        label: address,
                        why: why.clone(),
                        place: place_of(block),
                    });
                    continue;
                }
                self.places.insert(address.clone(), place_of(block));
            }
            let scope = Scope { key: Some((&key, &value)), ..scope_of(instance) };
            let mut planned = evaluator.planned(block, &scope)?;
            if kind == "awscc_cloudtrail_trail"
                && let Json::Object(unknown) = &mut planned.unknown
            {
                for member in COMPUTED {
                    unknown.entry(member).or_insert(Json::Bool(true));
                }
            }
            self.push(&address, kind, name, planned.values, planned.unknown);
        }
        Ok(())
    }

    /// Adds a bucket with its name: a trail may be about it, or an option.
    fn add_bucket(
        &mut self,
        evaluator: &Evaluator<'_>,
        instance: usize,
        block: &Block,
        (address, members): (&str, &[&str]),
    ) -> Answer<()> {
        let kind = block.labels.first().map(String::as_str).unwrap_or_default();
        let name = block.labels.get(1).map(String::as_str).unwrap_or_default();
        for (key, value) in evaluator.repeated(block, instance)?.keys() {
            let scope = Scope { key: Some((&key, &value)), ..scope_of(instance) };
            let planned = evaluator.planned_members(block, members, &scope)?;
            let address = format!("{address}{}", key.suffix());
            self.push(&address, kind, name, planned.values, planned.unknown);
        }
        Ok(())
    }

    /// What a plan says of a resource as it is configured: once for all instances of its module.
    fn add_configured(
        &mut self,
        evaluator: &Evaluator<'_>,
        instance: usize,
        block: &Block,
        provider: &str,
    ) -> Answer<()> {
        let address = configured_address(evaluator, instance, block)?;
        let configured = self.configured.entry(address.clone()).or_insert_with(
            || json!({"address": address, "provider_config_key": provider, "provisioners": []}),
        );
        if let Some(Json::Array(all)) = configured.get_mut("provisioners") {
            for block in block.body.blocks("provisioner") {
                let command = evaluator.command(block, instance)?;
                if !all.contains(&command) {
                    all.push(command);
                }
            }
        }
        Ok(())
    }

    /// Adds a data source or an action that runs a program or calls a function: what it is given is
    /// all that is known of what it does.
    ///
    /// Sources: <https://registry.terraform.io/providers/hashicorp/external/latest/docs/data-sources/external>,
    /// <https://developer.hashicorp.com/terraform/language/block/action>
    fn add_caller(
        &mut self,
        evaluator: &Evaluator<'_>,
        instance: usize,
        block: &Block,
    ) -> Answer<()> {
        let mut given = Vec::new();
        for block in std::iter::once(block).chain(&block.body.blocks) {
            given.push(evaluator.command(block, instance)?);
        }
        let address = configured_address(evaluator, instance, block)?;
        let known = json!({"address": address, "provisioners": given});
        if self.configured.insert(address.clone(), known).is_none() {
            self.resources.push(json!({
                "address": address, "mode": "data", "type": "external", "values": {},
            }));
        }
        Ok(())
    }

    fn push(&mut self, address: &str, kind: &str, name: &str, values: Json, unknown: Json) {
        let provider = kind.split('_').next().unwrap_or_default();
        self.resources.push(json!({
            "address": address, "mode": "managed", "type": kind, "name": name,
            "provider_name": format!("registry.terraform.io/hashicorp/{provider}"),
            "values": values,
        }));
        self.changes.push(json!({
            "address": address, "mode": "managed", "type": kind, "name": name,
            "change": {"actions": ["create"], "after": values, "after_unknown": unknown},
        }));
    }

    /// What Terraform no longer manages goes on as it was.
    ///
    /// Source: <https://developer.hashicorp.com/terraform/language/block/removed>
    fn add_removed(
        &mut self,
        evaluator: &Evaluator<'_>,
        instance: usize,
        block: &Block,
    ) -> Answer<()> {
        let from = block.body.attributes.get("from");
        let from = from.map(|from| from.expression.to_string().trim().to_string());
        let from = from.unwrap_or_default();
        let destroy = block.body.blocks("lifecycle").next();
        let destroy = destroy.and_then(|block| block.body.attributes.get("destroy"));
        let goes_on = match destroy {
            Some(destroy) => {
                !matches!(evaluator.attribute(destroy, &scope_of(instance))?, Val::Bool(true))
            }
            // Terraform destroys it then, and OpenTofu lets it go.
            None => true,
        };
        let may_be_trail =
            from.starts_with("module.") || has_trails(from.split('.').next().unwrap_or_default());
        if goes_on && may_be_trail {
            let why = super::value::why(
                format!("Terraform lets `{from}` go as it is ({})", block.place),
                "audit a plan, or the account",
            );
            self.doubts.push(Doubt { label: from, why, place: place_of(block) });
        }
        Ok(())
    }

    /// A provider's configuration; its key.
    fn add_provider(
        &mut self,
        evaluator: &Evaluator<'_>,
        instance: usize,
        name: &str,
    ) -> Answer<String> {
        let Some((at, block)) = evaluator.provider(instance, name)? else {
            return Ok(name.to_string());
        };
        let local = block.labels.first().map(String::as_str).unwrap_or_default();
        let alias = block.body.attributes.get("alias");
        let alias = alias.and_then(|alias| super::load::literal(&alias.expression));
        let address = evaluator.instance(at)?.address;
        let suffix = alias.as_ref().map(|alias| format!(".{alias}")).unwrap_or_default();
        let key = match address.strip_suffix('.') {
            Some(module) => format!("{module}:{local}{suffix}"),
            None => format!("{local}{suffix}"),
        };
        if !self.said.insert(key.clone()) {
            return Ok(key);
        }
        let scope = scope_of(at);
        let written = |body: &Body| -> Answer<Object<String, Json>> {
            let mut all = Object::new();
            for (name, attribute) in body.attributes.iter().filter(|(name, _)| *name != "alias") {
                let value = evaluator
                    .attribute(attribute, &scope)
                    .map_err(|fault| fault.at(&attribute.place))?;
                let value = evaluator.configured(&value, attribute, &address)?;
                all.insert(name.clone(), value);
            }
            Ok(all)
        };
        let mut expressions = written(&block.body)?;
        for block in &block.body.blocks {
            // What a dynamic block makes of a provider is not worked out: it stands for itself.
            let (kind, members) = match (block.kind.as_str(), block.labels.first()) {
                ("dynamic", Some(kind)) => {
                    let place = format!("{address}{}", block.place);
                    (kind.clone(), json!({"dynamic": {"references": [place]}}))
                }
                _ => (block.kind.clone(), written(&block.body)?.into()),
            };
            let list = expressions.entry(kind).or_insert_with(|| json!([]));
            if let Json::Array(all) = list {
                all.push(members);
            }
        }
        self.providers.insert(
            key.clone(),
            json!({"name": local, "alias": alias, "expressions": expressions}),
        );
        Ok(key)
    }
}

/// The address of a block as it is configured, without the instances of modules.
fn configured_address(evaluator: &Evaluator<'_>, instance: usize, block: &Block) -> Answer<String> {
    let mode = match block.kind.as_str() {
        "resource" => String::new(),
        mode => format!("{mode}."),
    };
    let mut address = format!("{mode}{}", block.labels.join("."));
    let mut above = evaluator.instance(instance)?.parent;
    while let Some((parent, name)) = above {
        address = format!("module.{name}.{address}");
        above = evaluator.instance(parent)?.parent;
    }
    Ok(address)
}
