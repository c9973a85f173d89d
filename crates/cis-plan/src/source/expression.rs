//! Expressions.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/expressions>,
//! <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md>

use std::rc::Rc;

use hcl_edit::expr::{Conditional, Expression, ForExpr, ObjectKey, UnaryOperator};

use super::evaluator::{Evaluator, Names, Scope};
use super::fault::{Answer, Fault, or_open};
use super::operators::{exact, literal_number};
use super::types::{number, text, truth};
use super::unify;
use super::value::{Members, Number, Val};

impl Evaluator<'_> {
    /// The value of an expression.
    pub(super) fn value(&self, expression: &Expression, scope: &Scope<'_>) -> Answer<Val> {
        let _level = self.budget.deeper()?;
        or_open(self.value_of(expression, scope))
    }

    fn value_of(&self, expression: &Expression, scope: &Scope<'_>) -> Answer<Val> {
        match expression {
            Expression::Null(_) => Ok(Val::Null),
            Expression::Bool(value) => Ok(Val::Bool(*value.value())),
            Expression::Number(number) => Ok(literal_number(number.value())),
            Expression::String(text) => Ok(Val::text(text.value())),
            Expression::Array(array) => {
                self.budget.items(array.len())?;
                let items = array.iter().map(|item| self.value(item, scope));
                Val::tuple(items.collect::<Answer<_>>()?)
            }
            Expression::Object(object) => {
                self.budget.items(object.len())?;
                let mut members = Members::new();
                for (key, value) in object {
                    let name = match key {
                        ObjectKey::Ident(name) => Rc::from(name.as_str()),
                        // A key is a name, even this one.
                        ObjectKey::Expression(Expression::Null(_)) => Rc::from("null"),
                        ObjectKey::Expression(key) => text(&self.value(key, scope)?)?,
                    };
                    members.insert(name, self.value(value.expr(), scope)?);
                }
                Val::object(members)
            }
            Expression::StringTemplate(template) => self.template(template, scope),
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template, scope),
            Expression::Parenthesis(inner) => self.value(inner.inner(), scope),
            Expression::Variable(name) => self.reference(name.as_str(), &[], scope),
            Expression::Traversal(traversal) => match &traversal.expr {
                Expression::Variable(name) => {
                    self.reference(name.as_str(), &traversal.operators, scope)
                }
                other => {
                    let value = self.value(other, scope)?;
                    self.traverse(value, &traversal.operators, scope)
                }
            },
            Expression::Conditional(conditional) => self.conditional(conditional, scope),
            Expression::FuncCall(call) => self.call(call, scope),
            Expression::UnaryOp(operation) => {
                let value = self.value(&operation.expr, scope)?;
                match operation.operator.value() {
                    UnaryOperator::Not => Ok(Val::Bool(!truth(&value)?)),
                    UnaryOperator::Neg => match number(&value)? {
                        // Terraform writes the negative zero with its sign.
                        Number::Whole(0) => exact(None),
                        Number::Whole(whole) => exact(whole.checked_neg()),
                        Number::Fraction(fraction) => Ok(Val::Number(Number::Fraction(-fraction))),
                    },
                }
            }
            Expression::BinaryOp(operation) => {
                let operator = *operation.operator.value();
                self.operation(&operation.lhs_expr, operator, &operation.rhs_expr, scope)
            }
            Expression::ForExpr(of) => self.for_each(of, scope),
        }
    }

    /// A choice. Both branches have one type: so a number beside a text becomes one.
    fn conditional(&self, of: &Conditional, scope: &Scope<'_>) -> Answer<Val> {
        let both = |evaluator: &Self| {
            let other = |expression| match evaluator.value(expression, scope) {
                Err(fault @ Fault::Refused(_)) => Err(fault),
                Err(_) => Ok(None),
                Ok(value) => Ok(Some(value)),
            };
            Ok::<_, Fault>((other(&of.true_expr)?, other(&of.false_expr)?))
        };
        match truth(&self.value(&of.cond_expr, scope)?) {
            Ok(yes) => {
                let (chosen, other) = if yes {
                    (&of.true_expr, &of.false_expr)
                } else {
                    (&of.false_expr, &of.true_expr)
                };
                let chosen = self.value(chosen, scope)?;
                let other = match self.value(other, scope) {
                    Err(fault @ Fault::Refused(_)) => return Err(fault),
                    Err(_) => return Ok(chosen),
                    Ok(other) => other,
                };
                unify::beside(chosen, &other, &self.budget)
            }
            Err(Fault::Open(why)) => match both(self)? {
                (Some(one), Some(other)) if self.equal(&one, &other)? == Some(true) => Ok(one),
                _ => Ok(Val::Open(why)),
            },
            Err(fault) => Err(fault),
        }
    }

    fn for_each(&self, of: &ForExpr, scope: &Scope<'_>) -> Answer<Val> {
        let all = self.pairs(&self.value(&of.intro.collection_expr, scope)?)?;
        let key_name = of.intro.key_var.as_ref().map(|name| name.as_str());
        let mut items = Vec::new();
        let mut members: std::collections::BTreeMap<Rc<str>, Vec<Val>> =
            std::collections::BTreeMap::new();
        for (key, value) in all {
            let outer = Names { name: key_name.unwrap_or(""), value: key, next: scope.names };
            let names = Names {
                name: of.intro.value_var.as_str(),
                value,
                next: if key_name.is_some() { Some(&outer) } else { scope.names },
            };
            let scope = Scope { names: Some(&names), ..*scope };
            if let Some(condition) = &of.cond
                && !truth(&self.value(&condition.expr, &scope)?)?
            {
                continue;
            }
            match &of.key_expr {
                None => items.push(self.value(&of.value_expr, &scope)?),
                Some(key) => {
                    let key = text(&self.value(key, &scope)?)?;
                    let value = self.value(&of.value_expr, &scope)?;
                    let known = members.entry(Rc::clone(&key)).or_default();
                    if !known.is_empty() && !of.grouping {
                        return Fault::wrong(format!("two elements have the key `{key}`"));
                    }
                    known.push(value);
                }
            }
        }
        if of.key_expr.is_none() {
            return Val::tuple(items);
        }
        let members = members.into_iter().map(|(name, mut values)| {
            let value =
                if of.grouping { Val::tuple(values)? } else { values.pop().unwrap_or(Val::Null) };
            Ok((name, value))
        });
        Val::object(members.collect::<Answer<_>>()?)
    }
}
