//! One type for several values, as Terraform finds it for the elements of a list and for the two
//! values of a condition.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/type-constraints>

use std::rc::Rc;

use super::fault::{Answer, Fault};
use super::limits::Budget;
use super::types::{set, text};
use super::value::{ListKind, Val, Why, why};

fn different() -> Why {
    why("values of different types stand beside each other", "give all of them one type")
}

/// Elements with one type: a number beside a text becomes a text. Where the type is not known, the
/// elements whose value hangs on it are open.
pub(super) fn elements(items: Vec<Val>, budget: &Budget) -> Answer<Vec<Val>> {
    budget.items(items.len())?;
    let has = |is: fn(&Val) -> bool| items.iter().any(is);
    let is_text = has(|item| matches!(item, Val::Text(_)));
    let is_bool = has(|item| matches!(item, Val::Bool(_)));
    let is_number = has(|item| matches!(item, Val::Number(_)));
    let is_collection = has(|item| matches!(item, Val::List(_) | Val::Map(_)));
    let is_open = has(|item| matches!(item, Val::Open(_)));
    let is_scalar = is_text || is_bool || is_number;
    let mut is_known = !(is_scalar && is_collection) && (is_text || !(is_bool && is_number));
    if is_collection {
        let mut known = items.iter().filter(|item| !matches!(item, Val::Null | Val::Open(_)));
        if let Some(first) = known.next() {
            for other in known {
                is_known &= are_alike(first, other, budget)?;
            }
        }
    }
    let one = |item: Val| match item {
        item @ (Val::Null | Val::Open(_) | Val::Handle(_) | Val::Text(_)) => Ok(item),
        _ if !is_known => Ok(Val::Open(different())),
        item @ (Val::Bool(_) | Val::Number(_)) if is_text => text(&item).map(Val::Text),
        Val::Bool(_) | Val::Number(_) if is_open => Ok(Val::Open(different())),
        item => Ok(item),
    };
    items.into_iter().map(one).collect()
}

const fn is_collection(value: &Val) -> bool {
    matches!(value, Val::List(_) | Val::Map(_))
}

/// One of two values, with the type that both have together.
pub(super) fn beside(chosen: Val, other: &Val, budget: &Budget) -> Answer<Val> {
    match (chosen, other) {
        (chosen @ (Val::Bool(_) | Val::Number(_)), other) if !is_collection(other) => {
            let mut both = elements(vec![chosen, other.clone()], budget)?;
            Ok(both.swap_remove(0))
        }
        (Val::List(chosen), Val::List(other)) => {
            let is_set = chosen.kind == ListKind::Set || other.kind == ListKind::Set;
            let is_tuple = chosen.kind == ListKind::Tuple && other.kind == ListKind::Tuple;
            if is_tuple && chosen.items.len() == other.items.len() {
                let pairs = chosen.items.iter().zip(&other.items);
                let all = pairs.map(|(one, two)| beside(one.clone(), two, budget));
                return Val::tuple(all.collect::<Answer<_>>()?);
            }
            // Two tuples of different lengths are a list together.
            let all = chosen.items.iter().chain(&other.items).cloned().collect();
            let Some(mut all) = together(all, budget)? else { return Ok(Val::Open(different())) };
            all.truncate(chosen.items.len());
            if is_set { set(all) } else { Val::list(ListKind::List, all) }
        }
        (Val::Map(chosen), Val::Map(other)) => {
            let is_object = !chosen.is_typed && !other.is_typed;
            if is_object && chosen.members.keys().eq(other.members.keys()) {
                let pairs = chosen.members.iter().zip(other.members.values());
                let all = pairs.map(|((name, one), two)| {
                    Ok((Rc::clone(name), beside(one.clone(), two, budget)?))
                });
                return Val::object(all.collect::<Answer<_>>()?);
            }
            // Two objects with different members are a map together.
            let all = chosen.members.values().chain(other.members.values()).cloned().collect();
            let Some(all) = together(all, budget)? else { return Ok(Val::Open(different())) };
            Val::map(true, chosen.members.keys().cloned().zip(all).collect())
        }
        (Val::List(_) | Val::Map(_), Val::Bool(_) | Val::Number(_) | Val::Text(_))
        | (Val::Bool(_) | Val::Number(_) | Val::Text(_), Val::List(_) | Val::Map(_))
        | (Val::List(_), Val::Map(_))
        | (Val::Map(_), Val::List(_)) => {
            Fault::wrong("the two values of a condition have no type together")
        }
        (chosen, Val::Open(_) | Val::Handle(_)) => of_any_type(chosen),
        (chosen, _) => Ok(chosen),
    }
}

