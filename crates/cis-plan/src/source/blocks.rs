//! The values of a resource, beside what of them is not known: the shape of a plan.

use serde_json::{Map as Object, Value as Json, json};

use super::addresses::{dotted, ignored};
use super::body::{Block, Body};
use super::evaluator::{Evaluator, Names, Scope};
use super::fault::{Answer, Fault};
use super::value::{ListKind, Members, Val, Why};
use crate::node::PLACE;
use std::rc::Rc;

/// Values, and what of them is not known.
pub(super) struct Planned {
    /// The values, without those that are not known.
    pub(super) values: Json,
    /// In the place of a value that is not known why, and what settles it, on a line each.
    pub(super) unknown: Json,
}

/// What is no property of a resource.
const META: [&str; 5] = ["count", "for_each", "provider", "depends_on", "providers"];
/// Bools of trails.
const BOOLS: [&str; 5] = [
    "enable_logging",
    "include_management_events",
    "is_multi_region_trail",
    "is_organization_trail",
    "recursive_logging",
];
/// Blocks of selectors.
const OF_SELECTORS: [&str; 4] =
    ["event_selector", "advanced_event_selector", "data_resource", "field_selector"];
const META_BLOCKS: [&str; 3] = ["lifecycle", "provisioner", "connection"];

impl Evaluator<'_> {
    /// The values of a resource.
    pub(super) fn planned(&self, block: &Block, scope: &Scope<'_>) -> Answer<Planned> {
        let mut planned = self.body(&block.body, scope)?;
        let what = || {
            unknown_text(
                &format!("changes are ignored ({}), so that the value stays as it is", block.place),
                "audit a plan, or the account",
            )
        };
        let Some(all) = ignored(block) else {
            return Ok(Planned { values: json!({}), unknown: Json::Bool(true) });
        };
        for name in all {
            if let (Json::Object(values), Json::Object(unknown)) =
                (&mut planned.values, &mut planned.unknown)
            {
                values.remove(&name);
                unknown.insert(name, what());
            }
        }
        Ok(planned)
    }

    /// Some of the values of a resource; those that it does not give are known after apply.
    pub(super) fn planned_members(
        &self,
        block: &Block,
        members: &[&str],
        scope: &Scope<'_>,
    ) -> Answer<Planned> {
        let ignored = ignored(block);
        let (mut values, mut unknown) = (Object::new(), Object::new());
        for member in members {
            let is_ignored =
                ignored.as_ref().is_none_or(|all| all.iter().any(|ignored| ignored == member));
            let planned = match block.body.attributes.get(*member) {
                Some(given) if !is_ignored => {
                    let value =
                        self.attribute(given, scope).map_err(|fault| fault.at(&given.place))?;
                    self.written(&value, &given.place)?
                }
                _ => Planned { values: Json::Null, unknown: Json::Bool(true) },
            };
            // A name that is null is made up.
            let is_null = planned.values == Json::Null && planned.unknown == Json::Bool(false);
            values.insert((*member).to_string(), planned.values);
            let unknown_of = if is_null { Json::Bool(true) } else { planned.unknown };
            unknown.insert((*member).to_string(), unknown_of);
        }
        Ok(Planned { values: values.into(), unknown: unknown.into() })
    }

    fn body(&self, body: &Body, scope: &Scope<'_>) -> Answer<Planned> {
        let _level = self.budget.deeper()?;
        let (mut values, mut unknown) = (Object::new(), Object::new());
        for (name, attribute) in &body.attributes {
            if META.contains(&name.as_str()) {
                continue;
            }
            let value =
                self.attribute(attribute, scope).map_err(|fault| fault.at(&attribute.place))?;
            let mut planned = self.written(&Self::bool_of(name, value), &attribute.place)?;
            self.add_pieces(&mut planned.unknown, &attribute.expression, scope);
            values.insert(name.clone(), planned.values);
            unknown.insert(name.clone(), planned.unknown);
        }
        for block in &body.blocks {
            if META_BLOCKS.contains(&block.kind.as_str()) {
                continue;
            }
            if block.kind != "dynamic" {
                let planned = placed(self.body(&block.body, scope)?, block, &block.kind);
                push(&mut values, &mut unknown, &block.kind, planned);
                continue;
            }
            let kind = block.labels.first().cloned().unwrap_or_default();
            if let Err(why) = self.dynamic(block, &kind, scope, &mut values, &mut unknown)? {
                values.remove(&kind);
                unknown.insert(kind, open(&why, &block.place));
            }
        }
        Ok(Planned { values: values.into(), unknown: unknown.into() })
    }

    /// Blocks that are made from elements; or why it is not known how many.
    ///
    /// Source: <https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks>
    fn dynamic(
        &self,
        block: &Block,
        kind: &str,
        scope: &Scope<'_>,
        values: &mut Object<String, Json>,
        unknown: &mut Object<String, Json>,
    ) -> Answer<Result<(), Why>> {
        let wrong = |what: &str| Err(Fault::Wrong(what.to_string()).at(&block.place));
        let Some(each) = block.body.attributes.get("for_each") else {
            return wrong("a dynamic block has no `for_each`");
        };
        let Some(content) = block.body.blocks("content").next() else {
            return wrong("a dynamic block has no `content`");
        };
        let own_name = block.body.attributes.get("iterator");
        let own_name = own_name.and_then(|name| dotted(&name.expression));
        let name = own_name.as_deref().unwrap_or(kind);
        let all = self.attribute(each, scope).and_then(|value| self.pairs(&value));
        let all = match all {
            Ok(all) => all,
            Err(Fault::Open(why)) => return Ok(Err(why)),
            Err(fault) => return Err(fault.at(&each.place)),
        };
        for (key, value) in all {
            let members = [(Rc::from("key"), key), (Rc::from("value"), value)];
            let value = Val::object(Members::from(members))?;
            let names = Names { name, value, next: scope.names };
            let planned = self.body(&content.body, &Scope { names: Some(&names), ..*scope })?;
            let planned = placed(planned, content, kind);
            if unknown.get(kind).is_some_and(Json::is_string) {
                continue;
            }
            push(values, unknown, kind, planned);
        }
        Ok(Ok(()))
    }

    /// A value, as a plan writes it.
    pub(super) fn written(&self, value: &Val, place: &str) -> Answer<Planned> {
        let _level = self.budget.deeper()?;
        let known = |values: Json| Planned { values, unknown: Json::Bool(false) };
        Ok(match value {
            Val::Null => known(Json::Null),
            Val::Bool(value) => known(Json::Bool(*value)),
            Val::Number(number) => {
                known(serde_json::from_str(&number.text()).unwrap_or(Json::Null))
            }
            Val::Text(text) => {
                self.budget.text(text.len())?;
                known(Json::from(&**text))
            }
            Val::List(list) => {
                let (mut values, mut unknown) = (Vec::new(), Vec::new());
                for item in &list.items {
                    let planned = self.written(item, place)?;
                    values.push(planned.values);
                    unknown.push(planned.unknown);
                }
                if list.kind == ListKind::Set && unknown.iter().any(|one| *one != Json::Bool(false))
                {
                    unknown = vec![Json::Bool(true); values.len()];
                }
                Planned { values: values.into(), unknown: unknown.into() }
            }
            Val::Map(map) => {
                let (mut values, mut unknown) = (Object::new(), Object::new());
                for (name, item) in &map.members {
                    let planned = self.written(item, place)?;
                    values.insert(name.to_string(), planned.values);
                    unknown.insert(name.to_string(), planned.unknown);
                }
                Planned { values: values.into(), unknown: unknown.into() }
            }
            Val::Open(why) => Planned { values: Json::Null, unknown: open(why, place) },
            Val::Handle(_) => Planned { values: Json::Null, unknown: Json::Bool(true) },
        })
    }

    /// A text in the place of a bool, as Terraform converts it.
    ///
    /// Source: <https://developer.hashicorp.com/terraform/language/expressions/types>
    fn bool_of(name: &str, value: Val) -> Val {
        match &value {
            Val::Text(text) if BOOLS.contains(&name) => match &**text {
                "1" => Val::Bool(true),
                "0" => Val::Bool(false),
                _ => value,
            },
            _ => value,
        }
    }
}

