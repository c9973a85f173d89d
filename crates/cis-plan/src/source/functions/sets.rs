//! Functions of sets.

use super::collections::list;
use super::not_done;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::{set, text};
use crate::source::value::Val;

/// Names of these functions.
const NAMES: [&str; 4] = ["setintersection", "setsubtract", "setunion", "toset"];

impl Evaluator<'_> {
    /// A function of sets; none where it is none of these.
    pub(super) fn set_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        if !NAMES.contains(&name) {
            return Ok(None);
        }
        let value = match (name, all) {
            ("toset", [value]) => set(self.elements(list(value)?.items.clone())?)?,
            ("setunion" | "setintersection" | "setsubtract", [first, rest @ ..]) => {
                // Beside a text numbers become texts, and without one they have their own order.
                let lists = all.iter().map(list).collect::<Answer<Vec<_>>>()?;
                let items = || lists.iter().flat_map(|list| &list.items);
                let is_scalar = |item: &Val| {
                    matches!(item, Val::Text(_) | Val::Number(_) | Val::Bool(_) | Val::Open(_))
                };
                let has_text = items().any(|item| matches!(item, Val::Text(_)));
                if items().next().is_some() && !has_text || !items().all(is_scalar) {
                    return Ok(Some(not_done("a set of other values than strings")));
                }
                let texts = |value: &Val| {
                    list(value)?
                        .items
                        .iter()
                        .map(text)
                        .collect::<Answer<std::collections::BTreeSet<_>>>()
                };
                let mut known = texts(first)?;
                for other in rest {
                    let other = texts(other)?;
                    match name {
                        "setunion" => known.extend(other),
                        "setintersection" => known.retain(|item| other.contains(item)),
                        _ => known.retain(|item| !other.contains(item)),
                    }
                }
                set(known.into_iter().map(Val::Text).collect())?
            }
            _ => return Fault::wrong("wrong number of arguments"),
        };
        Ok(Some(value))
    }
}