/// Elements with one type; none where it is not known whether they have one.
fn together(items: Vec<Val>, budget: &Budget) -> Answer<Option<Vec<Val>>> {
    let count = |items: &[Val]| items.iter().filter(|item| matches!(item, Val::Open(_))).count();
    let open = count(&items);
    let all = elements(items, budget)?;
    Ok((count(&all) == open).then_some(all))
}

/// A value beside one that is not known: numbers may become texts, and a list a set.
fn of_any_type(chosen: Val) -> Answer<Val> {
    match &chosen {
        Val::Bool(_) | Val::Number(_) => Ok(Val::Open(different())),
        Val::List(list) => {
            let texts: Vec<_> = list.items.iter().map(|item| text(item).ok()).collect();
            let is_set = list.kind == ListKind::Set || texts.is_sorted_by(|one, two| one < two);
            let is_of_texts = list.items.iter().all(|item| matches!(item, Val::Text(_)));
            Ok(if is_set && is_of_texts { chosen } else { Val::Open(different()) })
        }
        Val::Map(map) => {
            let members = map.members.iter();
            let members =
                members.map(|(name, item)| Ok((Rc::clone(name), of_any_type(item.clone())?)));
            Val::map(map.is_typed, members.collect::<Answer<_>>()?)
        }
        Val::Null | Val::Text(_) | Val::Handle(_) | Val::Open(_) => Ok(chosen),
    }
}

/// Whether two values are of one type as they stand, as far as they are known.
fn are_alike(one: &Val, other: &Val, budget: &Budget) -> Answer<bool> {
    budget.spend(1)?;
    let all = |mut pairs: Box<dyn Iterator<Item = (&Val, &Val)> + '_>| {
        pairs.try_fold(true, |all, (one, other)| Ok(all && are_alike(one, other, budget)?))
    };
    match (one, other) {
        (Val::Null | Val::Open(_) | Val::Handle(_), _)
        | (_, Val::Null | Val::Open(_) | Val::Handle(_))
        | (Val::Bool(_), Val::Bool(_))
        | (Val::Number(_), Val::Number(_))
        | (Val::Text(_), Val::Text(_)) => Ok(true),
        // Beside a set a list becomes one.
        (Val::List(one), Val::List(other))
            if (one.kind == ListKind::Set) != (other.kind == ListKind::Set) =>
        {
            Ok(false)
        }
        (Val::List(one), Val::List(other)) => {
            if one.kind == ListKind::Tuple
                && other.kind == ListKind::Tuple
                && one.items.len() == other.items.len()
            {
                return all(Box::new(one.items.iter().zip(&other.items)));
            }
            let Some(first) = one.items.first().or(other.items.first()) else { return Ok(true) };
            let items = one.items.iter().chain(&other.items);
            all(Box::new(items.map(move |item| (first, item))))
        }
        (Val::Map(one), Val::Map(other)) => {
            if one.members.keys().eq(other.members.keys()) {
                return all(Box::new(one.members.values().zip(other.members.values())));
            }
            let Some(first) = one.members.values().chain(other.members.values()).next() else {
                return Ok(true);
            };
            let items = one.members.values().chain(other.members.values());
            all(Box::new(items.map(move |item| (first, item))))
        }
        _ => Ok(false),
    }
}
