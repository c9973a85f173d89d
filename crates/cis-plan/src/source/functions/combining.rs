//! Functions that cut lists up or put them together.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/functions/setproduct>

use std::collections::BTreeSet;

use super::collections::list;
use super::not_done;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::{number, text};
use crate::source::value::{ListKind, Number, Val};

impl Evaluator<'_> {
    /// A function of several lists; none where it is none of these.
    pub(super) fn combining_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        let value = match (name, all) {
            ("setproduct", [_, _, ..]) => self.product(all)?,
            ("chunklist", [value, size]) => {
                let items = self.elements(list(value)?.items.clone())?;
                let size = match number(size)? {
                    Number::Whole(0) => items.len().max(1),
                    Number::Whole(size) => match usize::try_from(size) {
                        Ok(size) => size,
                        Err(_) => return Fault::wrong("a size is not negative"),
                    },
                    Number::Fraction(_) => return Fault::wrong("a whole number is needed"),
                };
                let chunks = items.chunks(size);
                let chunks = chunks.map(|chunk| Val::list(ListKind::List, chunk.to_vec()));
                Val::list(ListKind::List, chunks.collect::<Answer<_>>()?)?
            }
            ("matchkeys", [values, keys, sought]) => {
                let (values, keys) = (&list(values)?.items, &list(keys)?.items);
                if values.len() != keys.len() {
                    return Fault::wrong("the lists have different lengths");
                }
                let is_text = |item: &Val| matches!(item, Val::Text(_));
                let sought = &list(sought)?.items;
                if ![values, keys, sought].into_iter().flatten().all(is_text) {
                    return Ok(Some(not_done("`matchkeys` of other values than strings")));
                }
                let sought = sought.iter().map(text).collect::<Answer<BTreeSet<_>>>()?;
                let mut items = Vec::new();
                for (value, key) in values.iter().zip(keys) {
                    if sought.contains(&text(key)?) {
                        items.push(value.clone());
                    }
                }
                Val::list(ListKind::List, items)?
            }
            ("setproduct" | "chunklist" | "matchkeys", _) => {
                return Fault::wrong("wrong number of arguments");
            }
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    /// Every combination of one element of each list.
    fn product(&self, lists: &[Val]) -> Answer<Val> {
        let mut all = vec![Vec::new()];
        for one in lists {
            let one = list(one)?;
            if one.kind == ListKind::Set {
                return Ok(not_done("`setproduct` of sets"));
            }
            let items = self.elements(one.items.clone())?;
            self.budget.items(all.len().saturating_mul(items.len()))?;
            let with = |start: &Vec<Val>, item: &Val| {
                start.iter().chain([item]).cloned().collect::<Vec<_>>()
            };
            all = all.iter().flat_map(|start| items.iter().map(|item| with(start, item))).collect();
        }
        Val::list(ListKind::List, all.into_iter().map(Val::tuple).collect::<Answer<_>>()?)
    }
}
