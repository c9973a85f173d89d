//! Functions of numbers. What does not stay a whole number that is exact is not computed.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/functions/abs>

use super::collections::list;
use super::not_done;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::operators::exact;
use crate::source::types::number;
use crate::source::value::{Number, Val};

/// Names of these functions.
const NAMES: [&str; 9] = ["abs", "ceil", "floor", "max", "min", "parseint", "pow", "signum", "sum"];

impl Evaluator<'_> {
    /// A function of numbers; none where it is none of these.
    pub(super) fn number_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        if !NAMES.contains(&name) {
            return Ok(None);
        }
        let value = match (name, all) {
            ("abs" | "ceil" | "floor" | "signum", [value]) => match (name, number(value)?) {
                ("abs", Number::Whole(whole)) => exact(whole.checked_abs())?,
                ("abs", Number::Fraction(number)) => Val::Number(Number::Fraction(number.abs())),
                ("signum", Number::Whole(whole)) => exact(Some(whole.signum()))?,
                (_, Number::Whole(whole)) => exact(Some(whole))?,
                _ => not_done("a fraction"),
            },
            ("max" | "min", [first, ..]) => {
                let mut best = number(first)?;
                for other in all {
                    let other = number(other)?;
                    let (Number::Whole(_), Number::Whole(_)) = (best, other) else {
                        return Ok(Some(not_done("a fraction")));
                    };
                    if (name == "max") == (other > best) {
                        best = other;
                    }
                }
                Val::Number(best)
            }
            ("pow", [base, exponent]) => match (number(base)?, number(exponent)?) {
                (Number::Whole(base), Number::Whole(exponent)) => {
                    let power = u32::try_from(exponent).ok().and_then(|it| base.checked_pow(it));
                    // Terraform computes with floating point numbers here.
                    let is_exact = |power: &i64| power.unsigned_abs() < 1 << 53;
                    exact(power.filter(is_exact))?
                }
                _ => not_done("a fraction"),
            },
            ("sum", [value]) => {
                let items = &list(value)?.items;
                if items.is_empty() {
                    return Fault::wrong("the list has no element");
                }
                let mut sum = Some(0_i64);
                for item in items {
                    match number(item)? {
                        Number::Whole(whole) => sum = sum.and_then(|sum| sum.checked_add(whole)),
                        Number::Fraction(_) => return Ok(Some(not_done("a fraction"))),
                    }
                }
                exact(sum)?
            }
            ("parseint", [Val::Text(digits), base]) => {
                let Number::Whole(base) = number(base)? else {
                    return Fault::wrong("a base is a whole number");
                };
                match u32::try_from(base) {
                    Ok(base @ 2..=36) => match i64::from_str_radix(digits, base) {
                        Ok(whole) => exact(Some(whole))?,
                        Err(_) if digits.len() > 10 => not_done("a long number"),
                        Err(_) => return Fault::wrong(format!("`{digits}` is no number")),
                    },
                    _ => not_done("a base above 36"),
                }
            }
            ("parseint", [Val::Open(why), _]) => Val::Open(std::rc::Rc::clone(why)),
            ("parseint", [_, _]) => return Fault::wrong("a string is needed"),
            _ => return Fault::wrong("wrong number of arguments"),
        };
        Ok(Some(value))
    }
}
