//! Local values that need themselves. Terraform refuses them, used or not.
//!
//! Source: <https://developer.hashicorp.com/terraform/internals/graph>

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::expr::{Expression, ForExpr, Traversal, TraversalOperator};
use hcl_edit::visit::{Visit, visit_for_expr, visit_traversal};

use super::body::Attribute;
use crate::error::PlanError;

/// That no local value of a module needs itself.
pub(super) fn refuse(locals: &BTreeMap<String, Attribute>) -> Result<(), PlanError> {
    let mut needs: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut needed_by: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, attribute) in locals {
        let mut found = Locals { locals, found: BTreeSet::new() };
        found.visit_expr(&attribute.expression);
        for needed in &found.found {
            needed_by.entry(needed.clone()).or_default().push(name);
        }
        needs.insert(name, found.found);
    }
    // What needs nothing is worked out, then what needs only that, until the rest needs itself.
    let mut done: Vec<&str> =
        needs.iter().filter(|(_, needs)| needs.is_empty()).map(|(name, _)| *name).collect();
    while let Some(name) = done.pop() {
        needs.remove(name);
        for other in needed_by.get(name).into_iter().flatten() {
            if let Some(left) = needs.get_mut(other)
                && left.remove(name)
                && left.is_empty()
            {
                done.push(other);
            }
        }
    }
    // Of what is left, some only need what needs itself: going from need to need ends in a circle.
    let mut seen = BTreeSet::new();
    let mut at = needs.keys().next().copied();
    while let Some(name) = at {
        if !seen.insert(name) {
            let place = locals.get(name).map(|attribute| attribute.place.to_string());
            let what = format!("`local.{name}` depends on itself");
            return Err(PlanError::shape(place.unwrap_or_default(), what));
        }
        let next = needs.get(name).and_then(|needs| needs.first());
        at = next.and_then(|next| needs.get_key_value(next.as_str())).map(|(name, _)| *name);
    }
    Ok(())
}

/// The local values that an expression names.
struct Locals<'a> {
    locals: &'a BTreeMap<String, Attribute>,
    found: BTreeSet<String>,
}

impl Visit for Locals<'_> {
    fn visit_traversal(&mut self, of: &Traversal) {
        if let (Expression::Variable(root), Some(operator)) = (&of.expr, of.operators.first())
            && root.as_str() == "local"
        {
            let name = match operator.value() {
                TraversalOperator::GetAttr(name) => Some(name.as_str()),
                TraversalOperator::Index(Expression::String(name)) => Some(name.value().as_str()),
                _ => None,
            };
            let known = name.and_then(|name| self.locals.get_key_value(name));
            self.found.extend(known.map(|(name, _)| name.clone()));
        }
        visit_traversal(self, of);
    }

    fn visit_for_expr(&mut self, of: &ForExpr) {
        let names = [Some(&of.intro.value_var), of.intro.key_var.as_ref()];
        // There `local` is what the expression goes through.
        if names.into_iter().flatten().all(|name| name.as_str() != "local") {
            visit_for_expr(self, of);
        }
    }
}
