//! Expressions and templates.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/expressions>,
//! <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md>

use std::rc::Rc;

use hcl_edit::expr::{
    BinaryOperator, Conditional, Expression, ForExpr, ObjectKey, TraversalOperator, UnaryOperator,
};
use hcl_edit::template::{Directive, Element, Strip, Template};

use super::evaluator::{Evaluator, Names, Scope};
use super::fault::{Answer, Fault, or_open};
use super::types::{number, text, truth};
use super::unify;
use super::value::{ListKind, Members, Number, Val};

type Operators<'a> = &'a [hcl_edit::Decorated<TraversalOperator>];

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

    fn operation(
        &self,
        left: &Expression,
        operator: BinaryOperator,
        right: &Expression,
        scope: &Scope<'_>,
    ) -> Answer<Val> {
        use BinaryOperator::{
            And, Div, Eq, Greater, GreaterEq, Less, LessEq, Minus, Mod, Mul, NotEq, Or, Plus,
        };
        let left = self.value(left, scope)?;
        if let And | Or = operator {
            // One side may decide, whatever the other is.
            let decides = operator == Or;
            let left = truth(&left);
            if matches!(left, Ok(value) if value == decides) {
                return Ok(Val::Bool(decides));
            }
            let right = truth(&self.value(right, scope)?);
            return match (left, right) {
                (Err(Fault::Open(_)), Ok(right)) if right == decides => Ok(Val::Bool(decides)),
                (Err(fault), _) | (_, Err(fault)) => Err(fault),
                (Ok(_), Ok(right)) => Ok(Val::Bool(right)),
            };
        }
        let right = self.value(right, scope)?;
        if let Eq | NotEq = operator {
            return Ok(match self.equal(&left, &right)? {
                Some(equal) => Val::Bool(equal == (operator == Eq)),
                None => not_compared(&left, &right),
            });
        }
        let (left, right) = (number(&left)?, number(&right)?);
        let compared = |order: fn(&Number, &Number) -> bool| {
            let as_float = |number: Number| match number {
                Number::Whole(whole) => whole.to_string().parse().map(Number::Fraction),
                fraction => Ok(fraction),
            };
            match (left, right) {
                (Number::Whole(_), Number::Whole(_)) => Ok(Val::Bool(order(&left, &right))),
                _ => match (as_float(left), as_float(right)) {
                    (Ok(left), Ok(right)) => Ok(Val::Bool(order(&left, &right))),
                    _ => Ok(inexact()),
                },
            }
        };
        match operator {
            Less => return compared(Number::lt),
            LessEq => return compared(Number::le),
            Greater => return compared(Number::gt),
            GreaterEq => return compared(Number::ge),
            _ => {}
        }
        let (Number::Whole(left), Number::Whole(right)) = (left, right) else {
            return Ok(inexact());
        };
        match operator {
            Plus => exact(left.checked_add(right)),
            Minus => exact(left.checked_sub(right)),
            Mul => exact(left.checked_mul(right)),
            Div | Mod if right == 0 => Fault::wrong("a number is divided by zero"),
            Mod => exact(left.checked_rem(right)),
            Div if left.checked_rem(right) == Some(0) => exact(left.checked_div(right)),
            _ => Ok(inexact()),
        }
    }

    /// Whether two values are equal, as far as that is known.
    pub(super) fn equal(&self, one: &Val, other: &Val) -> Answer<Option<bool>> {
        self.budget.spend(1)?;
        Ok(match (one, other) {
            (Val::Open(_) | Val::Handle(_), _) | (_, Val::Open(_) | Val::Handle(_)) => None,
            (Val::Null, Val::Null) => Some(true),
            (Val::Bool(one), Val::Bool(other)) => Some(one == other),
            (Val::Number(one), Val::Number(other)) => match (one, other) {
                (Number::Whole(one), Number::Whole(other)) => Some(one == other),
                _ => Some(one == other),
            },
            (Val::Text(one), Val::Text(other)) => Some(one == other),
            (Val::List(one), Val::List(other)) => {
                if one.items.len() != other.items.len() {
                    return Ok(Some(false));
                }
                self.differ(one.items.iter().zip(&other.items))?
            }
            (Val::Map(one), Val::Map(other)) => {
                if !one.members.keys().eq(other.members.keys()) {
                    return Ok(Some(false));
                }
                self.differ(one.members.values().zip(other.members.values()))?
            }
            // Values of different types are not equal.
            _ => Some(false),
        })
    }

    /// Whether some of these differ. That none does is not enough: a list is no tuple, and a list
    /// of texts no list of numbers, and Terraform compares the types too.
    fn differ<'v>(&self, pairs: impl Iterator<Item = (&'v Val, &'v Val)>) -> Answer<Option<bool>> {
        for (one, other) in pairs {
            if self.equal(one, other)? == Some(false) {
                return Ok(Some(false));
            }
        }
        Ok(None)
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

    /// A template; one that is a single expression has its value.
    pub(super) fn template(&self, template: &Template, scope: &Scope<'_>) -> Answer<Val> {
        let elements: Vec<&Element> = template.iter().collect();
        if let [Element::Interpolation(only)] = elements.as_slice() {
            return self.value(&only.expr, scope);
        }
        let mut all = String::new();
        self.write(&mut all, &elements, (false, false), scope)?;
        Ok(Val::text(all))
    }

    /// Writes a template's elements, of which the first or the last may have to lose white space.
    fn write(
        &self,
        all: &mut String,
        elements: &[&Element],
        outer: (bool, bool),
        scope: &Scope<'_>,
    ) -> Answer<()> {
        for (position, element) in elements.iter().enumerate() {
            let before = position.checked_sub(1).and_then(|at| elements.get(at));
            let strip_start = before.map_or(outer.0, |element| strips(element).1);
            let strip_end = elements.get(position + 1).map_or(outer.1, |after| strips(after).0);
            match element {
                Element::Literal(literal) => {
                    all.push_str(stripped(literal, strip_start, strip_end));
                }
                Element::Interpolation(interpolation) => {
                    let value = self.value(&interpolation.expr, scope)?;
                    all.push_str(&text(&value)?);
                }
                Element::Directive(directive) => self.directive(all, directive, scope)?,
            }
            self.budget.text(all.len())?;
        }
        Ok(())
    }

    fn directive(&self, all: &mut String, directive: &Directive, scope: &Scope<'_>) -> Answer<()> {
        let _level = self.budget.deeper()?;
        match directive {
            Directive::If(of) => {
                let end = of.endif_expr.strip;
                let (template, outer) =
                    match (truth(&self.value(&of.if_expr.cond_expr, scope)?)?, &of.else_expr) {
                        (true, Some(other)) => (
                            &of.if_expr.template,
                            (of.if_expr.strip.strip_end(), other.strip.strip_start()),
                        ),
                        (true, None) => (
                            &of.if_expr.template,
                            (of.if_expr.strip.strip_end(), end.strip_start()),
                        ),
                        (false, Some(other)) => {
                            (&other.template, (other.strip.strip_end(), end.strip_start()))
                        }
                        (false, None) => return Ok(()),
                    };
                let elements: Vec<&Element> = template.iter().collect();
                self.write(all, &elements, outer, scope)
            }
            Directive::For(of) => {
                let intro = &of.for_expr;
                let elements: Vec<&Element> = intro.template.iter().collect();
                let outer = (intro.strip.strip_end(), of.endfor_expr.strip.strip_start());
                let key_name = intro.key_var.as_ref().map(|name| name.as_str());
                for (key, value) in self.pairs(&self.value(&intro.collection_expr, scope)?)? {
                    let key = Names { name: key_name.unwrap_or(""), value: key, next: scope.names };
                    let names = Names {
                        name: intro.value_var.as_str(),
                        value,
                        next: if key_name.is_some() { Some(&key) } else { scope.names },
                    };
                    self.write(all, &elements, outer, &Scope { names: Some(&names), ..*scope })?;
                }
                Ok(())
            }
        }
    }
}

