//! Operators, and whether values are equal.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/operators>

use std::rc::Rc;

use hcl_edit::expr::{BinaryOperator, Expression};

use super::evaluator::{Evaluator, Scope};
use super::fault::{Answer, Fault};
use super::types::{number, truth};
use super::value::{Number, Val};

impl Evaluator<'_> {
    pub(super) fn operation(
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
            Div if right == 0 => Fault::wrong("a number is divided by zero"),
            Mod if right == 0 => Ok(inexact()),
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
}

pub(super) fn literal_number(number: &hcl_edit::Number) -> Val {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => Val::Number(Number::Whole(whole)),
        (None, Some(float)) if !number.is_u64() && float.to_string().len() <= 15 => {
            Number::of_float(float).map_or_else(inexact, Val::Number)
        }
        _ => inexact(),
    }
}

fn inexact() -> Val {
    Val::open("a number is not computed exactly here", "write the number out")
}

pub(super) fn exact(number: Option<i64>) -> Answer<Val> {
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
