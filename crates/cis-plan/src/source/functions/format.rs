//! `format` and `formatlist`.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/functions/format>

use std::rc::Rc;

use super::encoding::quoted;
use super::not_done;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::{number, text, truth};
use crate::source::value::{ListKind, Number, Val, why};

/// The widest field that is filled.
const WIDEST: usize = 1024;

/// A verb: `%-5s`.
struct Verb {
    is_left: bool,
    is_zero: bool,
    is_json: bool,
    width: usize,
    letter: char,
}

impl Evaluator<'_> {
    /// A function that formats; none where it is none of these.
    pub(super) fn format_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        match (name, all) {
            ("format", [pattern, values @ ..]) => {
                self.format(&text(pattern)?, values).map(Val::text).map(Some)
            }
            ("formatlist", [pattern, values @ ..]) => {
                self.format_list(&text(pattern)?, values).map(Some)
            }
            ("format" | "formatlist", []) => Fault::wrong("a pattern is needed"),
            _ => Ok(None),
        }
    }

    fn format_list(&self, pattern: &str, values: &[Val]) -> Answer<Val> {
        let mut length = None;
        for value in values {
            match value {
                Val::List(list) if length.is_none_or(|length| length == list.items.len()) => {
                    length = Some(list.items.len());
                }
                Val::List(_) => return Fault::wrong("the lists have different lengths"),
                Val::Open(why) => return Err(Fault::Open(Rc::clone(why))),
                Val::Bool(_) | Val::Number(_) | Val::Text(_) => {}
                Val::Null | Val::Map(_) | Val::Handle(_) => {
                    return Ok(not_done("`formatlist` of this value"));
                }
            }
        }
        let count = length.unwrap_or(1);
        self.budget.items(count)?;
        let one = |at: usize| {
            let values: Vec<Val> = values
                .iter()
                .map(|value| match value {
                    Val::List(list) => list.items.get(at).cloned().unwrap_or(Val::Null),
                    other => other.clone(),
                })
                .collect();
            match self.format(pattern, &values) {
                Err(Fault::Open(why)) => Ok(Val::Open(why)),
                answer => answer.map(Val::text),
            }
        };
        Val::list(ListKind::List, (0..count).map(one).collect::<Answer<_>>()?)
    }

    /// A pattern's text, with the verbs `%s`, `%d`, `%t`, `%v`, `%q`, `%x`, `%X`, `%o`, `%b`, `%#v`
    /// and `%%`, a width, and `0` or `-` before it.
    fn format(&self, pattern: &str, values: &[Val]) -> Answer<String> {
        let mut all = String::new();
        let mut values = values.iter();
        let mut rest = pattern;
        while let Some(at) = rest.find('%') {
            let (before, after) = rest.split_at(at);
            all.push_str(before);
            let after = after.get(1..).unwrap_or_default();
            if let Some(after) = after.strip_prefix('%') {
                all.push('%');
                rest = after;
                continue;
            }
            let (verb, after) = verb(after)?;
            rest = after;
            let Some(value) = values.next() else {
                return Fault::wrong("there are fewer values than verbs");
            };
            self.formatted(&verb, value, &mut all)?;
            self.budget.text(all.len())?;
        }
        all.push_str(rest);
        if values.next().is_some() {
            return Fault::wrong("there are more values than verbs");
        }
        self.budget.text(all.len())?;
        Ok(all)
    }

    fn formatted(&self, verb: &Verb, value: &Val, all: &mut String) -> Answer<()> {
        if let Val::Null = value {
            return open("`format` of null");
        }
        let mut written = String::new();
        match verb.letter {
            'd' | 'x' | 'X' | 'o' | 'b' => {
                let whole = match number(value)? {
                    Number::Whole(whole) => whole,
                    Number::Fraction(_) => return open("a whole number in place of a fraction"),
                };
                let size = whole.unsigned_abs();
                if whole < 0 {
                    written.push('-');
                }
                written += &match verb.letter {
                    'd' => size.to_string(),
                    'x' => format!("{size:x}"),
                    'X' => format!("{size:X}"),
                    'o' => format!("{size:o}"),
                    _ => format!("{size:b}"),
                };
            }
            't' => written += &truth(value)?.to_string(),
            'q' => quoted(&text(value)?, &mut written),
            'v' if verb.is_json => self.json(value, &mut written)?,
            'v' => match value {
                Val::List(_) | Val::Map(_) => self.json(value, &mut written)?,
                value => written += &text(value)?,
            },
            _ => written += &text(value)?,
        }
        let missing = verb.width.saturating_sub(written.len());
        if missing == 0 {
            all.push_str(&written);
        } else if !written.is_ascii() || verb.is_left && verb.is_zero {
            return open("a field of this width");
        } else if verb.is_left {
            all.push_str(&written);
            all.push_str(&" ".repeat(missing));
        } else if verb.is_zero {
            let is_number = verb.letter == 'd';
            let (sign, digits) = match written.strip_prefix('-') {
                Some(digits) if is_number => ("-", digits),
                _ if is_number => ("", written.as_str()),
                _ => return open("a field that is filled with zeros"),
            };
            all.push_str(sign);
            all.push_str(&"0".repeat(missing));
            all.push_str(digits);
        } else {
            all.push_str(&" ".repeat(missing));
            all.push_str(&written);
        }
        Ok(())
    }
}

/// The verb that a text starts with, and what stands behind it.
fn verb(text: &str) -> Answer<(Verb, &str)> {
    let flags = text.trim_start_matches(['-', '0', '#']);
    let flags = text.get(..text.len() - flags.len()).unwrap_or_default();
    let rest = text.get(flags.len()..).unwrap_or_default();
    let letter = rest.trim_start_matches(|character: char| character.is_ascii_digit());
    let width = rest.get(..rest.len() - letter.len()).unwrap_or_default();
    let width = if width.is_empty() { Some(0) } else { width.parse().ok() };
    let width = width.filter(|width| *width <= WIDEST);
    let mut characters = letter.chars();
    let is_json = flags.contains('#');
    match (width, characters.next()) {
        (Some(width), Some(letter @ ('s' | 'd' | 't' | 'v' | 'q' | 'x' | 'X' | 'o' | 'b')))
            if !is_json || letter == 'v' =>
        {
            let verb = Verb {
                is_left: flags.contains('-'),
                is_zero: flags.contains('0'),
                is_json,
                width,
                letter,
            };
            Ok((verb, characters.as_str()))
        }
        _ => open("a verb of `format`"),
    }
}

fn open<T>(what: &str) -> Answer<T> {
    Err(Fault::Open(why(
        format!("{what} is not evaluated here"),
        "write the value out, or audit a plan",
    )))
}
