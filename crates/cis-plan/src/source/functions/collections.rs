//! Functions of lists.

use std::rc::Rc;

use super::not_done;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::{number, text, truth};
use crate::source::unify;
use crate::source::value::{List, ListKind, Number, Val, why};

/// Names of these functions.
const NAMES: [&str; 18] = [
    "alltrue",
    "anytrue",
    "coalesce",
    "coalescelist",
    "compact",
    "concat",
    "contains",
    "distinct",
    "element",
    "flatten",
    "index",
    "length",
    "one",
    "range",
    "reverse",
    "slice",
    "sort",
    "tolist",
];

impl Evaluator<'_> {
    /// A function of lists; none where it is none of these.
    pub(super) fn collection_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        if !NAMES.contains(&name) {
            return Ok(None);
        }
        let value = match (name, all) {
            ("length", [value]) => match value {
                Val::Text(text) if text.is_ascii() => Val::whole(text.len()),
                Val::Text(_) => {
                    Val::open("a length in characters is not known here", "write it out")
                }
                Val::List(list) => Val::whole(list.items.len()),
                Val::Map(map) => Val::whole(map.members.len()),
                other => return Err(not_a("list", other)),
            },
            ("concat", lists) => {
                let mut items = Vec::new();
                let mut is_list = true;
                for one in lists {
                    let one = list(one)?;
                    if one.kind == ListKind::Set {
                        return Fault::wrong("a set is given where a list is needed");
                    }
                    is_list &= one.kind == ListKind::List;
                    items.extend(one.items.iter().cloned());
                    self.budget.items(items.len())?;
                }
                if is_list {
                    Val::list(ListKind::List, self.elements(items)?)?
                } else {
                    Val::tuple(items)?
                }
            }
            ("flatten", [value]) => {
                let mut items = Vec::new();
                self.flatten(value, &mut items)?;
                Val::tuple(items)?
            }
            ("element", [value, index]) => {
                let list = list(value)?;
                match number(index)? {
                    // Newer versions of Terraform count from the end.
                    Number::Whole(..0) => not_done("a negative position"),
                    Number::Whole(at) if !list.items.is_empty() => {
                        let length = i64::try_from(list.items.len()).unwrap_or(i64::MAX);
                        let at = usize::try_from(at.rem_euclid(length)).unwrap_or_default();
                        list.items.get(at).cloned().unwrap_or(Val::Null)
                    }
                    _ => return Fault::wrong("the list has no such element"),
                }
            }
            ("slice", [value, start, end]) => {
                let list = list(value)?;
                if list.kind == ListKind::Set {
                    return Fault::wrong("a set has no positions");
                }
                let at = |value: &Val| match number(value)? {
                    Number::Whole(at) => Ok(usize::try_from(at).unwrap_or(usize::MAX)),
                    Number::Fraction(_) => Fault::wrong("a whole number is needed"),
                };
                match list.items.get(at(start)?..at(end)?) {
                    Some(items) => Val::list(list.kind, items.to_vec())?,
                    None => return Fault::wrong("the list is shorter"),
                }
            }
            ("reverse", [value]) => {
                let list = list(value)?;
                let is_tuple = list.kind == ListKind::Tuple;
                let kind = if is_tuple { ListKind::Tuple } else { ListKind::List };
                Val::list(kind, list.items.iter().rev().cloned().collect())?
            }
            ("contains", [value, sought]) => {
                let mut is_open = None;
                for item in &list(value)?.items {
                    match self.equal(item, sought)? {
                        Some(true) => return Ok(Some(Val::Bool(true))),
                        None => is_open = Some(item),
                        // `contains` gives both values one type first.
                        Some(false) if item.noun() != sought.noun() => is_open = Some(item),
                        Some(false) => {}
                    }
                }
                match is_open {
                    None => Val::Bool(false),
                    Some(_) => Val::open(
                        "whether the list contains the value is not known",
                        "audit a plan",
                    ),
                }
            }
            ("index", [value, sought]) => {
                for (position, item) in list(value)?.items.iter().enumerate() {
                    match self.equal(item, sought)? {
                        Some(true) => return Ok(Some(Val::whole(position))),
                        Some(false) => {}
                        None => {
                            return Ok(Some(Val::open(
                                "where the value stands is not known",
                                "audit a plan",
                            )));
                        }
                    }
                }
                return Fault::wrong("the list does not contain the value");
            }
            ("distinct", [value]) => {
                let mut items: Vec<Val> = Vec::new();
                for item in self.elements(list(value)?.items.clone())? {
                    let mut is_known = false;
                    for known in &items {
                        match self.equal(known, &item)? {
                            Some(equal) => is_known |= equal,
                            None => {
                                return Ok(Some(Val::open(
                                    "which elements are equal is not known",
                                    "audit a plan",
                                )));
                            }
                        }
                    }
                    if !is_known {
                        items.push(item);
                    }
                }
                Val::list(ListKind::List, items)?
            }
            ("compact", [value]) => {
                let mut items = Vec::new();
                for item in &list(value)?.items {
                    match item {
                        Val::Null => {}
                        item => {
                            let text = text(item)?;
                            if !text.is_empty() {
                                items.push(Val::Text(text));
                            }
                        }
                    }
                }
                Val::list(ListKind::List, items)?
            }
            ("coalesce", values) => {
                for value in self.elements(values.to_vec())? {
                    match value {
                        Val::Null => {}
                        Val::Text(text) if text.is_empty() => {}
                        value => return Ok(Some(value)),
                    }
                }
                return Fault::wrong("no value is given");
            }
            ("coalescelist", lists) => {
                let mut found = None;
                for value in lists {
                    match value {
                        Val::List(list) if list.kind == ListKind::Set => {
                            return Fault::wrong("a set is given where a list is needed");
                        }
                        Val::List(list) if list.items.is_empty() => {}
                        Val::List(_) => found = found.or(Some(value)),
                        other => return Err(not_a("list", other)),
                    }
                }
                if let Some(found) = found {
                    return Ok(Some(found.clone()));
                }
                return Fault::wrong("no list has an element");
            }
            ("one", [value]) => match list(value)?.items.as_slice() {
                [] => Val::Null,
                [only] => only.clone(),
                _ => return Fault::wrong("the list has more than one element"),
            },
            ("alltrue" | "anytrue", [value]) => {
                let decides = name == "anytrue";
                let mut open = None;
                let mut is_decided = false;
                for item in &list(value)?.items {
                    match item {
                        // Null is not true.
                        Val::Null => is_decided |= !decides,
                        item => match truth(item) {
                            Ok(value) => is_decided |= value == decides,
                            Err(Fault::Open(why)) => open = Some(why),
                            Err(fault) => return Err(fault),
                        },
                    }
                }
                match open {
                    Some(why) if !is_decided => Val::Open(why),
                    _ => Val::Bool(is_decided == decides),
                }
            }
            ("sort", [value]) => {
                let mut texts = list(value)?.items.iter().map(text).collect::<Answer<Vec<_>>>()?;
                texts.sort_unstable();
                Val::list(ListKind::List, texts.into_iter().map(Val::Text).collect())?
            }
            ("tolist", [value]) => {
                Val::list(ListKind::List, self.elements(list(value)?.items.clone())?)?
            }
            ("range", [_] | [_, _]) => {
                let (start, end) = match all {
                    [end] => (Number::Whole(0), number(end)?),
                    [start, end, ..] => (number(start)?, number(end)?),
                    [] => return Fault::wrong("a limit is needed"),
                };
                let (Number::Whole(start), Number::Whole(end)) = (start, end) else {
                    return Ok(Some(not_done("a range of fractions")));
                };
                if end.abs_diff(start) > 1024 {
                    return Fault::wrong("a range has more than 1024 elements");
                }
                let one = |whole| Val::Number(Number::Whole(whole));
                let all = if start <= end {
                    (start..end).map(one).collect()
                } else {
                    (end + 1..=start).rev().map(one).collect()
                };
                Val::list(ListKind::List, all)?
            }
            ("range", [_, _, _]) => not_done("a range with a step"),
            _ => return Fault::wrong("wrong number of arguments"),
        };
        Ok(Some(value))
    }

    /// Elements with one type.
    pub(super) fn elements(&self, items: Vec<Val>) -> Answer<Vec<Val>> {
        unify::elements(items, &self.budget)
    }

    fn flatten(&self, value: &Val, items: &mut Vec<Val>) -> Answer<()> {
        let _level = self.budget.deeper()?;
        for item in &list(value)?.items {
            match item {
                Val::List(_) => self.flatten(item, items)?,
                // It may be a list.
                Val::Open(why) => return Err(Fault::Open(Rc::clone(why))),
                item => items.push(item.clone()),
            }
            self.budget.items(items.len())?;
        }
        Ok(())
    }
}

/// The list.
pub(super) fn list(value: &Val) -> Answer<&List> {
    match value {
        Val::List(list) => Ok(list),
        other => Err(not_a("list", other)),
    }
}

/// That a value is none of these, or is not known.
pub(super) fn not_a(what: &str, value: &Val) -> Fault {
    match value {
        Val::Open(why) => Fault::Open(Rc::clone(why)),
        Val::Handle(_) => Fault::Open(why(
            "all attributes of a resource are not known",
            "name the attributes one by one",
        )),
        other => Fault::Wrong(format!("{} is given where a {what} is needed", other.noun())),
    }
}