/// The values of a block of selectors with the place of the block.
fn placed(mut planned: Planned, block: &Block, kind: &str) -> Planned {
    if let (true, Json::Object(values), Some(place)) =
        (OF_SELECTORS.contains(&kind), &mut planned.values, block.mark())
    {
        values.insert(PLACE.to_string(), place.into());
    }
    planned
}

fn push(
    values: &mut Object<String, Json>,
    unknown: &mut Object<String, Json>,
    kind: &str,
    planned: Planned,
) {
    if unknown.get(kind).is_some_and(Json::is_string) {
        return;
    }
    let add = |all: &mut Object<String, Json>, item: Json| {
        let list = all.entry(kind.to_string()).or_insert_with(|| json!([]));
        if let Json::Array(items) = list {
            items.push(item);
        }
    };
    add(values, planned.values);
    add(unknown, planned.unknown);
}

fn open(why: &Why, place: &str) -> Json {
    let reason = if why.reason.contains(place) {
        why.reason.clone()
    } else {
        format!("{} ({place})", why.reason)
    };
    unknown_text(&reason, &why.settled_by)
}

fn unknown_text(reason: &str, settled_by: &str) -> Json {
    let line = |text: &str| text.replace('\n', " ");
    Json::from(format!("{}\n{}", line(reason), line(settled_by)))
}
