//! Parts of values: members, elements, splats.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/expressions/references>,
//! <https://developer.hashicorp.com/terraform/language/expressions/splat>

use std::rc::Rc;

use hcl_edit::expr::TraversalOperator;

use super::evaluator::{Evaluator, Scope};
use super::fault::{Answer, Fault, or_open};
use super::types::{number, text};
use super::value::{ListKind, Number, Val};

type Operators<'a> = &'a [hcl_edit::Decorated<TraversalOperator>];

impl Evaluator<'_> {
    /// Keys and values of what can be gone through.
    pub(super) fn pairs(&self, value: &Val) -> Answer<Vec<(Val, Val)>> {
        match value {
            Val::List(list) => {
                self.budget.items(list.items.len())?;
                let is_set = list.kind == ListKind::Set;
                let key = |(position, item): (usize, &Val)| {
                    let key = if is_set { item.clone() } else { Val::whole(position) };
                    (key, item.clone())
                };
                Ok(list.items.iter().enumerate().map(key).collect())
            }
            Val::Map(map) => {
                self.budget.items(map.members.len())?;
                let all = map.members.iter();
                Ok(all.map(|(name, value)| (Val::Text(Rc::clone(name)), value.clone())).collect())
            }
            Val::Open(why) => Err(Fault::Open(Rc::clone(why))),
            Val::Handle(_) => Err(Fault::Open(super::value::why(
                "all attributes of a resource are not known",
                "name the attributes one by one",
            ))),
            other => Fault::wrong(format!("{} is no list or map", other.noun())),
        }
    }

    /// A value's part.
    pub(super) fn traverse(
        &self,
        mut value: Val,
        operators: Operators<'_>,
        scope: &Scope<'_>,
    ) -> Answer<Val> {
        let mut rest = operators;
        while let Some((operator, after)) = rest.split_first() {
            rest = after;
            if matches!(value, Val::Open(_)) {
                return Ok(value);
            }
            value = match operator.value() {
                TraversalOperator::GetAttr(name) => self.member(&value, name.as_str())?,
                TraversalOperator::LegacyIndex(index) => {
                    let index = usize::try_from(*index.value()).unwrap_or(usize::MAX);
                    self.index(&value, &Val::whole(index))?
                }
                TraversalOperator::Index(index) => {
                    let index = self.value(index, scope)?;
                    self.index(&value, &index)?
                }
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    let is_full = matches!(operator.value(), TraversalOperator::FullSplat(_));
                    let is_mine = |operator: &hcl_edit::Decorated<TraversalOperator>| {
                        is_full || matches!(operator.value(), TraversalOperator::GetAttr(_))
                    };
                    let end = rest.iter().position(|operator| !is_mine(operator));
                    let (mine, after) = rest.split_at(end.unwrap_or(rest.len()));
                    rest = after;
                    let items = match &value {
                        Val::Null => Vec::new(),
                        Val::List(list) => list.items.clone(),
                        one => vec![one.clone()],
                    };
                    self.budget.items(items.len())?;
                    let items = items.into_iter();
                    let items = items.map(|item| or_open(self.traverse(item, mine, scope)));
                    Val::tuple(items.collect::<Answer<_>>()?)?
                }
            };
        }
        Ok(value)
    }

    /// A member by name.
    pub(super) fn member(&self, value: &Val, name: &str) -> Answer<Val> {
        match value {
            Val::Map(map) => map
                .members
                .get(name)
                .cloned()
                .map_or_else(|| Fault::wrong(format!("there is no member `{name}`")), Ok),
            Val::Handle(handle) => self.attribute_of(handle, name),
            Val::Open(why) => Err(Fault::Open(Rc::clone(why))),
            other => Fault::wrong(format!("{} has no member `{name}`", other.noun())),
        }
    }

    /// An element or a member.
    pub(super) fn index(&self, value: &Val, index: &Val) -> Answer<Val> {
        match value {
            Val::List(list) if list.kind != ListKind::Set => match number(index)? {
                Number::Whole(at) => usize::try_from(at)
                    .ok()
                    .and_then(|at| list.items.get(at).cloned())
                    .map_or_else(|| Fault::wrong(format!("there is no element {at}")), Ok),
                Number::Fraction(_) => Fault::wrong("an element's position is a whole number"),
            },
            Val::List(_) => Fault::wrong("a set has no positions"),
            Val::Map(_) | Val::Handle(_) => self.member(value, &text(index)?),
            Val::Open(why) => Err(Fault::Open(Rc::clone(why))),
            other => Fault::wrong(format!("{} has no elements", other.noun())),
        }
    }
}
