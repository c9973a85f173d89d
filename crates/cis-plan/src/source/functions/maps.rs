//! Functions of maps.

use std::rc::Rc;

use super::collections::{list, not_a};
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::{Type, text};
use crate::source::unify;
use crate::source::value::{ListKind, Members, Val};

/// Names of these functions.
const NAMES: [&str; 7] = ["keys", "lookup", "merge", "tomap", "transpose", "values", "zipmap"];

impl Evaluator<'_> {
    /// A function of maps; none where it is none of these.
    pub(super) fn map_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        if !NAMES.contains(&name) {
            return Ok(None);
        }
        let value = match (name, all) {
            ("keys", [value]) => {
                let keys = members(value)?.keys().map(|name| Val::Text(Rc::clone(name)));
                Val::list(ListKind::List, keys.collect())?
            }
            ("values", [value]) => {
                let all = members(value)?.values().cloned().collect();
                Val::list(if is_typed(value) { ListKind::List } else { ListKind::Tuple }, all)?
            }
            ("lookup", [map, name, default @ ..]) if default.len() < 2 => {
                match (members(map)?.get(&text(name)?), default) {
                    (Some(value), _) => value.clone(),
                    // The default becomes of the type that the map's members have.
                    (None, [default]) if is_typed(map) => match members(map)?.values().next() {
                        _ if matches!(default, Val::Null | Val::Open(_)) => default.clone(),
                        Some(Val::Text(_)) => Type::Text.convert(default.clone(), self)?,
                        Some(Val::Number(_)) => Type::Number.convert(default.clone(), self)?,
                        Some(Val::Bool(_)) => Type::Bool.convert(default.clone(), self)?,
                        Some(other) => unify::beside(default.clone(), other, &self.budget)?,
                        None if matches!(default, Val::Text(_) | Val::Null) => default.clone(),
                        None => Val::open(
                            "the type of an empty map's members is not known here",
                            "write the value out",
                        ),
                    },
                    (None, [default]) => default.clone(),
                    (None, _) => return Fault::wrong("the map has no such member"),
                }
            }
            ("merge", maps) => {
                let mut merged = Members::new();
                let mut is_map = true;
                for map in maps.iter().filter(|map| !matches!(map, Val::Null)) {
                    let members = members(map)?;
                    is_map &= is_typed(map);
                    self.budget.items(members.len())?;
                    merged.extend(
                        members.iter().map(|(name, value)| (Rc::clone(name), value.clone())),
                    );
                }
                // Maps of different types are an object together.
                let mut kinds = merged.values().map(Val::noun);
                let first = kinds.next();
                let is_map = is_map && kinds.all(|kind| Some(kind) == first);
                Val::map(is_map, merged)?
            }
            ("tomap", [value]) => {
                let members = members(value)?;
                let values = self.elements(members.values().cloned().collect())?;
                Val::map(true, members.keys().cloned().zip(values).collect())?
            }
            ("transpose", [value]) => {
                let mut all: std::collections::BTreeMap<Rc<str>, Vec<Val>> = Default::default();
                for (name, items) in members(value)? {
                    for item in &list(items)?.items {
                        all.entry(text(item)?).or_default().push(Val::Text(Rc::clone(name)));
                    }
                    self.budget.items(all.len())?;
                }
                let lists = all.into_iter();
                let lists = lists.map(|(name, all)| Ok((name, Val::list(ListKind::List, all)?)));
                Val::map(true, lists.collect::<Answer<_>>()?)?
            }
            ("zipmap", [names, values]) => {
                let (names, values) = (list(names)?, list(values)?);
                if names.items.len() != values.items.len() {
                    return Fault::wrong("the two lists have different lengths");
                }
                let pairs = names.items.iter().zip(&values.items);
                let pairs = pairs.map(|(name, value)| Ok((text(name)?, value.clone())));
                let is_typed = values.kind == ListKind::List;
                Val::map(is_typed, pairs.collect::<Answer<Members>>()?)?
            }
            _ => return Fault::wrong("wrong number of arguments"),
        };
        Ok(Some(value))
    }
}

/// Whether it is a map, and no object.
fn is_typed(value: &Val) -> bool {
    matches!(value, Val::Map(map) if map.is_typed)
}

fn members(value: &Val) -> Answer<&Members> {
    match value {
        Val::Map(map) => Ok(&map.members),
        other => Err(not_a("map", other)),
    }
}