/// Whether an element takes the white space before and behind it.
fn strips(element: &Element) -> (bool, bool) {
    let of = |start: Strip, end: Strip| (start.strip_start(), end.strip_end());
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(of_value) => of(of_value.strip, of_value.strip),
        Element::Directive(directive) => match directive.as_ref() {
            Directive::If(of_if) => of(of_if.if_expr.strip, of_if.endif_expr.strip),
            Directive::For(of_for) => of(of_for.for_expr.strip, of_for.endfor_expr.strip),
        },
    }
}

/// A literal without white space at an end: within the line, and that line's end.
fn stripped(mut literal: &str, start: bool, end: bool) -> &str {
    if start {
        let line = literal.find('\n').map_or(literal.len(), |end| end + 1);
        let (first, _) = literal.split_at(line);
        let lost = first.len() - first.trim_start().len();
        literal = literal.get(lost..).unwrap_or_default();
    }
    if end {
        let body = literal.strip_suffix('\n').unwrap_or(literal);
        let line = body.rfind('\n').map_or(0, |at| at + 1);
        let last = literal.get(line..).unwrap_or_default();
        literal = literal.get(..line + last.trim_end().len()).unwrap_or_default();
    }
    literal
}

fn literal_number(number: &hcl_edit::Number) -> Val {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => Val::Number(Number::Whole(whole)),
        (None, Some(float)) if !number.is_u64() && float.to_string().len() <= 15 => {
            Val::Number(Number::Fraction(float))
        }
        _ => inexact(),
    }
}

fn inexact() -> Val {
    Val::open("a number is not computed exactly here", "write the number out")
}

fn exact(number: Option<i64>) -> Answer<Val> {
    Ok(number.map_or_else(inexact, |whole| Val::Number(Number::Whole(whole))))
}

fn not_compared(left: &Val, right: &Val) -> Val {
    match (left, right) {
        (Val::Open(why), _) | (_, Val::Open(why)) => Val::Open(Rc::clone(why)),
        _ => Val::open(
            "whether two lists or maps are equal is not known here",
            "compare their elements",
        ),
    }
}
